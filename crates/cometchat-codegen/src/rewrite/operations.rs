//! The generated operations: builders that own their client, check what they are given, and send by way of a call.

use std::collections::BTreeSet;

use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{File, FnArg, ImplItem, Item, ItemImpl, ReturnType, Stmt, Type, parse_quote};

use crate::error::Error;
use crate::generate::unexpected;
use crate::ir::{Check, Operation, Parameter, Plan};
use crate::rewrite::types::module;
use crate::rewrite::{lists, tables};
use crate::spec::Spec;

/// Rewrites the operations and their builders.
pub fn rewrite(file: &mut File, spec: &Spec, plan: &Plan) -> Result<(), Error> {
    for item in &mut file.items {
        match item {
            Item::Impl(item) if is_client(item) && item.trait_.is_none() => client(item),
            // What the builders and the runtime make use of; progenitor's own response and error stay inside.
            Item::Use(item) if matches!(item.vis, syn::Visibility::Public(_)) => {
                *item = parse_quote! {
                    #[allow(unused_imports)]
                    use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
                };
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
    // A prelude of one name, which the crate's root gives already; and what is empty now.
    file.items.retain(|item| match item {
        Item::Mod(item) => item.ident != "prelude",
        Item::Impl(item) => item.trait_.is_some() || !item.items.is_empty(),
        _ => true,
    });

    let builders = module(file, "builder").ok_or_else(|| unexpected("pub mod builder"))?;
    let (mut additions, mut rows) = (Vec::new(), BTreeSet::new());
    for operation in &plan.operations {
        let name = operation.builder();
        let place = format!("builder::{name}");
        let mut found = false;
        for item in builders.iter_mut() {
            match item {
                Item::Struct(item) if item.ident == name => {
                    found = true;
                    item.generics = Default::default();
                    // The client's own `Debug` shows no secret, and the rest is what the caller said.
                    for field in &mut item.fields {
                        if field.ident.as_ref().is_some_and(|ident| ident == "client") {
                            field.ty = parse_quote!(super::Client);
                        }
                    }
                }
                Item::Impl(item) if names(&item.self_ty, &name) => {
                    item.generics = Default::default();
                    item.self_ty = {
                        let name = format_ident!("{name}");
                        parse_quote!(#name)
                    };
                    methods(item, operation).ok_or_else(|| unexpected(&place))?;
                }
                _ => {}
            }
        }
        if !found {
            return Err(unexpected(&place).into());
        }
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
        builders.extend(parsed.items);
    }
    Ok(())
}

/// Whether an `impl` is one of the client.
fn is_client(item: &ItemImpl) -> bool {
    names(&item.self_ty, "Client")
}

/// Whether a type has that name.
fn names(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// Takes from the client the constructors, whose HTTP client would follow redirects, and the lifetimes of builders.
fn client(item: &mut ItemImpl) {
    item.items.retain(|item| {
        !matches!(item, ImplItem::Fn(item) if item.sig.ident == "new" || item.sig.ident == "new_with_client")
    });
    for item in &mut item.items {
        if let ImplItem::Fn(item) = item {
            Owned.visit_return_type_mut(&mut item.sig.output);
            for attribute in &mut item.attrs {
                if let syn::Meta::NameValue(doc) = &mut attribute.meta
                    && let syn::Expr::Lit(syn::ExprLit {
                        lit: syn::Lit::Str(text),
                        ..
                    }) = &mut doc.value
                {
                    *text = syn::LitStr::new(&arguments_indented(&text.value()), text.span());
                }
            }
        }
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

/// Takes the lifetimes out of types.
struct Owned;

impl VisitMut for Owned {
    fn visit_path_arguments_mut(&mut self, arguments: &mut syn::PathArguments) {
        visit_mut::visit_path_arguments_mut(self, arguments);
        if let syn::PathArguments::AngleBracketed(inner) = arguments
            && inner
                .args
                .iter()
                .all(|argument| matches!(argument, syn::GenericArgument::Lifetime(_)))
        {
            *arguments = syn::PathArguments::None;
        }
    }
}

/// Rewrites the methods of a builder: the constructor, the setters, and `send`.
fn methods(item: &mut ItemImpl, operation: &Operation) -> Option<()> {
    let mut added = Vec::new();
    for method in &mut item.items {
        let ImplItem::Fn(method) = method else {
            continue;
        };
        let name = method.sig.ident.to_string();
        if name == "new" {
            // Made by the client's method of the operation's name.
            method.vis = parse_quote!(pub(super));
            for input in &mut method.sig.inputs {
                if let FnArg::Typed(input) = input {
                    input.ty = parse_quote!(&super::Client);
                }
            }
            visit_mut::visit_block_mut(&mut Constructor, &mut method.block);
        } else if name == "send" {
            added = send(method, operation)?;
        } else if let Some(parameter) = operation.parameters.iter().find(|p| p.ident() == name) {
            setter(method, parameter)?;
        } else if name == "body" {
            method
                .attrs
                .push(parse_quote!(#[doc = "What is sent as the body."]));
        } else if name == "body_map" {
            method
                .attrs
                .push(parse_quote!(#[doc = "What is sent as the body, made by its builder."]));
        }
    }
    item.items.extend(added);
    Some(())
}

/// `client: client` in the constructor becomes `client: client.clone()`, and a missing parameter says what to call.
struct Constructor;

impl VisitMut for Constructor {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        let syn::Member::Named(name) = &field.member else {
            return;
        };
        if name == "client" {
            field.expr = parse_quote!(client.clone());
        } else if field.expr.to_token_stream().to_string().starts_with("Err") {
            let reason = format!("{name} is missing: call .{name}(…) before sending");
            field.expr = parse_quote!(Err(#reason.to_string()));
        }
    }
}

/// Gives a setter its docs, its checks, and an error that says which value was wrong.
fn setter(method: &mut syn::ImplItemFn, parameter: &Parameter) -> Option<()> {
    let description = &parameter.description;
    method.attrs.push(parse_quote!(#[doc = #description]));
    let wire = &parameter.name;
    let field = format_ident!("{}", parameter.ident());

    // `V: TryInto<T>` becomes `V: TryInto<T, Error: Display>`, so that the reason is not lost.
    let clause = method.sig.generics.where_clause.as_mut()?;
    clause
        .predicates
        .push(parse_quote!(V::Error: ::std::fmt::Display));
    let reason = format!("{wire}: {{error}}");
    let required = !method.block.to_token_stream().to_string().contains("Some");
    let check = match &parameter.check {
        Check::Type => None,
        Check::Range(min, max) => {
            let max = match max {
                Some(max) => quote!(::std::option::Option::Some(#max)),
                None => quote!(::std::option::Option::None),
            };
            Some(quote!(.and_then(|value| crate::values::in_range(#wire, value, #min, #max))))
        }
        Check::OneOf(values) => {
            Some(quote!(.and_then(|value| crate::values::one_of(#wire, value, &[#(#values),*]))))
        }
        Check::CommaList => {
            Some(quote!(.and_then(|value| crate::values::comma_list(#wire, value))))
        }
    };
    let wrap = (!required).then(|| match parameter.check {
        // An empty list chooses nothing: it is left out.
        Check::CommaList => quote!(),
        _ => quote!(.map(::std::option::Option::Some)),
    });
    method.block = parse_quote!({
        self.#field = value
            .try_into()
            .map_err(|error| format!(#reason))
            #check
            #wrap;
        self
    });
    Some(())
}

/// Turns progenitor's `send` into the private `dispatch`, and gives the methods that go by way of a call.
fn send(method: &mut syn::ImplItemFn, operation: &Operation) -> Option<Vec<ImplItem>> {
    let docs = std::mem::take(&mut method.attrs);
    method.sig.ident = format_ident!("dispatch");
    method.vis = syn::Visibility::Inherited;
    let ReturnType::Type(_, output) = &method.sig.output else {
        return None;
    };
    let success = success_type(output)?;

    // What a comma-joined list needs on the wire, once the request is built.
    let lists: Vec<_> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.check == Check::CommaList)
        .map(|parameter| &parameter.name)
        .collect();
    let built = method.block.stmts.iter().position(
        |statement| matches!(statement, Stmt::Local(local) if local.pat.to_token_stream().to_string().contains("request")),
    )?;
    for name in lists {
        method.block.stmts.insert(
            built + 1,
            parse_quote!(crate::values::plain_commas(&mut request, #name);),
        );
    }

    let variant = tables::variant(operation);
    let subjects = operation
        .in_path()
        .map(|(name, field)| quote!(.subject(#name, self.#field.as_deref().ok())));
    let page = operation.pagination.as_ref().map(|pagination| {
        let field = format_ident!("{}", crate::rewrite::naming::field_name(&pagination.page));
        quote!(.page(self.#field.as_ref().ok().copied().flatten()))
    });
    let call = quote! {
        let mut call = crate::Call::new(super::Operation::#variant) #(#subjects)* #page;
        self.client = call.attach(self.client);
    };

    // A success that is JSON can be decoded into a type of the caller's.
    let mut generic = Generic { found: false };
    generic.visit_block_mut(&mut method.block);
    if !generic.found {
        return Some(vec![parse_quote! {
            #(#docs)*
            pub async fn send(mut self) -> Result<crate::Response<#success>, crate::Error> {
                #call
                call.run_plain(self.dispatch()).await
            }
        }]);
    }
    method.sig.generics = parse_quote!(<T: ::serde::de::DeserializeOwned>);
    method.sig.output = parse_quote!(-> Result<ResponseValue<T>, Error<types::ErrorResponse>>);
    Some(vec![
        parse_quote! {
            #(#docs)*
            ///
            /// # Errors
            ///
            /// Whatever keeps the response from being had, as one [`Error`](crate::Error).
            pub async fn send(self) -> Result<crate::Response<#success>, crate::Error> {
                self.send_as().await
            }
        },
        parse_quote! {
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
        },
    ])
}

/// The `T` of `Result<ResponseValue<T>, _>`.
fn success_type(output: &Type) -> Option<Type> {
    let mut ty = output.clone();
    for _ in 0..2 {
        let Type::Path(path) = &ty else { return None };
        let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments
        else {
            return None;
        };
        let syn::GenericArgument::Type(inner) = arguments.args.first()? else {
            return None;
        };
        ty = inner.clone();
    }
    Some(ty)
}

/// Finds whether the success arm decodes JSON, so that its type can be left to the caller, and has the way of the calls
/// decode it.
struct Generic {
    found: bool,
}

impl VisitMut for Generic {
    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        let status = arm.pat.to_token_stream().to_string();
        if status.starts_with('2') {
            self.visit_expr_mut(&mut arm.body);
        }
    }

    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        if call
            .func
            .to_token_stream()
            .to_string()
            .ends_with(":: from_response")
        {
            *call.func = parse_quote!(crate::http::call::read);
            self.found = true;
        }
    }
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
