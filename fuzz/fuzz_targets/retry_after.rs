//! Headers that say how long to wait.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| cometchat_client::fuzzing::retry_after(input));
