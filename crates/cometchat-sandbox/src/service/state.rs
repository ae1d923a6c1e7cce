//! The state of a running sandbox, and how it plans a response.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::request::Parts;

use crate::error::Error;
use crate::faults::fault::ResetAt;
use crate::faults::set::{ActiveFaults, Faults};
use crate::server::request::Request;
use crate::service::control::Control;
use crate::service::group::{Group, Rows};
use crate::service::list::List;
use crate::service::lists;
use crate::service::page::{Cursor, CursorPlace, PageStyle};
use crate::service::query::{self, Ask};
use crate::service::rate_limit::{RateHeaders, RateLimit};
use crate::service::request_log::RequestLog;
use crate::service::response::Response;
use cometchat_client::Operation;

/// The state of a running sandbox.
pub(crate) struct State {
    pub(super) style: PageStyle,
    pub(super) rate_headers: RateHeaders,
    inner: Mutex<Inner>,
}

pub(super) struct Inner {
    groups: HashMap<String, StoredGroup>,
    requests: RequestLog,
    /// Number of requests since the start.
    count: u64,
    faults: ActiveFaults,
    pub(super) rate_limit: RateLimit,
    /// Scheduled changes, each with the number of the request it follows.
    scheduled: Vec<(u64, Change)>,
}

type Change = Box<dyn FnOnce(&Control) + Send>;

struct StoredGroup {
    members: StoredList,
    banned: StoredList,
}

/// A list, and what its pages have beside the rows.
pub(super) struct StoredList {
    pub(super) list: List,
    pub(super) cursor: Cursor,
    pub(super) count: Option<i64>,
}

/// What is sent, when, and how.
pub(crate) struct Plan {
    pub(crate) latency: Duration,
    pub(crate) response: Response,
    pub(crate) delivery: Delivery,
}

/// How a response is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole,
    Hang,
    HangInBody,
    Reset(ResetAt),
    CutShort,
    /// The body is only the beginning of an endless one.
    Endless,
}

impl State {
    pub(crate) fn new(
        style: PageStyle,
        rate_headers: RateHeaders,
        rate_limit: RateLimit,
        groups: Vec<Group>,
        faults: Faults,
    ) -> Self {
        let mut active = ActiveFaults::default();
        active.add(faults);
        let groups = groups
            .into_iter()
            .map(|group| {
                let list = |operation, rows| StoredList::new(style, operation, &group.guid, rows);
                let stored = StoredGroup {
                    members: list(Operation::ListGroupMembers, group.members),
                    banned: list(Operation::ListBannedUsers, group.banned),
                };
                (group.guid, stored)
            })
            .collect();
        Self {
            style,
            rate_headers,
            inner: Mutex::new(Inner {
                groups,
                requests: RequestLog::default(),
                count: 0,
                faults: active,
                rate_limit,
                scheduled: Vec::new(),
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic leaves no change half done.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads or changes the two lists of a group, atomically.
    pub(crate) fn with_group<T>(
        &self,
        guid: &str,
        look: impl FnOnce(&mut List, &mut List) -> T,
    ) -> Result<T, Error> {
        let guid = guid.to_lowercase();
        let mut inner = self.lock();
        let group = inner.groups.get_mut(&guid).ok_or_else(|| {
            Error::new(format!(
                "the sandbox has no group {guid:?}; give it one with `.group(Group::new({guid:?}))`"
            ))
        })?;
        Ok(look(&mut group.members.list, &mut group.banned.list))
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.lock().requests.all()
    }

    pub(crate) fn clear_requests(&self) {
        self.lock().requests.clear();
    }

    pub(crate) fn add_faults(&self, faults: Faults) {
        self.lock().faults.add(faults);
    }

    pub(crate) fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    pub(crate) fn schedule(&self, after: u64, change: Change) {
        self.lock().scheduled.push((after, change));
    }

    /// Number of requests since the start.
    pub(crate) fn count(&self) -> u64 {
        self.lock().count
    }

    /// Counts and records a request, and plans the response.
    pub(crate) fn plan(self: &Arc<Self>, parts: Parts) -> Plan {
        let path = parts.uri.path().to_owned();
        let query = parts.uri.query().map(str::to_owned);
        let pairs = query::pairs(query.as_deref().unwrap_or_default());
        let list = (parts.method == http::Method::GET)
            .then(|| lists::of_path(&path))
            .flatten();
        let ask = list
            .as_ref()
            .map(|(operation, _)| Ask::read(*operation, &pairs));
        let page = match &ask {
            Some(Ok(ask)) => Some(ask.page),
            _ => None,
        };

        let mut inner = self.lock();
        inner.count += 1;
        let number = inner.count;
        let place = list
            .as_ref()
            .map(|(operation, guid)| (*operation, guid.as_str()));
        let (applied, attempt) = inner.faults.apply(place, page);
        let asked = place.zip(ask);
        let (response, delivery) =
            self.response(&mut inner, &parts, asked, applied.effect, applied.one_page);

        let begun = !matches!(
            delivery,
            Delivery::Hang | Delivery::Reset(ResetAt::BeforeHeaders)
        );
        inner.requests.push(Request {
            number,
            method: parts.method.to_string(),
            path,
            query,
            pairs,
            headers: parts.headers,
            list,
            page,
            attempt,
            faults: applied.names,
            status: begun.then_some(response.status.as_u16()),
        });
        let due = inner.due(number);
        drop(inner);

        // Before the response is sent, so that the client's next request sees the changed list.
        for change in due {
            change(&Control::new(Arc::clone(self)));
        }
        Plan {
            latency: applied.latency,
            response,
            delivery,
        }
    }
}

impl Inner {
    pub(super) fn stored(&self, operation: Operation, guid: &str) -> Option<&StoredList> {
        let group = self.groups.get(guid)?;
        match operation {
            Operation::ListGroupMembers => Some(&group.members),
            Operation::ListBannedUsers => Some(&group.banned),
            _ => None,
        }
    }

    /// Whether any list has this user.
    pub(super) fn knows(&self, uid: &str) -> bool {
        self.groups
            .values()
            .any(|group| group.members.list.contains(uid) || group.banned.list.contains(uid))
    }

    /// Takes the changes that follow this request.
    fn due(&mut self, number: u64) -> Vec<Change> {
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.scheduled)
            .into_iter()
            .partition(|(after, _)| *after <= number);
        self.scheduled = later;
        due.into_iter().map(|(_, change)| change).collect()
    }
}

impl StoredList {
    fn new(style: PageStyle, operation: Operation, guid: &str, rows: Rows) -> Self {
        let usual = Cursor {
            place: CursorPlace::usual(operation),
            updated_at: 1_638_354_799,
        };
        let cursor = match &rows.said {
            None => usual,
            Some(said) => match said.cursor {
                Some(updated_at) => Cursor {
                    updated_at,
                    ..usual
                },
                None => Cursor {
                    place: CursorPlace::Nowhere,
                    ..usual
                },
            },
        };
        Self {
            list: List::new(operation, guid, style.quirks, rows.generated, rows.given),
            cursor,
            count: rows.said.map(|said| said.count),
        }
    }
}
