//! Inline objects and enums get names from their path: `address` in `city` in `GroupMember` is `GroupMemberAddressCity`.
//!
//! A body is called after its operation, as `CreateGroupBody` or `CreateGroupResponse`; items after their list, with
//! `Item`. A name that is taken gets a number. Names are given out in the order of the paths, whatever the order of the
//! document is, so that they are the same each time.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

use super::context::Context;
use crate::document::location::{Location, Step};
use crate::document::naming::{type_name, unique_type};
use crate::document::spec::{METHODS, SCHEMAS, entries};
use crate::document::walk::members;

/// The names of schemas that are taken.
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Those of the document.
    pub(super) fn of(document: &Value) -> Self {
        let schemas = entries(&document["components"]["schemas"]);
        Self(schemas.map(|(name, _)| type_name(name)).collect())
    }

    /// The name, or the name with the first number that makes it a new one.
    pub(super) fn fresh(&mut self, wanted: &str) -> String {
        unique_type(&type_name(wanted), &mut self.0)
    }
}

/// A word of a path as part of a type's name.
pub(super) fn word(text: &str) -> String {
    text.to_upper_camel_case()
}

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let mut inline = Inline {
        names: Names::of(document),
        found: Vec::new(),
        context,
    };
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        for (name, schema) in sorted(schemas) {
            let at = Location::root(Step::Component("schemas", name));
            inline.within(&at, &word(name), schema);
        }
    }
    for section in ["parameters", "requestBodies", "responses"] {
        if let Some(named) = document.pointer_mut(&format!("/components/{section}")) {
            for (name, value) in sorted(named) {
                let at = Location::root(Step::Component(section, name));
                inline.part(&at, &word(name), value);
            }
        }
    }
    if let Some(paths) = document.get_mut("paths") {
        for (path, item) in sorted(paths) {
            inline.path(path, item);
        }
    }
    let found = inline.found;
    for (name, schema) in found {
        document["components"]["schemas"][name] = schema;
    }
}

/// The entries of an object in the order of their keys.
fn sorted(value: &mut Value) -> Vec<(&String, &mut Value)> {
    let mut all: Vec<_> = members(value).collect();
    all.sort_by_key(|(name, _)| *name);
    all
}

/// Gathers what gets a name.
struct Inline<'a> {
    names: Names,
    found: Vec<(String, Value)>,
    context: &'a mut Context,
}

impl Inline<'_> {
    fn path(&mut self, path: &str, item: &mut Value) {
        let at = Location::root(Step::Path(path));
        self.parameters(&at, &word(path), item);
        for (method, operation) in sorted(item) {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let at = at.then(Step::Operation(method));
            let name = match operation["operationId"].as_str() {
                Some(id) => word(id),
                None => word(&format!("{method} {path}")),
            };
            self.parameters(&at, &name, operation);
            if let Some(body) = operation.get_mut("requestBody") {
                self.part(&at.then(Step::Body), &format!("{name}Body"), body);
            }
            let responses = operation
                .get_mut("responses")
                .map(sorted)
                .unwrap_or_default();
            for (status, response) in responses {
                let word = match status.starts_with('2') {
                    true => format!("{name}Response"),
                    false => format!("{name}Error"),
                };
                self.part(&at.then(Step::Response(status)), &word, response);
            }
        }
    }

    fn parameters(&mut self, at: &Location<'_>, name: &str, owner: &mut Value) {
        let list = owner.get_mut("parameters").and_then(Value::as_array_mut);
        for (index, parameter) in list.into_iter().flatten().enumerate() {
            let own = parameter["name"].as_str().unwrap_or_default();
            let name = format!("{name}{}", word(own));
            self.part(&at.then(Step::Parameter(index)), &name, parameter);
        }
    }

    /// A parameter, a body or a response.
    fn part(&mut self, at: &Location<'_>, name: &str, value: &mut Value) {
        if let Some(schema) = value.get_mut("schema") {
            self.schema(&at.then(Step::Schema), name, schema);
        }
        let content = value.get_mut("content").map(sorted).unwrap_or_default();
        for (media, value) in content {
            if let Some(schema) = value.get_mut("schema") {
                self.schema(&at.then(Step::Content(media)), name, schema);
            }
        }
    }

    /// Gives the schema a name, where it needs one, after those in it.
    fn schema(&mut self, at: &Location<'_>, name: &str, schema: &mut Value) {
        let (properties, is_object) = (&schema["properties"], schema["type"] == "object");
        let is_enum = schema["type"] == "string"
            && ["enum", "x-extensible-enum"]
                .iter()
                .any(|key| schema[*key].is_array());
        let needs_name = is_object && entries(properties).next().is_some() || is_enum;
        if !needs_name {
            self.within(at, name, schema);
            return;
        }
        let name = self.names.fresh(name);
        self.within(at, &name, schema);
        self.context.warn(
            "inline-type",
            at,
            format!("an inline type, which is called `{name}` after the path to it"),
            "move it to `components.schemas` under a name of its own",
        );
        // What concerns this use of it stays beside the reference.
        let mut beside = Map::new();
        for key in [
            "default",
            "deprecated",
            "nullable",
            "readOnly",
            "writeOnly",
            "x-lenient",
        ] {
            if let Some(value) = schema.as_object_mut().and_then(|schema| schema.remove(key)) {
                beside.insert(key.to_owned(), value);
            }
        }
        // Its words say why.
        if let Some(words) = schema
            .get("description")
            .filter(|_| beside.contains_key("deprecated"))
        {
            beside.insert("description".to_owned(), words.clone());
        }
        let target = json!({"$ref": format!("{SCHEMAS}{name}")});
        let reference = match beside.is_empty() {
            true => target,
            false => {
                beside.insert("allOf".to_owned(), json!([target]));
                Value::Object(beside)
            }
        };
        self.context.moved.insert(name.clone(), at.to_string());
        self.found
            .push((name, std::mem::replace(schema, reference)));
    }

    /// The schemas in a schema.
    fn within(&mut self, at: &Location<'_>, name: &str, schema: &mut Value) {
        if let Some(properties) = schema.get_mut("properties") {
            for (property, value) in sorted(properties) {
                let name = format!("{name}{}", word(property));
                self.schema(&at.then(Step::Property(property)), &name, value);
            }
        }
        for (key, step, suffix) in [
            ("items", Step::Items, "Item"),
            ("additionalProperties", Step::AdditionalProperties, "Value"),
        ] {
            if let Some(value) = schema.get_mut(key).filter(|value| value.is_object()) {
                self.schema(&at.then(step), &format!("{name}{suffix}"), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::apply;
    use crate::normalise::run;

    const NESTED: &str = "{components: {schemas: {
        GroupMember: {type: object, properties: {
            address: {type: object, description: D, nullable: true, properties: {
                city: {type: object, properties: {name: {type: string}}}, kind: {type: string, enum: [a]}}},
            tags: {type: array, items: {type: object, properties: {a: {}}}},
            by_name: {type: object, additionalProperties: {type: string, enum: [b]}},
            counts: {type: object, additionalProperties: {type: integer}}}},
        GroupMemberTagsItem: {type: string}}},
        paths: {'/a/{b}': {
            post: {requestBody: {content: {application/json: {schema: {type: object, properties: {c: {type: string, maxLength: 3}}}}}},
                   responses: {'200': {content: {application/json: {schema: {type: array, items: {type: object, properties: {d: {}}}}}}}}},
            get: {operationId: list_things, parameters: [{name: order-by, schema: {type: string, enum: [up]}}]}}}}";

    #[test]
    fn inline_types_are_named_by_their_path() {
        let (found, findings) = run(apply, NESTED);
        let schemas = found["components"]["schemas"].as_object().unwrap();
        let mut names: Vec<_> = schemas.keys().map(String::as_str).collect();
        names.sort();
        assert_eq!(
            names,
            [
                "GroupMember",
                "GroupMemberAddress",
                "GroupMemberAddressCity",
                "GroupMemberAddressKind",
                "GroupMemberByNameValue",
                "GroupMemberTagsItem",
                "GroupMemberTagsItem2",
                "ListThingsOrderBy",
                "PostAbBody",
                "PostAbResponseItem",
            ]
        );
        assert_eq!(findings.len(), 8);
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let member = &schemas["GroupMember"]["properties"];
        assert_eq!(
            member["address"],
            json!({"nullable": true, "allOf": [reference("GroupMemberAddress")]})
        );
        assert_eq!(member["tags"]["items"], reference("GroupMemberTagsItem2"));
        assert_eq!(schemas["GroupMemberAddress"]["description"], "D");
        assert_eq!(
            found["paths"]["/a/{b}"]["get"]["parameters"][0]["schema"],
            reference("ListThingsOrderBy")
        );
    }

    #[test]
    fn names_do_not_depend_on_the_order() {
        let pair = |first: &str, second: &str| {
            format!(
                "{{components: {{schemas: {{A: {{type: object, properties: {{{first}, {second}}}}}}}}}}}"
            )
        };
        let (one, other) = (
            "b_c: {type: string, enum: [p]}",
            "bC: {type: string, enum: [q]}",
        );
        let (first, _) = run(apply, &pair(one, other));
        let (second, _) = run(apply, &pair(other, one));
        let values = |document: &Value| {
            let schemas = &document["components"]["schemas"];
            (
                schemas["Abc"]["enum"][0].clone(),
                schemas["Abc2"]["enum"][0].clone(),
            )
        };
        assert_eq!(values(&first), (json!("q"), json!("p")));
        assert_eq!(values(&first), values(&second));
    }
}
