//! The response to a request, with the effect of a fault.

use std::time::SystemTime;

use http::StatusCode;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::faults::fault::Effect;
use crate::server::gzip;
use crate::service::api_error::ApiError;
use crate::service::key::KeyKind;
use crate::service::list::Slice;
use crate::service::page::Cursor;
use crate::service::query::Ask;
use crate::service::response::Response;
use crate::service::state::{Delivery, Inner, State};
use cometchat_client::Operation;

/// Which rows a page gets.
#[derive(Clone, Copy)]
enum Paging {
    Honest,
    Repeat { one_page: bool },
    Endless,
    Empty,
}

/// The problem of each invalid parameter.
type Details = Map<String, Value>;

/// The list, the GUID, and the query.
pub(super) type Asked<'a> = ((Operation, &'a str), Result<Ask, Details>);

impl State {
    /// Returns the response to a request, and how it is sent.
    pub(super) fn response(
        &self,
        inner: &mut Inner,
        parts: &Parts,
        asked: Option<Asked<'_>>,
        effect: Option<Effect>,
        one_page: bool,
    ) -> (Response, Delivery) {
        let quirks = self.style.quirks;
        let guid = asked.as_ref().map(|((_, guid), _)| *guid);
        let mut honest = |paging| self.serve(inner, parts, asked.clone(), paging);
        let whole = |response| (response, Delivery::Whole);
        let Some(effect) = effect else {
            return whole(honest(Paging::Honest));
        };
        match effect {
            Effect::Error(status, body) => {
                // `Fault::check` has refused invalid statuses.
                let status = StatusCode::from_u16(status).unwrap_or_default();
                whole(Response::error(quirks, status, body, guid))
            }
            Effect::ApiError(status, code) => {
                let status = StatusCode::from_u16(status).unwrap_or_default();
                whole(Response::refusal(quirks, &ApiError::Other(status, code)))
            }
            Effect::TooManyRequests(headers, wait) => {
                whole(Response::too_many_requests(quirks, headers, wait))
            }
            Effect::Redirect(location) => whole(Response::redirect(&location)),
            Effect::Body(custom) => whole(Response::custom(&custom)),
            Effect::RepeatPage => whole(honest(Paging::Repeat { one_page })),
            Effect::EndlessPages => whole(honest(Paging::Endless)),
            Effect::EmptyPages => whole(honest(Paging::Empty)),
            Effect::Gzip => {
                let response = honest(Paging::Honest);
                let body = gzip::compress(&response.body);
                whole(response.gzipped(body))
            }
            Effect::GzipBomb => whole(honest(Paging::Honest).gzipped(gzip::bomb())),
            Effect::EndlessBody => {
                let mut response = honest(Paging::Honest);
                response.body = "{\"data\":[".into();
                (response, Delivery::Endless)
            }
            Effect::Hang => (honest(Paging::Honest), Delivery::Hang),
            Effect::HangInBody => (honest(Paging::Honest), Delivery::HangInBody),
            Effect::Reset(at) => (honest(Paging::Honest), Delivery::Reset(at)),
            Effect::CutShort => (honest(Paging::Honest), Delivery::CutShort),
            // A latency is not an effect of its own.
            Effect::Latency(_) => whole(honest(Paging::Honest)),
        }
    }

    /// The response of the service, without any fault.
    fn serve(
        &self,
        inner: &mut Inner,
        parts: &Parts,
        asked: Option<Asked<'_>>,
        paging: Paging,
    ) -> Response {
        let quirks = self.style.quirks;
        let Some((place, ask)) = asked else {
            return Response::refusal(quirks, &ApiError::UnknownPath);
        };
        let key = parts.headers.get("apikey").map(|key| key.as_bytes());
        if let Err(refusal) = KeyKind::check(key) {
            return Response::refusal(quirks, &refusal);
        }
        let standing = inner.rate_limit.take(SystemTime::now());
        if !standing.allowed {
            let mut response = Response::refusal(quirks, &ApiError::TooManyRequests);
            response.turn_away(self.rate_headers, &standing);
            return response;
        }
        let on_behalf_of = parts
            .headers
            .get("onbehalfof")
            .map(|uid| uid.as_bytes())
            .filter(|uid| !uid.is_empty());
        let mut response = match self.rows(inner, place, ask, on_behalf_of, paging) {
            Ok(page) => Response::page(quirks, page),
            Err(refusal) => Response::refusal(quirks, &refusal),
        };
        self.rate_headers.write(&standing, &mut response.headers);
        response
    }

    fn rows(
        &self,
        inner: &Inner,
        (operation, guid): (Operation, &str),
        ask: Result<Ask, Details>,
        on_behalf_of: Option<&[u8]>,
        paging: Paging,
    ) -> Result<String, ApiError> {
        let ask = ask.map_err(ApiError::BadRequest)?;
        if let Some(uid) = on_behalf_of {
            let uid = String::from_utf8_lossy(uid).to_lowercase();
            if !inner.knows(&uid) {
                return Err(ApiError::UnknownUser(uid));
            }
        }
        let stored = inner
            .stored(operation, guid)
            .ok_or_else(|| ApiError::UnknownGroup(guid.to_owned()))?;
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
            // The synchronisation mark changes with the list.
            updated_at: stored.cursor.updated_at + stored.list.changes(),
            ..stored.cursor
        };
        Ok(self.style.write(&ask, &slice, cursor, stored.count))
    }
}
