//! A status, and the body of an error.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| cometchat_client::fuzzing::error_body(input));
