//! Text files as editors save them.

/// Returns the text of a file without its byte order mark, or the reason why it is not UTF-8.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, &'static str> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.contains(&0) {
        return Err("is in UTF-16");
    }
    let mut text = String::from_utf8(bytes).map_err(|_| "is not valid UTF-8")?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}
