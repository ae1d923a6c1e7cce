//! The spec of the program in tests/own-program: openapi.yaml with the YAML of docs/adding-an-endpoint.md, and with
//! operations of another shape. `tests/run` builds the program from the files that these tests write below target.

use std::fs;
use std::path::{Path, PathBuf};

use cometchat_codegen::{Spec, generate, lint, spec};
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn write(name: &str, spec: &Value) {
    let folder = root().join("target/own-program");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), spec.to_string()).unwrap();
}

/// Inserts the entries of one object into another, which must not have others in their place. It has them where the guide
/// was followed in this clone.
fn insert(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                match into.get_mut(&key) {
                    Some(part) => insert(part, value),
                    None => drop(into.insert(key, value)),
                }
            }
        }
        (into, from) => assert_eq!(*into, from, "the guide would replace this"),
    }
}

/// openapi.yaml with the blocks of YAML of the guide.
fn following_the_guide() -> Value {
    let mut spec = spec::read(&read("openapi.yaml")).unwrap();
    let guide = read("docs/adding-an-endpoint.md");
    for block in guide.split("```yaml\n").skip(1) {
        let (yaml, _) = block.split_once("```").unwrap();
        insert(&mut spec, spec::read(yaml).unwrap());
    }
    spec
}

#[test]
fn the_yaml_of_the_guide_is_complete_and_clean() {
    let spec = Spec::parse(&following_the_guide().to_string()).unwrap();
    let findings = lint(&spec);
    assert!(findings.is_empty(), "{findings:#?}");
    for id in ["list_blocked_users", "update_user"] {
        assert!(spec.operations().any(|operation| operation.id() == id));
    }
}

#[test]
fn the_spec_of_a_program_is_written_for_its_crate() {
    let mut spec = following_the_guide();
    let additions = spec::read(&read("tests/own-program/additions.yaml")).unwrap();
    insert(&mut spec, additions);
    if let Err(error) = generate(&spec.to_string()) {
        panic!("{error}");
    }
    write("openapi.json", &spec);
}

#[test]
fn specs_that_fail_the_build_are_written_beside_it() {
    let mut broken = following_the_guide();
    broken["paths"]["/users/{uid}/../keys"] = json!({});
    write("broken.json", &broken);
    let mut without = following_the_guide();
    let paths = without["paths"].as_object_mut().unwrap();
    paths.retain(|path, _| path.starts_with("/users/"));
    write("without-lists.json", &without);
}
