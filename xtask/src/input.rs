//! Reads the documents of a task, and prints its result.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, anyhow};
use cometchat_codegen::Spec;

/// The spec of this workspace.
pub(crate) const OUR_SPEC: &str = "openapi.yaml";

/// Most errors that are shown of a spec.
const MOST_ERRORS: usize = 5;

/// Reads a text file.
pub(crate) fn text(file: &Path) -> anyhow::Result<String> {
    let name = file.display();
    fs::read_to_string(file)
        .with_context(|| format!("{name} can't be read; name a file that is there"))
}

/// Reads a spec, by default that of this workspace, and returns it with its name.
pub(crate) fn spec(file: Option<&Path>) -> anyhow::Result<(String, Spec)> {
    let (origin, text) = match file {
        Some(file) => (file.display().to_string(), text(file)?),
        None => (OUR_SPEC.to_owned(), text(&crate::root().join(OUR_SPEC))?),
    };
    let spec = parsed(&origin, &text)?;
    Ok((origin, spec))
}

/// Reads a spec that came from `origin`.
pub(crate) fn parsed(origin: &str, text: &str) -> anyhow::Result<Spec> {
    Spec::parse(text).map_err(|error| {
        let mut lines: Vec<_> = error.findings().iter().map(ToString::to_string).collect();
        let more = lines.len().saturating_sub(MOST_ERRORS);
        lines.truncate(MOST_ERRORS);
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        anyhow!("{origin} is not a spec to work with\n{}", lines.join("\n"))
    })
}

/// Writes to standard output; a reader that has gone away is no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("nothing can be written to standard output")
        }
        _ => Ok(()),
    }
}
