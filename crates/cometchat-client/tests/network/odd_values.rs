//! Values, texts and sizes that the spec does not say: none costs a row, and memory stays in proportion.
//!
//! CI runs these tests a second time with `serde_json/arbitrary_precision` and `serde_json/preserve_order`, which another
//! crate in a program may turn on.

use std::time::{Duration, Instant};

use cometchat_client::builder::ListGroupMembers;
use cometchat_client::types::{ErrorResponse, GroupMember, GroupMembersPage};
use cometchat_client::values::from_json;
use cometchat_client::{Error, ErrorKind, Hint, ListItem, ListOperation, ListPage, RawRow};
use serde_json::Value;
use test_server::json;

use crate::support::Server;

async fn list(body: &str) -> (Server, ListGroupMembers) {
    let server = Server::with([json(200, body)]);
    let client = server.client().build().unwrap();
    let list = client.list_group_members().guid("supergroup").page(3);
    (server, list)
}

/// Reads a page in each way in which it can be read, and returns its rows, which are the same.
async fn rows(body: &str) -> (Vec<GroupMember>, ListPage<RawRow>) {
    let (_server, list) = list(body).await;
    let typed = list.clone().send().await.unwrap().into_inner();
    let listed = list.clone().send_page::<GroupMember>().await.unwrap();
    let listed = listed.into_inner();
    let raw = list.send_page::<RawRow>().await.unwrap().into_inner();
    assert_eq!(listed.items, typed.data, "{body}");
    assert_eq!(raw.items.len(), typed.data.len(), "{body}");
    for (raw, row) in raw.items.iter().zip(&typed.data) {
        assert_eq!(&raw.decode::<GroupMember>().unwrap(), row, "{body}");
        let plain: GroupMember = serde_json::from_str(raw.get()).unwrap();
        assert_eq!(&plain, row, "{body}");
        assert_eq!(raw.id("uid"), row.id("uid"), "{body}");
    }
    let text = serde_json::to_string(&typed).unwrap();
    let again: GroupMembersPage = from_json(&text).unwrap();
    assert_eq!(again, typed, "{text}");
    (typed.data, raw)
}

/// Reads one row with a field of a name and a value.
async fn row(name: &str, value: &str) -> GroupMember {
    let text = format!(r#"{{"uid":"a","{name}":{value}}}"#);
    let (mut rows, raw) = rows(&format!(r#"{{"data":[{{"uid":"0"}},{text}]}}"#)).await;
    assert_eq!(raw.items[1].get(), text);
    let row = rows.pop().unwrap();
    assert_eq!(row.uid, "a");
    row
}

#[tokio::test]
async fn no_value_costs_a_row() {
    let values = [
        r#""""#,
        "false",
        "0",
        "-1",
        "1.10",
        "1e300",
        "1e999",
        "{}",
        "[]",
        r#"{"a": [1.10]}"#,
        "123456789012345678901234567890",
        r#""\ud83d""#,
    ];
    let fields = [
        "name",
        "role",
        "tags",
        "status",
        "scope",
        "joinedAt",
        "deactivatedAt",
        "blockedByMe",
        "hasBlockedMe",
        "metadata",
    ];
    for field in fields {
        for value in values {
            let row = row(field, value).await;
            let is_set = row.name.is_some()
                || row.role.is_some()
                || !row.tags.is_empty()
                || row.status.is_some()
                || row.scope.is_some()
                || row.joined_at.is_some()
                || row.deactivated_at.is_some()
                || row.blocked_by_me.is_some()
                || row.has_blocked_me.is_some()
                || row.metadata.is_some();
            let kept = row.extra.get_text(field);
            // `[]` is a list without tags.
            if is_set || (field, value) == ("tags", "[]") {
                assert_eq!(kept, None, "{field}: {value}");
            } else {
                assert_eq!(kept, Some(value), "{field}");
            }
        }
    }
}

#[tokio::test]
async fn a_value_of_another_type_is_in_extra() {
    for (field, value) in [
        ("joinedAt", r#""""#),
        ("joinedAt", "false"),
        ("joinedAt", "1e300"),
        ("joinedAt", "1e999"),
        ("tags", "{}"),
        ("tags", r#"["a", 5]"#),
        ("hasBlockedMe", "0"),
        ("scope", "5"),
        ("name", "7"),
        ("name", "1.10"),
        ("status", "null "),
    ] {
        let row = row(field, value).await;
        let mut expected = GroupMember::default();
        expected.uid = "a".to_owned();
        let kept = row.extra.get_text(field);
        assert_eq!(kept, Some(value).filter(|value| !value.starts_with("null")));
        let mut rest = row.clone();
        rest.extra = Default::default();
        assert_eq!(rest, expected, "{field}: {value}");
    }
}

#[tokio::test]
async fn no_text_costs_a_row() {
    let half = r#""a\ud83d""#;
    assert_eq!(row("name", half).await.name.as_deref(), Some("a\u{fffd}"));
    assert_eq!(row("tags", r#"["\ude00"]"#).await.tags, ["\u{fffd}"]);
    assert_eq!(
        row("scope", half).await.scope.unwrap().as_str(),
        "a\u{fffd}"
    );
    assert_eq!(row("more", half).await.extra.get_text("more"), Some(half));
    assert_eq!(row(r"\ud83d", "1").await.extra.iter().count(), 1);
    let metadata = row("metadata", r#"{"a":"\ud83d"}"#).await.metadata.unwrap();
    assert_eq!(metadata.as_text(), r#"{"a":"\ud83d"}"#);
    assert_eq!(metadata.get("a").unwrap(), "\u{fffd}");
    for body in [
        r#"{"data":[{"uid":"a\ud83d"}]}"#,
        r#"{"data":[{"uid":"a\ufffd"}],"meta":{"\ud83d":"\ud83d"},"\ud83d":1}"#,
        r#"{"meta":"\ud83d","cursor":"\ud83d","data":[{"uid":"a\ud83d"}]}"#,
        r#"{"x":["\ud83d"],"data":[{"uid":"a\ud83d"}],"meta":{"pagination":{"x":"\ud83d"}}}"#,
    ] {
        assert_eq!(rows(body).await.0[0].uid, "a\u{fffd}", "{body}");
    }
    let body = r#"{"data":[],"meta":{"\ud83d":1,"pagination":{"\ud83d":1,"x":"\ud83d","total_pages":2}},"cursor":{"affix":"\ud83d"}}"#;
    let (_, page) = rows(body).await;
    assert_eq!(page.pagination.unwrap().total_pages, Some(2));
    assert_eq!(page.cursor.unwrap().affix.as_deref(), Some("\u{fffd}"));
}

#[tokio::test]
async fn no_number_and_no_depth_costs_a_row() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let digits = "9".repeat(10_000);
    for value in [
        "1e999",
        "-1e-999",
        &digits,
        &deep,
        "1.000000000000000000000000000000010",
    ] {
        let row = row("more", value).await;
        assert_eq!(row.extra.get_text("more"), Some(value));
        for body in [
            format!(r#"{{"data":[{{"uid":"a"}}],"meta":{value},"cursor":{value}}}"#),
            format!(r#"{{"data":[{{"uid":"a"}}],"meta":{{"pagination":{value}}}}}"#),
            format!(r#"{{"more":{value},"data":[{{"uid":"a","metadata":{value}}}]}}"#),
        ] {
            assert_eq!(rows(&body).await.0.len(), 1);
        }
    }
}

#[tokio::test]
async fn verbatim_is_verbatim() {
    let more =
        r#""z":1.10,"big":123456789012345678901234567890,"a":{"n": -0.0, "m":1E+2},"e":"\u00e9\/""#;
    let metadata = r#"{"z": 1.10, "a":[18446744073709551616,2.5000]}"#;
    let text = format!(r#"{{"metadata":{metadata},"uid":"a",{more}}}"#);
    let (rows, raw) = rows(&format!(r#"{{"data":[{text}]}}"#)).await;
    assert_eq!(raw.items[0].get(), text);
    assert_eq!(serde_json::to_string(&rows[0]).unwrap(), text);
    assert_eq!(
        format!("{:?}", rows[0].extra),
        r#"{"z": …, "big": …, "a": …, "e": …}"#
    );
    let keys: Vec<_> = rows[0].metadata.as_ref().unwrap().keys().collect();
    assert_eq!(keys, ["z", "a"]);
}

#[tokio::test]
async fn the_last_of_two_values_counts() {
    for (text, name, kept) in [
        (r#""name":"A","name":7"#, None, Some("7")),
        (r#""name":7,"name":"A""#, Some("A"), None),
        (r#""name":7,"name":null"#, None, None),
    ] {
        let row: GroupMember = from_json(&format!(r#"{{"uid":"a",{text}}}"#)).unwrap();
        assert_eq!(
            (row.name.as_deref(), row.extra.get_text("name")),
            (name, kept)
        );
    }
}

/// Returns the shortest time of three in which a text is read as a type.
fn time_of<T: serde::de::DeserializeOwned>(text: &str) -> Duration {
    let times = (0..3).map(|_| {
        let start = Instant::now();
        from_json::<T>(text).unwrap();
        start.elapsed()
    });
    times.min().unwrap()
}

#[track_caller]
fn takes_time_in_proportion<T: serde::de::DeserializeOwned>(text: impl Fn(usize) -> String) {
    let small = time_of::<T>(&text(150));
    let large = time_of::<T>(&text(64 * 150));
    // In proportion is 64 times, and in proportion to the square 4,096 times.
    assert!(large < 800 * small, "{small:?}, then {large:?}");
}

#[test]
fn time_is_in_proportion_to_the_body() {
    let unknown = |n: usize| -> String { (0..n).map(|i| format!(r#""f{i}":{i},"#)).collect() };
    takes_time_in_proportion::<GroupMember>(|n| {
        format!(r#"{{{}{}"uid":"a"}}"#, unknown(n), r#""name":1,"#.repeat(n))
    });
    takes_time_in_proportion::<GroupMember>(|n| {
        format!(r#"{{{}{}"uid":"a"}}"#, unknown(n), r#""uid":7,"#.repeat(n))
    });
    takes_time_in_proportion::<GroupMember>(|n| {
        let metadata = format!(r#"{{{}"f":"\ud83d"}}"#, unknown(n));
        let halves = r"\ud83d".repeat(n);
        format!(r#"{{"metadata":{metadata},"name":"{halves}","x":"{halves}","uid":"a"}}"#)
    });
    takes_time_in_proportion::<GroupMember>(|n| {
        let (open, close) = (r#"{"a":["#.repeat(n), "]}".repeat(n));
        format!(r#"{{"metadata":{open}{close},"tags":{open}{close},"x":{open}{close},"uid":"a"}}"#)
    });
    takes_time_in_proportion::<GroupMembersPage>(|n| {
        let meta = format!(r#"{{{}"pagination":5}}"#, unknown(n));
        format!(
            r#"{{{}"meta":{meta},{}"data":[]}}"#,
            unknown(n),
            r#""cursor":1,"#.repeat(n)
        )
    });
    takes_time_in_proportion::<ErrorResponse>(|n| {
        let error = format!(
            r#"{{{}"details":{{}},{}"code":"E"}}"#,
            unknown(n),
            r#""message":1,"#.repeat(n)
        );
        format!(r#"{{"error":{error}}}"#)
    });
}

/// A row that reads a member by itself, and takes an error for no member.
#[derive(Debug, PartialEq)]
struct Nested(Option<GroupMember>);

impl<'de> serde::Deserialize<'de> for Nested {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(&text).ok()))
    }
}

impl ListItem for Nested {
    fn id(&self, _: &str) -> std::borrow::Cow<'_, str> {
        self.0.as_ref().map_or("", |row| &row.uid).into()
    }
}

#[tokio::test]
async fn a_row_inside_a_row_is_read_as_outside() {
    for text in [r#"{"uid":"a","name":7}"#, r#"{"uid":7,"\ud83d":1}"#, "{}"] {
        let outside = Nested(serde_json::from_str(text).ok());
        assert_eq!(outside.0.is_some(), text != "{}");
        let body = serde_json::json!({ "data": [text] }).to_string();
        let (_server, list) = list(&body).await;
        let page = list.send_page::<Nested>().await.unwrap().into_inner();
        assert_eq!(page.items, [outside], "{text}");
    }
}

#[tokio::test]
async fn a_key_that_is_a_number_is_its_text() {
    let (rows, _) = rows(r#"{"data":[{"uid":7},{"uid":12345678901234567890123}]}"#).await;
    assert_eq!(rows[0].uid, "7");
    assert_eq!(rows[1].uid, "12345678901234567890123");
}

#[tokio::test]
async fn a_row_without_its_key_is_kept_raw() {
    for uid in ["", r#","uid":null"#, r#","uid":[]"#, r#","uid":true"#] {
        let body = format!(r#"{{"data":[{{"uid":"a"}},{{"name":"A"{uid}}}]}}"#);
        let (_server, list) = list(&body).await;
        let typed = list.clone().send().await.unwrap_err();
        let listed = list.clone().send_page::<GroupMember>().await.unwrap_err();
        for error in [typed, listed] {
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert!(error.json_path().unwrap().starts_with("data[1]"), "{error}");
            assert_eq!(error.hint(), Some(Hint::ReadRawRows));
            assert!(error.to_string().contains(".raw()"), "{error}");
        }
        let raw = list.clone().send_page::<RawRow>().await.unwrap();
        assert_eq!(raw.into_inner().items.len(), 2);
        let values = list.send_page::<Value>().await.unwrap();
        assert_eq!(values.into_inner().items.len(), 2);
    }
}

fn assert_too_large(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    assert!(
        error.to_string().contains("more rows than a page can have"),
        "{error}"
    );
}

#[tokio::test]
async fn more_rows_than_a_page_has_are_too_large() {
    let body = |count: usize, row: &str| {
        let rows = vec![row; count].join(",");
        format!(r#"{{"data":[{rows}]}}"#)
    };
    assert_eq!(rows(&body(2000, r#"{"uid":""}"#)).await.0.len(), 2000);
    let (_server, list) = list(&body(2001, r#"{"uid":""}"#)).await;
    assert_too_large(&list.clone().send().await.unwrap_err());
    assert_too_large(&list.clone().send_page::<GroupMember>().await.unwrap_err());
    assert_too_large(&list.send_page::<RawRow>().await.unwrap_err());
}

#[tokio::test]
async fn what_is_beside_the_rows_is_skipped() {
    let zeros = vec!["0"; 100_000].join(",");
    for body in [
        format!(r#"{{"x":[{zeros}],"data":[{{"uid":"a"}}]}}"#),
        format!(
            r#"{{"data":[{{"uid":"a"}}],"meta":{{"x":[{zeros}],"pagination":{{"total_pages":7}}}}}}"#
        ),
        format!(r#"{{"data":[{{"uid":"a"}}],"cursor":{{"x":[{zeros}]}}}}"#),
        format!(r#"{{"data":[{{"uid":"a"}}],"meta":{{"pagination":{{"x":[{zeros}]}}}}}}"#),
    ] {
        let (_, page) = rows(&body).await;
        assert!(page.cursor.is_none());
        let is_small = body.contains("total_pages");
        assert_eq!(page.pagination.is_some(), is_small);
    }
}

#[tokio::test]
async fn errors_in_disguise_end_in_the_first_mebibyte() {
    for (zeros, kind) in [(1000, ErrorKind::Api), (600_000, ErrorKind::Decode)] {
        let zeros = vec!["0"; zeros].join(",");
        let body = format!(r#"{{"error":{{"code":"ERR_GUID_NOT_FOUND","details":[{zeros}]}}}}"#);
        let (_server, list) = list(&body).await;
        assert_eq!(list.send().await.unwrap_err().kind(), kind);
    }
}
