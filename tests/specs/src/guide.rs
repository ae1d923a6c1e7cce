//! The spec of the program in tests/own-program: the two lists of openapi.yaml, the YAML of docs/adding-an-endpoint.md,
//! and operations of another shape.

use cometchat_codegen::spec;
use serde_json::Value;

use crate::read;

/// Path prefix of the two lists.
const LISTS: &str = "/groups/{guid}/";

/// Inserts the paths and components of a document, in place of those of the same name.
fn insert(into: &mut Value, from: Value) {
    for (path, item) in spec::entries(&from["paths"]) {
        into["paths"][path] = item.clone();
    }
    for (kind, components) in spec::entries(&from["components"]) {
        for (name, component) in spec::entries(components) {
            into["components"][kind][name] = component.clone();
        }
    }
}

/// openapi.yaml with the YAML of the guide. Other endpoints that were added to openapi.yaml are left out: they may have the
/// names that the guide has.
pub(crate) fn followed() -> Value {
    let mut spec = spec::read(&read("openapi.yaml")).unwrap();
    let paths = spec["paths"].as_object_mut().unwrap();
    paths.retain(|path, _| path.starts_with(LISTS));
    let guide = read("docs/adding-an-endpoint.md");
    for block in guide.split("```yaml\n").skip(1) {
        let (yaml, _) = block.split_once("```").unwrap();
        insert(&mut spec, spec::read(yaml).unwrap());
    }
    spec
}

/// The spec of the program.
pub(crate) fn program() -> Value {
    let mut spec = followed();
    let additions = spec::read(&read("tests/own-program/additions.yaml")).unwrap();
    insert(&mut spec, additions);
    spec
}

#[cfg(test)]
mod tests {
    use cometchat_codegen::{Spec, generate, lint};

    use super::{followed, program};

    #[test]
    fn the_yaml_of_the_guide_is_complete_and_clean() {
        let spec = Spec::parse(&followed().to_string()).unwrap();
        let findings = lint(&spec);
        assert!(findings.is_empty(), "{findings:#?}");
        for id in ["list_blocked_users", "update_user"] {
            assert!(spec.operations().any(|operation| operation.id() == id));
        }
    }

    #[test]
    fn the_spec_of_the_program_is_generated() {
        if let Err(error) = generate(&program().to_string()) {
            panic!("{error}");
        }
    }
}
