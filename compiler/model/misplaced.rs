//! Fields that no class has, because they stand at the wrong level: names of environments and clusters without the word that holds overlays, and
//! words of a definition that were taken for a name. In comes what is told of such a field, out goes the same with where it belongs.

use crate::code::Code;
use crate::definition::{Class, Definitions, shaping};
use crate::diagnostic::Diagnostic;
use crate::name::Kind;

/// A fault of a thing's value, with the level that was meant if that is certain.
pub(super) fn told(definitions: &Definitions, (kind, name): (Kind, &str), class: &Class, fault: Diagnostic) -> Diagnostic {
    if fault.code != Code::UnknownField || fault.replacement.is_some() {
        return fault;
    }
    let own = format!("{} self.", class.full);
    let Some(key) = fault.lacks.iter().find_map(|lack| lack.strip_prefix(&own)).map(str::to_owned) else { return fault };
    let is_word = |word: &str| shaping::of_kind(kind).iter().any(|(known, _)| *known == word);
    if is_word(name) {
        let (words, article) = (kind.words(), kind.article());
        return fault
            .note(format!("`{name}` is the name of {article} here"))
            .hint(format!("indent `{name}` to say it of the {words} above"));
    }
    let overlay = if definitions.environment(&key).is_some() {
        ("environments", "an environment")
    } else if definitions.definition(Kind::Cluster, &key).is_some() && is_word("clusters") {
        ("clusters", "a cluster")
    } else {
        return fault;
    };
    let (word, what) = overlay;
    fault
        .note(format!("`{key}` is the name of {what}"))
        .hint(format!("what is said for it alone stands below `{word}`: `{word}: {{ {key}: {{ … }} }}`"))
}
