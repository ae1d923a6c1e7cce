//! Reads a vendor's document as it is.

use serde_json::Value;
use serde_saphyr::options::{DuplicateKeyPolicy, Options};

use crate::error::{Error, Finding};

/// Maximum depth of a document; example data nests deeper than what is written by hand.
const MOST_DEPTH: usize = 256;

/// Reads a vendor's document, in JSON or YAML; of a key that stands twice the last value counts.
///
/// # Errors
///
/// The text is neither, is no object, is OpenAPI 2 (Swagger), whose parts stand elsewhere, or has no `paths`. OpenAPI 3.1
/// is read like 3.0.
pub fn read_vendor(text: &str) -> Result<Value, Error> {
    let root = match serde_json::from_str(text) {
        Ok(root) => root,
        Err(_) => yaml(text)?,
    };
    let (rule, location, problem, help) = match &root {
        Value::Object(root) if root.contains_key("swagger") => (
            "openapi-version",
            "swagger",
            "the document is OpenAPI 2, whose parts stand elsewhere",
            "convert it to OpenAPI 3.0 first",
        ),
        Value::Object(_) if root["paths"].is_object() => return Ok(root),
        Value::Object(_) => (
            "openapi-version",
            "paths",
            "the document has no paths",
            "name a file that holds an OpenAPI document",
        ),
        _ => (
            "yaml",
            "the document",
            "it is empty, or no object at the top",
            "name a file that holds an OpenAPI document",
        ),
    };
    Err(Finding::error(rule, location, problem, help).into())
}

fn yaml(text: &str) -> Result<Value, Error> {
    let mut options = Options::default();
    options.duplicate_keys = DuplicateKeyPolicy::LastWins;
    if let Some(budget) = &mut options.budget {
        budget.max_depth = MOST_DEPTH;
        budget.max_nodes = 4_000_000;
        budget.max_events = 16_000_000;
        budget.max_buffered_comment_events = 10_000;
    }
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        Finding::error(
            "yaml",
            "the document",
            format!("neither JSON nor YAML: {error}"),
            "mend the text at that line, or fetch the document again",
        )
        .into()
    })
}

#[cfg(test)]
mod tests {
    use super::read_vendor;

    #[test]
    fn json_and_sloppy_yaml_are_read() {
        for text in [
            r#"{"openapi": "3.0.0", "paths": {}, "paths": {"/a": {}}}"#,
            "openapi: 3.1.0\npaths:\n  /a: {}\n",
            "# no version\npaths:\n  /a:\n    get:\n      responses:\n        200: {}\n",
        ] {
            let root = read_vendor(text).unwrap();
            assert!(root["paths"]["/a"].is_object(), "{text}");
        }
        let root =
            read_vendor("{paths: {/a: {get: {responses: {200: {description: x}}}}}}").unwrap();
        assert_eq!(
            root["paths"]["/a"]["get"]["responses"]["200"]["description"],
            "x"
        );
    }

    #[test]
    fn what_is_no_document_is_an_error() {
        for (text, said) in [
            ("", "it is empty"),
            ("[]", "no object"),
            ("<html></html>", "no object"),
            ("{a: [", "neither JSON nor YAML"),
            ("swagger: '2.0'\npaths: {}", "OpenAPI 2"),
            ("openapi: 3.0.0", "no paths"),
            ("{openapi: 3.0.0, paths: []}", "no paths"),
        ] {
            let error = read_vendor(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text:?}: {error}");
        }
    }
}
