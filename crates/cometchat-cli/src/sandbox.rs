//! The command `sandbox`: serves both lists until Ctrl-C.

use std::time::Duration;

use cometchat_sandbox::{Group, Sandbox};

use crate::args::SandboxArgs;
use crate::exit::{Exit, Failure};
use crate::interrupt::Signal;
use crate::manual::print;
use crate::terminal::message;
use crate::terminal::sanitize::sanitize;

/// The number of users banned from the group `city`, as in a sandbox by default.
const BANNED: u32 = 120;

/// Prints how to reach the sandbox, and serves.
pub(crate) async fn serve(args: SandboxArgs) -> Result<Exit, Failure> {
    let mut builder = Sandbox::builder()
        .port(args.port)
        .group(Group::generated("city", args.members).generated_banned(BANNED));
    builder = builder.faults(args.faults);
    if args.verbose {
        builder = builder.on_request(|request| message(sanitize(&request.to_string())));
    }
    if args.latency_ms > 0 {
        builder = builder.latency(Duration::from_millis(args.latency_ms));
    }
    // Before anything is printed: the reader of the text may stop the program at once.
    let mut stop = Signal::listen();
    let sandbox = builder
        .start()
        .await
        .map_err(|error| Failure::failed(error.to_string()))?;
    print(guide(&sandbox).as_bytes())?;
    stop.given().await;
    sandbox.stop().await;
    message("stopped");
    Ok(Exit::Done)
}

fn guide(sandbox: &Sandbox) -> String {
    let (url, key) = (sandbox.base_url(), sandbox.api_key());
    format!(
        "address  {url}
key      {key}

curl -H 'apikey: {key}' {url}/groups/supergroup/members
COMETCHAT_BASE_URL={url} COMETCHAT_API_KEY={key} cometchat members city

Press Ctrl-C to stop.
"
    )
}
