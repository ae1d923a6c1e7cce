//! The operations: methods of the client, which give builders that own the client, check what they are given, and send.
//!
//! They are written from the plan: progenitor's have no checks, no comma-joined lists, no headers and no optional bodies,
//! take one success only, and do not compile with every name.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::emit::{lists, request, setters, tables};
use crate::plan::{Operation, Plan};

/// The client's methods and the module of builders. `builders` names the types with a builder of their own.
pub fn tokens(plan: &Plan<'_>, builders: &BTreeSet<String>) -> TokenStream {
    let methods: Vec<_> = plan.operations.iter().map(method).collect();
    let client = (!methods.is_empty()).then(|| quote!(impl Client { #(#methods)* }));
    let made = plan
        .operations
        .iter()
        .map(|operation| builder(plan, operation, builders));
    let mut rows = BTreeSet::new();
    let lists = plan.operations.iter().filter_map(|operation| {
        let pagination = operation.pagination.as_ref()?;
        let mut list = lists::list_operation(operation, pagination)?;
        // Two lists may have rows of one type, which is told apart in one way.
        if rows.insert(&pagination.item_type) {
            list.extend(lists::list_item(pagination));
            list.extend(tables::fields(plan.spec, pagination));
        }
        Some(list)
    });
    let made = quote!(#(#made)* #(#lists)*);
    let allow = super::deprecated(&made);
    quote! {
        #client
        /// Types for composing operation parameters.
        #[allow(clippy::all)]
        #allow
        pub mod builder {
            #[allow(unused_imports)]
            use super::types;
            #made
        }
    }
}

/// The method of the client that gives the builder.
fn method(operation: &Operation) -> TokenStream {
    let Operation { deprecated, .. } = operation;
    let name = format_ident!("{}", operation.method_name());
    let builder = operation.builder();
    let docs = method_docs(operation);
    quote! {
        #[doc = #docs]
        #deprecated
        pub fn #name(&self) -> builder::#builder {
            builder::#builder::new(self)
        }
    }
}

fn method_docs(operation: &Operation) -> String {
    let mut docs = String::new();
    let summary = operation.summary.trim_end_matches(['.', ',']);
    for words in [summary, &operation.description] {
        if !words.is_empty() {
            docs.push_str(&format!("{words}\n\n"));
        }
    }
    docs.push_str(&format!("{}\n\n", sends(operation)));
    let parameters = operation.parameters.iter();
    let parameters = parameters.map(|parameter| (parameter.ident.as_str(), &parameter.description));
    let body = operation.body.as_ref();
    let body = body.map(|body| ("body", &body.description));
    let arguments: Vec<_> = parameters.chain(body).collect();
    if !arguments.is_empty() {
        docs.push_str("Arguments:\n");
    }
    for (name, description) in &arguments {
        docs.push_str(&list_item(name, description));
    }
    docs.push_str(&format!(
        "```ignore\nlet response = client.{}()",
        operation.method_name()
    ));
    for (name, _) in &arguments {
        docs.push_str(&format!("\n    .{name}({name})"));
    }
    docs + "\n    .send()\n    .await;\n```"
}

/// An argument in a list, with all lines of its description.
fn list_item(name: &str, description: &str) -> String {
    let mut item = format!("- `{name}`: ");
    for (index, line) in description.split('\n').enumerate() {
        let indent = if index == 0 || line.is_empty() {
            ""
        } else {
            "  "
        };
        item.push_str(&format!("{indent}{line}\n"));
    }
    item
}

/// What a call does, for the docs.
pub fn sends(operation: &Operation) -> String {
    let method = operation.method.to_uppercase();
    format!("Sends a `{method}` request to `{}`", operation.path)
}

/// A builder: its fields, setters, and how it sends.
fn builder(plan: &Plan<'_>, operation: &Operation, builders: &BTreeSet<String>) -> TokenStream {
    let name = operation.builder();
    let method = operation.method_name();
    let docs = format!(
        "Builder for [`Client::{method}`]\n\n[`Client::{method}`]: super::Client::{method}"
    );
    let (mut fields, mut values, mut methods) = (Vec::new(), Vec::new(), Vec::new());
    let mut field = |name: &syn::Ident, required: bool, ty: &TokenStream| {
        if required {
            let reason = missing(name);
            fields.push(quote!(#name: Result<#ty, String>));
            values.push(quote!(#name: Err(#reason.to_string())));
        } else {
            fields.push(quote!(#name: Result<Option<#ty>, String>));
            values.push(quote!(#name: Ok(None)));
        }
    };
    for parameter in &operation.parameters {
        let ty = plan.parameter_type(operation, parameter);
        field(&parameter.field(), parameter.required, &ty);
        methods.push(setters::parameter(parameter, &ty));
    }
    let body = operation.body.as_ref().map(|body| {
        let (ty, built) = setters::body_type(plan, body, builders);
        // `body_map` tells one that is missing from one that failed, so it is checked when it is sent.
        field(&format_ident!("body"), false, &ty);
        methods.push(setters::body(body, &ty, built.is_some()));
        request::body(plan, body, built.as_ref())
    });
    let send = request::send(plan, operation, body);
    quote! {
        #[doc = #docs]
        #[derive(Debug, Clone)]
        pub struct #name {
            client: super::Client,
            #(#fields),*
        }
        impl #name {
            pub(super) fn new(client: &super::Client) -> Self {
                Self { client: client.clone(), #(#values),* }
            }
            #(#methods)*
            #send
        }
    }
}

/// The error of a value that was not set.
pub fn missing(field: &syn::Ident) -> String {
    format!("{field} is missing: call .{field}(…) before sending")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_of_two_lines_stays_in_its_list_item() {
        assert_eq!(
            list_item("a", "One\ntwo.\n\nThree."),
            "- `a`: One\n  two.\n\n  Three.\n"
        );
    }
}
