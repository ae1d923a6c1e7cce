//! What is to be exported, made out of what was said: the form, the columns, the file, and what does not go together.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::args::{Export, Format, Times};
use crate::columns;
use crate::connect::Connected;
use crate::exit::Failure;
use crate::format::{self, Csv, Json, Shape, Table};
use crate::journal::Settings;
use crate::list::Request;
use crate::printable::printable;
use crate::terminal::Screen;
use crate::times::Clock;

/// An export that can be done.
pub(crate) struct Plan {
    pub(crate) request: Request,
    pub(crate) guids: Vec<String>,
    pub(crate) start_page: u32,
    pub(crate) limit: Option<usize>,
    pub(crate) prefetch: usize,
    pub(crate) output: Option<PathBuf>,
    pub(crate) resume: bool,
    format: Format,
    /// The columns that were named.
    columns: Vec<String>,
    times: Option<Times>,
    spreadsheet_safe: bool,
}

impl Plan {
    /// Checks what was said.
    pub(crate) fn new(
        export: Export,
        request: Request,
        guids: Vec<String>,
    ) -> Result<Self, Failure> {
        let format = form(&export);
        let json = matches!(format, Format::Json | Format::Ndjson);
        if export.times.is_some() && json {
            let what = format!("--times can't be given with --format {}", format.name());
            return Err(Failure::usage(what).advise("There, every value is as the service sent it"));
        }
        if export.spreadsheet_safe && format != Format::Csv {
            let what = format!(
                "--spreadsheet-safe can't be given with --format {}",
                format.name()
            );
            return Err(Failure::usage(what).advise("It is for CSV"));
        }
        if export.resume && format == Format::Table {
            let what = "--resume can't be given with --format table";
            return Err(Failure::usage(what).advise("Export as csv, json or ndjson"));
        }
        let mut columns = Vec::new();
        for name in &export.columns {
            if name.is_empty() || columns.contains(name) {
                let what = match name.as_str() {
                    "" => "--columns has an empty name".to_owned(),
                    name => format!("--columns names {} twice", printable(name)),
                };
                return Err(
                    Failure::usage(what).advise("Name each field once, with commas between them")
                );
            }
            columns.push(name.clone());
        }
        Ok(Self {
            request,
            guids,
            start_page: export.start_page,
            limit: export.limit,
            prefetch: usize::from(export.prefetch),
            output: export.output,
            resume: export.resume,
            format,
            columns,
            times: export.times,
            spreadsheet_safe: export.spreadsheet_safe,
        })
    }

    /// What may be a mistake, though it can be done.
    pub(crate) fn doubts(&self) -> Vec<String> {
        let kind = self.request.kind;
        let documented = columns::documented(kind);
        let mut doubts = Vec::new();
        for name in &self.columns {
            if name != "guid" && !documented.contains(&name.as_str()) {
                doubts.push(format!(
                    "{} is no documented field of {}; those are {}",
                    printable(name),
                    kind.rows(),
                    documented.join(", ")
                ));
            }
        }
        for scope in &self.request.scopes {
            if !cometchat::MemberScope::KNOWN
                .iter()
                .any(|known| known == scope.as_str())
            {
                doubts.push(format!(
                    "{} is no documented scope; it is asked for as it is. Those are admin, moderator, participant",
                    printable(scope)
                ));
            }
        }
        doubts
    }

    /// Whether rows say which group they are of.
    fn with_guid(&self) -> bool {
        self.guids.len() > 1
    }

    /// The columns: those that were named or else the usual ones, after `guid` where there are several groups.
    fn columns(&self, usual: &[&str]) -> Vec<String> {
        let mut columns = self.columns.clone();
        if columns.is_empty() {
            columns.extend(usual.iter().map(|name| (*name).to_owned()));
        }
        if self.with_guid() && !columns.is_empty() && !columns.iter().any(|name| name == "guid") {
            columns.insert(0, "guid".to_owned());
        }
        columns
    }

    /// The form that rows are written in; `begun` where there are some already.
    pub(crate) fn format(&self, begun: bool) -> Box<dyn format::Format> {
        let screen = match self.output {
            None => Screen::of_stdout(),
            Some(_) => Screen::file(),
        };
        let kind = self.request.kind;
        let clock = |usual| Clock::new(self.times.unwrap_or(usual));
        match self.format {
            Format::Table => Box::new(Table::new(
                self.columns(columns::shown(kind)),
                &self.guids,
                clock(Times::Local),
                screen,
            )),
            Format::Csv => Box::new(Csv {
                columns: self.columns(columns::documented(kind)),
                clock: clock(Times::Seconds),
                spreadsheet_safe: self.spreadsheet_safe,
                terminal: screen.terminal,
            }),
            Format::Json | Format::Ndjson => Box::new(Json {
                shape: if self.format == Format::Json {
                    Shape::Array
                } else {
                    Shape::Lines
                },
                with_guid: self.with_guid(),
                columns: self.columns(&[]),
                terminal: screen.terminal,
                begun,
            }),
        }
    }

    /// What a later run has to agree with to go on with this one, by the name of the argument.
    pub(crate) fn settings(&self, connected: &Connected) -> Settings {
        let Request {
            kind,
            scopes,
            status,
            per_page,
            dedup,
        } = &self.request;
        let times = self.times.map(|times| match times {
            Times::Seconds => "seconds",
            Times::Utc => "utc",
            Times::Local => "local",
        });
        let settings: [(&str, Value); 15] = [
            ("the command", kind.command().into()),
            ("the address", connected.address.as_str().into()),
            ("the user to act for", json!(connected.on_behalf_of)),
            ("the GUIDs", json!(self.guids)),
            ("--scope", json!(scopes)),
            ("--status", json!(status)),
            ("--per-page", json!(per_page)),
            ("--start-page", self.start_page.into()),
            ("--limit", json!(self.limit)),
            ("--dedup", (*dedup).into()),
            ("--format", self.format.name().into()),
            ("--columns", json!(self.columns)),
            ("--times", json!(times)),
            ("--spreadsheet-safe", self.spreadsheet_safe.into()),
            (
                "the rows",
                if self.with_guid() {
                    "with guid"
                } else {
                    "as sent"
                }
                .into(),
            ),
        ];
        settings
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }
}

/// The form that was asked for, or the one that goes with where the rows go.
fn form(export: &Export) -> Format {
    if let Some(format) = export.format {
        return format;
    }
    match &export.output {
        Some(path) => by_name(path),
        None if Screen::of_stdout().terminal => Format::Table,
        None => Format::Ndjson,
    }
}

/// The form that a file's name ends in.
fn by_name(path: &Path) -> Format {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    match ending.as_str() {
        "csv" => Format::Csv,
        "json" => Format::Json,
        _ => Format::Ndjson,
    }
}
