//! The generated operations: builders that own their client, check what they are given, and send by way of a call.
//!
//! progenitor makes the client's methods, and of each builder the fields and their types. What a builder does is
//! written here, from the plan: progenitor's own code has no checks, no comma-joined lists and no optional bodies, takes
//! one success only, and does not compile with every name.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{File, GenericArgument, ImplItem, Item, ItemImpl, ItemStruct, Type, parse_quote};

use crate::error::Error;
use crate::generate::unexpected;
use crate::ir::{Body, Content, Joined, Operation, Parameter, Place, Plan};
use crate::rewrite::types::module;
use crate::rewrite::{checks, lists, tables};
use crate::spec::Spec;

/// Rewrites the operations and their builders.
pub fn rewrite(file: &mut File, spec: &Spec, plan: &Plan) -> Result<(), Error> {
    for item in &mut file.items {
        match item {
            Item::Impl(item) if names(&item.self_ty, "Client") && item.trait_.is_none() => {
                client(item, plan);
            }
            Item::Struct(item) if item.ident == "Client" => {
                item.attrs
                    .retain(|attribute| !attribute.path().is_ident("derive"));
                item.attrs.push(parse_quote!(#[derive(Clone)]));
                for field in &mut item.fields {
                    field.vis = parse_quote!(pub(crate));
                }
            }
            _ => {}
        }
    }
    // The runtime makes and sends the requests; a prelude of one name, and what is empty now, help nobody.
    file.items.retain(|item| match item {
        Item::Use(_) => false,
        Item::Mod(item) => item.ident != "prelude",
        Item::Impl(item) => item.trait_.is_some() || !item.items.is_empty(),
        _ => true,
    });
    let import = parse_quote!(
        use progenitor_client::{ClientHooks, ClientInfo};
    );
    file.items.insert(0, import);
    for item in &mut file.items {
        if let Item::Mod(item) = item
            && item.to_token_stream().to_string().contains("deprecated")
        {
            item.attrs.push(parse_quote!(#[allow(deprecated)]));
        }
    }
    if plan.operations.is_empty() {
        return Ok(());
    }

    let module = module(file, "builder").ok_or_else(|| unexpected("pub mod builder"))?;
    let emitted = std::mem::take(module);
    module.push(parse_quote!(
        #[allow(unused_imports)]
        use super::types;
    ));
    let (mut additions, mut rows) = (Vec::new(), BTreeSet::new());
    for operation in &plan.operations {
        let builder = builder(&emitted, operation, spec, plan)
            .ok_or_else(|| unexpected(&format!("builder::{}", operation.builder())))?;
        module.extend(builder);
        if let Some(pagination) = &operation.pagination {
            additions.push(lists::list_operation(operation, pagination));
            // Two lists may have rows of one type, which is told apart in one way.
            if rows.insert(&pagination.item_type) {
                additions.push(lists::list_item(pagination));
                additions.push(tables::fields(spec, pagination));
            }
        }
    }
    for tokens in additions {
        let parsed: File = syn::parse2(tokens).map_err(|_| unexpected("pub mod builder"))?;
        module.extend(parsed.items);
    }
    Ok(())
}

/// Whether a type has that name.
fn names(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// Takes from the client the constructors, whose HTTP client would follow redirects, and the lifetimes of builders.
fn client(item: &mut ItemImpl, plan: &Plan) {
    item.items.retain(|item| {
        let operation = |name: &syn::Ident| {
            plan.operations
                .iter()
                .any(|operation| name == &operation.method_name())
        };
        matches!(item, ImplItem::Fn(item) if operation(&item.sig.ident))
    });
    for item in &mut item.items {
        let ImplItem::Fn(item) = item else {
            continue;
        };
        let Some(operation) = plan
            .operations
            .iter()
            .find(|operation| item.sig.ident == operation.method_name())
        else {
            continue;
        };
        Owned.visit_return_type_mut(&mut item.sig.output);
        for attribute in &mut item.attrs {
            if let syn::Meta::NameValue(doc) = &mut attribute.meta
                && let syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) = &mut doc.value
            {
                let docs = in_rust(arguments_indented(&text.value()), operation);
                *text = syn::LitStr::new(&docs, text.span());
            }
        }
        item.attrs.extend(operation.deprecated.clone());
    }
}

/// The docs of a client's method, with each description of an argument in its list item to its last line.
fn arguments_indented(docs: &str) -> String {
    let mut in_list = false;
    let lines = docs.split('\n').map(|line| {
        if line.trim() == "Arguments:" {
            in_list = true;
        } else if line.starts_with("```") {
            in_list = false;
        } else if in_list && !line.is_empty() && !line.starts_with("- `") {
            return format!("  {line}");
        }
        line.to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The docs with the parameters' names in Rust, and the path as the spec has it.
fn in_rust(mut docs: String, operation: &Operation) -> String {
    for parameter in &operation.parameters {
        let (from, to) = (parameter.document_name(), &parameter.ident);
        if from != *to {
            docs = docs
                .replace(&format!("`{from}`"), &format!("`{to}`"))
                .replace(&format!(".{from}({from})"), &format!(".{to}({to})"));
        }
        if parameter.place == Place::Path {
            docs = docs.replace(&format!("{{{from}}}"), &format!("{{{}}}", parameter.name));
        }
    }
    docs
}

/// Takes the lifetimes out of types.
struct Owned;

impl VisitMut for Owned {
    fn visit_path_arguments_mut(&mut self, arguments: &mut syn::PathArguments) {
        visit_mut::visit_path_arguments_mut(self, arguments);
        if let syn::PathArguments::AngleBracketed(inner) = arguments
            && inner
                .args
                .iter()
                .all(|argument| matches!(argument, GenericArgument::Lifetime(_)))
        {
            *arguments = syn::PathArguments::None;
        }
    }
}

/// A builder: progenitor's struct with fields of ours, and what it does.
fn builder(emitted: &[Item], operation: &Operation, spec: &Spec, plan: &Plan) -> Option<[Item; 2]> {
    let name = format_ident!("{}", operation.builder());
    let mut item = emitted.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == name => Some(item.clone()),
        _ => None,
    })?;
    item.generics = Default::default();
    item.attrs
        .retain(|attribute| !attribute.path().is_ident("derive"));
    item.attrs.push(parse_quote!(#[derive(Debug, Clone)]));
    let (mut values, mut methods) = (Vec::new(), Vec::new());
    for field in &mut item.fields {
        let ident = field.ident.as_ref()?.to_string();
        if let Some(parameter) = operation
            .parameters
            .iter()
            .find(|parameter| parameter.document_name() == ident)
        {
            let ty = held(
                &field.ty,
                parameter.required || parameter.place == Place::Path,
            )?;
            let ty = match parameter.list {
                Some(Joined::Commas) if parameter.place == Place::Query => {
                    let item = argument(&ty)?;
                    parse_quote!(crate::values::CommaList<#item>)
                }
                _ => ty,
            };
            let ident = parameter.field();
            field.ty = if parameter.required {
                parse_quote!(Result<#ty, String>)
            } else {
                parse_quote!(Result<Option<#ty>, String>)
            };
            field.ident = Some(ident.clone());
            values.push(initial(&ident, parameter.required));
            methods.push(setter(parameter, &ty));
        } else if ident == "client" {
            // Its own `Debug` shows no secret, and the rest is what the caller gave.
            field.ty = parse_quote!(super::Client);
        } else if ident != "body" {
            return None;
        }
    }
    if let Some(body) = &operation.body {
        let ty = body_field(&mut item, body)?;
        values.push(initial(&format_ident!("body"), body.required));
        methods.extend(body_setters(body, &ty));
    }
    let body = operation.body.as_ref();
    let body = match body {
        Some(body) => Some(finished(body, &item, &checks::of_body(spec, plan, body))?),
        None => None,
    };
    let request = request(operation, body);
    let send = send(emitted, operation, &request)?;
    let block = quote! {
        impl #name {
            pub(super) fn new(client: &super::Client) -> Self {
                Self { client: client.clone(), #(#values),* }
            }
            #(#methods)*
            #send
        }
    };
    Some([Item::Struct(item), syn::parse2(block).ok()?])
}

/// The `T` of `Result<T, String>`, or of `Result<Option<T>, String>`.
fn held(ty: &Type, required: bool) -> Option<Type> {
    let inner = argument(ty)?;
    if required {
        Some(inner)
    } else {
        argument(&inner)
    }
}

/// The first argument of a generic type.
fn argument(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments
    else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    }
}

/// What a field holds before it is set; a missing value says what to call.
fn initial(field: &syn::Ident, required: bool) -> TokenStream {
    if required {
        let reason = format!("{field} is missing: call .{field}(…) before sending");
        quote!(#field: Err(#reason.to_string()))
    } else {
        quote!(#field: Ok(None))
    }
}

/// A setter, with its docs, its checks, and an error that names the value that was wrong.
fn setter(parameter: &Parameter, ty: &Type) -> TokenStream {
    let wire = &parameter.name;
    let field = parameter.field();
    let docs = checks::documented(&parameter.description, &parameter.checks, &parameter.source);
    let deprecated = &parameter.deprecated;
    let reason = format!("{wire}: {{error}}");
    let commas = parameter.place == Place::Query && parameter.list == Some(Joined::Commas);
    let checks = checks::tokens(&parameter.checks, wire, &quote!(&value));
    let checks = (!checks.is_empty()).then(|| quote!(.and_then(|value| { #(#checks)* Ok(value) })));
    let list = commas.then(|| quote!(.and_then(|value| crate::values::comma_list(#wire, value))));
    let wrap = match (parameter.required, commas) {
        (true, false) => None,
        // An empty list chooses nothing: it is left out.
        (false, true) => None,
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

/// Gives the builder's body a type that may be left out; what a setter takes.
fn body_field(item: &mut ItemStruct, body: &Body) -> Option<Type> {
    let ty = match body.content {
        Content::Text => parse_quote!(::std::string::String),
        Content::Bytes => parse_quote!(::std::vec::Vec<u8>),
        Content::Json | Content::Form => {
            let field = item
                .fields
                .iter()
                .find(|field| field.ident.as_ref().is_some_and(|ident| ident == "body"))?;
            argument(&field.ty)?
        }
    };
    let held: Type = if body.required {
        parse_quote!(Result<#ty, String>)
    } else {
        parse_quote!(Result<Option<#ty>, String>)
    };
    match item
        .fields
        .iter_mut()
        .find(|field| field.ident.as_ref().is_some_and(|ident| ident == "body"))
    {
        Some(field) => field.ty = held,
        None => {
            let syn::Fields::Named(fields) = &mut item.fields else {
                return None;
            };
            fields.named.push(parse_quote!(body: #held));
        }
    }
    Some(ty)
}

/// Whether a type is progenitor's builder of another.
fn is_builder(ty: &Type) -> bool {
    ty.to_token_stream()
        .to_string()
        .starts_with("types :: builder ::")
}

/// The setters of the body.
fn body_setters(body: &Body, ty: &Type) -> Vec<TokenStream> {
    let description = match body.description.as_str() {
        "" => "What is sent as the body.",
        description => description,
    };
    let wrap = (!body.required).then(|| quote!(.map(::std::option::Option::Some)));
    let mut setters = vec![quote! {
        #[doc = #description]
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: ::std::convert::TryInto<#ty>,
            V::Error: ::std::fmt::Display,
        {
            self.body = value.try_into().map_err(|error| format!("body: {error}")) #wrap;
            self
        }
    }];
    if is_builder(ty) {
        let value = if body.required {
            quote!(::std::option::Option::Some(self.body.unwrap_or_default()))
        } else {
            quote!(
                self.body
                    .map(|body| ::std::option::Option::Some(build(body.unwrap_or_default())))
            )
        };
        let set = if body.required {
            quote!(Ok(build(self.body.unwrap_or_default())))
        } else {
            value
        };
        setters.push(quote! {
            /// What is sent as the body, made by its builder.
            pub fn body_map<F>(mut self, build: F) -> Self
            where
                F: FnOnce(#ty) -> #ty,
            {
                self.body = #set;
                self
            }
        });
    }
    setters
}

/// The methods that send, and the private `dispatch` that they share.
fn send(emitted: &[Item], operation: &Operation, request: &TokenStream) -> Option<TokenStream> {
    let success = success_type(emitted, operation)?;
    let variant = tables::variant(operation);
    let subjects = operation
        .in_path()
        .map(|(name, field)| quote!(.subject(#name, self.#field.as_ref().ok())));
    let page = operation.pagination.as_ref().and_then(|pagination| {
        let field = operation.query_parameter(&pagination.page)?.field();
        Some(quote!(.page(self.#field.as_ref().ok().copied().flatten())))
    });
    let call = quote! {
        let mut call = crate::Call::new(super::Operation::#variant) #(#subjects)* #page;
        self.client = call.attach(self.client);
    };
    let summary = format!(
        "Sends a `{}` request to `{}`",
        operation.method.to_uppercase(),
        operation.path
    );
    let docs = quote! {
        #[doc = #summary]
        ///
        /// # Errors
        ///
        /// Whatever keeps the response from being had, as one [`Error`](crate::Error).
    };
    let (min, max) = (operation.statuses.start(), operation.statuses.end());
    let last = match operation.success.content {
        Some(Content::Json | Content::Form) => {
            let json = if operation.success.optional {
                quote!(json_or_nothing)
            } else {
                quote!(json)
            };
            return Some(quote! {
                async fn dispatch<T: ::serde::de::DeserializeOwned>(self) -> crate::http::Dispatched<T> {
                    #request.#json(#min..=#max).await
                }
                #docs
                pub async fn send(self) -> Result<crate::Response<#success>, crate::Error> {
                    self.send_as().await
                }
                /// Like [`send`](Self::send), decoded into a type of your own.
                ///
                /// # Errors
                ///
                /// Those of `send`; `Decode` where the body is not of that type.
                pub async fn send_as<T>(mut self) -> Result<crate::Response<T>, crate::Error>
                where
                    T: ::serde::de::DeserializeOwned,
                {
                    #call
                    call.run(self.dispatch()).await
                }
            });
        }
        Some(Content::Text) => quote!(text),
        Some(Content::Bytes) => quote!(bytes),
        None => quote!(nothing),
    };
    let media_type = match operation.success.content {
        Some(_) => {
            let media_type = &operation.success.media_type;
            quote!(#media_type,)
        }
        None => quote!(),
    };
    Some(quote! {
        async fn dispatch(self) -> crate::http::Dispatched<#success> {
            #request.#last(#media_type #min..=#max).await
        }
        #docs
        pub async fn send(mut self) -> Result<crate::Response<#success>, crate::Error> {
            #call
            call.run_plain(self.dispatch()).await
        }
    })
}

/// The request, put together from what the builder was given.
fn request(operation: &Operation, body: Option<TokenStream>) -> TokenStream {
    let method = format_ident!("{}", operation.method.to_uppercase());
    let (template, holes) = path(operation);
    let mut request = quote! {
        crate::http::Request::new(
            self.client,
            ::reqwest::Method::#method,
            crate::http::path(#template, [#(#holes),*])?,
        )
    };
    for parameter in &operation.parameters {
        let (name, field) = (&parameter.name, parameter.field());
        let add = match (parameter.place, parameter.list) {
            (Place::Path, _) => continue,
            (Place::Query, Some(Joined::Commas)) => quote!(commas),
            (Place::Query, _) => quote!(query),
            (Place::Header, _) => quote!(header),
        };
        let name = if parameter.place == Place::Header {
            name.to_lowercase()
        } else {
            name.clone()
        };
        let values = match (parameter.list, parameter.required) {
            (Some(Joined::Commas), true) if parameter.place == Place::Query => {
                quote!(.map(::std::option::Option::Some))
            }
            (Some(Joined::Commas), false) if parameter.place == Place::Query => quote!(),
            (Some(_), true) | (None, false) => quote!(),
            (Some(_), false) => quote!(.map(::std::option::Option::unwrap_or_default)),
            (None, true) => quote!(.map(::std::option::Option::Some)),
        };
        request.extend(quote!(.#add(#name, self.#field #values)?));
    }
    if let Some((body, value)) = operation.body.as_ref().zip(body) {
        let media_type = &body.media_type;
        request.extend(match body.content {
            Content::Json => quote!(.json_body(#media_type, #value)?),
            Content::Form => quote!(.form_body(#value)?),
            Content::Text | Content::Bytes => quote!(.raw_body(#media_type, #value)?),
        });
    }
    request
}

/// The body as an optional value of its type, made from its builder where it has one.
fn finished(body: &Body, builder: &ItemStruct, checks: &[TokenStream]) -> Option<TokenStream> {
    let mut value = quote!(self.body);
    if body.required {
        value.extend(quote!(.map(::std::option::Option::Some)));
    }
    let mut fields = builder.fields.iter();
    let ty = fields.find(|field| field.ident.as_ref().is_some_and(|ident| ident == "body"))?;
    let ty = held(&ty.ty, body.required)?;
    let build = if is_builder(&ty) {
        let Type::Path(path) = &ty else { return None };
        let built = &path.path.segments.last()?.ident;
        Some(quote! {
            let body = types::#built::try_from(body).map_err(|error| format!("body: {error}"))?;
        })
    } else {
        None
    };
    if build.is_some() || !checks.is_empty() {
        value.extend(quote! {
            .and_then(|body| {
                let ::std::option::Option::Some(body) = body else {
                    return Ok(::std::option::Option::None);
                };
                #build
                #(#checks)*
                Ok(::std::option::Option::Some(body))
            })
        });
    }
    Some(value)
}

/// The path with `{}` for each hole, and what goes into the holes in their order.
fn path(operation: &Operation) -> (String, Vec<TokenStream>) {
    let (mut template, mut holes) = (String::new(), Vec::new());
    let mut rest = operation.path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        template.push_str(before);
        template.push_str("{}");
        if let Some((_, field)) = operation.in_path().find(|(known, _)| *known == name) {
            holes.push(quote!(self.#field.as_ref().map(|value| value.to_string())));
        }
        rest = after;
    }
    template.push_str(rest);
    (template, holes)
}

/// What a successful response is decoded into.
fn success_type(emitted: &[Item], operation: &Operation) -> Option<Type> {
    match operation.success.content {
        Some(Content::Text) => return Some(parse_quote!(::std::string::String)),
        Some(Content::Bytes) => return Some(parse_quote!(crate::ByteStream)),
        None => return Some(parse_quote!(())),
        Some(Content::Json | Content::Form) => {}
    }
    let name = operation.builder();
    let send = emitted.iter().find_map(|item| match item {
        Item::Impl(item) if names(&item.self_ty, &name) => {
            item.items.iter().find_map(|item| match item {
                ImplItem::Fn(item) if item.sig.ident == "send" => Some(item),
                _ => None,
            })
        }
        _ => None,
    })?;
    let syn::ReturnType::Type(_, output) = &send.sig.output else {
        return None;
    };
    let ty = argument(&argument(output)?)?;
    Some(if operation.success.optional {
        parse_quote!(::std::option::Option<#ty>)
    } else {
        ty
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_of_two_lines_stays_in_its_list_item() {
        assert_eq!(
            arguments_indented(
                "Lists.\n\nArguments:\n- `a`: One\ntwo.\n\nThree.\n- `b`: Four.\n```ignore\nx\n```"
            ),
            "Lists.\n\nArguments:\n- `a`: One\n  two.\n\n  Three.\n- `b`: Four.\n```ignore\nx\n```"
        );
    }
}
