//! Splits `send` in two: what progenitor wrote stays as `dispatch`, and `send` and `send_as` run it as a call, which knows the
//! operation, its path parameters and its page even if no request can be made.

use quote::quote;
use syn::{File, GenericArgument, ImplItem, Item, PathArguments, ReturnType, Type, parse_quote};

use crate::document::media::Content;
use crate::emit::mends::syntax::{builders, operation_of};
use crate::plan::{Operation, Plan};

pub(super) fn mend(file: &mut File, plan: &Plan<'_>) -> usize {
    let mut found = 0;
    for item in builders(file) {
        let Item::Impl(item) = item else { continue };
        let Some(operation) = operation_of(plan, item) else {
            continue;
        };
        let Some(ImplItem::Fn(dispatch)) = item
            .items
            .iter_mut()
            .find(|item| matches!(item, ImplItem::Fn(method) if method.sig.ident == "send"))
        else {
            continue;
        };
        let Some(body) = response_body(&dispatch.sig.output) else {
            continue;
        };
        let docs = std::mem::take(&mut dispatch.attrs);
        dispatch.vis = parse_quote!();
        dispatch.sig.ident = parse_quote!(dispatch);
        let call = call(operation);
        let is_json = operation.success.content == Some(Content::Json);
        if is_json {
            dispatch.sig.generics = parse_quote!(<T: ::serde::de::DeserializeOwned>);
            dispatch.sig.output = parse_quote!(-> Result<ResponseValue<T>, Error>);
        }
        let run = match is_json {
            true => quote!(self.send_as().await),
            false => quote!(#call),
        };
        item.items.push(parse_quote! {
            #(#docs)*
            ///
            /// # Errors
            ///
            /// Returns an error if no valid response arrives.
            pub async fn send(self) -> Result<ResponseValue<#body>, crate::Error> {
                #run
            }
        });
        if is_json {
            item.items.push(parse_quote! {
                /// Sends like [`send`](Self::send), and decodes the response into a type of yours.
                ///
                /// # Errors
                ///
                /// Returns those of `send`, and `Decode` if the body does not fit the type.
                pub async fn send_as<T: ::serde::de::DeserializeOwned>(
                    self,
                ) -> Result<ResponseValue<T>, crate::Error> {
                    #call
                }
            });
        }
        found += 1;
    }
    found
}

/// One `send` per operation.
pub(super) fn expected(plan: &Plan<'_>) -> usize {
    plan.operations.len()
}

/// The call of `dispatch`, with what an error names.
fn call(operation: &Operation) -> proc_macro2::TokenStream {
    let variant = operation.builder();
    let subjects = operation.in_path().map(|parameter| {
        let (name, field) = (&parameter.name, parameter.field());
        quote!(.subject(#name, &self.#field))
    });
    let page = operation.page().map(|parameter| {
        let field = parameter.field();
        quote!(.page(&self.#field))
    });
    quote! {
        crate::progenitor::Call::new(&self.client, super::Operation::#variant)
            #(#subjects)*
            #page
            .run(self.dispatch())
            .await
    }
}

/// The type in `-> Result<ResponseValue<…>, Error>`.
fn response_body(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    first_argument(&first_argument(result)?)
}

fn first_argument(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    match &path.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(list) => {
            list.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::emit::mends::tests::mended;

    #[test]
    fn send_runs_what_progenitor_wrote_as_a_call() {
        let (found, code) = mended(
            super::mend,
            "impl ListThings {
                 ///Sends a `GET` request to `/things/{guid}`
                 pub async fn send(self) -> Result<ResponseValue<types::Thing>, Error> { written() }
             }",
        );
        assert_eq!(found, 1);
        for part in [
            "async fn dispatch<T: ::serde::de::DeserializeOwned>(",
            "written()",
            "ResponseValue<types::Thing>, crate::Error>",
            "pub async fn send_as<T: ::serde::de::DeserializeOwned>(",
            ".subject(\"guid\", &self.guid)",
        ] {
            assert!(code.contains(part), "{code}");
        }
    }
}
