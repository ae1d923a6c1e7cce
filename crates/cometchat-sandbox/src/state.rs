//! What a running sandbox knows, and what it makes of a request.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::request::Parts;

use crate::answer::Answer;
use crate::control::Control;
use crate::error::Error;
use crate::fault::{Effect, ResetAt};
use crate::faults::{Faults, Mischief};
use crate::group::{Group, Rows};
use crate::gzip;
use crate::key::KeyKind;
use crate::list::List;
use crate::operation::Operation;
use crate::page::{Cursor, CursorPlace, PageStyle};
use crate::query::{self, Ask};
use crate::rate_limit::{RateHeaders, RateLimit};
use crate::refusal::Refusal;
use crate::request::Request;

/// How many requests are remembered; the oldest are forgotten first, so that a sandbox may run for days.
const REMEMBERED: usize = 100_000;

/// What a running sandbox knows.
pub(crate) struct State {
    style: PageStyle,
    rate_headers: RateHeaders,
    inner: Mutex<Inner>,
}

struct Inner {
    groups: HashMap<String, StoredGroup>,
    requests: VecDeque<Request>,
    /// How many requests came since the start.
    count: u64,
    mischief: Mischief,
    rate_limit: RateLimit,
    /// What is to be done, and after which request.
    scheduled: Vec<(u64, Change)>,
}

type Change = Box<dyn FnOnce(&Control) + Send>;

struct StoredGroup {
    members: StoredList,
    banned: StoredList,
}

/// A list, and what is said beside its rows.
struct StoredList {
    list: List,
    cursor: Cursor,
    count: Option<i64>,
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

/// Which rows a page gets.
#[derive(Clone, Copy)]
enum Paging {
    Honest,
    Repeat { one_page: bool },
    Endless,
    Empty,
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
                requests: VecDeque::new(),
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
        self.lock().requests.iter().cloned().collect()
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
        if inner.requests.len() == REMEMBERED {
            inner.requests.pop_front();
        }
        inner.requests.push_back(Request {
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

    fn answer(
        &self,
        inner: &mut Inner,
        parts: &Parts,
        asked: Option<Asked<'_>>,
        effect: Option<Effect>,
        one_page: bool,
    ) -> (Answer, Delivery) {
        let manner = self.style.manner;
        let guid = asked.as_ref().map(|((_, guid), _)| *guid);
        let mut honest = |paging| self.serve(inner, parts, asked.clone(), paging);
        let whole = |answer| (answer, Delivery::Whole);
        let Some(effect) = effect else {
            return whole(honest(Paging::Honest));
        };
        match effect {
            Effect::Error(status, body) => {
                // `Fault::check` has refused what is no status.
                let status = StatusCode::from_u16(status).unwrap_or_default();
                whole(Answer::error(manner, status, body, guid))
            }
            Effect::Refusal(status, code) => {
                let status = StatusCode::from_u16(status).unwrap_or_default();
                whole(Answer::refusal(manner, &Refusal::Other(status, code)))
            }
            Effect::TooManyRequests(headers, wait) => {
                whole(Answer::too_many_requests(manner, headers, wait))
            }
            Effect::Redirect(location) => whole(Answer::redirect(&location)),
            Effect::Body(custom) => whole(Answer::custom(&custom)),
            Effect::RepeatPage => whole(honest(Paging::Repeat { one_page })),
            Effect::EndlessPages => whole(honest(Paging::Endless)),
            Effect::EmptyPages => whole(honest(Paging::Empty)),
            Effect::Gzip => {
                let answer = honest(Paging::Honest);
                let body = gzip::compress(&answer.body);
                whole(answer.gzipped(body))
            }
            Effect::GzipBomb => whole(honest(Paging::Honest).gzipped(gzip::bomb())),
            Effect::EndlessBody => {
                let mut answer = honest(Paging::Honest);
                answer.body = "{\"data\":[".into();
                (answer, Delivery::Endless)
            }
            Effect::Hang => (honest(Paging::Honest), Delivery::Hang),
            Effect::HangInBody => (honest(Paging::Honest), Delivery::HangInBody),
            Effect::Reset(at) => (honest(Paging::Honest), Delivery::Reset(at)),
            Effect::CutShort => (honest(Paging::Honest), Delivery::CutShort),
            // A latency is no effect of its own.
            Effect::Latency(_) => whole(honest(Paging::Honest)),
        }
    }

    /// What the service would answer.
    fn serve(
        &self,
        inner: &mut Inner,
        parts: &Parts,
        asked: Option<Asked<'_>>,
        paging: Paging,
    ) -> Answer {
        let manner = self.style.manner;
        let Some((place, ask)) = asked else {
            return Answer::refusal(manner, &Refusal::UnknownPath);
        };
        let key = parts.headers.get("apikey").map(|key| key.as_bytes());
        if let Err(refusal) = KeyKind::check(key) {
            return Answer::refusal(manner, &refusal);
        }
        let standing = inner.rate_limit.take(SystemTime::now());
        if !standing.allowed {
            let mut answer = Answer::refusal(manner, &Refusal::TooManyRequests);
            answer.turn_away(self.rate_headers, &standing);
            return answer;
        }
        let on_behalf_of = parts.headers.get("onbehalfof").map(|uid| uid.as_bytes());
        let mut answer = match self.rows(inner, place, ask, on_behalf_of, paging) {
            Ok(page) => Answer::page(manner, page),
            Err(refusal) => Answer::refusal(manner, &refusal),
        };
        self.rate_headers.write(&standing, &mut answer.headers);
        answer
    }

    fn rows(
        &self,
        inner: &Inner,
        (operation, guid): (Operation, &str),
        ask: Result<Ask, Details>,
        on_behalf_of: Option<&[u8]>,
        paging: Paging,
    ) -> Result<String, Refusal> {
        let ask = ask.map_err(Refusal::BadRequest)?;
        if let Some(uid) = on_behalf_of {
            let uid = String::from_utf8_lossy(uid).to_lowercase();
            if !inner.knows(&uid) {
                return Err(Refusal::UnknownUser(uid));
            }
        }
        let stored = inner
            .stored(operation, guid)
            .ok_or_else(|| Refusal::UnknownGroup(guid.to_owned()))?;
        let slice = match paging {
            Paging::Honest => stored.list.slice(&ask),
            Paging::Endless => stored.list.endless(&ask),
            Paging::Empty => crate::list::Slice {
                more: true,
                ..Default::default()
            },
            Paging::Repeat { one_page } => {
                let page = if one_page { (ask.page - 1).max(1) } else { 1 };
                let repeated = stored.list.slice(&Ask {
                    page,
                    ..ask.clone()
                });
                let asked = stored.list.slice(&ask);
                crate::list::Slice {
                    more: asked.more,
                    ..repeated
                }
            }
        };
        let cursor = Cursor {
            // A mark for synchronising moves on when the list changes.
            updated_at: stored.cursor.updated_at + stored.list.changes(),
            ..stored.cursor
        };
        Ok(self.style.write(&ask, &slice, cursor, stored.count))
    }
}

type Details = serde_json::Map<String, serde_json::Value>;

/// The list and the group's id, and what is asked of it.
type Asked<'a> = ((Operation, &'a str), Result<Ask, Details>);

impl Inner {
    fn stored(&self, operation: Operation, guid: &str) -> Option<&StoredList> {
        let group = self.groups.get(guid)?;
        Some(match operation {
            Operation::Members => &group.members,
            Operation::BannedUsers => &group.banned,
        })
    }

    /// Whether any list has a user of that uid.
    fn knows(&self, uid: &str) -> bool {
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
