//! Changes of a spec as vendors make them, from tests/spec-changes/changes.yaml: each is generated alone or rejected, the
//! crate beside that file compiles and calls all of them together, and docs/spec-changes.md has them as a table.

use std::sync::LazyLock;

use cometchat_codegen::spec;
use serde_json::{Value, json};

use crate::read;

/// Schemas that `cometchat-client` needs in a spec without operations.
const RUNTIME: [&str; 9] = [
    "Cursor",
    "ErrorBody",
    "ErrorCode",
    "ErrorDetails",
    "ErrorResponse",
    "Metadata",
    "PageMeta",
    "Pagination",
    "UnixTime",
];

/// The changes, and headings between them.
static ROWS: LazyLock<Vec<Value>> =
    LazyLock::new(|| serde_saphyr::from_str(&read("tests/spec-changes/changes.yaml")).unwrap());

/// The changes.
fn changes() -> impl Iterator<Item = &'static Value> + Clone {
    ROWS.iter().filter(|row| row["section"].is_null())
}

fn text<'a>(change: &'a Value, key: &str) -> &'a str {
    change[key].as_str().unwrap_or_default()
}

/// A spec of no operations.
static BASE: LazyLock<Value> = LazyLock::new(|| {
    let mut base = spec::read(&read("openapi.yaml")).unwrap();
    base["paths"] = json!({});
    let components = base["components"].as_object_mut().unwrap();
    components.retain(|key, _| matches!(key.as_str(), "schemas" | "securitySchemes"));
    let schemas = components["schemas"].as_object_mut().unwrap();
    schemas.retain(|name, _| RUNTIME.contains(&name.as_str()));
    base
});

/// Adds a change to a spec, its operation called `name`.
fn add(spec: &mut Value, change: &Value, name: &str) {
    let json = |schema: &Value| json!({"description": "", "content": {"application/json": {"schema": schema}}});
    let nothing = json!({"204": {"description": ""}});
    let (mut method, mut operation) = ("get", change["operation"].clone());
    if change["fields"].is_object() {
        let schema = json!({"type": "object", "properties": change["fields"]});
        operation = json!({"responses": {"200": json(&schema)}});
    } else if change["parameters"].is_array() {
        operation = json!({"parameters": change["parameters"], "responses": nothing});
    } else if change["body"].is_object() {
        method = "post";
        let mut body = json(&change["body"]);
        body["required"] = json!(true);
        operation = json!({"requestBody": body, "responses": nothing});
    } else if change["responses"].is_object() {
        operation = json!({"responses": change["responses"]});
    }
    if operation.is_object() {
        operation["operationId"] = json!(name);
        let method = change["method"].as_str().unwrap_or(method);
        let path = format!("/{}", name.replace('_', "-"));
        json_patch::merge(spec, &json!({"paths": {path: {method: operation}}}));
    }
    let mut components =
        json!({"schemas": change["schemas"], "securitySchemes": change["security"]});
    components
        .as_object_mut()
        .unwrap()
        .retain(|_, part| part.is_object());
    let paths = if change["paths"].is_object() {
        change["paths"].clone()
    } else {
        json!({})
    };
    json_patch::merge(spec, &json!({"paths": paths, "components": components}));
    if let Some(version) = change["openapi"].as_str() {
        spec["openapi"] = json!(version);
    }
}

/// The changes that the crate in tests/spec-changes calls.
fn called() -> impl Iterator<Item = &'static Value> {
    changes().filter(|change| change["refused"].is_null() && change["like"].is_null())
}

/// A spec of all changes that are generated.
pub(crate) fn together() -> Value {
    let mut spec = BASE.clone();
    for change in called() {
        add(&mut spec, change, text(change, "test"));
    }
    spec
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use cometchat_codegen::{generate, generate_with_warnings};

    use super::*;
    use crate::root;

    /// A spec of one change.
    fn alone(change: &Value, name: &str) -> String {
        let mut spec = BASE.clone();
        // What the change refers to may be a schema of another one.
        let words = change.to_string();
        for other in changes().filter(|other| other["refused"].is_null()) {
            for (name, schema) in other["schemas"].as_object().into_iter().flatten() {
                if words.contains(&format!("#/components/schemas/{name}")) {
                    spec["components"]["schemas"][name] = schema.clone();
                }
            }
        }
        add(&mut spec, change, name);
        spec.to_string()
    }

    #[test]
    fn each_change_is_generated_or_refused() {
        let mut wrong = Vec::new();
        for change in changes() {
            let name = text(change, "test");
            let refused = text(change, "refused");
            match generate_with_warnings(&alone(change, name)) {
                Ok(_) if !refused.is_empty() => wrong.push(format!("{name}: generated")),
                Ok(generated) => {
                    let warned = |location: &str| {
                        let mut warnings = generated.warnings.iter();
                        warnings.any(|warning| warning.location.contains(location))
                    };
                    if !warned(text(change, "warns")) && change["warns"].is_string() {
                        wrong.push(format!("{name}: no warning: {:#?}", generated.warnings));
                    }
                }
                Err(error) => {
                    let first = &error.findings()[0];
                    if refused.is_empty() || !first.location.contains(refused) {
                        wrong.push(format!("{name}: {error}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }

    #[test]
    fn another_spelling_gives_the_same_code() {
        let all = changes();
        for change in all.clone().filter(|change| change["like"].is_string()) {
            let name = text(change, "like");
            let like = all
                .clone()
                .find(|other| text(other, "test") == name)
                .unwrap();
            let body = |change| {
                let code = generate(&alone(change, name)).unwrap();
                code.split_once("\n\n").unwrap().1.to_owned()
            };
            assert_eq!(body(change), body(like), "{name}");
        }
    }

    #[test]
    fn each_change_has_a_test_that_calls_it() {
        let mut tests = String::new();
        for entry in fs::read_dir(root().join("tests/spec-changes/src")).unwrap() {
            tests.push_str(&fs::read_to_string(entry.unwrap().path()).unwrap());
        }
        let names: Vec<_> = changes()
            .map(|change| text(change, "test").to_owned())
            .collect();
        let unique: BTreeSet<_> = names.iter().collect();
        assert_eq!(names.len(), unique.len(), "two changes of one name");
        for change in called() {
            let name = text(change, "test");
            assert!(
                tests.contains(&format!("async fn {name}()")),
                "{name} has no test"
            );
        }
    }

    /// The table of the changes, as Markdown.
    fn table() -> String {
        let mut table = String::new();
        for row in ROWS.iter() {
            match row["section"].as_str() {
                Some(section) => table.push_str(&format!(
                    "\n### {section}\n\n| in the spec | becomes |\n|---|---|\n"
                )),
                None => {
                    let cell = |key| text(row, key).replace('|', "\\|");
                    table.push_str(&format!("| {} | {} |\n", cell("change"), cell("becomes")));
                }
            }
        }
        table
    }

    #[test]
    fn the_docs_have_the_table() {
        const START: &str =
            "<!-- From tests/spec-changes/changes.yaml; UPDATE_DOCS=1 writes it. -->\n";
        const END: &str = "\n<!-- End of the table. -->";
        let docs = read("docs/spec-changes.md");
        let (before, rest) = docs.split_once(START).unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        let updated = format!("{before}{START}{}{END}{after}", table());
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(root().join("docs/spec-changes.md"), &updated).unwrap();
        } else {
            assert!(
                docs == updated,
                "the table is stale: run this test with UPDATE_DOCS=1"
            );
        }
    }

    #[test]
    fn all_changes_together_are_generated() {
        if let Err(error) = generate(&together().to_string()) {
            panic!("{error}");
        }
    }
}
