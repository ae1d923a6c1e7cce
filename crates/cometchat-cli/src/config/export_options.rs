//! The options of an export: its format, columns and output, and which options exclude each other.

use std::path::Path;

use cometchat::MemberScope;
use serde_json::{Value, json};

use super::client::Connection;
use crate::args::{ExportArgs, FormatArg, Times, value_name};
use crate::exit::Failure;
use crate::export::Settings;
use crate::format::{Clock, Column, Csv, Format, Json, Table};
use crate::list::{ListKind, Request};
use crate::terminal::Screen;
use crate::terminal::sanitize::sanitize;

/// The options of an export, validated.
pub(crate) struct ExportOptions {
    pub(crate) request: Request,
    pub(crate) guids: Vec<String>,
    /// The arguments; `output` is empty if the output is stdout.
    pub(crate) args: ExportArgs,
    format: FormatArg,
}

impl ExportOptions {
    pub(crate) fn new(
        mut args: ExportArgs,
        request: Request,
        guids: Vec<String>,
    ) -> Result<Self, Failure> {
        args.output.take_if(|path| is_stdout(path));
        let format = args
            .format
            .unwrap_or_else(|| default_format(args.output.as_deref()));
        let excluded = |option: &str, help: &str| {
            let what = format!(
                "{option} can't be given with --format {}",
                value_name(&format)
            );
            Err(Failure::usage(what).help(help))
        };
        let verbatim = matches!(format, FormatArg::Json | FormatArg::Ndjson);
        if args.times.is_some() && verbatim {
            return excluded("--times", "JSON has every value as the service sent it");
        }
        if args.spreadsheet_safe && format != FormatArg::Csv {
            return excluded("--spreadsheet-safe", "It is for --format csv");
        }
        if args.resume && format == FormatArg::Table {
            return excluded("--resume", "Export as csv, json or ndjson");
        }
        for (place, name) in args.columns.iter().enumerate() {
            let what = match name.as_str() {
                "" => "--columns has an empty name".to_owned(),
                name if args.columns[..place].iter().any(|before| before == name) => {
                    format!("--columns names {} twice", sanitize(name))
                }
                _ => continue,
            };
            let help = "Name each field once, with commas between the names";
            return Err(Failure::usage(what).help(help));
        }
        for name in &args.columns {
            like(name, &documented(request.kind), "--columns")?;
        }
        let scopes: Vec<_> = MemberScope::KNOWN.iter().map(MemberScope::as_str).collect();
        for scope in &request.scopes {
            like(scope, &scopes, "--scope")?;
        }
        Ok(Self {
            request,
            guids,
            args,
            format,
        })
    }

    /// Warns of names that are not documented, which the service may have added.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let kind = self.request.kind;
        let fields = documented(kind);
        let columns = self
            .args
            .columns
            .iter()
            .filter(|name| !fields.contains(&name.as_str()));
        let columns = columns.map(|name| {
            format!(
                "{} is not a documented field of {}",
                sanitize(name),
                kind.rows()
            )
        });
        let scopes = self.request.scopes.iter().filter(|scope| !is_scope(scope));
        let scopes = scopes.map(|scope| format!("{} is not a documented scope", sanitize(scope)));
        columns.chain(scopes).collect()
    }

    /// Whether rows need the GUID of their group.
    fn with_guid(&self) -> bool {
        self.guids.len() > 1
    }

    /// The names of the columns, or else the default ones; after `guid` if there are several groups.
    fn column_names(&self, default: Vec<&str>) -> Vec<String> {
        let mut names = self.args.columns.clone();
        if names.is_empty() {
            names.extend(default.into_iter().map(str::to_owned));
        }
        if self.with_guid() && !names.is_empty() && !names.iter().any(|name| name == "guid") {
            names.insert(0, "guid".to_owned());
        }
        names
    }

    /// The format to write rows in; `resumed` if the output has rows already.
    pub(crate) fn format(&self, resumed: bool) -> Box<dyn Format> {
        let screen = match self.args.output {
            None => Screen::stdout(),
            Some(_) => Screen::file(),
        };
        let kind = self.request.kind;
        let columns = |default| {
            let names = self.column_names(default);
            names.iter().map(|name| Column::new(kind, name)).collect()
        };
        let clock = |default| Clock::new(self.args.times.unwrap_or(default));
        match self.format {
            FormatArg::Table => Box::new(Table::new(
                columns(kind.table_columns().to_vec()),
                &self.guids,
                clock(Times::Local),
                screen,
            )),
            FormatArg::Csv => Box::new(Csv {
                columns: columns(kind.fields().iter().map(|field| field.name()).collect()),
                clock: clock(Times::Seconds),
                spreadsheet_safe: self.args.spreadsheet_safe,
                terminal: screen.terminal,
            }),
            FormatArg::Json | FormatArg::Ndjson => Box::new(Json {
                array: self.format == FormatArg::Json,
                with_guid: self.with_guid(),
                columns: self.column_names(Vec::new()),
                screen,
                begun: resumed,
            }),
        }
    }

    /// The settings that a run must share with the run that it resumes, by the name of the argument.
    pub(crate) fn settings(&self, connection: &Connection) -> Settings {
        let Request {
            kind,
            scopes,
            status,
            per_page,
            dedup,
        } = &self.request;
        let args = &self.args;
        let settings: [(&str, Value); 14] = [
            ("the command", kind.command().into()),
            ("the address", connection.address.as_str().into()),
            ("--on-behalf-of", json!(connection.on_behalf_of)),
            ("the GUIDs", json!(self.guids)),
            ("--scope", json!(scopes)),
            ("--status", json!(status)),
            ("--per-page", json!(per_page)),
            ("--start-page", args.start_page.into()),
            ("--limit", json!(args.limit)),
            ("--dedup", (*dedup).into()),
            ("--format", value_name(&self.format).into()),
            ("--columns", json!(args.columns)),
            ("--times", json!(args.times.as_ref().map(value_name))),
            ("--spreadsheet-safe", args.spreadsheet_safe.into()),
        ];
        settings
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }
}

/// Returns the documented fields of the rows, and the GUID of the group.
fn documented(kind: ListKind) -> Vec<&'static str> {
    let fields = kind.fields().iter().map(|field| field.name());
    fields.chain(["guid"]).collect()
}

fn is_scope(scope: &str) -> bool {
    MemberScope::KNOWN.iter().any(|known| known == scope)
}

/// Rejects a name that is a misspelt known one. A name that is like none can be new.
fn like(name: &str, known: &[&str], option: &str) -> Result<(), Failure> {
    if known.contains(&name) {
        return Ok(());
    }
    let distance =
        |known: &&str| strsim::damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase());
    let nearest = known.iter().min_by_key(|known| distance(known));
    let most = if name.chars().count() < 6 { 1 } else { 2 };
    match nearest.filter(|known| distance(known) <= most) {
        Some(nearest) => {
            let what = format!("{option} has no {}", sanitize(name));
            Err(Failure::usage(what).help(format!("Did you mean {nearest}?")))
        }
        None => Ok(()),
    }
}

/// Whether a path is stdout, which can be a regular file that must not be replaced.
fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
        .iter()
        .any(|name| path == Path::new(name))
}

fn default_format(output: Option<&Path>) -> FormatArg {
    let Some(path) = output else {
        return if Screen::stdout().terminal {
            FormatArg::Table
        } else {
            FormatArg::Ndjson
        };
    };
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    match extension.to_lowercase().as_str() {
        "csv" => FormatArg::Csv,
        "json" => FormatArg::Json,
        _ => FormatArg::Ndjson,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stdout_is_known_by_its_names() {
        for name in ["-", "/dev/stdout", "/dev/fd/1"] {
            assert!(is_stdout(Path::new(name)), "{name}");
        }
        assert!(
            !is_stdout(Path::new("stdout"))
                && !is_stdout(Path::new("./-"))
                && !is_stdout(Path::new("/dev/fd/10"))
        );
    }
}
