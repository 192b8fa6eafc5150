//! Definitions of kinds and schemas of providers, which come from others: any text is one. No panic, every span lies in a text, and what a template
//! writes is checked or not, but never for long.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        platc_fuzz::schema(text);
    }
});
