//! Where the service is and how a request says who asks: from `servers` and `securitySchemes`.

use heck::{ToShoutySnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::document::naming::field_name;
use crate::document::spec::{Spec, array, entries, text};
use crate::emit::open_enum;
use crate::plan::OpenEnum;

pub fn tokens(spec: &Spec) -> TokenStream {
    let server = &spec.root()["servers"][0];
    let template = text(&server["url"]);
    let (mut enums, mut arguments, mut replaced) = (Vec::new(), Vec::new(), Vec::new());
    let mut variables: Vec<_> = entries(&server["variables"]).collect();
    variables.sort_by_key(|(name, _)| template.find(&format!("{{{name}}}")));
    for (name, variable) in variables {
        let hole = format!("{{{name}}}");
        let argument = format_ident!("{}", field_name(name));
        let known: Vec<_> = array(&variable["enum"]).filter_map(Value::as_str).collect();
        if known.is_empty() {
            arguments.push(quote!(#argument: &str));
            replaced.push(quote!(.replace(#hole, #argument)));
        } else {
            let item = OpenEnum {
                name: name.to_upper_camel_case(),
                description: text(&variable["description"]),
                values: known
                    .iter()
                    .map(|value| ((*value).to_owned(), format!("`{value}`.")))
                    .collect(),
            };
            let ty = format_ident!("{}", item.name);
            enums.push(open_enum::tokens(&item));
            arguments.push(quote!(#argument: &#ty));
            replaced.push(quote!(.replace(#hole, #argument.as_str())));
        }
    }
    let mut schemes: Vec<_> = entries(&spec.root()["components"]["securitySchemes"]).collect();
    schemes.sort_by_key(|(name, _)| *name);
    let headers = schemes
        .into_iter()
        .filter(|(_, scheme)| scheme["type"] == "apiKey" && scheme["in"] == "header")
        .map(|(name, scheme)| {
            let constant = format_ident!("{}_HEADER", name.to_shouty_snake_case());
            let header = text(&scheme["name"]).to_lowercase();
            let description = text(&scheme["description"]);
            quote! {
                #[doc = #description]
                pub const #constant: &str = #header;
            }
        });
    quote! {
        /// Where the service is, and the headers that say who asks.
        pub mod server {
            /// The address of the service, with a hole for each variable.
            pub const URL: &str = #template;
            #(#headers)*
            /// The address of the service for these variables.
            pub fn url(#(#arguments),*) -> ::std::string::String {
                URL #(#replaced)*
            }
            #(#enums)*
        }
    }
}
