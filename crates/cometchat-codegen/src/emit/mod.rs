//! From progenitor's syntax tree to ours.

mod checks;

mod lists;
mod open_enum;
mod operations;
mod path_param;
mod prepare;
mod request;
mod server;
mod setters;
mod structs;
mod tables;
mod types;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{File, Item, parse_quote};

use crate::plan::Plan;

/// The client of a plan: the types and the client's struct that progenitor emitted, rewritten, and the rest from the plan.
pub(crate) fn tokens(emitted: File, plan: &Plan<'_>) -> TokenStream {
    let mut kept = Vec::new();
    let mut builders = Default::default();
    for item in emitted.items {
        match item {
            Item::Mod(mut item) if item.ident == "types" => {
                let (_, items) = item.content.take().unwrap_or_default();
                builders = types::builders(&items);
                let content = types::tokens(items, plan, &builders);
                let (attrs, allow) = (&item.attrs, deprecated(&content));
                kept.push(quote!(#(#attrs)* #allow pub mod types { #content }));
            }
            Item::Struct(mut item) => {
                item.attrs
                    .retain(|attribute| !attribute.path().is_ident("derive"));
                item.attrs.push(parse_quote!(#[derive(Clone)]));
                for field in &mut item.fields {
                    field.vis = parse_quote!(pub(crate));
                }
                kept.push(item.into_token_stream());
            }
            // The constructors, whose HTTP client would follow redirects.
            Item::Impl(item) if item.trait_.is_none() => {}
            Item::Use(_) | Item::Mod(_) => {}
            other => kept.push(other.into_token_stream()),
        }
    }
    let operations = operations::tokens(plan, &builders);
    let (table, server) = (tables::operations(plan), server::tokens(plan.spec));
    quote! {
        use progenitor_client::{ClientHooks, ClientInfo};
        #(#kept)*
        #operations
        #table
        #server
    }
}

/// Lets the generated code itself use what is deprecated, if anything in it is.
pub(crate) fn deprecated(code: &TokenStream) -> Option<TokenStream> {
    types::mentions(code, "deprecated").then(|| quote!(#[allow(deprecated)]))
}
