//! The checks of a request as code, and as words for those that are made elsewhere.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::ItemStruct;

use crate::ir::{Body, Check, Nested, Plan, nested};
use crate::rewrite::structs::is_option;

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

/// The method that checks a value of a request body's type; nothing for another type.
pub fn of_struct(plan: &Plan<'_>, item: &ItemStruct) -> Option<TokenStream> {
    let ident = &item.ident;
    let fields = plan.checked.get(&ident.to_string())?;
    let checks = item.fields.iter().filter_map(|field| {
        let ident = field.ident.as_ref()?;
        let checked = fields.iter().find(|checked| ident == &checked.field)?;
        let name = &checked.name;
        let mut checks = tokens(&checked.checks, name, &quote!(value));
        checks.extend(
            checked
                .nested
                .map(|held| each(held, &format!("{name}.{{error}}"))),
        );
        Some(if is_option(field) {
            quote!(if let ::std::option::Option::Some(value) = &self.#ident { #(#checks)* })
        } else {
            quote!({ let value = &self.#ident; #(#checks)* })
        })
    });
    Some(quote! {
        impl #ident {
            /// Checks what the spec holds a request to.
            pub(crate) fn check(&self) -> ::std::result::Result<(), ::std::string::String> {
                #(#checks)*
                Ok(())
            }
        }
    })
}

/// The checks of a body before it is sent; nothing where it has none.
pub fn of_body(plan: &Plan<'_>, body: &Body) -> Vec<TokenStream> {
    let mut checks = tokens(&Check::of(plan.spec, &body.schema), "body", &quote!(&body));
    if let Some((name, held)) = nested(plan.spec, &body.schema)
        && plan.checked.contains_key(name)
    {
        let each = each(held, "{error}");
        checks.push(quote!({ let value = &body; #each }));
    }
    checks
}

/// Calls the checks of the values that `value` holds.
fn each(held: Nested, error: &str) -> TokenStream {
    let items = match held {
        Nested::One => return quote!(value.check().map_err(|error| format!(#error))?;),
        Nested::List => quote!(iter),
        Nested::Map => quote!(values),
    };
    quote! {
        for item in value.#items() {
            item.check().map_err(|error| format!(#error))?;
        }
    }
}
