//! The expression language: a text is parsed alone and as a template, checked, and evaluated with a small host. No panic, no endless
//! evaluation, and every span lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        platc_fuzz::expression::all(text);
    }
});
