//! The public signatures of generated code, a line each: one that is gone breaks users.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, Visibility};

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
                let path = format!("{path}{}::", item.ident);
                if let Some((_, inner)) = &item.content {
                    self::items(inner, &path, found);
                }
            }
            Item::Struct(item) if is_public(&item.vis) => {
                let name = format!("{path}{}", item.ident);
                found.insert(format!("{} struct {name}", open(&item.attrs)));
                for (index, field) in item.fields.iter().enumerate() {
                    if is_public(&field.vis) {
                        let field_name = field
                            .ident
                            .as_ref()
                            .map_or(index.to_string(), ToString::to_string);
                        found.insert(format!("{name}::{field_name}: {}", text(&field.ty)));
                    }
                }
                derives(&item.attrs, &name, found);
            }
            Item::Enum(item) => {
                let name = format!("{path}{}", item.ident);
                found.insert(format!("{} enum {name}", open(&item.attrs)));
                for variant in &item.variants {
                    let fields = match &variant.fields {
                        Fields::Unit => String::new(),
                        fields => text(fields),
                    };
                    found.insert(format!("{name}::{}{fields}", variant.ident));
                }
                derives(&item.attrs, &name, found);
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
            Item::Macro(item) => {
                found.insert(format!("{path}{}", text(&item.mac)));
            }
            Item::Impl(item) => {
                let name = format!("{path}{}", text(&item.self_ty));
                if let Some((of, _)) = &item.trait_ {
                    found.insert(format!("impl {} for {name}", text(of)));
                }
                for inner in &item.items {
                    match inner {
                        ImplItem::Fn(item) if is_public(&item.vis) => {
                            found.insert(format!("{name}::{}", text(&item.sig)));
                        }
                        ImplItem::Const(item) if is_public(&item.vis) => {
                            found.insert(format!(
                                "const {name}::{}: {}",
                                item.ident,
                                text(&item.ty)
                            ));
                        }
                        ImplItem::Type(item) => {
                            found.insert(format!("{name}::{} = {}", item.ident, text(&item.ty)));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns whether more fields or variants may come.
fn open(attributes: &[Attribute]) -> &'static str {
    let open = |attribute: &Attribute| attribute.path().is_ident("non_exhaustive");
    if attributes.iter().any(open) {
        "open"
    } else {
        "closed"
    }
}

fn derives(attributes: &[Attribute], name: &str, found: &mut BTreeSet<String>) {
    for attribute in attributes.iter().filter(|a| a.path().is_ident("derive")) {
        let derived = text(&attribute.meta);
        for derived in derived
            .trim_start_matches("derive")
            .trim_matches(['(', ')', ' '])
            .split(',')
        {
            found.insert(format!("impl {} for {name}", derived.trim()));
        }
    }
}

pub(super) fn text(code: &(impl ToTokens + ?Sized)) -> String {
    code.to_token_stream().to_string()
}
