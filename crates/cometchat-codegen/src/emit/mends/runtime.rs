//! Redirects the name `progenitor_client` to the module `crate::progenitor`, which defines what is ours.

use syn::{File, Item, UseTree, parse_quote};

use crate::plan::Plan;

pub(super) fn mend(file: &mut File, _: &Plan<'_>) -> usize {
    let mut found = 0;
    for item in &mut file.items {
        match item {
            Item::Use(item) => {
                if let UseTree::Path(path) = &mut item.tree
                    && path.ident == "progenitor_client"
                {
                    let names = &path.tree;
                    item.tree = parse_quote!(crate::progenitor::#names);
                    found += 1;
                }
            }
            Item::Mod(item) if item.ident == "builder" => {
                if let Some((_, items)) = &mut item.content {
                    items.insert(
                        0,
                        parse_quote!(
                            use crate::{progenitor as progenitor_client, values};
                        ),
                    );
                    found += 1;
                }
            }
            _ => {}
        }
    }
    found
}

/// The two `use` of the file, and the module of the builders.
pub(super) fn expected(_: &Plan<'_>) -> usize {
    3
}

#[cfg(test)]
mod tests {
    use crate::emit::mends::tests::mended;

    #[test]
    fn builders_use_the_runtime_of_the_crate() {
        let (found, code) = mended(super::mend, "fn f() { progenitor_client::g() }");
        assert_eq!(found, 1);
        assert!(
            code.contains("use crate::{progenitor as progenitor_client, values};"),
            "{code}"
        );
    }
}
