//! Lists: how an operation with `x-pagination` pages, and the key of its rows.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::document::naming::field_name;
use crate::plan::{Operation, Pagination};

/// Returns the methods of an operation that pages.
pub fn list_operation(operation: &Operation, pagination: &Pagination) -> Option<TokenStream> {
    let builder = operation.builder();
    let item = format_ident!("{}", pagination.item_type);
    let page = operation.page()?.field();
    let size = operation.query_parameter(&pagination.size)?.field();
    let names = operation.in_path().map(|parameter| &parameter.name);
    let fields = operation.in_path().map(|parameter| parameter.field());
    Some(quote! {
        crate::list::list_operation!(#builder: types::#item, #page, #size, [#(#names = #fields),*]);
    })
}

/// Returns how an operation pages, for the table of operations.
pub fn layout(operation: &Operation) -> TokenStream {
    let Some(pagination) = &operation.pagination else {
        return quote!(::std::option::Option::None);
    };
    let Pagination {
        page,
        items,
        meta,
        cursors,
        key,
        ..
    } = pagination;
    let max_rows = max_rows(pagination);
    let rows = operation
        .query_parameter(&pagination.size)
        .and_then(|size| size.default);
    let rows = match rows.and_then(|rows| u32::try_from(rows).ok()) {
        Some(rows) => quote!(::std::option::Option::Some(#rows)),
        None => quote!(::std::option::Option::None),
    };
    quote! {
        ::std::option::Option::Some(crate::list::Layout {
            page: #page,
            items: #items,
            meta: &[#(#meta),*],
            cursors: &[#(&[#(#cursors),*]),*],
            key: #key,
            max_rows: #max_rows,
            default_rows: #rows,
        })
    }
}

/// Returns the number of rows over which a page is rejected, as a literal.
pub fn max_rows(pagination: &Pagination) -> Literal {
    Literal::u64_unsuffixed(pagination.max_rows)
}

/// Returns the id of a row.
pub fn list_item(pagination: &Pagination) -> TokenStream {
    let item = format_ident!("{}", pagination.item_type);
    let key = format_ident!("{}", field_name(&pagination.key));
    quote! {
        impl crate::ListItem for #item {
            fn id(&self, _: &str) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(&self.#key)
            }

            fn deserialize_strictly<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                crate::values::strict(deserializer)
            }
        }
    }
}
