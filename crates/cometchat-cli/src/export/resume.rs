//! Opens the output of an export: a new one, or with `--resume` the one that an earlier run left.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

use super::checkpoint::{Checkpoint, MAX_BYTES, Saved, Settings};
use super::output::Output;
use super::partial_file::{PartialFile, Paths};
use super::private_file::{self, Found};
use crate::config::client::Connection;
use crate::config::export_options::ExportOptions;
use crate::exit::Failure;
use crate::terminal::progress::Progress;
use crate::terminal::sanitize::sanitize;
use crate::terminal::show_path;

/// Opens the output of an export, and reads the checkpoint if the export is resumed.
pub(crate) fn open(
    options: &ExportOptions,
    connection: &Connection,
    progress: &Progress,
) -> Result<(Output, Option<Saved>), Failure> {
    let Some(path) = &options.args.output else {
        return Ok((Output::stdout(), None));
    };
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => {
            let what = format!("{} is a directory", show_path(path));
            return Err(Failure::usage(what).help("Give the name of a file"));
        }
        Ok(there) if !there.is_file() || is_descriptor(path) => {
            let device = Output::device(path).map_err(not_written(path))?;
            return Ok((device, None));
        }
        _ => {}
    }
    // A hidden choice would lose what an earlier export wrote.
    let continues = options.args.resume && Paths::new(path).partial.exists();
    if path.exists() && !options.args.force && !continues {
        let what = format!("{} is there already", show_path(path));
        return Err(
            Failure::usage(what).help("Give --force to replace it, or write to another file")
        );
    }
    let paths = Paths::new(path);
    let settings = options.settings(connection);
    let checkpoint = lock_checkpoint(&paths)?;
    let partial = private_file::open(&paths.partial);
    if options.args.resume {
        refuse_unsafe(&paths.checkpoint, &checkpoint)?;
        refuse_unsafe(&paths.partial, &partial)?;
    }
    let saved = match (&checkpoint, &partial) {
        (Found::File(checkpoint), Found::File(partial)) => partial
            .metadata()
            .and_then(|partial| Saved::read(checkpoint, partial.len()))
            .map_err(not_written(&paths.checkpoint))?,
        _ => None,
    };
    let shown = show_path(&paths.partial);
    match (checkpoint, partial, saved) {
        (Found::File(checkpoint), Found::File(partial), Some(saved)) if options.args.resume => {
            compare(&saved.settings, &settings, &shown)?;
            let file = PartialFile::resume(paths, partial, checkpoint, &saved);
            let file = file.map_err(not_written(path))?;
            Ok((Output::Partial(file), Some(saved)))
        }
        (checkpoint, _, saved) => {
            if options.args.resume {
                progress.note(&format!(
                    "there is no unfinished export in {shown}; a new one is started"
                ));
            } else if saved.is_some_and(|saved| saved.bytes() > 0) {
                progress.note(&format!(
                    "the unfinished export in {shown} is replaced; --resume would have continued it"
                ));
            }
            let file = create(paths, settings, checkpoint)?;
            Ok((Output::Partial(file), None))
        }
    }
}

/// Whether a path is an open file of this process: its name must not become that of a new file.
fn is_descriptor(path: &Path) -> bool {
    path == Path::new("/dev/stderr") || path.starts_with("/dev/fd") || path.starts_with("/proc")
}

/// Opens the checkpoint of an earlier export and locks it. Fails if another export has locked it.
fn lock_checkpoint(paths: &Paths) -> Result<Found, Failure> {
    let found = private_file::open(&paths.checkpoint);
    match &found {
        Found::File(file)
            if !private_file::lock(file) || !private_file::is_at(file, &paths.checkpoint) =>
        {
            Err(busy(paths))
        }
        Found::File(file) => {
            let length = file.metadata().map_or(0, |metadata| metadata.len());
            Ok(if length > MAX_BYTES {
                Found::Unsafe(format!("is larger than any checkpoint ({length} bytes)"))
            } else {
                found
            })
        }
        _ => Ok(found),
    }
}

/// Starts a new export in place of an earlier one, whose checkpoint stays locked meanwhile.
fn create(paths: Paths, settings: Settings, earlier: Found) -> Result<PartialFile, Failure> {
    let path = &paths.checkpoint;
    if !matches!(earlier, Found::Nothing) {
        private_file::remove(path).map_err(not_written(path))?;
    }
    let file = match private_file::create(path) {
        // Another export has been faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(busy(&paths)),
        created => created.map_err(not_written(&paths.file))?,
    };
    if !private_file::lock(&file) || !private_file::is_at(&file, path) {
        return Err(busy(&paths));
    }
    let checkpoint = Checkpoint::start(file, settings).map_err(not_written(path))?;
    let partial = paths.partial.clone();
    PartialFile::create(paths, checkpoint).map_err(not_written(&partial))
}

fn busy(paths: &Paths) -> Failure {
    let what = format!("another export is writing {}", show_path(&paths.file));
    Failure::usage(what).help("Wait until it has ended, or write to another file")
}

fn not_written(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |error| Failure::usage(format!("{} can't be written: {error}", show_path(path)))
}

fn refuse_unsafe(path: &Path, found: &Found) -> Result<(), Failure> {
    let Found::Unsafe(what) = found else {
        return Ok(());
    };
    let what = format!("--resume is refused: {} {what}", show_path(path));
    Err(Failure::usage(what).help("Leave out --resume to start a new export, which replaces it"))
}

/// Refuses to continue an export that had other settings.
fn compare(before: &Settings, now: &Settings, partial: &str) -> Result<(), Failure> {
    let value = |settings: &Settings, name: &str| match settings.get(name) {
        None | Some(Value::Null) => "not given".to_owned(),
        Some(value) => sanitize(&value.to_string()).into_owned(),
    };
    let mut failure = Failure::usage(format!(
        "--resume is refused: {partial} is from an export with other settings"
    ));
    for (name, _) in now
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(*value))
    {
        let (before, now) = (value(before, name), value(now, name));
        failure = failure.help(format!("{name}: {before} before, {now} now"));
    }
    if failure.lines.len() == 1 {
        return Ok(());
    }
    Err(failure
        .help("Give the same arguments as before, or leave out --resume to start a new export"))
}
