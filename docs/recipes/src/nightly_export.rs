//! Appends the uids of a group's members to a file, and resumes where it was stopped.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use cometchat::blocking::Group;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Writes one uid per line. After a failure or a crash, the same call continues after the last whole page.
///
/// # Errors
///
/// The first page that failed, or a file that can't be written.
pub fn export(group: &Group, output: &Path) -> Result<()> {
    let checkpoint = output.with_extension("checkpoint");
    let (page, length) = load(&checkpoint)?.unwrap_or((1, 0));
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(output)?;
    // Removes what was written after the last whole page.
    file.set_len(length)?;
    file.seek(SeekFrom::End(0))?;

    let mut pages = group.members().page(page).per_page(1000).pages();
    while let Some(page) = pages.next() {
        let lines: String = page?.into_iter().map(|row| row.uid + "\n").collect();
        file.write_all(lines.as_bytes())?;
        file.sync_data()?;
        save(&checkpoint, pages.next_page(), file.stream_position()?)?;
    }
    if checkpoint.exists() {
        fs::remove_file(checkpoint)?;
    }
    Ok(())
}

/// Reads the page to resume from, and the length of the output before it.
fn load(checkpoint: &Path) -> Result<Option<(u32, u64)>> {
    if !checkpoint.exists() {
        return Ok(None);
    }
    let mut text = String::new();
    File::open(checkpoint)?.read_to_string(&mut text)?;
    let (page, length) = text.split_once(' ').ok_or("the checkpoint can't be read")?;
    Ok(Some((page.parse()?, length.trim().parse()?)))
}

/// Replaces the checkpoint as a whole: a crash leaves the old one or the new one.
fn save(checkpoint: &Path, page: u32, length: u64) -> Result<()> {
    let new = checkpoint.with_extension("new");
    let mut file = File::create(&new)?;
    writeln!(file, "{page} {length}")?;
    file.sync_all()?;
    Ok(fs::rename(new, checkpoint)?)
}

#[cfg(test)]
mod tests {
    use cometchat::blocking::Client;
    use cometchat_sandbox::{ErrorBody, Fault, Sandbox};

    use super::*;

    #[test]
    fn a_stopped_export_resumes_without_loss() {
        // Page 2 fails once, with a status that is not retried. `city` has 2,500 members.
        let fault = Fault::error(400, ErrorBody::Html).on_page(2).times(1);
        let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
        let client = Client::builder()
            .base_url(sandbox.base_url())
            .api_key(sandbox.api_key())
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("city.txt");

        export(&client.group("city"), &output).unwrap_err();
        assert_eq!(fs::read_to_string(&output).unwrap().lines().count(), 1000);
        export(&client.group("city"), &output).unwrap();
        let text = fs::read_to_string(&output).unwrap();
        let uids: std::collections::HashSet<_> = text.lines().collect();
        assert_eq!((text.lines().count(), uids.len()), (2500, 2500));
        assert!(!output.with_extension("checkpoint").exists());
    }
}
