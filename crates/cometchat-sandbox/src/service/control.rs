//! Changes to lists and faults while a list is being read.

use std::sync::Arc;

use serde_json::Value;

use crate::error::Error;
use crate::faults::fault::Fault;
use crate::service::row::Row;
use crate::service::state::State;

/// A handle on a running sandbox that changes its lists and faults at any time, from any thread.
///
/// A change is atomic: a page shows all of it or nothing. Ids are matched in any case.
///
/// # Errors
///
/// An unknown group or user, most likely a mistake in the test, is an error of each method.
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
    pub fn add(&self, guid: &str, row: impl Into<Row>) -> Result<(), Error> {
        self.add_at(guid, usize::MAX, row)
    }

    /// Inserts a member at a position, counted from 0; the rows after it shift.
    pub fn add_at(&self, guid: &str, position: usize, row: impl Into<Row>) -> Result<(), Error> {
        let row = row.into();
        self.state
            .with_group(guid, |members, _| members.insert(position, row))
    }

    /// Removes a member; the rows after it shift.
    pub fn remove(&self, guid: &str, uid: &str) -> Result<(), Error> {
        self.state
            .with_group(guid, |members, _| members.remove(uid))?
            .map(drop)
            .ok_or_else(|| not_a_member(guid, uid))
    }

    /// Bans a member: moves them to the end of the banned users, without `scope` and `joinedAt`.
    pub fn ban(&self, guid: &str, uid: &str) -> Result<(), Error> {
        let moved = self.state.with_group(guid, |members, banned| {
            let row = members.remove(uid)?;
            banned.insert(usize::MAX, row.without(&["scope", "joinedAt"]));
            Some(())
        })?;
        moved.ok_or_else(|| not_a_member(guid, uid))
    }

    /// Lifts a ban. The user is in neither list then, and may be added.
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

    /// Sets the metadata of a member or a banned user.
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

    /// Runs a change after a request, by its number from 1 since the sandbox started.
    ///
    /// It runs between planning and sending the response to that request, so the client's next request sees the changed
    /// list. If that many requests have come already, it runs after the next one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = cometchat_sandbox::Sandbox::builder().start().await?;
    /// // A member leaves page 1 while it is being read: the first row of page 2 moves to page 1.
    /// sandbox.control().after(1, |control| {
    ///     control.remove("city", "city-000007").expect("the city has that member");
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn after(&self, request: u64, change: impl FnOnce(&Self) + Send + 'static) {
        let change = (request, Box::new(change) as _);
        self.state.lock().scheduled.push(change);
    }

    /// Returns the number of requests since the sandbox started, cleared ones included.
    pub fn request_count(&self) -> u64 {
        self.state.lock().count
    }

    /// Adds faults after the present ones.
    ///
    /// # Errors
    ///
    /// A fault is invalid, such as an error of status 200.
    pub fn add_faults(&self, faults: impl Into<Vec<Fault>>) -> Result<(), Error> {
        let faults = faults.into();
        faults.iter().try_for_each(Fault::check)?;
        self.state.lock().faults.add(faults);
        Ok(())
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.state.lock().faults.clear();
    }

    /// Returns the current members of a group, in order.
    pub fn members(&self, guid: &str) -> Result<Vec<Row>, Error> {
        self.state.with_group(guid, |members, _| members.rows())
    }

    /// Returns the users currently banned from a group, in order.
    pub fn banned(&self, guid: &str) -> Result<Vec<Row>, Error> {
        self.state.with_group(guid, |_, banned| banned.rows())
    }

    /// Returns the uids of a group's current members, in order; members without a uid are left out.
    pub fn member_uids(&self, guid: &str) -> Result<Vec<String>, Error> {
        self.state.with_group(guid, |members, _| members.uids())
    }

    /// Returns the uids of the users currently banned from a group, in order; users without a uid are left out.
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
