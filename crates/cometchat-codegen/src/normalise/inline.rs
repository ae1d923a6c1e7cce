//! Inline objects and enums get names from their path: `address` in `city` in `GroupMember` is `GroupMemberAddressCity`.
//!
//! The type of a body is called after its operation, as `CreateGroupBody` or `CreateGroupResponse`; that of items after their
//! list, with `Item`. A long name keeps the last parts of the path that make it unique. A name that is taken gets a number. Names
//! are given in the order of the paths, so they do not depend on the order of the document.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

use super::context::Context;
use crate::document::location::{Location, Part, Step};
use crate::document::naming::{type_name, unique_type};
use crate::document::spec::{SCHEMAS, entries};
use crate::document::walk::each_part;

/// The most characters of a name, unless a shorter one is taken.
const LONG: usize = 40;

/// Keys about the use of a type, which stay beside the reference to it.
const USE: [&str; 6] = [
    "default",
    "deprecated",
    "nullable",
    "readOnly",
    "writeOnly",
    "x-lenient",
];

/// The names of schemas that are taken.
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Returns those of the document.
    pub(super) fn of(document: &Value) -> Self {
        let schemas = entries(&document["components"]["schemas"]);
        Self(schemas.map(|(name, _)| type_name(name)).collect())
    }

    /// Returns a name of the words that is not taken: of the last ones if it is long, with a number if there is no other.
    pub(super) fn fresh(&mut self, words: &[String]) -> String {
        let ends = 0..words.len().saturating_sub(1).max(1);
        let names: Vec<_> = ends
            .map(|from| type_name(&words[from..].concat()))
            .collect();
        let fits = names.iter().position(|name| name.len() <= LONG);
        let longer = &names[..=fits.unwrap_or(names.len() - 1)];
        let free = longer.iter().rev().find(|name| !self.0.contains(*name));
        unique_type(free.unwrap_or(&names[0]), &mut self.0)
    }
}

/// A word of a path as part of a type's name.
pub(super) fn word(text: &str) -> String {
    text.to_upper_camel_case()
}

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let (mut operation, mut parameter) = (String::new(), String::new());
    let mut found = Vec::new();
    each_part(document, &mut |at, value| match at.part() {
        Part::Operation => operation = word(value["operationId"].as_str().unwrap_or_default()),
        Part::Parameter => parameter = word(value["name"].as_str().unwrap_or_default()),
        Part::Schema
            if is_type(value) && at.named_schema().is_none() && !at.is_within(Part::Header) =>
        {
            let words = words(at, &operation, &parameter);
            found.push((words, at.to_string(), at.pointer()));
        }
        _ => {}
    });
    // An outer type comes before those in it.
    found.sort();
    let mut names = Names::of(document);
    let mut named = Vec::new();
    for (words, at, pointer) in found {
        let name = names.fresh(&words);
        context.warn(
            "inline-type",
            &at,
            format!("an inline type, which is called `{name}` after the path to it"),
            "move it to `components.schemas` under a name of its own",
        );
        context.moved.insert(name.clone(), at);
        named.push((name, pointer));
    }
    for (name, pointer) in named.into_iter().rev() {
        if let Some(schema) = document.pointer_mut(&pointer) {
            let moved = replaced(schema, &name);
            document["components"]["schemas"][name] = moved;
        }
    }
}

/// Tells whether a schema becomes a type.
fn is_type(schema: &Value) -> bool {
    let is_enum = || {
        ["enum", "x-extensible-enum"]
            .iter()
            .any(|key| schema[*key].is_array())
    };
    match schema["type"].as_str() {
        Some("object") => entries(&schema["properties"]).next().is_some(),
        Some("string") => is_enum(),
        _ => false,
    }
}

/// Returns the words of the path to a schema.
fn words(at: &Location<'_>, operation: &str, parameter: &str) -> Vec<String> {
    let steps = at.outward().filter_map(|at| {
        Some(match at.step {
            Step::Component(_, name) | Step::Property(name) | Step::Definition(name) => word(name),
            Step::Operation(_) => operation.to_owned(),
            Step::Parameter(_) => parameter.to_owned(),
            Step::Body => "Body".to_owned(),
            Step::Response(status) if status.starts_with('2') => "Response".to_owned(),
            Step::Response(_) => "Error".to_owned(),
            Step::Items => "Item".to_owned(),
            Step::AdditionalProperties => "Value".to_owned(),
            _ => return None,
        })
    });
    let mut words: Vec<_> = steps.collect();
    words.reverse();
    words
}

/// Replaces a schema by a reference to its name, and returns what the name stands for.
fn replaced(schema: &mut Value, name: &str) -> Value {
    let mut beside = Map::new();
    if let Some(schema) = schema.as_object_mut() {
        let used = USE.iter().filter_map(|key| schema.remove_entry(*key));
        beside.extend(used);
        // Its words say why.
        if beside.contains_key("deprecated")
            && let Some(words) = schema.get("description")
        {
            beside.insert("description".to_owned(), words.clone());
        }
    }
    let mut reference = json!({"$ref": format!("{SCHEMAS}{name}")});
    if !beside.is_empty() {
        beside.insert("allOf".to_owned(), json!([reference]));
        reference = Value::Object(beside);
    }
    std::mem::replace(schema, reference)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
            post: {operationId: post_a_b, requestBody: {content: {application/json: {schema: {type: object, properties: {c: {type: string, maxLength: 3}}}}}},
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
    fn long_names_keep_their_last_parts() {
        let kind = "{type: object, properties: {kind: {type: string, enum: [a]}}}";
        let owners = format!(
            "{{type: object, properties: {{restrictions: {{type: object, properties: {{owner: {kind}}}}}}}}}"
        );
        let (found, _) = run(
            apply,
            &format!(
                "{{components: {{schemas: {{ProtectionOfBranches: {{type: object, properties: {{reviews: {owners}, dismissals: {owners}}}}}}}}}}}"
            ),
        );
        let schemas = found["components"]["schemas"].as_object().unwrap();
        let names: BTreeSet<_> = schemas.keys().map(String::as_str).collect();
        let expected = [
            "ProtectionOfBranches",
            "ProtectionOfBranchesDismissals",
            "DismissalsRestrictions",
            "DismissalsRestrictionsOwner",
            "DismissalsRestrictionsOwnerKind",
            "ProtectionOfBranchesReviews",
            "ProtectionOfBranchesReviewsRestrictions",
            "ReviewsRestrictionsOwner",
            "ReviewsRestrictionsOwnerKind",
        ];
        assert_eq!(names, expected.into());
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
