//! `x-enum-of: Name` on a closed `enum`: the values are some of those of a named enum, whose type they have in Rust.
//!
//! To other tools the schema is an ordinary enum. Here it becomes `{enum, allOf: [{$ref}]}`, which they don't agree on.

use serde_json::{Value, json};

use super::context::Context;
use crate::document::spec::{SCHEMAS, Spec, array};
use crate::document::walk::each_object;

pub(super) fn apply(document: &mut Value, context: &mut Context) {
    let before = Spec::of(document);
    each_object(document, &mut |at, schema| {
        let Some(name) = schema.remove("x-enum-of") else {
            return;
        };
        let target = name.as_str().and_then(|name| before.schema(name));
        let target = target.unwrap_or(&Value::Null);
        let known = |value| {
            let mut listed = array(&target["x-extensible-enum"]).chain(array(&target["enum"]));
            listed.any(|known| known == value)
        };
        let values = schema.get("enum").and_then(Value::as_array);
        let narrows = values.is_some_and(|values| !values.is_empty() && values.iter().all(known));
        let is_text = |ty: Option<&Value>| ty == Some(&json!("string"));
        // A target that is replaced itself could lead back to here.
        let leads_on = !target["x-enum-of"].is_null();
        let is_plain = is_text(schema.get("type")) && !schema.contains_key("allOf");
        if !narrows || !is_plain || leads_on || !is_text(target.get("type")) {
            context.warn(
                "enum-of",
                format!("{at}.x-enum-of"),
                "it is passed over: the schema is no string whose `enum` has values of the named enum alone",
                "name a schema of `components.schemas` that lists these values and others, or leave it out",
            );
            return;
        }
        schema.remove("type");
        let reference = format!("{SCHEMAS}{}", name.as_str().unwrap_or_default());
        schema.insert("allOf".to_owned(), json!([{"$ref": reference}]));
    });
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::apply;
    use crate::normalise::run;

    /// The schema of a parameter after the step, and how many warnings there are.
    fn after(schema: &str) -> (Value, usize) {
        let (document, findings) = run(
            apply,
            &format!(
                "{{paths: {{/a: {{get: {{parameters: [{{name: a, in: query, schema: {schema}}}]}}}}}}, components: {{schemas: {{\
                 Open: {{type: string, x-extensible-enum: [a, b]}}, Closed: {{type: string, enum: [a, b]}}, \
                 Number: {{type: integer, enum: [1]}}, Part: {{type: string, enum: [a], x-enum-of: Open}}}}}}}}"
            ),
        );
        let parameter = &document["paths"]["/a"]["get"]["parameters"][0];
        (parameter["schema"].clone(), findings.len())
    }

    #[test]
    fn values_of_a_named_enum_have_its_type() {
        for name in ["Open", "Closed"] {
            let (schema, warnings) = after(&format!(
                "{{type: string, enum: [b], description: D., x-enum-of: {name}}}"
            ));
            let reference = format!("#/components/schemas/{name}");
            assert_eq!(
                schema,
                json!({"enum": ["b"], "description": "D.", "allOf": [{"$ref": reference}]})
            );
            assert_eq!(warnings, 0);
        }
    }

    #[test]
    fn what_narrows_no_named_enum_is_an_enum_of_its_own() {
        for schema in [
            "{type: string, enum: [c], x-enum-of: Open}",
            "{type: string, enum: [a], x-enum-of: Missing}",
            "{type: string, enum: [a], x-enum-of: [Open]}",
            "{type: string, enum: [a], x-enum-of: Part}",
            "{type: integer, enum: [1], x-enum-of: Number}",
            "{type: string, enum: [], x-enum-of: Open}",
            "{type: string, x-enum-of: Open}",
        ] {
            let (after, warnings) = after(schema);
            let mut before: Value = serde_saphyr::from_str(schema).unwrap();
            before.as_object_mut().unwrap().remove("x-enum-of");
            assert_eq!((after, warnings), (before, 1), "{schema}");
        }
    }
}
