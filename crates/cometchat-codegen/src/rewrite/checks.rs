//! The checks of a request as code, and as words for those that are made elsewhere.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::ir::Check;

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
            quote!(crate::values::count(#name, #value.iter(), #min, #max)?;)
        }
        Check::Unique => quote!(crate::values::unique(#name, #value.iter())?;),
        Check::Items(checks) => {
            let checks = tokens(checks, name, &quote!(item));
            quote!(for item in #value.iter() { #(#checks)* })
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
