//! A GUID.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| cometchat_client::fuzzing::guid(input));
