//! The `cometchat` program: lists and exports the members and the banned users of groups.

mod ahead;
mod args;
mod columns;
mod connect;
mod exit;
mod explain;
mod export;
mod fields;
mod format;
mod guids;
mod interrupt;
mod journal;
mod list;
mod lost;
mod manual;
mod output;
mod part;
mod plan;
mod printable;
mod progress;
mod resume;
mod sandbox;
mod terminal;
mod times;
mod trace;

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use clap::Parser;
use tokio::runtime::{Builder, Runtime};

use crate::args::{Arguments, Command, Common, Export};
use crate::exit::{Exit, Failure};
use crate::export::Exporter;
use crate::list::{Kind, Request};
use crate::plan::Plan;
use crate::progress::Progress;

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.print();
            failure.exit.into()
        }
    }
}

fn run(arguments: Arguments) -> Result<Exit, Failure> {
    trace::start()?;
    match arguments.command {
        Command::Members {
            export,
            scope,
            status,
            common,
        } => {
            let request = request(Kind::Members, &export, scope, status);
            list(common.or(arguments.common), export, request)
        }
        Command::Banned { export, common } => {
            let request = request(Kind::Banned, &export, Vec::new(), None);
            list(common.or(arguments.common), export, request)
        }
        Command::Sandbox(options) => runtime()?.block_on(sandbox::serve(options)),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { command } => manual::man(command.as_deref()),
    }
}

fn request(kind: Kind, export: &Export, scopes: Vec<String>, status: Option<String>) -> Request {
    Request {
        kind,
        scopes,
        status,
        per_page: export.per_page,
        dedup: export.dedup,
    }
}

fn list(common: Common, export: Export, request: Request) -> Result<Exit, Failure> {
    // The client is needed to check the GUIDs, and the progress to know how many there are.
    let progress: Arc<OnceLock<Arc<Progress>>> = Arc::default();
    let told = Arc::clone(&progress);
    let connected = connect::connect(&common.connection, move |report| {
        if let Some(progress) = told.get() {
            progress.report(report);
        }
    })?;
    let (guids, again) = guids::collect(&export, &connected.client)?;
    let shown = Arc::new(Progress::new(common.talk, &guids));
    let plan = Plan::new(export, request, guids)?;
    for doubt in plan.doubts() {
        terminal::say(format_args!("warning: {doubt}"));
    }
    if again > 0 {
        shown.note(&format!(
            "{again} of the GUIDs came before, and are listed once"
        ));
    }
    let shown = Arc::clone(progress.get_or_init(|| shown));
    let runtime = runtime()?;
    let ended = runtime.block_on(async {
        let exporter = Exporter::new(plan, &connected, Arc::clone(&shown))?;
        tokio::spawn(async move { shown.keep().await });
        exporter.run(&connected).await
    });
    // Nothing that is still under way is waited for, such as the address of a host.
    runtime.shutdown_background();
    ended
}

fn runtime() -> Result<Runtime, Failure> {
    // Two decode pages while this thread writes them; more would only wait for the network.
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("the program can't be started: {error}")))
}
