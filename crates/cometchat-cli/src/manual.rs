//! Completions and man pages, generated from the command line.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Arguments;
use crate::exit::{Exit, Failure};

/// Writes completions for a shell to stdout.
pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(shell, &mut command, "cometchat", &mut text);
    print(&text)
}

/// Writes the man page of a command, or of the program, to stdout.
pub(crate) fn man(name: Option<&str>) -> Result<Exit, Failure> {
    let mut command = Arguments::command();
    // Only a built command has the arguments that all commands share.
    command.build();
    if let Some(name) = name {
        let Some(found) = command.find_subcommand(name) else {
            let what = format!("there is no command {name:?}");
            return Err(Failure::usage(what).help("See cometchat --help for the commands"));
        };
        command = found.clone();
    }
    let mut text = Vec::new();
    Man::new(command)
        .render(&mut text)
        .map_err(|error| Failure::failed(format!("the man page can't be generated: {error}")))?;
    print(&text)
}

/// Writes to stdout. A closed pipe is not an error.
pub(crate) fn print(text: &[u8]) -> Result<Exit, Failure> {
    match io::stdout().lock().write_all(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("stdout can't be written: {error}")))
        }
        _ => Ok(Exit::Done),
    }
}
