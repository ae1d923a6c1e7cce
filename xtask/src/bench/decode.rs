//! Table (d): decoding alone.

use std::process::Command;

use anyhow::{Result, ensure};

use super::Bench;
use super::data::{GROUP_100, UNKNOWN_FIELDS};
use super::document::{Bound, Table};
use super::measure::median;
use super::plot::{Bar, Plot, short};

/// The ways of `benches/peers/decode`, and what a table calls them.
const WAYS: [(&str, &str); 8] = [
    ("typed", "serde_json, all fields"),
    ("ours", "cometchat, all fields and unknown ones"),
    (
        "ours-text",
        "cometchat, all fields and unknown ones, as its calls read them",
    ),
    ("ours-raw", "cometchat, raw rows"),
    (
        "typed-text",
        "serde_json, all fields, encoding checked at once",
    ),
    ("few", "serde_json, five fields"),
    ("typed-extra", "serde_json, all fields and unknown ones"),
    ("value", "serde_json, Value"),
];

pub fn tables(bench: &Bench) -> Result<Vec<Table>> {
    let page = bench.work.join("pages").join(GROUP_100).join("1.json");
    let unknown = bench.work.join(UNKNOWN_FIELDS);
    let mut table = Table::new(
        "d",
        &[
            "",
            "rows as documented, MB/s",
            "×",
            "three unknown fields more, MB/s",
            "×",
        ],
    );
    let mut cells = WAYS.map(|(_, name)| vec![name.to_owned()]);
    let mut bars = Vec::new();
    for (file, what) in [
        (page, "rows as documented"),
        (unknown, "rows with three unknown fields more"),
    ] {
        // Rounds are short here: three times as many cost less than a second.
        let rounds = (bench.rounds * 3).to_string();
        let output = Command::new(bench.peers.program("decode"))
            .arg(file)
            .arg(&rounds)
            .output()?;
        ensure!(
            output.status.success(),
            "decode failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let speeds = |way: &str| -> Vec<f64> {
            let lines = printed.lines().filter_map(|line| line.split_once(' '));
            lines
                .filter(|(name, _)| *name == way)
                .filter_map(|(_, speed)| speed.parse().ok())
                .collect()
        };
        let plain = speeds(WAYS[0].0);
        for (cells, (way, name)) in cells.iter_mut().zip(WAYS) {
            let own = speeds(way);
            let ratios = own
                .iter()
                .zip(&plain)
                .map(|(own, plain)| own / plain)
                .collect();
            let (speed, ratio) = (median(own), median(ratios));
            cells.extend([short(speed), short(ratio)]);
            if way == "ours" {
                let target = format!("{what}: as fast as serde_json into a plain struct");
                table.target(&target, Bound::AtLeast(0.85), ratio, "×");
            }
            if bars.len() < WAYS.len() {
                bars.push(Bar {
                    name: name.to_owned(),
                    value: speed,
                    ours: name.starts_with("cometchat"),
                });
            }
        }
    }
    cells.into_iter().for_each(|line| table.line(line));
    table.plot(
        "d",
        Plot::Bars {
            title: "Decoding a page of 1,000 rows as documented".to_owned(),
            unit: "MB/s",
            bars,
        },
    );
    Ok(vec![table])
}
