//! `fuzz`: what reads text from outside takes any text.
//!
//! Each fuzzer starts from the spec's examples and from headers as they are documented, and changes them for as many
//! runs, or as many seconds, as it is given. What it found before is kept in fuzz/corpus, and gone through again first.

use std::fs;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use cometchat_codegen::spec::read;
use serde_json::{Value, json};

use crate::cargo::{INSTALL_NIGHTLY, has_program, nightly};
use crate::findings::{Findings, skip};

/// What is asked of the task.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The fuzzers to run; all of them where none is named.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(FUZZERS.map(|fuzzer| fuzzer.name)))]
    fuzzers: Vec<String>,
    /// How many inputs each one is given.
    #[arg(long, default_value_t = 1_000_000)]
    runs: u64,
    /// For how many seconds each one runs at the most.
    #[arg(long, default_value_t = 900)]
    seconds: u64,
}

/// A fuzzer, and the words that its inputs are made of.
#[derive(Clone, Copy)]
struct Fuzzer {
    name: &'static str,
    dictionary: &'static str,
    /// The longest input, in bytes: longer ones are slow, and what is wrong shows in short ones, too.
    longest: usize,
}

const FUZZERS: [Fuzzer; 7] = [
    fuzzer("members_page", "json", 2048),
    fuzzer("banned_page", "json", 2048),
    fuzzer("error_body", "json", 2048),
    fuzzer("rate_headers", "headers", 512),
    fuzzer("retry_after", "headers", 128),
    fuzzer("guid", "json", 512),
    fuzzer("spec_text", "spec", 4096),
];

/// A spec with one list, in few lines.
const SMALL_SPEC: &str = include_str!("../../fuzz/small.yaml");

const fn fuzzer(name: &'static str, dictionary: &'static str, longest: usize) -> Fuzzer {
    Fuzzer {
        name,
        dictionary,
        longest,
    }
}

/// Runs the fuzzers, one after the other.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    const CHECK: &str = "reading any text";
    if nightly().is_none() {
        return skip(
            CHECK,
            "fuzzers are built with a nightly toolchain",
            INSTALL_NIGHTLY,
        );
    }
    if !has_program("cargo-fuzz") {
        return skip(
            CHECK,
            "cargo-fuzz is not installed",
            "cargo install cargo-fuzz --locked",
        );
    }
    let spec = read(&fs::read_to_string(crate::root().join("openapi.yaml"))?)?;
    let mut findings = Findings::default();
    for fuzzer in FUZZERS {
        if !args.fuzzers.is_empty() && !args.fuzzers.iter().any(|name| name == fuzzer.name) {
            continue;
        }
        sow(fuzzer.name, &spec)?;
        let said = fuzz(fuzzer, args)?;
        match done(&said) {
            Some(done) => findings.pass(format!("{}: {done}", fuzzer.name)),
            None => findings.fail(
                format!("{}:\n{}", fuzzer.name, last_lines(&said, 40)),
                format!(
                    "the input is in fuzz/artifacts/{0}; to run it again: cargo +nightly fuzz run {0} FILE",
                    fuzzer.name
                ),
            ),
        }
    }
    Ok(findings.exit())
}

/// Runs one fuzzer, and gives what it printed.
fn fuzz(fuzzer: Fuzzer, args: &Args) -> Result<String> {
    let mut command = nightly().context("the nightly toolchain is gone")?;
    command
        .args(["fuzz", "run", fuzzer.name, "--"])
        .arg(format!("-runs={}", args.runs))
        .arg(format!("-max_total_time={}", args.seconds))
        .arg(format!("-max_len={}", fuzzer.longest))
        .arg(format!(
            "-dict=fuzz/dictionaries/{}.dict",
            fuzzer.dictionary
        ))
        .args(["-timeout=10", "-print_final_stats=1", "-verbosity=0"]);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("can't run cargo fuzz run {}", fuzzer.name))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() && !said.contains("libFuzzer") && !said.contains("SUMMARY") {
        bail!(
            "the fuzzer {} can't be built:\n{}",
            fuzzer.name,
            last_lines(&said, 40)
        );
    }
    Ok(if output.status.success() {
        said
    } else {
        format!("{said}\nfailed")
    })
}

/// How much a fuzzer did, where it came to its end.
fn done(said: &str) -> Option<String> {
    if said.trim_end().ends_with("failed") {
        return None;
    }
    let number = |name: &str| {
        said.lines()
            .find_map(|line| {
                line.trim()
                    .strip_prefix("stat::")?
                    .strip_prefix(name)?
                    .strip_prefix(':')
            })
            .and_then(|number| number.trim().parse::<u64>().ok())
    };
    let (inputs, rate) = (
        number("number_of_executed_units")?,
        number("average_exec_per_sec")?,
    );
    Some(format!(
        "{inputs} inputs, {rate} a second, none refused without reason"
    ))
}

/// The last lines of a text.
fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Writes what a fuzzer starts from into its corpus.
fn sow(name: &str, spec: &Value) -> Result<()> {
    let folder = crate::root().join("fuzz/corpus").join(name);
    fs::create_dir_all(&folder)?;
    for (number, seed) in seeds(name, spec).into_iter().enumerate() {
        fs::write(folder.join(format!("seed-{number}")), seed)?;
    }
    Ok(())
}

/// What a fuzzer starts from: the documented examples, and what API-wise stands beside them.
fn seeds(name: &str, spec: &Value) -> Vec<Vec<u8>> {
    let example = |name: &str| {
        spec["components"]["examples"][name]["value"]
            .to_string()
            .into_bytes()
    };
    let rows = |name: &str| {
        let page: Value = serde_json::from_slice(&example(name)).unwrap_or_default();
        let rows = page["data"].as_array().cloned().unwrap_or_default();
        let pages = rows
            .into_iter()
            .map(|row| json!({"data": [row], "meta": page["meta"]}));
        pages
            .map(|page| page.to_string().into_bytes())
            .collect::<Vec<_>>()
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    match name {
        "members_page" => [vec![example("GroupMembersPage")], rows("GroupMembersPage")].concat(),
        "banned_page" => [vec![example("BannedUsersPage")], rows("BannedUsersPage")].concat(),
        "error_body" => {
            let bodies = ["GroupNotFound", "MissionFailed"].map(example);
            let html = b"<html><body>502 Bad Gateway</body></html>".to_vec();
            let statuses = [[0_u8, 100], [1, 48], [1, 145], [1, 146]];
            let bodies = bodies.into_iter().chain([html, b"{}".to_vec()]);
            bodies
                .flat_map(|body| statuses.map(|status| [&status[..], &body].concat()))
                .collect()
        }
        "rate_headers" => texts(&[
            "x-ratelimit-limit: 20000\nx-ratelimit-remaining: 19999\nx-ratelimit-reset: 1638360166",
            "x-rate-limit: 500\nx-rate-limit-remaining: 0\nx-rate-limit-reset: 1638360166\nretry-after: 30",
            "x-ratelimit-limit-for-app: 20000\nx-ratelimit-remaining-for-app: 3",
        ]),
        "retry_after" => texts(&[
            "30",
            "Wed, 01 Dec 2021 12:02:46 GMT",
            "Wed, 01 Dec 2021 12:02:46 GMT\nWed, 01 Dec 2021 12:01:46 GMT",
            "Wednesday, 01-Dec-21 12:02:46 GMT",
        ]),
        "guid" => texts(&["supergroup", "..", "a/..\\b", "%2e%2e", "\u{e9}?#&;=+ "]),
        _ => texts(&[SMALL_SPEC]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fuzzer_has_something_to_start_from() {
        let spec = read(&fs::read_to_string(crate::root().join("openapi.yaml")).unwrap()).unwrap();
        for fuzzer in FUZZERS {
            let seeds = seeds(fuzzer.name, &spec);
            assert!(!seeds.is_empty(), "{}", fuzzer.name);
            assert!(seeds.iter().all(|seed| seed.len() > 1), "{}", fuzzer.name);
        }
    }

    #[test]
    fn the_small_spec_is_turned_into_code() {
        let code = cometchat_codegen::generate(SMALL_SPEC).unwrap();
        assert!(code.contains("list_banned_users"));
    }

    #[test]
    fn each_fuzzer_is_there() {
        for fuzzer in FUZZERS {
            let folder = crate::root().join("fuzz");
            assert!(
                folder
                    .join(format!("fuzz_targets/{}.rs", fuzzer.name))
                    .is_file(),
                "{}",
                fuzzer.name
            );
            assert!(
                folder
                    .join(format!("dictionaries/{}.dict", fuzzer.dictionary))
                    .is_file(),
                "{}",
                fuzzer.name
            );
        }
    }

    #[test]
    fn the_numbers_are_those_that_the_fuzzer_printed() {
        let said = "Done 1000 runs\nstat::number_of_executed_units: 1000\nstat::average_exec_per_sec:     500\n";
        assert!(done(said).unwrap().starts_with("1000 inputs, 500 a second"));
        assert_eq!(done(&format!("{said}failed")), None);
        assert_eq!(done(""), None);
    }
}
