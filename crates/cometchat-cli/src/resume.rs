//! Where an export begins: at its output's first byte, or where an earlier run of the same export was cut off.

use std::io;

use crate::connect::Connected;
use crate::exit::Failure;
use crate::journal::{Remembered, Settings};
use crate::output::Output;
use crate::part::{Names, Part, shown};
use crate::plan::Plan;
use crate::printable::printable;
use crate::progress::Progress;

/// Opens the output, and what is remembered of it where it goes on.
pub(crate) fn open(
    plan: &Plan,
    connected: &Connected,
    progress: &Progress,
) -> Result<(Output, Option<Remembered>), Failure> {
    let Some(path) = &plan.output else {
        return Ok((Output::Stdout, None));
    };
    let refuse =
        |error: io::Error| Failure::usage(format!("{} can't be written: {error}", shown(path)));
    match std::fs::metadata(path) {
        Ok(there) if there.is_dir() => {
            let what = format!("{} is a folder", shown(path));
            return Err(Failure::usage(what).advise("Give the name of a file"));
        }
        Ok(there) if !there.is_file() => {
            let device = Output::device(path.clone()).map_err(refuse)?;
            return Ok((device, None));
        }
        _ => {}
    }
    let names = Names::new(path);
    let settings = plan.settings(connected);
    let remembered = names.remembered().map_err(refuse)?;
    if plan.resume && remembered.is_none() {
        progress.note(&format!(
            "there is no unfinished export in {}; it starts anew",
            shown(&names.part)
        ));
    }
    if !plan.resume
        && remembered
            .as_ref()
            .is_some_and(|remembered| remembered.bytes() > 0)
    {
        progress.note(&format!(
            "the unfinished export in {} is replaced; --resume would have gone on",
            shown(&names.part)
        ));
    }
    match remembered.filter(|_| plan.resume) {
        Some(remembered) => {
            agree(&remembered.settings, &settings, &names)?;
            let part = Part::go_on(names, &remembered).map_err(refuse)?;
            Ok((Output::Part(part), Some(remembered)))
        }
        None => {
            let part = Part::create(names, settings).map_err(refuse)?;
            Ok((Output::Part(part), None))
        }
    }
}

/// Refuses to go on with an export of something else.
fn agree(before: &Settings, now: &Settings, names: &Names) -> Result<(), Failure> {
    let value = |settings: &Settings, name: &str| match settings.get(name) {
        None | Some(serde_json::Value::Null) => "not given".to_owned(),
        Some(value) => printable(&value.to_string()).into_owned(),
    };
    let mut failure = Failure::usage(format!(
        "--resume can't go on with {}: it is of another export",
        shown(&names.part)
    ));
    let differing = now
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(*value));
    for (name, _) in differing {
        let (then, now) = (value(before, name), value(now, name));
        failure = failure.advise(format!("{name}: {then} before, {now} now"));
    }
    if failure.lines.len() == 1 {
        return Ok(());
    }
    Err(failure.advise("Give the same arguments as before, or leave out --resume to start anew"))
}
