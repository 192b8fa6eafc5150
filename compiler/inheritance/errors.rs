//! Wording of what can be wrong with inheriting and merging.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::limit::{MERGED, MERGED_BYTE, MERGED_THING};
use crate::name::{listed, nearest};
use crate::path::Path;
use crate::span::Span;
use crate::table::ItemKey;
use crate::value::{Data, Entry, Operator, Value};

pub(crate) fn too_much(span: Span) -> Diagnostic {
    Diagnostic::error(Code::InheritanceTooDeep, "merging the layers of this platform takes more than its size allows", span, "given up with this layer")
        .note(format!(
            "all merges together may go through {MERGED} entries, {MERGED_BYTE} more for each byte of the sources and {MERGED_THING} for each thing"
        ))
        .hint("shorten chains of `inherits` whose first ancestors have very many fields, and use fewer fragments that bring very many")
}

pub(super) fn cycle(what: &str, steps: &[(&str, Span)]) -> Diagnostic {
    let plural = match what {
        // The one kind whose name is its own plural.
        "infrastructure" => "",
        _ if what.ends_with('s') => "es",
        _ => "s",
    };
    let message = format!("{what}{plural} inherit from each other in a circle");
    let Some(((last, place), before)) = steps.split_last() else { return Diagnostic::general(Code::InheritanceCycle, message) };
    let first = steps.first().map_or(*last, |(name, _)| name);
    let closing = if before.is_empty() {
        format!("`{last}` inherits from itself")
    } else {
        format!("`{last}` inherits from `{first}`, which closes the circle")
    };
    let mut diagnostic = Diagnostic::error(Code::InheritanceCycle, message, *place, closing);
    for (at, (name, span)) in before.iter().enumerate() {
        let next = steps.get(at + 1).map_or(first, |(name, _)| name);
        diagnostic = diagnostic.label(*span, format!("`{name}` inherits from `{next}`"));
    }
    diagnostic.hint("remove one of these names from its `inherits`")
}

pub(super) fn too_deep(what: &str, name: &str, span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(Code::InheritanceTooDeep, format!("{what} `{name}` has more than {limit} ancestors"), span, "inherited here")
        .hint("shorten the chain")
}

pub(super) fn inconsistent(what: &str, name: &str, a: &str, b: &str, spans: (Option<Span>, Option<Span>)) -> Diagnostic {
    let message = format!("`{name}` inherits from `{a}` and `{b}` in contradicting orders");
    let (Some(first), Some(second)) = spans else { return Diagnostic::general(Code::ContradictingParents, message) };
    let mut diagnostic =
        Diagnostic::error(Code::ContradictingParents, message, second, format!("here the order of `{a}` and `{b}` is another than above"));
    if first != second {
        diagnostic = diagnostic.label(first, format!("this {what} brings the one order"));
    }
    diagnostic.hint(format!("name `{a}` and `{b}` in the same order everywhere; a later name is stronger"))
}

pub(super) fn mismatch(path: &Path, base: &Value, layer: &Value) -> Diagnostic {
    let message = format!("`{path}` is {} here and {} in a weaker layer", layer.describe(), base.describe());
    Diagnostic::error(Code::LayersMismatch, message, layer.origin.span, format!("{} here", layer.describe()))
        .label(base.origin.span, format!("{} here, in the weaker layer", base.describe()))
        .hint(format!("to replace the whole value write `{}=:`", last(path)))
}

pub(super) fn locked(path: &Path, lock: &Entry, entry: &Entry) -> Diagnostic {
    let verb = if entry.operator == Operator::Remove { "removed" } else { "set again" };
    Diagnostic::error(Code::LockedField, format!("`{path}` is locked and cannot be {verb}"), entry.span, format!("{verb} here"))
        .label(lock.span, "set and locked here by `!`")
        .hint("remove this line, or the `!` of the other")
}

pub(super) fn locked_within(path: &Path, lock: &Entry, entry: &Entry) -> Diagnostic {
    let (verb, place) = if entry.operator == Operator::Remove { ("removed", "removes") } else { ("replaced", "replaces") };
    let message = format!("`{path}` is locked and cannot be {verb}");
    Diagnostic::error(Code::LockedField, message, entry.span, format!("this {place} it with all that is around it"))
        .label(lock.span, "set and locked here by `!`")
        .hint("leave the locked field as it is, or remove the `!`")
}

pub(super) fn excludes_locked(path: &Path, lock: &Entry, entry: &Entry, choice: Option<Span>) -> Diagnostic {
    let within = |key: &str| path.clone().key(key);
    let message = format!("`{}` cannot be set: `{}`, which it excludes, is locked", within(&entry.key), within(&lock.key));
    let fault = Diagnostic::error(Code::LockedField, message, entry.span, "set here").label(lock.span, "set and locked here by `!`");
    let fault = match choice {
        Some(choice) => fault.label(choice, "only one of these is ever set"),
        None => fault.note("a cluster takes only one of these"),
    };
    fault.hint("remove this line, or the `!` of the other")
}

/// A list that one key of a layer sets and another changes, where items do not meet.
pub(crate) fn replaced_and_changed(path: &Path, whole: Span, other: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateKey, format!("`{path}` is set and changed by one layer"), other, "changes what is not there any more")
        .label(whole, "set here as a whole")
        .note("nothing tells items of this list apart, so a list takes the place of another")
        .hint("write the whole list in one place, or use `+` and `-` alone, which change what a weaker layer says")
}

pub(crate) fn nothing_to_remove(path: &Path, entry: &Entry, near: Option<&str>) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(Code::NothingToRemove, format!("`{path}` is not there, so it cannot be removed"), entry.span, "removed here")
            .note("no weaker layer sets it");
    match near {
        Some(near) => diagnostic.hint(format!("did you mean `{near}-`?")).replace(entry.span, format!("{near}-")),
        None => diagnostic.hint("remove this line, or check the name"),
    }
}

pub(super) fn already_there(path: &Path, key: &ItemKey, have: &Value, item: &Value) -> Diagnostic {
    let message = format!("`{path}` has `{}` already, so it cannot be appended", key.words(item));
    Diagnostic::error(Code::DuplicateItem, message, item.origin.span, "appended here")
        .label(have.origin.span, "the same in the weaker layer")
        .hint(format!("to change what is there, write `{}:` without `+`", last(path)))
}

pub(super) fn unnamed_item(path: &Path, key: &ItemKey, item: &Value) -> Diagnostic {
    let missing = key.missing(item).unwrap_or_default();
    let message = format!("an item of `{path}` has no `{missing}`, so nobody knows which it is");
    Diagnostic::error(Code::UnnamedItem, message, item.origin.span, format!("no `{missing}`"))
        .note(format!("items of this list meet by {}", key.names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")))
        .hint(format!("say its `{missing}`; to replace the whole list write `{}=:`", last(path)))
}

pub(crate) fn item_not_there(path: &Path, item: &Value, base: &Value, key: Option<&ItemKey>) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::NothingToRemove,
        format!("`{path}` has no such item to remove"),
        item.origin.span,
        "not in the inherited value",
    )
    .label(base.origin.span, "the inherited value");
    let named = |key: &ItemKey| base.as_list().map(|items| items.iter().map(|item| key.words(item)).collect::<Vec<_>>());
    let names = key.and_then(named).unwrap_or_default();
    let written = item.as_str().or_else(|| key.and_then(|key| item.get(key.names().next()?)).and_then(Value::as_str));
    let place = key.and_then(|key| item.get(key.names().next()?)).map_or(item.origin.span, |name| name.origin.span);
    let known = match &base.data {
        Data::List(_) if key.is_some() => names.iter().map(String::as_str).collect(),
        Data::Map(map) => map.entries().iter().map(|entry| &*entry.key).collect(),
        Data::List(list) => list.items().iter().filter_map(Value::as_str).collect(),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => Vec::new(),
    };
    match written.and_then(|name| nearest(name, known.iter().copied())) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")).replace(place, near),
        None if known.is_empty() => fault.hint("remove this item, or check its spelling"),
        None => fault.hint(format!("what can be removed: {}", listed(known.iter().copied()))),
    }
}

pub(super) fn wrong_operand(path: &Path, operator: char, wanted: &str, layer: &Value) -> Diagnostic {
    let message = format!("`{path}{operator}` takes {wanted}, found {}", layer.describe());
    let fault = Diagnostic::error(Code::OperatorMismatch, message, layer.origin.span, format!("expected {wanted}"));
    let name = last(path);
    match (operator, &layer.data) {
        (_, Data::String(_) | Data::Int(_) | Data::Float(_) | Data::Bool(_)) if wanted == "a list" => {
            fault.hint(format!("write a list: `[{}]`", layer.as_str().unwrap_or("…")))
        }
        ('-', Data::Map(_)) => fault.hint(format!("list what is to go, as it stands there; to change it write `{name}` without `-`")),
        (_, _) => fault,
    }
}

pub(super) fn wrong_base(path: &Path, operator: char, base: &Value, entry: &Entry) -> Diagnostic {
    let message = format!("`{path}{operator}` meets {} in a weaker layer", base.describe());
    let name = last(path);
    let fault = Diagnostic::error(Code::OperatorMismatch, message, entry.span, "this operator works on lists and maps")
        .label(base.origin.span, format!("{} here", base.describe()));
    match operator {
        '-' => {
            fault.hint(format!("to remove it leave `{name}-` without a value (in TOML `true`), to replace it write `{name}` without `-`"))
        }
        _ => fault.hint(format!("to replace the whole value write `{name}:`")),
    }
}

fn last(path: &Path) -> &str {
    path.last_key().unwrap_or_default()
}
