//! The log on stderr that `RUST_LOG` switches on.

use std::env;
use std::io;

use tracing_subscriber::EnvFilter;

use crate::exit::Failure;

pub(crate) fn start() -> Result<(), Failure> {
    let Some(level) = env::var_os("RUST_LOG").filter(|level| !level.is_empty()) else {
        return Ok(());
    };
    let filter = level
        .to_str()
        .and_then(|level| EnvFilter::builder().parse(level).ok());
    let Some(filter) = filter else {
        let failure = Failure::usage("RUST_LOG is not valid");
        return Err(failure.help("Give a level such as debug, or cometchat_client=trace"));
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(false)
        .init();
    Ok(())
}
