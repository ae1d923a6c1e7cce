//! Each rule with edits of a plain spec that it finds, and what else stops nobody.

use serde_json::{Value, json};

use super::lint;
use crate::document::spec::{Spec, read};
use crate::error::{Finding, Level};

const PLAIN: &str = include_str!("../../tests/specs/plain.yaml");
const LIST: &str = "/paths/~1groups~1{guid}~1bannedusers/get";

/// The findings of the plain spec with the value at a JSON pointer replaced, or removed where it is null.
fn findings(pointer: &str, value: Value) -> Vec<Finding> {
    let mut root = read(PLAIN).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    match root.pointer_mut(parent).unwrap() {
        Value::Object(map) if value.is_null() => drop(map.remove(&key)),
        Value::Object(map) => drop(map.insert(key, value)),
        Value::Array(items) => items.push(value),
        other => panic!("{pointer} is below {other}"),
    }
    match Spec::parse(&root.to_string()) {
        Ok(spec) => lint(&spec),
        Err(error) => error.findings().to_vec(),
    }
}

#[test]
fn the_plain_spec_has_no_finding() {
    assert_eq!(lint(&Spec::parse(PLAIN).unwrap()), []);
}

#[test]
fn what_does_harm_is_an_error() {
    for (pointer, value, rule, location) in [
        ("/openapi", json!("3.2.0"), "openapi-version", "openapi"),
        ("/paths", Value::Null, "openapi-version", "paths"),
        ("/paths/~1a~1..~1b", json!({}), "path", "paths./a/../b"),
        ("/paths/~1a~1%2E%2e", json!({}), "path", "paths./a/%2E%2e"),
        ("/paths/@host~1a", json!({}), "path", "paths.@host/a"),
        ("/paths/~1a?b={c}", json!({}), "path", "paths./a?b={c}"),
        ("/paths/~1a#{b}", json!({}), "path", "paths./a#{b}"),
        ("/paths/~1a\nb", json!({}), "path", "paths./a\nb"),
        ("/paths/~1a\\b", json!({}), "path", "paths./a\\b"),
        ("/paths/~1{id", json!({}), "path", "paths./{id"),
        ("/paths/~1a}{b", json!({}), "path", "paths./a}{b"),
        (
            "/paths/~1groups~1{guid}~1bannedusers/get/parameters/-",
            json!({"name": "x\ny", "in": "header", "schema": {"type": "string"}}),
            "header-name",
            "paths./groups/{guid}/bannedusers.get.parameters[4].name",
        ),
        (
            "/components/securitySchemes/apikey/name",
            json!("a b"),
            "header-name",
            "components.securitySchemes.apikey.name",
        ),
    ] {
        let found = findings(pointer, value.clone());
        let first = found
            .first()
            .unwrap_or_else(|| panic!("{pointer}: {value}"));
        assert_eq!(
            (first.rule, first.location.as_str(), first.level()),
            (rule, location, Level::Error),
            "{found:#?}"
        );
        assert!(!first.help.is_empty());
    }
}

#[test]
fn pagination_that_leads_nowhere_is_an_error() {
    for (key, value) in [
        ("total", json!("meta.total")),
        ("page", Value::Null),
        ("page", json!("seite")),
        ("size", json!("scopes")),
        ("meta", json!("data")),
        ("meta", json!(1)),
        ("cursor", json!(["cursor", "meta.mark"])),
        ("items", json!("meta")),
        ("key", json!("joinedAt")),
    ] {
        let found = findings(&format!("{LIST}/x-pagination/{key}"), value.clone());
        assert_eq!(found.len(), 1, "{key}: {value}: {found:#?}");
        assert_eq!(found[0].rule, "pagination", "{found:#?}");
        assert_eq!(found[0].level(), Level::Error);
        let refers = found[0].help.contains("refer to that schema");
        assert_eq!(refers, found[0].problem.contains("to the schema"));
    }
}

#[test]
fn a_hint_without_a_text_is_an_error() {
    const CODE: &str = "A_B";
    for (facts, level) in [
        (json!({CODE: {"hint": "call-the-vendor"}}), Level::Error),
        (json!({CODE: {"retry": "no"}}), Level::Warning),
        (json!({CODE: {"status": 700}}), Level::Warning),
        (json!({CODE: {"after": 5}}), Level::Warning),
        (json!({"ERR_OTHER": {"retry": true}}), Level::Warning),
    ] {
        let found = findings("/components/schemas/ErrorCode/x-error-codes", facts);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!((found[0].rule, found[0].level()), ("error-codes", level));
    }
}

#[test]
fn a_short_version_is_read() {
    for (version, level) in [
        (json!(3.0), Level::Warning),
        (json!("3.1"), Level::Warning),
        (json!("3"), Level::Error),
        (json!(true), Level::Error),
        (Value::Null, Level::Error),
    ] {
        let found = findings("/openapi", version);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(
            (found[0].rule, found[0].level()),
            ("openapi-version", level)
        );
    }
}

#[test]
fn style_is_a_warning() {
    let response = "/responses/200/content/application~1json/example";
    for (pointer, value, rule) in [
        (format!("{LIST}{response}"), Value::Null, "response-example"),
        (format!("{LIST}/x-paginate"), json!({}), "extension"),
        (format!("{LIST}/x-Retry"), json!(true), "extension"),
        ("/security".to_owned(), json!([]), "security"),
        ("/security".to_owned(), json!([{"apiKey": []}]), "security"),
        (
            format!("{LIST}/servers"),
            json!([{"url": "/v4"}]),
            "servers",
        ),
        (
            "/paths/~1groups~1{guid}~1bannedusers/servers".to_owned(),
            json!([{"url": "/v4"}]),
            "servers",
        ),
        (
            format!("{LIST}/parameters/-"),
            json!({"name": "x", "description": "D.", "in": "query", "allowReserved": true, "schema": {"type": "string"}}),
            "parameters",
        ),
        ("/security".to_owned(), json!([{}]), "security"),
    ] {
        let found = findings(&pointer, value);
        assert_eq!(found.len(), 1, "{pointer}: {found:#?}");
        assert_eq!((found[0].rule, found[0].level()), (rule, Level::Warning));
    }
    for (pointer, value) in [
        (format!("{LIST}/x-codegen-request-body-name"), json!("a")),
        ("/x-tagGroups".to_owned(), json!([])),
        ("/paths/x-a".to_owned(), json!(1)),
        (format!("{LIST}/responses/x-a"), json!("a")),
        ("/components/x-a".to_owned(), json!([])),
        ("/paths/~1a?beta=true".to_owned(), json!({})),
        ("/paths/~1groups~1{guid}~1members#add".to_owned(), json!({})),
    ] {
        assert_eq!(findings(&pointer, value), []);
    }
}

#[test]
fn credentials_that_are_not_sent_are_a_warning() {
    let mut root = read(PLAIN).unwrap();
    root["components"]["securitySchemes"]["other"] =
        json!({"type": "apiKey", "in": "header", "name": "X-Other", "description": "D."});
    for (asked, problem) in [
        (json!([{"apikey": []}, {"other": []}]), None),
        (json!([{"apikey": [], "onBehalfOf": []}]), None),
        (json!([{"other": []}]), Some("sends one key")),
        (json!([{"apikey": [], "other": []}]), Some("sends one key")),
        (
            json!([{"apiKey": []}]),
            Some("no scheme `apiKey` is declared"),
        ),
    ] {
        root["security"] = asked.clone();
        let found = lint(&Spec::parse(&root.to_string()).unwrap());
        let found = found.iter().find(|finding| finding.rule == "security");
        let expected = found.zip(problem);
        assert_eq!(found.is_some(), problem.is_some(), "{asked}");
        assert!(expected.is_none_or(|(found, words)| found.problem.contains(words)));
    }
}

#[test]
fn references_to_nothing_and_in_circles_are_errors() {
    let schema = |target: &str| json!({"$ref": target});
    for (pointer, value, said) in [
        (
            "/components/schemas/A",
            schema("#/components/schemas/B"),
            "leads to nothing",
        ),
        (
            "/components/schemas/A",
            schema("#/components/schemas/A"),
            "in a circle",
        ),
        ("/components/schemas/A", schema("#"), "leads to nothing"),
        (
            "/components/schemas/A",
            schema("#/openapi"),
            "something else",
        ),
        (
            "/components/schemas/A",
            schema("other.yaml#/A"),
            "out of this document",
        ),
        (
            "/components/schemas/A",
            json!({"allOf": [{"allOf": [schema("#/components/schemas/A")]}]}),
            "in a circle",
        ),
        (
            "/components/schemas/A",
            json!({"properties": {"b": schema("#/components/schemas/A/properties/b")}}),
            "in a circle",
        ),
        (
            "/components/schemas/A",
            json!({"anyOf": [schema("#/components/schemas/A")]}),
            "in a circle",
        ),
        (
            "/components/schemas/A",
            json!({"oneOf": [{"allOf": [schema("#/components/schemas/A")]}]}),
            "in a circle",
        ),
        ("/paths/~1a", json!({"$ref": "#/paths/~1a"}), "in a circle"),
        (
            "/components/responses/R",
            json!({"$ref": 1}),
            "is not a string",
        ),
    ] {
        let found = findings(pointer, value);
        assert_eq!(found[0].rule, "references", "{found:#?}");
        assert!(found[0].problem.contains(said), "{found:#?}");
    }
}

/// Each reference is followed once: time grows with the document, not with its square.
#[test]
fn long_chains_of_references_are_followed_once() {
    let chain = |count: usize, last: &str| {
        let mut schemas = serde_json::Map::new();
        for index in 0..count {
            let next = format!("#/components/schemas/S{}", index + 1);
            schemas.insert(format!("S{index}"), json!({"$ref": next}));
        }
        schemas.insert(format!("S{count}"), serde_json::from_str(last).unwrap());
        json!({"openapi": "3.0.3", "paths": {}, "components": {"schemas": schemas}}).to_string()
    };
    let started = std::time::Instant::now();
    assert!(Spec::parse(&chain(3000, r#"{"type": "string"}"#)).is_ok());
    let error = Spec::parse(&chain(3000, r##"{"$ref": "#/components/schemas/S0"}"##)).unwrap_err();
    assert_eq!(error.findings().len(), 1);
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
