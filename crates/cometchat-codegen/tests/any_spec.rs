//! Specs that vendors write, and ones that nobody would: each becomes code, or an error that says where.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use cometchat_codegen::{Level, Spec, Stage, generate, generate_with_warnings, lint, spec, stage};
use proptest::prelude::*;
use serde_json::{Value, json};

const PLAIN: &str = include_str!("specs/plain.yaml");
const VENDOR: &str = include_str!("specs/vendor.yaml");

#[test]
fn a_document_of_a_vendor_is_generated() {
    let generated = generate_with_warnings(VENDOR).unwrap();
    let file = syn::parse_file(&generated.code).unwrap();
    assert!(!file.items.is_empty());
    for expected in [
        "pub struct ItemOwnerAddressGeo {",
        "pub owner: ::std::option::Option<ItemOwner>",
        "pub parent: ::std::option::Option<::std::boxed::Box<Item>>",
        "pub enum ItemStatus {",
        "pub struct AddItemBody {",
        "pub fn add_item(",
    ] {
        assert!(
            generated.code.contains(expected),
            "{expected}\n{}",
            generated.code
        );
    }
    // A type that got its name here is found where it was written.
    let location = "components.schemas.Item.properties.kind.enum";
    assert!(
        generated
            .warnings
            .iter()
            .any(|warning| warning.location == location)
    );
    assert!(
        generated
            .warnings
            .iter()
            .all(|warning| warning.level() == Level::Warning)
    );
}

#[test]
fn types_that_hold_themselves_are_generated() {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    for schema in [
        object(json!({"a": reference("A")})),
        object(json!({"a": {"type": "array", "items": reference("A")}})),
        object(json!({"a": {"type": "object", "additionalProperties": reference("A")}})),
        object(json!({"a": {"oneOf": [reference("A"), {"type": "string"}]}})),
        object(json!({"a": object(json!({"b": reference("A")}))})),
        object(
            json!({"a": {"allOf": [{"description": "D.", "type": "object"}, object(json!({"b": reference("A")}))]}}),
        ),
        json!({"type": "object", "required": ["a"], "properties": {"a": reference("A")}}),
        json!({"type": "array", "items": reference("A"), "minItems": 1}),
        json!({"type": "array", "items": {"type": "object", "additionalProperties": reference("A")}}),
        json!({"type": "object", "additionalProperties": reference("A")}),
        json!({"oneOf": [reference("A"), {"type": "string"}]}),
        json!({"oneOf": [
            {"allOf": [reference("A"), object(json!({"b": {"type": "string"}}))]},
            {"allOf": [reference("A"), object(json!({"c": {"type": "string"}}))]},
        ]}),
    ] {
        let mut root = spec::read(PLAIN).unwrap();
        root["components"]["schemas"]["A"] = schema.clone();
        root["components"]["schemas"]["Row"]["properties"]["a"] = reference("A");
        root["paths"]["/a"]["post"] = json!({
            "requestBody": {"content": {"application/json": {"schema": reference("A")}}},
            "responses": {"204": {"description": "D."}},
        });
        let code = generate(&root.to_string()).unwrap_or_else(|error| panic!("{schema}: {error}"));
        assert!(syn::parse_file(&code).is_ok(), "{schema}");
    }
}

#[test]
fn names_like_keywords_keep_docs_checks_and_null() {
    let read = |keyword: &str| {
        let name = format!("order{keyword}");
        let object = json!({"type": "object", "required": [name], "properties": {
            &name: {"type": "string", "nullable": true, "maxLength": 3},
            "plain": {"type": "array", "items": {"type": "string", "nullable": true}},
        }});
        let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
        let mut root = spec::read(PLAIN).unwrap();
        root["components"]["schemas"][&name] = object.clone();
        root["components"]["schemas"]["Sent"] =
            json!({"type": "object", "properties": {&name: object}});
        root["paths"][format!("/{name}")]["post"] = json!({
            "operationId": "post_order",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Sent"}}}},
            "responses": {"200": {"description": "D.", "content": content}},
        });
        let text = root.to_string();
        let findings = lint(&Spec::parse(&text).unwrap());
        let findings = findings.iter().map(ToString::to_string);
        stage(&text, Stage::Plain).unwrap() + &findings.collect::<String>()
    };
    let expected = read("_words");
    for keyword in [
        ".items",
        ".properties.",
        ".additionalProperties",
        ".allOf[0]",
        ".parameters",
        ".requestBody",
    ] {
        let name = format!("order{keyword}");
        let words = keyword.replace(|c: char| !c.is_alphanumeric(), "");
        let given = read(keyword).replace(&name, "order_words");
        let given = given.replace(&format!("Order{}", pascal(&words)), "OrderWords");
        let mut lines = given.lines().zip(expected.lines());
        assert_eq!(lines.find(|(given, expected)| given != expected), None);
        assert_eq!(given.len(), expected.len(), "{name}");
    }
}

/// The word with its first letter in upper case.
fn pascal(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// Documents of others, if they lie beside the repository, and one of this project.
#[test]
fn documents_of_others_are_code_or_errors_with_help() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs");
    let files = fs::read_dir(folder).into_iter().flatten();
    let files = files.map(|file| file.unwrap().path());
    let mut texts: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension != "md"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    texts.push(VENDOR.to_owned());
    let mut accepted = 0;
    for text in &texts {
        match generate(text) {
            Ok(code) => {
                accepted += 1;
                assert!(syn::parse_file(&code).is_ok());
            }
            Err(error) => {
                for finding in error.findings() {
                    assert!(
                        !finding.location.is_empty() && !finding.help.is_empty(),
                        "{error}"
                    );
                    assert_ne!(finding.rule, "generator", "{error}");
                }
            }
        }
    }
    assert!(
        accepted > texts.len() / 2,
        "{accepted} of {} accepted",
        texts.len()
    );
}

/// Four times the properties take some four times as long; the bound is between that and the square.
#[test]
fn time_grows_with_the_number_of_properties() {
    let seconds = |count: usize| {
        let properties = (0..count).map(|n| (format!("field_{n}"), json!({"type": "string"})));
        let mut root = spec::read(PLAIN).unwrap();
        let row = &mut root["components"]["schemas"]["Row"]["properties"];
        row.as_object_mut().unwrap().extend(properties);
        let text = root.to_string();
        let started = Instant::now();
        generate(&text).unwrap();
        started.elapsed().as_secs_f64()
    };
    let (few, many) = (seconds(400), seconds(1_600));
    assert!(many < 8.0 * few, "{few} s for 400, {many} s for 1,600");
}

/// Where a value stands, by its keys and indices.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    let mut child = |key: &str, value: &Value| {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push(at.clone());
        pointers(value, at, found);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| child(key, value)),
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                child(&index.to_string(), value);
            }
        }
        _ => {}
    }
}

/// What is done to a value.
#[derive(Clone, Debug)]
enum Edit {
    Remove,
    Replace(Value),
    /// The value at another place.
    Copy(usize),
}

/// Schemas that a reference may be swapped for, one of which isn't there.
const NAMES: &[&str] = &[
    "Item",
    "Color",
    "Thing",
    "Row",
    "Pagination",
    "ErrorBody",
    "Nothing",
];

fn edit() -> impl Strategy<Value = Edit> {
    let reference = prop::sample::select(NAMES)
        .prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    let value = prop_oneof![
        Just(Value::Null),
        Just(json!(true)),
        Just(json!(-1)),
        Just(json!(1.5)),
        Just(json!([])),
        Just(json!({})),
        Just(json!(["a", 1, null])),
        Just(
            json!({"type": "array", "items": {"type": "object", "properties": {"a": {"enum": ["b"]}}}})
        ),
        "[a-z0-9 ./{}#$*`\u{e9}\r\n-]{0,8}".prop_map(Value::from),
        prop::sample::select(
            &[
                "object", "string", "integer", "array", "null", "query", "path"
            ][..]
        )
        .prop_map(Value::from),
        reference.clone(),
        reference.prop_map(
            |reference| json!({"allOf": [reference, {"type": "object", "properties": {"a": {}}}]})
        ),
    ];
    prop_oneof![
        2 => Just(Edit::Remove),
        4 => value.prop_map(Edit::Replace),
        2 => any::<usize>().prop_map(Edit::Copy),
    ]
}

/// The document after edits, each at the place of that number.
fn edited(mut root: Value, edits: &[(usize, Edit)]) -> Value {
    for (place, edit) in edits {
        let mut places = Vec::new();
        pointers(&root, String::new(), &mut places);
        if places.is_empty() {
            break;
        }
        let pointer = &places[place % places.len()];
        match edit {
            Edit::Remove => {
                let (parent, key) = pointer.rsplit_once('/').unwrap();
                match root.pointer_mut(parent).unwrap() {
                    Value::Object(map) => {
                        drop(map.remove(&key.replace("~1", "/").replace("~0", "~")))
                    }
                    Value::Array(items) => drop(items.remove(key.parse().unwrap())),
                    other => unreachable!("{other}"),
                }
            }
            Edit::Replace(value) => *root.pointer_mut(pointer).unwrap() = value.clone(),
            Edit::Copy(from) => {
                let value = root.pointer(&places[from % places.len()]).unwrap().clone();
                *root.pointer_mut(pointer).unwrap() = value;
            }
        }
    }
    root
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_spec_is_code_or_an_error_with_a_location(
        is_plain in any::<bool>(),
        edits in prop::collection::vec((any::<usize>(), edit()), 1..4),
    ) {
        let root = spec::read(if is_plain { PLAIN } else { VENDOR }).unwrap();
        let text = edited(root, &edits).to_string();
        let started = Instant::now();
        match generate(&text) {
            Ok(code) => prop_assert!(syn::parse_file(&code).is_ok(), "{text}"),
            Err(error) => for finding in error.findings() {
                prop_assert!(!finding.location.is_empty() && !finding.help.is_empty(), "{text}\n{error}");
                prop_assert!(finding.rule != "generator", "{text}\n{error}");
            }
        }
        prop_assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    }
}
