//! One successful response for each operation: of one media type, and of any status where the document has several.
//!
//! What else may come is an error, whose body the runtime reads whatever it is: an inline schema of one is passed over.

use serde_json::{Map, Value, json};

use super::bodies::chosen;
use super::context::Context;
use crate::document::spec::{Operation, Spec, entries, schema_name};
use crate::document::walk::members_of;

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let before = Spec::of(document);
    for operation in before.operations() {
        let location = format!("{}.responses", operation.location());
        document["paths"][operation.path][operation.method]["responses"] =
            responses(&location, &operation, &before, context);
    }
}

fn responses(
    location: &str,
    operation: &Operation<'_>,
    spec: &Spec,
    context: &mut Context,
) -> Value {
    let given = &operation.value["responses"];
    let is_list = operation.value["x-pagination"].is_object();
    let mut plain = Map::new();
    let mut successes = Vec::new();
    for (status, response) in entries(given) {
        if status.len() == 3 && status.starts_with('2') {
            successes.push((status.to_uppercase(), response));
            continue;
        }
        let mut response = response.clone();
        for (_, media) in members_of(&mut response, "content") {
            if schema_name(&media["schema"]).is_none()
                && let Some(media) = media.as_object_mut()
            {
                media.remove("schema");
            }
        }
        plain.insert(status.clone(), response);
    }
    if successes.is_empty() {
        // `default` is the only one that may be a success then.
        let default = given.get("default");
        successes.extend(default.map(|response| ("2XX".to_owned(), response)));
        plain.remove("default");
    }
    successes.sort_by(|a, b| a.0.cmp(&b.0));
    let whole: Vec<_> = successes
        .iter()
        .map(|(_, response)| spec.target(response))
        .collect();
    let bodies: Vec<_> = successes
        .iter()
        .zip(&whole)
        .map(|((status, _), response)| {
            chosen(&response["content"]).filter(|_| status != "204" && operation.method != "head")
        })
        .collect();
    let may_be_null = bodies.iter().flatten().any(|(_, media)| {
        let schema = &media["schema"];
        !is_list
            && [schema, spec.target(schema)]
                .iter()
                .any(|one| one["nullable"] == true)
    });
    let (status, mut success) = match (&successes[..], &whole[..]) {
        ([(status, given)], [whole]) => {
            let content = match &bodies[0] {
                Some((media_type, media)) => json!({media_type: media}),
                None => Value::Null,
            };
            if whole["content"] == content && (!may_be_null || whole["optional"] == true) {
                plain.insert(status.clone(), (*given).clone());
                return Value::Object(plain);
            }
            (status.clone(), (*whole).clone())
        }
        (_, [whole, ..]) => ("2XX".to_owned(), (*whole).clone()),
        (_, []) => ("2XX".to_owned(), json!({"description": ""})),
    };
    let mut present: Vec<_> = bodies.iter().flatten().cloned().collect();
    let optional = may_be_null || !present.is_empty() && present.len() < bodies.len();
    present.dedup();
    if present.len() > 1 {
        context.warn(
            "responses",
            location,
            "successes with bodies of several types, which become any JSON",
            "describe one of them, or give them one schema",
        );
        present.truncate(1);
        present[0] = ("application/json".to_owned(), json!({"schema": {}}));
    }
    if let Some(success) = success.as_object_mut() {
        success.remove("content");
        if let Some((media_type, media)) = present.pop() {
            success.insert("content".to_owned(), json!({media_type: media}));
        }
        if optional {
            success.insert("optional".to_owned(), json!(true));
        }
    }
    plain.insert(status, success);
    Value::Object(plain)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::apply;
    use crate::normalise::run;

    #[test]
    fn one_success_is_left() {
        const A: &str = "{description: A, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}";
        let schema = |name: &str| json!({"description": "A", "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}});
        let mut optional = schema("A");
        optional["optional"] = json!(true);
        for (responses, expected) in [
            (format!("{{'200': {A}}}"), json!({"200": schema("A")})),
            (format!("{{'200': {A}, '201': {A}}}"), json!({"2XX": schema("A")})),
            (format!("{{'200': {A}, '204': {{description: None}}}}"), json!({"2XX": optional})),
            (format!("{{default: {A}}}"), json!({"2XX": schema("A")})),
            (format!("{{'200': {A}, '404': {{description: B}}}}"), json!({"200": schema("A"), "404": {"description": "B"}})),
            ("{'204': {description: B}}".to_owned(), json!({"204": {"description": "B"}})),
            ("{'404': {description: B}}".to_owned(), json!({"404": {"description": "B"}, "2XX": {"description": ""}})),
            ("{}".to_owned(), json!({"2XX": {"description": ""}})),
            (
                format!("{{'200': {A}, '202': {{description: B, content: {{application/json: {{schema: {{type: string}}}}}}}}}}"),
                json!({"2XX": {"description": "A", "content": {"application/json": {"schema": {}}}}}),
            ),
            (
                "{'400': {description: B, content: {application/json: {schema: {type: object}}}}, '204': {description: B}}".to_owned(),
                json!({"400": {"description": "B", "content": {"application/json": {}}}, "204": {"description": "B"}}),
            ),
        ] {
            let (mut document, _) = run(apply, &format!("{{paths: {{/a: {{get: {{responses: {responses}}}}}}}, components: {{schemas: {{A: {{}}}}}}}}"));
            let found: Value = document["paths"]["/a"]["get"]["responses"].take();
            assert_eq!(found, expected, "{responses}");
        }
    }

    #[test]
    fn what_may_be_null_is_optional_and_head_has_no_body() {
        let responses = |method: &str, schema: &str| {
            let (mut document, _) = run(
                apply,
                &format!(
                    "{{paths: {{/a: {{{method}: {{responses: {{'200': {{content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}, \
                     components: {{schemas: {{A: {{type: object, nullable: true}}, B: {{type: object}}}}}}}}"
                ),
            );
            document["paths"]["/a"][method]["responses"]["200"].take()
        };
        for (schema, optional) in [
            ("{type: array, nullable: true, items: {}}", json!(true)),
            ("{$ref: '#/components/schemas/A'}", json!(true)),
            ("{$ref: '#/components/schemas/B'}", Value::Null),
        ] {
            assert_eq!(responses("get", schema)["optional"], optional, "{schema}");
            assert_eq!(responses("head", schema)["content"], Value::Null);
        }
    }
}
