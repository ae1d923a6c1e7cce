//! `comma-lists`: an array in the query is a named list of a named item, and says `explode: false`.
//!
//! progenitor never reads `explode`: arrays always go out as repeated keys. So the named schema of the array is
//! replaced by a list type of ours that is one comma-joined string on the wire; for that it needs a name, a name for
//! its item, and to be nothing but a parameter (in JSON it would be a string in place of an array).

use super::document::{Document, Kind};
use super::{Findings, Rule};
use crate::spec::schema_name;

pub(super) const RULE: Rule = Rule {
    name: "comma-lists",
    why: "progenitor never reads `explode`, so a named list type of ours stands in for the array",
    check,
};

fn check(document: &Document<'_>, findings: &mut Findings) {
    for node in document.of(Kind::Parameter) {
        let (place, parameter) = (&node.place, node.value);
        let schema = &parameter["schema"];
        let list = schema_name(schema)
            .and_then(|name| document.spec.schema(name))
            .unwrap_or(schema);
        if list["type"] != "array" {
            continue;
        }
        if parameter["in"] != "query" {
            findings.add(
                place,
                "a list that is not in the query, which progenitor can't write",
                "describe it as a string",
            );
            continue;
        }
        let style = &parameter["style"];
        if parameter["explode"] != false || !(style.is_null() || style == "form") {
            findings.add(
                place,
                "a list in the query goes out comma-joined, which this doesn't say",
                "add `style: form` and `explode: false`",
            );
        }
        let Some(name) = schema_name(schema) else {
            findings.add(
                format!("{place}.schema"),
                "a list in the query stands inline, so it can't be replaced by the list type",
                "move it to `components.schemas` under a name, and refer to it by `$ref`",
            );
            continue;
        };
        let item = schema_name(&list["items"]).and_then(|name| document.spec.schema(name));
        if item.is_none_or(|item| !item["x-extensible-enum"].is_array()) {
            findings.add(
                format!("components.schemas.{name}.items"),
                "the items of a list in the query are not a named open enum, which is all that the list type joins",
                "name their schema under `components.schemas`, list its values under `x-extensible-enum`, and refer to it",
            );
        }
        if document.is_in_body(name) {
            findings.add(
                format!("components.schemas.{name}"),
                "a list in the query that stands in a body too, where it would be a string",
                "give the body an array schema of its own",
            );
        }
    }
}
