//! The document as progenitor is to read it: schemas without what it would misread, and each operation with its names
//! and types alone, as all else of a request is written by `rewrite/operations.rs`.

use serde_json::{Map, Value, json};

use crate::ir::operation::{Content, Operation, Parameter, Place};
use crate::ir::{Plan, RUNTIME_TYPES};
use crate::normalise::walk;
use crate::spec::{Spec, schema_name};

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

/// The most lists within lists.
const MOST_LISTS: usize = 8;

impl Plan {
    /// The document as progenitor is to read it.
    pub fn prepared(&self, spec: &Spec) -> Value {
        let mut schemas = spec.root()["components"]["schemas"].clone();
        // A name for a text, a number or a list is no type; what refers to it has what it stands for.
        if let Some(schemas) = schemas.as_object_mut() {
            schemas.retain(|name, schema| {
                self.has_own_type(name) || self.stands_for(spec, name, schema).is_none()
            });
        }
        for (name, schema) in walk::members(&mut schemas) {
            walk::schema(name, schema, &mut |_, _, schema| self.plain(spec, schema));
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
            let schema = self.plain_copy(spec, &body.schema);
            prepared["requestBody"] = json!({
                "required": true,
                "description": body.description,
                "content": {"application/json": {"schema": schema}},
            });
        }
        if operation.success.content == Some(Content::Json) {
            let schema = self.plain_copy(spec, &operation.success.schema);
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
            && self.has_own_type(name)
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
            _ => json!({"type": "string"}),
        }
    }

    /// What a name stands for, where that is a plain text, number or boolean, or a list.
    fn stands_for(&self, spec: &Spec, name: &str, schema: &Value) -> Option<Value> {
        let is_segment = self.segments.iter().any(|segment| segment.name == name);
        if self.has_own_type(name) && !is_segment {
            return None;
        }
        match (schema["type"].as_str()?, &schema["format"]) {
            (kind @ ("integer" | "number"), Value::String(format)) => {
                Some(json!({"type": kind, "format": format}))
            }
            (kind @ ("string" | "integer" | "number" | "boolean"), _) => {
                Some(json!({"type": kind}))
            }
            ("array", _) => {
                // A list that holds itself keeps its name.
                let mut items = &schema["items"];
                for _ in 0..MOST_LISTS {
                    if spec.target(items)["type"] != "array" {
                        return Some(json!({"type": "array", "items": schema["items"]}));
                    }
                    items = &spec.target(items)["items"];
                }
                None
            }
            _ => None,
        }
    }

    /// Whether a schema has a type that is not made by progenitor.
    fn has_own_type(&self, name: &str) -> bool {
        self.enums.iter().any(|item| item.name == name)
            || self.segments.iter().any(|item| item.name == name)
            || RUNTIME_TYPES.contains(&name)
    }

    fn plain_copy(&self, spec: &Spec, schema: &Value) -> Value {
        let mut schema = schema.clone();
        walk::schema("", &mut schema, &mut |_, _, schema| {
            self.plain(spec, schema)
        });
        schema
    }

    /// Takes out of a schema what typify would make a check, or a type of another crate.
    fn plain(&self, spec: &Spec, schema: &mut Value) {
        if let Some(scalar) =
            schema_name(schema).and_then(|name| self.stands_for(spec, name, spec.target(schema)))
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
        if object.contains_key("allOf") && schema_name(schema).is_some() {
            // A reference, with the values that it is narrowed to.
            if let Some(object) = schema.as_object_mut() {
                object.remove("enum");
            }
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
