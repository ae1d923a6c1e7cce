//! Media types, by what the client makes of them.

/// How a value becomes a body, or a body a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Json,
    Form,
    Text,
    Bytes,
}

impl Content {
    /// What a media type becomes.
    pub fn of(media_type: &str) -> Self {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        match essence.to_ascii_lowercase().as_str() {
            "application/json" | "*/*" => Self::Json,
            json if json.ends_with("+json") => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            text if text.starts_with("text/") => Self::Text,
            _ => Self::Bytes,
        }
    }
}
