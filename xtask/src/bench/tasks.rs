//! Table (g): the checks of a spec, which run at every change of it.

use std::env;

use anyhow::Result;

use super::Bench;
use super::document::{Bound, Table};
use super::measure::{Runner, cpu, in_turns, median_of, wall};
use super::plot::short;

pub fn tables(bench: &Bench) -> Result<Vec<Table>> {
    let task = env::current_exe()?;
    let spec = bench.root.join("openapi.yaml").display().to_string();
    let runners = [
        Runner::new(
            "cargo xtask codegen --check",
            &task,
            &["codegen", "--check"],
        )
        .silent(),
        Runner::new("cargo xtask lint", &task, &["lint"]).silent(),
        Runner::new(
            "cargo xtask diff",
            &task,
            &["diff", "--from", &spec, "--to", &spec],
        )
        .silent(),
    ];
    let runs = in_turns(&runners, bench.rounds, None)?;
    let mut table = Table::new("g", &["", "wall, s", "CPU, s"]);
    for (runner, own) in runners.iter().zip(&runs) {
        let seconds = median_of(own, wall);
        table.line(vec![
            runner.name.clone(),
            short(seconds),
            short(median_of(own, cpu)),
        ]);
        table.target(&runner.name, Bound::AtMost(1.0), seconds, "s");
    }
    table.note("Without what cargo takes to see that nothing has to be built.");
    Ok(vec![table])
}
