//! See `TARGETS` in lib.rs.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| platc_fuzz::run("toml", data));
