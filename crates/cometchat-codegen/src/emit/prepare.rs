//! The document that progenitor reads: the plan's operations, reduced to what it supports, and schemas without what typify would
//! misread.
//!
//! Each operation has one success and no error responses, since the runtime classifies every failure. Named scalars are written
//! out, a comma-joined list is a named schema that `CommaList` replaces, and a parameter whose name would give another identifier
//! is called by its identifier; a mend puts the name on the wire back.

use serde_json::{Map, Value, json};

use crate::document::media::Content;
use crate::document::spec::{SCHEMAS, schema_name};
use crate::document::walk;
use crate::plan::{Operation, Parameter, Plan};

/// Keywords that typify would turn into a type or a check, or does not use.
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

/// Returns the document that progenitor reads.
pub(crate) fn document(plan: &Plan<'_>) -> Value {
    let root = plan.spec.root();
    let info = &root["info"];
    let mut schemas = root["components"]["schemas"].clone();
    // A name for a string, a number or a list is no type: what refers to it is written out.
    if let Some(schemas) = schemas.as_object_mut() {
        schemas.retain(|name, schema| {
            plan.has_own_type(name) || plan.stands_for(name, schema).is_none()
        });
    }
    for (_, schema) in walk::members(&mut schemas) {
        plain(plan, schema);
    }
    for name in plan.replacements().into_keys() {
        // typify asks for the schema of a name that it replaces.
        schemas[name] = json!({"type": "string"});
    }
    let mut paths = json!({});
    for operation in &plan.operations {
        let mut path = operation.path.clone();
        for parameter in operation.in_path() {
            let [hole, labelled] =
                [&parameter.name, &parameter.label].map(|name| format!("{{{name}}}"));
            path = path.replace(&hole, &labelled);
        }
        paths[path][&operation.method] = operation_object(plan, operation);
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": info["title"],
            "version": info["version"],
            "description": info["description"].as_str(),
        },
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn operation_object(plan: &Plan<'_>, operation: &Operation) -> Value {
    let parameters = operation.parameters.iter().map(|parameter| {
        json!({
            "name": parameter.label,
            "in": parameter.place.keyword(),
            "required": parameter.required,
            "description": list_item(&parameter.description),
            "schema": parameter_schema(plan, operation, parameter),
        })
    });
    let success = &operation.success;
    let response = match success.content {
        None => json!({"description": ""}),
        Some(Content::Json) => {
            let mut schema = written_out(plan, &success.schema);
            if success.optional {
                if schema["$ref"].is_string() {
                    schema = json!({"allOf": [schema]});
                }
                schema["nullable"] = json!(true);
            }
            json!({"description": "", "content": {"application/json": {"schema": schema}}})
        }
        Some(_) => json!({"description": "", "content": {success.media_type.as_str(): {}}}),
    };
    let mut object = json!({
        "operationId": operation.method_name(),
        "summary": operation.summary,
        "description": operation.description,
        "parameters": parameters.collect::<Vec<_>>(),
        "responses": {success.status.as_str(): response},
    });
    if let Some(body) = &operation.body {
        let (media_type, schema) = match body.content {
            Content::Json => ("application/json", written_out(plan, &body.schema)),
            Content::Form => (&*body.media_type, written_out(plan, &body.schema)),
            Content::Text => (&*body.media_type, json!({"type": "string"})),
            Content::Bytes => (
                &*body.media_type,
                json!({"type": "string", "format": "binary"}),
            ),
        };
        object["requestBody"] = json!({
            "required": true,
            "description": list_item(&body.description),
            "content": {media_type: {"schema": schema}},
        });
    }
    object
}

/// Returns a description as progenitor writes it into a list of a method's docs.
fn list_item(description: &str) -> Value {
    match description {
        "" => Value::Null,
        description => json!(description.replace('\n', "\n  ")),
    }
}

/// Returns the schema of a parameter without constraints, which are checks of its setter.
fn parameter_schema(plan: &Plan<'_>, operation: &Operation, parameter: &Parameter) -> Value {
    if operation.counts(parameter) {
        return json!({"type": "integer", "format": "uint32"});
    }
    let reference = |name: &str| json!({"$ref": format!("{SCHEMAS}{name}")});
    let value = |schema: &Value| match schema_name(schema) {
        Some(name) if plan.has_own_type(name) => reference(name),
        _ => scalar(plan.spec.target(schema)),
    };
    if let Some((name, _)) = plan.comma_list(parameter) {
        return reference(&name);
    }
    match parameter.list {
        Some(_) => {
            json!({"type": "array", "items": value(&plan.spec.target(&parameter.source)["items"])})
        }
        None => value(&parameter.source),
    }
}

/// Returns the schema of a number or a boolean; that of a string for anything else.
fn scalar(schema: &Value) -> Value {
    match (schema["type"].as_str(), &schema["format"]) {
        (Some(kind @ ("integer" | "number")), Value::String(format)) => {
            json!({"type": kind, "format": format})
        }
        (Some(kind @ ("integer" | "number" | "boolean")), _) => json!({"type": kind}),
        _ => json!({"type": "string"}),
    }
}

/// Returns a schema as typify is to read it.
fn written_out(plan: &Plan<'_>, schema: &Value) -> Value {
    let mut schema = schema.clone();
    plain(plan, &mut schema);
    schema
}

/// Takes constraints, extensions and names of scalars out of a schema and those in it.
fn plain(plan: &Plan<'_>, schema: &mut Value) {
    walk::schemas_in(schema, &mut |schema| {
        if let Some(scalar) =
            schema_name(schema).and_then(|name| plan.stands_for(name, plan.spec.target(schema)))
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
        let kind = object.get("type").and_then(Value::as_str);
        match kind {
            Some("string") => object.remove("format"),
            Some(_) => object.remove("enum"),
            // A reference, with the values that it is narrowed to.
            None if object.contains_key("allOf") => object.remove("enum"),
            None => None,
        };
    });
}

/// Names properties by their fields, if those are not made from the names.
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
