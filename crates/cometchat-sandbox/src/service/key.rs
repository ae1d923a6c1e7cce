//! The API keys of the sandbox, and what each may do.

use cometchat_client::types::ErrorCode;

/// The rights of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// A REST API key (`fullAccess`): may list.
    FullAccess,
    /// An `authOnly` key: rejected with 403 and `AUTH_ERR_NO_ACCESS`.
    AuthOnly,
    /// A key of a plan whose quota is used up: rejected with 402 and `ERR_PLAN_QUOTA_RESTRICTION`.
    OverQuota,
}

impl KeyKind {
    const ALL: [Self; 3] = [Self::FullAccess, Self::AuthOnly, Self::OverQuota];

    /// The key of this kind, the same in each sandbox. It is not valid for the service.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::FullAccess => "sandbox-full-access-key",
            Self::AuthOnly => "sandbox-auth-only-key",
            Self::OverQuota => "sandbox-over-quota-key",
        }
    }

    pub(crate) fn check(sent: Option<&[u8]>) -> Result<(), ErrorCode> {
        let sent = sent
            .filter(|key| !key.is_empty())
            .ok_or(ErrorCode::AuthErrEmptyApikey)?;
        let kind = Self::ALL
            .into_iter()
            .find(|kind| kind.key().as_bytes() == sent)
            .ok_or(ErrorCode::AuthErrApikeyNotFound)?;
        match kind {
            Self::FullAccess => Ok(()),
            Self::AuthOnly => Err(ErrorCode::AuthErrNoAccess),
            Self::OverQuota => Err(ErrorCode::ErrPlanQuotaRestriction),
        }
    }
}
