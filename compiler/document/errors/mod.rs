//! The wording of this room.

mod toml_syntax;
mod yaml_syntax;

pub(super) use toml_syntax::toml_syntax;
pub(super) use yaml_syntax::yaml_syntax;

use super::{Node, NodeData};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::limit::VALUES;
use crate::name::nearest;
use crate::scalar::Plain;
use crate::span::Span;

/// Text between backquotes is cut to this many characters.
const SHOWN: usize = 60;

fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() > SHOWN || line.len() < text.len() {
        let cut: String = line.chars().take(SHOWN).collect();
        return format!("{cut}…");
    }
    line.to_owned()
}

fn text_of(source: &str, span: Span) -> &str {
    source.get(span.start as usize..span.end as usize).unwrap_or("")
}

/// A text between quotes that need the least escaping; none if it cannot stand on one line.
pub(super) fn quoted(text: &str) -> Option<String> {
    if text.chars().any(char::is_control) {
        return None;
    }
    if text.contains(['"', '\\']) { Some(format!("'{}'", text.replace('\'', "''"))) } else { Some(format!("\"{text}\"")) }
}

fn with_quotes(diagnostic: Diagnostic, text: &str, span: Span) -> Diagnostic {
    match quoted(text) {
        Some(quoted) => diagnostic.replace(span, quoted),
        None => diagnostic,
    }
}

pub(super) fn duplicate_key(key: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateKey, format!("key `{}` is written twice in the same map", shown(key)), span, "written again here")
        .label(first, "written first here")
        .hint("keep one of them, or join their values below one key")
}

pub(super) fn alias_too_large(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(
        Code::AliasTooLarge,
        format!("anchors and aliases of this file copy more than {limit} values"),
        span,
        "here it became too much",
    )
    .hint("share values with `inherits` or `platform.defaults` instead of aliases")
}

pub(super) fn too_many_values(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnreadableFile,
        format!("the sources of this project hold more than {VALUES} values"),
        span,
        "this and all behind it is not read",
    )
    .hint("name folders whose files are no definitions in `platform.exclude`, or split the platform into several projects")
}

pub(super) fn alias_cycle(source: &str, span: Span, opened: Span) -> Diagnostic {
    let alias = shown(text_of(source, span));
    Diagnostic::error(Code::AliasCycle, format!("alias `{alias}` stands inside the value it repeats"), span, "would contain itself")
        .label(opened, "the value begins here")
        .hint("write the inner value out, or move the anchor to the part that is to be repeated")
}

/// A text between quotes that a word processor has made.
pub(super) fn typographic_quotes(text: &str, span: Span) -> Option<Diagnostic> {
    let inner = text.strip_prefix(OPENING)?.strip_suffix(CLOSING)?;
    let message = format!("the quotes around `{}` are part of the text", shown(inner));
    let warning = Diagnostic::warning(Code::TypographicQuotes, message, span, "quotes of a word processor");
    Some(with_quotes(warning.hint("write straight quotes, or none"), inner, span))
}

/// Quotes that are letters to YAML.
const OPENING: [char; 6] = ['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '\u{201a}'];
const CLOSING: [char; 4] = ['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];

/// An alias of nothing; within brackets a value ends sooner.
pub(super) fn unknown_anchor<'a>(
    source: &str,
    (span, is_flow): (Span, bool),
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Code::UnknownAnchor,
        format!("no anchor `&{}` stands before this alias", shown(name)),
        span,
        "a text that begins with `*` is an alias",
    );
    if let Some(anchor) = nearest(name, known) {
        return diagnostic.hint(format!("did you mean `*{anchor}`?")).replace(span, format!("*{anchor}"));
    }
    let written = rest_of_value(source, span.start as usize, is_flow);
    // A pattern such as `*.example.com`, or a schedule, is the usual reason; of a mere word nobody knows.
    if name.chars().all(|char| char.is_alphanumeric() || char == '_') && written.len() == text_of(source, span).len() {
        return diagnostic.hint("write the anchor `&` before the value that is meant, or quote it if it is text");
    }
    let whole = Span { end: span.start + u32::try_from(written.len()).unwrap_or(0), ..span };
    with_quotes(diagnostic.hint("quote it if it is meant as text"), written, whole)
}

/// What stands from a place to the end of a value on its line.
fn rest_of_value(source: &str, start: usize, is_flow: bool) -> &str {
    let line = first_line(source.get(start..).unwrap_or(""));
    let line = line.split(" #").next().unwrap_or(line);
    let line = if is_flow { line.split([',', ']', '}']).next().unwrap_or(line) } else { line };
    line.trim_end()
}

/// Whether an error of syntax only follows from an alias of nothing before it on its line.
pub(super) fn is_said(error: &Diagnostic, said: &Diagnostics, source: &str) -> bool {
    let place = |diagnostic: &Diagnostic| diagnostic.primary.as_ref().map(|label| label.span);
    let Some(at) = place(error) else { return false };
    let on_its_line = |first: Span| {
        first.file == at.file && source.get(first.start as usize..at.start as usize).is_some_and(|between| !between.contains('\n'))
    };
    said.places(Code::UnknownAnchor).any(on_its_line)
}

pub(super) fn merge_key(span: Span) -> Diagnostic {
    Diagnostic::error(Code::MergeKey, "the merge key `<<` is not part of this language", span, "merges another map into this one")
        .hint("let the definition inherit with `inherits: <name>`, or share values through `platform.defaults`")
        .note("platc merges layers itself, so that it can say where every value comes from")
}

pub(super) fn several_documents(span: Span) -> Diagnostic {
    Diagnostic::error(Code::SeveralDocuments, "the file holds several YAML documents", span, "a second document begins here")
        .hint("merge them into one map, or put each into a file of its own")
}

pub(super) fn yaml_tag(source: &str, span: Span) -> Diagnostic {
    let tag = shown(text_of(source, span));
    Diagnostic::error(Code::YamlTag, format!("tag `{tag}` has no meaning here"), span, "not understood")
        .hint("remove the tag; quote the value if it is text that begins with `!`")
}

pub(super) fn merge_conflict(first: Span, middle: Span, last: Span) -> Diagnostic {
    Diagnostic::error(Code::MergeConflict, "a merge conflict is not resolved", first, "one version begins here")
        .label(middle, "the other one")
        .label(last, "and ends here")
        .hint("keep what is right, and remove these three lines")
}

pub(super) fn source_not_map(source: &str, root: &Node) -> Diagnostic {
    let what = match root.data {
        NodeData::List(_) => "a list",
        NodeData::Null
        | NodeData::Bool(_)
        | NodeData::Int(_)
        | NodeData::Float(_)
        | NodeData::String(_)
        | NodeData::Map(_)
        | NodeData::Broken => "a single value",
    };
    let first = Span { end: root.span.start + u32::try_from(first_line(text_of(source, root.span)).len()).unwrap_or(0), ..root.span };
    let diagnostic = Diagnostic::error(
        Code::SourceNotMap,
        format!("the file holds {what} where a map of kinds belongs"),
        first,
        format!("{what} begins here"),
    );
    if let NodeData::String(text) = &root.data
        && let Some((key, value)) = text.text.split_once(':')
        && !value.starts_with(' ')
        && !value.is_empty()
    {
        return diagnostic.hint(format!("write a space after the colon: `{}: …`", shown(key)));
    }
    diagnostic.hint("begin with a kind, such as `clusters:`, and put the definitions below it")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}

pub(super) fn key_not_text(source: &str, key: &Node) -> Diagnostic {
    let span = key.span;
    let written = text_of(source, span);
    let name = shown(written);
    match key.data {
        NodeData::List(_) | NodeData::Map(_) => {
            let what = if matches!(key.data, NodeData::Map(_)) { "a map" } else { "a list" };
            let diagnostic = Diagnostic::error(Code::KeyNotText, format!("{what} cannot be a key"), span, "used as a key");
            if written.starts_with('{') && source.get(..span.start as usize).is_some_and(|before| before.ends_with('{')) {
                return diagnostic.hint(
                    "this looks like a template of Jinja or Helm: an expression is `${…}`; quote `\"{{ … }}\"` if it is meant as text",
                );
            }
            diagnostic.hint("keys are text; quote the key if it is meant as one")
        }
        NodeData::Null if written.is_empty() => {
            Diagnostic::error(Code::KeyNotText, "a key is missing", span, "nothing stands before this colon")
                .hint("write the key, or `\"\"` if an empty key is meant")
        }
        NodeData::Null | NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) | NodeData::String(_) | NodeData::Broken => {
            let what = match key.data {
                NodeData::Null => "null",
                NodeData::Bool(_) => "a boolean",
                NodeData::Int(_) | NodeData::Float(_) | NodeData::String(_) | NodeData::List(_) | NodeData::Map(_) | NodeData::Broken => {
                    "a number"
                }
            };
            let diagnostic =
                Diagnostic::error(Code::KeyNotText, format!("key `{name}` is {what}, not text"), span, format!("{what} to YAML"));
            with_quotes(diagnostic.hint("quote the key"), written, span)
        }
    }
}

/// A plain scalar that is refused.
pub(super) fn refused(plain: &Plain, text: &str, span: Span) -> Option<Diagnostic> {
    let refusal = plain.refusal(text, &shown(text))?;
    let error = Diagnostic::error(refusal.code, refusal.message, span, refusal.label).hint(refusal.hint);
    Some(if refusal.wants_quotes { with_quotes(error, text, span) } else { error })
}

pub(super) fn control_character(span: Span, char: char) -> Diagnostic {
    let name = match char {
        '\0' => "NUL".to_owned(),
        '\u{1b}' => "escape".to_owned(),
        '\u{7f}' => "delete".to_owned(),
        char => format!("U+{:04X}", u32::from(char)),
    };
    Diagnostic::error(
        Code::ControlCharacter,
        format!("the control character {name} cannot stand in text"),
        span,
        format!("{name} stands here"),
    )
    .hint("remove it; of the control characters only tab and line breaks are text")
    .note("Kubernetes and Terraform refuse it in their files, quoted or not")
}

pub(super) fn too_deep(span: Span, outer: Span) -> Diagnostic {
    let limit = super::yaml::DEPTH;
    let outer = Span { end: outer.start, ..outer };
    Diagnostic::error(Code::TooDeep, format!("maps and lists are nested more than {limit} deep"), span, "too deep")
        .label(outer, "the outermost begins here")
        .hint("flatten the structure")
}
