//! Programs run in turns, and what their runs took.
//!
//! The programs of a table take turns, round by round: whatever else the machine does meets all of them. A ratio is the
//! median of the ratios of the rounds, not the ratio of two medians that may come from different moments.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// A program with its arguments, and what a table calls it.
#[derive(Clone, Debug)]
pub struct Runner {
    pub name: String,
    program: PathBuf,
    arguments: Vec<String>,
    output: Output,
    /// A variable of its environment.
    variable: Option<(&'static str, OsString)>,
    /// A directory that is not there when a run begins.
    fresh: Option<PathBuf>,
}

/// What a run leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Output {
    /// A line on stdout: rows, their sum, the peak of the memory in KiB.
    Report,
    /// Lines on stdout, which goes to this file.
    Stdout(PathBuf),
    /// Lines in this file, which the program writes itself.
    Written(PathBuf),
    /// Nothing of interest.
    None,
}

/// What a run took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Run {
    /// From the start of the process to its end.
    pub wall: Duration,
    /// User and system time of the process and all that it started; zero where the system does not tell.
    pub cpu: Duration,
    pub rows: u64,
    pub sum: u64,
    pub peak_kib: u64,
}

impl Runner {
    /// A program that reports its rows.
    pub fn new(name: &str, program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            program: program.into(),
            arguments: arguments
                .iter()
                .map(|&argument| argument.to_owned())
                .collect(),
            output: Output::Report,
            variable: None,
            fresh: None,
        }
    }

    /// Sets a variable of its environment.
    pub fn variable(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variable = Some((name, value.into()));
        self
    }

    /// Removes this directory before each run.
    pub fn without(mut self, directory: impl Into<PathBuf>) -> Self {
        self.fresh = Some(directory.into());
        self
    }

    /// A program whose output does not matter.
    pub fn silent(mut self) -> Self {
        self.output = Output::None;
        self
    }

    /// A program that prints a line for each row: the lines go to this file.
    pub fn into_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.output = Output::Stdout(file.into());
        self
    }

    /// A program that writes a line for each row to this file.
    pub fn writes(mut self, file: impl Into<PathBuf>) -> Self {
        self.output = Output::Written(file.into());
        self
    }

    /// Runs the program once.
    pub fn run(&self) -> Result<Run> {
        if let Some(directory) = self.fresh.as_ref().filter(|directory| directory.exists()) {
            fs::remove_dir_all(directory)?;
        }
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env("COMETCHAT_API_KEY", "key")
            .envs(self.variable.clone());
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        command.stdout(match &self.output {
            Output::Stdout(file) => Stdio::from(File::create(file)?),
            Output::Report => Stdio::piped(),
            Output::None | Output::Written(_) => Stdio::null(),
        });
        let before = children_cpu();
        let started = Instant::now();
        let output = command
            .output()
            .with_context(|| format!("{} can't be run", self.program.display()))?;
        let wall = started.elapsed();
        let cpu = children_cpu().saturating_sub(before);
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{} failed ({}): {}", self.name, output.status, said.trim());
        }
        let mut run = Run {
            wall,
            cpu,
            ..Run::default()
        };
        match &self.output {
            Output::Report => {
                let line = String::from_utf8_lossy(&output.stdout).into_owned();
                let numbers: Vec<u64> = line
                    .split_whitespace()
                    .filter_map(|word| word.parse().ok())
                    .collect();
                let [rows, sum, peak_kib] = numbers[..] else {
                    bail!("{} printed {line:?}, not rows, sum and peak", self.name);
                };
                (run.rows, run.sum, run.peak_kib) = (rows, sum, peak_kib);
            }
            Output::Stdout(file) | Output::Written(file) => {
                run.rows = BufReader::new(File::open(file)?).split(b'\n').count() as u64;
            }
            Output::None => {}
        }
        Ok(run)
    }
}

/// The runs of each program, by program and round. They all have to read as many rows as `rows` says.
pub fn in_turns(runners: &[Runner], rounds: usize, rows: Option<u64>) -> Result<Vec<Vec<Run>>> {
    let mut runs = vec![Vec::new(); runners.len()];
    for round in 0..rounds {
        for turn in 0..runners.len() {
            // Nobody is always the one after the slow one.
            let place = (turn + round) % runners.len();
            let run = runners[place].run()?;
            if let Some(rows) = rows {
                let name = &runners[place].name;
                ensure!(run.rows == rows, "{name} read {} rows of {rows}", run.rows);
            }
            runs[place].push(run);
        }
    }
    Ok(runs)
}

/// The median of some measure of runs.
pub fn median_of(runs: &[Run], measure: impl Fn(&Run) -> f64) -> f64 {
    median(runs.iter().map(measure).collect())
}

/// The median of how one program's runs compare with those of another, round by round.
pub fn ratio(runs: &[Run], base: &[Run], measure: impl Fn(&Run) -> f64) -> f64 {
    let ratios = runs
        .iter()
        .zip(base)
        .map(|(run, base)| measure(run) / measure(base));
    median(ratios.collect())
}

/// Wall time in seconds.
pub fn wall(run: &Run) -> f64 {
    run.wall.as_secs_f64()
}

/// CPU time in seconds.
pub fn cpu(run: &Run) -> f64 {
    run.cpu.as_secs_f64()
}

/// The peak of the memory in MiB.
pub fn peak(run: &Run) -> f64 {
    run.peak_kib as f64 / 1024.0
}

/// The middle of some numbers; of two in the middle, what is between them.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    if numbers.is_empty() {
        return f64::NAN;
    }
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    if numbers.len() % 2 == 1 {
        numbers[middle]
    } else {
        (numbers[middle - 1] + numbers[middle]) / 2.0
    }
}

/// The CPU time of all processes that were started and have ended.
#[cfg(unix)]
fn children_cpu() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else {
        return Duration::ZERO;
    };
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Duration::from_micros(micros.unsigned_abs())
}

#[cfg(not(unix))]
fn children_cpu() -> Duration {
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn a_ratio_is_taken_round_by_round() {
        let runs = |walls: [u64; 3]| {
            walls.map(|wall| Run {
                wall: Duration::from_secs(wall),
                ..Run::default()
            })
        };
        // In each round one takes twice as long as the other, however busy the machine is.
        assert_eq!(ratio(&runs([2, 20, 200]), &runs([1, 10, 100]), wall), 2.0);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_is_an_error_and_not_a_fast_one() {
        let runner = Runner::new("false", "false", &[]).silent();
        assert!(runner.run().is_err());
    }
}
