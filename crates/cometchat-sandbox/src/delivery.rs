//! How an answer goes out: whole, or not.

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

use crate::fault::ResetAt;
use crate::state::{Delivery, Plan};
use crate::wire::ResetSwitch;

/// The most that an endless body sends, in bytes: 1 GiB, so that a client without a limit fails and its machine doesn't.
const ENDLESS: usize = 1 << 30;

/// The piece of which an endless body is made.
static SPACES: [u8; 64 * 1024] = [b' '; 64 * 1024];

/// A connection ends here and now, on purpose.
#[derive(Debug)]
pub(crate) struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("broken off by a fault of the sandbox")
    }
}

impl std::error::Error for BrokenOff {}

impl From<Infallible> for BrokenOff {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The body of an answer.
pub(crate) type AnswerBody = Either<Full<Bytes>, Scripted>;

/// Sends what was planned, or breaks off.
pub(crate) async fn deliver(
    plan: Plan,
    wire: ResetSwitch,
) -> Result<Response<AnswerBody>, BrokenOff> {
    let Plan {
        latency,
        answer,
        delivery,
    } = plan;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let body = answer.body;
    let half = body.slice(..body.len() / 2);
    let announced = body.len().max(1);
    let steps = match delivery {
        Delivery::Whole => None,
        Delivery::Hang => std::future::pending().await,
        Delivery::Reset(ResetAt::BeforeHeaders) => {
            wire.reset_on_close();
            return Err(BrokenOff);
        }
        Delivery::HangInBody => Some(vec![Step::Send(half), Step::Hang]),
        Delivery::Reset(ResetAt::AfterHeaders) => Some(vec![Step::LetGo, Step::Reset]),
        Delivery::Reset(ResetAt::InBody) => Some(vec![Step::Send(half), Step::LetGo, Step::Reset]),
        // The body ends before its announced end, whereupon the HTTP library closes the connection.
        Delivery::CutShort => Some(vec![Step::Send(half), Step::LetGo]),
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
            wire,
        }),
    });
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    if !matches!(delivery, Delivery::Whole | Delivery::Endless) {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(announced));
    }
    Ok(response)
}

/// A body that does not go as it should.
pub(crate) struct Scripted {
    steps: VecDeque<Step>,
    wire: ResetSwitch,
}

enum Step {
    Send(Bytes),
    /// Waits until what was sent before has left the HTTP library's hands.
    LetGo,
    /// Sends so many bytes of spaces.
    Spaces(usize),
    Hang,
    Reset,
}

impl Body for Scripted {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
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
            Some(Step::LetGo) => {
                // The library writes out what it holds when a body has nothing for it, and asks again when woken.
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Step::Hang) => {
                this.steps.push_front(Step::Hang);
                Poll::Pending
            }
            Some(Step::Reset) => {
                this.wire.reset_on_close();
                Poll::Ready(Some(Err(BrokenOff)))
            }
        }
    }
}
