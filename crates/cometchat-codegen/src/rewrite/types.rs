//! The generated types: decoded leniently, open to new fields, with docs on every field.

use quote::{ToTokens, format_ident};
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Fields, File, Item, ItemMod, parse_quote};

use crate::error::Error;
use crate::generate::unexpected;
use crate::ir::{Plan, RUNTIME_TYPES};
use crate::rewrite::naming::type_name;
use crate::rewrite::{open_enum, path_param, structs, tables};
use crate::spec::{Spec, array};

/// Rewrites the module `types`, and adds to it what progenitor was told is there.
pub fn rewrite(file: &mut File, spec: &Spec, plan: &Plan) -> Result<(), Error> {
    let bodies = bodies(file);
    let types = module(file, "types").ok_or_else(|| unexpected("pub mod types"))?;
    let mut rewritten = Vec::new();
    let runtime: Vec<_> = RUNTIME_TYPES
        .iter()
        .filter(|name| spec.schema(name).is_some())
        .map(|name| format_ident!("{name}"))
        .collect();
    if !runtime.is_empty() {
        rewritten.push(parse_quote!(pub use crate::values::{#(#runtime),*};));
    }
    for item in types.drain(..) {
        match item {
            // A struct with public fields and a `Default` needs no builder; progenitor's code for a request body does.
            Item::Mod(mut item) if item.ident == "builder" => {
                if let Some((_, items)) = &mut item.content
                    && !bodies.is_empty()
                {
                    items.retain(|item| bodies.iter().any(|name| belongs(item, name)));
                    OpenBuilder.visit_item_mod_mut(&mut item);
                    item.attrs.push(parse_quote!(#[allow(missing_docs)]));
                    rewritten.push(Item::Mod(item));
                }
            }
            Item::Impl(mut item) if is_builder(&item) => {
                let with_builder = Item::Impl(item.clone());
                if bodies.iter().any(|name| belongs(&with_builder, name)) {
                    if let Some(syn::ImplItem::Fn(method)) = item.items.first_mut() {
                        method
                            .attrs
                            .push(parse_quote!(#[doc = "A builder of this type."]));
                    }
                    rewritten.push(Item::Impl(item));
                }
            }
            Item::Struct(mut item) => {
                let name = item.ident.to_string();
                let schema = spec.schema(&name).unwrap_or(&Value::Null);
                if matches!(item.fields, Fields::Named(_)) && is_derived(&item.attrs) {
                    let decode = structs::structure(&mut item, spec, schema, plan)?;
                    rewritten.push(Item::Struct(item));
                    rewritten.push(syn::parse2(decode).map_err(|_| unexpected(&name))?);
                } else {
                    if !item
                        .attrs
                        .iter()
                        .any(|attribute| mentions(attribute, "PartialEq"))
                    {
                        item.attrs.push(parse_quote!(#[derive(PartialEq)]));
                    }
                    item.attrs.push(json_schema());
                    if let Fields::Unnamed(fields) = &mut item.fields {
                        fields.unnamed[0].vis = syn::Visibility::Inherited;
                    }
                    rewritten.push(Item::Struct(item));
                }
            }
            Item::Impl(item) if is_deref(&item) => rewritten.push(as_ref(&item)?),
            Item::Enum(mut item) => {
                item.attrs.push(parse_quote!(#[non_exhaustive]));
                item.attrs.push(json_schema());
                let schema = spec.schema(&item.ident.to_string());
                for variant in &mut item.variants {
                    let values = schema.into_iter().flat_map(|schema| array(&schema["enum"]));
                    let mut values = values.filter_map(Value::as_str);
                    if let Some(value) = values.find(|value| variant.ident == type_name(value)) {
                        let said = format!("`{value}`.");
                        variant.attrs.push(parse_quote!(#[doc = #said]));
                    }
                }
                rewritten.push(Item::Enum(item));
            }
            other => rewritten.push(other),
        }
    }
    let own = plan.enums.iter().map(open_enum::tokens);
    let own = own.chain(
        plan.enums
            .iter()
            .filter_map(|item| tables::error_codes(spec, item)),
    );
    let own = own.chain(plan.segments.iter().map(path_param::tokens));
    for tokens in own {
        let parsed: File = syn::parse2(tokens).map_err(|_| unexpected("pub mod types"))?;
        rewritten.extend(parsed.items);
    }
    // The errors of conversions, where nothing is left that converts.
    let converts = rewritten.iter().any(|item| match item {
        Item::Mod(item) => item.ident != "error" && mentions(item, "ConversionError"),
        item => mentions(item, "ConversionError"),
    });
    rewritten.retain(|item| !matches!(item, Item::Mod(item) if item.ident == "error" && !converts));
    *types = rewritten;
    Ok(())
}

/// Whether an item lets a newtype be used as what is in it.
fn is_deref(item: &syn::ItemImpl) -> bool {
    let of = item.trait_.as_ref();
    of.and_then(|(path, _)| path.segments.last())
        .is_some_and(|name| name.ident == "Deref")
}

/// Access to what is in a newtype, in place of a `Deref`, which is for pointers.
fn as_ref(deref: &syn::ItemImpl) -> Result<Item, Error> {
    let name = &deref.self_ty;
    let target = deref.items.iter().find_map(|item| match item {
        syn::ImplItem::Type(target) => Some(&target.ty),
        _ => None,
    });
    let target = target.ok_or_else(|| unexpected("Deref::Target"))?;
    Ok(parse_quote! {
        impl ::std::convert::AsRef<#target> for #name {
            fn as_ref(&self) -> &#target {
                &self.0
            }
        }
    })
}

/// The items of a module of the file.
pub fn module<'a>(file: &'a mut File, name: &str) -> Option<&'a mut Vec<Item>> {
    file.items.iter_mut().find_map(|item| match item {
        Item::Mod(ItemMod {
            ident,
            content: Some((_, items)),
            ..
        }) if ident == name => Some(items),
        _ => None,
    })
}

/// The types of request bodies, as progenitor's operations name their builders.
fn bodies(file: &mut File) -> Vec<String> {
    let mut names = Names(Vec::new());
    for item in module(file, "builder").into_iter().flatten() {
        names.visit_item_mut(item);
    }
    names.0
}

/// Gathers the names in `types::builder::Name`.
struct Names(Vec<String>);

impl VisitMut for Names {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let segments: Vec<_> = path
            .segments
            .iter()
            .map(|part| part.ident.to_string())
            .collect();
        if let [types, builder, name, ..] = &segments[..]
            && types == "types"
            && builder == "builder"
            && !self.0.contains(name)
        {
            self.0.push(name.clone());
        }
        visit_mut::visit_path_mut(self, path);
    }
}

/// Whether an item of the module of builders is of the type with that name.
fn belongs(item: &Item, name: &str) -> bool {
    let last = |ty: &syn::Type| match ty {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == name),
        _ => false,
    };
    match item {
        Item::Struct(item) => item.ident == name,
        Item::Impl(item) => last(&item.self_ty),
        _ => false,
    }
}

/// Gives a builder the type of `extra` that the built type has, and lets it be left out.
struct OpenBuilder;

impl VisitMut for OpenBuilder {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        if ty
            .to_token_stream()
            .to_string()
            .replace(' ', "")
            .starts_with("::serde_json::Map<")
        {
            *ty = parse_quote!(crate::values::Extra);
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if field
            .expr
            .to_token_stream()
            .to_string()
            .contains("no value supplied for extra")
        {
            field.expr = parse_quote!(Ok(Default::default()));
        }
    }
}

/// Whether an `impl` only gives the builder of a type.
fn is_builder(item: &syn::ItemImpl) -> bool {
    item.trait_.is_none()
        && item.items.len() == 1
        && matches!(&item.items[0], syn::ImplItem::Fn(item) if item.sig.ident == "builder")
}

/// Whether the attributes derive `Deserialize`.
fn is_derived(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("derive") && mentions(attribute, "Deserialize"))
}

/// Whether an identifier stands in some code.
pub(super) fn mentions(code: &impl ToTokens, name: &str) -> bool {
    code.to_token_stream().to_string().contains(name)
}

/// `JsonSchema` by derive, behind the feature.
pub(super) fn json_schema() -> Attribute {
    parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))])
}
