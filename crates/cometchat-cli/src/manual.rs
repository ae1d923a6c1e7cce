//! Completions and man pages, made from the command line's own description.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Arguments;
use crate::exit::{Exit, Failure};

/// Writes completions for a shell.
pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(shell, &mut command, "cometchat", &mut text);
    print(&text)
}

/// Writes the man page of a command, or of the program.
pub(crate) fn man(name: Option<&str>) -> Result<Exit, Failure> {
    let mut command = Arguments::command();
    // Only a command that is built knows the arguments that all commands have.
    command.build();
    if let Some(name) = name {
        let Some(found) = command.find_subcommand(name) else {
            let what = format!("there is no command {name:?}");
            return Err(Failure::usage(what).advise("cometchat --help lists them"));
        };
        command = found.clone();
    }
    let mut text = Vec::new();
    let rendered = Man::new(command).render(&mut text);
    rendered.map_err(|error| Failure::failed(format!("the page can't be made: {error}")))?;
    print(&text)
}

fn print(text: &[u8]) -> Result<Exit, Failure> {
    match io::stdout().lock().write_all(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("stdout can't be written: {error}")))
        }
        _ => Ok(Exit::Done),
    }
}
