//! What the spec makes of itself in Rust, one snapshot a type and an operation, so that a change reads well in review.

use quote::{ToTokens, quote};
use syn::{ImplItem, Item, ItemImpl, Type, Visibility};

/// The committed client, as the compiler reads it.
fn generated() -> syn::File {
    syn::parse_file(include_str!("../src/generated.rs")).unwrap()
}

/// The items of a public module of the client.
fn module(name: &str) -> Vec<Item> {
    let items = generated().items.into_iter();
    let found = items.filter_map(|item| match item {
        Item::Mod(item) if item.ident == name => Some(item.content?.1),
        _ => None,
    });
    found.flatten().collect()
}

fn print(items: Vec<Item>) -> String {
    prettyplease::unparse(&syn::parse_quote!(#(#items)*))
}

/// The public methods of an `impl`, without their bodies.
fn signatures(item: &ItemImpl) -> Vec<String> {
    let methods = item.items.iter().filter_map(|item| match item {
        ImplItem::Fn(method) if matches!(method.vis, Visibility::Public(_)) => {
            let (attributes, signature) = (&method.attrs, &method.sig);
            Some(quote!(#(#attributes)* pub #signature {}))
        }
        _ => None,
    });
    methods
        .map(|method| print(vec![Item::Verbatim(method)]))
        .collect()
}

fn is_type(ty: &Type, name: &str) -> bool {
    ty.to_token_stream().to_string() == name
}

#[test]
fn types() {
    let mut seen = 0;
    for item in module("types").into_iter().chain(module("server")) {
        let name = match &item {
            Item::Struct(item) => item.ident.to_string(),
            Item::Enum(item) => item.ident.to_string(),
            _ => continue,
        };
        seen += 1;
        insta::assert_snapshot!(format!("type_{name}"), print(vec![item]));
    }
    assert!(seen > 10, "only {seen} types were found");
}

#[test]
fn operations() {
    let builders = module("builder");
    let mut seen = 0;
    for item in &builders {
        let Item::Struct(builder) = item else {
            continue;
        };
        let name = builder.ident.to_string();
        let mut methods = Vec::new();
        for item in &builders {
            match item {
                Item::Impl(item) if is_type(&item.self_ty, &name) => {
                    methods.extend(signatures(item));
                }
                // What makes it a list.
                Item::Macro(list)
                    if list
                        .mac
                        .tokens
                        .to_string()
                        .starts_with(&format!("{name} :")) =>
                {
                    methods.push(print(vec![item.clone()]));
                }
                _ => {}
            }
        }
        seen += 1;
        insta::assert_snapshot!(format!("operation_{name}"), methods.join("\n"));
    }
    assert!(seen >= 2, "only {seen} operations were found");
}

#[test]
fn client_methods() {
    let items = generated().items;
    let methods: Vec<_> = items
        .iter()
        .filter_map(|item| match item {
            Item::Impl(item) if is_type(&item.self_ty, "Client") && item.trait_.is_none() => {
                Some(signatures(item))
            }
            _ => None,
        })
        .flatten()
        .collect();
    insta::assert_snapshot!(methods.join("\n"));
}

/// The feature `codegen` gives the code that is committed.
#[cfg(feature = "codegen")]
#[test]
fn generation_at_build_time_gives_the_committed_code() {
    if std::env::var_os("COMETCHAT_OPENAPI").is_none() {
        let built = include_str!(concat!(env!("OUT_DIR"), "/generated.rs"));
        assert_eq!(built, include_str!("../src/generated.rs"));
    }
}
