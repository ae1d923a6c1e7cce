//! Summaries and titles stand in for missing descriptions. A part with no words gets no docs; one warning counts such parts.

use serde_json::Value;

use super::context::Context;
use crate::document::location::{Location, Part, Step};
use crate::document::walk::each_part;

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let (mut first, mut count) = (None, 0);
    each_part(document, &mut |at, value| {
        // A reference with words about it may have none of its own.
        let refers = ["$ref", "allOf"].iter().any(|key| !value[*key].is_null());
        if !is_documented(at) || refers || !value.is_object() {
            return;
        }
        let mut words = ["description", "summary", "title"]
            .iter()
            .filter_map(|key| {
                let words = value[*key].as_str()?.trim();
                (!words.is_empty()).then_some(words)
            });
        let Some(words) = words.next() else {
            count += 1;
            first.get_or_insert_with(|| context.at(at));
            return;
        };
        if value["description"]
            .as_str()
            .is_none_or(|given| given.trim().is_empty())
        {
            value["description"] = Value::from(words);
        }
    });
    if let Some(first) = first {
        context.warn(
            "described",
            first,
            match count {
                1 => "it has no description".to_owned(),
                _ => format!("this and {} other parts have no description", count - 1),
            },
            "add `description:` with a sentence for users; it documents what is generated",
        );
    }
}

/// Tells whether the description of a part documents an item of the generated code.
fn is_documented(at: &Location<'_>) -> bool {
    match at.part() {
        Part::Parameter | Part::Operation | Part::Response => true,
        Part::Schema => {
            at.component().is_some() && matches!(at.step, Step::Component(..) | Step::Property(_))
        }
        _ => matches!(at.step, Step::Component("securitySchemes", _)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::apply;
    use crate::normalise::run;

    #[test]
    fn title_or_summary_stand_in_and_others_are_counted() {
        let (found, findings) = run(
            apply,
            "{paths: {/a: {get: {summary: Lists., parameters: [{name: perPage}], responses: {'200': {}}}}}, components: {schemas: {
                A: {title: T, properties: {b: {}, c: {description: D}, d: {$ref: '#/components/schemas/A'}}, items: {}}}}}",
        );
        let operation = &found["paths"]["/a"]["get"];
        assert_eq!(operation["description"], "Lists.");
        assert_eq!(operation["parameters"][0]["description"], Value::Null);
        let schema = &found["components"]["schemas"]["A"];
        assert_eq!(schema["description"], "T");
        assert_eq!(schema["properties"]["b"]["description"], Value::Null);
        assert_eq!(schema["properties"]["c"]["description"], "D");
        assert_eq!(schema["properties"]["d"]["description"], Value::Null);
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert_eq!(findings[0].location, "paths./a.get.parameters[0]");
        assert!(
            findings[0].problem.contains("2 other parts"),
            "{findings:#?}"
        );
    }
}
