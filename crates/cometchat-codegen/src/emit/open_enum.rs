//! Open enums: a variant for each known value, and one for what the service may send tomorrow.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::document::naming::{type_name, unique_type};
use crate::plan::OpenEnum;

/// The type of a string schema with `x-extensible-enum`.
pub fn tokens(item: &OpenEnum) -> TokenStream {
    let name = format_ident!("{}", item.name);
    let description = &item.description;
    let values: Vec<_> = item.values.iter().map(|(value, _)| value).collect();
    let descriptions: Vec<_> = item.values.iter().map(|(_, said)| said).collect();
    let mut taken = BTreeSet::from(["Unknown".to_owned()]);
    let variants: Vec<_> = values
        .iter()
        .map(|value| format_ident!("{}", unique_type(&type_name(value), &mut taken)))
        .collect();
    quote! {
        #[doc = #description]
        #[doc = ""]
        #[doc = "An open enum: a value that is not known here is `Unknown`, and is sent as it came. Two values are equal if their texts are."]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #descriptions] #variants,)*
            /// A value that was not known when this code was generated. Read it with `as_str`.
            Unknown(crate::values::UnknownValue),
        }
        impl #name {
            /// The known values.
            pub const KNOWN: &'static [Self] = &[#(Self::#variants),*];
            /// The value as it is on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }
            /// The variant of a known value.
            fn known(value: &str) -> ::std::option::Option<Self> {
                match value {
                    #(#values => ::std::option::Option::Some(Self::#variants),)*
                    _ => ::std::option::Option::None,
                }
            }
        }
        crate::values::open_enum!(#name);
    }
}
