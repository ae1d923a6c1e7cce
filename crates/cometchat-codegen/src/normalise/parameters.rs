//! Parameters in the one form that is sent: each operation has its own list, without those that no client sets, an
//! object is a parameter for each of its properties, and every hole of a path has a parameter.
//!
//! Cookies are passed over where they may be left out. Styles with other separators than commas are refused.

use serde_json::{Value, json};

use super::Context;
use super::walk::{members, members_of, target};
use crate::spec::{METHODS, array};

/// Headers that OpenAPI has described elsewhere, and of which it says to pass over such parameters.
const OWN_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

pub(super) fn apply(document: &mut Value, context: &mut Context<'_>) {
    let components = document.get("components").cloned().unwrap_or_default();
    for (path, item) in members_of(document, "paths") {
        let shared = item
            .as_object_mut()
            .and_then(|item| item.remove("parameters"))
            .and_then(|list| match list {
                Value::Array(list) => Some(list),
                _ => None,
            })
            .unwrap_or_default();
        for (method, operation) in members(item) {
            if !METHODS.contains(&method.as_str()) || !operation.is_object() {
                continue;
            }
            let mut steps = Steps {
                components: &components,
                context,
                path,
                list: Vec::new(),
            };
            let own = match operation.get_mut("parameters").map(Value::take) {
                Some(Value::Array(own)) => own,
                _ => Vec::new(),
            };
            let identity = |parameter: &Value| {
                let parameter = target(&components, parameter);
                (parameter["name"].clone(), parameter["in"].clone())
            };
            let replaced: Vec<_> = own.iter().map(identity).collect();
            for (index, parameter) in shared.iter().enumerate() {
                if !replaced.contains(&identity(parameter)) {
                    steps.add(&format!("paths.{path}.parameters[{index}]"), parameter);
                }
            }
            for (index, parameter) in own.iter().enumerate() {
                let location = format!("paths.{path}.{method}.parameters[{index}]");
                if replaced[..index].contains(&replaced[index]) {
                    steps.context.warn(
                        "parameters",
                        location,
                        format!(
                            "the parameter {} is given twice",
                            parameter_name(target(&components, parameter))
                        ),
                        "leave out one of them; the first is used",
                    );
                } else {
                    steps.add(&location, parameter);
                }
            }
            steps.holes(&format!("paths.{path}.{method}"));
            let list = steps.list;
            if !list.is_empty() {
                operation["parameters"] = Value::Array(list);
            } else if let Some(operation) = operation.as_object_mut() {
                operation.remove("parameters");
            }
        }
    }
}

/// The parameters of one operation while they are gathered.
struct Steps<'a, 'b> {
    components: &'a Value,
    context: &'a mut Context<'b>,
    path: &'a str,
    list: Vec<Value>,
}

impl Steps<'_, '_> {
    /// Adds what is made of a parameter.
    fn add(&mut self, location: &str, given: &Value) {
        let parameter = target(self.components, given);
        let name = parameter["name"].as_str().unwrap_or_default();
        if name.is_empty() {
            self.refuse(location, "a parameter without a name", "add `name:`");
            return;
        }
        let place = parameter["in"].as_str().unwrap_or_default();
        match place {
            "query" => {}
            "path" if !self.path.contains(&format!("{{{name}}}")) => {
                self.context.warn(
                    "parameters",
                    location,
                    format!("the path has no `{{{name}}}`, so the parameter is passed over"),
                    format!("put `{{{name}}}` into the path, or leave the parameter out"),
                );
                return;
            }
            "path" => {}
            "header" if OWN_HEADERS.contains(&name.to_lowercase().as_str()) => return,
            "header" => {}
            "cookie" if parameter["required"] != true => {
                self.context.warn(
                    "parameters",
                    location,
                    format!("the client sends no cookies, so `{name}` is passed over"),
                    "leave it out, or describe it as a header",
                );
                return;
            }
            "cookie" => {
                self.refuse(
                    location,
                    "the client sends no cookies, and this one is required",
                    "describe it as a header, or leave it out",
                );
                return;
            }
            _ => {
                self.refuse(
                    location,
                    "`in:` is none of query, path, header and cookie",
                    "say where the parameter is sent",
                );
                return;
            }
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
        let schema = target(self.components, &plain["schema"]);
        let is_array = schema["type"] == "array";
        let is_object = schema["type"] == "object" || schema["properties"].is_object();
        let style =
            parameter["style"]
                .as_str()
                .unwrap_or(if place == "query" { "form" } else { "simple" });
        match style {
            "form" | "simple" => {}
            "deepObject" if is_object => {}
            "spaceDelimited" | "pipeDelimited" if !is_array || parameter["explode"] == true => {}
            _ => {
                self.refuse(
                    &format!("{location}.style"),
                    &format!("`style: {style}` is not supported"),
                    "send the values repeated or joined by commas, with `style: form`",
                );
                return;
            }
        }
        if is_array {
            let item = target(self.components, &schema["items"]);
            if matches!(item["type"].as_str(), Some("array" | "object")) {
                self.refuse(
                    location,
                    "a list of lists or objects can't be sent as a parameter",
                    "send it in the body",
                );
                return;
            }
        }
        if is_object {
            self.object(location, &plain, schema, style);
        } else if plain == *parameter {
            self.list.push(given.clone());
        } else {
            self.list.push(plain);
        }
    }

    /// Adds a parameter for each property of an object.
    fn object(&mut self, location: &str, parameter: &Value, schema: &Value, style: &str) {
        let name = parameter["name"].as_str().unwrap_or_default();
        let properties = schema["properties"]
            .as_object()
            .filter(|properties| !properties.is_empty());
        let flat = properties.into_iter().flatten().all(|(_, property)| {
            let property = target(self.components, property);
            property["type"] != "object" && !property["properties"].is_object()
        });
        let joined = style == "form" && parameter["explode"] == false;
        let (Some(properties), true, false, true) =
            (properties, flat, joined, parameter["in"] == "query")
        else {
            self.refuse(
                location,
                "an object that can't be sent as parameters: it is no flat object in the query, or has no properties",
                "describe a parameter for each value",
            );
            return;
        };
        let mut properties: Vec<_> = properties.iter().collect();
        properties.sort_by_key(|(property, _)| property.as_str());
        let of = schema;
        for (property, schema) in properties {
            let required = parameter["required"] == true
                && array(&of["required"]).any(|name| name == property);
            let wire = if style == "deepObject" {
                format!("{name}[{property}]")
            } else {
                property.clone()
            };
            let description = target(self.components, schema)["description"].clone();
            let mut added =
                json!({"name": wire, "in": "query", "required": required, "schema": schema});
            if description.is_string() {
                added["description"] = description;
            }
            if parameter["deprecated"] == true {
                added["deprecated"] = json!(true);
            }
            self.list.push(added);
        }
    }

    /// Adds a parameter for each hole of the path that has none.
    fn holes(&mut self, location: &str) {
        // Braces that don't match are an error of lint.
        let holes = self.path.split('{').skip(1);
        for name in holes.filter_map(|rest| Some(rest.split_once('}')?.0)) {
            let known = self.list.iter().any(|parameter| {
                let parameter = target(self.components, parameter);
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

    fn refuse(&mut self, location: &str, problem: &str, help: &str) {
        self.context.refuse("parameters", location, problem, help);
    }
}

/// The name of a parameter, as a finding says it.
fn parameter_name(parameter: &Value) -> String {
    format!("`{}`", parameter["name"].as_str().unwrap_or_default())
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
