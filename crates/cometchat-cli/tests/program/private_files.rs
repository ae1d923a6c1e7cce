//! Files of an export in a folder that somebody else can write to.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use cometchat_sandbox::{Fault, Sandbox};

use crate::place::{Place, uninterrupted};
use crate::resume::stopped_at_page_11;
use crate::run::{run, sandbox, with_sandbox};

/// A user that does not run tests.
const OTHER: u32 = 65534;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Whether the tests may give files to another user.
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn give_away(path: &Path) {
    std::os::unix::fs::chown(path, Some(OTHER), Some(OTHER)).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
}

/// The command, ended after 30 seconds if it hangs.
fn within_30_seconds(program: &Command) -> Command {
    let mut command = Command::new("timeout");
    command.arg("30").arg(program.get_program());
    command.args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// An export of three pages, and a sandbox that can send the others.
fn unfinished(place: &Place) -> Sandbox {
    let fault = Fault::refusal(400, "ERR_BAD_REQUEST").on_page(4).times(1);
    let sandbox = Sandbox::builder().fault(fault).start_blocking().unwrap();
    let arguments = place.arguments(&["--prefetch", "1"]);
    run(&mut with_sandbox(&sandbox, arguments)).failed(1);
    sandbox
}

#[test]
fn a_planted_link_is_replaced_not_followed() {
    let plants: [fn(&Path, &Path); 2] = [
        |target, link| symlink(target, link).unwrap(),
        |target, link| fs::hard_link(target, link).unwrap(),
    ];
    for plant in plants {
        for ending in ["part", "part.state"] {
            let (place, sandbox) = (Place::new("a.csv"), sandbox());
            let victim = place.folder.path().join("bashrc");
            fs::write(&victim, "precious").unwrap();
            plant(
                &victim,
                &place.folder.path().join(format!("a.csv.{ending}")),
            );
            run(&mut with_sandbox(&sandbox, place.arguments(&[]))).done();
            assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
            assert!(fs::read(&place.file).unwrap() == uninterrupted("a.csv", &[]));
            assert_eq!(place.files(), ["a.csv", "bashrc"]);
        }
    }
}

#[test]
fn a_planted_file_of_another_user_is_replaced() {
    if !is_root() {
        return;
    }
    let (place, sandbox) = (Place::new("a.csv"), sandbox());
    for path in [place.part(), place.checkpoint()] {
        fs::write(&path, "").unwrap();
        give_away(&path);
    }
    run(&mut with_sandbox(&sandbox, place.arguments(&[]))).done();
    let owner = fs::metadata(&place.file).unwrap().uid();
    assert_eq!((owner, mode(&place.file)), (0, 0o600));
}

#[test]
fn files_are_for_their_owner_alone() {
    let (place, sandbox) = (Place::new("a.csv"), sandbox());
    let mut child = stopped_at_page_11(&place, &sandbox);
    assert_eq!(
        (mode(&place.part()), mode(&place.checkpoint())),
        (0o600, 0o600)
    );
    child.kill().unwrap();
    child.wait().unwrap();

    // Restricted again on resume.
    for path in [place.part(), place.checkpoint()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    sandbox.control().clear_faults();
    run(&mut with_sandbox(&sandbox, place.arguments(&["--resume"]))).done();
    assert_eq!(mode(&place.file), 0o600);
}

#[test]
fn only_a_private_file_is_resumed() {
    type Change = fn(&Path, &Path);
    let by_link: (Change, &str) = (
        |path, kept| {
            fs::rename(path, kept).unwrap();
            symlink(kept, path).unwrap();
        },
        "is a symbolic link",
    );
    let by_name: (Change, &str) = (
        |path, kept| fs::hard_link(path, kept).unwrap(),
        "has 2 hard links",
    );
    let by_owner: (Change, &str) = (|path, _| give_away(path), "belongs to another user");
    let by_pipe: (Change, &str) = (
        |path, _| {
            fs::remove_file(path).unwrap();
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        },
        "is not a regular file",
    );
    for (change, found) in [by_link, by_name, by_owner, by_pipe] {
        if found == by_owner.1 && !is_root() {
            continue;
        }
        for ending in ["part", "part.state"] {
            let place = Place::new("a.csv");
            let sandbox = unfinished(&place);
            let path = place.folder.path().join(format!("a.csv.{ending}"));
            change(&path, &place.folder.path().join("kept"));
            let command = with_sandbox(&sandbox, place.arguments(&["--resume"]));
            let stderr = run(&mut within_30_seconds(&command)).failed(2);
            let expected = format!("error: --resume is refused: {} {found}\n", path.display());
            assert!(stderr.starts_with(&expected), "{stderr}");
            assert!(!place.file.exists());
        }
    }
}

#[test]
fn an_endless_checkpoint_is_refused() {
    for (target, found) in [
        ("/dev/zero", "is a symbolic link"),
        ("", "is larger than any checkpoint"),
    ] {
        let place = Place::new("a.csv");
        let sandbox = unfinished(&place);
        fs::remove_file(place.checkpoint()).unwrap();
        if target.is_empty() {
            let file = File::create(place.checkpoint()).unwrap();
            file.set_len(4 << 30).unwrap();
        } else {
            symlink(target, place.checkpoint()).unwrap();
        }
        let command = with_sandbox(&sandbox, place.arguments(&["--resume"]));
        let stderr = run(&mut within_30_seconds(&command)).failed(2);
        assert!(stderr.contains(found), "{stderr}");
        // A new export replaces it.
        let command = with_sandbox(&sandbox, place.arguments(&[]));
        run(&mut within_30_seconds(&command)).done();
        assert_eq!(place.files(), ["a.csv"]);
    }
}

#[test]
fn a_new_export_replaces_pipes_unread() {
    let (place, sandbox) = (Place::new("a.csv"), sandbox());
    for path in [place.part(), place.checkpoint()] {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }
    let command = with_sandbox(&sandbox, place.arguments(&[]));
    run(&mut within_30_seconds(&command)).done();
    assert_eq!(place.files(), ["a.csv"]);
}

#[test]
fn a_second_export_to_a_file_is_refused() {
    let (place, sandbox) = (Place::new("a.csv"), sandbox());
    let mut first = stopped_at_page_11(&place, &sandbox);
    let part = fs::read(place.part()).unwrap();
    for more in [&[][..], &["--resume"]] {
        let stderr = run(&mut with_sandbox(&sandbox, place.arguments(more))).failed(2);
        let expected = format!(
            "error: another export is writing {}\n  Wait until it has ended, or write to another file\n",
            place.file.display()
        );
        assert_eq!(stderr, expected);
    }
    assert!(fs::read(place.part()).unwrap() == part);
    first.kill().unwrap();
    first.wait().unwrap();

    // The lock ends with the process.
    sandbox.control().clear_faults();
    run(&mut with_sandbox(&sandbox, place.arguments(&["--resume"]))).done();
    assert!(fs::read(&place.file).unwrap() == uninterrupted("a.csv", &[]));
}

#[test]
fn an_open_file_by_name_is_appended_to() {
    // Not /dev/stdout: a program that replaced it would harm the system of a test that runs as root.
    let (place, sandbox) = (Place::new("a.ndjson"), sandbox());
    for name in ["/dev/fd/1", "/proc/self/fd/1", "/dev/fd/2"] {
        let open = || {
            File::options()
                .create(true)
                .append(true)
                .open(&place.file)
                .unwrap()
        };
        let arguments = ["members", "supergroup", "--output", name];
        let mut command = with_sandbox(&sandbox, arguments);
        let status = command.stdout(open()).stderr(open()).status();
        assert!(status.unwrap().success());
    }
    let text = fs::read_to_string(&place.file).unwrap();
    assert_eq!(text.lines().count(), 12);
    assert_eq!(place.files(), ["a.ndjson"]);
}

#[test]
fn a_named_pipe_gets_the_rows() {
    let (place, sandbox) = (Place::new("pipe"), sandbox());
    assert!(
        Command::new("mkfifo")
            .arg(&place.file)
            .status()
            .unwrap()
            .success()
    );
    let mut child = with_sandbox(&sandbox, place.arguments(&[]))
        .spawn()
        .unwrap();
    let text = fs::read_to_string(&place.file).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(text.lines().count(), 2_500);
    assert_eq!(place.files(), ["pipe"]);
}
