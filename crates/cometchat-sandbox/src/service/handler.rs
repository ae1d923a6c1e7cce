//! The response to a request, with the effect of a fault.

use std::time::SystemTime;

use cometchat_client::Operation;
use cometchat_client::types::ErrorCode;
use http::StatusCode;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::faults::active::RequestFaults;
use crate::faults::fault::Effect;
use crate::service::api_error::ApiError;
use crate::service::key::KeyKind;
use crate::service::list::Slice;
use crate::service::query::ListQuery;
use crate::service::response::Response;
use crate::service::state::{Inner, State};

/// The list, the GUID, and the query or the problem of each invalid parameter.
pub(super) type ListRequest<'a> = ((Operation, &'a str), Result<ListQuery, Map<String, Value>>);

impl State {
    /// The response to a request, before a fault of its transfer.
    pub(super) fn response(
        &self,
        inner: &mut Inner,
        parts: &Parts,
        list_request: Option<ListRequest<'_>>,
        faults: &RequestFaults,
    ) -> Response {
        let quirks = self.style.quirks;
        let guid = list_request.as_ref().map(|((_, guid), _)| *guid);
        // `Fault::check` has rejected invalid statuses.
        let valid = |status| StatusCode::from_u16(status).unwrap_or_default();
        match &faults.effect {
            Some(Effect::Error(status, body)) => {
                Response::error(quirks, valid(*status), *body, guid)
            }
            Some(Effect::ApiError(status, code)) => {
                Response::api_error(quirks, &ApiError::custom(valid(*status), code))
            }
            Some(Effect::TooManyRequests(headers, wait)) => {
                Response::too_many_requests(quirks, *headers, *wait)
            }
            Some(Effect::Redirect(location)) => Response::redirect(location),
            Some(Effect::Body(custom)) => Response::custom(valid(custom.status), custom),
            _ => self.serve(inner, parts, list_request, faults),
        }
    }

    /// The response of the service, with a fault of the list at most.
    fn serve(
        &self,
        inner: &mut Inner,
        parts: &Parts,
        list_request: Option<ListRequest<'_>>,
        faults: &RequestFaults,
    ) -> Response {
        let quirks = self.style.quirks;
        let Some(list_request) = list_request else {
            return Response::api_error(quirks, &ErrorCode::ErrApiNotFound.into());
        };
        let header = |name| parts.headers.get(name).map(|value| value.as_bytes());
        if let Err(code) = KeyKind::check(header("apikey")) {
            return Response::api_error(quirks, &code.into());
        }
        let standing = inner.rate_limit.take(SystemTime::now());
        if !standing.allowed {
            let response = Response::api_error(quirks, &ErrorCode::ErrTooManyRequests.into());
            return response.with_retry_delay(self.rate_headers, &standing);
        }
        let on_behalf_of = header("onbehalfof").filter(|uid| !uid.is_empty());
        let mut response = match self.page(inner, list_request, on_behalf_of, faults) {
            Ok(page) => Response::json(StatusCode::OK, quirks, page),
            Err(error) => Response::api_error(quirks, &error),
        };
        self.rate_headers.write(&standing, &mut response.headers);
        response
    }

    fn page(
        &self,
        inner: &Inner,
        ((operation, guid), query): ListRequest<'_>,
        on_behalf_of: Option<&[u8]>,
        faults: &RequestFaults,
    ) -> Result<String, Box<ApiError>> {
        let query = query.map_err(ApiError::bad_request)?;
        if let Some(uid) = on_behalf_of {
            let uid = String::from_utf8_lossy(uid).to_lowercase();
            if !inner.knows(&uid) {
                return Err(ApiError::unknown_user(&uid).into());
            }
        }
        let list = inner
            .list(operation, guid)
            .ok_or_else(|| ApiError::unknown_group(guid))?;
        let slice = match faults.effect {
            Some(Effect::EndlessPages) => list.endless(&query),
            Some(Effect::EmptyPages) => Slice {
                more: true,
                ..Slice::default()
            },
            Some(Effect::RepeatPage) => {
                let page = if faults.one_page {
                    (query.page - 1).max(1)
                } else {
                    1
                };
                let repeated = list.slice(&ListQuery {
                    page,
                    ..query.clone()
                });
                Slice {
                    more: list.slice(&query).more,
                    ..repeated
                }
            }
            _ => list.slice(&query),
        };
        Ok(self.style.write(&query, &slice, list.cursor, list.count))
    }
}
