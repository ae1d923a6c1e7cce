//! The service that an example asks: an app of yours, or a sandbox in this process.

use cometchat::{Client, ClientBuilder};
use cometchat_sandbox::Sandbox;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A client to be: of the app that the environment names (`COMETCHAT_API_KEY` and the like), else of the sandbox.
///
/// The sandbox is there as long as it is held; an app of yours comes without one.
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

/// The groups that are named on the command line, or these.
pub fn groups_or(default: &[&str]) -> Vec<String> {
    let named: Vec<String> = std::env::args().skip(1).collect();
    if named.is_empty() {
        return default.iter().map(|guid| (*guid).to_owned()).collect();
    }
    named
}
