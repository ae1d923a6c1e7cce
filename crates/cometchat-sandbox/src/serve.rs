//! The server: it takes connections, reads requests, and sends what was planned.

use std::sync::Arc;
use std::time::Duration;

use http::Request;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::delivery::deliver;
use crate::state::State;
use crate::wire::{ResetSwitch, Wire};

/// The most that is read of a body; no operation takes one.
const LARGEST_BODY: usize = 16 << 20;

/// Takes connections until it is dropped.
pub(crate) async fn accept(listener: TcpListener, state: Arc<State>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, Arc::clone(&state)));
            }
            // Too many open files, most likely: some will be closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    // Without it a small answer may wait; where it can't be had, it waits.
    let _ = stream.set_nodelay(true);
    let reset = ResetSwitch::default();
    let wire = Wire::new(stream, reset.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        let (state, reset) = (Arc::clone(&state), reset.clone());
        async move {
            let (parts, body) = request.into_parts();
            read_away(body).await;
            deliver(state.plan(parts), reset).await
        }
    });
    // It ends in an error when the client hangs up, and when it was broken off on purpose.
    let _ = http1::Builder::new()
        .title_case_headers(true)
        .serve_connection(TokioIo::new(wire), service)
        .await;
}

/// Reads a body to its end, so that the answer to a request with one is not lost in a reset.
async fn read_away(mut body: Incoming) {
    let mut read = 0;
    while let Some(Ok(frame)) = body.frame().await {
        read += frame.data_ref().map_or(0, bytes::Bytes::len);
        if read > LARGEST_BODY {
            break;
        }
    }
}
