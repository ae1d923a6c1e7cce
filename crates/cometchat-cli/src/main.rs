//! The `cometchat` program: lists and exports the members and the banned users of groups.

mod args;
mod check;
mod config;
mod error_text;
mod exit;
mod export;
mod format;
mod interrupt;
mod list;
mod log;
mod manual;
mod sandbox;
mod terminal;

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use clap::Parser;
use tokio::runtime::{Builder, Runtime};

use crate::args::{Arguments, Command, CommonArgs, ExportArgs};
use crate::config::export_options::ExportOptions;
use crate::config::{client, guids};
use crate::exit::{Exit, Failure};
use crate::export::Exporter;
use crate::list::{ListKind, Request};
use crate::terminal::progress::Progress;

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
    log::start()?;
    match arguments.command {
        Command::Members {
            export,
            scope,
            status,
            common,
        } => {
            let request = request(ListKind::Members, &export, scope, status);
            run_export(common.or(arguments.common), export, request)
        }
        Command::Banned { export, common } => {
            let request = request(ListKind::Banned, &export, Vec::new(), None);
            run_export(common.or(arguments.common), export, request)
        }
        Command::Check { common } => runtime()?.block_on(check::run(&common.or(arguments.common))),
        Command::Sandbox(args) => runtime()?.block_on(sandbox::serve(args)),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { command } => manual::man(command.as_deref()),
    }
}

fn request(
    kind: ListKind,
    export: &ExportArgs,
    scopes: Vec<String>,
    status: Option<String>,
) -> Request {
    Request {
        kind,
        scopes,
        status,
        per_page: export.per_page,
        dedup: export.dedup,
    }
}

fn run_export(common: CommonArgs, export: ExportArgs, request: Request) -> Result<Exit, Failure> {
    // The client reports events to the progress, which needs the GUIDs, which the client validates.
    let progress: Arc<OnceLock<Arc<Progress>>> = Arc::default();
    let events = Arc::clone(&progress);
    let connection = client::connect(&common.connection, move |event| {
        if let Some(progress) = events.get() {
            progress.event(event);
        }
    })?;
    let (guids, repeated) = guids::collect(&export, &connection.client)?;
    let progress =
        Arc::clone(progress.get_or_init(|| Arc::new(Progress::new(common.messages, &guids))));
    let options = ExportOptions::new(export, request, guids)?;
    for warning in options.warnings() {
        terminal::message(format_args!("warning: {warning}"));
    }
    if repeated > 0 {
        progress.note(&format!(
            "repeated GUIDs are listed once ({repeated} dropped)"
        ));
    }
    let runtime = runtime()?;
    let result = runtime.block_on(async {
        let exporter = Exporter::new(options, &connection, progress)?;
        exporter.run(&connection).await
    });
    // Tasks that are still running, such as a DNS lookup, are not waited for.
    runtime.shutdown_background();
    result
}

fn runtime() -> Result<Runtime, Failure> {
    // Two threads decode pages while the main one writes; more would only wait for the network.
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("the program can't start its threads: {error}")))
}
