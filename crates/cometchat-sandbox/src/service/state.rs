//! The state of a running sandbox, and how it plans a response.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::request::Parts;

use crate::error::Error;
use crate::faults::active::ActiveFaults;
use crate::faults::fault::{Effect, Fault, ResetAt};
use crate::server::request::Request;
use crate::service::control::Control;
use crate::service::group::Group;
use crate::service::list::List;
use crate::service::page::PageStyle;
use crate::service::path;
use crate::service::query::{self, ListQuery};
use crate::service::rate_limit::{RateHeaders, RateLimit};
use crate::service::response::Response;
use cometchat_client::Operation;

/// Maximum number of recorded requests, so that a sandbox may run for days.
const MAX_REQUESTS: usize = 40_000;

pub(crate) struct State {
    pub(super) style: PageStyle,
    pub(super) rate_headers: RateHeaders,
    pub(crate) on_request: Option<fn(&Request)>,
    inner: Mutex<Inner>,
}

pub(crate) struct Inner {
    /// The members and the banned users of each group.
    groups: HashMap<String, [List; 2]>,
    /// The latest requests, in order.
    pub(crate) requests: VecDeque<Request>,
    pub(crate) count: u64,
    pub(crate) faults: ActiveFaults,
    pub(super) rate_limit: RateLimit,
    /// Scheduled changes, each with the number of the request it follows.
    pub(super) scheduled: Vec<(u64, Change)>,
}

type Change = Box<dyn FnOnce(&Control) + Send>;

/// The response to send, and its delay and fault.
pub(crate) struct Plan {
    pub(crate) latency: Duration,
    pub(crate) response: Response,
    /// The fault, which can be one of the transfer.
    pub(crate) effect: Option<Effect>,
}

impl State {
    pub(crate) fn new(
        style: PageStyle,
        rate_headers: RateHeaders,
        rate_limit: RateLimit,
        groups: Vec<Group>,
        faults: Vec<Fault>,
    ) -> Self {
        let mut active = ActiveFaults::default();
        active.add(faults);
        let groups = groups
            .into_iter()
            .map(|group| {
                let list = |operation, rows| List::new(operation, &group.guid, rows);
                let members = list(Operation::ListGroupMembers, group.members);
                let banned = list(Operation::ListBannedUsers, group.banned);
                (group.guid, [members, banned])
            })
            .collect();
        Self {
            style,
            rate_headers,
            on_request: None,
            inner: Mutex::new(Inner {
                groups,
                requests: VecDeque::new(),
                count: 0,
                faults: active,
                rate_limit,
                scheduled: Vec::new(),
            }),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
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
        let [members, banned] = inner.groups.get_mut(&guid).ok_or_else(|| {
            Error::new(format!(
                "the sandbox has no group {guid:?}; give it one with `.group(Group::new({guid:?}))`"
            ))
        })?;
        Ok(look(members, banned))
    }

    /// Counts and records a request, and plans the response.
    pub(crate) fn plan(self: &Arc<Self>, parts: Parts) -> Plan {
        let path = parts.uri.path().to_owned();
        let query = parts.uri.query().map(str::to_owned);
        let pairs = query::pairs(query.as_deref().unwrap_or_default());
        let list = (parts.method == http::Method::GET)
            .then(|| path::parse(&path))
            .flatten();
        let list_query = list
            .as_ref()
            .map(|(operation, _)| ListQuery::read(*operation, &pairs));
        let page = match &list_query {
            Some(Ok(query)) => Some(query.page),
            _ => None,
        };

        let mut inner = self.lock();
        inner.count += 1;
        let number = inner.count;
        let place = list
            .as_ref()
            .map(|(operation, guid)| (*operation, guid.as_str()));
        let (applied, attempt) = inner.faults.apply(place, page);
        let list_request = place.zip(list_query);
        let response = self.response(&mut inner, &parts, list_request, &applied);

        let begun = !matches!(
            applied.effect,
            Some(Effect::Hang | Effect::Reset(ResetAt::BeforeHeaders))
        );
        let request = Request {
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
        };
        if let Some(log) = self.on_request {
            log(&request);
        }
        if inner.requests.len() == MAX_REQUESTS {
            inner.requests.pop_front();
        }
        inner.requests.push_back(request);
        let due = inner.due(number);
        drop(inner);

        // Before the response is sent, so that the client's next request sees the changed list.
        for change in due {
            change(&Control::new(Arc::clone(self)));
        }
        Plan {
            latency: applied.latency,
            response,
            effect: applied.effect,
        }
    }
}

impl Inner {
    pub(super) fn list(&self, operation: Operation, guid: &str) -> Option<&List> {
        let [members, banned] = self.groups.get(guid)?;
        match operation {
            Operation::ListGroupMembers => Some(members),
            Operation::ListBannedUsers => Some(banned),
            _ => None,
        }
    }

    pub(super) fn knows(&self, uid: &str) -> bool {
        let mut lists = self.groups.values().flatten();
        lists.any(|list| list.contains(uid))
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
