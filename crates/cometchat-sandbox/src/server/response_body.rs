//! Sends a response: whole, or with a fault.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Response};
use http_body::{Body, Frame};
use http_body_util::{Either, Full};

use crate::faults::fault::{Effect, ResetAt};
use crate::server::listener::ResetOnClose;
use crate::service::state::Plan;

pub(crate) type ResponseBody = Either<Full<Bytes>, Scripted>;

/// The error with which hyper closes a connection.
fn closed_by_fault() -> io::Error {
    io::Error::other("closed by a fault of the sandbox")
}

/// Sends what was planned, or closes the connection.
pub(crate) async fn send(plan: Plan, reset: ResetOnClose) -> io::Result<Response<ResponseBody>> {
    let Plan {
        latency,
        response: planned,
        effect,
    } = plan;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let body = planned.body;
    let half = body.slice(..body.len() / 2);
    let announced = body.len().max(1);
    let steps = match effect {
        Some(Effect::Hang) => std::future::pending().await,
        Some(Effect::Reset(ResetAt::BeforeHeaders)) => {
            reset.store(true, Ordering::Relaxed);
            return Err(closed_by_fault());
        }
        Some(Effect::HangInBody) => vec![Step::Send(half), Step::Hang],
        Some(Effect::Reset(ResetAt::AfterHeaders)) => vec![Step::Flush, Step::Reset],
        Some(Effect::Reset(ResetAt::InBody)) => vec![Step::Send(half), Step::Flush, Step::Reset],
        // The body ends before its `Content-Length`: hyper closes the connection.
        Some(Effect::CutShort) => vec![Step::Send(half), Step::Flush],
        _ => Vec::new(),
    };
    let whole = steps.is_empty();
    let mut response = Response::new(if whole {
        Either::Left(Full::new(body))
    } else {
        Either::Right(Scripted {
            steps: steps.into(),
            reset,
        })
    });
    *response.status_mut() = planned.status;
    *response.headers_mut() = planned.headers;
    if !whole {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(announced));
    }
    Ok(response)
}

/// A body that is sent with a fault.
pub(crate) struct Scripted {
    steps: VecDeque<Step>,
    reset: ResetOnClose,
}

enum Step {
    Send(Bytes),
    /// Lets hyper flush what was sent before.
    Flush,
    Hang,
    Reset,
}

impl Body for Scripted {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        match this.steps.pop_front() {
            None => Poll::Ready(None),
            Some(Step::Send(bytes)) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Some(Step::Flush) => {
                // hyper flushes its buffer when a body is pending, and polls again when woken.
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Step::Hang) => {
                this.steps.push_front(Step::Hang);
                Poll::Pending
            }
            Some(Step::Reset) => {
                this.reset.store(true, Ordering::Relaxed);
                Poll::Ready(Some(Err(closed_by_fault())))
            }
        }
    }
}
