//! Schemas are called as their types are, and properties that would become one field are told apart.
//!
//! A property keeps its name, which is the one on the wire; `rust-name` beside it is the field's.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::context::Context;
use crate::document::naming::{field_name, type_name, unique, unique_type};
use crate::document::spec::{SCHEMAS, entries};
use crate::document::walk::{each_schema, redirect, schemas_mut};

/// Names that the code of a type uses itself.
const TAKEN: [&str; 8] = ["A", "D", "Default", "E", "S", "T", "V", "Visitor"];

pub(super) fn apply(document: &mut Value, _: &mut Context) {
    let schemas = entries(&document["components"]["schemas"]);
    let mut names: Vec<_> = schemas.map(|(name, _)| name.clone()).collect();
    // The order of a document's maps says nothing.
    names.sort();
    let mut taken: BTreeSet<String> = TAKEN.map(str::to_owned).into();
    let mut renamed = BTreeMap::new();
    let (kept, others): (Vec<_>, Vec<_>) = names
        .into_iter()
        .partition(|name| type_name(name) == *name && !TAKEN.contains(&name.as_str()));
    taken.extend(kept);
    for name in others {
        let rust = unique_type(&type_name(&name), &mut taken);
        renamed.insert(name, rust);
    }
    if let Some(schemas) = schemas_mut(document) {
        *schemas = std::mem::take(schemas)
            .into_iter()
            .map(|(name, schema)| (renamed.get(&name).cloned().unwrap_or(name), schema))
            .collect();
    }
    redirect(document, |target| {
        renamed.get(target.strip_prefix(SCHEMAS)?).cloned()
    });
    each_schema(document, &mut |_, schema| fields(schema));
}

/// Gives each property a field of its own.
fn fields(schema: &mut Value) {
    let keeps_unknown = schema["additionalProperties"].is_object();
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let mut taken: BTreeSet<String> = keeps_unknown
        .then(|| "extra".to_owned())
        .into_iter()
        .collect();
    let mut names: Vec<_> = properties.keys().cloned().collect();
    // A name that is spelled like its field keeps it.
    names.sort_by_key(|name| (field_name(name) != *name, name.clone()));
    for name in names {
        let field = field_name(&name);
        let rust = unique(&field, &mut taken);
        if rust != field
            && let Some(property) = properties.get_mut(&name)
            && property.is_object()
        {
            property["rust-name"] = json!(rust);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::apply;
    use crate::normalise::run;

    #[test]
    fn each_schema_has_the_name_of_its_type() {
        for (name, expected) in [
            ("user_status", "UserStatus"),
            ("2fa", "X2fa"),
            ("api.v1.User", "ApiV1User"),
            ("Result", "Result"),
            ("String", "String"),
            ("Self", "Self_"),
            ("D", "D2"),
            ("Default", "Default2"),
        ] {
            let (document, _) = run(
                apply,
                &format!(
                    "{{components: {{schemas: {{{name}: {{}}, Other: {{$ref: '#/components/schemas/{name}'}}}}}}}}"
                ),
            );
            let schemas = document["components"]["schemas"].as_object().unwrap();
            assert!(schemas.contains_key(expected), "{name}: {schemas:?}");
            assert_eq!(
                schemas["Other"]["$ref"],
                format!("#/components/schemas/{expected}")
            );
        }
    }

    #[test]
    fn two_properties_are_two_fields() {
        let (document, _) = run(
            apply,
            "{components: {schemas: {A1: {additionalProperties: {}, properties: {statusMessage: {}, status_message: {}, extra: {}}}}}}",
        );
        let properties = &document["components"]["schemas"]["A1"]["properties"];
        assert_eq!(properties["statusMessage"]["rust-name"], "status_message_2");
        assert_eq!(
            properties["status_message"]["rust-name"],
            serde_json::Value::Null
        );
        assert_eq!(properties["extra"]["rust-name"], "extra_2");
    }
}
