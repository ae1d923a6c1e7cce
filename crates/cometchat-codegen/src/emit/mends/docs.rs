//! Documents setters, marks what is deprecated, and hides what only this crate calls.

use syn::{Attribute, File, ImplItem, Item, parse_quote};

use crate::emit::mends::syntax::{builders, each_method, operation_of};
use crate::plan::Plan;

pub(super) fn mend(file: &mut File, plan: &Plan<'_>) -> usize {
    let mut found = 0;
    each_method(file, plan, |operation, method| {
        let name = method.sig.ident.to_string();
        let given = operation
            .parameters
            .iter()
            .find(|parameter| parameter.ident == name);
        let body = operation.body.as_ref();
        let (docs, deprecated) = match (given, name.as_str()) {
            (Some(given), _) => (given.docs(), given.deprecated.as_ref()),
            (_, "new") => {
                method.vis = parse_quote!(pub(super));
                found += 1;
                return;
            }
            (_, "body") => (
                body.map_or_else(String::new, |body| body.description.clone()),
                None,
            ),
            (_, "body_map") => {
                let docs =
                    "Changes the body by its builder; an error of [`body`](Self::body) is kept.";
                method.attrs.push(parse_quote!(#[doc = #docs]));
                return;
            }
            _ => return,
        };
        if !docs.is_empty() {
            method.attrs.push(parse_quote!(#[doc = #docs]));
        }
        method.attrs.extend(deprecated.cloned());
        found += 1;
    });
    for item in builders(file) {
        if let Item::Impl(item) = item
            && operation_of(plan, item).is_some_and(|operation| operation.deprecated.is_some())
        {
            item.attrs.push(parse_quote!(#[allow(deprecated)]));
        }
    }
    file.items.retain_mut(|item| match item {
        Item::Mod(item) if item.ident == "builder" => {
            item.attrs
                .push(parse_quote!(#[allow(missing_docs, unused_imports, unused_mut)]));
            true
        }
        Item::Mod(item) if item.ident == "prelude" => {
            found += 1;
            false
        }
        // Its `Debug` would print headers, and its constructors make an HTTP client that follows redirects.
        Item::Struct(item) if item.ident == "Client" => {
            item.attrs.retain(|attribute| !is_derive(attribute));
            item.attrs.push(parse_quote!(#[derive(Clone)]));
            found += 1;
            true
        }
        Item::Impl(item) if item.trait_.is_none() => {
            let before = item.items.len();
            item.items.retain_mut(|item| {
                let ImplItem::Fn(method) = item else {
                    return true;
                };
                let operation = plan
                    .operations
                    .iter()
                    .find(|operation| method.sig.ident == operation.name);
                method
                    .attrs
                    .extend(operation.and_then(|operation| operation.deprecated.clone()));
                operation.is_some()
            });
            found += before - item.items.len();
            !item.items.is_empty()
        }
        _ => true,
    });
    found
}

/// Setters and `new` of each builder; the client, its two constructors, and the module `prelude`.
pub(super) fn expected(plan: &Plan<'_>) -> usize {
    let operations = plan.operations.iter();
    let setters = operations
        .map(|operation| operation.parameters.len() + usize::from(operation.body.is_some()) + 1);
    setters.sum::<usize>() + 4
}

fn is_derive(attribute: &Attribute) -> bool {
    attribute.path().is_ident("derive")
}

#[cfg(test)]
mod tests {
    use crate::emit::mends::tests::mended;

    #[test]
    fn setters_have_docs_and_new_is_hidden() {
        let (found, code) = mended(
            super::mend,
            "impl ListThings { pub fn new() {} pub fn guid<V>() {} pub fn x_trace<V>() {} }",
        );
        assert_eq!(found, 3);
        for part in [
            "pub(super) fn new",
            "///The group.",
            "#[deprecated",
            "pub fn x_trace",
        ] {
            assert!(code.contains(part), "{code}");
        }
    }
}
