//! Base URL and authentication headers, from `servers` and `securitySchemes`.

use heck::{ToShoutySnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::document::naming::field_name;
use crate::document::spec::{Spec, array, entries, holes, text};
use crate::emit::open_enum;
use crate::plan::OpenEnum;

pub fn tokens(spec: &Spec) -> TokenStream {
    let server = &spec.root()["servers"][0];
    let template = text(&server["url"]).trim_end_matches('/').to_owned();
    let (mut enums, mut arguments, mut replaced) = (Vec::new(), Vec::new(), Vec::new());
    let mut variables: Vec<_> = entries(&server["variables"]).collect();
    variables.sort_by_key(|(name, _)| template.find(&format!("{{{name}}}")));
    for (name, variable) in &variables {
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
    let by_app = variables
        .iter()
        .map(|(name, _)| name.as_str())
        .eq(["appId", "region"])
        && enums.len() == 1
        && holes(&template).count() == 2;
    if !by_app {
        let region = OpenEnum {
            name: "Region".to_owned(),
            description: "Region of an app, which the URL of this service does not have."
                .to_owned(),
            values: Vec::new(),
        };
        enums = vec![open_enum::tokens(&region)];
        arguments = vec![quote!(_: &str), quote!(_: &Region)];
        replaced = vec![quote!(.to_owned())];
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
    let prefix = text(&spec.root()["components"]["securitySchemes"]["apikey"]["x-prefix"]);
    quote! {
        /// Base URL and authentication headers.
        pub mod server {
            /// URL template.
            pub const URL: &str = #template;
            /// Whether the base URL follows from an app id and a region.
            pub(crate) const BY_APP: bool = #by_app;
            /// What stands before the key in its header.
            pub(crate) const APIKEY_PREFIX: &str = #prefix;
            #(#headers)*
            /// Returns the base URL for these variables.
            pub fn url(#(#arguments),*) -> ::std::string::String {
                URL #(#replaced)*
            }
            #(#enums)*
        }
    }
}
