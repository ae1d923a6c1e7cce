//! Methods of the client, and the setters of their builders.

use serde_json::Value;

use super::Level::{Major, Minor, Patch};
use super::documents::words;
use super::limits;
use super::pairs::{Pair, pairs};
use super::types::{documented, parameter_type, retyped, rust_type, type_changed, unseen};
use super::{Change, Changes, Kind};
use crate::rewrite::naming::{field_name, type_name};
use crate::spec::{Operation, Spec, entries, schema_name};

/// Compares the operations of two specs.
pub(super) fn compare(from: &Spec, to: &Spec, changes: &mut Changes) {
    let (was, is): (Vec<_>, Vec<_>) = (from.operations().collect(), to.operations().collect());
    let same =
        |old: &Operation<'_>, new: &Operation<'_>| (old.path, old.method) == (new.path, new.method);
    for pair in pairs(&named(&was), &named(&is), same) {
        match pair {
            Pair::Added(id, _) => changes.push(Change::new(
                Minor,
                Kind::Added,
                format!("Client::{id}"),
                "a new operation",
                "nothing could call it before",
            )),
            Pair::Removed(id, _) => changes.push(Change::new(
                Major,
                Kind::Removed,
                format!("Client::{id}"),
                "the operation is gone",
                "code that calls it doesn't compile",
            )),
            Pair::Renamed(old_id, id, old, new) => {
                changes.push(Change::new(
                    Major,
                    Kind::Changed,
                    format!("Client::{old_id}"),
                    format!("renamed to `{id}`"),
                    "code that calls it doesn't compile",
                ));
                one(id, (from, old), (to, new), changes);
            }
            Pair::Both(id, old, new) => one(id, (from, old), (to, new), changes),
        }
    }
}

fn named<'a>(operations: &'a [Operation<'a>]) -> Vec<(&'a str, &'a Operation<'a>)> {
    operations
        .iter()
        .map(|operation| (operation.id(), operation))
        .collect()
}

/// A spec, and one of its operations.
type Side<'a> = (&'a Spec, &'a Operation<'a>);

fn one(id: &str, old: Side<'_>, new: Side<'_>, changes: &mut Changes) {
    let item = format!("Client::{id}");
    let builder = format!("builder::{}", type_name(id));
    let (from, to) = (old.1, new.1);
    if (from.path, from.method) != (to.path, to.method) {
        changes.push(Change::new(
            Patch,
            Kind::Changed,
            &item,
            format!(
                "asks `{} {}` now, and asked `{} {}`",
                to.method, to.path, from.method, from.path
            ),
            "how a request is made is different, no code of users",
        ));
    }
    words(&item, from.value, to.value, changes);
    if from.value["summary"] != to.value["summary"] {
        changes.push(documented(&item, "summary"));
    }
    let retried = |operation: &Operation<'_>| {
        matches!(operation.method, "get" | "head") || operation.value["x-retry"] == true
    };
    if retried(from) != retried(to) {
        let what = if retried(to) {
            "is tried again after a failure"
        } else {
            "is not tried again after a failure any more"
        };
        changes.push(Change::new(
            Minor,
            Kind::Changed,
            &item,
            what,
            "code of users compiles; how often the service is asked is different",
        ));
    }
    unseen(&item, "security", from.value, to.value, changes);
    parameters(&builder, old, new, changes);
    body(&builder, old, new, changes);
    responses(&builder, old, new, changes);
    pages(&builder, old, new, changes);
}

/// The parameters of an operation by the names of their setters; its own stand in for those of its path.
fn setters<'a>(side: Side<'a>) -> Vec<(String, &'a Value)> {
    let mut setters: Vec<(String, &Value)> = Vec::new();
    for (_, parameter) in side.0.parameters(side.1) {
        let name = field_name(parameter["name"].as_str().unwrap_or_default());
        match setters.iter_mut().find(|(other, _)| *other == name) {
            Some(known) => known.1 = parameter,
            None => setters.push((name, parameter)),
        }
    }
    setters
}

fn by_name<'a>(setters: &'a [(String, &'a Value)]) -> Vec<(&'a str, &'a Value)> {
    setters
        .iter()
        .map(|(name, parameter)| (name.as_str(), *parameter))
        .collect()
}

const MISSING: &str = "code that doesn't set it compiles, and fails when it sends";

fn parameters(builder: &str, old: Side<'_>, new: Side<'_>, changes: &mut Changes) {
    let (was, is) = (setters(old), setters(new));
    let but_name = |parameter: &Value| -> Vec<(String, Value)> {
        entries(parameter)
            .filter(|(key, _)| *key != "name")
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    let same = |old: &Value, new: &Value| but_name(old) == but_name(new);
    for pair in pairs(&by_name(&was), &by_name(&is), same) {
        match pair {
            Pair::Added(name, parameter) => {
                let (level, what, why) = if parameter["required"] == true {
                    (Major, "a new parameter that must be set", MISSING)
                } else {
                    (Minor, "a new parameter", "it need not be set")
                };
                let item = format!("{builder}::{name}");
                changes.push(Change::new(level, Kind::Added, item, what, why));
            }
            Pair::Removed(name, _) => changes.push(Change::new(
                Major,
                Kind::Removed,
                format!("{builder}::{name}"),
                "the parameter is gone",
                "code that sets it doesn't compile",
            )),
            Pair::Renamed(old_name, name, ..) => changes.push(Change::new(
                Major,
                Kind::Changed,
                format!("{builder}::{old_name}"),
                format!("renamed to `{name}`"),
                "code that sets it doesn't compile",
            )),
            Pair::Both(name, was, is) => {
                let item = format!("{builder}::{name}");
                parameter(&item, (old.0, was), (new.0, is), changes);
            }
        }
    }
}

/// Compares a parameter with what it was, each with its spec.
fn parameter(item: &str, old: (&Spec, &Value), new: (&Spec, &Value), changes: &mut Changes) {
    let (was, is) = (parameter_type(old.0, old.1), parameter_type(new.0, new.1));
    if was != is {
        changes.push(retyped(item, &was, &is));
    }
    let (old, new) = (old.1, new.1);
    match (old["required"] == true, new["required"] == true) {
        (false, true) => changes.push(Change::new(
            Major,
            Kind::Changed,
            item,
            "must be set now",
            MISSING,
        )),
        (true, false) => changes.push(Change::new(
            Minor,
            Kind::Changed,
            item,
            "need not be set any more",
            "code that sets it compiles",
        )),
        _ => {}
    }
    limits::compare(item, &old["schema"], &new["schema"], changes);
    words(item, old, new, changes);
    for key in ["name", "in", "style"] {
        unseen(item, key, old, new, changes);
    }
    if was == is {
        unseen(item, "explode", old, new, changes);
    }
    if old["schema"]["default"] != new["schema"]["default"] {
        changes.push(documented(item, "default"));
    }
}

/// The schema of a JSON body.
fn json(owner: &Value) -> &Value {
    &owner["content"]["application/json"]["schema"]
}

fn body(builder: &str, old: Side<'_>, new: Side<'_>, changes: &mut Changes) {
    let item = format!("{builder}::body");
    let of = |side: Side<'_>| -> Value { side.0.resolve(&side.1.value["requestBody"]).clone() };
    let (was, is) = (of(old), of(new));
    match (was.is_null(), is.is_null()) {
        (true, true) => {}
        (true, false) => changes.push(Change::new(
            Major,
            Kind::Added,
            item,
            "a body that must be set",
            MISSING,
        )),
        (false, true) => changes.push(Change::new(
            Major,
            Kind::Removed,
            item,
            "the body is gone",
            "code that sets it doesn't compile",
        )),
        (false, false) => {
            let ty = |body: &Value| Some(rust_type(json(body)));
            type_changed(&item, ty(&was), ty(&is), changes);
            words(&item, &was, &is, changes);
        }
    }
}

/// What a status of `responses` stands for: all successes are one, as a method has one result.
fn meaning(status: &str) -> &str {
    if status.starts_with('2') { "2" } else { status }
}

/// The examples of a JSON body with their names, and the one without a name.
fn examples<'a>(spec: &'a Spec, response: &'a Value) -> Vec<(&'a str, &'a Value)> {
    let media = &response["content"]["application/json"];
    let named = entries(&media["examples"])
        .map(|(name, example)| (name.as_str(), &spec.resolve(example)["value"]));
    named.chain([("", &media["example"])]).collect()
}

fn responses(builder: &str, from: Side<'_>, to: Side<'_>, changes: &mut Changes) {
    let item = format!("{builder}::send");
    let of = |side: Side<'_>| -> Vec<(String, Value)> {
        entries(&side.1.value["responses"])
            .map(|(status, response)| (status.clone(), side.0.resolve(response).clone()))
            .collect()
    };
    let (was, is) = (of(from), of(to));
    let find = |list: &[(String, Value)], status: &str| {
        list.iter()
            .find(|(other, _)| meaning(other) == meaning(status))
            .cloned()
    };
    for (status, response) in &is {
        let Some((old_status, old)) = find(&was, status) else {
            changes.push(unknown_status(&item, status, "is described now"));
            continue;
        };
        if old_status != *status {
            let what = format!("stands for {status} now, and stood for {old_status}");
            changes.push(unknown_status(&item, "the success", &what));
        }
        let ty = |response: &Value| (!json(response).is_null()).then(|| rust_type(json(response)));
        let result = format!("{item} ({status})");
        type_changed(&result, ty(&old), ty(response), changes);
        words(&result, &old, response, changes);
        if examples(from.0, &old) != examples(to.0, response) {
            changes.push(documented(&result, "example"));
        }
    }
    for (status, _) in &was {
        if find(&is, status).is_none() {
            changes.push(unknown_status(&item, status, "is not described any more"));
        }
    }
}

fn unknown_status(item: &str, status: &str, what: &str) -> Change {
    Change::new(
        Patch,
        Kind::Changed,
        item,
        format!("{status} {what}"),
        "how an answer is read is different, no code of users",
    )
}

/// The type of the rows that an operation gives page by page.
fn row(side: Side<'_>) -> Option<String> {
    let items = side.1.value["x-pagination"]["items"].as_str()?;
    let success = entries(&side.1.value["responses"])
        .find(|(status, _)| meaning(status) == "2")
        .map(|(_, response)| side.0.resolve(response))?;
    let page = side.0.schema(schema_name(json(success))?)?;
    let rows = side.0.resolve(&page["properties"][items]);
    Some(rust_type(&rows["items"]))
}

fn pages(builder: &str, old: Side<'_>, new: Side<'_>, changes: &mut Changes) {
    let key = "x-pagination";
    let (was, is) = (&old.1.value[key], &new.1.value[key]);
    match (was.is_null(), is.is_null()) {
        (true, false) => changes.push(Change::new(
            Minor,
            Kind::Added,
            builder,
            "can be read page by page",
            "nothing could page through it before",
        )),
        (false, true) => changes.push(Change::new(
            Major,
            Kind::Removed,
            builder,
            "can't be read page by page any more",
            "it is no `ListOperation`, so code that pages through it doesn't compile",
        )),
        (false, false) => {
            type_changed(&format!("{builder}::Item"), row(old), row(new), changes);
            unseen(builder, key, old.1.value, new.1.value, changes);
        }
        (true, true) => {}
    }
}
