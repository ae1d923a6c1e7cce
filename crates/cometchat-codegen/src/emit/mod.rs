//! The plan and progenitor's output as code: the document is prepared, progenitor writes the client, mends change what doesn't
//! fit, and tables add what progenitor does not write.

mod checks;
mod code;
mod lists;
mod mends;
mod open_enum;
mod path_param;
mod prepare;
mod server;
mod structs;
mod tables;
mod types;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::{ToTokens, quote};
use serde_json::Value;
use syn::{File, Item};

use crate::error::{Error, Finding};
use crate::plan::Plan;

pub(crate) use prepare::document as prepared;

/// Runs progenitor on a prepared document.
///
/// # Errors
///
/// The document does not have the shape of OpenAPI 3.0, or progenitor refuses it.
pub(crate) fn progenitor(prepared: Value, plan: &Plan<'_>) -> Result<File, Error> {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Expected)
        .with_map_type("::std::collections::BTreeMap")
        .with_inner_type(quote!(crate::Context));
    for (name, replacement) in plan.replacements() {
        settings.with_replacement(name, replacement, std::iter::empty());
    }
    let document = serde_json::from_value(prepared).map_err(|error| {
        refused(format!(
            "it does not have the shape of an OpenAPI 3.0 document: {error}"
        ))
    })?;
    let emitted = Generator::new(&settings)
        .generate_tokens(&document)
        .map_err(|error| refused(format!("progenitor refused it: {error}")))?;
    let emitted = syn::parse2(emitted)
        .map_err(|error| refused(format!("progenitor's output is not Rust: {error}")))?;
    Ok(emitted)
}

/// Returns a finding about the document as a whole, for a refusal that names no place.
pub(crate) fn refused(problem: String) -> Finding {
    Finding::error(
        "generator",
        "the document",
        problem,
        "compare with the conventions in ARCHITECTURE.md; `cargo xtask lint` names the usual causes",
    )
}

/// Returns the client of a plan.
///
/// # Errors
///
/// A mend does not fit progenitor's output, or the result is not Rust.
pub(crate) fn client(mut emitted: File, plan: &Plan<'_>) -> Result<File, Error> {
    mends::apply(&mut emitted, plan)?;
    let mut kept = Vec::new();
    for item in emitted.items {
        match item {
            Item::Mod(mut item) if item.ident == "types" => {
                let (_, items) = item.content.take().unwrap_or_default();
                let (types, rows) = (types::tokens(items, plan), rows(plan));
                let content = quote!(#types #rows);
                let (attrs, allow) = (&item.attrs, deprecated(&content));
                kept.push(quote!(#(#attrs)* #allow pub mod types { #content }));
            }
            Item::Mod(mut item) if item.ident == "builder" => {
                let (_, items) = item.content.take().unwrap_or_default();
                let lists = plan.operations.iter().filter_map(|operation| {
                    lists::list_operation(operation, operation.pagination.as_ref()?)
                });
                let content = quote!(#(#items)* #(#lists)*);
                let (attrs, allow) = (&item.attrs, deprecated(&content));
                kept.push(quote!(#(#attrs)* #allow pub mod builder { #content }));
            }
            other => kept.push(other.into_token_stream()),
        }
    }
    let (table, server) = (tables::operations(plan), server::tokens(plan.spec));
    let runtime = tables::runtime(plan.spec);
    syn::parse2(quote!(#(#kept)* #table #server #runtime))
        .map_err(|error| refused(format!("the generated code is not Rust: {error}")).into())
}

/// Returns the id and the fields of each type that is a row of a list.
fn rows(plan: &Plan<'_>) -> TokenStream {
    let lists = plan.operations.iter();
    let lists = lists.filter_map(|operation| operation.pagination.as_ref());
    let rows: BTreeMap<_, _> = lists.map(|list| (&list.item_type, list)).collect();
    let rows = rows.into_values().map(|list| {
        let (item, fields) = (lists::list_item(list), tables::fields(plan.spec, list));
        quote!(#item #fields)
    });
    rows.collect()
}

/// Lets the generated code itself use what is deprecated, if anything in it is.
fn deprecated(code: &TokenStream) -> Option<TokenStream> {
    code::mentions(code, "deprecated").then(|| quote!(#[allow(deprecated)]))
}
