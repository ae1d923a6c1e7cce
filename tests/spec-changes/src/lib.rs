//! Calls each operation of the changes in `changes.yaml`: a value is decoded or sent for each.
#![cfg(test)]

mod bodies;
mod fields;
mod names;
mod parameters;
mod responses;

use cometchat_client::{Client, RetryPolicy};
use test_server::{Reply, Request, Server, answer, json};

/// A client of a server that sends `reply` to every request.
fn client(reply: Reply) -> (Client, Server) {
    let server = Server::with([reply]);
    let client = Client::builder().base_url(server.base_url()).api_key("key").retry(RetryPolicy::none());
    (client.build().unwrap(), server)
}

/// A client of a server that sends this JSON.
fn answering(body: &str) -> (Client, Server) {
    client(json(200, body))
}

/// A client of a server that answers 204.
fn silent() -> (Client, Server) {
    client(answer(204, &[], ""))
}

/// The one request that came.
fn only(server: &Server) -> Request {
    let mut requests = server.requests();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

/// The query of the one request that came, as it was sent.
fn query(server: &Server) -> String {
    let target = only(server).target().to_owned();
    target.split_once('?').map_or("", |(_, query)| query).to_owned()
}

/// The body of the one request that came.
fn body(server: &Server) -> String {
    String::from_utf8(only(server).body).unwrap()
}

/// Asserts that a request was rejected before it was sent, in these words.
macro_rules! refused {
    ($request:expr, $words:literal) => {{
        let error = $request.send().await.unwrap_err();
        assert_eq!(error.kind(), cometchat_client::ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().contains($words), "{error}");
    }};
}
use refused;
