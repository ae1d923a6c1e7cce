//! Structs: open to new fields, documented, and read leniently.

use std::collections::HashMap;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;
use syn::{Field, Ident, ItemStruct, parse_quote};

use crate::document::naming::{deprecated, property_field};
use crate::document::spec::{Spec, array, entries, schema_name};
use crate::emit::code::{json_schema, mentions};
use crate::emit::lists::max_rows;
use crate::plan::Plan;

/// How deep structs are followed that require structs; two that require each other have no value at all.
const MOST_NESTING: usize = 16;

/// Whether a schema's type has an empty value: a struct of which nothing is required that has none.
fn has_default(spec: &Spec, schema: &Value, depth: usize) -> bool {
    let required = |name: &str| array(&schema["required"]).any(|required| required == name);
    depth < MOST_NESTING
        && entries(&schema["properties"])
            .filter(|(name, _)| required(name))
            .all(|(_, property)| match schema_name(property) {
                Some(name) => spec.schema(name).is_some_and(|named| {
                    named["properties"].is_object() && has_default(spec, named, depth + 1)
                }),
                None => property["minimum"].is_null(),
            })
}

/// Opens a struct to new fields, documents its fields, and adds its lenient `Deserialize`, and its checks if it is sent.
pub fn tokens(mut item: ItemStruct, schema: &Value, plan: &Plan<'_>) -> TokenStream {
    let (name, spec) = (item.ident.clone(), plan.spec);
    item.attrs.retain(|attribute| {
        !(attribute.path().is_ident("derive") || attribute.path().is_ident("serde"))
    });
    let default = has_default(spec, schema, 0).then(|| quote!(Default,));
    item.attrs
        .push(parse_quote!(#[derive(Clone, Debug, #default PartialEq, ::serde::Serialize)]));
    item.attrs.push(json_schema());
    item.attrs.push(parse_quote!(#[non_exhaustive]));

    let properties = entries(&schema["properties"]);
    let properties: HashMap<_, _> = properties
        .map(|(name, property)| (property_field(name, property), (name, property)))
        .collect();
    let property = |field: &Field| {
        let ident = field.ident.as_ref()?;
        properties.get(&ident.to_string()).copied()
    };
    // What the schema does not name is kept by `additionalProperties`.
    let extra = item
        .fields
        .iter()
        .find(|field| property(field).is_none())
        .and_then(|field| field.ident.clone());
    let (mut reads, mut way) = (Vec::new(), quote!(read_object));
    for field in &mut item.fields {
        let Some(ident) = field.ident.clone() else {
            continue;
        };
        let Some((wire, property)) = property(field) else {
            field.ty = parse_quote!(crate::values::Extra);
            let is_doc = |attribute: &syn::Attribute| attribute.path().is_ident("doc");
            field.attrs.retain(|attribute| !is_doc(attribute));
            field.attrs.push(parse_quote!(
                #[doc = "Fields that are not known here, and known ones whose value is of another type."]
            ));
            continue;
        };
        if property["rust-name"].is_string() {
            field.attrs.push(parse_quote!(#[serde(rename = #wire)]));
        }
        field.attrs.extend(deprecated(property));
        describe(field, spec, property);
        let is_required = array(&schema["required"]).any(|required| required == wire);
        let read = if let Some(max) = max_rows_of(plan, &name, wire) {
            way = quote!(read_page);
            quote!(rows(#max))
        } else if is_required && is_text(field) {
            quote!(text)
        } else if is_required {
            quote!(value)
        } else if is_relaxed(spec, property) {
            quote!(relaxed)
        } else {
            quote!(optional)
        };
        let absent = if is_required {
            quote!(required)
        } else if is_option(field) {
            quote!(option)
        } else {
            quote!(default)
        };
        reads.push(quote!(#wire => #ident: #read or #absent;));
    }
    quote! {
        #item
        crate::values::object! { #name #extra, #way; #(#reads)* }
    }
}

pub fn is_option(field: &Field) -> bool {
    field
        .ty
        .to_token_stream()
        .to_string()
        .starts_with(":: std :: option")
}

/// Gives a field the description of its type, where it has none of its own.
fn describe(field: &mut Field, spec: &Spec, property: &Value) {
    let has_docs = field
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("doc"));
    let named = schema_name(property).and_then(|name| spec.schema(name));
    let description = named.and_then(|schema| schema["description"].as_str());
    match description {
        _ if has_docs => {}
        Some(description) => field.attrs.insert(0, parse_quote!(#[doc = #description])),
        None => field.attrs.insert(0, parse_quote!(#[allow(missing_docs)])),
    }
}

/// Returns the largest number of rows that a page can have, if the property holds the rows of a page.
fn max_rows_of(plan: &Plan<'_>, name: &Ident, wire: &str) -> Option<Literal> {
    let mut pages = plan.operations.iter().filter_map(|operation| {
        let pagination = operation.pagination.as_ref()?;
        let is_page = pagination
            .page_type
            .as_deref()
            .is_some_and(|page| name == page);
        (is_page && pagination.items == wire).then(|| max_rows(pagination))
    });
    pages.next()
}

fn is_text(field: &Field) -> bool {
    mentions(&field.ty, "string :: String") && !mentions(&field.ty, "<")
}

/// Returns whether a number may be quoted or be a whole float.
fn is_relaxed(spec: &Spec, property: &Value) -> bool {
    let named = schema_name(property).and_then(|name| spec.schema(name));
    [Some(property), named]
        .into_iter()
        .flatten()
        .any(|schema| schema["x-lenient"] == Value::Bool(true))
}
