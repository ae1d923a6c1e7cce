//! A request as the server received it.

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::time::Instant;

/// A request as the server received it.
#[derive(Clone, Debug)]
pub struct Request {
    /// Number of requests before it, on any connection.
    pub number: usize,
    /// Number of its connection, from 0 in order of acceptance.
    pub connection: usize,
    /// When its head was complete, on tokio's clock, which a test can pause.
    pub received: Instant,
    /// The request line and the headers, with the blank line that ends them.
    pub head: String,
    /// The body; empty where no `content-length` announces one.
    pub body: Vec<u8>,
}

impl Request {
    /// The method.
    pub fn method(&self) -> &str {
        self.head.split(' ').next().unwrap_or_default()
    }

    /// Path and query, verbatim.
    pub fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The path, verbatim.
    pub fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    /// The third segment of the path, verbatim: the GUID in `/v3/groups/GUID/members`.
    pub fn group(&self) -> &str {
        self.path().split('/').nth(3).unwrap_or_default()
    }

    /// The parameters of the query, decoded, in order.
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.target().split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    }

    /// The first parameter of this name, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = form_urlencoded::parse(self.target().split_once('?')?.1.as_bytes());
        let mut values = query.filter(|(found, _)| found == name);
        values.next().map(|(_, value)| value.into_owned())
    }

    /// The page asked for; 1 by default, 0 if the parameter is not a number.
    pub fn page(&self) -> u32 {
        self.parameter("page")
            .map_or(1, |page| page.parse().unwrap_or(0))
    }

    /// The headers, in order, values verbatim.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.head.lines().skip(1);
        lines.filter_map(|line| line.split_once(": "))
    }

    /// The value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers();
        headers
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// Reads the head and the body of the next request; nothing where the connection ends first.
pub(crate) async fn read(
    reader: &mut BufReader<impl AsyncRead + Unpin>,
) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then_some(value)
    });
    let length = length.and_then(|length| length.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).await.ok()?;
    Some((head, body))
}
