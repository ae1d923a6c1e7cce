//! The service that an example uses: an app of yours, or a sandbox in this process.

use cometchat::{Client, ClientBuilder};
use cometchat_sandbox::Sandbox;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The builder of a client: of the app that the environment names (`COMETCHAT_API_KEY` and the like), else of the sandbox.
///
/// The sandbox runs until it is dropped; an app of yours comes without one.
pub async fn service(
    sandbox: cometchat_sandbox::Builder,
) -> Result<(ClientBuilder<Client>, Option<Sandbox>)> {
    if std::env::var_os("COMETCHAT_API_KEY").is_some() {
        return Ok((ClientBuilder::from_env()?, None));
    }
    let sandbox = sandbox.start().await?;
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key());
    Ok((client, Some(sandbox)))
}

/// The groups given on the command line, or the default ones.
pub fn groups_or(default: &[&str]) -> Vec<String> {
    let named: Vec<String> = std::env::args().skip(1).collect();
    if named.is_empty() {
        return default.iter().map(|guid| (*guid).to_owned()).collect();
    }
    named
}
