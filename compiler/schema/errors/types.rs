//! What is said to authors of schemas of types.

use super::syntax::syntax;
use crate::diagnostic::Diagnostic;
use crate::name;
use crate::path::Path;
use crate::schema::cut::CutText;
use crate::schema::marker::Marker;
use crate::schema::notation::{found, written};
use crate::schema::shorthand::Simple;
use crate::span::Span;
use crate::value::{Data, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Words of other languages for our types.
const FOREIGN: [(&str, &str); 21] = [
    ("int", "integer"),
    ("int32", "integer"),
    ("int64", "integer"),
    ("Int", "integer"),
    ("bool", "boolean"),
    ("str", "string"),
    ("text", "string"),
    ("float", "number"),
    ("float64", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("dict", "object"),
    ("map", "object"),
    ("free", "object"),
    ("list", "[]string"),
    ("array", "[]string"),
    ("set", "[]string"),
    ("ip-range", "cidr"),
    ("timespan", "duration"),
    ("version", "semver"),
    ("resource", "quantity"),
];

fn simple() -> String {
    Simple::ALL.map(|simple| format!("`{}`", simple.word())).join(", ")
}

pub(in crate::schema) fn unknown_type(span: Span, word: &str, names: &BTreeSet<Arc<str>>) -> Diagnostic {
    let known = || Simple::ALL.into_iter().map(|simple| -> &str { simple.word() }).chain(names.iter().map(|name| &**name));
    if word.is_empty() {
        return syntax("a field has no type", span, "expected a type here").hint(format!("write one of {}", simple()));
    }
    // It may be the name of a fragment.
    let fault = syntax(format!("there is no type `{word}`"), span, "not a type").misses(Path::of(["classes", "fragment", word]));
    let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == word).map(|(_, ours)| (*ours).to_owned());
    let turned = word.strip_suffix("[]").filter(|item| known().any(|known| known == *item)).map(|item| format!("[]{item}"));
    let nullable = word.strip_suffix('?').filter(|rest| known().any(|known| known == *rest));
    if let Some(rest) = nullable {
        return fault.hint(format!("fields are optional unless `required=true`; write `{rest}`, and `nullable=true` if null is a value"));
    }
    if let Some(hint) = misplaced_markers(word, &|word| known().any(|known| known == word)) {
        return fault.hint(hint);
    }
    let spoken = spoken(word, &|word| known().any(|known| known == word));
    match foreign.or(turned).or(spoken).or_else(|| name::nearest(word, known()).map(str::to_owned)) {
        Some(meant) => fault.hint(format!("did you mean `{meant}`?")).replace(span, meant),
        None => fault.hint(format!("types are {}, lists `[]T`, maps `map[string]T`, and the names in `types`", simple())),
    }
}

/// What to do if a type is right but for markers that stand in it.
fn misplaced_markers(word: &str, is_type: &dyn Fn(&str) -> bool) -> Option<String> {
    if word.starts_with('(') && !word.ends_with(')') {
        return Some("markers are about the whole field; to limit what is in a list or a map give that type a name in `types`, and write the name here".to_owned());
    }
    if word.strip_prefix("map[string]").is_some_and(|value| value.trim().is_empty()) {
        return Some("say what the map holds: `map[string]string`, or `object` for anything".to_owned());
    }
    let (type_, rest) = word.split_once([' ', ','])?;
    let first = rest.split(|char: char| !char.is_ascii_alphanumeric()).find(|word| !word.is_empty())?;
    (is_type(type_) && Marker::from_word(first).is_some())
        .then(|| format!("markers stand behind a `|`, with blanks between them: `{type_} | {first}=…`"))
}

/// The type that words of English or of another language say: `list of string`, `map<string>`, `array[integer]`.
fn spoken(word: &str, is_type: &dyn Fn(&str) -> bool) -> Option<String> {
    let bracketed = || {
        let (collection, item) = word.strip_suffix(['>', ']', ')'])?.split_once(['<', '[', '('])?;
        Some((collection, item.rsplit([',', ':']).next().unwrap_or(item)))
    };
    let (collection, item) = word.split_once(" of ").or_else(bracketed)?;
    let item = FOREIGN.iter().find(|(foreign, _)| *foreign == item.trim()).map_or(item.trim(), |(_, ours)| ours);
    let item = item.strip_suffix('s').filter(|item| is_type(item)).unwrap_or(item);
    match collection.trim().to_ascii_lowercase().as_str() {
        _ if !is_type(item) => None,
        "" | "list" | "array" | "set" | "slice" => Some(format!("[]{item}")),
        "map" | "object" | "dict" | "record" => Some(format!("map[string]{item}")),
        _ => None,
    }
}

pub(in crate::schema) fn unknown_kind(span: Span, word: &str, near: Option<&str>) -> Diagnostic {
    let fault = syntax(format!("there is no kind `{word}`"), span, "a reference names things of a kind");
    let kinds = crate::name::Kind::ALL.map(crate::name::Kind::singular);
    match near {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault.hint(format!("kinds are {}", name::listed(kinds))),
    }
}

pub(in crate::schema) fn deep_type(span: Span) -> Diagnostic {
    syntax("a type is nested too deeply", span, "16 levels of lists and maps are the most")
        .hint("give an inner type a name in `types` and use that name here")
}

pub(in crate::schema) fn map_key(span: Span, key: &str, value: &str) -> Diagnostic {
    syntax("the keys of a map are always strings", span, format!("keys cannot be `{key}`")).hint(format!("write `map[string]{value}`"))
}

pub(in crate::schema) fn type_name_taken(span: Span, name: &str) -> Diagnostic {
    syntax(format!("`{name}` is a type of the language and cannot be declared"), span, "choose another name")
}

pub(in crate::schema) fn list_of_types(path: &str, value: &Value) -> Diagnostic {
    let items = value.as_list().unwrap_or(&[]);
    let fault =
        syntax(format!("the list type of `{path}` must name one type of items"), value.origin.span, format!("names {} types", items.len()));
    let plain: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    match plain.filter(|words| !words.is_empty()) {
        Some(words) => fault.hint(format!("for a choice of values write `string | enum=[{}]`", words.join(", "))),
        None => fault.hint("write `[string]`, or `\"[]string\"`"),
    }
}

pub(in crate::schema) fn not_a_type(path: &str, value: &Value) -> Diagnostic {
    let fault = syntax(format!("`{path}` must have a type, found {}", found(value, false)), value.origin.span, "expected a type");
    let type_ = match &value.data {
        Data::Int(_) => "integer",
        Data::Float(_) => "number",
        Data::Bool(_) => "boolean",
        Data::Null
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => {
            return fault.hint(format!("write `{path}: string`, or another type"));
        }
    };
    fault.hint(format!("for a field with this default write `{type_} | default={}`", written(value)))
}

/// A text of a field that a comma has cut.
pub(in crate::schema) fn cut_text(field: &str, cut: &CutText, whole: &str) -> Diagnostic {
    let fault = syntax(format!("`{field}` is cut off at a comma"), cut.comma, "ends a text without quotes between braces");
    let quote = ['\'', '"'].into_iter().find(|quote| !whole.contains(*quote) && !whole.contains(['\n', '\\']));
    match quote {
        Some(quote) => {
            let quoted = format!("{quote}{whole}{quote}");
            fault.hint(format!("put the whole text between quotes: `{field}: {quoted}`")).replace(cut.whole, quoted)
        }
        None => fault.hint("put the whole text between quotes"),
    }
}

pub(in crate::schema) fn circle(names: &[Arc<str>], origin: Span) -> Diagnostic {
    let shown: Vec<String> = names.iter().chain(names.first()).map(|name| format!("`{name}`")).collect();
    syntax("types stand for each other and nothing else", origin, shown.join(" is ")).hint("say in one of them what the value is")
}
