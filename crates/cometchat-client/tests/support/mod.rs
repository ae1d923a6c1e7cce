//! What the tests of the network stand on: a server that follows a script, and a clock that no test waits for.

mod clock;
mod server;
mod trace;

pub use clock::ScriptedClock;
pub use server::{KEY, Server, Step, answer, closed_port, json, page};
pub use trace::hear;
