//! Sets this SDK beside its peers, in one run, and writes the numbers into `docs/benchmarks.md`.
//!
//! Nothing is installed: a peer that is not on this machine is left out, and said to be missing. Nothing here is a test.
//! A machine that is busy, or slow, makes no build fail.

mod consumer;
mod data;
mod decode;
mod document;
mod groups;
mod latency;
mod measure;
mod memory;
mod pages;
mod peers;
mod plot;
mod program;
mod server;
mod tasks;
mod tools;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;

use document::Table;
use peers::Peers;
use server::Server;

/// What a run of the benchmarks does.
#[derive(Args)]
pub struct Options {
    /// Three rounds in place of nine, no cold builds, and nothing written: a first look.
    #[arg(long)]
    quick: bool,
    /// How often each program runs.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    rounds: Option<u16>,
    /// Only these tables, such as `a,d`; the others stay in the document as they are.
    #[arg(long, value_name = "LETTERS", value_delimiter = ',')]
    tables: Vec<char>,
}

/// What the tables are made with.
struct Bench {
    root: PathBuf,
    /// Where everything is built and written that is not kept.
    work: PathBuf,
    rounds: usize,
    peers: Peers,
}

/// Makes the tables of one letter.
type Make = fn(&Bench) -> Result<Vec<Table>>;

/// The tables, by letter.
const TABLES: [(char, Make); 8] = [
    ('a', pages::tables),
    ('b', latency::tables),
    ('c', memory::tables),
    ('d', decode::tables),
    ('e', program::tables),
    ('f', consumer::tables),
    ('g', tasks::tables),
    ('h', groups::tables),
];

/// Runs the benchmarks.
pub fn run(options: &Options) -> Result<ExitCode> {
    let chosen = |letter: char| match options.tables.as_slice() {
        [] => !(options.quick && letter == 'f'),
        letters => letters.contains(&letter),
    };
    if let Some(letter) = options
        .tables
        .iter()
        .find(|letter| !TABLES.iter().any(|(name, _)| name == *letter))
    {
        bail!("there is no table {letter}: they are a to h");
    }
    raise_open_files();
    let root = crate::root();
    let work = root.join("target/bench");
    fs::create_dir_all(&work)?;
    data::write(&work.join("pages"))?;
    let default = if options.quick { 3 } else { 9 };
    let bench = Bench {
        rounds: options.rounds.map_or(default, usize::from),
        peers: Peers::build(&root, &work)?,
        root,
        work,
    };
    let mut tables = Vec::new();
    for (letter, make) in TABLES.into_iter().filter(|(letter, _)| chosen(*letter)) {
        let load = tools::load();
        eprintln!(
            "table {letter}, load {}",
            load.map_or("unknown".to_owned(), |load| format!("{load:.2}"))
        );
        let mut made = make(&bench).with_context(|| format!("table {letter}"))?;
        if let Some(load) = load {
            let rounds = bench.rounds;
            for table in &mut made {
                table.note(format!(
                    "{rounds} rounds; load {load:.2} when the table was begun."
                ));
            }
        }
        for table in &made {
            println!("\n({letter})\n\n{}", table.markdown());
        }
        // Whatever becomes of the next table, this one is kept.
        if !options.quick {
            bench.write(&made)?;
        }
        tables.extend(made);
    }
    println!("\n{}", document::targets("", &tables));
    Ok(ExitCode::SUCCESS)
}

impl Bench {
    /// Writes the numbers and the plots.
    fn write(&self, tables: &[Table]) -> Result<()> {
        let file = self.root.join("docs/benchmarks.md");
        let mut text = fs::read_to_string(&file).with_context(|| format!("{}", file.display()))?;
        let plots = self.root.join("docs/benchmarks");
        fs::create_dir_all(&plots)?;
        for table in tables {
            text = document::replace(&text, table.name, &table.markdown())?;
            for (name, plot) in &table.plots {
                plot.write(&plots.join(format!("{name}.svg")))?;
            }
        }
        let before = document::block(&text, "targets")
            .unwrap_or_default()
            .to_owned();
        text = document::replace(&text, "targets", &document::targets(&before, tables))?;
        text = document::replace(&text, "machine", &self.peers.machine(&self.root))?;
        fs::write(file, text)?;
        Ok(())
    }

    /// The server of the tables without latency: nginx, or, where it is not, ours.
    fn server(&self) -> Result<Server> {
        let pages = self.work.join("pages");
        match server::find_nginx() {
            Some(nginx) => Server::nginx(&nginx, &pages, &self.work.join("nginx")),
            None => self.server_with_latency(0),
        }
    }

    fn server_with_latency(&self, milliseconds: u32) -> Result<Server> {
        let program = self.peers.program("latency-server");
        Server::with_latency(&program, &self.work.join("pages"), milliseconds)
    }
}

/// A thousand groups at once are a thousand connections, which is about what many systems allow a process.
#[cfg(unix)]
fn raise_open_files() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    if let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, most, most);
    }
}

#[cfg(not(unix))]
fn raise_open_files() {}
