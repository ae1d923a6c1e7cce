//! The text of a spec: read, judged and turned into code, or refused with findings.

#![no_main]

use cometchat_codegen::{Spec, generate, lint};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    // libFuzzer's own hook ends the process at a panic; the generator catches those of progenitor, and means to. What
    // it does not catch ends the process all the same.
    init: std::panic::set_hook(Box::new(|panic| {
        if panic.location().is_some_and(|location| location.file().contains("cometchat-codegen")) {
            eprintln!("{panic}");
        }
    })),
    |input: &[u8]| {
        let Ok(text) = std::str::from_utf8(input) else {
            return;
        };
        match Spec::parse(text) {
            Ok(spec) => {
                lint(&spec);
                if let Err(error) = generate(text) {
                    assert!(!error.findings().is_empty());
                }
            }
            Err(error) => assert!(!error.findings().is_empty()),
        }
    }
);
