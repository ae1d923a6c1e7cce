//! The setters of builders, which check a value and remember an error that names it.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use crate::document::media::Content;
use crate::document::spec::schema_name;
use crate::emit::checks;
use crate::plan::{Body, Joined, Parameter, Plan};

pub fn parameter(parameter: &Parameter, ty: &TokenStream) -> TokenStream {
    let (wire, field, deprecated) = (&parameter.name, parameter.field(), &parameter.deprecated);
    let docs = checks::documented(&parameter.description, &parameter.checks, &parameter.source);
    let reason = format!("{wire}: {{error}}");
    let checks = checks::tokens(&parameter.checks, wire, &quote!(&value));
    let checks = (!checks.is_empty()).then(|| quote!(.and_then(|value| { #(#checks)* Ok(value) })));
    let commas = parameter.list == Some(Joined::Commas);
    let list = commas.then(|| quote!(.and_then(|value| crate::values::comma_list(#wire, value))));
    let wrap = match (parameter.required, commas) {
        // An empty list of an optional parameter chooses nothing: it is left out.
        (true, false) | (false, true) => None,
        (true, true) => Some(quote!(.map(::std::option::Option::unwrap_or_default))),
        (false, false) => Some(quote!(.map(::std::option::Option::Some))),
    };
    quote! {
        #[doc = #docs]
        #deprecated
        pub fn #field<V>(mut self, value: V) -> Self
        where
            V: ::std::convert::TryInto<#ty>,
            V::Error: ::std::fmt::Display,
        {
            self.#field = value.try_into().map_err(|error| format!(#reason)) #checks #list #wrap;
            self
        }
    }
}

/// The type that the setter of a body takes, and where that is a builder the type that it builds.
pub fn body_type(
    plan: &Plan<'_>,
    body: &Body,
    builders: &BTreeSet<String>,
) -> (TokenStream, Option<Ident>) {
    let built = schema_name(&body.schema).filter(|name| builders.contains(*name));
    match (body.content, built) {
        (Content::Text, _) => (quote!(::std::string::String), None),
        (Content::Bytes, _) => (quote!(::std::vec::Vec<u8>), None),
        (_, Some(name)) => {
            let name = format_ident!("{name}");
            (quote!(types::builder::#name), Some(name))
        }
        (_, None) => (plan.rust_type(&body.schema), None),
    }
}

pub fn body(body: &Body, ty: &TokenStream, is_builder: bool) -> TokenStream {
    let description = match body.description.as_str() {
        "" => "What is sent as the body.",
        description => description,
    };
    let map = is_builder.then(|| {
        quote! {
            /// What is sent as the body, made by its builder. An error of [`body`](Self::body) is kept.
            pub fn body_map<F>(mut self, build: F) -> Self
            where
                F: FnOnce(#ty) -> #ty,
            {
                self.body = self
                    .body
                    .map(|body| ::std::option::Option::Some(build(body.unwrap_or_default())));
                self
            }
        }
    });
    quote! {
        #[doc = #description]
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: ::std::convert::TryInto<#ty>,
            V::Error: ::std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(::std::option::Option::Some)
                .map_err(|error| format!("body: {error}"));
            self
        }
        #map
    }
}
