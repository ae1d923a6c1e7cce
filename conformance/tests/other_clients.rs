//! Clients that other generators make from `openapi.yaml`, on the sandbox: they compile, and list what the library lists.
//!
//! openapi-generator makes one for Python and two for TypeScript; openapi-typescript makes the types for openapi-fetch. What
//! each lists is in `clients/`.

mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use cometchat::{Client, MemberScope, UserStatus};
use cometchat_sandbox::Sandbox;
use serde_json::{Value, json};

use tools::{home, root, text_of};

/// A user to act for.
const USER: &str = "superhero2";

#[test]
#[ignore = "needs what conformance/install installs, and Java"]
fn clients_in_other_languages_list_what_the_library_lists() -> Result<()> {
    let clients = home().join("clients");
    let generated = clients.join("generated");
    if generated.exists() {
        fs::remove_dir_all(&generated)?;
    }
    generate(&generated)?;
    let node = |script: &str| -> (PathBuf, PathBuf) {
        let script = format!("generated/built/{script}.js");
        ("node".into(), clients.join(script))
    };
    let python = || home().join(".venv/bin/python");
    let packages = generated.join("python/openapi_client");
    run(Command::new(python())
        .args(["-m", "compileall", "-q"])
        .arg(packages))?;
    run(Command::new(home().join("node_modules/.bin/tsc"))
        .arg("--project")
        .arg(&clients))?;

    let sandbox = Sandbox::builder().start_blocking()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let expected = runtime.block_on(listed(&sandbox))?;
    for (program, script) in [
        (python(), clients.join("python.py")),
        node("typescript-fetch"),
        node("typescript-axios"),
        node("openapi-fetch"),
    ] {
        let shown = script.display();
        sandbox.clear_requests();
        let found = list(&sandbox, Command::new(program).arg(&script))?;
        for (list, expected) in &expected {
            ensure!(
                found[list] == *expected,
                "{shown}: {list} is {}",
                found[list]
            );
        }
        credentials(&sandbox).with_context(|| shown.to_string())?;
    }
    // Scopes that are repeated must show, or the comparison finds nothing.
    let (program, script) = node("openapi-fetch");
    let found = list(
        &sandbox,
        Command::new(program).arg(script).env("EXPLODE", "true"),
    )?;
    let same = expected.iter().all(|(list, rows)| found[list] == *rows);
    ensure!(!same, "scopes that are repeated list the same");
    Ok(())
}

/// Has the clients made.
fn generate(generated: &Path) -> Result<()> {
    let spec = root().join("openapi.yaml");
    for generator in ["python", "typescript-fetch", "typescript-axios"] {
        run(Command::new(home().join(".venv/bin/openapi-generator-cli"))
            .args(["generate", "--generator-name", generator, "--input-spec"])
            .arg(&spec)
            .arg("--output")
            .arg(generated.join(generator)))?;
    }
    let types = generated.join("openapi-typescript.d.ts");
    run(
        Command::new(home().join("node_modules/.bin/openapi-typescript"))
            .arg(&spec)
            .arg("--output")
            .arg(types),
    )?;
    Ok(())
}

/// What the library lists of the group `city`, by the name that the scripts print it under.
async fn listed(sandbox: &Sandbox) -> Result<Vec<(&'static str, Value)>> {
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build()?;
    let city = client.group("city");
    let members = |list: cometchat::List<_>| async {
        let rows = list.collect_all().await?;
        let uids: Vec<_> = rows
            .into_iter()
            .map(|row: cometchat::GroupMember| row.uid)
            .collect();
        anyhow::Ok(json!(uids))
    };
    let staff = [MemberScope::Admin, MemberScope::Moderator];
    let banned = city.banned_users().collect_all().await?;
    let banned: Vec<_> = banned.into_iter().map(|row| row.uid).collect();
    Ok(vec![
        ("members", members(city.members()).await?),
        ("banned", json!(banned)),
        (
            "offline",
            members(city.members().status(UserStatus::Offline)).await?,
        ),
        ("staff", members(city.members().scopes(staff)).await?),
        ("for_a_user", members(city.members()).await?),
        ("refusal", json!([404, "ERR_GUID_NOT_FOUND"])),
    ])
}

/// Each request has the key where it belongs, and the user to act for is in those alone that are made for one.
fn credentials(sandbox: &Sandbox) -> Result<()> {
    let requests = sandbox.requests();
    let users: Vec<_> = requests
        .iter()
        .filter_map(|request| request.header("onbehalfof"))
        .collect();
    ensure!(users == [USER; 3], "onBehalfOf is {users:?}");
    for request in &requests {
        ensure!(request.header("apikey").is_some(), "a request has no key");
        let query = request.query().unwrap_or_default();
        ensure!(!query.contains(sandbox.api_key()), "the key is in a query");
    }
    Ok(())
}

/// What a client lists from the sandbox.
fn list(sandbox: &Sandbox, client: &mut Command) -> Result<Value> {
    let output = run(client
        .env("BASE_URL", sandbox.base_url())
        .env("API_KEY", sandbox.api_key())
        .env("PYTHONPATH", home().join("clients/generated/python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // The sandbox is on this machine.
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1"))?;
    serde_json::from_str(&output).context(output)
}

/// Runs a program that must succeed, and returns what it printed.
fn run(command: &mut Command) -> Result<String> {
    let shown = format!("{:?}", command.get_program());
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("can't run {shown}; run conformance/install"))?;
    ensure!(output.status.success(), "{shown}: {}", text_of(&output));
    Ok(String::from_utf8(output.stdout)?)
}
