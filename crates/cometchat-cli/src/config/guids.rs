//! The groups to list: GUIDs from the command line and from a file, validated, each once.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use cometchat::{Client, Error};

use super::text_file;
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
            return Err(Failure::usage(what).help("Give one GUID per line"));
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

/// The failure of a GUID that the library rejects.
fn invalid(guid: &str, line: Option<String>, error: &Error) -> Failure {
    // The library's reasons name the argument, and some the value, which this message names already.
    let why = error.summary();
    let why = why.strip_prefix("guid: ").unwrap_or(why);
    let why = why.replacen(&format!("{guid:?}"), "it", 1);
    let failure = Failure::usage(format!(
        "the GUID {:?} is rejected: {}",
        shorten(guid, 40),
        sanitize(&why)
    ));
    match line {
        None => failure,
        Some(line) => failure.help(format!("It is on {line}")),
    }
}

/// Returns the GUIDs of a text, one per line.
fn lines(text: &str, name: &str) -> Vec<Given> {
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
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(MAX_BYTES).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes))
    };
    let failure = |why: &str| Failure::usage(format!("{} {why}", name(path)));
    match read {
        Ok(length) if length as u64 == MAX_BYTES => Err(failure("exceeds the limit of 64 MiB")),
        Ok(_) => text_file::decode(bytes).map_err(|why| failure(why).help("Save it as UTF-8")),
        Err(error) => Err(failure(&format!("can't be read: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_guid() {
        let text = "# teams\r\ncity\r\n\r\n  town \n#no\nvillage";
        let found = lines(text, "stdin");
        let guids: Vec<_> = found.iter().map(|given| given.guid.as_str()).collect();
        assert_eq!(guids, ["city", "town", "village"]);
        assert_eq!(found[1].line.as_deref(), Some("line 4 of stdin"));
    }
}
