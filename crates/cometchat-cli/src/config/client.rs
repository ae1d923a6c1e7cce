//! The client: its address, its key and its limits.

use std::env;
use std::time::Duration;

use cometchat::{ApiKey, Client, Event, RetryPolicy};
use cometchat_sandbox::Sandbox;

use super::key_file;
use crate::args::ConnectionArgs;
use crate::error_text;
use crate::exit::Failure;

/// A client, and what it is connected to.
pub(crate) struct Connection {
    pub(crate) client: Client,
    /// The base URL, or `sandbox`, whose port differs from run to run.
    pub(crate) address: String,
    pub(crate) on_behalf_of: Option<String>,
    /// The app and its region, if they give the base URL.
    pub(crate) app: Option<(String, String)>,
    /// The source of the key, without the key.
    pub(crate) key_source: String,
    /// The sandbox, which runs until this is dropped.
    _sandbox: Option<Sandbox>,
}

/// Builds the client. Nothing is sent.
pub(crate) fn connect(
    args: &ConnectionArgs,
    on_event: impl Fn(&Event) + Send + Sync + 'static,
) -> Result<Connection, Failure> {
    let sandbox = args.sandbox.then(|| start_sandbox(args)).transpose()?;
    let builder = match &sandbox {
        Some(sandbox) => Client::builder()
            .base_url(sandbox.base_url())
            .api_key(sandbox.api_key()),
        None => Client::builder().api_key(key(args)?),
    };
    let base_url = match &sandbox {
        Some(_) => None,
        None => base_url(args)?,
    };
    let (builder, app) = match (sandbox.is_some(), base_url) {
        (true, _) => (builder, None),
        (false, Some(base_url)) => (builder.base_url(base_url), None),
        (false, None) => {
            let (app_id, region) = app(args)?;
            let builder = builder.app_id(&app_id).region(region.clone());
            (builder, Some((app_id, region)))
        }
    };
    let mut builder = builder.on_event(on_event);
    if let Some(attempts) = args.attempts {
        builder = builder.retry(RetryPolicy::default().attempts(attempts));
    }
    if let Some(seconds) = args.timeout {
        builder = builder.attempt_timeout(Duration::from_secs(seconds));
    }
    if let Some(per_minute) = args.rate_limit {
        builder = builder.requests_per_minute(per_minute);
    }
    if args.allow_plain_http {
        builder = builder.allow_plain_http();
    }
    let on_behalf_of = argument_or_variable(&args.on_behalf_of, "COMETCHAT_ON_BEHALF_OF")?;
    if let Some(uid) = &on_behalf_of {
        builder = builder.on_behalf_of(uid);
    }
    let client = builder
        .build()
        .map_err(|error| error_text::usage_failure(&error))?;
    let address = match &sandbox {
        Some(_) => "sandbox".to_owned(),
        None => client.api().base_url().to_owned(),
    };
    Ok(Connection {
        client,
        address,
        on_behalf_of,
        app,
        key_source: match (&sandbox, &args.api_key_file) {
            (Some(_), _) => "the sandbox".to_owned(),
            // The path can be the key itself, given by mistake.
            (_, Some(_)) => "--api-key-file".to_owned(),
            _ => "COMETCHAT_API_KEY".to_owned(),
        },
        _sandbox: sandbox,
    })
}

fn start_sandbox(args: &ConnectionArgs) -> Result<Sandbox, Failure> {
    let others = [
        ("--app-id", args.app_id.is_some()),
        ("--region", args.region.is_some()),
        ("--base-url", args.base_url.is_some()),
        ("--api-key-file", args.api_key_file.is_some()),
    ];
    if let Some((other, _)) = others.into_iter().find(|(_, given)| *given) {
        let what = format!("--sandbox and {other} can't be given together");
        return Err(Failure::usage(what).help("The sandbox has an address and a key of its own"));
    }
    Sandbox::builder()
        .start_blocking()
        .map_err(|error| Failure::failed(error.to_string()))
}

/// Returns the base URL, if it is given. Arguments take precedence over environment variables.
fn base_url(args: &ConnectionArgs) -> Result<Option<String>, Failure> {
    let by_argument = args.app_id.is_some() || args.region.is_some();
    match &args.base_url {
        Some(base_url) => Ok(Some(base_url.clone())),
        None if by_argument => Ok(None),
        None => variable("COMETCHAT_BASE_URL"),
    }
}

/// Returns the app id and the region.
fn app(args: &ConnectionArgs) -> Result<(String, String), Failure> {
    let app_id = argument_or_variable(&args.app_id, "COMETCHAT_APP_ID")?;
    let region = argument_or_variable(&args.region, "COMETCHAT_REGION")?;
    match (app_id, region) {
        (Some(app_id), Some(region)) => Ok((app_id, region)),
        (None, _) => Err(missing("no app id is set")),
        (_, None) => Err(missing("no region is set")),
    }
}

fn key(args: &ConnectionArgs) -> Result<ApiKey, Failure> {
    let key = match &args.api_key_file {
        Some(path) => Some(key_file::read(path)?),
        None => variable("COMETCHAT_API_KEY")?,
    };
    key.map(ApiKey::from)
        .ok_or_else(|| missing("no API key is set"))
}

fn missing(what: &str) -> Failure {
    // In the usual shell of the system.
    let set = |name: &str, value: &str| {
        if cfg!(windows) {
            format!("  $env:{name} = \"{value}\"")
        } else {
            format!("  export {name}={value}")
        }
    };
    Failure::usage(what)
        .help("Set these variables from the CometChat dashboard, with a REST API key (fullAccess):")
        .help(set("COMETCHAT_APP_ID", "APP_ID"))
        .help(set("COMETCHAT_REGION", "us"))
        .help(set("COMETCHAT_API_KEY", "KEY"))
        .help(
            "Or give --app-id, --region and --api-key-file. To try the program without an account:",
        )
        .help("  cometchat --sandbox members supergroup")
}

fn argument_or_variable(argument: &Option<String>, name: &str) -> Result<Option<String>, Failure> {
    match argument {
        Some(value) => Ok(Some(value.clone())),
        None => variable(name),
    }
}

/// The value of a variable; `None` if it is not set or empty.
fn variable(name: &str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(Failure::usage(format!("{name} is not valid Unicode")))
        }
    }
}
