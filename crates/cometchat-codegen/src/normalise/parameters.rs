//! Parameters in the one form that is sent: each operation has its own list, without those that no client sets, an
//! object is a parameter for each of its properties, and every hole of a path has a parameter.
//!
//! Cookies are passed over where they may be left out. Styles with other separators than commas are refused.

use serde_json::{Value, json};

use super::context::Context;
use crate::document::spec::{Spec, array, entries, holes};
use crate::document::walk::members_of;

/// Headers that OpenAPI has described elsewhere, and of which it says to pass over such parameters.
const OWN_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

/// Why a parameter can't be sent, and what to do.
type Refusal = (&'static str, &'static str);

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let before = Spec::of(document);
    for operation in before.operations() {
        let mut parameters = Parameters {
            spec: &before,
            context,
            path: operation.path,
            list: Vec::new(),
        };
        let given: Vec<_> = operation.parameters().collect();
        let shared = array(&operation.item["parameters"]).count();
        for (index, (location, parameter)) in given.iter().enumerate() {
            let name = &before.target(parameter)["name"];
            let place = &before.target(parameter)["in"];
            let is_same = |(_, other): &(String, &Value)| {
                let other = before.target(other);
                other["name"] == *name && other["in"] == *place
            };
            // One of the operation's own replaces one that its path item shares.
            if index < shared && given[shared..].iter().any(is_same) {
                continue;
            }
            if index > shared && given[shared..index].iter().any(is_same) {
                let name = name.as_str().unwrap_or_default();
                parameters.context.warn(
                    "parameters",
                    location,
                    format!("the parameter `{name}` is given twice"),
                    "leave out one of them; the first is used",
                );
            } else if let Err((problem, help)) = parameters.add(location, parameter) {
                parameters
                    .context
                    .refuse("parameters", location, problem, help);
            }
        }
        parameters.holes(&operation.location());
        let list = parameters.list;
        let operation = &mut document["paths"][operation.path][operation.method];
        if !list.is_empty() {
            operation["parameters"] = Value::Array(list);
        } else if let Some(operation) = operation.as_object_mut() {
            operation.remove("parameters");
        }
    }
    for (_, item) in members_of(document, "paths") {
        if let Some(item) = item.as_object_mut() {
            item.remove("parameters");
        }
    }
}

/// The parameters of one operation while they are gathered.
struct Parameters<'a> {
    spec: &'a Spec,
    context: &'a mut Context,
    path: &'a str,
    list: Vec<Value>,
}

impl Parameters<'_> {
    /// Adds what is made of a parameter.
    fn add(&mut self, location: &str, given: &Value) -> Result<(), Refusal> {
        let parameter = self.spec.target(given);
        let name = parameter["name"].as_str().unwrap_or_default();
        let place = parameter["in"].as_str().unwrap_or_default();
        let passed_over = match place {
            _ if name.is_empty() => return Err(("a parameter without a name", "add `name:`")),
            "path" if !self.path.contains(&format!("{{{name}}}")) => Some((
                format!("the path has no `{{{name}}}`, so the parameter is passed over"),
                format!("put `{{{name}}}` into the path, or leave the parameter out"),
            )),
            "header" if OWN_HEADERS.contains(&name.to_lowercase().as_str()) => return Ok(()),
            "query" | "path" | "header" => None,
            "cookie" if parameter["required"] != true => Some((
                format!("the client sends no cookies, so `{name}` is passed over"),
                "leave it out, or describe it as a header".to_owned(),
            )),
            "cookie" => {
                return Err((
                    "the client sends no cookies, and this one is required",
                    "describe it as a header, or leave it out",
                ));
            }
            _ => {
                return Err((
                    "`in:` is none of query, path, header and cookie",
                    "say where the parameter is sent",
                ));
            }
        };
        if let Some((problem, help)) = passed_over {
            self.context.warn("parameters", location, problem, help);
            return Ok(());
        }
        let mut plain = parameter.clone();
        if !plain["schema"].is_object() {
            plain["schema"] = json!({"type": "string"});
            self.context.warn(
                "parameters",
                location,
                format!("`{name}` has no schema, and is a text"),
                "add `schema:` with its type; JSON in a parameter is sent as the text that it is given",
            );
        }
        if let Some(plain) = plain.as_object_mut() {
            plain.remove("content");
        }
        let schema = self.spec.target(&plain["schema"]);
        let is_array = schema["type"] == "array";
        let is_object = schema["type"] == "object" || schema["properties"].is_object();
        let style = parameter["style"].as_str();
        match style.unwrap_or(if place == "query" { "form" } else { "simple" }) {
            "form" | "simple" => {}
            "deepObject" if is_object => {}
            "spaceDelimited" | "pipeDelimited" if !is_array || parameter["explode"] == true => {}
            style => {
                self.context.refuse(
                    "parameters",
                    format!("{location}.style"),
                    format!("`style: {style}` is not supported"),
                    "send the values repeated or joined by commas, with `style: form`",
                );
                return Ok(());
            }
        }
        if is_array {
            let item = self.spec.target(&schema["items"]);
            if matches!(item["type"].as_str(), Some("array" | "object")) {
                return Err((
                    "a list of lists or objects can't be sent as a parameter",
                    "send it in the body",
                ));
            }
            if place == "path" {
                return Err((
                    "a list can't be sent in a path",
                    "describe it as a text, or send it in the query",
                ));
            }
        }
        if is_object {
            return self.object(&plain, schema);
        }
        self.list.push(match plain == *parameter {
            true => given.clone(),
            false => plain,
        });
        Ok(())
    }

    /// Adds a parameter for each property of an object.
    fn object(&mut self, parameter: &Value, of: &Value) -> Result<(), Refusal> {
        let is_nested = |property: &Value| {
            let property = self.spec.target(property);
            property["type"] == "object" || property["properties"].is_object()
        };
        let style = parameter["style"].as_str().unwrap_or("form");
        let mut properties: Vec<_> = entries(&of["properties"]).collect();
        properties.sort_by_key(|(name, _)| *name);
        if properties.is_empty()
            || properties.iter().any(|(_, property)| is_nested(property))
            || style == "form" && parameter["explode"] == false
            || parameter["in"] != "query"
        {
            return Err((
                "an object that can't be sent as parameters: it is no flat object in the query, or has no properties",
                "describe a parameter for each value",
            ));
        }
        for (property, schema) in properties {
            let wire = match (style, parameter["name"].as_str()) {
                ("deepObject", Some(name)) => format!("{name}[{property}]"),
                _ => property.clone(),
            };
            let required = parameter["required"] == true
                && array(&of["required"]).any(|name| name == property);
            let mut added =
                json!({"name": wire, "in": "query", "required": required, "schema": schema});
            let whole = self.spec.target(schema);
            if whole["description"].is_string() {
                added["description"] = whole["description"].clone();
            }
            if [parameter, schema, whole]
                .iter()
                .any(|of| of["deprecated"] == true)
            {
                added["deprecated"] = json!(true);
            }
            self.list.push(added);
        }
        Ok(())
    }

    /// Adds a parameter for each hole of the path that has none.
    fn holes(&mut self, location: &str) {
        // Braces that don't match are an error of lint.
        for name in holes(self.path) {
            let known = self.list.iter().any(|parameter| {
                let parameter = self.spec.target(parameter);
                parameter["in"] == "path" && parameter["name"] == name
            });
            if !known {
                self.context.warn(
                    "parameters",
                    location,
                    format!("`{{{name}}}` in the path is not described, and is a text"),
                    format!("add the parameter `{name}` with `in: path`"),
                );
                self.list.push(
                    json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::apply;
    use crate::error::Level;
    use crate::normalise::run;

    /// The parameters of `get` on `/a/{id}`, given its own and those of the path, and what was found.
    fn applied(own: &str, shared: &str) -> (Value, Vec<(Level, String)>) {
        let document = format!(
            "{{paths: {{'/a/{{id}}': {{parameters: [{shared}], get: {{parameters: [{own}]}}}}}}, components: {{schemas: \
             {{F: {{type: object, required: [b], properties: {{b: {{type: integer}}, a: {{type: string}}}}}}, \
             N: {{type: object, properties: {{a: {{type: object}}}}}}}}}}}}"
        );
        let (document, findings) = run(apply, &document);
        let found = findings
            .into_iter()
            .map(|finding| (finding.level(), finding.problem));
        (
            document["paths"]["/a/{id}"]["get"]["parameters"].clone(),
            found.collect(),
        )
    }

    const ID: &str = "{name: id, in: path, required: true, schema: {type: string}}";

    #[test]
    fn each_form_becomes_one_that_is_sent() {
        for (own, shared, names, findings) in [
            (ID, "", "id", 0),
            ("", ID, "id", 0),
            ("", "", "id", 1),
            (ID, "{name: id, in: path, schema: {type: integer}}", "id", 0),
            (
                "{name: q, in: query, schema: {type: string}}, {name: q, in: query}",
                ID,
                "id q",
                1,
            ),
            ("{name: c, in: cookie, schema: {type: string}}", ID, "id", 1),
            (
                "{name: Accept, in: header, schema: {type: string}}",
                ID,
                "id",
                0,
            ),
            (
                "{name: X-A, in: header, schema: {type: string}}",
                ID,
                "id X-A",
                0,
            ),
            (
                "{name: other, in: path, schema: {type: string}}",
                ID,
                "id",
                1,
            ),
            (
                "{name: j, in: query, content: {application/json: {schema: {type: object}}}}",
                ID,
                "id j",
                1,
            ),
            (
                "{name: f, in: query, schema: {$ref: '#/components/schemas/F'}}",
                ID,
                "id a b",
                0,
            ),
            (
                "{name: f, in: query, style: deepObject, schema: {$ref: '#/components/schemas/F'}}",
                ID,
                "id f[a] f[b]",
                0,
            ),
        ] {
            let (list, found) = applied(own, shared);
            let found_names: Vec<_> = list
                .as_array()
                .unwrap()
                .iter()
                .map(|p| p["name"].as_str().unwrap())
                .collect();
            assert_eq!(found_names.join(" "), names, "{own} {shared}");
            assert_eq!(found.len(), findings, "{own} {shared}: {found:?}");
        }
    }

    #[test]
    fn a_property_is_required_where_its_object_is() {
        let (list, _) = applied(
            "{name: f, in: query, required: true, schema: {$ref: '#/components/schemas/F'}}",
            ID,
        );
        assert_eq!(
            (&list[1]["required"], &list[2]["required"]),
            (&json!(false), &json!(true))
        );
    }

    #[test]
    fn what_can_t_be_sent_is_refused() {
        for own in [
            "{in: query, schema: {type: string}}",
            "{name: c, in: cookie, required: true, schema: {type: string}}",
            "{name: a, in: body, schema: {type: string}}",
            "{name: a, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}}",
            "{name: id, in: path, style: matrix, schema: {type: string}}",
            "{name: a, in: query, schema: {type: array, items: {type: object}}}",
            "{name: a, in: query, schema: {$ref: '#/components/schemas/N'}}",
            "{name: a, in: query, schema: {type: object}}",
            "{name: a, in: query, explode: false, schema: {$ref: '#/components/schemas/F'}}",
        ] {
            let (_, found) = applied(own, ID);
            let errors = found.iter().filter(|(level, _)| *level == Level::Error);
            assert_eq!(errors.count(), 1, "{own}: {found:?}");
        }
    }
}
