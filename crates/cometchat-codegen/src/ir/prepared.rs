//! The document as progenitor is to read it: schemas without what it would misread, and each operation with its names
//! and types alone, as all else of a request is written by `rewrite/operations.rs`.

use serde_json::{Map, Value, json};

use crate::ir::operation::{Content, Operation, Parameter, Place};
use crate::ir::{Plan, RUNTIME_TYPES};
use crate::normalise::walk;
use crate::spec::{Spec, schema_name};

/// What typify gives a type or a check of its own, which responses must not have and requests have from here.
const CONSTRAINTS: [&str; 13] = [
    "default",
    "exclusiveMaximum",
    "exclusiveMinimum",
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
];

impl Plan {
    /// The document as progenitor is to read it.
    pub fn prepared(&self, spec: &Spec) -> Value {
        let mut schemas = spec.root()["components"]["schemas"].clone();
        for (name, schema) in walk::members(&mut schemas) {
            walk::schema(name, schema, &mut |_, _, schema| self.plain(schema));
        }
        let mut operations: Vec<_> = self.operations.iter().collect();
        operations.sort_by_key(|operation| (&operation.path, &operation.method));
        let mut paths = Map::new();
        for operation in operations {
            let mut path = operation.path.clone();
            for parameter in operation.placed(Place::Path) {
                let hole = |name: &str| format!("{{{name}}}");
                path = path.replace(&hole(&parameter.name), &hole(&parameter.document_name()));
            }
            paths.entry(path).or_insert_with(|| json!({}))[&operation.method] =
                self.operation(spec, operation);
        }
        let version = &spec.root()["info"]["version"];
        json!({
            "openapi": "3.0.3",
            "info": {
                "title": spec.root()["info"]["title"].as_str().unwrap_or_default(),
                "version": version.as_str().map_or_else(|| version.to_string(), str::to_owned),
                "description": spec.root()["info"]["description"].as_str(),
            },
            "paths": paths,
            "components": {"schemas": schemas},
        })
    }

    fn operation(&self, spec: &Spec, operation: &Operation) -> Value {
        let parameters = operation.parameters.iter().map(|parameter| {
            json!({
                "name": parameter.document_name(),
                "in": if parameter.place == Place::Path { "path" } else { "query" },
                "required": parameter.required || parameter.place == Place::Path,
                "description": parameter.description,
                "schema": self.parameter_schema(spec, operation, parameter),
            })
        });
        let mut prepared = json!({
            "operationId": operation.method_name(),
            "parameters": parameters.collect::<Vec<_>>(),
            "responses": {"200": {"description": ""}},
        });
        for (key, value) in [
            ("summary", &operation.summary),
            ("description", &operation.description),
        ] {
            if !value.is_empty() {
                prepared[key] = json!(value);
            }
        }
        if let Some(body) = &operation.body
            && matches!(body.content, Content::Json | Content::Form)
        {
            let schema = self.plain_copy(&body.schema);
            prepared["requestBody"] = json!({
                "required": true,
                "description": body.description,
                "content": {"application/json": {"schema": schema}},
            });
        }
        if operation.success.content == Some(Content::Json) {
            let schema = self.plain_copy(&operation.success.schema);
            prepared["responses"]["200"]["content"] =
                json!({"application/json": {"schema": schema}});
        }
        prepared
    }

    /// The type of a parameter: a named one where that means something in Rust, and else what the name stands for.
    fn parameter_schema(&self, spec: &Spec, operation: &Operation, parameter: &Parameter) -> Value {
        if let Some(pagination) = &operation.pagination
            && [&pagination.page, &pagination.size].contains(&&parameter.name)
        {
            return json!({"type": "integer", "format": "uint32"});
        }
        self.scalar_schema(spec, &parameter.source)
    }

    fn scalar_schema(&self, spec: &Spec, schema: &Value) -> Value {
        let whole = spec.target(schema);
        if let Some(name) = schema_name(schema)
            && (self.has_own_type(name) || whole["enum"].is_array())
        {
            return json!({"$ref": format!("#/components/schemas/{name}")});
        }
        match whole["type"].as_str() {
            Some("array") => {
                json!({"type": "array", "items": self.scalar_schema(spec, &whole["items"])})
            }
            Some(kind @ ("integer" | "number")) => match &whole["format"] {
                Value::Null => json!({"type": kind}),
                format => json!({"type": kind, "format": format}),
            },
            Some("boolean") => json!({"type": "boolean"}),
            Some("string") if whole["enum"].is_array() => {
                json!({"type": "string", "enum": whole["enum"]})
            }
            _ => json!({"type": "string"}),
        }
    }

    /// Whether a schema has a type that is not made by progenitor.
    fn has_own_type(&self, name: &str) -> bool {
        self.enums.iter().any(|item| item.name == name)
            || self.segments.iter().any(|item| item.name == name)
            || RUNTIME_TYPES.contains(&name)
    }

    fn plain_copy(&self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        walk::schema("", &mut schema, &mut |_, _, schema| self.plain(schema));
        schema
    }

    /// Takes out of a schema what typify would make a check, or a type of another crate.
    fn plain(&self, schema: &mut Value) {
        // What stands for one segment of a path is any text elsewhere.
        if let Some(name) = schema_name(schema)
            && self.segments.iter().any(|segment| segment.name == name)
        {
            let description = schema["description"].take();
            *schema = json!({"type": "string"});
            if description.is_string() {
                schema["description"] = description;
            }
        }
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        object.retain(|key, _| {
            let unread = key.starts_with("x-")
                || matches!(key.as_str(), "example" | "externalDocs" | "uniqueItems");
            !(unread || CONSTRAINTS.contains(&key.as_str()))
        });
        if object.get("type").is_some_and(|kind| kind == "string") {
            object.remove("format");
        }
        if object.contains_key("allOf") && schema_name(schema).is_some() {
            // A reference, with the values that it is narrowed to.
            if let Some(object) = schema.as_object_mut() {
                object.remove("enum");
            }
        }
    }
}
