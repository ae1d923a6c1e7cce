//! The quirks of the service, or none of them.

/// The quirks of the service, on or off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Quirks {
    /// Escaped slashes, `Content-Encoding: none`, an empty `Server:`, a `count` that is not the number of rows, a
    /// `cursor` beside `meta` or inside it.
    #[default]
    Observed,
    /// None of that.
    Tidy,
}

impl Quirks {
    /// The JSON text, with or without escaped slashes.
    pub(crate) fn apply(self, json: String) -> String {
        match self {
            // A slash occurs in strings only, and the sandbox writes none escaped.
            Self::Observed => json.replace('/', "\\/"),
            Self::Tidy => json,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::synthetic_rows::Generator;
    use cometchat_client::Operation;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn value(text: &str) -> Value {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    #[test]
    fn an_escaped_slash_is_the_same_slash() {
        for guid in ["city", "a/b", "quote\"back\\slash/é"] {
            let generator = Generator::new(Operation::ListGroupMembers, guid);
            for index in 0..200 {
                let mut text = String::new();
                generator.write(index, &mut text);
                let escaped = Quirks::Observed.apply(text.clone());
                assert_eq!(value(&escaped), value(&text), "{guid}");
            }
        }
        let mut text = String::new();
        Generator::new(Operation::ListGroupMembers, "a/b").write(0, &mut text);
        let text = Quirks::Observed.apply(text);
        assert!(
            text.contains(r"https:\/\/example.com\/avatars\/a\/b-000001.png"),
            "{text}"
        );
        assert_eq!(text.matches('/').count(), text.matches("\\/").count());
    }

    proptest! {
        #[test]
        fn escaped_slashes_change_no_value(text in "[\\\\/\"a\u{e9}\n]{0,12}") {
            let row = json!({"uid": "a", "link": text});
            for quirks in [Quirks::Observed, Quirks::Tidy] {
                prop_assert_eq!(value(&quirks.apply(row.to_string())), row.clone());
            }
        }
    }
}
