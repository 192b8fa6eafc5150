//! A whole project: each piece is a file, every other one in TOML.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let pieces: Vec<&str> = text.splitn(4, '\u{1}').collect();
    let names = ["platform.yaml", "a.toml", "b.yaml", "c.toml"];
    let files: Vec<(&str, &str)> = names.into_iter().zip(pieces).collect();
    platc_fuzz::build(&files);
});
