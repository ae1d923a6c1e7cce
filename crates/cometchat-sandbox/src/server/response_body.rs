//! How a response is sent: whole, or with a fault.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Response};
use http_body::{Body, Frame};
use http_body_util::{Either, Full};

use crate::faults::fault::ResetAt;
use crate::server::listener::ResetSwitch;
use crate::service::state::{Delivery, Plan};

/// Maximum size of an endless body, in bytes: 1 GiB, so that a client without a limit fails and its machine does not.
const ENDLESS: usize = 1 << 30;

/// One chunk of an endless body.
static SPACES: [u8; 64 * 1024] = [b' '; 64 * 1024];

/// The connection was closed by a fault.
#[derive(Debug)]
pub(crate) struct Aborted;

impl fmt::Display for Aborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed by a fault of the sandbox")
    }
}

impl std::error::Error for Aborted {}

impl From<Infallible> for Aborted {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The body of a response.
pub(crate) type ResponseBody = Either<Full<Bytes>, Scripted>;

/// Sends what was planned, or closes the connection.
pub(crate) async fn send(
    plan: Plan,
    reset: ResetSwitch,
) -> Result<Response<ResponseBody>, Aborted> {
    let Plan {
        latency,
        response: planned,
        delivery,
    } = plan;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let body = planned.body;
    let half = body.slice(..body.len() / 2);
    let announced = body.len().max(1);
    let steps = match delivery {
        Delivery::Whole => None,
        Delivery::Hang => std::future::pending().await,
        Delivery::Reset(ResetAt::BeforeHeaders) => {
            reset.reset_on_close();
            return Err(Aborted);
        }
        Delivery::HangInBody => Some(vec![Step::Send(half), Step::Hang]),
        Delivery::Reset(ResetAt::AfterHeaders) => Some(vec![Step::Flush, Step::Reset]),
        Delivery::Reset(ResetAt::InBody) => Some(vec![Step::Send(half), Step::Flush, Step::Reset]),
        // The body ends before its `Content-Length`: hyper closes the connection.
        Delivery::CutShort => Some(vec![Step::Send(half), Step::Flush]),
        Delivery::Endless => Some(vec![
            Step::Send(body.clone()),
            Step::Spaces(ENDLESS),
            Step::Reset,
        ]),
    };
    let mut response = Response::new(match steps {
        None => Either::Left(Full::new(body)),
        Some(steps) => Either::Right(Scripted {
            steps: steps.into(),
            reset,
        }),
    });
    *response.status_mut() = planned.status;
    *response.headers_mut() = planned.headers;
    if !matches!(delivery, Delivery::Whole | Delivery::Endless) {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(announced));
    }
    Ok(response)
}

/// A body that is sent with a fault.
pub(crate) struct Scripted {
    steps: VecDeque<Step>,
    reset: ResetSwitch,
}

enum Step {
    Send(Bytes),
    /// Lets hyper flush what was sent before.
    Flush,
    /// Sends this many bytes of spaces.
    Spaces(usize),
    Hang,
    Reset,
}

impl Body for Scripted {
    type Data = Bytes;
    type Error = Aborted;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Aborted>>> {
        let this = self.get_mut();
        match this.steps.pop_front() {
            None => Poll::Ready(None),
            Some(Step::Send(bytes)) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Some(Step::Spaces(left)) => {
                let piece = left.min(SPACES.len());
                if left > piece {
                    this.steps.push_front(Step::Spaces(left - piece));
                }
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&SPACES[..piece])))))
            }
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
                this.reset.reset_on_close();
                Poll::Ready(Some(Err(Aborted)))
            }
        }
    }
}
