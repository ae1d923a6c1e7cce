//! The Rust types of the values that operations take and give: those in the module `types`, by the names that typify gives
//! them, and for a schema without a type of its own what it stands for.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Value, json};

use crate::document::spec::RUNTIME_TYPES;
use crate::document::spec::schema_name;
use crate::plan::{Joined, Operation, Parameter, Plan};

/// The most lists and maps within each other.
const MOST_NESTING: usize = 8;

impl Plan<'_> {
    /// The type of a value in a body.
    pub fn rust_type(&self, schema: &Value) -> TokenStream {
        let whole = self.spec.target(schema);
        if let Some(name) = schema_name(schema) {
            if let Some(plain) = self.stands_for(name, whole) {
                return self.rust_type(&plain);
            }
            let named = self.named(name);
            return optional(schema["nullable"] == true, &named);
        }
        let ty = match schema["type"].as_str() {
            Some("array") => {
                let item = self.rust_type(&schema["items"]);
                quote!(::std::vec::Vec<#item>)
            }
            Some("object") => match &schema["additionalProperties"] {
                others @ Value::Object(values) if !values.is_empty() => {
                    let value = self.rust_type(others);
                    quote!(::std::collections::BTreeMap<::std::string::String, #value>)
                }
                _ => quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>),
            },
            Some(_) => scalar(schema),
            None => quote!(::serde_json::Value),
        };
        optional(schema["nullable"] == true, &ty)
    }

    /// The type of a parameter: a named one where that means something in Rust, and else what the name stands for.
    pub fn parameter_type(&self, operation: &Operation, parameter: &Parameter) -> TokenStream {
        if let Some(pagination) = &operation.pagination
            && [&pagination.page, &pagination.size].contains(&&parameter.name)
        {
            return quote!(u32);
        }
        match parameter.list {
            Some(joined) => {
                let item = self.value_type(&self.spec.target(&parameter.source)["items"]);
                match joined {
                    Joined::Repeated => quote!(::std::vec::Vec<#item>),
                    Joined::Commas => quote!(crate::values::CommaList<#item>),
                }
            }
            None => self.value_type(&parameter.source),
        }
    }

    /// The type of a parameter that is no list, or of an item of one.
    fn value_type(&self, schema: &Value) -> TokenStream {
        match schema_name(schema) {
            Some(name) if self.has_own_type(name) => self.named(name),
            _ => scalar(self.spec.target(schema)),
        }
    }

    /// What a name stands for, where that is a plain text, number or boolean, or a list.
    pub fn stands_for(&self, name: &str, schema: &Value) -> Option<Value> {
        let is_segment = self.segments.iter().any(|segment| segment.name == name);
        if self.has_own_type(name) && !is_segment {
            return None;
        }
        match (schema["type"].as_str()?, &schema["format"]) {
            (kind @ ("integer" | "number"), Value::String(format)) => {
                Some(json!({"type": kind, "format": format}))
            }
            (kind @ ("string" | "integer" | "number" | "boolean"), _) => {
                Some(json!({"type": kind}))
            }
            ("array", _) => {
                // A list that holds itself, by lists and maps alone, keeps its name.
                let mut inner = &schema["items"];
                for _ in 0..MOST_NESTING {
                    let whole = self.spec.target(inner);
                    inner = match whole["type"].as_str() {
                        Some("array") => &whole["items"],
                        Some("object") if !whole["properties"].is_object() => {
                            &whole["additionalProperties"]
                        }
                        _ => return Some(json!({"type": "array", "items": schema["items"]})),
                    };
                }
                None
            }
            _ => None,
        }
    }

    /// Whether a schema has a type that is not made by typify.
    pub fn has_own_type(&self, name: &str) -> bool {
        self.enums.iter().any(|item| item.name == name)
            || self.segments.iter().any(|item| item.name == name)
            || RUNTIME_TYPES.contains(&name)
    }

    fn named(&self, name: &str) -> TokenStream {
        let ident = format_ident!("{name}");
        if self.has_own_type(name) {
            quote!(crate::types::#ident)
        } else {
            quote!(types::#ident)
        }
    }
}

/// The type of a number or a boolean; of anything else a text.
fn scalar(schema: &Value) -> TokenStream {
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("integer"), format) => match format.and_then(|format| format.split_once("int")) {
            Some((sign @ ("" | "u"), bits @ ("8" | "16" | "32" | "64"))) => {
                let ty = format_ident!("{}{bits}", if sign.is_empty() { "i" } else { "u" });
                quote!(#ty)
            }
            _ => quote!(i64),
        },
        (Some("number"), Some("float")) => quote!(f32),
        (Some("number"), _) => quote!(f64),
        (Some("boolean"), _) => quote!(bool),
        _ => quote!(::std::string::String),
    }
}

/// The type, or an `Option` of it.
pub fn optional(is_optional: bool, ty: &TokenStream) -> TokenStream {
    if is_optional {
        quote!(::std::option::Option<#ty>)
    } else {
        ty.clone()
    }
}
