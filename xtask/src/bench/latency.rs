//! Table (b): the same pages, each answered after 50 ms.

use anyhow::Result;

use super::Bench;
use super::data::{GROUP_100, ROWS};
use super::document::{Bound, Table};
use super::measure::{Runner, cpu, in_turns, median_of, ratio, wall};
use super::plot::{Line, Plot, short};

const MILLISECONDS: u32 = 50;
const PREFETCH: [u32; 4] = [1, 4, 8, 16];

pub fn tables(bench: &Bench) -> Result<Vec<Table>> {
    let server = bench.server_with_latency(MILLISECONDS)?;
    let base = server.base_url.as_str();
    let ours = bench.peers.program("ours");
    let mut runners: Vec<_> = PREFETCH
        .iter()
        .map(|prefetch| {
            let arguments = ["typed", base, GROUP_100, &prefetch.to_string()];
            Runner::new(
                &format!("cometchat, prefetch {prefetch}"),
                &ours,
                &arguments,
            )
        })
        .collect();
    let plain = bench.peers.program("plain");
    runners.push(Runner::new(
        "reqwest + serde, all fields",
        &plain,
        &["typed", base, GROUP_100],
    ));
    let eight = &["buffered", base, GROUP_100, "8"];
    runners.push(Runner::new(
        "reqwest + serde, all fields, 8 buffered",
        &plain,
        eight,
    ));
    let runs = in_turns(&runners, bench.rounds, Some(100 * ROWS as u64))?;

    // As many times as fast as one page after the other.
    let speed = |place: usize| ratio(&runs[0], &runs[place], wall);
    let mut table = Table::new(
        "b",
        &["", "wall, s", "times as fast", "of the ideal", "CPU, s"],
    );
    for (place, runner) in runners.iter().enumerate() {
        let ideal = PREFETCH
            .get(place)
            .map(|&ideal| speed(place) / f64::from(ideal));
        table.line(vec![
            runner.name.clone(),
            short(median_of(&runs[place], wall)),
            short(speed(place)),
            ideal.map_or("—".to_owned(), |part| format!("{:.0} %", part * 100.0)),
            short(median_of(&runs[place], cpu)),
        ]);
    }
    let line = |name: &str, ours, speed: &dyn Fn(usize) -> f64| Line {
        name: name.to_owned(),
        points: PREFETCH
            .iter()
            .enumerate()
            .map(|(place, &prefetch)| (f64::from(prefetch), speed(place)))
            .collect(),
        ours,
    };
    table.plot(
        "b",
        Plot::Lines {
            title: format!(
                "{MILLISECONDS} ms a response: as fast as one page after the other, times"
            ),
            x: "prefetch",
            y: "times as fast",
            lines: vec![
                line("ideal", false, &|place| f64::from(PREFETCH[place])),
                line("cometchat", true, &speed),
            ],
        },
    );
    table.target(
        "prefetch 8: as fast as one page after the other, times",
        Bound::AtLeast(7.2),
        speed(2),
        "×",
    );
    table.note(format!(
        "Served by {}. With 8 at a time, 100 pages take 13 waits: 7.69 times as fast is all that there is to be had.",
        server.name
    ));
    Ok(vec![table])
}
