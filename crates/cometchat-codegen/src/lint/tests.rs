//! Each rule with specs that break just that rule: the spec of this workspace with one small edit.

use serde_json::Value;

use super::{RULES, lint};
use crate::lint::fixture::edited;
use crate::spec::Spec;

const SPEC: &str = include_str!("../../openapi.yaml");

/// The rules that the spec breaks after the edits (RFC 6902), each named once, in the order of the findings.
fn broken_by(edits: &Value) -> Vec<&'static str> {
    let findings = match Spec::parse(&edited(&[edits]).to_string()) {
        Ok(spec) => lint(&spec),
        Err(error) => error.findings().to_vec(),
    };
    let mut names: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
    names.dedup();
    names
}

#[test]
fn the_spec_of_this_workspace_breaks_no_rule() {
    let findings = lint(&Spec::parse(SPEC).unwrap());
    assert!(findings.is_empty(), "{findings:#?}");
}

/// The rule, what is broken about it, and the edits that break it.
fn table() -> Vec<(String, String, Value)> {
    let rows: Vec<Value> = serde_saphyr::from_str(include_str!("edits.yaml")).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.iter()
        .map(|row| (text(&row["rule"]), text(&row["what"]), row["edits"].clone()))
        .collect()
}

#[test]
fn each_edit_breaks_just_its_rule() {
    let wrong: Vec<_> = table()
        .into_iter()
        .map(|(rule, what, edits)| (broken_by(&edits), rule, what))
        .filter(|(broken, rule, _)| *broken != [rule.as_str()])
        .collect();
    assert_eq!(wrong, []);
}

#[test]
fn each_rule_is_broken_by_an_edit() {
    let table = table();
    // No edit of a document makes text that is not YAML.
    for rule in RULES.iter().filter(|rule| rule.name != "yaml") {
        assert!(
            table.iter().any(|(name, ..)| name == rule.name),
            "{} has no edit",
            rule.name
        );
    }
    for text in ["", "[1, 2]", "a: [", "just words"] {
        let error = Spec::parse(text).unwrap_err();
        assert_eq!(error.findings()[0].rule, "yaml", "{text:?}");
    }
}

#[test]
fn findings_stand_in_the_order_of_the_spec_and_say_where_and_what() {
    let text = SPEC
        .replace(
            "        minimum: 1\n        default: 1\n",
            "        default: 1\n",
        )
        .replace(
            "operationId: list_group_members",
            "operationId: ListMembers",
        );
    let findings = lint(&Spec::parse(&text).unwrap());
    let places: Vec<_> = findings.iter().map(|f| f.location.as_str()).collect();
    assert_eq!(
        places,
        [
            "paths./groups/{guid}/members.get.operationId",
            "components.parameters.Page.schema",
        ]
    );
    assert_eq!(
        findings[1].to_string(),
        "components.parameters.Page.schema: the smallest value is not stated, so 0 can't be told from an error \
         [parameter-ranges]\n  help: add `minimum:`, such as 1 for what is counted from 1"
    );
}
