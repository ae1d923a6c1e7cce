//! Table (h): a thousand small groups at once under one client.

use anyhow::Result;

use super::Bench;
use super::data::SMALL_GROUPS;
use super::document::Table;
use super::measure::{Runner, cpu, in_turns, median_of, peak, ratio, wall};
use super::plot::{Bar, Plot, short};

pub fn tables(bench: &Bench) -> Result<Vec<Table>> {
    let server = bench.server()?;
    let base = server.base_url.as_str();
    let groups = SMALL_GROUPS.to_string();
    let runners = [
        Runner::new(
            "cometchat",
            bench.peers.program("ours"),
            &["groups", base, &groups],
        ),
        Runner::new(
            "reqwest + serde, all fields",
            bench.peers.program("plain"),
            &["groups", base, &groups],
        ),
    ];
    let runs = in_turns(&runners, bench.rounds, Some(20 * SMALL_GROUPS as u64))?;
    let mut table = Table::new("h", &["", "wall, s", "×", "CPU, s", "peak, MiB"]);
    for (runner, own) in runners.iter().zip(&runs) {
        table.line(vec![
            runner.name.clone(),
            short(median_of(own, wall)),
            short(ratio(own, &runs[1], wall)),
            short(median_of(own, cpu)),
            short(median_of(own, peak)),
        ]);
    }
    let bars = runners.iter().zip(&runs).map(|(runner, own)| Bar {
        name: runner.name.clone(),
        value: median_of(own, wall),
        ours: runner.name.starts_with("cometchat"),
    });
    table.plot(
        "h",
        Plot::Bars {
            title: "1,000 groups of 20 members at once: wall time".to_owned(),
            unit: "s",
            bars: bars.collect(),
        },
    );
    table.note(format!(
        "Served by {}, each group on a connection of its own.",
        server.name
    ));
    Ok(vec![table])
}
