//! Table (e): the `cometchat` program: its start, its size, and an export beside the scripts that one writes otherwise.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::data::{GROUP_100, ROWS};
use super::document::{Bound, Table};
use super::measure::{Runner, cpu, in_turns, median_of, ratio, wall};
use super::plot::{Bar, Plot, short};
use super::{Bench, tools};

pub fn tables(bench: &Bench) -> Result<Vec<Table>> {
    Ok(vec![start(bench)?, export(bench)?])
}

fn start(bench: &Bench) -> Result<Table> {
    let cometchat = &bench.peers.cometchat;
    let mut runners = vec![Runner::new("cometchat --help", cometchat, &["--help"]).silent()];
    if let Some(curl) = tools::find("curl") {
        runners.push(Runner::new("curl --version", curl, &["--version"]).silent());
    }
    if let Some(python) = &bench.peers.python {
        let import = ["-c", "import requests"];
        runners.push(Runner::new("python3 -c \"import requests\"", python, &import).silent());
    }
    let runs = in_turns(&runners, bench.rounds * 3, None)?;
    let mut table = Table::new("e-start", &["", "start to end, ms"]);
    for (runner, own) in runners.iter().zip(&runs) {
        table.line(vec![
            runner.name.clone(),
            short(median_of(own, wall) * 1000.0),
        ]);
    }
    let milliseconds = median_of(&runs[0], wall) * 1000.0;
    table.target("cometchat --help", Bound::AtMost(10.0), milliseconds, "ms");
    let size = |program: &Path| -> Result<String> {
        Ok(short(fs::metadata(program)?.len() as f64 / 1024.0 / 1024.0))
    };
    table.note(format!(
        "The program has {} MiB, with TLS and the sandbox in it; the peer of reqwest + serde has {} MiB.",
        size(cometchat)?,
        size(&bench.peers.program("plain"))?
    ));
    Ok(table)
}

fn export(bench: &Bench) -> Result<Table> {
    let server = bench.server()?;
    let base = server.base_url.as_str();
    let scripts = bench.root.join("benches/peers/scripts");
    let exports = bench.work.join("exports");
    fs::create_dir_all(&exports)?;
    let file = |name: &str| exports.join(name);
    let text = |path: &Path| path.display().to_string();

    let members = [
        "--base-url",
        base,
        "members",
        GROUP_100,
        "--per-page",
        "1000",
        "--format",
        "ndjson",
    ];
    let ahead = [&members[..], &["--prefetch", "4"]].concat();
    let off = [&members[..], &["--prefetch", "1"]].concat();
    let cometchat = &bench.peers.cometchat;
    let mut runners = vec![
        Runner::new("cometchat members, as it is", cometchat, &members)
            .into_file(file("default.ndjson")),
        Runner::new("cometchat members --prefetch 1", cometchat, &off)
            .into_file(file("off.ndjson")),
        Runner::new("cometchat members --prefetch 4", cometchat, &ahead)
            .into_file(file("ahead.ndjson")),
    ];
    let ours = runners.len();
    if let Some(python) = &bench.peers.python {
        let script = text(&scripts.join("export.py"));
        let output = file("python.ndjson");
        let arguments = [&script, base, GROUP_100, &text(&output)];
        runners.push(Runner::new("Python requests", python, &arguments).writes(output));
    }
    if bench.peers.curl_and_jq {
        let output = file("jq.ndjson");
        let arguments = [base, GROUP_100, &text(&output)];
        runners
            .push(Runner::new("curl + jq", scripts.join("export.sh"), &arguments).writes(output));
    }
    let runs = in_turns(&runners, bench.rounds, Some(100 * ROWS as u64))?;
    let mut table = Table::new(
        "e-export",
        &["", "wall, s", "cometchat is faster, times", "CPU, s"],
    );
    for (place, (runner, own)) in runners.iter().zip(&runs).enumerate() {
        let faster = ratio(own, &runs[0], wall);
        table.line(vec![
            runner.name.clone(),
            short(median_of(own, wall)),
            short(faster),
            short(median_of(own, cpu)),
        ]);
        let least = match runner.name.as_str() {
            "Python requests" => 4.0,
            _ => 40.0,
        };
        if place >= ours {
            let target = format!("NDJSON export: as fast as {}, times", runner.name);
            table.target(&target, Bound::AtLeast(least), faster, "×");
        }
    }
    let bars = runners.iter().zip(&runs).map(|(runner, own)| Bar {
        name: runner.name.clone(),
        value: median_of(own, wall),
        ours: runner.name.starts_with("cometchat"),
    });
    table.plot(
        "e-export",
        Plot::Bars {
            title: "NDJSON of 100,000 rows, no latency: wall time".to_owned(),
            unit: "s",
            bars: bars.collect(),
        },
    );
    table.note(format!("Served by {}.", server.name));
    Ok(table)
}
