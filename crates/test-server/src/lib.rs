//! The scripted loopback server that all tests share.
//!
//! It sends what a script says, byte for byte, and records connections and requests. It is written by hand because the
//! kept mock servers (wiremock, httpmock, mockito) stand on hyper, which can't send a response that is not valid HTTP,
//! is cut short, or ends in a reset.
//!
//! ```
//! use test_server::{Server, Step, json};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! // The first request is reset, each later one gets a page.
//! let server = Server::with([vec![Step::Reset], json(200, r#"{"data":[]}"#)]);
//! # let client = server.base_url();
//! assert_eq!((server.connections(), server.requests().len()), (0, 0));
//! # }
//! ```

mod reply;
mod request;
mod server;

pub use reply::{Reply, Step, answer, json, page, send};
pub use request::Request;
pub use server::{Server, closed_port};
