//! Everything that becomes Rust has words about it: where a description is missing, the title, the summary or the name.
//!
//! Code in a description is no Rust: its blocks are made `text`, so that nothing of it is compiled or run as a test.

use serde_json::{Value, json};

use super::context::Context;
use super::docs;
use crate::document::location::{Location, Part, Step};
use crate::document::markdown::runnable;
use crate::document::walk::{each_part, members_of};

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let title = document["info"]["title"].as_str().unwrap_or("The service");
    let header = format!("The header of {title} that says who asks.");
    each_part(document, &mut |at, value| {
        if !value.is_object() || value["$ref"].is_string() {
            return;
        }
        let name = match at.part() {
            Part::Parameter => value["name"].as_str().or(at.name()),
            Part::Operation | Part::Response => at.name(),
            // A reference with words about it may have none of its own.
            Part::Schema if becomes_item(at) && value["allOf"].is_null() => at.name(),
            _ => None,
        };
        if let Some(name) = name {
            let name = format!("{}.", docs::code(name));
            described(context.at(at), value, &name, context);
        } else if let Step::Component("securitySchemes", _) = at.step {
            described(at.to_string(), value, &header, context);
        }
        let at = context.at(at);
        clean(&at, value, context);
    });
    if let Some(info) = document.get_mut("info").filter(|info| info.is_object()) {
        clean("info", info, context);
    }
    let servers = document.get_mut("servers").and_then(Value::as_array_mut);
    for (index, server) in servers.into_iter().flatten().enumerate() {
        for (name, variable) in members_of(server, "variables") {
            let at = format!("servers[{index}].variables.{name}");
            described(
                at.clone(),
                variable,
                &format!("{}.", docs::code(name)),
                context,
            );
            clean(&at, variable, context);
        }
    }
}

/// Whether the schema at a location becomes a type or a field.
fn becomes_item(at: &Location<'_>) -> bool {
    at.component().is_some() && matches!(at.step, Step::Component(..) | Step::Property(_))
}

/// Gives a part a description, where it has none.
fn described(at: String, value: &mut Value, otherwise: &str, context: &mut Context) {
    let words = |key: &str| {
        let words = value[key].as_str().map(str::trim)?;
        (!words.is_empty()).then(|| words.to_owned())
    };
    if words("description").is_some() || !value.is_object() {
        return;
    }
    let description = words("summary")
        .or_else(|| words("title"))
        .unwrap_or_else(|| otherwise.to_owned());
    value["description"] = json!(description);
    context.warn(
        "described",
        at,
        "it has no description, which is the documentation of what is generated",
        "add `description:` with a sentence for users",
    );
}

/// Makes a part's words fit for docs.
fn clean(at: &str, value: &mut Value, context: &mut Context) {
    for key in ["description", "summary", "title"] {
        if let Some(words) = value[key].as_str() {
            if runnable(words).is_some() {
                context.warn(
                    "code-block",
                    format!("{at}.{key}"),
                    "a code block, which is taken for text: no code of a description is compiled or run",
                    "write its first line as \"```text\"",
                );
            }
            let plain = words.replace("\r\n", "\n").replace('\r', "\n");
            if plain != words {
                value[key] = json!(plain);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::apply;
    use crate::normalise::run;

    #[test]
    fn what_is_missing_comes_from_title_summary_or_name() {
        let (found, findings) = run(
            apply,
            "{paths: {/a: {get: {summary: Lists., parameters: [{name: perPage}], responses: {'200': {}}}}}, components: {schemas: {
                A: {title: T, properties: {b: {}, c: {description: D}, d: {$ref: '#/components/schemas/A'}}, items: {}}}}}",
        );
        let operation = &found["paths"]["/a"]["get"];
        assert_eq!(operation["description"], "Lists.");
        assert_eq!(operation["parameters"][0]["description"], "`perPage`.");
        assert_eq!(operation["responses"]["200"]["description"], "`200`.");
        let schema = &found["components"]["schemas"]["A"];
        assert_eq!(schema["description"], "T");
        assert_eq!(schema["properties"]["b"]["description"], "`b`.");
        assert_eq!(schema["properties"]["c"]["description"], "D");
        assert_eq!(
            schema["properties"]["d"]["description"],
            serde_json::Value::Null
        );
        assert_eq!(findings.len(), 5, "{findings:#?}");
    }

    #[test]
    fn code_and_carriage_returns_are_made_harmless() {
        let (found, findings) = run(
            apply,
            r#"{components: {schemas: {A: {description: "a\rb\r\n\n```\nfail()\n```"}, B: {description: "a\n\n    code"}, C: {description: "```text\na\n```"}}}}"#,
        );
        assert_eq!(
            found["components"]["schemas"]["A"]["description"],
            "a\nb\n\n```\nfail()\n```"
        );
        let locations: Vec<_> = findings
            .iter()
            .map(|finding| finding.location.as_str())
            .collect();
        assert_eq!(
            locations,
            [
                "components.schemas.A.description",
                "components.schemas.B.description"
            ]
        );
    }
}
