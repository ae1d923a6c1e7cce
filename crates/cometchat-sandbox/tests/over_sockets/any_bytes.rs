//! Any target that HTTP allows gets a response other than a server error.

use cometchat_sandbox::Sandbox;
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use proptest::prelude::*;
use serde_json::Value;

use crate::caller::{read_out, send, split};
use crate::spec;

/// A sandbox for all cases, and a runtime for its client.
struct Requester {
    sandbox: Sandbox,
    runtime: tokio::runtime::Runtime,
}

impl Requester {
    fn new() -> Self {
        Self {
            sandbox: Sandbox::builder().start_blocking().unwrap(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
        }
    }

    /// The status and the body of the response to a request with this target.
    fn request(&self, target: &[u8]) -> (u16, Value) {
        let mut bytes = b"GET ".to_vec();
        bytes.extend_from_slice(target);
        bytes.extend_from_slice(b" HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\napikey: ");
        bytes.extend_from_slice(self.sandbox.api_key().as_bytes());
        bytes.extend_from_slice(b"\r\n\r\n");
        let (came, error) = self
            .runtime
            .block_on(async { read_out(send(self.sandbox.port(), &bytes).await).await });
        assert_eq!(error, None, "{:?}", String::from_utf8_lossy(target));
        let (head, body) = split(&came);
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = serde_json::from_slice(body).unwrap_or_else(|error| {
            panic!("{error} for {:?}: {head}", String::from_utf8_lossy(target))
        });
        (status, body)
    }
}

/// Bytes that are not allowed in a request target; `%` is, whether or not it begins a valid escape.
const ILLEGAL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Any bytes, encoded as each client must.
fn line() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..40).prop_map(encoded)
}

fn encoded(bytes: Vec<u8>) -> Vec<u8> {
    percent_encode(&bytes, ILLEGAL).to_string().into_bytes()
}

/// Bytes of which many are special in a URL.
fn special() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(
        prop::sample::select(b"%%%/?&=+#., 0aF\\\xff\x00^~".to_vec()),
        0..30,
    )
    .prop_map(encoded)
}

fn refused(status: u16, body: &Value) {
    assert!((400..500).contains(&status), "{status}");
    spec::check_error(body);
}

#[test]
fn any_group_gets_a_response() {
    let requester = Requester::new();
    proptest!(ProptestConfig::with_cases(500), |(guid in prop_oneof![line(), special()], banned: bool)| {
        let mut target = b"/v3/groups/".to_vec();
        target.extend_from_slice(&guid);
        target.extend_from_slice(if banned { b"/bannedusers" } else { b"/members" });
        let (status, body) = requester.request(&target);
        prop_assert_eq!(status, 404);
        refused(status, &body);
    });
}

#[test]
fn any_query_gets_a_response() {
    let requester = Requester::new();
    let query = prop_oneof![
        line(),
        special(),
        special().prop_map(|value| [b"page=".to_vec(), value].concat()),
        line().prop_map(|value| [b"perPage=".to_vec(), value].concat()),
        line().prop_map(|value| [b"scopes=".to_vec(), value].concat()),
        line().prop_map(|value| [b"status=".to_vec(), value].concat()),
    ];
    proptest!(ProptestConfig::with_cases(500), |(query in query)| {
        let target = [b"/v3/groups/city/members?".to_vec(), query].concat();
        let (status, body) = requester.request(&target);
        if status == 200 {
            spec::check_page(cometchat_sandbox::Operation::ListGroupMembers, &body);
        } else {
            refused(status, &body);
        }
    });
}

#[test]
fn any_path_gets_a_response() {
    let requester = Requester::new();
    proptest!(ProptestConfig::with_cases(500), |(path in prop_oneof![line(), special()])| {
        let target = [b"/".to_vec(), path].concat();
        let (status, body) = requester.request(&target);
        prop_assert_eq!(status, 404);
        refused(status, &body);
    });
}

#[test]
fn a_very_long_guid_is_not_found() {
    let requester = Requester::new();
    let guid = "g".repeat(60_000);
    let (status, body) = requester.request(format!("/v3/groups/{guid}/members").as_bytes());
    refused(status, &body);
    assert_eq!(status, 404);
}

#[test]
fn invalid_requests_are_refused() {
    let requester = Requester::new();
    for bytes in [
        &b"nonsense\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"G@T / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    ] {
        let (came, error) = requester
            .runtime
            .block_on(async { read_out(send(requester.sandbox.port(), bytes).await).await });
        assert_eq!(error, None);
        let (head, _) = split(&came);
        assert!(head.starts_with("HTTP/1.1 4"), "{head}");
    }
}
