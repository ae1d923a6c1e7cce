//! The API keys of the sandbox, and what each may do.

use crate::service::api_error::ApiError;

/// What an API key may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// A REST API key (`fullAccess`): may list.
    #[default]
    FullAccess,
    /// An `authOnly` key: refused with 403 and `AUTH_ERR_NO_ACCESS`.
    AuthOnly,
    /// A key of a plan whose quota is used up: refused with 402 and `ERR_PLAN_QUOTA_RESTRICTION`.
    OverQuota,
}

impl KeyKind {
    const ALL: [Self; 3] = [Self::FullAccess, Self::AuthOnly, Self::OverQuota];

    /// The key of this kind, the same in each sandbox; the service does not know it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::FullAccess => "sandbox-full-access-key",
            Self::AuthOnly => "sandbox-auth-only-key",
            Self::OverQuota => "sandbox-over-quota-key",
        }
    }

    /// Checks the key of a request.
    pub(crate) fn check(sent: Option<&[u8]>) -> Result<(), ApiError> {
        let sent = sent
            .filter(|key| !key.is_empty())
            .ok_or(ApiError::EmptyKey)?;
        let kind = Self::ALL
            .into_iter()
            .find(|kind| kind.key().as_bytes() == sent)
            .ok_or(ApiError::UnknownKey)?;
        match kind {
            Self::FullAccess => Ok(()),
            Self::AuthOnly => Err(ApiError::NoAccess),
            Self::OverQuota => Err(ApiError::OverQuota),
        }
    }
}
