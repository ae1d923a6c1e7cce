//! The client, and the groups that it asks about.

use std::fmt;
use std::marker::PhantomData;

use cometchat_client::types::{BannedUser, GroupMember, Guid};
use cometchat_client::{Client as Api, Error};

use crate::list::{Async, List, ListBannedUsers, ListMembers};

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

/// The configuration of a [`Client`].
pub type ClientBuilder = cometchat_client::ClientBuilder<Client>;

impl From<Api> for Client {
    fn from(api: Api) -> Self {
        Self { api }
    }
}

impl Client {
    /// A configuration with nothing said yet.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A client from the environment: `COMETCHAT_APP_ID` and `COMETCHAT_REGION`, or `COMETCHAT_BASE_URL`;
    /// `COMETCHAT_API_KEY`; `COMETCHAT_ON_BEHALF_OF` where calls are made for a user.
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, with which variable is missing or wrong, and why.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A group, by its GUID: 1 to 100 characters. It is checked when a request is made, and nothing is sent before.
    pub fn group(&self, guid: impl Into<String>) -> Group {
        Group::of(&self.api, guid.into())
    }

    /// The generated client, with every operation of the spec. Its calls are authenticated, paced and retried too.
    pub fn api(&self) -> &Api {
        &self.api
    }
}

/// A group of an app. `M` is how its lists are read, as of a [`List`].
#[derive(Clone)]
pub struct Group<M = Async> {
    api: Api,
    guid: String,
    reads: PhantomData<fn() -> M>,
}

impl<M> Group<M> {
    pub(crate) fn of(api: &Api, guid: String) -> Self {
        Self {
            api: api.clone(),
            guid,
            reads: PhantomData,
        }
    }

    /// The GUID, as given.
    pub fn guid(&self) -> &str {
        &self.guid
    }

    /// The members of the group.
    pub fn members(&self) -> ListMembers<GroupMember, M> {
        List::of(self.api.list_group_members().guid(&self.guid))
    }

    /// The users who are banned from the group.
    pub fn banned_users(&self) -> ListBannedUsers<BannedUser, M> {
        List::of(self.api.list_banned_users().guid(&self.guid))
    }

    /// Checks the GUID without asking the service.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` where no request could be made for it: it is empty, longer than 100 characters, `.` or `..`,
    /// or holds a slash, a backslash or a control character.
    pub fn check(&self) -> Result<(), Error> {
        match Guid::try_from(self.guid.as_str()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::invalid_request(format!("guid: {error}"))),
        }
    }
}

impl<M> fmt::Debug for Group<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group")
            .field("guid", &self.guid)
            .finish_non_exhaustive()
    }
}
