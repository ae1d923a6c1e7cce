//! What is on this machine: programs, their versions, and the machine itself.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a program is, among the directories of `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let directories = env::var_os("PATH")?;
    env::split_paths(&directories)
        .map(|directory| directory.join(program))
        .find(|path| path.is_file())
}

/// Where a shared library is, among the directories of a Debian system.
pub fn library(name: &str) -> Option<PathBuf> {
    let mut directories = vec![PathBuf::from("/usr/lib"), PathBuf::from("/usr/lib64")];
    let below = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    directories.extend(below.map(|entry| entry.path()));
    directories
        .into_iter()
        .map(|directory| directory.join(name))
        .find(|path| path.is_file())
}

/// The first line that a command prints, on either output; nothing where it can't be run.
pub fn first_line(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    Some(text.lines().next()?.trim().to_owned())
}

/// Like [`first_line`], for a program by its name.
pub fn version(program: &str, argument: &str) -> Option<String> {
    first_line(&find(program)?, &[argument])
}

/// The processor and how many of it, the memory, and the system.
pub fn machine() -> String {
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    let model =
        field("/proc/cpuinfo", "model name").unwrap_or_else(|| env::consts::ARCH.to_owned());
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(String::new(), |kib| {
            format!(", {} GiB of memory", kib.div_ceil(1024 * 1024))
        });
    let system = version("uname", "-sr").unwrap_or_else(|| env::consts::OS.to_owned());
    format!("{model}, {cpus} processors{memory}, {system}")
}

/// What follows `name:` in a file of such lines.
fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim_start_matches([' ', '\t', ':']).trim().to_owned())
}

/// How many processes wanted to run in the last minute, on average.
pub fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// The version of a package in a `Cargo.lock`.
pub fn locked(lock: &str, package: &str) -> Option<String> {
    let entry = format!("name = \"{package}\"\nversion = \"");
    let rest = lock.split(&entry).nth(1)?;
    Some(rest.split('"').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_package_and_not_of_one_whose_name_is_longer() {
        let lock = "[[package]]\nname = \"serde_json\"\nversion = \"1.0.1\"\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.2\"\n";
        assert_eq!(locked(lock, "serde").as_deref(), Some("1.0.2"));
        assert_eq!(locked(lock, "reqwest"), None);
    }
}
