//! Strings that stand for one segment of a path, checked before they are sent.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::plan::Segment;

/// The type of a string schema of a path parameter.
pub fn tokens(item: &Segment) -> TokenStream {
    let name = format_ident!("{}", item.name);
    let Segment {
        description,
        min,
        max,
        ..
    } = item;
    let (min, max) = (*min as usize, max.map_or(usize::MAX, |max| max as usize));
    quote! {
        #[doc = #description]
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #name(::std::string::String);
        impl #name {
            /// The least number of characters.
            pub const MIN_CHARS: usize = #min;
            /// The largest number of characters.
            pub const MAX_CHARS: usize = #max;
        }
        crate::values::path_segment!(#name);
    }
}
