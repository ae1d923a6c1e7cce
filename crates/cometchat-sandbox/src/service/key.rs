//! The keys that the sandbox knows, and what each may do.

use crate::service::api_error::Refusal;

/// What a key may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// List: a REST API key (`fullAccess`).
    #[default]
    FullAccess,
    /// Not list: an `authOnly` key, refused with 403 and `AUTH_ERR_NO_ACCESS`.
    AuthOnly,
    /// Not list any more: the quota of the plan is used up, 402 and `ERR_PLAN_QUOTA_RESTRICTION`.
    OverQuota,
}

impl KeyKind {
    const ALL: [Self; 3] = [Self::FullAccess, Self::AuthOnly, Self::OverQuota];

    /// The key of this kind, the same in each sandbox; no service takes it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::FullAccess => "sandbox-full-access-key",
            Self::AuthOnly => "sandbox-auth-only-key",
            Self::OverQuota => "sandbox-over-quota-key",
        }
    }

    /// Lets a request with this key in, or says why not.
    pub(crate) fn check(sent: Option<&[u8]>) -> Result<(), Refusal> {
        let sent = sent
            .filter(|key| !key.is_empty())
            .ok_or(Refusal::EmptyKey)?;
        let kind = Self::ALL
            .into_iter()
            .find(|kind| kind.key().as_bytes() == sent)
            .ok_or(Refusal::UnknownKey)?;
        match kind {
            Self::FullAccess => Ok(()),
            Self::AuthOnly => Err(Refusal::NoAccess),
            Self::OverQuota => Err(Refusal::OverQuota),
        }
    }
}
