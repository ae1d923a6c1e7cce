//! The checks of a parameter as code.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use crate::plan::Check;

/// Returns a call per check, each of which takes `value` and returns it unless the check fails.
pub fn calls(checks: &[Check], name: &str) -> Vec<TokenStream> {
    let call = |check: &Check| match check {
        Check::Range(min, max) => {
            let range = range(*min, *max, Literal::i64_unsuffixed);
            quote!(values::in_range(#name, value, #range))
        }
        Check::OneOf(allowed) => quote!(values::one_of(#name, value, &[#(#allowed),*])),
        Check::Length(min, max) => {
            let range = range(Some(*min), *max, Literal::u64_unsuffixed);
            quote!(values::length(#name, value, #range))
        }
        Check::Segment => quote!(values::segment(#name, value)),
        Check::Header => quote!(values::header(#name, value)),
        Check::Commas => quote!(values::comma_list(#name, value)),
        Check::Count(min, max) => {
            let range = range(Some(*min), *max, Literal::u64_unsuffixed);
            quote!(values::count(#name, value, #range))
        }
        Check::Items(checks) => {
            let calls = calls(checks, name);
            quote!(values::each(value, |value| Ok(value) #(.and_then(|value| #calls))*))
        }
    };
    checks.iter().map(call).collect()
}

/// Returns a range that includes its ends.
fn range<T>(min: Option<T>, max: Option<T>, literal: fn(T) -> Literal) -> TokenStream {
    let min = min.map(literal).map(ToTokens::into_token_stream);
    match max.map(literal) {
        Some(max) => quote!(#min..=#max),
        None => quote!(#min..),
    }
}
