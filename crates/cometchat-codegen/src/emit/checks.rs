//! The checks of a request as code, and as words for those that are made elsewhere.

use std::ops::Bound;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::ItemStruct;

use crate::document::naming::property_field;
use crate::document::spec::entries;
use crate::emit::structs::is_option;
use crate::plan::{Check, Nested, Plan, nested};

/// The checks of a value as statements that end with `?`; `value` is an expression of a reference to it.
pub fn tokens(checks: &[Check], name: &str, value: &TokenStream) -> Vec<TokenStream> {
    let call = |check: &Check| match check {
        Check::Range(min, max) => {
            let (min, max) = (bound(min), bound(max));
            quote!(crate::values::in_range(#name, #value, #min, #max)?;)
        }
        Check::Number(min, max) => {
            let (min, max) = (number_bound(min), number_bound(max));
            quote!(crate::values::in_number_range(#name, #value, #min, #max)?;)
        }
        Check::OneOf(values) => quote!(crate::values::one_of(#name, #value, &[#(#values),*])?;),
        Check::Length(min, max) => {
            let max = bound(max);
            quote!(crate::values::length(#name, #value, #min, #max)?;)
        }
        Check::Characters(pairs, pattern) => {
            let pairs = pairs.iter().map(|(first, last)| quote!((#first, #last)));
            quote!(crate::values::characters(#name, #value, &[#(#pairs),*], #pattern)?;)
        }
        Check::Segment => quote!(crate::values::segment(#name, #value)?;),
        Check::Count(min, max) => {
            let max = bound(max);
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

fn bound(bound: &Option<impl ToTokens>) -> TokenStream {
    match bound {
        Some(bound) => quote!(::std::option::Option::Some(#bound)),
        None => quote!(::std::option::Option::None),
    }
}

fn number_bound(bound: &Bound<f64>) -> TokenStream {
    match bound {
        Bound::Included(bound) => quote!(::std::ops::Bound::Included(#bound)),
        Bound::Excluded(bound) => quote!(::std::ops::Bound::Excluded(#bound)),
        Bound::Unbounded => quote!(::std::ops::Bound::Unbounded),
    }
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

/// The method that checks a value of a request body's type; nothing for another type.
pub fn of_struct(plan: &Plan<'_>, item: &ItemStruct, schema: &Value) -> Option<TokenStream> {
    let ident = &item.ident;
    let checks = entries(&schema["properties"]).filter_map(|(name, property)| {
        let checks = of_value(plan, property, name, &format!("{name}.{{error}}"));
        let ident = format_ident!("{}", property_field(name, property));
        let mut fields = item.fields.iter();
        let field = fields.find(|field| field.ident.as_ref() == Some(&ident))?;
        (!checks.is_empty()).then(|| match is_option(field) {
            true => {
                quote!(if let ::std::option::Option::Some(value) = &self.#ident { #(#checks)* })
            }
            false => quote!({ let value = &self.#ident; #(#checks)* }),
        })
    });
    plan.sent.contains(&ident.to_string()).then(|| {
        quote! {
            impl #ident {
                /// Checks what the spec holds a request to.
                pub(crate) fn check(&self) -> ::std::result::Result<(), ::std::string::String> {
                    #(#checks)*
                    Ok(())
                }
            }
        }
    })
}

/// The checks of `value`, which is of that schema, and of the values that it holds.
pub fn of_value(plan: &Plan<'_>, schema: &Value, name: &str, error: &str) -> Vec<TokenStream> {
    let mut checks = tokens(&Check::of(plan.spec, schema), name, &quote!(value));
    let items = match nested(plan.spec, schema).map(|(_, nested)| nested) {
        None => return checks,
        Some(Nested::One) => {
            checks.push(quote!(value.check().map_err(|error| format!(#error))?;));
            return checks;
        }
        Some(Nested::List) => quote!(iter),
        Some(Nested::Map) => quote!(values),
    };
    checks.push(quote! {
        for item in value.#items() {
            item.check().map_err(|error| format!(#error))?;
        }
    });
    checks
}
