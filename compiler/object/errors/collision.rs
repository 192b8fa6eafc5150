//! Wording of what several things make, or one makes several times, where there can be one.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::span::Span;

/// So many templates are shown.
const PLACES: usize = 8;

/// What `one` makes with a template, and `other` with further ones: a template stands there once for each time. Both may be the same thing. `more`: what
/// else they both make, each with the templates of two of them.
pub(in crate::object) fn objects_collide(
    what: &str,
    more: &[(&str, Span, Span)],
    (one, other): (&Entity, &Entity),
    (first, further): (Span, &[Span]),
) -> Diagnostic {
    let is_alone = one.defined == other.defined;
    let times = if further.len() > 1 && is_alone { format!("{} times", further.len() + 1) } else { "twice".to_owned() };
    let message = format!("{what} would be made {times} on the same cluster");
    let name = |entity: &Entity| format!("made by {} `{}`", entity.kind.words(), entity.name);
    // All who make what one makes already are one report.
    let mut diagnostic = Diagnostic::error(Code::ObjectCollision, message, other.defined, name(other))
        .apart(what)
        .lacking(format!("{:?} {what}", one.defined));
    if !is_alone {
        diagnostic = diagnostic.label(one.defined, name(one));
    }
    let mut templates: Vec<(Span, usize)> = Vec::new();
    for (span, rounds) in [(first, usize::from(is_alone))].into_iter().chain(further.iter().map(|span| (*span, 1))) {
        match templates.iter_mut().find(|(known, _)| *known == span) {
            Some((_, known)) => *known += rounds,
            None => templates.push((span, rounds)),
        }
    }
    for (at, (span, rounds)) in templates.iter().take(PLACES).enumerate() {
        let text = match (at, *rounds) {
            (0, 0 | 1) => "from this template".to_owned(),
            (0, rounds) => format!("from this template, in {rounds} rounds of its loop"),
            (_, 0 | 1) => "and from this one".to_owned(),
            (_, rounds) => format!("and from this one, in {rounds} rounds of its loop"),
        };
        let is_shown = *span == if at == 0 { one.defined } else { other.defined };
        diagnostic = if is_shown { diagnostic } else { diagnostic.label(*span, text) };
    }
    let mut rest = templates.len().saturating_sub(PLACES);
    if is_alone {
        // What one thing makes twice need not have one cause.
        let others = more.iter().flat_map(|(name, first, second)| {
            [(*first, format!("so would {name}")), (*second, "and from this one".to_owned())]
                .into_iter()
                .take(1 + usize::from(first != second))
        });
        let left = PLACES.saturating_sub(templates.len());
        rest += others.clone().count().saturating_sub(left);
        diagnostic = others.take(left).fold(diagnostic, |diagnostic, (span, text)| diagnostic.label(span, text));
    } else if !more.is_empty() {
        let names: Vec<&str> = more.iter().map(|(name, ..)| *name).collect();
        diagnostic = diagnostic.note(format!("so would {}", names.join(", ")));
    }
    if rest > 0 {
        diagnostic = diagnostic.note(format!("and so it is with {rest} more {}", if rest == 1 { "template" } else { "templates" }));
    }
    let is_loop = is_alone && templates.len() == 1 && more.is_empty();
    diagnostic.about(other.subject()).hint(if is_loop {
        "put what the loop runs over into the name or namespace"
    } else {
        "give them different names or namespaces, or let only one of them make it"
    })
}
