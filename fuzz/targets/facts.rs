//! Facts, and what `terraform output -json` prints: both are read from any text. No panic, every span lies in the text, and what is kept is read
//! back as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        platc_fuzz::facts(text);
    }
});
