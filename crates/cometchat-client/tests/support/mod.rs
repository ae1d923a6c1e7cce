//! What the tests of the network stand on: a scripted server, and a clock that no test waits for.

mod child;
mod clock;
mod server;
mod trace;

pub use child::in_child;
pub use clock::ScriptedClock;
pub use server::{KEY, Server, page};
pub use trace::hear;
