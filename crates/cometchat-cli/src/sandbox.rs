//! The command `sandbox`: serves both lists until somebody presses Ctrl-C.

use std::io::{self, Write};
use std::time::Duration;

use cometchat_sandbox::{Group, Sandbox};

use crate::args::SandboxOptions;
use crate::exit::{Exit, Failure};
use crate::interrupt::Signal;
use crate::terminal::say;

/// Users who are banned from the group `city`, as in a sandbox that nothing is said of.
const BANNED: u32 = 120;

/// Serves, and says how to ask.
pub(crate) async fn serve(options: SandboxOptions) -> Result<Exit, Failure> {
    let mut builder = Sandbox::builder()
        .port(options.port)
        .group(Group::generated("city", options.members).generated_banned(BANNED));
    for faults in options.faults {
        builder = builder.faults(faults);
    }
    if options.latency_ms > 0 {
        builder = builder.latency(Duration::from_millis(options.latency_ms));
    }
    // Listened for before anything is printed: whoever reads that may well end the program.
    let mut stop = Signal::listen();
    let sandbox = builder
        .start()
        .await
        .map_err(|error| Failure::failed(error.to_string()))?;
    match io::stdout().lock().write_all(guide(&sandbox).as_bytes()) {
        // It may well be asked by somebody who has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(Failure::failed(format!("stdout can't be written: {error}")));
        }
        _ => {}
    }
    stop.given().await;
    sandbox.stop().await;
    say("stopped");
    Ok(Exit::Done)
}

/// What somebody needs who wants to ask it.
fn guide(sandbox: &Sandbox) -> String {
    let (url, key) = (sandbox.base_url(), sandbox.api_key());
    format!(
        "address  {url}
key      {key}

curl -H 'apikey: {key}' {url}/groups/supergroup/members
COMETCHAT_BASE_URL={url} COMETCHAT_API_KEY={key} cometchat members city

Ctrl-C stops it.
"
    )
}
