//! Table (f): what it costs to build a small program on this SDK, and the same on plain reqwest and serde.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Result, ensure};

use super::Bench;
use super::document::{Bound, Table};
use super::measure::{Runner, cpu, in_turns, median_of, ratio, wall};
use super::plot::{Bar, Plot, short};

pub fn tables(bench: &Bench) -> Result<Vec<Table>> {
    let manifest = bench
        .root
        .join("benches/peers/Cargo.toml")
        .display()
        .to_string();
    let packages = [("ours", "cometchat"), ("plain", "reqwest + serde")];
    let runners = packages.map(|(package, name)| {
        let target = bench.work.join("cold").join(package);
        let path = target.display().to_string();
        let arguments = [
            "build",
            "--manifest-path",
            &manifest,
            "--package",
            package,
            "--target-dir",
            &path,
            "--jobs",
            "2",
            "--offline",
            "--quiet",
        ];
        Runner::new(name, env!("CARGO"), &arguments)
            .silent()
            .without(target)
    });
    let runs = in_turns(&runners, bench.rounds, None)?;
    let mut table = Table::new("f", &["", "wall, s", "×", "CPU, s", "crates"]);
    for ((runner, own), (package, _)) in runners.iter().zip(&runs).zip(packages) {
        table.line(vec![
            runner.name.clone(),
            short(median_of(own, wall)),
            short(ratio(own, &runs[1], wall)),
            short(median_of(own, cpu)),
            crates(&manifest, package)?.to_string(),
        ]);
    }
    let bars = runners.iter().zip(&runs).map(|(runner, own)| Bar {
        name: runner.name.clone(),
        value: median_of(own, wall),
        ours: runner.name.starts_with("cometchat"),
    });
    table.plot(
        "f",
        Plot::Bars {
            title: "First build of a small program, cargo build --jobs 2".to_owned(),
            unit: "s",
            bars: bars.collect(),
        },
    );
    let target = "first build: wall time of reqwest + serde";
    table.target(
        target,
        Bound::AtMost(1.05),
        ratio(&runs[0], &runs[1], wall),
        "×",
    );
    Ok(vec![table])
}

/// How many crates a package is built from, itself included.
fn crates(manifest: &str, package: &str) -> Result<usize> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--manifest-path",
            manifest,
            "--package",
            package,
            "--offline",
        ])
        .args([
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--no-dedupe",
        ])
        .output()?;
    ensure!(
        output.status.success(),
        "cargo tree: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().collect::<BTreeSet<_>>().len())
}
