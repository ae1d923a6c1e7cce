//! Headers that say how many requests are left.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| cometchat_client::fuzzing::rate_headers(input));
