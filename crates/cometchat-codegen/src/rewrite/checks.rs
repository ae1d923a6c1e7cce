//! The checks of a request as code, and as words for those that are made elsewhere.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::{File, Item, ItemStruct};

use crate::error::Error;
use crate::generate::unexpected;
use crate::ir::{Body, Check, Nested, Plan, nested};
use crate::rewrite::types::module;
use crate::spec::Spec;

/// The checks of a value as statements that end with `?`; `value` is an expression of a reference to it.
pub fn tokens(checks: &[Check], name: &str, value: &TokenStream) -> Vec<TokenStream> {
    let bound = |bound: Option<TokenStream>| match bound {
        Some(bound) => quote!(::std::option::Option::Some(#bound)),
        None => quote!(::std::option::Option::None),
    };
    let call = |check: &Check| match check {
        Check::Range(min, max) => {
            let (min, max) = (min.map(|min| quote!(#min)), max.map(|max| quote!(#max)));
            let (min, max) = (bound(min), bound(max));
            quote!(crate::values::in_range(#name, #value, #min, #max)?;)
        }
        Check::Number(min, max) => {
            let (min, max) = (min.map(|min| quote!(#min)), max.map(|max| quote!(#max)));
            let (min, max) = (bound(min), bound(max));
            quote!(crate::values::in_number_range(#name, #value, #min, #max)?;)
        }
        Check::OneOf(values) => quote!(crate::values::one_of(#name, #value, &[#(#values),*])?;),
        Check::Length(min, max) => {
            let max = bound(max.map(|max| quote!(#max)));
            quote!(crate::values::length(#name, #value, #min, #max)?;)
        }
        Check::Characters(pairs, pattern) => {
            let pairs = pairs.iter().map(|(first, last)| quote!((#first, #last)));
            quote!(crate::values::characters(#name, #value, &[#(#pairs),*], #pattern)?;)
        }
        Check::Segment => quote!(crate::values::segment(#name, #value)?;),
        Check::Count(min, max) => {
            let max = bound(max.map(|max| quote!(#max)));
            quote!(crate::values::count(#name, (#value).iter(), #min, #max)?;)
        }
        Check::Unique => quote!(crate::values::unique(#name, (#value).iter())?;),
        Check::Items(checks) => {
            let checks = tokens(checks, name, &quote!(item));
            quote!(for item in (#value).iter() { #(#checks)* })
        }
    };
    checks.iter().map(call).collect()
}

/// The docs of a value that is sent, with the pattern where it is not checked before.
pub fn documented(description: &str, checks: &[Check], schema: &Value) -> String {
    let mut docs = description.trim_end().to_owned();
    if let Some(pattern) = schema["pattern"].as_str()
        && !checks
            .iter()
            .any(|check| matches!(check, Check::Characters(..) | Check::Segment))
    {
        if !docs.is_empty() {
            docs.push_str("\n\n");
        }
        docs.push_str(&format!(
            "The service wants a value that matches `{pattern}`, which is not checked before it is sent."
        ));
    }
    docs
}

/// Gives the types of request bodies a method that checks them.
pub fn append(file: &mut File, plan: &Plan) -> Result<(), Error> {
    let types = module(file, "types").ok_or_else(|| unexpected("pub mod types"))?;
    let mut added: Vec<Item> = Vec::new();
    for (name, fields) in &plan.checked {
        let found = types.iter().find_map(|item| match item {
            Item::Struct(item) if item.ident == name => Some(item),
            _ => None,
        });
        let item = found.ok_or_else(|| unexpected(name))?;
        let checks = fields.iter().map(|field| {
            let ident = format_ident!("{}", field.field);
            let name = &field.name;
            let mut checks = tokens(&field.checks, name, &quote!(value));
            let nested = format!("{name}.{{error}}");
            checks.extend(field.nested.map(|held| each(held, &nested)));
            if is_option(item, &field.field) {
                quote!(if let ::std::option::Option::Some(value) = &self.#ident { #(#checks)* })
            } else {
                quote!({ let value = &self.#ident; #(#checks)* })
            }
        });
        let ident = &item.ident;
        let method = quote! {
            impl #ident {
                /// Checks what the spec holds a request to.
                pub(crate) fn check(&self) -> ::std::result::Result<(), ::std::string::String> {
                    #(#checks)*
                    Ok(())
                }
            }
        };
        added.push(syn::parse2(method).map_err(|_| unexpected(name))?);
    }
    types.extend(added);
    Ok(())
}

/// The checks of a body before it is sent; nothing where it has none.
pub fn of_body(spec: &Spec, plan: &Plan, body: &Body) -> Vec<TokenStream> {
    let mut checks = tokens(&Check::of(spec, &body.schema), "body", &quote!(&body));
    if let Some((name, held)) = nested(spec, &body.schema)
        && plan.checked.contains_key(name)
    {
        let each = each(held, "{error}");
        checks.push(quote!({ let value = &body; #each }));
    }
    checks
}

/// Calls the checks of the values that `value` holds.
fn each(held: Nested, error: &str) -> TokenStream {
    match held {
        Nested::One => quote!(value.check().map_err(|error| format!(#error))?;),
        Nested::List => {
            quote!(for item in value.iter() {
                item.check().map_err(|error| format!(#error))?;
            })
        }
        Nested::Map => {
            quote!(for item in value.values() {
                item.check().map_err(|error| format!(#error))?;
            })
        }
    }
}

fn is_option(item: &ItemStruct, name: &str) -> bool {
    let mut fields = item.fields.iter();
    fields
        .find(|field| field.ident.as_ref().is_some_and(|ident| ident == name))
        .is_some_and(|field| {
            field
                .ty
                .to_token_stream()
                .to_string()
                .starts_with(":: std :: option")
        })
}
