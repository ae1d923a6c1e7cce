//! `servers`: one address for the whole document, whose variables are described, used, and have a value.
//!
//! The client builds its base URL from it; progenitor ignores servers and puts the base URL before the path as it is, so
//! that a trailing slash would double, and an address of one path or operation alone would never be asked.

use super::document::{Document, Kind, Node};
use super::{Findings, Rule};
use crate::spec::{array, entries};

pub(super) const RULE: Rule = Rule {
    name: "servers",
    why: "the base URL is built from the servers' template, and put before each path as it is",
    check,
};

fn check(document: &Document<'_>, findings: &mut Findings) {
    let servers = || document.of(Kind::Server);
    if servers().all(|node| !node.place.starts_with("servers")) {
        findings.add(
            "servers",
            "no server, so there is no base URL",
            "add `servers:` with the address of the service",
        );
    }
    for node in servers() {
        if node.place.starts_with("servers") {
            server(node, findings);
        } else {
            findings.add(
                &node.place,
                "a server of one path or operation, which the client never asks",
                "leave it out, or describe what it serves in another document",
            );
        }
    }
}

fn server(node: &Node<'_>, findings: &mut Findings) {
    let place = format!("{}.url", node.place);
    let url = node.value["url"].as_str().unwrap_or_default();
    if url.is_empty() || url.ends_with('/') {
        findings.add(
            &place,
            "the address is missing or ends in a slash, which would stand before each path twice",
            "write it without the slash, such as `https://api.example.com/v3`",
        );
    }
    let variables = &node.value["variables"];
    let used = url
        .split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0));
    for name in used.clone() {
        if variables[name].is_null() {
            findings.add(
                &place,
                format!("`{{{name}}}` in the address is not under `variables`"),
                format!("add `{name}:` there, with a default and a description"),
            );
        }
    }
    for (name, variable) in entries(variables) {
        let here = format!("{}.variables.{name}", node.place);
        if !used.clone().any(|used| used == name) {
            findings.add(
                &here,
                "the variable is not in the address",
                format!("put `{{{name}}}` into the address, or leave the variable out"),
            );
        }
        let described = variable["description"]
            .as_str()
            .is_some_and(|text| !text.trim().is_empty());
        if !described {
            findings.add(
                &here,
                "the variable has no description",
                "add `description:` with a sentence for users",
            );
        }
        let default = &variable["default"];
        let listed = variable["enum"].is_null() || array(&variable["enum"]).any(|v| v == default);
        if !default.is_string() || !listed {
            findings.add(
                &here,
                "the variable has no default, or one that is not among its values",
                "add `default:` with one of its values, as text",
            );
        }
    }
}
