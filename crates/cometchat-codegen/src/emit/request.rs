//! How a builder sends: the request of what it was given, and the methods that run it as a call.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use crate::document::media::Content;
use crate::document::spec::holes;
use crate::emit::{checks, operations};
use crate::plan::{Body, Joined, Operation, Place, Plan, optional};

/// The methods that send, and the private `dispatch` that they share.
pub fn send(plan: &Plan<'_>, operation: &Operation, body: Option<TokenStream>) -> TokenStream {
    let request = request(operation, body);
    let variant = operation.builder();
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
    let summary = operations::sends(operation);
    let docs = quote! {
        #[doc = #summary]
        ///
        /// # Errors
        ///
        /// Whatever keeps the response from being had, as one [`Error`](crate::Error).
    };
    let success = &operation.success;
    let (min, max) = (success.statuses.start(), success.statuses.end());
    let media_type = &success.media_type;
    let (ty, read, run) = match success.content {
        Some(Content::Json) => {
            let ty = optional(success.optional, &plan.rust_type(&success.schema));
            let json = format_ident!(
                "{}",
                if success.optional {
                    "json_or_nothing"
                } else {
                    "json"
                }
            );
            return quote! {
                async fn dispatch<T: ::serde::de::DeserializeOwned>(self) -> crate::http::Dispatched<T> {
                    #request.#json(#min..=#max).await
                }
                #docs
                pub async fn send(self) -> Result<crate::Response<#ty>, crate::Error> {
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
            };
        }
        Some(Content::Text | Content::Form) => (
            quote!(::std::string::String),
            quote!(text(#media_type, #min..=#max)),
            quote!(run),
        ),
        Some(Content::Bytes) => (
            quote!(crate::ByteStream),
            quote!(bytes(#media_type, #min..=#max)),
            quote!(run_bytes),
        ),
        None => (quote!(()), quote!(nothing(#min..=#max)), quote!(run)),
    };
    quote! {
        async fn dispatch(self) -> crate::http::Dispatched<#ty> {
            #request.#read.await
        }
        #docs
        pub async fn send(mut self) -> Result<crate::Response<#ty>, crate::Error> {
            #call
            call.#run(self.dispatch()).await
        }
    }
}

/// The request, put together from what the builder was given.
fn request(operation: &Operation, body: Option<TokenStream>) -> TokenStream {
    let method = format_ident!("{}", operation.method.to_uppercase());
    let template = operation
        .in_path()
        .fold(operation.path.clone(), |path, (name, _)| {
            path.replace(&format!("{{{name}}}"), "{}")
        });
    let holes = holes(&operation.path).filter_map(|hole| {
        let (_, field) = operation.in_path().find(|(name, _)| *name == hole)?;
        Some(quote!(self.#field.as_ref().map(|value| value.to_string())))
    });
    let values = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.place != Place::Path)
        .map(|parameter| {
            let field = parameter.field();
            let (add, name) = match (parameter.place, parameter.list) {
                (Place::Header, _) => (quote!(header), parameter.name.to_lowercase()),
                (_, Some(Joined::Commas)) => (quote!(commas), parameter.name.clone()),
                _ => (quote!(query), parameter.name.clone()),
            };
            let values = match (parameter.list, parameter.required) {
                (Some(Joined::Repeated), true) | (Some(Joined::Commas) | None, false) => None,
                (Some(Joined::Repeated), false) => {
                    Some(quote!(.map(::std::option::Option::unwrap_or_default)))
                }
                (_, true) => Some(quote!(.map(::std::option::Option::Some))),
            };
            quote!(.#add(#name, self.#field #values)?)
        });
    quote! {
        crate::http::Request::new(
            self.client,
            ::reqwest::Method::#method,
            crate::http::path(#template, [#(#holes),*])?,
        )
        #(#values)*
        #body
    }
}

/// Adds the body to a request, checked; `built` is the type that it is made of by its builder.
pub fn body(plan: &Plan<'_>, body: &Body, built: Option<&Ident>) -> TokenStream {
    let absent = if body.required {
        let reason = operations::missing(&format_ident!("body"));
        quote!(Err(#reason.to_string()))
    } else {
        quote!(Ok(::std::option::Option::None))
    };
    let build = built.map(|built| {
        quote! {
            let body = types::#built::try_from(body).map_err(|error| format!("body: {error}"))?;
        }
    });
    let checks = checks::of_value(plan, &body.schema, "body", "{error}");
    let checks = (!checks.is_empty()).then(|| quote!({ let value = &body; #(#checks)* }));
    let checked = (body.required || build.is_some() || checks.is_some()).then(|| {
        quote! {
            .and_then(|body| {
                let ::std::option::Option::Some(body) = body else {
                    return #absent;
                };
                #build
                #checks
                Ok(::std::option::Option::Some(body))
            })
        }
    });
    let value = quote!(self.body #checked);
    let media_type = &body.media_type;
    match body.content {
        Content::Json => quote!(.json_body(#media_type, #value)?),
        Content::Form => quote!(.form_body(#value)?),
        Content::Text | Content::Bytes => quote!(.raw_body(#media_type, #value)?),
    }
}
