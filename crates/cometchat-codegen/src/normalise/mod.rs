//! From OpenAPI as vendors write it to the plain form that everything else reads.
//!
//! [`normalise`] runs [`STEPS`] in order, once, between the text and [`Spec`](crate::document::spec::Spec): lint, the plan,
//! progenitor, `diff` and `drift` see the normalised document only. A step is a function `fn(&mut Value, &mut Context)`
//! in a file of its own, with a table of tests (document before, document after) in the same file. It says in its module
//! comment what it reads and what it leaves. To add a step, add its file and its line in `STEPS`.
//!
//! What a step may rely on: every `$ref` leads to something in the document, and none in a circle of nothing but
//! references; but for schemas, each part is of the JSON type that OpenAPI gives it ([`shape`] holds that). What it must
//! keep: a document in plain form comes out as it went in (a test holds this), whatever a value's type is nothing panics,
//! and the result doesn't depend on the order of a map, but for that of properties.
//!
//! A step that passes something over, or makes up what the document lacks, says so by [`Context::warn`]; what can't be
//! generated is [`Context::refuse`]d, with the location and what to do, and the later steps still run.

mod aliases;
mod all_of;
mod bodies;
mod context;
mod descriptions;
mod docs;
mod enum_of;
mod enums;
mod inline;
mod leniency;
mod names;
mod openapi_3_1;
mod operation_ids;
mod parameters;
mod parts;
mod responses;
mod shape;
mod types;
mod unions;
mod usage;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::document::read::read;
use crate::document::references;
use crate::document::spec::{Spec, shown};
use crate::document::walk::{members, members_of};
use crate::error::{Error, Finding};
use crate::normalise::context::Context;

/// The steps, in the order in which they run.
const STEPS: &[fn(&mut Value, &mut Context)] = &[
    openapi_3_1::apply,
    parts::apply,
    // Schemas, each in one form.
    enum_of::apply,
    aliases::apply,
    all_of::apply,
    unions::apply,
    circles,
    types::apply,
    // Operations.
    operation_ids::apply,
    parameters::apply,
    bodies::apply,
    responses::apply,
    // Names, docs, and who writes what.
    inline::apply,
    enums::apply,
    descriptions::apply,
    leniency::apply,
    names::apply,
];

impl Spec {
    /// Reads a spec from YAML or JSON, and brings it into plain form.
    ///
    /// # Errors
    ///
    /// The text can't be read, is not OpenAPI 3.0 or 3.1, has a `$ref` to nothing, out of the document or in a circle, or has what
    /// can't be brought into plain form.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (root, warnings) = normalise(read(text)?)?;
        let sha256 = Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Self {
            root,
            warnings,
            sha256,
        })
    }
}

/// Returns the document in plain form, and what was passed over or made up.
///
/// # Errors
///
/// What no step can make anything of, each with its location.
pub(crate) fn normalise(mut document: Value) -> Result<(Value, Vec<Finding>), Error> {
    let mut context = Context::default();
    version(&mut document, &mut context)?;
    extensions(&mut document);
    references::check(&mut document)?;
    shape::apply(&mut document, &mut context);
    if !context.is_refused() {
        for step in STEPS {
            step(&mut document, &mut context);
        }
    }
    Ok((document, Error::check(context.findings)?))
}

/// Checks that a document says that it is OpenAPI 3.0 or 3.1, and has paths.
fn version(document: &mut Value, context: &mut Context) -> Result<(), Finding> {
    let refused = |location: &str, problem: String, help: &str| {
        Finding::error("openapi-version", location, problem, help)
    };
    let given = match &document["openapi"] {
        Value::Null if document["swagger"].is_null() => "and say so".to_owned(),
        Value::Null => format!("not Swagger {}", shown(&document["swagger"])),
        version => format!("not OpenAPI {}", shown(version)),
    };
    let version = shown(&document["openapi"]);
    let whole = match version.as_str() {
        "3.0" => "3.0.3",
        "3.1" => "3.1.0",
        version if version.starts_with("3.0.") || version.starts_with("3.1.") => version,
        _ => {
            return Err(refused(
                "openapi",
                format!("the document must be OpenAPI 3.0 or 3.1, {given}"),
                "convert it to OpenAPI 3.0, and write `openapi: 3.0.3`",
            ));
        }
    };
    if document["openapi"] != whole {
        context.warn(
            "openapi-version",
            "openapi",
            format!("version {version} is read as {whole}"),
            format!("write `openapi: {whole}`"),
        );
        document["openapi"] = Value::from(whole);
    }
    if !document["paths"].is_object() {
        return Err(refused(
            "paths",
            "the document has no paths".to_owned(),
            "add `paths:` with an operation; webhooks alone give no client",
        ));
    }
    Ok(())
}

/// Refuses circles of references that the steps before made, as of a schema whose one variant is made of the schema itself.
fn circles(document: &mut Value, context: &mut Context) {
    context.findings.extend(references::circles(document));
}

/// Removes extensions from among paths, sections of components, and responses.
fn extensions(document: &mut Value) {
    let remove = |value: Option<&mut Value>| {
        if let Some(value) = value.and_then(Value::as_object_mut) {
            value.retain(|key, _| !key.starts_with("x-"));
        }
    };
    remove(document.get_mut("components"));
    remove(document.get_mut("paths"));
    for (_, item) in members_of(document, "paths") {
        for (_, operation) in members(item) {
            remove(operation.get_mut("responses"));
        }
    }
}

/// The document after one step, and the warnings and errors of it, for the steps' tables.
#[cfg(test)]
pub(crate) fn run(step: fn(&mut Value, &mut Context), document: &str) -> (Value, Vec<Finding>) {
    let mut document = serde_saphyr::from_str(document).unwrap();
    let mut context = Context::default();
    step(&mut document, &mut context);
    (document, context.findings)
}

#[cfg(test)]
mod tests {
    use super::normalise;
    use crate::document::spec::read;

    #[test]
    fn a_document_in_plain_form_stays_as_it_is() {
        for text in [
            include_str!("../../tests/specs/plain.yaml"),
            include_str!("../../tests/specs/groups.yaml"),
        ] {
            let mut document = read(text).unwrap();
            for name in ["ErrorCode", "Pagination", "Cursor"] {
                document["x-client-types"][name] = name.into();
            }
            let (normalised, warnings) = normalise(document.clone()).unwrap();
            assert_eq!(warnings, []);
            assert!(normalised == document, "{normalised:#}");
            assert!(normalise(normalised.clone()).unwrap().0 == normalised);
        }
    }
}
