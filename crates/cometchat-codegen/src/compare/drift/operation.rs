//! One operation in both documents: its parameters, bodies, answers, keys and servers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Drifts;
use super::fields::{self, Fields};
use super::matching::Operation;
use super::schema::{Facts, resolve};
use super::servers::{self, compare_values};
use crate::spec::{array, entries};

/// Compares one of our operations with theirs.
pub(super) fn compare(ours: &Operation<'_>, theirs: &Operation<'_>, drifts: &mut Drifts) {
    let deprecated = |operation: &Operation<'_>| {
        (operation.value["deprecated"] == true).then(|| "deprecated".to_owned())
    };
    drifts.compare("operation", "", deprecated(ours), deprecated(theirs));
    let our_keys = keys(ours);
    parameters(ours, theirs, &our_keys, drifts);
    body(ours, theirs, drifts);
    answers(ours, theirs, drifts);
    security(ours, theirs, &our_keys, drifts);
    servers::compare(ours, theirs, drifts);
}

/// Where a parameter stands, and what it is called; those of the path are told apart by their order in it.
type Name = (String, String);

/// The parameters of an operation; its own replace those of its path.
fn parameters_of<'a>(operation: &Operation<'a>) -> BTreeMap<Name, &'a Value> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let in_path: Vec<_> = operation
        .path
        .split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect();
    let shared = array(&operation.item["parameters"]);
    shared
        .chain(array(&operation.value["parameters"]))
        .map(|parameter| resolve(operation.root, parameter))
        .filter(|parameter| parameter["name"].is_string())
        .map(|parameter| {
            let (place, name) = (text(&parameter["in"]), text(&parameter["name"]));
            match in_path.iter().rev().position(|other| *other == name) {
                Some(from_end) if place == "path" => ((place, from_end.to_string()), parameter),
                _ => ((place, name), parameter),
            }
        })
        .collect()
}

fn parameters(
    ours: &Operation<'_>,
    theirs: &Operation<'_>,
    our_keys: &BTreeSet<String>,
    drifts: &mut Drifts,
) {
    let (our, their) = (parameters_of(ours), parameters_of(theirs));
    let subject = |parameter: &Value| {
        let text = |key: &str| parameter[key].as_str().unwrap_or("unplaced").to_owned();
        format!("{} parameter `{}`", text("in"), text("name"))
    };
    for (name, parameter) in &their {
        // Where they document a key's header as a parameter, it is the key.
        let is_key = name.0 == "header" && our_keys.contains(&header(&name.1));
        if !our.contains_key(name) && !is_key {
            let facts = facts(theirs, parameter);
            let ty = facts.type_name().unwrap_or_else(|| "no type".to_owned());
            let said = match parameter["required"] == true {
                true => format!("{ty}, required"),
                false => ty,
            };
            drifts.compare(&subject(parameter), "", None, Some(said));
        }
    }
    for (name, parameter) in &our {
        match their.get(name) {
            Some(other) => one(
                (ours, parameter),
                (theirs, other),
                &subject(parameter),
                drifts,
            ),
            None => {
                let said = facts(ours, parameter).type_name().unwrap_or_default();
                drifts.compare(&subject(parameter), "", Some(said), None);
            }
        }
    }
}

/// The facts of a parameter: of its schema, or of itself where that is missing.
fn facts<'a>(operation: &Operation<'a>, parameter: &'a Value) -> Facts<'a> {
    Facts::of(operation.root, schema(parameter))
}

fn schema(parameter: &Value) -> &Value {
    let of_content = entries(&parameter["content"])
        .map(|(_, media)| &media["schema"])
        .next();
    match (&parameter["schema"], of_content) {
        (Value::Null, Some(schema)) => schema,
        (Value::Null, None) => parameter,
        (schema, _) => schema,
    }
}

fn one(
    (ours, our): (&Operation<'_>, &Value),
    (theirs, their): (&Operation<'_>, &Value),
    subject: &str,
    drifts: &mut Drifts,
) {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    drifts.compare(subject, "name", text(&our["name"]), text(&their["name"]));
    let required = |parameter: &Value| {
        Some(
            if parameter["required"] == true {
                "required"
            } else {
                "optional"
            }
            .to_owned(),
        )
    };
    drifts.compare(subject, "presence", required(our), required(their));
    let (our_facts, their_facts) = (facts(ours, our), facts(theirs, their));
    compare_facts(subject, &our_facts, &their_facts, drifts);
    let is_list = |facts: &Facts<'_>| facts.types.contains("array");
    if is_list(&our_facts) || is_list(&their_facts) {
        drifts.compare(
            subject,
            "on the wire",
            Some(joining(our)),
            Some(joining(their)),
        );
    }
    let deprecated =
        |parameter: &Value| (parameter["deprecated"] == true).then(|| "deprecated".to_owned());
    drifts.compare(subject, "", deprecated(our), deprecated(their));
}

/// Compares what two schemas say of a value: type, default, values and limits.
fn compare_facts(subject: &str, ours: &Facts<'_>, theirs: &Facts<'_>, drifts: &mut Drifts) {
    let ty = |facts: &Facts<'_>| Some(facts.type_name().unwrap_or_else(|| "not stated".to_owned()));
    drifts.compare(subject, "type", ty(ours), ty(theirs));
    let default = |facts: &Facts<'_>| {
        facts.default.map(|default| match default.is_string() {
            true => format!("{default}, which is text"),
            false => default.to_string(),
        })
    };
    drifts.compare(subject, "default", default(ours), default(theirs));
    compare_values(subject, &ours.values, &theirs.values, drifts);
    let keys: BTreeSet<_> = ours
        .limits
        .keys()
        .chain(theirs.limits.keys())
        .copied()
        .collect();
    for key in keys {
        let limit = |facts: &Facts<'_>| facts.limits.get(key).map(ToString::to_string);
        drifts.compare(subject, key, limit(ours), limit(theirs));
    }
}

/// How a list goes out, by `style` and `explode` and what stands for them.
fn joining(parameter: &Value) -> String {
    let style = match (parameter["style"].as_str(), parameter["in"].as_str()) {
        (Some(style), _) => style,
        (None, Some("query" | "cookie")) => "form",
        (None, _) => "simple",
    };
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    let stated = if parameter["explode"].is_boolean() {
        ""
    } else {
        " (not stated)"
    };
    match (style, explode) {
        ("form", true) => format!("a key for each item{stated}"),
        ("form" | "simple", _) => format!("one comma-joined value{stated}"),
        (style, _) => format!("{style}{stated}"),
    }
}

fn body(ours: &Operation<'_>, theirs: &Operation<'_>, drifts: &mut Drifts) {
    let (our, their) = (body_of(ours), body_of(theirs));
    let said = |body: Option<&Value>| body.map(|_| "described".to_owned());
    drifts.compare("request body", "", said(our), said(their));
    if let (Some(our), Some(their)) = (our, their) {
        let our = Fields::of(ours.root, [our]);
        let their = Fields::of(theirs.root, [their]);
        fields::compare("request field", &our, &their, drifts);
    }
}

fn body_of<'a>(operation: &Operation<'a>) -> Option<&'a Value> {
    let body = resolve(operation.root, &operation.value["requestBody"]);
    body.is_object().then_some(body)
}

/// The answers of an operation by status.
fn answers_of<'a>(operation: &Operation<'a>) -> Vec<(&'a str, &'a Value)> {
    entries(&operation.value["responses"])
        .filter(|(status, _)| !status.starts_with("x-"))
        .map(|(status, answer)| (status.as_str(), resolve(operation.root, answer)))
        .collect()
}

/// Whether a description for one status, all of a sort, or every other one, holds for `status`.
fn covers(described: &str, status: &str) -> bool {
    described == "default"
        || described.eq_ignore_ascii_case(status)
        || (described.len() == 3
            && described[1..].eq_ignore_ascii_case("XX")
            && status.starts_with(&described[..1]))
}

fn answers(ours: &Operation<'_>, theirs: &Operation<'_>, drifts: &mut Drifts) {
    let (our, their) = (answers_of(ours), answers_of(theirs));
    for (status, _) in &their {
        // Their `default` says nothing of which there are.
        if *status != "default" && !our.iter().any(|(other, _)| covers(other, status)) {
            let said = Some("described".to_owned());
            drifts.compare(&format!("response {status}"), "", None, said);
        }
    }
    for (status, _) in &our {
        let described = |other: &str| covers(other, status) || covers(status, other);
        if !their.iter().any(|(other, _)| described(other)) {
            let said = Some("described".to_owned());
            drifts.compare(&format!("response {status}"), "", said, None);
        }
    }
    for (what, success) in [("field", true), ("error field", false)] {
        let our = Fields::of(ours.root, of_sort(&our, success));
        let their = Fields::of(theirs.root, of_sort(&their, success));
        fields::compare(what, &our, &their, drifts);
    }
}

/// The answers that are a success, or those that are not.
fn of_sort<'a>(answers: &[(&str, &'a Value)], success: bool) -> impl Iterator<Item = &'a Value> {
    answers
        .iter()
        .filter(move |(status, _)| status.starts_with('2') == success)
        .map(|(_, answer)| *answer)
}

/// The header of a key, in the one spelling that headers have.
fn header(name: &str) -> String {
    name.to_lowercase()
}

/// The headers of the keys that an operation asks for.
fn keys(operation: &Operation<'_>) -> BTreeSet<String> {
    schemes(operation)
        .filter(|scheme| scheme["in"] == "header")
        .filter_map(|scheme| Some(header(scheme["name"].as_str()?)))
        .collect()
}

/// The security schemes that an operation asks for, in any of its alternatives.
fn schemes<'a>(operation: &Operation<'a>) -> impl Iterator<Item = &'a Value> + use<'a> {
    let root = operation.root;
    let asked = match &operation.value["security"] {
        Value::Null => &root["security"],
        own => own,
    };
    array(asked)
        .flat_map(entries)
        .map(|(name, _)| resolve(root, &root["components"]["securitySchemes"][name]))
}

fn security(
    ours: &Operation<'_>,
    theirs: &Operation<'_>,
    our_keys: &BTreeSet<String>,
    drifts: &mut Drifts,
) {
    let said = |operation: &Operation<'_>| -> BTreeSet<String> {
        schemes(operation)
            .map(|scheme| {
                let text = |key: &str| scheme[key].as_str().unwrap_or("not described");
                match text("type") {
                    "apiKey" if text("in") == "header" => in_header(text("name")),
                    "apiKey" => format!("the key `{}` in {}", text("name"), text("in")),
                    "http" => format!("http {}", text("scheme")),
                    other => other.to_owned(),
                }
            })
            .collect()
    };
    let (our, mut their) = (said(ours), said(theirs));
    for (place, name) in parameters_of(theirs).keys() {
        if place == "header" && our_keys.contains(&header(name)) {
            their.insert(in_header(name));
        }
    }
    for scheme in their.difference(&our) {
        drifts.compare("security", "", None, Some(scheme.clone()));
    }
    for scheme in our.difference(&their) {
        drifts.compare("security", "", Some(scheme.clone()), None);
    }
}

fn in_header(name: &str) -> String {
    format!("the key in the header `{}`", header(name))
}
