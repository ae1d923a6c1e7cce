//! Rows that nobody wrote: as many as asked for, the same each time, in all the shapes that the service is known for.
//!
//! A row is a function of its number, and is written out only when a page with it is asked for. So a group of a hundred
//! thousand starts at once and takes no more memory than its numbers. Fields come and go from row to row, as they do at
//! the service; text has what breaks a careless reader (quotes, commas, line breaks, other scripts, a formula); scopes,
//! statuses and roles have values that no list names; and each value fits the schemas of `openapi.yaml`.

use std::fmt::Write as _;

use crate::service::operation::Operation;

/// Writes the rows of one list.
#[derive(Clone, Debug)]
pub(crate) struct Generator {
    operation: Operation,
    /// What all uids begin with; the number follows.
    prefix: String,
}

/// Names as they stand in JSON.
const NAMES: [&str; 12] = [
    "Andrea Joseph",
    "Zoë Ångström",
    "李雷",
    "O'Neil, Pat",
    r#"Sam \"Ace\" Hill"#,
    "=SUM(A1:A2)",
    r"Renée\tBlanc",
    "🦸 Captain",
    "Иван Петров",
    "محمد علي",
    r"Two\nLines",
    r"Back\\slash",
];

/// When the rows were made, in unix seconds: the vendor's examples are of that day.
const EPOCH: i64 = 1_638_360_106;

impl Generator {
    pub(crate) fn new(operation: Operation, guid: &str) -> Self {
        let prefix = match operation {
            Operation::Members => format!("{guid}-"),
            Operation::BannedUsers => format!("{guid}-banned-"),
        };
        Self { operation, prefix }
    }

    /// The uid of the row of that index, counted from 0.
    pub(crate) fn uid(&self, index: u32) -> String {
        format!("{}{:06}", self.prefix, u64::from(index) + 1)
    }

    /// The index of the row of that uid, had it been written.
    pub(crate) fn index_of(&self, uid: &str) -> Option<u32> {
        let number: u32 = uid.strip_prefix(&self.prefix)?.parse().ok()?;
        let index = number.checked_sub(1)?;
        (self.uid(index) == uid).then_some(index)
    }

    /// The scope of the row; banned users have none.
    pub(crate) fn scope(&self, index: u32) -> Option<&'static str> {
        match self.operation {
            Operation::BannedUsers => None,
            Operation::Members => Some(match index {
                _ if index.is_multiple_of(97) => "admin",
                _ if index.is_multiple_of(13) => "moderator",
                _ if index % 101 == 50 => "owner",
                _ => "participant",
            }),
        }
    }

    /// The status of the row; some have none.
    pub(crate) fn status(&self, index: u32) -> Option<&'static str> {
        match index {
            _ if index % 61 == 60 => None,
            _ if index % 211 == 100 => Some("online"),
            _ if index.is_multiple_of(3) => Some("available"),
            _ => Some("offline"),
        }
    }

    /// Writes the row as a JSON object, with `slash` for each slash.
    pub(crate) fn write(&self, index: u32, slash: &str, out: &mut String) {
        let at = i64::from(index);
        let uid = escape(&self.uid(index), slash);
        let name = NAMES[index as usize % NAMES.len()];
        let mut row = Fields { out, slash };
        row.begin("uid", &uid);
        row.text("name", format_args!("{name} {}", at + 1));
        if index % 5 == 1 {
            row.url("link", format_args!("profiles/{uid}"));
        }
        if index % 4 != 3 {
            row.url("avatar", format_args!("avatars/{uid}.png?size=120&v=1"));
        }
        match index % 8 {
            1 => row.json(
                "metadata",
                format_args!(r#"{{"contactNumber":"0123456789"}}"#),
            ),
            3 => row.json(
                "metadata",
                format_args!(
                    r#"{{"@private":{{"email":"{}@example.com","contactNumber":"+1-555-{:04}"}}}}"#,
                    at + 1,
                    at % 10_000
                ),
            ),
            4 => row.json("metadata", format_args!(r#"{{"rawMetadata":"{{'a':"}}"#)),
            6 => row.json(
                "metadata",
                format_args!(
                    r#"{{"team":"blue","level":{},"seen":[true,null,1.5],"a":{{"b":{{}}}}}}"#,
                    at % 9
                ),
            ),
            7 => row.json("metadata", format_args!("{{}}")),
            _ => {}
        }
        if let Some(status) = self.status(index) {
            row.text("status", format_args!("{status}"));
        }
        row.text(
            "role",
            format_args!(
                "{}",
                match index {
                    _ if index % 29 == 7 => "manager",
                    _ if index % 53 == 11 => "Gold VIP",
                    _ => "default",
                }
            ),
        );
        if let Some(scope) = self.scope(index) {
            row.text("scope", format_args!("{scope}"));
            row.number("joinedAt", EPOCH - at % 86_400);
        }
        if index % 6 == 2 {
            row.json("tags", format_args!(r#"["blue","tag {}"]"#, at % 25));
        } else if index % 17 == 3 {
            row.json("tags", format_args!("[]"));
        }
        if index % 9 == 4 {
            row.text(
                "statusMessage",
                format_args!("on air, \\\"{}\\\" ☕", at % 7),
            );
        }
        row.number("createdAt", EPOCH - 8_490_836 + at % 1_000);
        if index.is_multiple_of(2) {
            row.number("updatedAt", EPOCH - 8_000_000 + at % 1_000);
        }
        if index % 7 == 5 {
            row.number("lastActiveAt", EPOCH - at % 3_600);
        }
        if index % 10 == 9 {
            // Active, and not deactivated in 1970.
            row.number("deactivatedAt", 0);
        }
        if index % 3 != 2 {
            row.text("conversationId", format_args!("{uid}_user_superhero4"));
        }
        match index % 23 {
            5 => {
                row.json("blockedByMe", format_args!("true"));
                row.number("blockedByMeAt", EPOCH - 13_253);
                row.number("blockedAt", EPOCH - 13_253);
            }
            8 => row.json("hasBlockedMe", format_args!("true")),
            13 => row.json(
                "badge",
                format_args!(r#"{{"kind":"founder","since":{}}}"#, 2015 + at % 10),
            ),
            _ => {}
        }
        row.out.push('}');
    }
}

/// Text as it stands between the quotes of JSON.
fn escape(text: &str, slash: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inner = quoted[1..quoted.len() - 1].to_owned();
    if slash == "/" {
        inner
    } else {
        inner.replace('/', slash)
    }
}

/// Writes the fields of an object, one after the other.
struct Fields<'a> {
    out: &'a mut String,
    slash: &'a str,
}

impl Fields<'_> {
    fn begin(&mut self, key: &str, text: &str) {
        self.out.push_str("{\"");
        self.out.push_str(key);
        self.out.push_str("\":\"");
        self.out.push_str(text);
        self.out.push('"');
    }

    fn key(&mut self, key: &str) {
        self.out.push_str(",\"");
        self.out.push_str(key);
        self.out.push_str("\":");
    }

    fn json(&mut self, key: &str, value: std::fmt::Arguments<'_>) {
        self.key(key);
        // Writing to a string can't fail.
        let _ = self.out.write_fmt(value);
    }

    fn number(&mut self, key: &str, value: i64) {
        self.json(key, format_args!("{value}"));
    }

    fn text(&mut self, key: &str, value: std::fmt::Arguments<'_>) {
        self.json(key, format_args!("\"{value}\""));
    }

    fn url(&mut self, key: &str, rest: std::fmt::Arguments<'_>) {
        self.key(key);
        self.out.push('"');
        let from = self.out.len();
        let _ = write!(self.out, "https://example.com/{rest}");
        if self.slash != "/" {
            // A slash of the uid is escaped already, and only that one has a backslash before it.
            let url = self.out[from..]
                .replace("\\/", "/")
                .replace('/', self.slash);
            self.out.truncate(from);
            self.out.push_str(&url);
        }
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::HashSet;

    fn row(generator: &Generator, index: u32, slash: &str) -> Value {
        let mut text = String::new();
        generator.write(index, slash, &mut text);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    #[test]
    fn each_row_says_what_the_filters_go_by() {
        for operation in [Operation::Members, Operation::BannedUsers] {
            let generator = Generator::new(operation, "city");
            for index in 0..5_000 {
                let row = row(&generator, index, "\\/");
                assert_eq!(row["uid"], generator.uid(index).as_str());
                assert_eq!(row["scope"].as_str(), generator.scope(index));
                assert_eq!(row["status"].as_str(), generator.status(index));
            }
        }
    }

    #[test]
    fn an_escaped_slash_is_the_same_slash() {
        for guid in ["city", "a/b", "quote\"back\\slash/é"] {
            let generator = Generator::new(Operation::Members, guid);
            for index in 0..200 {
                assert_eq!(
                    row(&generator, index, "/"),
                    row(&generator, index, "\\/"),
                    "{guid}"
                );
            }
        }
        let mut text = String::new();
        Generator::new(Operation::Members, "a/b").write(0, "\\/", &mut text);
        assert!(
            text.contains(r"https:\/\/example.com\/avatars\/a\/b-000001.png"),
            "{text}"
        );
        assert_eq!(text.matches('/').count(), text.matches("\\/").count());
    }

    #[test]
    fn a_city_has_every_field_and_every_kind_of_value() {
        let generator = Generator::new(Operation::Members, "city");
        let rows: Vec<Value> = (0..2_500)
            .map(|index| row(&generator, index, "/"))
            .collect();
        let keys: HashSet<&str> = rows
            .iter()
            .flat_map(|row| row.as_object().unwrap().keys().map(String::as_str))
            .collect();
        for key in [
            "uid",
            "name",
            "avatar",
            "link",
            "metadata",
            "tags",
            "status",
            "statusMessage",
            "role",
            "scope",
            "joinedAt",
            "createdAt",
            "updatedAt",
            "lastActiveAt",
            "deactivatedAt",
            "conversationId",
            "blockedByMe",
            "blockedByMeAt",
            "blockedAt",
            "hasBlockedMe",
            "badge",
        ] {
            assert!(keys.contains(key), "{key}");
        }
        let values = |key: &str| -> HashSet<&str> {
            rows.iter().filter_map(|row| row[key].as_str()).collect()
        };
        assert_eq!(
            values("scope"),
            HashSet::from(["admin", "moderator", "participant", "owner"])
        );
        assert_eq!(
            values("status"),
            HashSet::from(["available", "offline", "online"])
        );
        assert_eq!(
            values("role"),
            HashSet::from(["default", "manager", "Gold VIP"])
        );
        assert!(
            rows.iter()
                .any(|row| row["metadata"]["@private"]["email"].is_string())
        );
        assert!(
            rows.iter()
                .any(|row| row["metadata"]["rawMetadata"].is_string())
        );
    }

    #[test]
    fn a_uid_leads_back_to_its_row() {
        let generator = Generator::new(Operation::BannedUsers, "city");
        for index in [0, 1, 99, 999_999, 1_000_000, u32::MAX - 1] {
            assert_eq!(generator.index_of(&generator.uid(index)), Some(index));
        }
        for uid in [
            "city-banned-000000",
            "city-banned-1",
            "city-000001",
            "city-banned-",
            "",
        ] {
            assert_eq!(generator.index_of(uid), None, "{uid}");
        }
    }
}
