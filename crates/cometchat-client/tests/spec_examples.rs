//! Every example of `openapi.yaml` against the schema of its place, by a validator of another house.
//!
//! The examples are the vendor's. Where one doesn't fit, the spec promises what the service was never seen to keep.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

/// An example, and the schema that it has to fit.
struct Example {
    /// Where it is, such as `list_group_members 4XX unknownGroup`.
    place: String,
    value: Value,
    schema: Value,
}

fn spec() -> &'static Value {
    static SPEC: OnceLock<Value> = OnceLock::new();
    SPEC.get_or_init(|| serde_saphyr::from_str(include_str!("../openapi.yaml")).unwrap())
}

/// What a reference leads to; the value itself where it is none.
fn follow<'a>(spec: &'a Value, value: &'a Value) -> &'a Value {
    let Some(reference) = value["$ref"].as_str() else {
        return value;
    };
    let pointer = reference.strip_prefix('#').unwrap();
    follow(spec, spec.pointer(pointer).expect(reference))
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The operations, by id.
fn operations(spec: &Value) -> impl Iterator<Item = (&str, &Value)> {
    entries(&spec["paths"])
        .flat_map(|(_, path)| entries(path))
        .filter_map(|(_, operation)| Some((operation["operationId"].as_str()?, operation)))
}

/// The examples of a parameter or of a media type, which have the same form.
fn examples_at(spec: &Value, place: &str, holder: &Value) -> Vec<Example> {
    let many = entries(&holder["examples"])
        .map(|(name, example)| (format!("{place} {name}"), &follow(spec, example)["value"]));
    let one = holder.get("example").map(|value| (place.to_owned(), value));
    many.chain(one)
        .map(|(place, value)| Example {
            place,
            value: value.clone(),
            schema: holder["schema"].clone(),
        })
        .collect()
}

/// The examples of an operation's parameters and responses.
fn examples_of(spec: &Value, id: &str, operation: &Value) -> Vec<Example> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters = parameters.map(|parameter| {
        let parameter = follow(spec, parameter);
        (format!("{id} {}", parameter["name"]), parameter)
    });
    let responses = entries(&operation["responses"]).flat_map(|(status, response)| {
        entries(&follow(spec, response)["content"])
            .map(move |(_, media)| (format!("{id} {status}"), media))
    });
    parameters
        .chain(responses)
        .flat_map(|(place, holder)| examples_at(spec, &place, holder))
        .collect()
}

/// What is wrong with an example, if anything is.
fn fault(spec: &Value, example: &Example) -> Option<String> {
    let mut root = json!({"allOf": [example.schema], "components": spec["components"]});
    allow_nulls(&mut root);
    // The schemas of OpenAPI 3.0 are those of an early draft, with nothing in them that this one reads otherwise.
    let validator = jsonschema::draft7::new(&root).unwrap();
    let error = validator.validate(&example.value).err()?;
    Some(format!(
        "{}: {error} at {}",
        example.place,
        error.instance_path()
    ))
}

/// Says `nullable: true`, which JSON Schema doesn't have, in its words.
fn allow_nulls(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(allow_nulls),
        Value::Object(object) => {
            object.values_mut().for_each(allow_nulls);
            if object.get("nullable") == Some(&Value::Bool(true)) {
                object.remove("nullable");
                let rest = std::mem::take(object);
                *object = Map::from_iter([("anyOf".to_owned(), json!([{"type": "null"}, rest]))]);
            }
        }
        _ => {}
    }
}

#[test]
fn every_example_fits_its_schema() {
    let spec = spec();
    let faults: Vec<String> = operations(spec)
        .flat_map(|(id, operation)| examples_of(spec, id, operation))
        .filter_map(|example| fault(spec, &example))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_response_has_an_example() {
    let spec = spec();
    for (id, operation) in operations(spec) {
        let places: BTreeSet<String> = examples_of(spec, id, operation)
            .into_iter()
            .map(|example| example.place)
            .collect();
        for (status, _) in entries(&operation["responses"]) {
            let place = format!("{id} {status}");
            let found = places.iter().any(|at| at.starts_with(&place));
            assert!(found, "no example for {place} among {places:?}");
        }
    }
}

#[test]
fn no_example_is_left_out() {
    let spec = spec();
    let judged: BTreeSet<String> = operations(spec)
        .flat_map(|(id, operation)| examples_of(spec, id, operation))
        .map(|example| example.value.to_string())
        .collect();
    for (name, example) in entries(&spec["components"]["examples"]) {
        assert!(
            judged.contains(&example["value"].to_string()),
            "{name} is the example of no response"
        );
    }
}

#[test]
fn the_judge_finds_fault() {
    for (pointer, wrong, fault_at) in [
        (
            "/components/examples/GroupMembersPage/value/data/0/uid",
            json!(7),
            "/data/0/uid",
        ),
        (
            "/components/examples/BannedUsersPage/value/data",
            json!(null),
            "/data",
        ),
        (
            "/components/examples/GroupNotFound/value/error/code",
            json!({}),
            "/error/code",
        ),
        ("/components/parameters/Guid/example", json!(".."), "guid"),
    ] {
        let mut spec = spec().clone();
        *spec.pointer_mut(pointer).unwrap() = wrong;
        let faults: Vec<String> = operations(&spec)
            .flat_map(|(id, operation)| examples_of(&spec, id, operation))
            .filter_map(|example| fault(&spec, &example))
            .collect();
        assert!(!faults.is_empty(), "{pointer}");
        assert!(
            faults.iter().all(|fault| fault.contains(fault_at)),
            "{faults:?}"
        );
    }
}

#[test]
fn null_is_an_example_of_what_is_nullable_and_of_nothing_else() {
    let spec = json!({"components": {"schemas": {
        "Row": {"type": "object", "properties": {"name": {"type": "string", "nullable": true}, "uid": {"type": "string"}}},
    }}});
    let fault = |value: Value| {
        let schema = json!({"$ref": "#/components/schemas/Row"});
        fault(
            &spec,
            &Example {
                place: "row".to_owned(),
                value,
                schema,
            },
        )
    };
    assert_eq!(fault(json!({"name": null, "uid": "a"})), None);
    assert_eq!(fault(json!({"name": "a"})), None);
    assert!(fault(json!({"name": 7})).is_some());
    assert!(fault(json!({"uid": null})).is_some());
}

/// `x-extensible-enum` shows in no documentation page and in no client of other generators.
#[test]
fn descriptions_name_the_values_of_open_enums() {
    let schemas = spec()["components"]["schemas"].as_object().unwrap();
    let mut seen = 0;
    for (name, schema) in schemas {
        let description = schema["description"].as_str().unwrap_or_default();
        for value in schema["x-extensible-enum"].as_array().into_iter().flatten() {
            let value = value.as_str().unwrap();
            assert!(
                description.contains(&format!("`{value}`")),
                "{name}: {value}"
            );
            seen += 1;
        }
    }
    assert!(seen > 0, "the spec has no open enum");
}
