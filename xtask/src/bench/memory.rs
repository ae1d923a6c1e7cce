//! Table (c): the most memory at a time, for lists of three lengths that are read row by row.

use anyhow::Result;

use super::Bench;
use super::data::{GROUP_10, GROUP_100, GROUP_1000};
use super::document::{Bound, Table};
use super::measure::{Runner, in_turns, median_of, peak, wall};
use super::plot::{Bar, Plot, short};

pub fn tables(bench: &Bench) -> Result<Vec<Table>> {
    let server = bench.server()?;
    let base = server.base_url.as_str();
    let ours = bench.peers.program("ours");
    let plain = bench.peers.program("plain");
    let lists = [
        (GROUP_10, 10_000_u64, "10,000 rows"),
        (GROUP_100, 100_000, "100,000 rows"),
        (GROUP_1000, 1_000_000, "1,000,000 rows"),
    ];
    let mut peaks = Vec::new();
    for (guid, rows, _) in lists {
        let runners = [
            Runner::new("cometchat, prefetch 8", &ours, &["typed", base, guid, "8"]),
            Runner::new(
                "cometchat, prefetch 8, large allocations apart",
                &ours,
                &["typed", base, guid, "8"],
            )
            .variable("MALLOC_MMAP_THRESHOLD_", "131072"),
            Runner::new(
                "cometchat, prefetch off",
                &ours,
                &["typed", base, guid, "1"],
            ),
            Runner::new(
                "reqwest + serde, all fields",
                &plain,
                &["typed", base, guid],
            ),
        ];
        let runs = in_turns(&runners, bench.rounds, Some(rows))?;
        let medians = runs
            .iter()
            .map(|own| (median_of(own, peak), median_of(own, wall)));
        peaks.push(
            runners
                .map(|runner| runner.name)
                .into_iter()
                .zip(medians)
                .collect::<Vec<_>>(),
        );
    }

    let mut table = Table::new(
        "c",
        &[
            "",
            lists[0].2,
            lists[1].2,
            lists[2].2,
            "× 10,000 rows",
            "1,000,000 rows, s",
        ],
    );
    let mut bars = Vec::new();
    for (place, (name, _)) in peaks[0].iter().enumerate() {
        let of = |list: usize| peaks[list][place].1.0;
        table.line(vec![
            name.clone(),
            format!("{} MiB", short(of(0))),
            format!("{} MiB", short(of(1))),
            format!("{} MiB", short(of(2))),
            short(of(2) / of(0)),
            short(peaks[2][place].1.1),
        ]);
        bars.extend(lists.iter().enumerate().map(|(list, (.., rows))| Bar {
            name: format!("{name}: {rows}"),
            value: of(list),
            ours: name.starts_with("cometchat"),
        }));
    }
    table.plot(
        "c",
        Plot::Bars {
            title: "Peak memory of a list read row by row".to_owned(),
            unit: "MiB",
            bars,
        },
    );
    let (ten, million) = (peaks[0][0].1.0, peaks[2][0].1.0);
    table.target(
        "prefetch 8: peak for 1,000,000 rows, of that for 10,000",
        Bound::AtMost(1.1),
        million / ten,
        "×",
    );
    table.target(
        "prefetch 8: peak for 1,000,000 rows",
        Bound::AtMost(40.0),
        million,
        "MiB",
    );
    table.note(
        "What grows is what glibc's allocator keeps: once a large allocation was freed, it takes later ones from its \
         arenas, where they leave holes. `large allocations apart` is the same program with \
         `MALLOC_MMAP_THRESHOLD_=131072`, which keeps it from that.",
    );
    table.note(format!("Served by {}.", server.name));
    Ok(vec![table])
}
