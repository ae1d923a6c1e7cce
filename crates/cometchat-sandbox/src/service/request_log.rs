//! The record of the requests that came, bounded in bytes, so that a sandbox may run for days.

use std::collections::VecDeque;
use std::mem::size_of;

use crate::server::request::Request;

/// Maximum size of the record, in bytes: some 40,000 requests of a usual client.
const MAX_BYTES: usize = 32 << 20;

/// The latest requests, in order; the oldest are dropped first.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    requests: VecDeque<Request>,
    bytes: usize,
}

impl RequestLog {
    pub(crate) fn push(&mut self, request: Request) {
        self.bytes += size(&request);
        self.requests.push_back(request);
        while self.bytes > MAX_BYTES
            && let Some(oldest) = self.requests.pop_front()
        {
            self.bytes -= size(&oldest);
        }
    }

    pub(crate) fn all(&self) -> Vec<Request> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The memory that a request takes, in bytes, with what its maps and vectors reserve estimated.
fn size(request: &Request) -> usize {
    let pairs = request
        .pairs
        .iter()
        .map(|(name, value)| size_of::<(String, String)>() + name.len() + value.len());
    let headers = request.headers.iter().map(|(name, value)| {
        // An entry and its two indices.
        128 + name.as_str().len() + value.len()
    });
    let faults = request
        .faults
        .iter()
        .map(|fault| size_of::<String>() + fault.len());
    size_of::<Request>()
        + request.method.len()
        + request.path.len()
        + request.query.as_ref().map_or(0, String::len)
        + request.list.as_ref().map_or(0, |(_, guid)| guid.len())
        + pairs.sum::<usize>()
        + headers.sum::<usize>()
        + faults.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(number: u64, query: usize) -> Request {
        Request {
            number,
            method: "GET".to_owned(),
            path: "/v3/groups/a/members".to_owned(),
            query: Some("x".repeat(query)),
            pairs: Vec::new(),
            headers: http::HeaderMap::new(),
            list: None,
            page: None,
            attempt: 1,
            faults: Vec::new(),
            status: Some(200),
        }
    }

    #[test]
    fn the_record_is_bounded_in_bytes() {
        let mut log = RequestLog::default();
        for number in 1..=100 {
            log.push(request(number, 1 << 20));
        }
        let kept = log.all();
        assert!((30..=32).contains(&kept.len()), "{}", kept.len());
        assert_eq!(kept.last().unwrap().number, 100);
        log.push(request(101, 2 * MAX_BYTES));
        assert_eq!((log.all().len(), log.bytes), (0, 0));
        log.push(request(102, 10));
        log.clear();
        assert_eq!((log.all().len(), log.bytes), (0, 0));
    }
}
