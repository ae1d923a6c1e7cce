//! What a running sandbox knows, and what it makes of a request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::request::Parts;

use crate::error::Error;
use crate::faults::fault::ResetAt;
use crate::faults::set::{Faults, Mischief};
use crate::server::request::Request;
use crate::service::control::Control;
use crate::service::group::{Group, Rows};
use crate::service::list::List;
use crate::service::operation::Operation;
use crate::service::page::{Cursor, CursorPlace, PageStyle};
use crate::service::query::{self, Ask};
use crate::service::rate_limit::{RateHeaders, RateLimit};
use crate::service::request_log::RequestLog;
use crate::service::response::Answer;

/// What a running sandbox knows.
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
    mischief: Mischief,
    pub(super) rate_limit: RateLimit,
    /// What is to be done, and after which request.
    scheduled: Vec<(u64, Change)>,
}

type Change = Box<dyn FnOnce(&Control) + Send>;

struct StoredGroup {
    members: StoredList,
    banned: StoredList,
}

/// A list, and what is said beside its rows.
pub(super) struct StoredList {
    pub(super) list: List,
    pub(super) cursor: Cursor,
    pub(super) count: Option<i64>,
}

/// What is sent, and how.
pub(crate) struct Plan {
    pub(crate) latency: Duration,
    pub(crate) answer: Answer,
    pub(crate) delivery: Delivery,
}

/// How an answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole,
    Hang,
    HangInBody,
    Reset(ResetAt),
    CutShort,
    /// The body of the answer is only the beginning.
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
        let mut mischief = Mischief::default();
        mischief.add(faults);
        let groups = groups
            .into_iter()
            .map(|group| {
                let list = |operation, rows| StoredList::new(style, operation, &group.guid, rows);
                let stored = StoredGroup {
                    members: list(Operation::Members, group.members),
                    banned: list(Operation::BannedUsers, group.banned),
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
                mischief,
                rate_limit,
                scheduled: Vec::new(),
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // No change is left half done by a panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the two lists of a group, or changes them, at one moment.
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
        self.lock().mischief.add(faults);
    }

    pub(crate) fn clear_faults(&self) {
        self.lock().mischief.clear();
    }

    pub(crate) fn schedule(&self, after: u64, change: Change) {
        self.lock().scheduled.push((after, change));
    }

    /// How many requests came since the start.
    pub(crate) fn count(&self) -> u64 {
        self.lock().count
    }

    /// Counts and remembers a request, and says what is sent.
    pub(crate) fn plan(self: &Arc<Self>, parts: Parts) -> Plan {
        let path = parts.uri.path().to_owned();
        let query = parts.uri.query().map(str::to_owned);
        let pairs = query::pairs(query.as_deref().unwrap_or_default());
        let list = (parts.method == http::Method::GET)
            .then(|| Operation::of_path(&path))
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
        let (fate, attempt) = inner.mischief.befall(place, page);
        let asked = place.zip(ask);
        let (answer, delivery) = self.answer(&mut inner, &parts, asked, fate.effect, fate.one_page);

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
            faults: fate.names,
            status: begun.then_some(answer.status.as_u16()),
        });
        let due = inner.due(number);
        drop(inner);

        // The changes are made before the answer goes out, so that whoever gets it asks next of the changed list.
        for change in due {
            change(&Control::new(Arc::clone(self)));
        }
        Plan {
            latency: fate.latency,
            answer,
            delivery,
        }
    }
}

impl Inner {
    pub(super) fn stored(&self, operation: Operation, guid: &str) -> Option<&StoredList> {
        let group = self.groups.get(guid)?;
        Some(match operation {
            Operation::Members => &group.members,
            Operation::BannedUsers => &group.banned,
        })
    }

    /// Whether any list has a user of that uid.
    pub(super) fn knows(&self, uid: &str) -> bool {
        self.groups
            .values()
            .any(|group| group.members.list.contains(uid) || group.banned.list.contains(uid))
    }

    /// The changes that are to be made after the request of that number.
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
            list: List::new(operation, guid, style.manner, rows.generated, rows.given),
            cursor,
            count: rows.said.map(|said| said.count),
        }
    }
}
