//! Table (a): 100 pages of 1,000 rows, without latency.

use anyhow::Result;

use super::Bench;
use super::data::{GROUP_100, ROWS};
use super::document::{Bound, Table};
use super::measure::{Runner, cpu, in_turns, median_of, peak, ratio, wall};
use super::plot::{Bar, Plot, short};
use super::tools;

pub fn tables(bench: &Bench) -> Result<Vec<Table>> {
    let server = bench.server()?;
    let base = server.base_url.as_str();
    let plain = bench.peers.program("plain");
    let ours = bench.peers.program("ours");
    let typed = |name, prefetch| Runner::new(name, &ours, &["typed", base, GROUP_100, prefetch]);

    let mut runners = vec![
        Runner::new(
            "reqwest + serde, five fields",
            &plain,
            &["few", base, GROUP_100],
        ),
        Runner::new(
            "reqwest + serde, all fields",
            &plain,
            &["typed", base, GROUP_100],
        ),
        typed("cometchat, prefetch off", "1"),
        typed("cometchat, prefetch 4", "4"),
        typed("cometchat, prefetch 8", "8"),
        Runner::new(
            "cometchat, raw rows, prefetch off",
            &ours,
            &["raw", base, GROUP_100, "1"],
        ),
        Runner::new(
            "reqwest + serde, all fields and unknown ones",
            &plain,
            &["typed-extra", base, GROUP_100],
        ),
        Runner::new(
            "reqwest + serde, all fields, 4 buffered",
            &plain,
            &["buffered", base, GROUP_100, "4"],
        ),
        Runner::new(
            "progenitor's client, bare",
            bench.peers.program("bare"),
            &[base, GROUP_100],
        ),
    ];
    if let Some(program) = &bench.peers.openapi_generator {
        runners.push(Runner::new(
            "openapi-generator's client",
            program,
            &[base, GROUP_100],
        ));
    }
    let (few, all, off, four) = (0, 1, 2, 3);
    if let Some(jemalloc) = tools::library("libjemalloc.so.2") {
        for place in [few, four] {
            let mut runner = runners[place].clone().variable("LD_PRELOAD", &jemalloc);
            runner.name += ", jemalloc";
            runners.push(runner);
        }
    }
    let runs = in_turns(&runners, bench.rounds, Some(100 * ROWS as u64))?;

    let mut table = Table::new(
        "a",
        &[
            "",
            "wall, s",
            "× five fields",
            "× all fields",
            "CPU, s",
            "× all fields",
            "peak, MiB",
        ],
    );
    for (runner, own) in runners.iter().zip(&runs) {
        table.line(vec![
            runner.name.clone(),
            short(median_of(own, wall)),
            short(ratio(own, &runs[few], wall)),
            short(ratio(own, &runs[all], wall)),
            short(median_of(own, cpu)),
            short(ratio(own, &runs[all], cpu)),
            short(median_of(own, peak)),
        ]);
    }
    let of = |measure: fn(&super::measure::Run) -> f64| {
        let bars = runners.iter().zip(&runs).map(|(runner, own)| Bar {
            name: runner.name.clone(),
            value: median_of(own, measure),
            ours: runner.name.starts_with("cometchat"),
        });
        bars.collect()
    };
    table.plot(
        "a-wall",
        Plot::Bars {
            title: "100 pages of 1,000 rows, no latency: wall time".to_owned(),
            unit: "s",
            bars: of(wall),
        },
    );
    table.plot(
        "a-cpu",
        Plot::Bars {
            title: "100 pages of 1,000 rows, no latency: CPU time".to_owned(),
            unit: "s",
            bars: of(cpu),
        },
    );
    let target = "prefetch off: wall time of reqwest + serde, all fields";
    table.target(
        target,
        Bound::AtMost(1.10),
        ratio(&runs[off], &runs[all], wall),
        "×",
    );
    let target = "prefetch off: CPU time of reqwest + serde, all fields";
    table.target(
        target,
        Bound::AtMost(1.25),
        ratio(&runs[off], &runs[all], cpu),
        "×",
    );
    for (base, fields) in [(all, "all fields"), (few, "five fields")] {
        let target = format!("prefetch 4: wall time of reqwest + serde, {fields}");
        table.target(
            &target,
            Bound::AtMost(0.70),
            ratio(&runs[four], &runs[base], wall),
            "×",
        );
    }
    let busy = median_of(&runs[four], |run| cpu(run) / wall(run));
    table.note(format!(
        "With prefetch 4 the client keeps {} of {} processors busy. Much of the rest is waiting for the allocator: rows are \
         made by the tasks that read ahead and dropped by the reader, and the threads of glibc's allocator wait for one \
         another there. Those of jemalloc do less.",
        short(busy),
        std::thread::available_parallelism().map_or(1, usize::from),
    ));
    table.note(format!("Served by {}.", server.name));
    Ok(vec![table])
}
