//! A log on stderr, for who sets `RUST_LOG`.

use std::env;
use std::io;

use tracing_subscriber::EnvFilter;

use crate::exit::Failure;

/// Starts the log where it is asked for.
pub(crate) fn start() -> Result<(), Failure> {
    let Some(wanted) = env::var_os("RUST_LOG").filter(|wanted| !wanted.is_empty()) else {
        return Ok(());
    };
    let filter = wanted
        .to_str()
        .and_then(|wanted| EnvFilter::builder().parse(wanted).ok());
    let Some(filter) = filter else {
        let failure = Failure::usage("RUST_LOG can't be read");
        return Err(failure.advise("Give a level such as debug, or cometchat_client=trace"));
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(false)
        .init();
    Ok(())
}
