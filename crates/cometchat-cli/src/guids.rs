//! Which groups: GUIDs from the command line and from a file, each once, each one that can be asked for.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use cometchat::Client;

use crate::args::Export;
use crate::exit::Failure;
use crate::format::shorten;
use crate::part::shown;

/// A list of GUIDs larger than this is not one, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Where a GUID was given.
struct Given {
    guid: String,
    place: String,
}

/// The GUIDs in the order in which they were given, and how many were given again.
pub(crate) fn collect(export: &Export, client: &Client) -> Result<(Vec<String>, usize), Failure> {
    let given = export.guids.iter().map(|guid| Given {
        guid: guid.clone(),
        place: String::new(),
    });
    let mut given: Vec<_> = given.collect();
    if let Some(path) = &export.guids_file {
        given.extend(lines(&read(path)?, &name(path)));
        if given.is_empty() {
            let what = format!("there is no GUID in {}", name(path));
            return Err(Failure::usage(what).advise("Give one a line"));
        }
    }
    let (mut guids, mut seen, mut again) = (Vec::new(), HashSet::new(), 0);
    for Given { guid, place } in given {
        if let Err(error) = client.group(&guid).check() {
            return Err(refused(&guid, &place, &error.to_string()));
        }
        if seen.insert(guid.clone()) {
            guids.push(guid);
        } else {
            again += 1;
        }
    }
    Ok((guids, again))
}

/// The failure of a GUID that can't be asked for.
fn refused(guid: &str, place: &str, why: &str) -> Failure {
    // The library names the value in some of its reasons, and here it is named already.
    let why = why.strip_prefix("guid: ").unwrap_or(why);
    let why = why.replacen(&format!("{guid:?}"), "it", 1);
    let failure = Failure::usage(format!(
        "the GUID {:?} is refused: {why}",
        shorten(guid, 40)
    ));
    match place {
        "" => failure,
        place => failure.advise(format!("It is on {place}")),
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
            place: format!("line {} of {name}", place + 1),
        })
        .collect()
}

fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return "stdin".to_owned();
    }
    shown(path)
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(LARGEST).read_to_string(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(LARGEST).read_to_string(&mut text))
    };
    match read {
        Ok(bytes) if bytes as u64 == LARGEST => Err(Failure::usage(format!(
            "{} is larger than any list of GUIDs",
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
    fn a_file_has_a_guid_a_line() {
        let text = "\u{feff}# teams\r\ncity\r\n\r\n  town \n#no\nvillage";
        let found = lines(text, "stdin");
        let guids: Vec<_> = found.iter().map(|given| given.guid.as_str()).collect();
        assert_eq!(guids, ["city", "town", "village"]);
        assert_eq!(found[1].place, "line 4 of stdin");
    }
}
