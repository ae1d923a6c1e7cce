//! Synthetic rows: any number, the same each time, with every kind of row that the service is known for.
//!
//! A row is a function of its index, and is written only when a page with it is requested, so a group of 100,000 starts at
//! once and takes no memory for its rows. Optional fields come and go, as they do live; text has quotes, commas, line
//! breaks, other scripts and a formula; scopes, statuses and roles have unknown values; each value fits `openapi.yaml`.

use std::fmt::Write as _;

use cometchat_client::types::{BannedUser, GroupMember};
use cometchat_client::{Field, FieldKind, Operation};

#[derive(Clone, Debug)]
pub(crate) struct Generator {
    operation: Operation,
    fields: &'static [Field],
    /// Prefix of all uids, before the number.
    prefix: String,
}

/// Names, escaped for JSON.
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

/// The time of the vendor's examples, in unix seconds.
const EPOCH: i64 = 1_638_360_106;

impl Generator {
    pub(crate) fn new(operation: Operation, guid: &str) -> Self {
        let (prefix, fields) = match operation {
            Operation::ListGroupMembers => (format!("{guid}-"), GroupMember::FIELDS),
            _ => (format!("{guid}-banned-"), BannedUser::FIELDS),
        };
        Self {
            operation,
            fields,
            prefix,
        }
    }

    /// The uid of a row, by its index from 0.
    pub(crate) fn uid(&self, index: u32) -> String {
        format!("{}{:06}", self.prefix, u64::from(index) + 1)
    }

    pub(crate) fn index_of(&self, uid: &str) -> Option<u32> {
        let number: u32 = uid.strip_prefix(&self.prefix)?.parse().ok()?;
        let index = number.checked_sub(1)?;
        (self.uid(index) == uid).then_some(index)
    }

    pub(crate) fn scope(&self, index: u32) -> Option<&'static str> {
        match self.operation {
            Operation::ListGroupMembers => Some(match index {
                _ if index.is_multiple_of(97) => "admin",
                _ if index.is_multiple_of(13) => "moderator",
                _ if index % 101 == 50 => "owner",
                _ => "participant",
            }),
            _ => None,
        }
    }

    pub(crate) fn status(&self, index: u32) -> Option<&'static str> {
        match index {
            _ if index % 61 == 60 => None,
            _ if index % 211 == 100 => Some("online"),
            _ if index.is_multiple_of(3) => Some("available"),
            _ => Some("offline"),
        }
    }

    pub(crate) fn write(&self, index: u32, out: &mut String) {
        let uid = escape(&self.uid(index));
        let mut separator = '{';
        for field in self.fields {
            if self.has(field.name(), index) {
                out.push(separator);
                separator = ',';
                // Writing to a string can't fail.
                let _ = write!(out, "\"{}\":", field.name());
                self.value(*field, index, &uid, out);
            }
        }
        if index % 23 == 13 {
            let since = 2015 + index % 10;
            let _ = write!(out, r#","badge":{{"kind":"founder","since":{since}}}"#);
        }
        out.push('}');
    }

    fn has(&self, field: &str, index: u32) -> bool {
        match field {
            "uid" | "name" | "role" | "createdAt" => true,
            "scope" | "joinedAt" => self.scope(index).is_some(),
            "status" => self.status(index).is_some(),
            "avatar" => index % 4 != 3,
            "link" => index % 5 == 1,
            "metadata" => matches!(index % 8, 1 | 3 | 4 | 6 | 7),
            "tags" => index % 6 == 2 || index % 17 == 3,
            "statusMessage" => index % 9 == 4,
            "conversationId" => index % 3 != 2,
            "updatedAt" => index.is_multiple_of(2),
            "lastActiveAt" => index % 7 == 5,
            "deactivatedAt" => index % 10 == 9,
            "blockedByMe" | "blockedByMeAt" | "blockedAt" => index % 23 == 5,
            "hasBlockedMe" => index % 23 == 8,
            // In an older form of the documentation only.
            "isBanned" => false,
            // A field that the spec has gained since.
            _ => index.is_multiple_of(3),
        }
    }

    fn value(&self, field: Field, index: u32, uid: &str, out: &mut String) {
        let at = i64::from(index);
        let time = |out: &mut String, seconds: i64| write!(out, "{}", EPOCH - seconds);
        // Writing to a string can't fail.
        let _ = match (field.name(), field.kind()) {
            ("uid", _) => write!(out, r#""{uid}""#),
            ("name", _) => {
                let name = NAMES[index as usize % NAMES.len()];
                write!(out, r#""{name} {}""#, at + 1)
            }
            ("link", _) => write!(out, r#""https://example.com/profiles/{uid}""#),
            ("avatar", _) => write!(
                out,
                r#""https://example.com/avatars/{uid}.png?size=120&v=1""#
            ),
            ("role", _) if index % 29 == 7 => write!(out, r#""manager""#),
            ("role", _) if index % 53 == 11 => write!(out, r#""Gold VIP""#),
            ("role", _) => write!(out, r#""default""#),
            ("status", _) => write!(out, r#""{}""#, self.status(index).unwrap_or_default()),
            ("scope", _) => write!(out, r#""{}""#, self.scope(index).unwrap_or_default()),
            ("metadata", _) => metadata(index, out),
            ("tags", _) if index % 6 == 2 => write!(out, r#"["blue","tag {}"]"#, at % 25),
            ("statusMessage", _) => write!(out, r#""on air, \"{}\" ☕""#, at % 7),
            ("conversationId", _) => write!(out, r#""{uid}_user_superhero4""#),
            ("createdAt", _) => time(out, 8_490_836 - at % 1_000),
            ("updatedAt", _) => time(out, 8_000_000 - at % 1_000),
            // Active, not deactivated in 1970.
            ("deactivatedAt", _) => write!(out, "0"),
            ("blockedByMeAt" | "blockedAt", _) => time(out, 13_253),
            (_, FieldKind::Time) => time(out, at % 3_600),
            (_, FieldKind::Boolean) => write!(out, "true"),
            (_, FieldKind::Integer | FieldKind::Number) => write!(out, "{at}"),
            (_, FieldKind::List) => write!(out, "[]"),
            (_, FieldKind::Object) => write!(out, "{{}}"),
            (name, _) => write!(out, r#""{name} {}""#, at + 1),
        };
    }
}

/// Writes one of the known kinds of metadata.
fn metadata(index: u32, out: &mut String) -> std::fmt::Result {
    let at = i64::from(index);
    match index % 8 {
        1 => write!(out, r#"{{"contactNumber":"0123456789"}}"#),
        3 => write!(
            out,
            r#"{{"@private":{{"email":"{}@example.com","contactNumber":"+1-555-{:04}"}}}}"#,
            at + 1,
            at % 10_000
        ),
        4 => write!(out, r#"{{"rawMetadata":"{{'a':"}}"#),
        6 => write!(
            out,
            r#"{{"team":"blue","level":{},"seen":[true,null,1.5],"a":{{"b":{{}}}}}}"#,
            at % 9
        ),
        _ => write!(out, "{{}}"),
    }
}

/// Escapes text for a JSON string.
fn escape(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::HashSet;

    fn row(generator: &Generator, index: u32) -> Value {
        let mut text = String::new();
        generator.write(index, &mut text);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    #[test]
    fn rows_have_the_values_that_filters_use() {
        for operation in [Operation::ListGroupMembers, Operation::ListBannedUsers] {
            let generator = Generator::new(operation, "city");
            for index in 0..5_000 {
                let row = row(&generator, index);
                assert_eq!(row["uid"], generator.uid(index).as_str());
                assert_eq!(row["scope"].as_str(), generator.scope(index));
                assert_eq!(row["status"].as_str(), generator.status(index));
            }
        }
    }

    #[test]
    fn a_city_has_every_field_and_every_kind_of_value() {
        let generator = Generator::new(Operation::ListGroupMembers, "city");
        let rows: Vec<Value> = (0..2_500).map(|index| row(&generator, index)).collect();
        let keys: HashSet<&str> = rows
            .iter()
            .flat_map(|row| row.as_object().unwrap().keys().map(String::as_str))
            .collect();
        let fields = GroupMember::FIELDS.iter().map(Field::name);
        for key in fields.chain(["badge"]) {
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
    fn a_uid_gives_the_index_of_its_row() {
        let generator = Generator::new(Operation::ListBannedUsers, "city");
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
