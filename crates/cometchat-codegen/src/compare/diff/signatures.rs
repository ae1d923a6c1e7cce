//! The public signatures of generated code, a line each: one that is gone breaks users.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::{Attribute, ImplItem, Item, Meta, Variant, Visibility};

/// The signatures of generated code, with the types of fields, arguments and results, and without a word of the rest.
pub(super) fn signatures(code: &syn::File) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    items(&code.items, "", &mut found);
    found
}

fn items(items: &[Item], path: &str, found: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Mod(item) => {
                let inner = item.content.as_ref().map_or(&[][..], |(_, items)| items);
                self::items(inner, &format!("{path}{}::", item.ident), found);
            }
            Item::Struct(item) if is_public(&item.vis) => {
                let name = format!("{path}{}", item.ident);
                declaration("struct", &name, &item.attrs, found);
                for (index, field) in item.fields.iter().enumerate() {
                    if is_public(&field.vis) {
                        let ident = field.ident.as_ref();
                        let ident = ident.map_or(index.to_string(), ToString::to_string);
                        found.insert(format!("{name}::{ident}: {}", text(&field.ty)));
                    }
                }
            }
            Item::Enum(item) => {
                let name = format!("{path}{}", item.ident);
                declaration("enum", &name, &item.attrs, found);
                let variants = item.variants.iter();
                let line = |of: &Variant| format!("{name}::{}{}", of.ident, text(&of.fields));
                found.extend(variants.map(line));
            }
            Item::Fn(item) if is_public(&item.vis) => {
                found.insert(format!("{path}{}", text(&item.sig)));
            }
            Item::Const(item) if is_public(&item.vis) => {
                found.insert(format!("const {path}{}: {}", item.ident, text(&item.ty)));
            }
            Item::Use(item) if is_public(&item.vis) => {
                found.insert(format!("{path}{}", text(&item.tree)));
            }
            // How a type is read is no signature, but that it is read.
            Item::Macro(item)
                if item
                    .mac
                    .path
                    .segments
                    .iter()
                    .any(|part| part.ident == "object") =>
            {
                let read = item.mac.tokens.clone().into_iter().next();
                let name = read.map(|name| name.to_string()).unwrap_or_default();
                found.insert(format!("impl Deserialize for {path}{name}"));
            }
            Item::Macro(item) => {
                found.insert(format!("{path}{}", text(&item.mac)));
            }
            Item::Impl(item) => {
                let name = format!("{path}{}", text(&item.self_ty));
                if let Some((of, _)) = &item.trait_ {
                    found.insert(format!("impl {} for {name}", text(of)));
                }
                found.extend(item.items.iter().filter_map(|inner| match inner {
                    ImplItem::Fn(inner) if is_public(&inner.vis) => {
                        Some(format!("{name}::{}", text(&inner.sig)))
                    }
                    ImplItem::Const(inner) if is_public(&inner.vis) => Some(format!(
                        "const {name}::{}: {}",
                        inner.ident,
                        text(&inner.ty)
                    )),
                    ImplItem::Type(inner) => Some(format!("{name}::{}", text(inner))),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
}

/// Adds a type: more fields or variants may come if it is open.
fn declaration(kind: &str, name: &str, attributes: &[Attribute], found: &mut BTreeSet<String>) {
    let is_open = attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("non_exhaustive"));
    found.insert(format!(
        "{} {kind} {name}",
        if is_open { "open" } else { "closed" }
    ));
    for attribute in attributes {
        if let Meta::List(list) = &attribute.meta
            && list.path.is_ident("derive")
        {
            let derived = text(&list.tokens);
            let derived = derived.split(',').map(str::trim);
            found.extend(derived.map(|derived| format!("impl {derived} for {name}")));
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

pub(super) fn text(code: &(impl ToTokens + ?Sized)) -> String {
    code.to_token_stream().to_string()
}
