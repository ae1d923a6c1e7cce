//! The JSON schemas of the generated types beside those of the spec: the same properties, of the same types.
#![cfg(feature = "schemars")]

use std::collections::BTreeMap;

use cometchat_client::types;
use schemars::SchemaGenerator;
use serde_json::Value;

/// The properties of a schema with the type of each, looking through references, `allOf` of one, and nullability.
fn properties(schema: &Value, root: &Value) -> BTreeMap<String, String> {
    let entries = schema["properties"].as_object().into_iter().flatten();
    entries
        .map(|(name, property)| (name.clone(), type_of(property, root)))
        .collect()
}

fn type_of(schema: &Value, root: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#'));
        return type_of(
            target.unwrap_or_else(|| panic!("{reference} leads to nothing")),
            root,
        );
    }
    for combined in ["allOf", "anyOf"] {
        if let Some(members) = schema[combined].as_array() {
            let mut types = members
                .iter()
                .map(|member| type_of(member, root))
                .filter(|ty| ty != "null");
            return types.next().unwrap_or_default();
        }
    }
    match &schema["type"] {
        Value::String(ty) if ty == "array" => {
            format!("array of {}", type_of(&schema["items"], root))
        }
        Value::String(ty) => ty.clone(),
        Value::Array(types) => {
            let mut types = types
                .iter()
                .filter_map(Value::as_str)
                .filter(|ty| *ty != "null");
            let ty = types.next().unwrap_or_default().to_owned();
            if ty == "array" {
                format!("array of {}", type_of(&schema["items"], root))
            } else {
                ty
            }
        }
        _ => "anything".to_owned(),
    }
}

#[test]
fn properties_are_those_of_the_spec() {
    let spec: Value = serde_saphyr::from_str(include_str!("../openapi.yaml")).unwrap();
    let mut generator = SchemaGenerator::default();
    macro_rules! schemas {
        ($($name:ident),*) => { [$((stringify!($name), generator.subschema_for::<types::$name>().to_value())),*] };
    }
    let ours = schemas!(
        GroupMember,
        BannedUser,
        GroupMembersPage,
        BannedUsersPage,
        PageMeta,
        Pagination,
        Cursor,
        ErrorResponse,
        ErrorBody,
        Metadata,
        UnixTime,
        MemberScope,
        UserStatus,
        ErrorCode
    );
    let definitions = serde_json::json!({ "$defs": generator.take_definitions(true) });
    for (name, _) in ours {
        let theirs = &spec["components"]["schemas"][name];
        // A type that stands inline in the schemas of others has no definition of its own.
        let Some(ours) = definitions["$defs"].get(name) else {
            assert_eq!(theirs["type"], "integer", "{name} has no schema");
            continue;
        };
        assert_eq!(
            properties(ours, &definitions),
            properties(theirs, &spec),
            "{name}"
        );
        assert_eq!(
            type_of(ours, &definitions),
            type_of(theirs, &spec),
            "{name}"
        );
    }
}
