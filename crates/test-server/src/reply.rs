//! Replies: steps on a connection, and the usual responses made of them.

use std::time::Duration;

/// The steps of the server on a connection after a request. After the last step the connection stays open for
/// the next request.
pub type Reply = Vec<Step>;

/// One step of a [`Reply`].
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes again and again, until the client closes the connection.
    SendForever(Vec<u8>),
    /// Waits, by tokio's timer, which a test can pause.
    Sleep(Duration),
    /// Ends the connection with a reset.
    Reset,
    /// Ends the connection in order.
    Close,
    /// Does nothing more and keeps the connection open until the client closes it.
    Hang,
}

/// Sends these bytes.
pub fn send(bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(bytes.as_ref().to_vec())
}

/// A whole response. The connection stays open, unless a header `connection: close` says otherwise.
pub fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut reply = vec![send([head.as_bytes(), body].concat())];
    if headers
        .iter()
        .any(|(name, value)| name.eq_ignore_ascii_case("connection") && *value == "close")
    {
        reply.push(Step::Close);
    }
    reply
}

/// A whole response of JSON.
pub fn json(status: u16, body: impl AsRef<[u8]>) -> Reply {
    answer(status, &[("content-type", "application/json")], body)
}

/// A page of rows with these uids, and this JSON as `meta` if there is one.
pub fn page<U: AsRef<str>>(uids: impl IntoIterator<Item = U>, meta: Option<&str>) -> Reply {
    let rows: Vec<String> = uids
        .into_iter()
        .map(|uid| format!(r#"{{"uid":"{}"}}"#, uid.as_ref()))
        .collect();
    let meta = meta.map_or(String::new(), |meta| format!(r#","meta":{meta}"#));
    json(200, format!(r#"{{"data":[{}]{meta}}}"#, rows.join(",")))
}
