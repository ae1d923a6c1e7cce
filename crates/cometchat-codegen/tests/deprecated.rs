//! What a spec marks as deprecated is so in the code, with the spec's words.

use cometchat_codegen::{generate, spec};
use syn::{Attribute, ImplItem, Item};

/// The note of what is deprecated.
fn note(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("deprecated"))?;
    let mut note = String::new();
    let parsed = attribute.parse_nested_meta(|meta| {
        note = meta.value()?.parse::<syn::LitStr>()?.value();
        Ok(())
    });
    parsed.unwrap();
    Some(note)
}

/// What is deprecated in the code, and the notes.
fn found(prefix: &str, items: &[Item], all: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Mod(item) => {
                let (_, items) = item.content.as_ref().unwrap();
                found(&format!("{prefix}{}::", item.ident), items, all);
            }
            Item::Struct(item) => {
                let named = |name: &str| format!("{prefix}{}{name}", item.ident);
                let own = note(&item.attrs).map(|note| format!("{}: {note}", named("")));
                all.extend(own);
                for field in &item.fields {
                    let name = field.ident.as_ref().map(|name| format!(".{name}"));
                    let name = named(&name.unwrap_or_default());
                    all.extend(note(&field.attrs).map(|note| format!("{name}: {note}")));
                }
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let syn::Type::Path(ty) = &*item.self_ty else {
                    continue;
                };
                let ty = &ty.path.segments.last().unwrap().ident;
                for item in &item.items {
                    if let ImplItem::Fn(item) = item {
                        let name = format!("{prefix}{ty}::{}", item.sig.ident);
                        all.extend(note(&item.attrs).map(|note| format!("{name}: {note}")));
                    }
                }
            }
            _ => {}
        }
    }
}

#[test]
fn what_is_deprecated_is_so_in_words_of_the_spec() {
    let mut document = spec::read(include_str!("specs/plain.yaml")).unwrap();
    let added = spec::read(include_str!("specs/deprecated.yaml")).unwrap();
    json_patch::merge(&mut document, &added);
    let code = generate(&document.to_string()).unwrap_or_else(|error| panic!("{error}"));
    let mut all = Vec::new();
    found("", &syn::parse_file(&code).unwrap().items, &mut all);
    all.sort();
    let bare = "The spec marks it as deprecated.";
    let expected = [
        (
            "Client::make_thing",
            "Deprecated since 2. Use POST /v4/things instead.",
        ),
        ("builder::MakeThing::city", "Replaced by town."),
        ("builder::MakeThing::old", "No longer used."),
        (
            "builder::MakeThing::old_id",
            "Deprecated: it changes. Use newId instead.",
        ),
        ("builder::MakeThing::tags", bare),
        ("builder::MakeThing::x_old", bare),
        ("types::MakeThingBody.old", "Use name instead."),
        ("types::MakeThingBody.older", "Use name instead."),
        ("types::Thing.any", bare),
        ("types::Thing.bare", bare),
        ("types::Thing.inline", "Replaced by plain."),
        ("types::Thing.kind", bare),
        ("types::Thing.list", bare),
        ("types::Thing.map", bare),
        ("types::Thing.maybe", bare),
        ("types::Thing.named", "Will be removed in May."),
        ("types::Thing.plain", "Deprecated. Use other instead."),
        ("types::Thing.words", bare),
        ("types::builder::MakeThingBody::old", "Use name instead."),
        ("types::builder::MakeThingBody::older", "Use name instead."),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(item, note)| format!("{item}: {note}"))
        .collect();
    assert_eq!(all, expected);
}
