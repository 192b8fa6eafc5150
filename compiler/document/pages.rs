//! The examples on this room's pages fail and work as they say, as far as this room is concerned.

use super::tests::read;
use crate::code::Code;
use crate::source::Grammar;

#[test]
fn examples_do_what_they_say() {
    let codes = [
        Code::DuplicateKey,
        Code::AliasTooLarge,
        Code::AliasCycle,
        Code::UnknownAnchor,
        Code::MergeKey,
        Code::SeveralDocuments,
        Code::YamlTag,
        Code::SourceNotMap,
        Code::KeyNotText,
        Code::AmbiguousScalar,
        Code::NumberOutOfRange,
        Code::ControlCharacter,
        Code::TooDeep,
        Code::YamlSyntax,
        Code::TomlSyntax,
    ];
    let mut seen = 0;
    for code in codes {
        for block in code.page().split("```").skip(1).step_by(2) {
            let (info, text) = block.split_once('\n').unwrap();
            let grammar = if info.starts_with("toml") { Grammar::Toml } else { Grammar::Yaml };
            let (_, _, diagnostics) = read(text, grammar);
            let said: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.word()).collect();
            let expected: &[&str] = if info.ends_with("fails") { &[code.word()] } else { &[] };
            assert_eq!(said, expected, "{info} {text}");
            seen += 1;
        }
    }
    assert_eq!(seen, 28);
}
