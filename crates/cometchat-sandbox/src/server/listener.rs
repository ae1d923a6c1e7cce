//! Accepts connections, reads requests, and sends what the service planned.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Either, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::server::response_body::{ResponseBody, send};
use crate::service::state::State;

/// Maximum size of a request body that is read, in bytes; no operation takes one.
const MAX_REQUEST_BODY: usize = 16 << 20;

/// The names of a loopback address. A page in a browser can reach the sandbox by a name of its own that resolves to
/// 127.0.0.1 (DNS rebinding), so requests for any other host are rejected.
const HOSTS: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// True if the connection is closed with a TCP RST.
pub(crate) type ResetOnClose = Arc<AtomicBool>;

/// Accepts connections until it is dropped.
pub(crate) async fn accept(listener: TcpListener, state: Arc<State>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, Arc::clone(&state)));
            }
            // Most likely too many open files: wait until some are closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    // Without it a small response may be delayed; where it can't be set, it is.
    let _ = stream.set_nodelay(true);
    let reset = ResetOnClose::default();
    let reset_on_close = Arc::clone(&reset);
    let service = service_fn(move |request: Request<Incoming>| {
        let (state, reset) = (Arc::clone(&state), Arc::clone(&reset));
        async move {
            let (parts, body) = request.into_parts();
            // Read to its end, so that the response is not lost in a reset.
            let _ = Limited::new(body, MAX_REQUEST_BODY).collect().await;
            if is_local(&parts) {
                send(state.plan(parts), reset).await
            } else {
                Ok(misdirected())
            }
        }
    });
    let mut connection = http1::Builder::new()
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service);
    // An error: the client closed the connection, or a fault did.
    let _ = (&mut connection).await;
    if reset_on_close.load(Ordering::Relaxed) {
        // A close with a linger time of zero sends a RST; where it can't be set, the connection closes all the same.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// Returns whether a request is for a name of this machine, by its target and its `Host` header. HTTP/1.0 needs no `Host`.
fn is_local(parts: &http::request::Parts) -> bool {
    let host = parts.headers.get(HOST).map(HeaderValue::as_bytes);
    let hosts = host.into_iter().chain(
        parts
            .uri
            .authority()
            .map(|authority| authority.as_str().as_bytes()),
    );
    hosts.into_iter().all(|host| {
        let port = host
            .iter()
            .rposition(|byte| *byte == b':')
            .filter(|colon| host[colon + 1..].iter().all(u8::is_ascii_digit));
        let name = &host[..port.unwrap_or(host.len())];
        HOSTS
            .iter()
            .any(|local| name.eq_ignore_ascii_case(local.as_bytes()))
    })
}

fn misdirected() -> Response<ResponseBody> {
    let text = "This is a sandbox for tests. It answers requests for 127.0.0.1, localhost or [::1] only.\n";
    let mut response = Response::new(Either::Left(Full::from(text)));
    *response.status_mut() = StatusCode::MISDIRECTED_REQUEST;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(uri: &str, host: Option<&str>) -> bool {
        let mut request = Request::get(uri);
        if let Some(host) = host {
            request = request.header(HOST, host);
        }
        is_local(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8080",
            "LocalHost:1",
            "[::1]",
            "[::1]:9",
        ] {
            assert!(local("/v3/groups/a/members", Some(host)), "{host}");
            assert!(local(&format!("http://{host}/v3"), Some(host)), "{host}");
        }
        assert!(local("/", None));
        for host in [
            "",
            "evil.example",
            "localhost.evil.example:80",
            "127.0.0.1.evil.example",
            "::1",
            "localhost:80:80",
            "localhost:x",
        ] {
            assert!(!local("/", Some(host)), "{host}");
        }
        assert!(!local("http://evil.example/v3", Some("localhost")));
    }
}
