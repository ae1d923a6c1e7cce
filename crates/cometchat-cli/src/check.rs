//! The command `check`: the settings in force, and whether the service accepts the key.

use std::fmt::Write;

use crate::args::CommonArgs;
use crate::config::client;
use crate::error_text::{ErrorText, rejects_key};
use crate::exit::{Exit, Failure};
use crate::manual;

/// A GUID that no group is expected to have: an answer that it is missing accepts the key.
const GUID: &str = "cometchat-check";

/// Prints the settings, makes one request, and says whether the key is accepted.
pub(crate) async fn run(args: &CommonArgs) -> Result<Exit, Failure> {
    let connection = client::connect(&args.connection, |_| ())?;
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{name:<10}{value}");
    };
    if let Some((app_id, region)) = &connection.app {
        line("app id", app_id);
        line("region", region);
    }
    line("base URL", connection.client.api().base_url());
    line("key from", &connection.key_source);
    if let Some(uid) = &connection.on_behalf_of {
        line("acts for", uid);
    }
    let members = connection.client.group(GUID).members().per_page(1);
    let failure = match members.send().await {
        Ok(_) => None,
        Err(error) if error.status() == Some(404) && error.code().is_some() => None,
        Err(error) => Some(error),
    };
    let Some(error) = failure else {
        line("key", "accepted");
        return manual::print(text.as_bytes());
    };
    line(
        "key",
        if rejects_key(&error) {
            "rejected"
        } else {
            "not checked"
        },
    );
    manual::print(text.as_bytes())?;
    let error_text = ErrorText::new(&error);
    let mut failure = Failure::failed(error_text.what);
    if rejects_key(&error) {
        failure.exit = Exit::KeyRejected;
    }
    failure.lines.extend(error_text.help);
    Err(failure)
}
