//! Structs: open to new fields, documented, and read leniently.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
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
    // No property gives a name that begins with `__`, as those of the arguments and variables here do.
    let dropped = format_ident!("__extra");
    let kept = extra.as_ref().unwrap_or(&dropped);
    let rest = match &extra {
        Some(extra) => quote!(#extra.read(&__key, &mut __map)?),
        None => quote!({
            __map.next_value::<::serde::de::IgnoredAny>()?;
        }),
    };

    let (mut start, mut arms, mut finish) = (Vec::new(), Vec::new(), Vec::new());
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
            finish.push(quote!(#ident));
            continue;
        };
        if property["rust-name"].is_string() {
            field.attrs.push(parse_quote!(#[serde(rename = #wire)]));
        }
        field.attrs.extend(deprecated(property));
        describe(field, spec, property);
        let is_required = array(&schema["required"]).any(|required| required == wire);
        let read = if let Some(rows) = rows(plan, &name, wire) {
            rows
        } else if is_required {
            required(field)
        } else {
            optional(spec, property, wire, kept)
        };
        start.push(quote!(let mut #ident = ::std::option::Option::None;));
        arms.push(quote!(#wire => #ident = #read,));
        finish.push(if is_required {
            quote!(#ident: #ident.ok_or_else(|| ::serde::de::Error::missing_field(#wire))?)
        } else if is_option(field) {
            quote!(#ident)
        } else {
            quote!(#ident: #ident.unwrap_or_default())
        });
    }
    let expected = format!("an object ({name})");
    quote! {
        #item
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                #[derive(Clone, Copy)]
                struct Visitor;
                impl<'de> ::serde::de::Visitor<'de> for Visitor {
                    type Value = #name;
                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(#expected)
                    }
                    fn visit_map<A>(self, mut __map: A) -> ::std::result::Result<#name, A::Error>
                    where
                        A: ::serde::de::MapAccess<'de>,
                    {
                        let __fields = crate::values::Fields::new();
                        #[allow(unused)]
                        let mut #kept = crate::values::Extra::default();
                        #(#start)*
                        while let Some(__key) = __fields.next_key(&mut __map)? {
                            match &*__key {
                                #(#arms)*
                                _ => #rest,
                            }
                        }
                        __fields.finish(&mut #kept);
                        Ok(#name { #(#finish),* })
                    }
                }
                crate::values::read(deserializer, Visitor)
            }
        }
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

/// Reads the rows of a page, of which there is a largest number; nothing for another property.
fn rows(plan: &Plan<'_>, name: &Ident, wire: &str) -> Option<TokenStream> {
    let mut pages = plan.operations.iter().filter_map(|operation| {
        let pagination = operation.pagination.as_ref()?;
        let is_page = pagination
            .page_type
            .as_deref()
            .is_some_and(|page| name == page);
        (is_page && pagination.items == wire).then(|| max_rows(pagination))
    });
    let max = pages.next()?;
    Some(quote!(::std::option::Option::Some(crate::values::rows(&mut __map, #max)?)))
}

/// Reads a required property: without it there is no value.
fn required(field: &Field) -> TokenStream {
    if mentions(&field.ty, "string :: String") && !mentions(&field.ty, "<") {
        quote!(::std::option::Option::Some(
            __fields.required_text(&mut __map)?
        ))
    } else {
        quote!(::std::option::Option::Some(__map.next_value()?))
    }
}

/// Reads an optional property: a value of another type is kept in `extra`.
fn optional(spec: &Spec, property: &Value, wire: &str, extra: &Ident) -> TokenStream {
    let named = schema_name(property).and_then(|name| spec.schema(name));
    let is_relaxed = [Some(property), named]
        .into_iter()
        .flatten()
        .any(|schema| schema["x-lenient"] == Value::Bool(true));
    let read = format_ident!("{}", if is_relaxed { "relaxed" } else { "optional" });
    quote!(__fields.#read(&mut __map, #wire, &mut #extra)?)
}
