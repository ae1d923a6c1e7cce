//! Generated types: structs and their fields, open enums and their variants, and strings and numbers with a name.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Level::{Major, Minor, Patch};
use super::documents::words;
use super::limits::{self, from_to};
use super::pairs::{Pair, pairs};
use super::{Change, Changes, Kind};
use crate::rewrite::naming::{field_name, type_name};
use crate::spec::{Spec, array, entries, schema_name};

/// Compares the types that two specs give.
pub(super) fn compare(from: &Spec, to: &Spec, changes: &mut Changes) {
    let (old, new) = (types(from), types(to));
    for pair in pairs(&old, &new, |old, new| old == new) {
        match pair {
            Pair::Added(name, _) => changes.push(Change::new(
                Minor,
                Kind::Added,
                format!("types::{name}"),
                "a new type",
                "nothing could use it before",
            )),
            Pair::Removed(name, _) => changes.push(Change::new(
                Major,
                Kind::Removed,
                format!("types::{name}"),
                "the type is gone",
                "code that names it doesn't compile",
            )),
            Pair::Renamed(old, new, ..) => changes.push(Change::new(
                Major,
                Kind::Changed,
                format!("types::{old}"),
                format!("renamed to `{new}`"),
                "code that names it doesn't compile",
            )),
            Pair::Both(name, old, new) => one(&format!("types::{name}"), old, new, changes),
        }
    }
}

/// The schemas that have a type of their own: all but those that a comma-joined list stands in for.
fn types(spec: &Spec) -> Vec<(&str, &Value)> {
    let mut lists = BTreeSet::new();
    for operation in spec.operations() {
        for (_, parameter) in spec.parameters(&operation) {
            if is_comma_list(spec, parameter) {
                lists.extend(schema_name(&parameter["schema"]));
            }
        }
    }
    spec.schemas()
        .map(|(name, schema)| (name.as_str(), schema))
        .filter(|(name, _)| !lists.contains(name))
        .collect()
}

/// Whether a parameter goes out as one comma-joined value.
fn is_comma_list(spec: &Spec, parameter: &Value) -> bool {
    parameter["explode"] == false && whole(spec, &parameter["schema"])["type"] == "array"
}

/// A schema, or the named one that it refers to.
fn whole<'a>(spec: &'a Spec, schema: &'a Value) -> &'a Value {
    schema_name(schema)
        .and_then(|name| spec.schema(name))
        .unwrap_or(schema)
}

/// The type of a parameter.
pub(super) fn parameter_type(spec: &Spec, parameter: &Value) -> String {
    let schema = &parameter["schema"];
    if is_comma_list(spec, parameter) {
        format!("CommaList<{}>", rust_type(&whole(spec, schema)["items"]))
    } else {
        rust_type(schema)
    }
}

/// Compares two schemas of one type.
fn one(item: &str, old: &Value, new: &Value, changes: &mut Changes) {
    let (was, is) = (form(old), form(new));
    if was != is {
        changes.push(Change::new(
            Major,
            Kind::Changed,
            item,
            format!("is {is} now, and was {was}"),
            "code that makes or takes apart its values doesn't compile",
        ));
        return;
    }
    words(item, old, new, changes);
    lenient(item, old, new, changes);
    match ["x-extensible-enum", "enum"]
        .into_iter()
        .find(|key| old[key].is_array())
    {
        Some(key) => variants(key, item, old, new, changes),
        None => limits::compare(item, old, new, changes),
    }
    fields(item, old, new, changes);
}

/// What the generated type is, in words.
fn form(schema: &Value) -> String {
    if schema["x-extensible-enum"].is_array() {
        "an open enum".to_owned()
    } else if schema["enum"].is_array() {
        "a closed enum".to_owned()
    } else if schema["properties"].is_object() {
        "a struct".to_owned()
    } else {
        match rust_type(schema) {
            ty if ty == "Value" => "any JSON value".to_owned(),
            ty => format!("a `{ty}` with a name"),
        }
    }
}

fn lenient(item: &str, old: &Value, new: &Value, changes: &mut Changes) {
    let (level, what, why) = match (old["x-lenient"] == true, new["x-lenient"] == true) {
        (false, true) => (
            Minor,
            "a value of another type is read as absent",
            "a body that was refused is read",
        ),
        (true, false) => (
            Major,
            "a value of another type is not read as absent any more",
            "a body that was read is refused",
        ),
        _ => return,
    };
    changes.push(Change::new(level, Kind::Changed, item, what, why));
}

fn variants(key: &str, item: &str, old: &Value, new: &Value, changes: &mut Changes) {
    let values = |schema: &Value| -> Vec<String> {
        array(&schema[key])
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let (was, is) = (values(old), values(new));
    for value in is.iter().filter(|value| !was.contains(value)) {
        changes.push(variant_added(format!("{item}::{}", type_name(value))));
    }
    for value in was.iter().filter(|value| !is.contains(value)) {
        changes.push(variant_removed(format!("{item}::{}", type_name(value))));
    }
    let kept = |of: &[String], by: &[String]| -> Vec<String> {
        of.iter()
            .filter(|value| by.contains(value))
            .cloned()
            .collect()
    };
    if kept(&was, &is) != kept(&is, &was) {
        changes.push(Change::new(
            Patch,
            Kind::Changed,
            item,
            "the values are in another order",
            "only how they sort is different",
        ));
    }
    for value in kept(&is, &was) {
        let said = |schema: &Value| schema["x-enum-descriptions"][&value].clone();
        if said(old) != said(new) {
            changes.push(documented(
                &format!("{item}::{}", type_name(&value)),
                "description",
            ));
        }
    }
}

/// A value that an enum knows now.
pub(super) fn variant_added(item: String) -> Change {
    Change::new(
        Minor,
        Kind::Added,
        item,
        "a new variant",
        "the enum is `#[non_exhaustive]`",
    )
}

/// A value that an enum doesn't know any more.
pub(super) fn variant_removed(item: String) -> Change {
    Change::new(
        Major,
        Kind::Removed,
        item,
        "the variant is gone",
        "code that names it doesn't compile",
    )
}

/// Words that have changed.
pub(super) fn documented(item: &str, what: &str) -> Change {
    Change::new(
        Patch,
        Kind::Documented,
        item,
        format!("another {what}"),
        "only documentation is different",
    )
}

/// A property of a schema.
#[derive(Clone, Copy, PartialEq)]
struct Field<'a> {
    wire: &'a str,
    schema: &'a Value,
    required: bool,
}

fn fields(item: &str, old: &Value, new: &Value, changes: &mut Changes) {
    let (old_names, new_names) = (names(old), names(new));
    let (was, is) = (properties(old, &old_names), properties(new, &new_names));
    // Of one type and one description: the same thing under another name.
    let same = |old: Field<'_>, new: Field<'_>| {
        (old.schema, old.required) == (new.schema, new.required)
            && (schema_name(old.schema).is_none() || !old.schema["description"].is_null())
    };
    for pair in pairs(&was, &is, same) {
        match pair {
            Pair::Added(name, field) => {
                let (level, why) = if field.required {
                    (Major, "a body without it is refused")
                } else {
                    (Minor, "the struct is `#[non_exhaustive]`")
                };
                changes.push(Change::new(
                    level,
                    Kind::Added,
                    format!("{item}::{name}"),
                    format!("a new field, `{}`", field_type(field)),
                    why,
                ));
            }
            Pair::Removed(name, _) => changes.push(field_removed(format!("{item}::{name}"))),
            Pair::Renamed(old, new, ..) => changes.push(Change::new(
                Major,
                Kind::Changed,
                format!("{item}::{old}"),
                format!("renamed to `{new}`"),
                "code that names it doesn't compile",
            )),
            Pair::Both(name, old, new) => field(&format!("{item}::{name}"), old, new, changes),
        }
    }
    let keeps = |schema: &Value| {
        schema["properties"].is_object() && schema["additionalProperties"].is_object()
    };
    let extra = format!("{item}::extra");
    match (keeps(old), keeps(new)) {
        (false, true) => changes.push(Change::new(
            Minor,
            Kind::Added,
            extra,
            "a new field, which keeps what is not known",
            "the struct is `#[non_exhaustive]`",
        )),
        (true, false) => changes.push(field_removed(extra)),
        _ => {}
    }
}

fn field_removed(item: String) -> Change {
    Change::new(
        Major,
        Kind::Removed,
        item,
        "the field is gone",
        "code that names it doesn't compile",
    )
}

/// The names of a schema's properties in Rust.
fn names(schema: &Value) -> Vec<String> {
    entries(&schema["properties"])
        .map(|(name, _)| field_name(name))
        .collect()
}

fn properties<'a>(schema: &'a Value, names: &'a [String]) -> Vec<(&'a str, Field<'a>)> {
    names
        .iter()
        .zip(entries(&schema["properties"]))
        .map(|(name, (wire, property))| {
            let field = Field {
                wire,
                schema: property,
                required: array(&schema["required"]).any(|required| required == wire),
            };
            (name.as_str(), field)
        })
        .collect()
}

fn field(item: &str, old: Field<'_>, new: Field<'_>, changes: &mut Changes) {
    let (was, is) = (field_type(old), field_type(new));
    if was != is {
        changes.push(retyped(item, &was, &is));
    } else if old.required != new.required {
        let (level, what, why) = if new.required {
            (Major, "is required now", "a body without it is refused")
        } else {
            (Minor, "is optional now", "a body without it is read")
        };
        changes.push(Change::new(level, Kind::Changed, item, what, why));
    } else if old.schema["nullable"] != new.schema["nullable"] {
        changes.push(Change::new(
            Patch,
            Kind::Documented,
            item,
            "null is said of it in another way",
            "null is read as absent either way",
        ));
    }
    if old.wire != new.wire {
        changes.push(Change::new(
            Patch,
            Kind::Changed,
            item,
            format!("is `{}` on the wire now, and was `{}`", new.wire, old.wire),
            "the field's name is the same",
        ));
    }
    lenient(item, old.schema, new.schema, changes);
    limits::compare(item, old.schema, new.schema, changes);
    words(item, old.schema, new.schema, changes);
}

/// A value that is of another type now.
pub(super) fn retyped(item: &str, was: &str, is: &str) -> Change {
    Change::new(
        Major,
        Kind::Changed,
        item,
        format!("is `{is}` now, and was `{was}`"),
        "code that makes or uses the value may not compile",
    )
}

/// The type of a field: an `Option` where it may be absent, and has no empty value to stand for that.
fn field_type(field: Field<'_>) -> String {
    let ty = rust_type(field.schema);
    let has_empty = ty.starts_with("Vec<") || ty.starts_with("Map<");
    let may_be_absent = !field.required && field.schema["default"].is_null() && !has_empty;
    if may_be_absent || field.schema["nullable"] == true {
        format!("Option<{ty}>")
    } else {
        ty
    }
}

/// The Rust type of a schema, as far as it makes a difference to users.
pub(super) fn rust_type(schema: &Value) -> String {
    if let Some(name) = schema_name(schema) {
        return type_name(name);
    }
    let format = schema["format"].as_str();
    match schema["type"].as_str() {
        Some("string") => match format {
            Some(format) => format!("String as {format}"),
            None => "String".to_owned(),
        },
        Some("boolean") => "bool".to_owned(),
        Some("integer") => match format {
            Some("int8") => "i8",
            Some("uint8") => "u8",
            Some("int16") => "i16",
            Some("uint16") => "u16",
            Some("int32") => "i32",
            Some("uint" | "uint32") => "u32",
            Some("uint64") => "u64",
            _ => "i64",
        }
        .to_owned(),
        Some("number") => match format {
            Some("float") => "f32",
            _ => "f64",
        }
        .to_owned(),
        Some("array") => format!("Vec<{}>", rust_type(&schema["items"])),
        Some("object") if schema["properties"].is_null() => {
            format!(
                "Map<String, {}>",
                rust_type(&schema["additionalProperties"])
            )
        }
        // A lint refuses what has no name; two of the same are the same all the same.
        _ if schema["properties"].is_object() || schema["allOf"].is_array() => {
            format!("a type for {schema}")
        }
        _ => "Value".to_owned(),
    }
}

/// Compares two uses of a type by name.
pub(super) fn type_changed(
    item: &str,
    old: Option<String>,
    new: Option<String>,
    changes: &mut Changes,
) {
    let name = |ty: Option<String>| ty.unwrap_or_else(|| "()".to_owned());
    let (was, is) = (name(old), name(new));
    if was != is {
        changes.push(retyped(item, &was, &is));
    }
}

/// A key that no code is made of.
pub(super) fn unseen(item: &str, key: &str, old: &Value, new: &Value, changes: &mut Changes) {
    if old[key] != new[key] {
        changes.push(Change::new(
            Patch,
            Kind::Changed,
            item,
            from_to(&format!("`{key}`"), &old[key], &new[key]),
            "how a request is made is different, no code of users",
        ));
    }
}
