//! What a test changes while a list is being read.

use std::sync::Arc;

use serde_json::Value;

use crate::error::Error;
use crate::faults::set::Faults;
use crate::service::row::Row;
use crate::service::state::State;

/// A hand on a running sandbox: its lists and its faults can be changed at any moment, from any thread.
///
/// A change is whole: a page has all of it or nothing. Ids are found in any case. A group or user that is not there is
/// an error, since it is most likely a mistake in the test.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cometchat_sandbox::{Group, Row, Sandbox};
///
/// let sandbox = Sandbox::builder()
///     .group(Group::new("team").members([Row::new("alice"), Row::new("bob")]))
///     .start()
///     .await?;
/// let control = sandbox.control();
/// control.add("team", Row::new("carol"))?;
/// control.ban("team", "bob")?;
/// assert_eq!(control.member_uids("team")?, ["alice", "carol"]);
/// assert_eq!(control.banned_uids("team")?, ["bob"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Control {
    state: Arc<State>,
}

impl Control {
    pub(crate) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    /// Adds a member at the end of the list.
    ///
    /// # Errors
    ///
    /// There is no such group.
    pub fn add(&self, guid: &str, row: impl Into<Row>) -> Result<(), Error> {
        self.add_at(guid, usize::MAX, row)
    }

    /// Adds a member before the one at that position, counted from 0, so that the rows after it shift.
    ///
    /// # Errors
    ///
    /// There is no such group.
    pub fn add_at(&self, guid: &str, position: usize, row: impl Into<Row>) -> Result<(), Error> {
        let row = row.into();
        self.state
            .with_group(guid, |members, _| members.insert(position, row))
    }

    /// Removes a member, so that the rows after it shift.
    ///
    /// # Errors
    ///
    /// There is no such group, or no such member in it.
    pub fn remove(&self, guid: &str, uid: &str) -> Result<(), Error> {
        self.state
            .with_group(guid, |members, _| members.remove(uid))?
            .map(drop)
            .ok_or_else(|| not_a_member(guid, uid))
    }

    /// Bans a member: out of the members, to the end of the banned users, without `scope` and `joinedAt`.
    ///
    /// # Errors
    ///
    /// There is no such group, or no such member in it.
    pub fn ban(&self, guid: &str, uid: &str) -> Result<(), Error> {
        let moved = self.state.with_group(guid, |members, banned| {
            let row = members.remove(uid)?;
            banned.insert(usize::MAX, row.without(&["scope", "joinedAt"]));
            Some(())
        })?;
        moved.ok_or_else(|| not_a_member(guid, uid))
    }

    /// Lifts a ban: the user is in neither list after that, and may be added.
    ///
    /// # Errors
    ///
    /// There is no such group, or no such user banned from it.
    pub fn unban(&self, guid: &str, uid: &str) -> Result<(), Error> {
        self.state
            .with_group(guid, |_, banned| banned.remove(uid))?
            .map(drop)
            .ok_or_else(|| {
                Error::new(format!(
                    "the user {uid:?} is not banned from {guid:?}; ban them with `.ban({guid:?}, {uid:?})` first"
                ))
            })
    }

    /// Sets the metadata of a user, member or banned.
    ///
    /// # Errors
    ///
    /// There is no such group, or no such user in either of its lists.
    pub fn set_metadata(
        &self,
        guid: &str,
        uid: &str,
        metadata: impl Into<Value>,
    ) -> Result<(), Error> {
        let metadata = metadata.into();
        let found = self.state.with_group(guid, |members, banned| {
            [members, banned]
                .map(|list| list.replace(uid, |row| row.with("metadata", metadata.clone())))
                .contains(&true)
        })?;
        if found {
            Ok(())
        } else {
            Err(Error::new(format!(
                "the user {uid:?} is neither a member of {guid:?} nor banned from it; add them first"
            )))
        }
    }

    /// Does something after the request of that number, counted from 1 since the sandbox started.
    ///
    /// It is done when the answer to that request is made up and not yet sent: a client that waits for an answer before
    /// it asks again has its next request answered from the changed list. Where that many requests have come already, it is done
    /// after the next one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = cometchat_sandbox::Sandbox::builder().start().await?;
    /// // A member leaves page 1 while it is being read, and the first row of page 2 slips on to it.
    /// sandbox.control().after(1, |control| {
    ///     control.remove("city", "city-000007").expect("the city has that member");
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn after(&self, request: u64, change: impl FnOnce(&Self) + Send + 'static) {
        self.state.schedule(request, Box::new(change));
    }

    /// How many requests came since the sandbox started, forgotten ones included.
    pub fn request_count(&self) -> u64 {
        self.state.count()
    }

    /// Adds faults after those that are there; of two rates the new ones hold.
    ///
    /// # Errors
    ///
    /// A fault is none that can be, such as an error of status 200.
    pub fn add_faults(&self, faults: impl Into<Faults>) -> Result<(), Error> {
        let faults = faults.into();
        faults.check()?;
        self.state.add_faults(faults);
        Ok(())
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.state.clear_faults();
    }

    /// The members of a group as they are now, in order.
    ///
    /// # Errors
    ///
    /// There is no such group.
    pub fn members(&self, guid: &str) -> Result<Vec<Row>, Error> {
        self.state.with_group(guid, |members, _| members.rows())
    }

    /// The users who are banned from a group now, in order.
    ///
    /// # Errors
    ///
    /// There is no such group.
    pub fn banned(&self, guid: &str) -> Result<Vec<Row>, Error> {
        self.state.with_group(guid, |_, banned| banned.rows())
    }

    /// The uids of a group's members as they are now, in order; a member without a uid is left out.
    ///
    /// # Errors
    ///
    /// There is no such group.
    pub fn member_uids(&self, guid: &str) -> Result<Vec<String>, Error> {
        self.state.with_group(guid, |members, _| members.uids())
    }

    /// The uids of those who are banned from a group now, in order; a user without a uid is left out.
    ///
    /// # Errors
    ///
    /// There is no such group.
    pub fn banned_uids(&self, guid: &str) -> Result<Vec<String>, Error> {
        self.state.with_group(guid, |_, banned| banned.uids())
    }
}

fn not_a_member(guid: &str, uid: &str) -> Error {
    Error::new(format!(
        "the user {uid:?} is not a member of {guid:?}; add them with `.add({guid:?}, …)` first"
    ))
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control").finish_non_exhaustive()
    }
}
