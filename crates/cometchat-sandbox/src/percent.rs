//! Percent-encoding, in both directions, of any bytes whatever.
//!
//! What a stranger sends need not be well encoded, nor be UTF-8. Nothing is refused here: a broken escape stands for
//! itself, and bytes that are no text become U+FFFD, so that a request with them ends as an unknown group or a bad
//! parameter, as it does at the service.

/// Decodes `%XX`, and `+` as a space where `plus` says so, as in a query.
pub(crate) fn decode(text: &str, plus: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%')
            .then(|| Some((hex(*bytes.get(at + 1)?)?, hex(*bytes.get(at + 2)?)?)))
            .flatten();
        match escaped {
            Some((high, low)) => {
                out.push(high << 4 | low);
                at += 3;
            }
            None => {
                out.push(if plus && byte == b'+' { b' ' } else { byte });
                at += 1;
            }
        }
    }
    String::from_utf8(out)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Encodes the bytes that may not stand in a request target, and leaves the others, `%` too, as they are.
pub(crate) fn encode_illegal(target: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in target {
        let legal = byte.is_ascii_graphic()
            && !matches!(
                byte,
                b'"' | b'#' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'
            );
        if legal {
            out.push(byte);
        } else {
            let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
            out.extend([b'%', DIGITS[high], DIGITS[low]]);
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decodes_what_is_encoded_and_leaves_what_is_broken() {
        for (text, plus, expected) in [
            ("a%20b", false, "a b"),
            ("a+b", false, "a+b"),
            ("a+b", true, "a b"),
            ("%C3%A9%c3%a9", false, "éé"),
            ("%", false, "%"),
            ("%2", false, "%2"),
            ("%2G%41", false, "%2GA"),
            ("%ff", false, "\u{fffd}"),
            ("é", false, "é"),
        ] {
            assert_eq!(decode(text, plus), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_encoded_target_is_legal_and_decodes_to_the_same(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'%').collect();
            let mut target = Vec::new();
            encode_illegal(&bytes, &mut target);
            let target = String::from_utf8(target).unwrap();
            let uri = format!("/{target}").parse::<http::Uri>();
            prop_assert!(uri.is_ok(), "{target}");
            prop_assert_eq!(decode(&target, false), String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}
