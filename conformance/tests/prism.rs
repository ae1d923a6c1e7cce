//! A mock server that prism makes from `openapi.yaml`, and that refuses what the spec does not allow.
//!
//! The library and the program list from it, filters included. Then wrong requests are sent without them: a server that
//! refuses none of these would prove nothing.

mod tools;

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use cometchat::{Client, MemberScope, UserStatus};
use serde_json::Value;
use tempfile::TempDir;

use tools::{home, root, text_of};

/// A key that the spec allows; there is nothing behind it.
const KEY: &str = "a-key";

#[test]
#[ignore = "needs what conformance/install installs"]
fn prism_accepts_what_the_client_sends() -> Result<()> {
    let prism = Prism::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let examples = runtime.block_on(async {
        let bare = Bare::new(&prism)?;
        let examples = Examples {
            members: bare.uids("/groups/supergroup/members").await?,
            banned: bare.uids("/groups/supergroup/bannedusers").await?,
        };
        bare.is_refused().await?;
        library(&prism, &examples).await?;
        anyhow::Ok(examples)
    })?;
    program(&prism, &examples)
}

/// What the mock server answers to each good request: the uids of the examples.
struct Examples {
    members: Vec<String>,
    banned: Vec<String>,
}

/// The mock server, until it is dropped.
struct Prism {
    process: Child,
    base_url: String,
    _directory: TempDir,
}

impl Prism {
    /// How long it may take to start.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn start() -> Result<Self> {
        // A list of values that stays open in the spec is closed in this copy. Or else any text would pass for a scope, and
        // scopes that are joined by something else than a comma for one.
        let spec = fs::read_to_string(root().join("openapi.yaml"))?;
        let directory = tempfile::tempdir()?;
        let copy = directory.path().join("openapi.yaml");
        fs::write(&copy, spec.replace("x-extensible-enum:", "enum:"))?;

        let mut process = Command::new(home().join("node_modules/.bin/prism"))
            .args(["mock", "--errors", "--host", "127.0.0.1", "--port", "0"])
            .arg(&copy)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("can't run prism; run conformance/install")?;
        let output = process.stdout.take().context("prism has no output")?;
        let (said, listen) = mpsc::channel();
        std::thread::spawn(move || {
            let mut last = VecDeque::new();
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("listening on ") {
                    // Whoever waited may have given up.
                    let _ = said.send(Ok(address.trim().to_owned()));
                }
                last.push_back(line);
                if last.len() > 20 {
                    last.pop_front();
                }
            }
            let _ = said.send(Err(Vec::from(last).join("\n")));
        });
        let mut prism = Self {
            process,
            base_url: String::new(),
            _directory: directory,
        };
        match listen.recv_timeout(Self::PATIENCE) {
            Ok(Ok(address)) => prism.base_url = address,
            Ok(Err(said)) => bail!("prism ends before it listens:\n{said}"),
            Err(_) => bail!("prism does not listen after {:?}", Self::PATIENCE),
        }
        Ok(prism)
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An HTTP client that knows nothing of the API.
struct Bare<'a> {
    http: reqwest::Client,
    prism: &'a Prism,
}

impl<'a> Bare<'a> {
    fn new(prism: &'a Prism) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { http, prism })
    }

    fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(format!("{}{path}", self.prism.base_url))
    }

    /// The uids of a page.
    async fn uids(&self, path: &str) -> Result<Vec<String>> {
        let response = self.get(path).header("apikey", KEY).send().await?;
        ensure!(response.status() == 200, "{path} is refused");
        let page: Value = serde_json::from_str(&response.text().await?)?;
        let rows = page["data"].as_array().context("a page has rows")?;
        let uids = rows.iter().filter_map(|row| row["uid"].as_str());
        Ok(uids.map(str::to_owned).collect())
    }

    /// Sends requests that the spec does not allow, each for one reason.
    async fn is_refused(&self) -> Result<()> {
        let members = "/groups/supergroup/members";
        let banned = "/groups/supergroup/bannedusers";
        let wrong = [
            (members, "perPage=0"),
            (members, "perPage=1001"),
            (members, "perPage=all"),
            (members, "page=0"),
            (members, "page=two"),
            (members, "status=away"),
            (members, "scopes=king"),
            (members, "scopes=admin|moderator"),
            (banned, "perPage=0"),
            (banned, "perPage=1001"),
            (banned, "page=0"),
            ("/groups/a%2Fb/members", ""),
        ];
        for (path, query) in wrong {
            let address = format!("{path}?{query}");
            let response = self.get(&address).header("apikey", KEY).send().await?;
            let status = response.status();
            ensure!(status == 422, "{address} is answered with {status}");
        }
        for path in [members, banned] {
            let status = self.get(path).send().await?.status();
            ensure!(status == 401, "{path} without a key is answered {status}");
        }
        Ok(())
    }
}

/// Lists with the library, by each filter alone and by all of them.
async fn library(prism: &Prism, examples: &Examples) -> Result<()> {
    let builder = || {
        Client::builder()
            .base_url(&prism.base_url)
            .api_key(KEY)
            .configure_http(reqwest::ClientBuilder::no_proxy)
    };
    let client = builder().build()?;
    // Any GUID stays one segment of the path.
    for guid in ["supergroup", "a group%2fof é", "?page=0#", "%", "…"] {
        let group = client.group(guid);
        let scopes = [MemberScope::Admin, MemberScope::Moderator];
        for list in [
            group.members(),
            group.members().page(3),
            group.members().per_page(1000),
            group.members().status(UserStatus::Available),
            group.members().status(UserStatus::Offline),
            group.members().scopes([MemberScope::Participant]),
            group.members().scopes(scopes.clone()),
            group
                .members()
                .per_page(2)
                .page(3)
                .status(UserStatus::Offline)
                .scopes(scopes)
                .prefetch(8),
        ] {
            let shown = format!("{list:?} of {guid:?}");
            // One page: the mock server answers each with the same rows.
            let page = list.send().await.context(shown.clone())?;
            let uids: Vec<_> = page.into_iter().map(|row| row.uid).collect();
            ensure!(uids == examples.members, "{shown}: {uids:?}");
        }
        for list in [
            group.banned_users(),
            group.banned_users().page(3),
            group.banned_users().per_page(1000),
            group.banned_users().per_page(2).page(3).prefetch(8),
        ] {
            let shown = format!("{list:?} of {guid:?}");
            // One page: the mock server answers each with the same rows.
            let page = list.send().await.context(shown.clone())?;
            let uids: Vec<_> = page.into_iter().map(|row| row.uid).collect();
            ensure!(uids == examples.banned, "{shown}: {uids:?}");
        }
    }
    // Without its filter, the request would be accepted.
    let king = client.group("supergroup").members().scopes(["king"]);
    let error = king.send().await.err().context("a scope is not sent")?;
    ensure!(error.status() == Some(422), "a wrong scope: {error}");
    let client = builder().on_behalf_of("superhero2").build()?;
    let rows = client.group("supergroup").members().collect_all().await?;
    ensure!(rows.len() == examples.members.len(), "on behalf of a user");
    Ok(())
}

/// Lists with the program.
fn program(prism: &Prism, examples: &Examples) -> Result<()> {
    // The mock server answers each page with the same rows, so only those of one page are listed.
    let list = |list: &str, rows: usize, filters: &[&str]| {
        Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--package", "cometchat-cli", "--"])
            .args(["--base-url", &prism.base_url, list, "supergroup"])
            .args(["--per-page", "2", "--start-page", "3", "--format", "ndjson"])
            .args(["--limit", &rows.to_string()])
            .args(filters)
            .current_dir(root())
            .env("COMETCHAT_API_KEY", KEY)
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1")
            .output()
            .context("can't run cargo")
    };
    let Examples { members, banned } = examples;
    let filters = ["--scope", "admin,moderator", "--status", "offline"];
    for (output, expected) in [
        (list("members", members.len(), &filters)?, members),
        (list("banned", banned.len(), &[])?, banned),
    ] {
        ensure!(output.status.success(), "the program: {}", text_of(&output));
        let rows: Vec<Value> = serde_json::Deserializer::from_slice(&output.stdout)
            .into_iter()
            .collect::<Result<_, _>>()?;
        let uids: Vec<_> = rows
            .iter()
            .map(|row| row["uid"].as_str().unwrap_or_default())
            .collect();
        ensure!(uids == *expected, "the program lists {uids:?}");
    }
    let output = list("members", 1, &["--scope", "king"])?;
    let said = text_of(&output);
    ensure!(
        output.status.code() == Some(1) && said.contains("422"),
        "a wrong scope: {said}"
    );
    Ok(())
}
