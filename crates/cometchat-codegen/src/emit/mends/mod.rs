//! Mends of progenitor's output. Each changes one thing, and counts the places that it finds.
//!
//! They match what progenitor [`VERSION`] writes. A count that differs from what the plan expects fails the generation, so that
//! another version can't change behaviour in silence.

mod api_version;
mod docs;
mod errors;
mod owned;
mod runtime;
mod send;
mod setters;
mod syntax;
mod wire_names;

use syn::File;

use crate::error::{Error, Finding};
use crate::plan::Plan;

/// The version of progenitor that the mends are written for; Cargo.toml pins it.
const VERSION: &str = "0.15.1";

/// A mend: changes the file, and returns how many places it found.
type Mend = fn(&mut File, &Plan<'_>) -> usize;

/// Returns how many places a mend is to find.
type Expected = fn(&Plan<'_>) -> usize;

/// The mends in their order.
const MENDS: [(&str, Mend, Expected); 8] = [
    ("runtime", runtime::mend, runtime::expected),
    ("errors", errors::mend, errors::expected),
    ("owned", owned::mend, owned::expected),
    ("api_version", api_version::mend, api_version::expected),
    ("wire_names", wire_names::mend, wire_names::expected),
    ("setters", setters::mend, setters::expected),
    ("docs", docs::mend, docs::expected),
    ("send", send::mend, send::expected),
];

/// Makes all mends.
///
/// # Errors
///
/// Names the mend that found another number of places than the plan expects.
pub(super) fn apply(file: &mut File, plan: &Plan<'_>) -> Result<(), Error> {
    for (name, mend, expected) in MENDS {
        counted(name, mend(file, plan), expected(plan))?;
    }
    Ok(())
}

fn counted(name: &str, found: usize, expected: usize) -> Result<(), Error> {
    if found == expected {
        return Ok(());
    }
    Err(Finding::error(
        "mend",
        "the document",
        format!(
            "the mend `{name}` found {found} places in progenitor's output and expects {expected}; it is written for progenitor \
             {VERSION}"
        ),
        "see ARCHITECTURE.md on how to raise progenitor's version; with that version, report this document",
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::spec::Spec;

    const SPEC: &str = "
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: 'https://{appId}.{region}', variables: {appId: {default: a}, region: {default: us, enum: [us]}}}]
paths:
  /things/{guid}:
    get:
      operationId: listThings
      parameters:
        - {name: guid, in: path, required: true, description: The group., schema: {type: string}}
        - {name: send, in: query, schema: {type: integer, minimum: 1}}
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: X-Trace, in: header, deprecated: true, schema: {type: string}}
      responses: {'200': {description: D, content: {application/json: {schema: {type: object}}}}}
";

    /// Makes a mend in items of the module `builder`, and returns the count and the code.
    pub(super) fn mended(mend: Mend, snippet: &str) -> (usize, String) {
        let spec = Spec::parse(SPEC).unwrap();
        let mut file = syn::parse_str(&format!("pub mod builder {{ {snippet} }}")).unwrap();
        let found = mend(&mut file, &Plan::new(&spec));
        (found, prettyplease::unparse(&file))
    }

    #[test]
    fn another_count_names_the_mend_and_the_version() {
        assert!(counted("owned", 4, 4).is_ok());
        let error = counted("owned", 3, 4).unwrap_err().to_string();
        for part in ["`owned` found 3 places", "expects 4", VERSION] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn every_mend_fits_the_output_of_progenitor() {
        let spec = Spec::parse(SPEC).unwrap();
        let plan = Plan::new(&spec);
        let prepared = crate::emit::prepared(&plan);
        let mut file = crate::emit::progenitor(prepared, &plan).unwrap();
        for (name, mend, expected) in MENDS {
            assert_eq!(mend(&mut file, &plan), expected(&plan), "{name}");
            // A second time there is nothing left to mend.
            if !matches!(name, "runtime" | "setters" | "docs" | "send") {
                assert_eq!(mend(&mut file.clone(), &plan), 0, "{name}");
            }
        }
    }
}
