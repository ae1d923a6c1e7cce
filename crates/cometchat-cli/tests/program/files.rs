//! Exports to files: the format, the files that they leave, and refused paths.

use std::fs;

use crate::place::{Place, uninterrupted};
use crate::run::{run, sandbox, with_sandbox};

#[test]
fn the_format_follows_the_file_name() {
    for (name, first) in [
        ("a.csv", "uid,name,"),
        ("a.CSV", "uid,name,"),
        ("a.json", "[\n{\"uid\""),
        ("a.ndjson", "{\"uid\""),
        ("a.txt", "{\"uid\""),
    ] {
        let text = String::from_utf8(uninterrupted(name, &["--limit", "3"])).unwrap();
        assert!(text.starts_with(first), "{name}: {text}");
    }
    let table = String::from_utf8(uninterrupted("a.csv", &["--format", "table"])).unwrap();
    assert!(table.starts_with("UID "), "{table}");
}

#[test]
fn an_export_leaves_only_its_file() {
    let (place, sandbox) = (Place::new("city.csv"), sandbox());
    fs::write(&place.file, "what was there before").unwrap();
    for more in [&[] as &[&str], &["--resume"]] {
        let stderr = run(&mut with_sandbox(&sandbox, place.arguments(more))).failed(2);
        assert!(
            stderr.contains("is there already") && stderr.contains("--force"),
            "{stderr}"
        );
    }
    assert_eq!(fs::read(&place.file).unwrap(), b"what was there before");
    assert_eq!(
        run(&mut with_sandbox(&sandbox, place.arguments(&["--force"]))).done(),
        ""
    );
    assert_eq!(place.files(), ["city.csv"]);
    assert!(fs::read_to_string(&place.file).unwrap().starts_with("uid,"));
}

#[test]
fn an_unknown_group_leaves_no_files() {
    let (place, sandbox) = (Place::new("a.csv"), sandbox());
    let arguments = [
        "members",
        "nosuch",
        "--output",
        place.file.to_str().unwrap(),
    ];
    run(&mut with_sandbox(&sandbox, arguments)).failed(4);
    assert!(place.files().is_empty(), "{:?}", place.files());
}

#[test]
fn a_dash_is_stdout() {
    let (place, sandbox) = (Place::new("-"), sandbox());
    let mut command = with_sandbox(&sandbox, ["members", "supergroup", "--output", "-"]);
    let rows = run(command.current_dir(place.folder.path())).done();
    assert_eq!(rows.lines().count(), 4);
    assert!(place.files().is_empty(), "{:?}", place.files());
}

#[test]
fn an_unwritable_file_is_refused_before_sending() {
    let (place, sandbox) = (Place::new("no/such/folder.csv"), sandbox());
    let stderr = run(&mut with_sandbox(&sandbox, place.arguments(&[]))).failed(2);
    assert!(stderr.contains("can't be written: "), "{stderr}");
    let folder = place.folder.path().to_str().unwrap();
    let stderr = run(&mut with_sandbox(
        &sandbox,
        ["members", "city", "--output", folder],
    ))
    .failed(2);
    assert!(stderr.contains("is a directory"), "{stderr}");
    let stderr = run(&mut with_sandbox(&sandbox, ["members", "city", "--resume"])).failed(2);
    assert!(stderr.contains("--output"), "{stderr}");
    assert!(sandbox.requests().is_empty());
}
