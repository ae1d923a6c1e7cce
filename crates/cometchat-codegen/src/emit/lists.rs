//! What a spec's `x-pagination` becomes: how a list pages, and how its rows are told apart.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::document::naming::field_name;
use crate::plan::{Operation, Pagination};

/// How an operation pages.
pub fn list_operation(operation: &Operation, pagination: &Pagination) -> Option<TokenStream> {
    let builder = operation.builder();
    let item = format_ident!("{}", pagination.item_type);
    let page = operation.query_parameter(&pagination.page)?.field();
    let size = operation.query_parameter(&pagination.size)?;
    let default_size = size
        .default
        .and_then(|rows| u32::try_from(rows).ok())
        .map(|rows| quote!(.or(::std::option::Option::Some(#rows))));
    let size = size.field();
    let (items, key, meta) = (&pagination.items, &pagination.key, &pagination.meta);
    let cursors = &pagination.cursors;
    let max_rows = max_rows(pagination);
    let subjects = operation.in_path().map(|(name, field)| {
        quote!(subjects.extend(self.#field.iter().map(|value| (#name, value.to_string())));)
    });
    Some(quote! {
        impl crate::list::Sealed for #builder {}
        impl crate::ListOperation for #builder {
            type Item = types::#item;
            const OPERATION: crate::Operation = crate::Operation::#builder;
            const FIELDS: &'static [crate::Field] = types::#item::FIELDS;
            const ITEMS: &'static str = #items;
            const META: &'static [&'static str] = &[#(#meta),*];
            const CURSORS: &'static [&'static [&'static str]] = &[#(&[#(#cursors),*]),*];
            const KEY: &'static str = #key;
            const MAX_ROWS: usize = #max_rows;
            fn page_number(&self) -> u32 {
                self.#page.as_ref().map_or(0, |page| page.unwrap_or(1))
            }
            fn with_page(self, page: u32) -> Self {
                self.#page(page)
            }
            fn with_page_size(self, rows: u32) -> Self {
                self.#size(rows)
            }
            fn page_size(&self) -> ::std::option::Option<u32> {
                self.#size.as_ref().ok().copied().flatten() #default_size
            }
            fn map_client(mut self, map: impl FnOnce(crate::Client) -> crate::Client) -> Self {
                self.client = map(self.client);
                self
            }
            fn subjects(&self) -> ::std::vec::Vec<(&'static str, ::std::string::String)> {
                #[allow(unused_mut)]
                let mut subjects = ::std::vec::Vec::new();
                #(#subjects)*
                subjects
            }
            fn send_as<T>(
                self,
            ) -> impl ::std::future::Future<Output = Result<crate::Response<T>, crate::Error>> + Send
            where
                T: ::serde::de::DeserializeOwned + Send,
            {
                #builder::send_as(self)
            }
        }
    })
}

/// The number of rows over which a page is refused, as a literal.
pub fn max_rows(pagination: &Pagination) -> Literal {
    Literal::u64_unsuffixed(pagination.max_rows)
}

/// How the rows of a list are told apart.
pub fn list_item(pagination: &Pagination) -> TokenStream {
    let item = format_ident!("{}", pagination.item_type);
    let key = format_ident!("{}", field_name(&pagination.key));
    quote! {
        impl crate::ListItem for types::#item {
            fn id(&self, _: &str) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(&self.#key)
            }
        }
    }
}
