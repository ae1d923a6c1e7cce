//! The service's error envelope: each error with its code, status and message.

use cometchat_client::types::ErrorCode;
use http::StatusCode;
use serde_json::{Map, Value, json};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    code: ErrorCode,
    message: String,
    /// The problem of each invalid parameter.
    details: Map<String, Value>,
}

impl From<ErrorCode> for ApiError {
    /// With the status that the spec gives the code; 404 if it gives none.
    fn from(code: ErrorCode) -> Self {
        let message = match code {
            ErrorCode::ErrBadRequest => "Failed to validate the data sent with the request.",
            ErrorCode::AuthErrEmptyApikey => "The API key is missing from the request.",
            ErrorCode::AuthErrApikeyNotFound => "The API key does not exist.",
            ErrorCode::ErrPlanQuotaRestriction => "The quota of the plan is used up.",
            ErrorCode::AuthErrNoAccess => "The API key has no access to this endpoint.",
            ErrorCode::ErrApiNotFound => "The API endpoint does not exist.",
            ErrorCode::ErrTooManyRequests => "Too many requests. Please slow down.",
            ErrorCode::ErrMissionFailed => "Failed to complete the request. Please try again.",
            _ => "The request is refused.",
        };
        let status = code
            .status()
            .and_then(|status| StatusCode::from_u16(status).ok());
        Self {
            status: status.unwrap_or(StatusCode::NOT_FOUND),
            code,
            message: message.to_owned(),
            details: Map::new(),
        }
    }
}

impl ApiError {
    pub(crate) fn bad_request(details: Map<String, Value>) -> Self {
        Self {
            details,
            ..ErrorCode::ErrBadRequest.into()
        }
    }

    pub(crate) fn unknown_group(guid: &str) -> Self {
        Self {
            message: format!("The group with guid {guid} does not exist."),
            ..ErrorCode::ErrGuidNotFound.into()
        }
    }

    pub(crate) fn unknown_user(uid: &str) -> Self {
        Self {
            message: format!("The user with uid {uid} does not exist."),
            ..ErrorCode::ErrUidNotFound.into()
        }
    }

    /// An error that a test defines.
    pub(crate) fn custom(status: StatusCode, code: &str) -> Self {
        Self {
            status,
            code: ErrorCode::from(code),
            message: "The request is refused.".to_owned(),
            details: Map::new(),
        }
    }

    /// The error documented for a status, or the closest one.
    pub(crate) fn of_status(status: StatusCode, guid: Option<&str>) -> Self {
        let error = match (status.as_u16(), guid) {
            (400, _) => Self::bad_request(Map::from_iter([(
                "request".to_owned(),
                json!(["The request is refused by a fault of the sandbox."]),
            )])),
            (401, _) => ErrorCode::AuthErrApikeyNotFound.into(),
            (402, _) => ErrorCode::ErrPlanQuotaRestriction.into(),
            (403, _) => ErrorCode::AuthErrNoAccess.into(),
            (404, None) => ErrorCode::ErrApiNotFound.into(),
            (404, Some(guid)) => Self::unknown_group(guid),
            (429, _) => ErrorCode::ErrTooManyRequests.into(),
            (500.., _) => ErrorCode::ErrMissionFailed.into(),
            _ => ErrorCode::ErrOperationFailed.into(),
        };
        Self { status, ..error }
    }

    pub(crate) fn envelope(&self) -> Value {
        let mut error = Map::new();
        error.insert("message".to_owned(), self.message.as_str().into());
        // The documented failure has no `devMessage`.
        if self.code != ErrorCode::ErrMissionFailed {
            error.insert("devMessage".to_owned(), self.message.as_str().into());
        }
        error.insert("source".to_owned(), "chat-api".into());
        error.insert("code".to_owned(), self.code.as_str().into());
        if !self.details.is_empty() {
            error.insert("details".to_owned(), Value::Object(self.details.clone()));
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
            let error = ApiError::of_status(StatusCode::from_u16(status).unwrap(), Some("team"));
            assert_eq!(error.status.as_u16(), status);
            assert_eq!(error.envelope()["error"]["code"], code);
        }
        let nowhere = ApiError::of_status(StatusCode::NOT_FOUND, None);
        assert_eq!(nowhere.envelope()["error"]["code"], "ERR_API_NOT_FOUND");
    }
}
