//! How far a vendor's published OpenAPI document has moved from our spec, for the operations that we have.
//!
//! Both documents are read into the same table of [`facts`]; operations are matched by method and path
//! ([`matching`]), and then compared item by item, and field by field in lockstep ([`fields`]).

mod fields;
mod matching;
mod reading;
mod servers;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

pub use reading::read_vendor;

use self::fields::Node;
use self::matching::Side;
use crate::compare::facts::{Attributes, Facts, Item, Key, LIMITS, Owner, facts};
use crate::spec::{Spec, array, entries};

/// Which document has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Group {
    /// Only theirs.
    Theirs,
    /// Only ours.
    Ours,
    /// Both, and they say different things of it.
    Differs,
}

/// One difference between two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// Which document has it.
    pub group: Group,
    /// The operation, such as `GET /groups/{guid}/members`; [`EVERY`] where it is the same for every one of ours.
    pub operation: String,
    /// What it is about, such as ``query parameter `perPage` ``.
    pub subject: String,
    /// Which property of that, such as `default`; empty where the whole of it is meant.
    pub aspect: &'static str,
    /// What ours says; empty where it says nothing.
    pub ours: String,
    /// What theirs says; empty where it says nothing.
    pub theirs: String,
    /// Whether a convention of our spec makes the difference, not a change of the service: what variables and path
    /// parameters are called, limits on path parameters, `4XX` where no error is listed.
    pub convention: bool,
}

/// What stands for an operation where every one of ours differs in the same way.
pub const EVERY: &str = "every operation";

impl Group {
    /// The name, in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Theirs => "only they have",
            Self::Ours => "only we have",
            Self::Differs => "differs",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The differences of one operation.
struct Drifts {
    operation: String,
    found: Vec<Drift>,
    /// Whether what is noted now is a matter of our conventions.
    convention: bool,
}

impl Drifts {
    /// Notes what each side says of one thing, where they don't say the same.
    fn compare(
        &mut self,
        subject: &str,
        aspect: &'static str,
        ours: Option<String>,
        theirs: Option<String>,
    ) {
        if ours == theirs {
            return;
        }
        let group = match (&ours, &theirs) {
            (None, _) => Group::Theirs,
            (_, None) => Group::Ours,
            _ => Group::Differs,
        };
        self.found.push(Drift {
            group,
            operation: self.operation.clone(),
            subject: subject.to_owned(),
            aspect,
            ours: ours.unwrap_or_default(),
            theirs: theirs.unwrap_or_default(),
            convention: self.convention,
        });
    }

    /// The same, of a convention.
    fn convention(
        &mut self,
        subject: &str,
        aspect: &'static str,
        ours: Option<String>,
        theirs: Option<String>,
    ) {
        self.convention = true;
        self.compare(subject, aspect, ours, theirs);
        self.convention = false;
    }

    /// Notes the values that one side alone has.
    fn values(&mut self, subject: &str, ours: &[String], theirs: &[String]) {
        let only = |these: &[String], those: &[String]| {
            let only: Vec<_> = these
                .iter()
                .filter(|value| !those.contains(value))
                .cloned()
                .collect();
            (!only.is_empty()).then(|| only.join(", "))
        };
        self.compare(subject, "values", None, only(theirs, ours));
        self.compare(subject, "values", only(ours, theirs), None);
    }
}

/// Where a vendor's document differs from our spec, for our operations alone; what only they have comes first, then what
/// only we have, then what differs.
///
/// Operations are matched by method and path; the names of path parameters, and a prefix that stands in the path of one
/// and in the server of the other, make no difference.
///
/// # Examples
///
/// ```
/// use cometchat_codegen::Spec;
/// use cometchat_codegen::drift::{drift, read_vendor};
///
/// let ours = Spec::parse("{openapi: 3.0.3, paths: {'/users/{uid}': {get: {operationId: get_user}}}}")?;
/// let theirs = read_vendor(r#"{"openapi": "3.0.0", "paths": {"/users/{id}": {"get": {
///     "parameters": [{"name": "fields", "in": "query", "schema": {"type": "array"}}]}}}}"#)?;
/// let found = drift(&ours, &theirs);
/// assert_eq!(found[0].subject, "query parameter `fields`");
/// # Ok::<(), cometchat_codegen::Error>(())
/// ```
pub fn drift(ours: &Spec, theirs: &Value) -> Vec<Drift> {
    let (ours, theirs) = (facts(ours.root()), facts(theirs));
    let pairs = matching::pairs(&ours, &theirs);
    let mut found = Vec::new();
    for (ours, theirs) in &pairs {
        let mut drifts = Drifts {
            operation: ours.owner.to_string(),
            found: Vec::new(),
            convention: false,
        };
        match theirs {
            Some(theirs) => operation(ours, theirs, &mut drifts),
            None => drifts.compare("operation", "", Some("described".to_owned()), None),
        }
        found.append(&mut drifts.found);
    }
    let mut found = merged(found, pairs.len());
    found.sort_by_key(|drift| drift.group);
    found
}

/// Says once what is the same for every operation.
fn merged(found: Vec<Drift>, operations: usize) -> Vec<Drift> {
    let everywhere = |drift: &Drift| Drift {
        operation: EVERY.to_owned(),
        ..drift.clone()
    };
    let mut merged: Vec<Drift> = Vec::new();
    for drift in &found {
        let same = everywhere(drift);
        let count = found
            .iter()
            .filter(|other| everywhere(other) == same)
            .count();
        if count < 2 || count < operations {
            merged.push(drift.clone());
        } else if !merged.contains(&same) {
            merged.push(same);
        }
    }
    merged
}

/// Compares one of our operations with theirs.
fn operation(ours: &Side<'_>, theirs: &Side<'_>, drifts: &mut Drifts) {
    let itself = |side: &Side<'_>| deprecated(&side.of(&side.key(Item::Itself)));
    drifts.compare("operation", "", itself(ours), itself(theirs));
    let our_keys = keys(ours);
    parameters(ours, theirs, &our_keys, drifts);

    let body = |side: &Side<'_>| side.facts.contains_key(&side.key(Item::Body));
    let said = |described: bool| described.then(|| "described".to_owned());
    drifts.compare("request body", "", said(body(ours)), said(body(theirs)));
    if body(ours) && body(theirs) {
        let node = |side| Node::of(side, vec![side.key(Item::Body)]);
        fields::compare("request field", node(ours), node(theirs), drifts);
    }
    responses(ours, theirs, drifts);
    security(ours, theirs, &our_keys, drifts);
    servers::compare(ours, theirs, drifts);
}

fn deprecated(attributes: &Attributes) -> Option<String> {
    attributes
        .contains_key("deprecated")
        .then(|| "deprecated".to_owned())
}

/// The parameters by place and name; those of the path are told apart by where they stand in it, headers in lower case.
fn parameters_of<'a>(side: &Side<'a>) -> BTreeMap<(&'a str, String), (&'a str, &'a Key)> {
    let Owner::Operation { path, .. } = side.owner else {
        return BTreeMap::new();
    };
    let holes: Vec<_> = path
        .split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect();
    let items = side.items().filter_map(|key| match &key.item {
        Item::Parameter { place, name } => Some((place.as_str(), name.as_str(), key)),
        _ => None,
    });
    items
        .map(|(place, name, key)| {
            let told_by = match holes.iter().rev().position(|hole| *hole == name) {
                Some(from_the_end) if place == "path" => from_the_end.to_string(),
                _ if place == "header" => name.to_lowercase(),
                _ => name.to_owned(),
            };
            ((place, told_by), (name, key))
        })
        .collect()
}

fn parameters(
    ours: &Side<'_>,
    theirs: &Side<'_>,
    our_keys: &BTreeSet<String>,
    drifts: &mut Drifts,
) {
    let (our, their) = (parameters_of(ours), parameters_of(theirs));
    let subject = |place: &str, name: &str| format!("{place} parameter `{name}`");
    for ((place, told_by), (name, key)) in &their {
        // Where they document a key's header as a parameter, it is the key.
        let is_key = *place == "header" && our_keys.contains(told_by);
        if !our.contains_key(&(place, told_by.clone())) && !is_key {
            let ty = theirs.type_of(key).unwrap_or_else(|| "no type".to_owned());
            let required = theirs
                .of(key)
                .get("presence")
                .is_some_and(|presence| presence == "required");
            let said = if required {
                format!("{ty}, required")
            } else {
                ty
            };
            drifts.compare(&subject(place, name), "", None, Some(said));
        }
    }
    for ((place, told_by), (name, key)) in &our {
        let subject = subject(place, name);
        match their.get(&(place, told_by.clone())) {
            Some((their_name, their_key)) => {
                if *place == "path" {
                    drifts.convention(
                        &subject,
                        "name",
                        Some((*name).to_owned()),
                        Some((*their_name).to_owned()),
                    );
                }
                parameter(
                    &subject,
                    *place == "path",
                    (ours, key),
                    (theirs, their_key),
                    drifts,
                );
            }
            None => drifts.compare(
                &subject,
                "",
                Some(ours.type_of(key).unwrap_or_default()),
                None,
            ),
        }
    }
}

fn parameter(
    subject: &str,
    in_path: bool,
    ours: (&Side<'_>, &Key),
    theirs: (&Side<'_>, &Key),
    drifts: &mut Drifts,
) {
    let (our, their) = (ours.0.of(ours.1), theirs.0.of(theirs.1));
    let text = |attributes: &Attributes, name: &str| {
        attributes
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    drifts.compare(
        subject,
        "presence",
        text(&our, "presence"),
        text(&their, "presence"),
    );
    let ty = |(side, key): (&Side<'_>, &Key)| {
        side.type_of(key).unwrap_or_else(|| "not stated".to_owned())
    };
    let (our_type, their_type) = (ty(ours), ty(theirs));
    let is_list = our_type.starts_with("array") || their_type.starts_with("array");
    drifts.compare(subject, "type", Some(our_type), Some(their_type));
    let default = |attributes: &Attributes| {
        let default = attributes.get("default")?;
        Some(if default.is_string() {
            format!("{default}, which is text")
        } else {
            default.to_string()
        })
    };
    drifts.compare(subject, "default", default(&our), default(&their));
    drifts.values(subject, &ours.0.values(ours.1), &theirs.0.values(theirs.1));
    for limit in LIMITS {
        let limit_of = |attributes: &Attributes| attributes.get(limit).map(ToString::to_string);
        let (our, their) = (limit_of(&our), limit_of(&their));
        if in_path && their.is_none() {
            drifts.convention(subject, limit, our, their);
        } else {
            drifts.compare(subject, limit, our, their);
        }
    }
    if is_list {
        drifts.compare(
            subject,
            "on the wire",
            text(&our, "on the wire"),
            text(&their, "on the wire"),
        );
    }
    drifts.compare(subject, "", deprecated(&our), deprecated(&their));
}

/// Whether a description for one status, all of a sort, or every other one, holds for `status`.
fn covers(described: &str, status: &str) -> bool {
    let class = described.to_ascii_uppercase();
    described == "default"
        || described.eq_ignore_ascii_case(status)
        || class
            .strip_suffix("XX")
            .is_some_and(|first| first.len() == 1 && status.starts_with(first))
}

fn responses(ours: &Side<'_>, theirs: &Side<'_>, drifts: &mut Drifts) {
    let statuses = |side: &Side<'_>| -> Vec<String> {
        let statuses = side.items().filter_map(|key| match &key.item {
            Item::Response(status) => Some(status.clone()),
            _ => None,
        });
        statuses.collect()
    };
    let (our, their) = (statuses(ours), statuses(theirs));
    let said = Some("described".to_owned());
    // Their `default` says nothing of which there are.
    for status in their.iter().filter(|status| *status != "default") {
        if !our.iter().any(|other| covers(other, status)) {
            drifts.compare(&format!("response {status}"), "", None, said.clone());
        }
    }
    let is_success = |status: &str| status.starts_with('2');
    let lists_errors = their.iter().any(|status| !is_success(status));
    for status in &our {
        if !their
            .iter()
            .any(|other| covers(other, status) || covers(status, other))
        {
            drifts.convention = !is_success(status) && !lists_errors;
            drifts.compare(&format!("response {status}"), "", said.clone(), None);
            drifts.convention = false;
        }
    }
    for (what, success) in [("field", true), ("error field", false)] {
        let node = |side, statuses: &[String]| {
            let of_sort = statuses
                .iter()
                .filter(|status| is_success(status) == success);
            Node::of(
                side,
                of_sort
                    .map(|status| side.key(Item::Response(status.clone())))
                    .collect(),
            )
        };
        drifts.convention = !success && !lists_errors;
        fields::compare(what, node(ours, &our), node(theirs, &their), drifts);
        drifts.convention = false;
    }
}

/// The security schemes that an operation asks for, in any of its alternatives.
fn schemes(side: &Side<'_>) -> Vec<Attributes> {
    let own = side.of(&side.key(Item::Itself)).remove("security");
    let document = || {
        side.facts
            .get(&Key::new(&Owner::Document, Item::Itself))?
            .get("security")
            .cloned()
    };
    let asked = own.or_else(document).unwrap_or_default();
    let names = array(&asked)
        .flat_map(entries)
        .map(|(name, _)| name.clone());
    names
        .map(|name| side.of(&Key::new(&Owner::Document, Item::Scheme(name))))
        .collect()
}

/// The headers of the keys that an operation asks for, in the one spelling that headers have.
fn keys(side: &Side<'_>) -> BTreeSet<String> {
    let schemes = schemes(side)
        .into_iter()
        .filter(|scheme| scheme.get("in").is_some_and(|place| place == "header"));
    schemes
        .filter_map(|scheme| Some(scheme.get("name")?.as_str()?.to_lowercase()))
        .collect()
}

fn security(ours: &Side<'_>, theirs: &Side<'_>, our_keys: &BTreeSet<String>, drifts: &mut Drifts) {
    let in_header = |name: &str| format!("the key in the header `{}`", name.to_lowercase());
    let said = |side: &Side<'_>| -> BTreeSet<String> {
        let said = schemes(side).into_iter().map(|scheme| {
            let text = |key| {
                scheme
                    .get(key)
                    .and_then(Value::as_str)
                    .unwrap_or("not described")
            };
            match text("type") {
                "apiKey" if text("in") == "header" => in_header(text("name")),
                "apiKey" => format!("the key `{}` in {}", text("name"), text("in")),
                "http" => format!("http {}", text("scheme")),
                other => other.to_owned(),
            }
        });
        said.collect()
    };
    let (our, mut their) = (said(ours), said(theirs));
    let headers = parameters_of(theirs)
        .into_keys()
        .filter(|(place, _)| *place == "header");
    their.extend(
        headers
            .filter(|(_, name)| our_keys.contains(name))
            .map(|(_, name)| in_header(&name)),
    );
    for scheme in their.difference(&our) {
        drifts.compare("security", "", None, Some(scheme.clone()));
    }
    for scheme in our.difference(&their) {
        drifts.compare("security", "", Some(scheme.clone()), None);
    }
}
