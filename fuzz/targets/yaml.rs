//! The reader of YAML: every byte sequence gives a document or an error, and all spans lie in the text. What is read is formatted, and
//! that again is a fixed point with the same meaning.
#![no_main]

use libfuzzer_sys::fuzz_target;
use platc::source::Grammar;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        platc_fuzz::read(text, Grammar::Yaml);
    }
});
