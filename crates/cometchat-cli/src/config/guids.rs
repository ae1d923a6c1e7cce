//! The groups to list: GUIDs from the command line and from a file, validated, each once.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use cometchat::{Client, Error};

use crate::args::ExportArgs;
use crate::exit::Failure;
use crate::terminal::sanitize::sanitize;
use crate::terminal::{shorten, show_path};

/// The maximum size of a file of GUIDs, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

struct Given {
    guid: String,
    /// The line of a file, if it is from one.
    line: Option<String>,
}

/// The GUIDs in the order given, and the number of repeated ones, which are dropped.
pub(crate) fn collect(
    export: &ExportArgs,
    client: &Client,
) -> Result<(Vec<String>, usize), Failure> {
    let given = export.guids.iter().map(|guid| Given {
        guid: guid.clone(),
        line: None,
    });
    let mut given: Vec<_> = given.collect();
    if let Some(path) = &export.guids_file {
        given.extend(lines(&read(path)?, &name(path)));
        if given.is_empty() {
            let what = format!("{} has no GUID", name(path));
            return Err(Failure::usage(what).help("Give one GUID a line"));
        }
    }
    let (mut guids, mut seen, mut repeated) = (Vec::new(), HashSet::new(), 0);
    for Given { guid, line } in given {
        if let Err(error) = client.group(&guid).check() {
            return Err(invalid(&guid, line, &error));
        }
        if seen.insert(guid.clone()) {
            guids.push(guid);
        } else {
            repeated += 1;
        }
    }
    Ok((guids, repeated))
}

/// The failure of a GUID that the library refuses.
fn invalid(guid: &str, line: Option<String>, error: &Error) -> Failure {
    // The library's reasons name the argument, and some the value, which this message names already.
    let why = error.summary();
    let why = why.strip_prefix("guid: ").unwrap_or(why);
    let why = why.replacen(&format!("{guid:?}"), "it", 1);
    let failure = Failure::usage(format!(
        "the GUID {:?} is refused: {}",
        shorten(guid, 40),
        sanitize(&why)
    ));
    match line {
        None => failure,
        Some(line) => failure.help(format!("It is on {line}")),
    }
}

/// The GUIDs of a text, one a line.
fn lines(text: &str, name: &str) -> Vec<Given> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().enumerate();
    lines
        .map(|(place, line)| (place, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(place, line)| Given {
            guid: line.to_owned(),
            line: Some(format!("line {} of {name}", place + 1)),
        })
        .collect()
}

fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return "stdin".to_owned();
    }
    show_path(path)
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(MAX_BYTES).read_to_string(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text))
    };
    match read {
        Ok(bytes) if bytes as u64 == MAX_BYTES => Err(Failure::usage(format!(
            "{} is larger than 64 MiB, which no list of GUIDs is",
            name(path)
        ))),
        Ok(_) => Ok(text),
        Err(error) => Err(Failure::usage(format!(
            "{} can't be read: {error}",
            name(path)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_guid() {
        let text = "\u{feff}# teams\r\ncity\r\n\r\n  town \n#no\nvillage";
        let found = lines(text, "stdin");
        let guids: Vec<_> = found.iter().map(|given| given.guid.as_str()).collect();
        assert_eq!(guids, ["city", "town", "village"]);
        assert_eq!(found[1].line.as_deref(), Some("line 4 of stdin"));
    }
}
