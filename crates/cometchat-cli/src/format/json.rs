//! NDJSON and JSON: each row verbatim, as the service sent it.

use std::borrow::Cow;

use cometchat::RawRow;

use super::row::Fields;
use super::{Format, NotAnObject, pretty};
use crate::terminal::Screen;
use crate::terminal::sanitize::sanitize_json;

pub(crate) struct Json {
    /// Whether the rows are one array; otherwise each is a line.
    pub(crate) array: bool,
    /// Whether each row has the GUID of its group.
    pub(crate) with_guid: bool,
    /// The fields to write; all of them if this is empty.
    pub(crate) columns: Vec<String>,
    pub(crate) screen: Screen,
    pub(crate) begun: bool,
}

impl Format for Json {
    fn begin(&mut self, out: &mut Vec<u8>) {
        if self.array {
            out.push(b'[');
        }
    }

    fn page(&mut self, guid: &str, rows: &[RawRow], out: &mut Vec<u8>) -> Result<(), NotAnObject> {
        let guid = serde_json::Value::from(guid).to_string();
        for (place, row) in rows.iter().enumerate() {
            if self.array && self.begun {
                out.push(b',');
            }
            let indented = self.array && self.screen.terminal;
            if self.array && !indented {
                out.push(b'\n');
            }
            self.begun = true;
            let start = out.len();
            let text = if self.screen.terminal {
                sanitize_json(row.get())
            } else {
                Cow::Borrowed(row.get())
            };
            if self.columns.is_empty() {
                write_row(&text, self.with_guid.then_some(&guid), out);
            } else {
                let fields = Fields::read(&text).ok_or(NotAnObject(place))?;
                write_columns(&fields, &self.columns, &guid, out);
            }
            if indented {
                let row = String::from_utf8(out.split_off(start)).unwrap_or_default();
                pretty::write(&row, self.screen, out);
            }
            if !self.array {
                out.push(b'\n');
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        if self.array {
            out.extend_from_slice(if self.begun { b"\n]\n" } else { b"]\n" });
        }
    }
}

/// Writes a row on one line, with the GUID as its first field unless it has one of its own.
fn write_row(row: &str, guid: Option<&String>, out: &mut Vec<u8>) {
    let Some(guid) = guid else {
        return write_on_a_line(row, out);
    };
    let Some(inside) = row.strip_prefix('{').filter(|_| !has_guid(row)) else {
        return write_on_a_line(row, out);
    };
    out.extend_from_slice(b"{\"guid\":");
    out.extend_from_slice(guid.as_bytes());
    if inside.trim_start().starts_with('}') {
        out.push(b'}');
    } else {
        out.push(b',');
        write_on_a_line(inside, out);
    }
}

/// Whether a row has a field `guid`. Most rows need not be parsed to know that they do not.
fn has_guid(row: &str) -> bool {
    let maybe = row.contains("\"guid\"") || row.contains("\\u");
    maybe && Fields::read(row).is_some_and(|fields| fields.get("guid").is_some())
}

/// Writes the named fields, in that order; one that the row does not have is left out.
fn write_columns(fields: &Fields, columns: &[String], guid: &str, out: &mut Vec<u8>) {
    out.push(b'{');
    let mut first = true;
    for name in columns {
        let value = match fields.get(name) {
            Some(value) => value,
            None if name == "guid" => guid,
            None => continue,
        };
        if !first {
            out.push(b',');
        }
        first = false;
        out.extend_from_slice(
            serde_json::Value::from(name.as_str())
                .to_string()
                .as_bytes(),
        );
        out.push(b':');
        write_on_a_line(value, out);
    }
    out.push(b'}');
}

/// Writes JSON with each line break as a space. In valid JSON, line breaks are only between tokens.
fn write_on_a_line(json: &str, out: &mut Vec<u8>) {
    let mut rest = json.as_bytes();
    while let Some(at) = memchr::memchr2(b'\n', b'\r', rest) {
        out.extend_from_slice(&rest[..at]);
        out.push(b' ');
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::rows;

    fn json(array: bool) -> Json {
        Json {
            array,
            with_guid: false,
            columns: Vec::new(),
            screen: Screen::file(),
            begun: false,
        }
    }

    fn written(mut format: Json, pages: &[&[&str]]) -> String {
        let mut out = Vec::new();
        format.begin(&mut out);
        for page in pages {
            format.page("a\"b", &rows(page), &mut out).unwrap();
        }
        format.end(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_row_is_a_verbatim_line() {
        let row = r#"{"uid":"a","n":1.50e+2,"z":null,"u":"https:\/\/x\u00e9","uid":"b"}"#;
        let lines = written(json(false), &[&[row], &[], &["{\n\"a\":\r\n\"\\n\"}"]]);
        assert_eq!(lines, format!("{row}\n{{ \"a\":  \"\\n\"}}\n"));
    }

    #[test]
    fn an_array_is_valid_with_any_rows() {
        for (pages, count) in [
            (&[] as &[&[&str]], 0),
            (&[&[]], 0),
            (&[&["{}"]], 1),
            (&[&["{}", "7"], &[], &["null"]], 3),
        ] {
            let text = written(json(true), pages);
            let value: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
            assert_eq!(value.len(), count, "{text}");
        }
    }

    #[test]
    fn an_array_continues_after_existing_rows() {
        let mut out = b"[\n{}".to_vec();
        let mut format = Json {
            begun: true,
            ..json(true)
        };
        format.page("g", &rows(&["{}"]), &mut out).unwrap();
        format.end(&mut out);
        assert_eq!(out, b"[\n{},\n{}\n]\n");
    }

    #[test]
    fn the_guid_comes_first_unless_present() {
        let format = Json {
            with_guid: true,
            ..json(false)
        };
        let page = [
            r#"{"uid":"a"}"#,
            "{ }",
            "null",
            r#"{"uid":"guid","guid":7}"#,
            r#"{"\u0067uid":8}"#,
            r#"{"metadata":{"guid":9}}"#,
        ];
        let expected = [
            r#"{"guid":"a\"b","uid":"a"}"#,
            r#"{"guid":"a\"b"}"#,
            "null",
            r#"{"uid":"guid","guid":7}"#,
            r#"{"\u0067uid":8}"#,
            r#"{"guid":"a\"b","metadata":{"guid":9}}"#,
        ];
        assert_eq!(written(format, &[&page]), expected.join("\n") + "\n");
    }

    #[test]
    fn columns_keep_the_order_given() {
        let columns = ["z", "guid", "uid", "none"].map(str::to_owned).to_vec();
        let format = Json {
            columns,
            ..json(false)
        };
        let page = [r#"{"uid":"a","z":1.0,"y":2}"#, r#"{"guid":null}"#];
        let expected = [r#"{"z":1.0,"guid":"a\"b","uid":"a"}"#, r#"{"guid":null}"#];
        assert_eq!(written(format, &[&page]), expected.join("\n") + "\n");
    }

    #[test]
    fn a_terminal_gets_escapes() {
        let format = Json {
            screen: Screen {
                terminal: true,
                ..Screen::file()
            },
            ..json(false)
        };
        let text = written(format, &[&["{\"name\":\"\u{9b}31m\"}"]]);
        assert_eq!(text, "{\"name\":\"\\u009b31m\"}\n");
    }
}
