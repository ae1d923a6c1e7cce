//! A response that is neither JSON nor text: its body is streamed.

use std::fmt;

use bytes::Bytes;
use tokio::runtime::Id;

use crate::error::Error;
use crate::http::attempt::RemainingBody;
use crate::http::call_info::CallInfo;
use crate::http::runtime::{current, in_runtime};

/// The body of a response, in parts as they arrive.
///
/// `send` returns it when the first part has come. Attempts that fail before that are retried; what fails later is an
/// error of [`next`](Self::next), which has no retry, since parts have been given out.
///
/// - **Size**: at most [`max_response_bytes`](crate::ClientBuilder::max_response_bytes), 32 MiB by default. `send` fails
///   with kind `TooLarge` where the response announces more, and `next` at the part that goes beyond.
/// - **Time**: [`attempt_timeout`](crate::ClientBuilder::attempt_timeout), 30 s by default, is the maximum time until
///   `send` has the first part, and then the maximum wait of each `next`. A
///   [`call_timeout`](crate::ClientBuilder::call_timeout) covers the whole body, with the time that the caller takes
///   between the parts.
/// - **Memory**: the part that is given out, and what the connection buffers: a caller that reads slowly slows down
///   the service.
///
/// Dropping it closes the connection, unless the body was read to its end.
///
/// It is read in the tokio runtime that the call was made in.
#[must_use = "the bytes are lost unless they are read"]
pub struct ByteStream {
    /// What came before `send` returned; empty once it is given out.
    start: Bytes,
    /// What is still to come; nothing at the end or after an error.
    rest: Option<RemainingBody>,
    /// The runtime of the connection.
    home: Option<Id>,
    /// The call that an error names, and its attempts.
    call: CallInfo,
    attempts: u32,
}

impl ByteStream {
    pub(crate) fn new(
        start: Bytes,
        rest: Option<RemainingBody>,
        call: CallInfo,
        attempts: u32,
    ) -> Self {
        Self {
            start,
            rest,
            home: current(),
            call,
            attempts,
        }
    }

    /// Waits for the next part. It is never empty; `None` at the end, and after an error.
    ///
    /// A future of this that is dropped loses nothing.
    ///
    /// # Errors
    ///
    /// `TooLarge`, `Timeout` and `Transport`: the response is larger than allowed, makes no progress, or breaks off.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, Error>> {
        if !self.start.is_empty() {
            return Some(Ok(std::mem::take(&mut self.start).into()));
        }
        loop {
            let next = Box::pin(self.rest.as_mut()?.next());
            let error = match in_runtime(self.home, next).await {
                Some(Ok(Some(part))) if part.is_empty() => continue,
                Some(Ok(Some(part))) => return Some(Ok(part.into())),
                Some(Ok(None)) => {
                    self.rest = None;
                    return None;
                }
                Some(Err(broken)) => broken,
                None => Error::no_runtime(),
            };
            self.rest = None;
            return Some(Err(error.at(self.call.clone()).after(self.attempts)));
        }
    }

    /// Returns all bytes that have not been read.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next).
    pub async fn collect(mut self) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        while let Some(part) = self.next().await {
            all.append(&mut part?);
        }
        Ok(all)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use test_server::{Reply, Server, Step, answer, send};
    use tokio::time::Instant;

    use super::*;
    use crate::ErrorKind;
    use crate::client::config::ClientBuilder;
    use crate::generated::{Client, Operation};
    use crate::http::attempt::Reading;
    use crate::http::response::Response;
    use crate::http::retry_loop;

    const SECOND: Duration = Duration::from_secs(1);

    /// The head of a response whose end is the end of the connection.
    const HEAD: &str = "HTTP/1.1 200 OK\r\n\r\n";

    fn client(server: &Server) -> ClientBuilder {
        Client::builder().base_url(server.base_url()).api_key("key")
    }

    /// Opens a stream as the generated `send` of an operation with bytes does.
    async fn open(client: Client) -> Result<Response<ByteStream>, Error> {
        let url = format!("{}/groups/city/image", client.base_url());
        let request = reqwest::Request::new(reqwest::Method::GET, url.parse().unwrap());
        let call = CallInfo::of(Operation::ListGroupMembers, request.url());
        let response = retry_loop::exec(&client, &call, request, Reading::Start).await;
        let response = response.map_err(|error| error.at(call.clone()))?;
        let attempts = response.attempts;
        Ok(response.map(|(start, rest)| ByteStream::new(start, rest, call, attempts)))
    }

    /// The stream of a server that sends this.
    async fn stream(reply: Reply) -> (ByteStream, Server) {
        let server = Server::with([reply]);
        let opened = open(client(&server).build().unwrap()).await;
        (opened.unwrap().into_inner(), server)
    }

    /// The next part, as text, and how long it took.
    async fn timed(stream: &mut ByteStream) -> (Option<Result<String, Error>>, Duration) {
        let started = Instant::now();
        let next = stream.next().await;
        let text = next.map(|part| part.map(|part| String::from_utf8(part).unwrap()));
        (text, started.elapsed())
    }

    fn about(took: Duration, expected: Duration) -> bool {
        (expected..expected + SECOND).contains(&took)
    }

    #[tokio::test(start_paused = true)]
    async fn parts_are_given_out_as_they_arrive() {
        let pause = Step::Sleep(20 * SECOND);
        let head = send(format!("{HEAD}a"));
        let reply = [
            head,
            pause.clone(),
            send("bc"),
            pause,
            send("d"),
            Step::Close,
        ];
        let started = Instant::now();
        let (mut stream, _server) = stream(reply.into()).await;
        assert!(started.elapsed() < SECOND, "the response was read whole");
        for (expected, after) in [("a", 0), ("bc", 20), ("d", 20)] {
            let (part, took) = timed(&mut stream).await;
            assert_eq!(part.unwrap().unwrap(), expected);
            assert!(about(took, after * SECOND), "{expected} after {took:?}");
        }
        assert!(stream.next().await.is_none());
        assert!(stream.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stalls_ends_in_a_timeout() {
        let (mut stream, server) = stream(vec![send(format!("{HEAD}a")), Step::Hang]).await;
        assert_eq!(stream.next().await.unwrap().unwrap(), b"a");
        let (part, took) = timed(&mut stream).await;
        let error = part.unwrap().unwrap_err();
        assert!(about(took, 30 * SECOND), "{took:?}");
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!((error.status(), error.attempts()), (Some(200), 1));
        assert!(error.is_retryable());
        let text = error.to_string();
        assert!(
            text.starts_with("list_group_members guid \"city\" page 1: no further part"),
            "{text}"
        );
        assert!(stream.next().await.is_none());
        server.gave_up(1).await;
        assert_eq!(server.requests().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_timeout_covers_the_body() {
        let step = vec![send("b"), Step::Sleep(20 * SECOND)];
        let trickle = [vec![vec![send(HEAD)]], vec![step; 20]].concat().concat();
        let server = Server::with([trickle]);
        let client = client(&server).call_timeout(50 * SECOND).build().unwrap();
        let started = Instant::now();
        let mut stream = open(client.clone()).await.unwrap().into_inner();
        let error = loop {
            if let Err(error) = stream.next().await.unwrap() {
                break error;
            }
        };
        assert!(
            about(started.elapsed(), 50 * SECOND),
            "{:?}",
            started.elapsed()
        );
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(
            error.to_string().contains("within its timeout of 50s"),
            "{error}"
        );

        let mut stream = open(client).await.unwrap().into_inner();
        assert_eq!(stream.next().await.unwrap().unwrap(), b"b");
        tokio::time::sleep(60 * SECOND).await;
        let (part, took) = timed(&mut stream).await;
        assert_eq!(part.unwrap().unwrap_err().kind(), ErrorKind::Timeout);
        assert!(took < SECOND, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_part_has_the_time_of_an_attempt() {
        let slow = [send(HEAD), Step::Sleep(31 * SECOND), send("a"), Step::Close];
        let soon = [send(HEAD), Step::Sleep(29 * SECOND), send("b"), Step::Close];
        let server = Server::with([slow.into(), soon.into()]);
        let opened = open(client(&server).build().unwrap()).await.unwrap();
        assert_eq!(opened.attempts(), 2);
        assert_eq!(opened.into_inner().collect().await.unwrap(), b"b");
    }

    #[tokio::test]
    async fn the_size_limit_ends_the_stream_at_the_part_beyond_it() {
        let endless = vec![send(HEAD), Step::SendForever(vec![b'x'; 4096])];
        let server = Server::with([endless]);
        let limited = client(&server)
            .max_response_bytes(1_000_000)
            .build()
            .unwrap();
        let mut stream = open(limited).await.unwrap().into_inner();
        let mut read = 0;
        let error = loop {
            match stream.next().await.unwrap() {
                Ok(part) => read += part.len(),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert!(!error.is_retryable());
        assert!(read > 0 && read <= 1_000_000, "{read}");
        assert!(stream.next().await.is_none());
        server.gave_up(1).await;

        let server = Server::with([answer(200, &[], "0123456789")]);
        for (limit, fits) in [(10, true), (9, false)] {
            let limited = client(&server).max_response_bytes(limit).build().unwrap();
            match open(limited).await {
                Ok(opened) => assert_eq!(opened.into_inner().collect().await.unwrap().len(), 10),
                Err(error) => assert_eq!((error.kind(), fits), (ErrorKind::TooLarge, false)),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_fails_before_the_first_part_is_retried() {
        let cut = vec![
            send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"),
            Step::Close,
        ];
        let broken = vec![
            send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab"),
            Step::Close,
        ];
        let server = Server::with([vec![Step::Reset], answer(503, &[], "{}"), cut, broken]);
        let opened = open(client(&server).build().unwrap()).await.unwrap();
        assert_eq!(opened.attempts(), 4);
        let mut stream = opened.into_inner();
        assert_eq!(stream.next().await.unwrap().unwrap(), b"ab");
        let error = stream.next().await.unwrap().unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 4));
        assert!(error.is_retryable());
        assert_eq!(server.requests().len(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_in_the_place_of_bytes_is_an_error() {
        let error = r#"{"error":{"code":"ERR_GUID_NOT_FOUND"}}"#;
        let (before, after) = error.split_at(5);
        let late = [
            send(format!("{HEAD}{before}")),
            Step::Sleep(SECOND),
            send(after),
            Step::Close,
        ];
        for reply in [
            answer(404, &[], error),
            answer(200, &[], error),
            late.into(),
        ] {
            let server = Server::with([reply]);
            let error = open(client(&server).build().unwrap()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Api);
            assert_eq!(error.code().unwrap().as_str(), "ERR_GUID_NOT_FOUND");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_that_begin_like_an_error_are_given_out() {
        for body in ["{\"err", "{\"error\":null}", "{}", " "] {
            let (stream, _server) = stream(answer(200, &[], body)).await;
            assert_eq!(stream.collect().await.unwrap(), body.as_bytes());
        }
        let (mut stream, _server) = stream(answer(200, &[], "")).await;
        assert!(stream.next().await.is_none());
    }

    /// As in `select!`: the future of `next` is dropped, and made again.
    #[tokio::test(start_paused = true)]
    async fn a_wait_that_is_given_up_loses_nothing() {
        let pause = Step::Sleep(10 * SECOND);
        let reply = vec![send(format!("{HEAD}a")), pause, send("b"), Step::Close];
        let (mut stream, _server) = stream(reply).await;
        assert_eq!(stream.next().await.unwrap().unwrap(), b"a");
        let mut waits = 0;
        let part = loop {
            match tokio::time::timeout(SECOND, stream.next()).await {
                Ok(part) => break part.unwrap().unwrap(),
                Err(_) => waits += 1,
            }
        };
        assert_eq!((part, waits > 5), (b"b".to_vec(), true));
    }

    #[test]
    fn a_stream_is_read_in_its_own_runtime() {
        let runtime = || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
        };
        let first = runtime();
        let reply = vec![send(format!("{HEAD}a")), Step::Hang];
        let (mut stream, server) = first.block_on(stream(reply));
        drop(first);
        let second = runtime();
        assert_eq!(second.block_on(stream.next()).unwrap().unwrap(), b"a");
        let error = second.block_on(stream.next()).unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert_eq!(error.hint(), Some(crate::Hint::UseOneRuntime));
        drop((stream, server));
    }
}
