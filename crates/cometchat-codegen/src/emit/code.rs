//! Small pieces of generated code.

use quote::ToTokens;
use syn::{Attribute, parse_quote};

/// Whether an identifier stands in some code.
pub(super) fn mentions(code: &impl ToTokens, name: &str) -> bool {
    code.to_token_stream().to_string().contains(name)
}

/// `JsonSchema` by derive, behind the feature.
pub(super) fn json_schema() -> Attribute {
    parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))])
}
