//! A body of banned users.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| cometchat_client::fuzzing::banned_page(input));
