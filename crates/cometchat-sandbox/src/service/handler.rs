//! What the service would answer to a request, and what a fault makes of that.

use std::time::SystemTime;

use http::StatusCode;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::faults::fault::Effect;
use crate::server::gzip;
use crate::service::api_error::Refusal;
use crate::service::key::KeyKind;
use crate::service::list::Slice;
use crate::service::operation::Operation;
use crate::service::page::Cursor;
use crate::service::query::Ask;
use crate::service::response::Answer;
use crate::service::state::{Delivery, Inner, State};

/// Which rows a page gets.
#[derive(Clone, Copy)]
enum Paging {
    Honest,
    Repeat { one_page: bool },
    Endless,
    Empty,
}

/// What is wrong with each wrong parameter.
type Details = Map<String, Value>;

/// The list and the group's id, and what is asked of it.
pub(super) type Asked<'a> = ((Operation, &'a str), Result<Ask, Details>);

impl State {
    /// The answer to a request, and how it is sent.
    pub(super) fn answer(
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
        let on_behalf_of = parts
            .headers
            .get("onbehalfof")
            .map(|uid| uid.as_bytes())
            .filter(|uid| !uid.is_empty());
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
            Paging::Empty => Slice {
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
                Slice {
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
