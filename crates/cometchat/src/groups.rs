//! The client, and its groups.

use cometchat_client::types::Guid;
use cometchat_client::{Client as Api, ClientBuilder, Error, RetryPolicy};

use crate::list::{List, ListBannedUsers, ListMembers};

/// A client of one app. Cheap to clone; clones share connections, rate limit and retry budget.
///
/// ```
/// use cometchat::{Client, Region};
///
/// # fn main() -> Result<(), cometchat::Error> {
/// let client = Client::builder().app_id("APP_ID").region(Region::Us).api_key("key").build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    api: Api,
}

impl From<Api> for Client {
    fn from(api: Api) -> Self {
        Self { api }
    }
}

impl Client {
    /// An empty configuration.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new()
    }

    /// A client configured by environment variables: `COMETCHAT_APP_ID` and `COMETCHAT_REGION`, or `COMETCHAT_BASE_URL`;
    /// `COMETCHAT_API_KEY`; and `COMETCHAT_ON_BEHALF_OF` to act for a user.
    ///
    /// # Errors
    ///
    /// `Config`, which names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A group, by its GUID of 1 to 100 characters: a text, or a [`Guid`]. A text is checked when a request is made,
    /// before anything is sent.
    pub fn group(&self, guid: impl Into<String>) -> Group {
        Group {
            api: self.api.clone(),
            guid: guid.into(),
        }
    }

    /// The URL that requests are sent to, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.api.base_url()
    }

    /// A clone whose calls follow another retry policy. The rate limit and the retry budget stay shared.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.api.with_retry(policy).into()
    }

    /// The generated client, with every operation of the spec. Its calls are authenticated, paced and retried, too.
    pub fn api(&self) -> &Api {
        &self.api
    }
}

/// A group of an app.
#[derive(Clone)]
pub struct Group {
    api: Api,
    guid: String,
}

impl Group {
    /// The GUID, as given.
    pub fn guid(&self) -> &str {
        &self.guid
    }

    /// The members of the group.
    pub fn members(&self) -> ListMembers {
        List::new(self.api.list_group_members().guid(&self.guid))
    }

    /// The users who are banned from the group.
    pub fn banned_users(&self) -> ListBannedUsers {
        List::new(self.api.list_banned_users().guid(&self.guid))
    }

    /// Checks the GUID without sending anything.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if it is empty, longer than 100 characters, `.` or `..`, or contains a slash, a backslash or a
    /// control character.
    pub fn check(&self) -> Result<(), Error> {
        match Guid::try_from(self.guid.as_str()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::invalid(format!("guid: {error}"))),
        }
    }
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Group")
            .field("guid", &self.guid)
            .finish_non_exhaustive()
    }
}
