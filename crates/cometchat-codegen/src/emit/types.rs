//! The generated types: decoded leniently, open to new fields, with docs on every field.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Field, FieldValue, Fields, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, Member, Type,
    WhereClause, parse_quote,
};

use crate::document::naming::{deprecated, property_field};
use crate::document::spec::RUNTIME_TYPES;
use crate::document::spec::{entries, schema_name};
use crate::emit::code::{json_schema, mentions};
use crate::emit::{open_enum, path_param, structs, tables};
use crate::plan::Plan;

/// The content of the module `types`: what progenitor made of it, and what it was told is there.
pub fn tokens(emitted: Vec<Item>, plan: &Plan<'_>) -> TokenStream {
    let builders = builders(&emitted);
    let runtime: Vec<_> = RUNTIME_TYPES
        .iter()
        .filter(|name| plan.spec.schema(name).is_some())
        .map(|name| format_ident!("{name}"))
        .collect();
    let runtime = (!runtime.is_empty()).then(|| quote!(pub use crate::values::{#(#runtime),*};));
    // A struct with public fields and a `Default` needs no builder but as a request body.
    let bodies: BTreeSet<_> = plan
        .operations
        .iter()
        .filter_map(|operation| schema_name(&operation.body.as_ref()?.schema))
        .filter(|name| builders.contains(*name))
        .collect();
    let (mut errors, mut rewritten) = (None, Vec::new());
    for item in emitted {
        match item {
            Item::Mod(item) if item.ident == "error" => errors = Some(item),
            Item::Mod(mut item) if item.ident == "builder" => {
                if let Some((_, items)) = &mut item.content
                    && !bodies.is_empty()
                {
                    items.retain(|item| bodies.contains(&*subject(item)));
                    for item in items {
                        deprecate(item, plan);
                        let schema = plan.spec.schema(&subject(item)).unwrap_or(&Value::Null);
                        OpenBuilder::of(schema).visit_item_mut(item);
                    }
                    rewritten.push(quote!(#[allow(missing_docs)] #item));
                }
            }
            Item::Impl(mut item) if is_builder(&item) => {
                if bodies.contains(&*name(&item.self_ty)) {
                    if let Some(ImplItem::Fn(method)) = item.items.first_mut() {
                        method
                            .attrs
                            .push(parse_quote!(#[doc = "A builder of this type."]));
                    }
                    rewritten.push(item.into_token_stream());
                }
            }
            Item::Struct(item) if matches!(item.fields, Fields::Named(_)) => {
                let schema = plan.spec.schema(&item.ident.to_string());
                let schema = schema.unwrap_or(&Value::Null);
                rewritten.push(structs::tokens(item, schema, plan));
            }
            // A newtype gives what is in it by `AsRef`; a `Deref` is for pointers.
            Item::Struct(mut item) => {
                if !item
                    .attrs
                    .iter()
                    .any(|attribute| mentions(attribute, "PartialEq"))
                {
                    item.attrs.push(parse_quote!(#[derive(PartialEq)]));
                }
                item.attrs.push(json_schema());
                let name = &item.ident;
                let inner = item.fields.iter_mut().next().map(|field| {
                    field.vis = syn::Visibility::Inherited;
                    &field.ty
                });
                let as_ref = inner.map(|inner| {
                    quote! {
                        impl ::std::convert::AsRef<#inner> for #name {
                            fn as_ref(&self) -> &#inner {
                                &self.0
                            }
                        }
                    }
                });
                rewritten.push(quote!(#item #as_ref));
            }
            Item::Impl(item) if is_deref(&item) => {}
            other => rewritten.push(other.into_token_stream()),
        }
    }
    // The errors of conversions, where something is left that converts.
    let errors = errors.filter(|_| {
        rewritten
            .iter()
            .any(|item| mentions(item, "ConversionError"))
    });
    let enums = plan.enums.iter().map(open_enum::tokens);
    let codes = plan
        .enums
        .iter()
        .filter_map(|item| tables::error_codes(plan.spec, item));
    let segments = plan.segments.iter().map(path_param::tokens);
    quote!(#runtime #(#rewritten)* #errors #(#enums)* #(#codes)* #(#segments)*)
}

/// The names of the types that have a builder.
fn builders(emitted: &[Item]) -> BTreeSet<String> {
    let modules = emitted.iter().filter_map(|item| match item {
        Item::Mod(ItemMod {
            ident,
            content: Some((_, items)),
            ..
        }) if ident == "builder" => Some(items),
        _ => None,
    });
    modules.flatten().map(subject).collect()
}

/// The name of the type that an item is about.
fn subject(item: &Item) -> String {
    match item {
        Item::Struct(item) => item.ident.to_string(),
        Item::Impl(item) => name(&item.self_ty),
        _ => String::new(),
    }
}

/// Marks the setters of a type's builder whose property is deprecated.
fn deprecate(item: &mut Item, plan: &Plan<'_>) {
    let schema = plan.spec.schema(&subject(item)).unwrap_or(&Value::Null);
    let Item::Impl(item) = item else { return };
    for method in &mut item.items {
        if let ImplItem::Fn(method) = method
            && let Some((_, property)) = entries(&schema["properties"])
                .find(|(name, property)| method.sig.ident == property_field(name, property))
        {
            method.attrs.extend(deprecated(property));
        }
    }
}

/// The last part of a path to a type.
fn name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
    .unwrap_or_default()
}

/// Whether an item lets a newtype be used as what is in it.
fn is_deref(item: &ItemImpl) -> bool {
    item.trait_.as_ref().is_some_and(|(path, _)| {
        path.segments
            .last()
            .is_some_and(|name| name.ident == "Deref")
    })
}

/// Whether an `impl` only gives the builder of a type.
fn is_builder(item: &ItemImpl) -> bool {
    matches!(&item.items[..], [ImplItem::Fn(item)] if item.sig.ident == "builder")
}

/// Gives the field of a builder that keeps what the schema does not name the type that the built one has, and lets it be left
/// out.
struct OpenBuilder {
    /// The fields of the properties.
    named: BTreeSet<String>,
}

impl OpenBuilder {
    fn of(schema: &Value) -> Self {
        let properties = entries(&schema["properties"]);
        let named = properties.map(|(name, property)| property_field(name, property).to_string());
        Self {
            named: named.collect(),
        }
    }

    fn is_named(&self, ident: &Ident) -> bool {
        self.named.contains(&ident.to_string())
    }
}

impl VisitMut for OpenBuilder {
    fn visit_field_mut(&mut self, field: &mut Field) {
        if field
            .ident
            .as_ref()
            .is_some_and(|ident| !self.is_named(ident))
        {
            field.ty =
                parse_quote!(::std::result::Result<crate::values::Extra, ::std::string::String>);
        }
    }

    fn visit_impl_item_fn_mut(&mut self, method: &mut ImplItemFn) {
        let is_setter = method.sig.inputs.len() == 2;
        if is_setter && !self.is_named(&method.sig.ident) {
            let bound: WhereClause = parse_quote!(where T: ::std::convert::TryInto<crate::values::Extra>, T::Error: ::std::fmt::Display,);
            method.sig.generics.where_clause = Some(bound);
        }
        visit_mut::visit_impl_item_fn_mut(self, method);
    }

    fn visit_field_value_mut(&mut self, value: &mut FieldValue) {
        if let Member::Named(ident) = &value.member
            && !self.is_named(ident)
            && mentions(&value.expr, "no value supplied for")
        {
            value.expr = parse_quote!(Ok(Default::default()));
        }
    }
}
