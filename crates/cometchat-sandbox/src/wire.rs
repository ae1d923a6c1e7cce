//! The connection under HTTP: it can be reset, and it lets any bytes stand in a request line.
//!
//! The HTTP library closes a connection in good order, and answers a request line with bytes that a URL may not have
//! by itself, with an empty 400. The service's gateway takes such lines. So does this: the bytes are percent-encoded
//! before the library sees them.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::percent;

/// The longest head of a request that is looked at; a longer one is left to the HTTP library, which refuses it.
const LONGEST_HEAD: usize = 128 * 1024;

/// A connection.
pub(crate) struct Wire {
    stream: TcpStream,
    reset: ResetSwitch,
    heads: Heads,
}

/// Says that a connection is to be reset when it is closed.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResetSwitch(Arc<AtomicBool>);

impl ResetSwitch {
    pub(crate) fn reset_on_close(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Wire {
    pub(crate) fn new(stream: TcpStream, reset: ResetSwitch) -> Self {
        Self {
            stream,
            reset,
            heads: Heads::default(),
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.reset.0.load(Ordering::Relaxed) {
            // Closing with no time to linger is what sends a reset. Where that fails the connection closes all the same.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.heads.give(out) {
                return Poll::Ready(Ok(()));
            }
            let mut chunk = [0; 8 * 1024];
            let mut read = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut read))?;
            if read.filled().is_empty() {
                this.heads.end();
                this.heads.give(out);
                return Poll::Ready(Ok(()));
            }
            this.heads.take(read.filled());
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// The heads of the requests of a connection, one after the other.
#[derive(Debug, Default)]
struct Heads {
    /// What has come of a head that is not whole.
    held: Vec<u8>,
    /// What may be read.
    ready: Vec<u8>,
    /// How much of that was.
    given: usize,
    /// Whether a request with a body has come: where its body ends is left to the HTTP library, and so is all that
    /// comes after it.
    through: bool,
}

impl Heads {
    /// Takes bytes from the connection.
    fn take(&mut self, bytes: &[u8]) {
        if self.through {
            self.ready.extend_from_slice(bytes);
            return;
        }
        self.held.extend_from_slice(bytes);
        while let Some(end) = end_of_head(&self.held) {
            let head: Vec<u8> = self.held.drain(..end).collect();
            clean(&head, &mut self.ready);
            if has_body(&head) {
                self.end();
                return;
            }
        }
        if self.held.len() > LONGEST_HEAD {
            self.end();
        }
    }

    /// Lets everything through from now on.
    fn end(&mut self) {
        self.ready.append(&mut self.held);
        self.through = true;
    }

    /// Gives what fits; `false` where there is nothing.
    fn give(&mut self, out: &mut ReadBuf<'_>) -> bool {
        let left = &self.ready[self.given..];
        let fitting = left.len().min(out.remaining());
        out.put_slice(&left[..fitting]);
        self.given += fitting;
        if self.given == self.ready.len() {
            self.ready.clear();
            self.given = 0;
        }
        fitting > 0
    }
}

/// Where a head ends, with its empty line; empty lines before it belong to it.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let start = bytes
        .iter()
        .position(|byte| !matches!(byte, b'\r' | b'\n'))?;
    let mut lines = bytes[start..].split_inclusive(|byte| *byte == b'\n');
    let mut end = start;
    lines.find_map(|line| {
        end += line.len();
        matches!(line, b"\n" | b"\r\n").then_some(end)
    })
}

/// Writes a head with the target of its request line percent-encoded where it must be.
fn clean(head: &[u8], out: &mut Vec<u8>) {
    let start = head
        .iter()
        .position(|byte| !matches!(byte, b'\r' | b'\n'))
        .unwrap_or(0);
    let end = start
        + head[start..]
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(0);
    let line = &head[start..end];
    let target = line
        .iter()
        .position(|byte| *byte == b' ')
        .zip(line.windows(6).rposition(|part| part == b" HTTP/"))
        .filter(|(method, version)| method + 1 < *version);
    let Some((method, version)) = target else {
        out.extend_from_slice(head);
        return;
    };
    out.extend_from_slice(&head[..=start + method]);
    percent::encode_illegal(&line[method + 1..version], out);
    out.extend_from_slice(&line[version..]);
    out.extend_from_slice(&head[end..]);
}

/// Whether a body follows a head.
fn has_body(head: &[u8]) -> bool {
    head.split(|byte| *byte == b'\n').any(|line| {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        let value = &line[name.len()..];
        name.eq_ignore_ascii_case(b"transfer-encoding")
            || name.eq_ignore_ascii_case(b"content-length")
                && value.iter().any(|byte| (b'1'..=b'9').contains(byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out of bytes that come in in pieces of that size.
    fn through(bytes: &[u8], piece: usize) -> Vec<u8> {
        let mut heads = Heads::default();
        let mut out = Vec::new();
        let mut drain = |heads: &mut Heads| loop {
            let mut buffer = [0; 7];
            let mut read = ReadBuf::new(&mut buffer);
            if !heads.give(&mut read) {
                break;
            }
            out.extend_from_slice(read.filled());
        };
        for piece in bytes.chunks(piece) {
            heads.take(piece);
            drain(&mut heads);
        }
        heads.end();
        drain(&mut heads);
        out
    }

    #[test]
    fn only_a_target_is_changed() {
        for (sent, expected) in [
            (
                &b"GET /a?b=%20 HTTP/1.1\r\nhost: x\r\n\r\n"[..],
                &b"GET /a?b=%20 HTTP/1.1\r\nhost: x\r\n\r\n"[..],
            ),
            (
                b"GET /a b#<\xff\x00 HTTP/1.1\r\n\xff: y\r\n\r\n",
                b"GET /a%20b%23%3C%FF%00 HTTP/1.1\r\n\xff: y\r\n\r\n",
            ),
            (
                b"\r\nGET /^ HTTP/1.0\n\nGET /` HTTP/1.1\r\n\r\n",
                b"\r\nGET /%5E HTTP/1.0\n\nGET /%60 HTTP/1.1\r\n\r\n",
            ),
            (
                b"POST /^ HTTP/1.1\r\nContent-Length: 10\r\n\r\nGET /^ HTTP/1.1\r\n\r\n",
                b"POST /%5E HTTP/1.1\r\nContent-Length: 10\r\n\r\nGET /^ HTTP/1.1\r\n\r\n",
            ),
            (
                b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\nGET /^ HTTP/1.1\r\n\r\n",
                b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\nGET /%5E HTTP/1.1\r\n\r\n",
            ),
            (b"nonsense\r\n\r\n", b"nonsense\r\n\r\n"),
            (b"GET  HTTP/1.1\r\n\r\n", b"GET  HTTP/1.1\r\n\r\n"),
            (
                b"GET /^ HTTP/1.1\r\nunfinished",
                b"GET /^ HTTP/1.1\r\nunfinished",
            ),
            (b"", b""),
        ] {
            for piece in [1, 2, 3, 1_000] {
                let came = through(sent, piece);
                assert_eq!(came, expected, "{}", String::from_utf8_lossy(&came));
            }
        }
    }

    #[test]
    fn a_head_that_is_too_long_is_not_kept() {
        let long = vec![b'x'; LONGEST_HEAD + 1];
        assert_eq!(through(&long, 4_096), long);
    }
}
