//! Many groups in one run.

use std::fs;

use cometchat_sandbox::{Fault, Group, KeyKind, Row, Sandbox};

use crate::run::{lines, program, run, run_with_stdin, sandbox, values, with_sandbox};

/// Groups of one to forty members, and one that is empty.
fn many() -> (Sandbox, Vec<String>) {
    let sizes = [3, 40, 1, 0, 25, 2, 1, 1, 1, 7];
    let mut builder = Sandbox::builder();
    for (place, size) in sizes.iter().enumerate() {
        builder = builder.group(Group::generated(format!("g{place}"), *size));
    }
    let guids = (0..sizes.len()).map(|place| format!("g{place}"));
    (builder.start_blocking().unwrap(), guids.collect())
}

#[test]
fn rows_are_in_group_order_with_their_guid() {
    let (sandbox, guids) = many();
    let list = |prefetch: &str| {
        let arguments = ["members", "--per-page", "10", "--prefetch", prefetch].map(str::to_owned);
        run(&mut with_sandbox(&sandbox, arguments.iter().chain(&guids))).done()
    };
    let text = list("1");
    let rows = lines(&text);
    assert_eq!(rows.len(), 81);
    assert!(text.lines().all(|line| line.starts_with("{\"guid\":\"g")));
    let mut expected = Vec::new();
    for guid in &guids {
        expected.extend(sandbox.control().member_uids(guid).unwrap());
    }
    assert_eq!(values(&rows, "uid"), expected);
    for prefetch in ["2", "4", "64"] {
        assert!(list(prefetch) == text, "{prefetch}");
    }
}

#[test]
fn each_format_has_the_guid() {
    let list = |arguments: &[&str]| {
        let all = ["--sandbox", "members", "city", "supergroup", "--limit", "1"];
        run(&mut program(all.iter().chain(arguments))).done()
    };
    assert!(list(&["--format", "csv"]).starts_with("guid,uid,name,"));
    assert!(list(&["--format", "table"]).starts_with("GUID "));
    assert_eq!(
        list(&["--format", "csv", "--columns", "uid"]),
        "guid,uid\r\ncity,city-000001\r\nsupergroup,superhero2\r\n"
    );
    assert_eq!(
        list(&["--columns", "uid,guid"]),
        "{\"uid\":\"city-000001\",\"guid\":\"city\"}\n{\"uid\":\"superhero2\",\"guid\":\"supergroup\"}\n"
    );
    let array: serde_json::Value = serde_json::from_str(&list(&["--format", "json"])).unwrap();
    assert_eq!(
        values(array.as_array().unwrap(), "guid"),
        ["city", "supergroup"]
    );
}

#[test]
fn a_guid_of_the_row_is_kept() {
    let own = Group::new("own").members([Row::new("a").with("guid", "mine")]);
    let sandbox = Sandbox::builder().group(own).start_blocking().unwrap();
    let text = run(&mut with_sandbox(
        &sandbox,
        ["members", "own", "supergroup", "--limit", "1"],
    ))
    .done();
    let first = text.lines().next().unwrap();
    assert_eq!(first.matches("\"guid\"").count(), 1);
    assert_eq!(lines(&text)[0]["guid"], "mine");
}

#[test]
fn guids_come_from_arguments_files_and_stdin() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("groups.txt");
    fs::write(&file, "# groups\r\nsupergroup\r\n\r\ncity\n").unwrap();
    let sandbox = sandbox();
    let file = file.to_str().unwrap();
    let arguments = ["members", "--guids-file", file, "--limit", "1"];
    let rows = lines(&run(&mut with_sandbox(&sandbox, arguments)).done());
    assert_eq!(values(&rows, "guid"), ["supergroup", "city"]);

    let arguments = ["members", "city", "--guids-file", "-", "--limit", "1"];
    let ended = run_with_stdin(&mut with_sandbox(&sandbox, arguments), "supergroup\ncity\n");
    assert_eq!(
        values(&lines(&ended.stdout), "guid"),
        ["city", "supergroup"]
    );
    assert_eq!(
        ended.stderr,
        "note: repeated GUIDs are listed once (1 dropped)\n"
    );

    // A single group from stdin is like a single group from an argument.
    let arguments = [
        "members",
        "--guids-file",
        "-",
        "--limit",
        "1",
        "--columns",
        "uid",
    ];
    let ended = run_with_stdin(&mut with_sandbox(&sandbox, arguments), "supergroup");
    assert_eq!(ended.done(), "{\"uid\":\"superhero2\"}\n");
}

#[test]
fn a_file_without_guids_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("groups.txt");
    fs::write(&file, "# none\n").unwrap();
    let (file, sandbox) = (file.to_str().unwrap(), sandbox());
    let list = |path| {
        run(&mut with_sandbox(
            &sandbox,
            ["members", "--guids-file", path],
        ))
        .failed(2)
    };
    assert!(list(file).ends_with(" has no GUID\n  Give one GUID per line\n"));
    fs::write(file, b"\xff\xfec\0").unwrap();
    assert!(list(file).ends_with(" is in UTF-16\n  Save it as UTF-8\n"));
    let missing = format!("{file}.not");
    assert!(list(&missing).contains("can't be read: "));
    fs::write(file, "city\n../x\n").unwrap();
    let stderr = list(file);
    assert!(
        stderr.starts_with("error: the GUID \"../x\" is rejected: it holds '/'"),
        "{stderr}"
    );
    assert!(stderr.contains("  It is on line 2 of "), "{stderr}");
    assert!(sandbox.requests().is_empty());
}

#[test]
fn invalid_guids_are_refused_before_sending() {
    let sandbox = sandbox();
    let long = "x".repeat(101);
    for guid in [
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a\nb",
        "\u{1b}[2J",
        long.as_str(),
    ] {
        let stderr = run(&mut with_sandbox(&sandbox, ["members", "city", guid])).failed(2);
        assert!(stderr.starts_with("error: the GUID "), "{stderr}");
        assert!(
            !stderr.contains('\u{1b}') && stderr.lines().count() == 1,
            "{stderr}"
        );
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_failed_group_does_not_stop_others() {
    let sandbox = sandbox();
    let arguments = [
        "members",
        "supergroup",
        "nosuch",
        "city",
        "--scope",
        "admin",
        "--per-page",
        "1000",
    ];
    let ended = run(&mut with_sandbox(&sandbox, arguments));
    assert_eq!(ended.code, 4);
    let rows = lines(&ended.stdout);
    assert_eq!(rows[0]["guid"], "supergroup");
    assert!(rows.len() > 2 && rows[1..].iter().all(|row| row["guid"] == "city"));
    insta::assert_snapshot!("one_of_three_groups", ended.stderr);
    let verbose = run(with_sandbox(&sandbox, arguments).arg("-v"));
    let totals = format!(
        "\n{} rows in 2 pages\nerror: 1 of 3 groups failed\n",
        rows.len()
    );
    assert!(verbose.stderr.contains(&totals), "{}", verbose.stderr);

    let arguments = [
        "members",
        "supergroup",
        "nosuch",
        "--format",
        "json",
        "--quiet",
    ];
    let ended = run(&mut with_sandbox(&sandbox, arguments));
    let array: Vec<serde_json::Value> = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, array.len()), (4, 4));
}

#[test]
fn a_failed_group_keeps_its_earlier_rows() {
    let fault = Fault::refusal(400, "ERR_BAD_REQUEST")
        .on_page(3)
        .in_group("city");
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let ended = run(&mut with_sandbox(
        &sandbox,
        ["members", "city", "supergroup"],
    ));
    assert_eq!((ended.code, lines(&ended.stdout).len()), (1, 204));
    assert!(
        ended.stderr.contains("  \"city\", page 3: "),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_rejected_key_stops_the_export() {
    let (sandbox, guids) = many();
    let mut command = with_sandbox(
        &sandbox,
        ["members", "--prefetch", "1"]
            .map(str::to_owned)
            .iter()
            .chain(&guids),
    );
    let stderr = run(command.env("COMETCHAT_API_KEY", sandbox.key(KeyKind::AuthOnly))).failed(3);
    assert_eq!(sandbox.requests().len(), 1);
    assert!(stderr.contains("AUTH_ERR_NO_ACCESS"), "{stderr}");
    assert!(
        stderr.contains("The key is rejected: the other 9 groups were not requested"),
        "{stderr}"
    );
}
