//! The formats of rows.

use std::io::{BufRead, BufReader};

use cometchat_sandbox::{Fault, Group, Row, Sandbox};
use serde_json::{Value, json};

use crate::run::{lines, program, run, sandbox, spawn, with_sandbox};

#[test]
fn a_pipe_gets_ndjson_with_every_field() {
    let text = run(&mut program(["--sandbox", "members", "supergroup"])).done();
    let rows = lines(&text);
    let documented = Group::documented();
    assert_eq!(rows.len(), 4);
    let sandbox = sandbox();
    let expected: Vec<Value> = sandbox
        .control()
        .members(documented.guid())
        .unwrap()
        .into_iter()
        .map(|row| row.json().clone())
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn both_lists_are_complete() {
    let sandbox = sandbox();
    for (command, list) in [
        ("members", sandbox.control().members("city").unwrap()),
        ("banned", sandbox.control().banned("city").unwrap()),
    ] {
        for format in ["ndjson", "json"] {
            let text = run(&mut with_sandbox(
                &sandbox,
                [command, "city", "--format", format],
            ))
            .done();
            let rows = match format {
                "json" => serde_json::from_str(&text).unwrap(),
                _ => lines(&text),
            };
            let expected: Vec<Value> = list.iter().map(|row| row.json().clone()).collect();
            assert!(rows == expected, "{command} as {format}");
        }
    }
}

#[test]
fn page_size_and_prefetch_change_nothing() {
    let sandbox = sandbox();
    let list = |arguments: [&str; 4]| {
        let arguments = ["members", "city"].into_iter().chain(arguments);
        run(&mut with_sandbox(&sandbox, arguments)).done()
    };
    let one = list(["--prefetch", "1", "--per-page", "100"]);
    assert_eq!(one.lines().count(), 2_500);
    for (prefetch, size) in [("1", "1000"), ("4", "7"), ("64", "999")] {
        assert!(
            one == list(["--prefetch", prefetch, "--per-page", size]),
            "{prefetch} {size}"
        );
    }
}

/// A service with values that a typed row would not keep.
fn strange() -> Sandbox {
    let row = "{\"uid\":\"a\",\n  \"n\": 1.50e+2,\"big\":123456789012345678901234567890,\"z\":null,\r\n\"new\":{\"b\":1,\"a\":\"https:\\/\\/x\\u00e9\\n\"},\"joinedAt\":\"1638360106\"}";
    let body = format!("{{\"data\":[{row}],\"meta\":{{\"pagination\":{{\"total_pages\":1}}}}}}");
    let fault = Fault::body(200, [("Content-Type", "application/json")], body);
    Sandbox::builder().fault(fault).start_blocking().unwrap()
}

#[test]
fn values_are_verbatim_on_one_line() {
    let expected = r#"{"uid":"a",   "n": 1.50e+2,"big":123456789012345678901234567890,"z":null,  "new":{"b":1,"a":"https:\/\/x\u00e9\n"},"joinedAt":"1638360106"}"#;
    let strange = strange();
    let text = run(&mut with_sandbox(
        &strange,
        ["members", "x", "--format", "ndjson"],
    ))
    .done();
    assert_eq!(text, format!("{expected}\n"));
    let text = run(&mut with_sandbox(
        &strange,
        ["members", "x", "--format", "json"],
    ))
    .done();
    assert_eq!(text, format!("[\n{expected}\n]\n"));
}

#[test]
fn an_empty_list_is_valid_in_each_format() {
    let sandbox = Sandbox::builder()
        .group(Group::new("empty"))
        .start_blocking()
        .unwrap();
    for (format, expected) in [
        ("ndjson", ""),
        ("json", "[]\n"),
        ("csv", "uid,name\r\n"),
        ("table", "UID  NAME\n"),
    ] {
        let arguments = [
            "members",
            "empty",
            "--columns",
            "uid,name",
            "--format",
            format,
        ];
        assert_eq!(run(&mut with_sandbox(&sandbox, arguments)).done(), expected);
    }
}

/// The records of a CSV text.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let records = reader.records().map(|record| record.unwrap());
    records
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn csv_is_as_reviewed() {
    // The default columns, whose number grows with the spec, are tested in csv_columns.rs.
    let list = |list: &str, columns: &str| {
        let arguments = [
            "--sandbox",
            list,
            "supergroup",
            "--format",
            "csv",
            "--columns",
            columns,
        ];
        run(&mut program(arguments)).done()
    };
    let members = "uid,name,scope,role,status,joinedAt,avatar,tags,metadata,deactivatedAt";
    insta::assert_snapshot!("csv_members", list("members", members));
    insta::assert_snapshot!(
        "csv_banned",
        list("banned", "uid,name,role,status,isBanned,joinedAt")
    );
}

#[test]
fn csv_has_the_values_of_json() {
    let sandbox = sandbox();
    let rows = lines(&run(&mut with_sandbox(&sandbox, ["members", "city"])).done());
    let text = run(&mut with_sandbox(
        &sandbox,
        ["members", "city", "--format", "csv"],
    ))
    .done();
    assert!(
        text.lines().count() > 2_501,
        "no cell with a line break was tried"
    );
    let records = records(&text);
    let (names, records) = records.split_first().unwrap();
    assert_eq!(records.len(), rows.len());
    for (record, row) in records.iter().zip(&rows) {
        for (name, cell) in names.iter().zip(record) {
            match &row[name] {
                Value::Null => assert_eq!(cell, ""),
                Value::String(text) => assert_eq!(cell, text),
                other => assert_eq!(
                    serde_json::from_str::<Value>(cell).unwrap(),
                    *other,
                    "{name}"
                ),
            }
        }
    }
}

#[test]
fn columns_choose_fields_in_order() {
    let list = |format| {
        let columns = ["--columns", "scope,uid,joinedAt", "--format", format];
        run(&mut program(
            ["--sandbox", "members", "supergroup"]
                .into_iter()
                .chain(columns),
        ))
        .done()
    };
    let first = |text: String, line: usize| text.lines().nth(line).unwrap().to_owned();
    assert_eq!(first(list("csv"), 1), "participant,superhero2,1638360106");
    let row = r#"{"scope":"participant","uid":"superhero2","joinedAt":1638360106}"#;
    assert_eq!(first(list("ndjson"), 0), row);
    assert_eq!(first(list("json"), 1), format!("{row},"));
    assert_eq!(first(list("table"), 0), "SCOPE        UID         JOINED");
}

#[test]
fn an_undocumented_column_is_written_with_a_warning() {
    let ended = run(&mut with_sandbox(
        &strange(),
        ["members", "x", "--format", "csv", "--columns", "uid,big"],
    ));
    assert_eq!(
        ended.stdout,
        "uid,big\r\na,123456789012345678901234567890\r\n"
    );
    assert!(
        ended
            .stderr
            .starts_with("warning: big is not a documented field of members")
    );
    assert_eq!(ended.code, 0);
}

#[test]
fn a_misspelt_name_is_rejected() {
    for (option, given, known) in [
        ("--columns", "uid,nam", "name"),
        ("--columns", "joinedat", "joinedAt"),
        ("--scope", "admn", "admin"),
    ] {
        let sandbox = sandbox();
        let stderr = run(&mut with_sandbox(
            &sandbox,
            ["members", "city", option, given],
        ))
        .failed(2);
        assert!(
            stderr.contains(&format!("Did you mean {known}?")),
            "{stderr}"
        );
        assert!(sandbox.requests().is_empty());
    }
}

#[test]
fn times_follow_the_option() {
    let list = |arguments: [&str; 4]| {
        let arguments = [
            "--sandbox",
            "members",
            "supergroup",
            "--columns",
            "joinedAt",
        ]
        .into_iter()
        .chain(arguments);
        let text = run(program(arguments).env("TZ", "Asia/Kolkata")).done();
        text.lines().nth(1).unwrap().to_owned()
    };
    assert_eq!(list(["--format", "csv", "--limit", "1"]), "1638360106");
    assert_eq!(
        list(["--format", "csv", "--times", "utc"]),
        "2021-12-01T12:01:46Z"
    );
    assert_eq!(
        list(["--format", "csv", "--times", "local"]),
        "2021-12-01 17:31:46"
    );
    assert_eq!(
        list(["--format", "table", "--limit", "1"]),
        "2021-12-01 17:31:46"
    );
    assert_eq!(
        list(["--format", "table", "--times", "seconds"]),
        "1638360106"
    );
}

#[test]
fn spreadsheets_run_nothing() {
    let row = json!({
        "uid": "a",
        "name": "=cmd|' /C calc'!A0",
        "metadata": {"a": [1, -2], "b": "x;=1"},
        "statusMessage": "x;=cmd|' /C calc'!A1\t\u{feff}@b\n=c",
        "link": "-15"
    });
    let group = Group::new("g").members([Row::from(row)]);
    let sandbox = Sandbox::builder().group(group).start_blocking().unwrap();
    let list = |safe: &[&str]| {
        let columns = "uid,name,metadata,statusMessage,link";
        let arguments = ["members", "g", "--format", "csv", "--columns", columns];
        run(&mut with_sandbox(&sandbox, arguments.iter().chain(safe))).done()
    };
    assert_eq!(records(&list(&[]))[1][1], "=cmd|' /C calc'!A0");
    let safe = list(&["--spreadsheet-safe"]);
    assert_eq!(
        records(&safe)[1],
        [
            "a",
            "'=cmd|' /C calc'!A0",
            r#"{"a":[1,-2],"b":"x;'=1"}"#,
            "x;'=cmd|' /C calc'!A1\t\u{feff}'@b\n'=c",
            "-15"
        ]
    );
    // However a reader splits the text, no cell begins as a formula.
    for separator in [",", ";", "\t", "|"] {
        for cell in safe.lines().flat_map(|line| line.split(separator)) {
            let begin = cell.trim_start_matches(['"', ' ', '\u{feff}']);
            let number = ["-15", "-2]"]
                .iter()
                .any(|number| begin.starts_with(number));
            assert!(
                !begin.starts_with(['=', '+', '-', '@']) || number,
                "{cell:?}"
            );
        }
    }
}

#[test]
fn tables_are_as_reviewed() {
    let table = |list: &str, columns: &str| {
        let arguments = ["--sandbox", list, "supergroup", "--format", "table"];
        run(program(arguments).env("COLUMNS", columns)).done()
    };
    insta::assert_snapshot!("table_members", table("members", "100"));
    insta::assert_snapshot!("table_banned", table("banned", "100"));
    insta::assert_snapshot!("table_members_narrow", table("members", "50"));
    let arguments = [
        "--sandbox",
        "members",
        "city",
        "supergroup",
        "--limit",
        "12",
        "--format",
        "table",
    ];
    insta::assert_snapshot!(
        "table_of_two_groups",
        run(program(arguments).env("COLUMNS", "100")).done()
    );
}

#[test]
fn a_row_without_fields_is_an_error() {
    let body = r#"{"data":[{"uid":"a"},7]}"#;
    let fault = Fault::body(200, [("Content-Type", "application/json")], body).on_page(1);
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let stderr = run(&mut with_sandbox(
        &sandbox,
        ["members", "supergroup", "--format", "csv"],
    ))
    .failed(1);
    assert_eq!(
        stderr,
        "error: members of \"supergroup\", page 1: row 2 is not a JSON object\n  Use --format ndjson, which writes such a row as it is\n"
    );
}

#[test]
fn conflicting_options_are_refused_before_sending() {
    let sandbox = sandbox();
    for (arguments, expected) in [
        (
            &["--format", "json", "--times", "utc"][..],
            "--times can't be given with --format json",
        ),
        (
            &["--format", "ndjson", "--spreadsheet-safe"],
            "--spreadsheet-safe can't be given with --format ndjson",
        ),
        (
            &["--format", "table", "--output", "x", "--resume"],
            "--resume can't be given with --format table",
        ),
        (&["--columns", "uid,,name"], "--columns has an empty name"),
        (&["--columns", "uid,uid"], "--columns names uid twice"),
    ] {
        let arguments = ["members", "supergroup"].iter().chain(arguments);
        let stderr = run(&mut with_sandbox(&sandbox, arguments)).failed(2);
        assert!(stderr.contains(expected), "{stderr}");
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let sandbox = sandbox();
    for format in ["csv", "ndjson", "json", "table"] {
        let mut command = with_sandbox(&sandbox, ["members", "city", "--format", format]);
        let mut child = spawn(&mut command);
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(!line.is_empty());
        let ended = crate::run::ended(&child.wait_with_output().unwrap());
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{format}");
    }
}
