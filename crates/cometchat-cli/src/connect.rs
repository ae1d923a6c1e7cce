//! The client: where it asks, with which key, from arguments and the environment.

use std::env;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use cometchat::{ApiKey, Client, ClientBuilder, Event, RetryPolicy};
use cometchat_sandbox::Sandbox;

use crate::args::Connection;
use crate::exit::Failure;
use crate::explain;
use crate::part::shown;
use crate::terminal::say;

/// A file larger than this holds no key, in bytes.
const LARGEST_KEY_FILE: u64 = 64 * 1024;

/// How a variable is set in the shell that people most likely use.
const SET: &str = if cfg!(windows) { "$env:" } else { "export " };

/// A client, and what it asks.
pub(crate) struct Connected {
    pub(crate) client: Client,
    /// What is asked, by a name that stays the same from run to run.
    pub(crate) address: String,
    /// The uid of the user who is acted for.
    pub(crate) on_behalf_of: Option<String>,
    /// The sandbox, which is there for as long as this is.
    _sandbox: Option<Sandbox>,
}

/// Makes a client of what was said. Nothing is sent.
pub(crate) fn connect(
    connection: &Connection,
    tell: impl Fn(&Event) + Send + Sync + 'static,
) -> Result<Connected, Failure> {
    let sandbox = if connection.sandbox {
        Some(sandbox(connection)?)
    } else {
        None
    };
    let builder = match &sandbox {
        Some(sandbox) => Client::builder()
            .base_url(sandbox.base_url())
            .api_key(sandbox.api_key()),
        None => address(connection, Client::builder().api_key(key(connection)?))?,
    };
    let mut builder = builder.on_event(tell);
    if let Some(attempts) = connection.attempts {
        builder = builder.retry(RetryPolicy::default().attempts(attempts));
    }
    if let Some(seconds) = connection.timeout {
        builder = builder.attempt_timeout(Duration::from_secs(seconds));
    }
    if let Some(per_minute) = connection.rate_limit {
        builder = builder.requests_per_minute(per_minute);
    }
    if connection.allow_plain_http {
        builder = builder.allow_plain_http();
    }
    let on_behalf_of = said(&connection.on_behalf_of, "COMETCHAT_ON_BEHALF_OF")?;
    if let Some(uid) = &on_behalf_of {
        builder = builder.on_behalf_of(uid);
    }
    let client = builder.build().map_err(|error| explain::refused(&error))?;
    let address = match &sandbox {
        Some(_) => "sandbox".to_owned(),
        None => client.api().base_url().to_owned(),
    };
    Ok(Connected {
        client,
        address,
        on_behalf_of,
        _sandbox: sandbox,
    })
}

/// A sandbox of this program's own.
fn sandbox(connection: &Connection) -> Result<Sandbox, Failure> {
    let other = [
        ("--app-id", connection.app_id.is_some()),
        ("--region", connection.region.is_some()),
        ("--base-url", connection.base_url.is_some()),
        ("--api-key-file", connection.api_key_file.is_some()),
    ];
    if let Some((other, _)) = other.into_iter().find(|(_, given)| *given) {
        let what = format!("--sandbox and {other} can't be given together");
        return Err(Failure::usage(what).advise("The sandbox has an address and a key of its own"));
    }
    let started = Sandbox::builder().start_blocking();
    started.map_err(|error| Failure::failed(error.to_string()))
}

/// The configuration with the address. What is given by argument counts more than what the environment says.
fn address(
    connection: &Connection,
    builder: ClientBuilder<Client>,
) -> Result<ClientBuilder<Client>, Failure> {
    if let Some(base_url) = &connection.base_url {
        return Ok(builder.base_url(base_url));
    }
    let by_argument = connection.app_id.is_some() || connection.region.is_some();
    if !by_argument && let Some(base_url) = variable("COMETCHAT_BASE_URL")? {
        return Ok(builder.base_url(base_url));
    }
    let app_id = said(&connection.app_id, "COMETCHAT_APP_ID")?;
    let region = said(&connection.region, "COMETCHAT_REGION")?;
    match (app_id, region) {
        (Some(app_id), Some(region)) => Ok(builder.app_id(app_id).region(region)),
        (None, _) => Err(missing("there is no app id")),
        (_, None) => Err(missing("there is no region")),
    }
}

/// The key.
fn key(connection: &Connection) -> Result<ApiKey, Failure> {
    let key = match &connection.api_key_file {
        Some(path) => Some(key_file(path)?),
        None => variable("COMETCHAT_API_KEY")?,
    };
    key.map(ApiKey::from)
        .ok_or_else(|| missing("there is no API key"))
}

/// What to set, and how to do without.
fn missing(what: &str) -> Failure {
    let quoted = |name: &str, value: &str| {
        if cfg!(windows) {
            format!("  {SET}{name} = \"{value}\"")
        } else {
            format!("  {SET}{name}={value}")
        }
    };
    Failure::usage(what)
        .advise("Set these three, as the CometChat dashboard shows them; the key is a REST API key (fullAccess):")
        .advise(quoted("COMETCHAT_APP_ID", "APP_ID"))
        .advise(quoted("COMETCHAT_REGION", "us"))
        .advise(quoted("COMETCHAT_API_KEY", "KEY"))
        .advise("Or give --app-id, --region and --api-key-file. To try the program without an account:")
        .advise("  cometchat --sandbox members supergroup")
}

/// What an argument says, or failing that a variable.
fn said(argument: &Option<String>, name: &str) -> Result<Option<String>, Failure> {
    match argument {
        Some(value) => Ok(Some(value.clone())),
        None => variable(name),
    }
}

/// The value of a variable; nothing where it is not set, or empty.
fn variable(name: &str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(Failure::usage(format!("{name} is not valid Unicode")))
        }
    }
}

/// The key that a file holds, without the line break at its end.
fn key_file(path: &Path) -> Result<String, Failure> {
    let shown = shown(path);
    let unreadable = |error| Failure::usage(format!("the key file {shown} can't be read: {error}"));
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    let mut key = String::new();
    let read = file.take(LARGEST_KEY_FILE).read_to_string(&mut key);
    if read.map_err(unreadable)? as u64 == LARGEST_KEY_FILE {
        return Err(Failure::usage(format!(
            "the key file {shown} holds more than a key"
        )));
    }
    if others_can_read(&metadata) {
        say(format_args!(
            "warning: others on this machine can read {shown}; chmod 600 keeps it to you"
        ));
    }
    let end = key
        .strip_suffix('\n')
        .map(|key| key.strip_suffix('\r').unwrap_or(key).len());
    key.truncate(end.unwrap_or(key.len()));
    if key.is_empty() {
        return Err(Failure::usage(format!("the key file {shown} is empty")));
    }
    Ok(key)
}

/// Whether a file can be read by more than the one who owns it.
#[cfg(unix)]
fn others_can_read(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.is_file() && metadata.permissions().mode() & 0o044 != 0
}

#[cfg(not(unix))]
fn others_can_read(_: &Metadata) -> bool {
    false
}
