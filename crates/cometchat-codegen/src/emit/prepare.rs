//! The document as progenitor is to read it: schemas without what it would misread, and no operations, which are written
//! from the plan.

use serde_json::{Map, Value, json};

use crate::document::spec::schema_name;
use crate::document::walk;
use crate::plan::Plan;

/// What typify makes a type or a check of its own of, which responses must not have and requests have from here, and what
/// it has no use for.
const CONSTRAINTS: [&str; 16] = [
    "default",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

impl Plan<'_> {
    /// The document as progenitor is to read it.
    pub fn prepared(&self) -> Value {
        let root = self.spec.root();
        let info = &root["info"];
        let mut schemas = root["components"]["schemas"].clone();
        // A name for a text, a number or a list is no type; what refers to it has what it stands for.
        if let Some(schemas) = schemas.as_object_mut() {
            schemas.retain(|name, schema| {
                self.has_own_type(name) || self.stands_for(name, schema).is_none()
            });
        }
        for (name, schema) in walk::members(&mut schemas) {
            walk::schema(name, schema, &mut |_, _, schema| self.plain(schema));
        }
        json!({
            "openapi": "3.0.3",
            "info": {
                "title": info["title"],
                "version": info["version"],
                "description": info["description"].as_str(),
            },
            "paths": {},
            "components": {"schemas": schemas},
        })
    }

    /// Takes out of a schema what typify would make a check, or a type of another crate.
    fn plain(&self, schema: &mut Value) {
        if let Some(scalar) =
            schema_name(schema).and_then(|name| self.stands_for(name, self.spec.target(schema)))
        {
            let description = schema["description"].take();
            *schema = scalar;
            if description.is_string() {
                schema["description"] = description;
            }
        }
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        // typify reads extensions of its own, which can name any type.
        object.retain(|key, _| !(CONSTRAINTS.contains(&key.as_str()) || key.starts_with("x-")));
        fields(object);
        if object.get("type").is_some_and(|kind| kind != "string") {
            object.remove("enum");
        }
        if object.get("type").is_some_and(|kind| kind == "string") {
            object.remove("format");
        }
        if object.contains_key("allOf") {
            // A reference, with the values that it is narrowed to.
            object.remove("enum");
        }
    }
}

/// Calls the properties by the fields that they become, where those are not made from their names.
fn fields(schema: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    let mut renamed = Vec::new();
    *properties = std::mem::take(properties)
        .into_iter()
        .map(|(name, property)| {
            let field = property["rust-name"].as_str().unwrap_or(&name).to_owned();
            if field != name {
                renamed.push((name, field.clone()));
            }
            (field, property)
        })
        .collect();
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        for (name, field) in renamed {
            let names = required.iter_mut().filter(|required| **required == name);
            names.for_each(|required| *required = json!(field));
        }
    }
}
