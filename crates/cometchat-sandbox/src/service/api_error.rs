//! The service's error envelope: each error with its code, status and message.

use cometchat_client::types::ErrorCode;
use http::StatusCode;
use serde_json::{Map, Value, json};

/// An error of the service.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ApiError {
    /// A parameter is invalid; `details` names it.
    BadRequest(Map<String, Value>),
    EmptyKey,
    UnknownKey,
    OverQuota,
    NoAccess,
    /// No group has this GUID.
    UnknownGroup(String),
    /// No user has this uid.
    UnknownUser(String),
    /// No such path, or not with this method.
    UnknownPath,
    TooManyRequests,
    Failed(StatusCode),
    /// An error that a test defines.
    Other(StatusCode, String),
}

impl ApiError {
    /// The error documented for a status, or the closest one.
    pub(crate) fn of_status(status: StatusCode, guid: Option<&str>) -> Self {
        match status.as_u16() {
            400 => Self::BadRequest(Map::from_iter([(
                "request".to_owned(),
                json!(["The request is refused by a fault of the sandbox."]),
            )])),
            401 => Self::UnknownKey,
            402 => Self::OverQuota,
            403 => Self::NoAccess,
            404 => guid.map_or(Self::UnknownPath, |guid| {
                Self::UnknownGroup(guid.to_owned())
            }),
            429 => Self::TooManyRequests,
            500.. => Self::Failed(status),
            _ => Self::Other(status, "ERR_OPERATION_FAILED".to_owned()),
        }
    }

    /// The status that the spec gives the code; 404 if it gives none.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Failed(status) | Self::Other(status, _) => *status,
            _ => ErrorCode::from(self.code())
                .status()
                .and_then(|status| StatusCode::from_u16(status).ok())
                .unwrap_or(StatusCode::NOT_FOUND),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::BadRequest(_) => "ERR_BAD_REQUEST",
            Self::EmptyKey => "AUTH_ERR_EMPTY_APIKEY",
            Self::UnknownKey => "AUTH_ERR_APIKEY_NOT_FOUND",
            Self::OverQuota => "ERR_PLAN_QUOTA_RESTRICTION",
            Self::NoAccess => "AUTH_ERR_NO_ACCESS",
            Self::UnknownGroup(_) => "ERR_GUID_NOT_FOUND",
            Self::UnknownUser(_) => "ERR_UID_NOT_FOUND",
            Self::UnknownPath => "ERR_API_NOT_FOUND",
            Self::TooManyRequests => "ERR_TOO_MANY_REQUESTS",
            Self::Failed(_) => "ERR_MISSION_FAILED",
            Self::Other(_, code) => code,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::BadRequest(_) => "Failed to validate the data sent with the request.".to_owned(),
            Self::EmptyKey => "The API key is missing from the request.".to_owned(),
            Self::UnknownKey => "The API key does not exist.".to_owned(),
            Self::OverQuota => "The quota of the plan is used up.".to_owned(),
            Self::NoAccess => "The API key has no access to this endpoint.".to_owned(),
            Self::UnknownGroup(guid) => format!("The group with guid {guid} does not exist."),
            Self::UnknownUser(uid) => format!("The user with uid {uid} does not exist."),
            Self::UnknownPath => "The API endpoint does not exist.".to_owned(),
            Self::TooManyRequests => "Too many requests. Please slow down.".to_owned(),
            Self::Failed(_) => "Failed to complete the request. Please try again.".to_owned(),
            Self::Other(..) => "The request is refused.".to_owned(),
        }
    }

    /// The error envelope.
    pub(crate) fn envelope(&self) -> Value {
        let message = self.message();
        let mut error = Map::new();
        error.insert("message".to_owned(), message.clone().into());
        // The documented failure has no `devMessage`.
        if !matches!(self, Self::Failed(_)) {
            error.insert("devMessage".to_owned(), message.into());
        }
        error.insert("source".to_owned(), "chat-api".into());
        error.insert("code".to_owned(), self.code().into());
        if let Self::BadRequest(details) = self {
            error.insert("details".to_owned(), Value::Object(details.clone()));
        }
        json!({ "error": error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_its_documented_code() {
        for (status, code) in [
            (400, "ERR_BAD_REQUEST"),
            (401, "AUTH_ERR_APIKEY_NOT_FOUND"),
            (402, "ERR_PLAN_QUOTA_RESTRICTION"),
            (403, "AUTH_ERR_NO_ACCESS"),
            (404, "ERR_GUID_NOT_FOUND"),
            (409, "ERR_OPERATION_FAILED"),
            (429, "ERR_TOO_MANY_REQUESTS"),
            (503, "ERR_MISSION_FAILED"),
        ] {
            let refusal = ApiError::of_status(StatusCode::from_u16(status).unwrap(), Some("team"));
            assert_eq!(refusal.status().as_u16(), status);
            assert_eq!(refusal.envelope()["error"]["code"], code);
        }
        let nowhere = ApiError::of_status(StatusCode::NOT_FOUND, None);
        assert_eq!(nowhere.envelope()["error"]["code"], "ERR_API_NOT_FOUND");
    }
}
