//! What more than one place needs to know of the API, as tables: operations, fields of rows, error codes.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::document::media::Content;
use crate::document::naming::type_name;
use crate::document::spec::RUNTIME_TYPES;
use crate::document::spec::{Spec, entries, schema_name};
use crate::emit::lists;
use crate::plan::{Joined, OpenEnum, Operation, Pagination, Place, Plan};

/// Returns the name of the schema that the client reads under a name.
fn client_type(spec: &Spec, name: &str) -> Ident {
    let used = spec.root()["x-client-types"][name].as_str();
    format_ident!("{}", used.unwrap_or(name))
}

/// Returns the types that the client reads, by the names that it knows.
pub fn runtime(spec: &Spec) -> TokenStream {
    let uses = ["Cursor", "ErrorCode", "Pagination"].map(|name| {
        let (used, known) = (client_type(spec, name), format_ident!("{name}"));
        match used == known {
            true => quote!(pub use super::types::#used;),
            false => quote!(pub use super::types::#used as #known;),
        }
    });
    quote! {
        /// The types that the client reads by name.
        pub(crate) mod runtime {
            #(#uses)*
        }
    }
}

/// The operations, as one enum.
pub fn operations(plan: &Plan<'_>) -> TokenStream {
    let each = || plan.operations.iter();
    let variants: Vec<_> = each().map(Operation::builder).collect();
    let docs = each().map(|operation| {
        let Operation {
            id, method, path, ..
        } = operation;
        format!("`{id}`: `{} {path}`.", method.to_uppercase())
    });
    let ids = each().map(|operation| &operation.id);
    let methods = each().map(|operation| operation.method.to_uppercase());
    let paths = each().map(|operation| &operation.path);
    let retries = each().map(|operation| operation.retry);
    let traits = each().map(traits);
    quote! {
        /// An operation of the spec.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Operation {
            #(#[doc = #docs] #variants,)*
        }
        impl Operation {
            /// All operations.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];
            /// The operation id, such as `list_group_members`.
            pub const fn id(self) -> &'static str {
                match self {
                    #(Self::#variants => #ids,)*
                }
            }
            /// The HTTP method, in upper case.
            pub const fn method(self) -> &'static str {
                match self {
                    #(Self::#variants => #methods,)*
                }
            }
            /// The path template, such as `/groups/{guid}/members`.
            pub const fn path(self) -> &'static str {
                match self {
                    #(Self::#variants => #paths,)*
                }
            }
            /// Whether a call may be made again after a failure: a `GET` or `HEAD`, or an operation that the spec
            /// marks `x-retry: true`.
            pub const fn may_retry(self) -> bool {
                match self {
                    #(Self::#variants => #retries,)*
                }
            }
            /// What the runtime needs to know of a request and its response.
            pub(crate) const fn traits(self) -> crate::progenitor::Traits {
                match self {
                    #(Self::#variants => #traits,)*
                }
            }
        }
        impl ::std::fmt::Display for Operation {
            /// Writes the operation id.
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.id())
            }
        }
    }
}

/// What progenitor's code does not tell the runtime.
fn traits(operation: &Operation) -> TokenStream {
    let name = operation.method_name();
    let success = &operation.success;
    let accept = match success.media_type.as_str() {
        "" => "application/json",
        media_type => media_type,
    };
    let body = operation.body.as_ref();
    let content_type = optional(body.map(|body| &body.media_type));
    let list = lists::layout(operation);
    let lists = operation.parameters.iter().filter(|parameter| {
        parameter.place == Place::Query && parameter.list == Some(Joined::Commas)
    });
    let lists = lists.map(|parameter| &parameter.name);
    let may_be_empty = success.optional;
    let streams = matches!(
        success.content,
        Some(Content::Text | Content::Bytes | Content::Form)
    );
    quote! {
        crate::progenitor::Traits {
            name: #name,
            accept: #accept,
            content_type: #content_type,
            comma_lists: &[#(#lists),*],
            may_be_empty: #may_be_empty,
            streams: #streams,
            list: #list,
        }
    }
}

fn optional(value: Option<&String>) -> TokenStream {
    match value {
        Some(value) => quote!(::std::option::Option::Some(#value)),
        None => quote!(::std::option::Option::None),
    }
}

/// The fields of a row type, in the order of the spec.
pub fn fields(spec: &Spec, pagination: &Pagination) -> TokenStream {
    let item = format_ident!("{}", pagination.item_type);
    let schema = spec.schema(&pagination.item_type).unwrap_or(&Value::Null);
    let fields = entries(&schema["properties"]).map(|(name, property)| {
        let kind = format_ident!("{}", kind(spec, property));
        quote!(crate::Field::new(#name, crate::FieldKind::#kind))
    });
    quote! {
        impl #item {
            /// The fields that the spec knows, in its order.
            pub const FIELDS: &'static [crate::Field] = &[#(#fields),*];
        }
    }
}

/// The variant of `FieldKind` for a property.
fn kind(spec: &Spec, property: &Value) -> &'static str {
    match schema_name(property) {
        Some("UnixTime") => return "Time",
        Some(name) if RUNTIME_TYPES.contains(&name) => return "Object",
        _ => {}
    }
    let named = schema_name(property).and_then(|name| spec.schema(name));
    let schema = named.unwrap_or_else(|| spec.resolve(property));
    match schema["type"].as_str() {
        Some("string") if schema["x-extensible-enum"].is_array() => "Enum",
        Some("string") => "Text",
        Some("boolean") => "Boolean",
        Some("integer") => "Integer",
        Some("number") => "Number",
        Some("array") => "List",
        Some("object") => "Object",
        _ => "Any",
    }
}

/// What `x-error-codes` says of the codes of an open enum; nothing for another enum.
pub fn error_codes(spec: &Spec, item: &OpenEnum) -> Option<TokenStream> {
    let name = client_type(spec, "ErrorCode");
    if name != item.name {
        return None;
    }
    let codes = &spec.schema(&item.name)?["x-error-codes"];
    let arms = |key: &str, value: fn(&Value) -> Option<TokenStream>| {
        let arms = item.values.iter().filter_map(|(code, _)| {
            let variant = format_ident!("{}", type_name(code));
            let value = value(&codes[code][key])?;
            Some(quote!(Self::#variant => ::std::option::Option::Some(#value),))
        });
        arms.collect::<Vec<_>>()
    };
    let retries = arms("retry", |value| value.as_bool().map(|value| quote!(#value)));
    let statuses = arms("status", |value| {
        let status = u16::try_from(value.as_u64()?).ok()?;
        Some(quote!(#status))
    });
    let hints = arms("hint", |value| {
        let hint = format_ident!("{}", type_name(value.as_str()?));
        Some(quote!(crate::Hint::#hint))
    });
    let descriptions = item.values.iter().map(|(code, description)| {
        let variant = format_ident!("{}", type_name(code));
        quote!(Self::#variant => ::std::option::Option::Some(#description),)
    });
    Some(quote! {
        impl #name {
            /// What the code means, as a sentence; `None` for an unknown code.
            pub const fn description(&self) -> ::std::option::Option<&'static str> {
                match self {
                    #(#descriptions)*
                    _ => ::std::option::Option::None,
                }
            }
            /// Whether a call that failed with this code may be made again; `None` if the status decides.
            pub const fn may_retry(&self) -> ::std::option::Option<bool> {
                match self {
                    #(#retries)*
                    _ => ::std::option::Option::None,
                }
            }
            /// The status that the code is documented with; `None` if that is not known. Code and status are in no
            /// fixed relation.
            pub const fn status(&self) -> ::std::option::Option<u16> {
                match self {
                    #(#statuses)*
                    _ => ::std::option::Option::None,
                }
            }
            /// What to do about it; `None` if the status decides.
            pub const fn hint(&self) -> ::std::option::Option<crate::Hint> {
                match self {
                    #(#hints)*
                    _ => ::std::option::Option::None,
                }
            }
        }
    })
}
