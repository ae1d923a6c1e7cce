//! The programs that are set side by side: built where they are ours to build, found where they are not.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::{server, tools};

/// The peers of this run.
pub struct Peers {
    programs: PathBuf,
    /// The `cometchat` program.
    pub cometchat: PathBuf,
    /// The client of openapi-generator, where that is installed.
    pub openapi_generator: Option<PathBuf>,
    /// Python, where it has `requests`.
    pub python: Option<PathBuf>,
    /// Whether `curl` and `jq` are there.
    pub curl_and_jq: bool,
    /// What is not there, and what would bring it.
    pub missing: Vec<&'static str>,
}

impl Peers {
    /// Builds what is built from source, and looks for the rest.
    pub fn build(root: &Path, work: &Path) -> Result<Self> {
        let peers = root.join("benches/peers");
        let mut missing = Vec::new();
        cargo_build(&peers, &work.join("peers"), &[])?;
        cargo_build(root, &work.join("program"), &["--package", "cometchat-cli"])?;
        let openapi_generator = openapi_generator(root, work)?;
        if openapi_generator.is_none() {
            missing.push("openapi-generator (`pip install openapi-generator-cli`, and Java)");
        }
        let python = tools::find("python3").filter(|python| {
            tools::first_line(
                python,
                &["-c", "import requests; print(requests.__version__)"],
            )
            .is_some()
        });
        if python.is_none() {
            missing.push("Python requests (`pip install requests`)");
        }
        let curl_and_jq = tools::find("curl").is_some() && tools::find("jq").is_some();
        if !curl_and_jq {
            missing.push("curl and jq (`apt-get install curl jq`)");
        }
        if server::find_nginx().is_none() {
            missing.push("nginx (`apt-get install nginx-light`); benches/peers/latency-server served in its place");
        }
        for peer in &missing {
            eprintln!("missing: {peer}");
        }
        Ok(Self {
            programs: work.join("peers/release"),
            cometchat: work.join("program/release/cometchat"),
            openapi_generator,
            python,
            curl_and_jq,
            missing,
        })
    }

    /// A program of `benches/peers`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// The machine and the versions, as a list in Markdown.
    pub fn machine(&self, root: &Path) -> String {
        let mut text = format!("- {}\n", tools::machine());
        let mut say = |name: &str, version: Option<String>| {
            if let Some(version) = version {
                let _ = writeln!(text, "- {name}: {version}");
            }
        };
        say("Rust", tools::version("rustc", "--version"));
        let lock = fs::read_to_string(root.join("benches/peers/Cargo.lock")).unwrap_or_default();
        for package in ["reqwest", "serde_json", "tokio", "progenitor"] {
            say(package, tools::locked(&lock, package));
        }
        let nginx = server::find_nginx();
        say(
            "nginx",
            nginx.and_then(|nginx| tools::first_line(&nginx, &["-v"])),
        );
        if self.openapi_generator.is_some() {
            say(
                "openapi-generator",
                tools::version("openapi-generator-cli", "version"),
            );
        }
        if let Some(python) = &self.python {
            say("Python", tools::first_line(python, &["--version"]));
            let print = "import requests; print(requests.__version__)";
            say("requests", tools::first_line(python, &["-c", print]));
        }
        if self.curl_and_jq {
            say("curl", tools::version("curl", "--version"));
            say("jq", tools::version("jq", "--version"));
        }
        for peer in &self.missing {
            let _ = writeln!(text, "- not on this machine, and left out: {peer}");
        }
        text
    }
}

/// Builds a workspace for release.
fn cargo_build(workspace: &Path, target: &Path, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(workspace).args(["build", "--release"]);
    command.arg("--target-dir").arg(target).args(arguments);
    let status = command.status().context("cargo can't be run")?;
    ensure!(status.success(), "{} does not build", workspace.display());
    Ok(())
}

/// Has openapi-generator make its client, and builds the program around it.
fn openapi_generator(root: &Path, work: &Path) -> Result<Option<PathBuf>> {
    let Some(generator) = tools::find("openapi-generator-cli") else {
        return Ok(None);
    };
    let package = root.join("benches/peers/openapi-generator");
    let mut command = Command::new(generator);
    command.arg("generate").args(["-g", "rust"]);
    command.arg("-i").arg(root.join("openapi.yaml"));
    command.arg("-o").arg(package.join("client"));
    command.arg("--additional-properties=packageName=openapi_client");
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        eprintln!(
            "openapi-generator failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        return Ok(None);
    }
    let target = work.join("openapi-generator");
    cargo_build(&package, &target, &[])?;
    Ok(Some(target.join("release/openapi-generator")))
}
