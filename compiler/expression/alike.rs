//! When two templates say the same: by what is written, wherever it stands. In come two, out goes whether they do. Nothing is evaluated, so two ways
//! to say one thing are two things.

use super::syntax::{Expr, ExprKind, ExprPair, Link, Macro};
use super::template::{Piece, Template};

impl Template {
    /// Whether the other says the same in the same words; where they stand does not count.
    #[must_use]
    pub fn says_the_same(&self, other: &Template) -> bool {
        self.handed() == other.handed()
            && all(&self.pieces, &other.pieces, |first, second| match (first, second) {
                (Piece::Text(first), Piece::Text(second)) => first == second,
                (Piece::Dollar, Piece::Dollar) => true,
                (Piece::Expr(first), Piece::Expr(second)) => alike(first, second),
                (Piece::Text(_) | Piece::Dollar | Piece::Expr(_), _) => false,
            })
    }
}

fn all<T>(first: &[T], second: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    first.len() == second.len() && first.iter().zip(second).all(|(first, second)| same(first, second))
}

/// The depth of an expression is bounded by the parser.
fn alike(first: &Expr, second: &Expr) -> bool {
    use ExprKind as E;
    match (&first.kind, &second.kind) {
        (
            E::Select { operand, field, field_span: _, optional },
            E::Select { operand: operand2, field: field2, field_span: _, optional: optional2 },
        ) => field == field2 && optional == optional2 && alike(operand, operand2),
        (E::Index { operand, index, optional }, E::Index { operand: operand2, index: index2, optional: optional2 }) => {
            optional == optional2 && alike(operand, operand2) && alike(index, index2)
        }
        (E::Has(first), E::Has(second)) | (E::Not(first), E::Not(second)) | (E::Negate(first), E::Negate(second)) => alike(first, second),
        (
            E::Call { target, function, function_span: _, arguments },
            E::Call { target: target2, function: function2, function_span: _, arguments: arguments2 },
        ) => {
            let targets = match (target, target2) {
                (Some(first), Some(second)) => alike(first, second),
                (first, second) => first.is_none() && second.is_none(),
            };
            function == function2 && targets && all(arguments, arguments2, alike)
        }
        (E::Macro(first), E::Macro(second)) => macros(first, second),
        (E::Chain { first, rest }, E::Chain { first: first2, rest: rest2 }) => {
            let links = |one: &Link, other: &Link| one.operator == other.operator && alike(&one.operand, &other.operand);
            alike(first, first2) && all(rest, rest2, links)
        }
        (E::And(first), E::And(second)) | (E::Or(first), E::Or(second)) => all(first, second, alike),
        (E::Conditional { condition, yes, no }, E::Conditional { condition: condition2, yes: yes2, no: no2 }) => {
            alike(condition, condition2) && alike(yes, yes2) && alike(no, no2)
        }
        (E::List(first), E::List(second)) => {
            all(first, second, |first, second| first.optional == second.optional && alike(&first.value, &second.value))
        }
        (E::Map(first), E::Map(second)) => {
            let pairs = |first: &ExprPair, second: &ExprPair| {
                first.optional == second.optional && alike(&first.key, &second.key) && alike(&first.value, &second.value)
            };
            all(first, second, pairs)
        }
        // What has neither a place nor an operand inside.
        (
            E::Null | E::Bool(_) | E::Int(_) | E::Uint(_) | E::Double(_) | E::String(_) | E::Bytes(_) | E::Name { .. },
            E::Null | E::Bool(_) | E::Int(_) | E::Uint(_) | E::Double(_) | E::String(_) | E::Bytes(_) | E::Name { .. },
        ) => first.kind == second.kind,
        (
            E::Null
            | E::Bool(_)
            | E::Int(_)
            | E::Uint(_)
            | E::Double(_)
            | E::String(_)
            | E::Bytes(_)
            | E::Name { .. }
            | E::Select { .. }
            | E::Index { .. }
            | E::Has(_)
            | E::Call { .. }
            | E::Macro(_)
            | E::Not(_)
            | E::Negate(_)
            | E::Chain { .. }
            | E::And(_)
            | E::Or(_)
            | E::Conditional { .. }
            | E::List(_)
            | E::Map(_),
            _,
        ) => false,
    }
}

fn macros(first: &Macro, second: &Macro) -> bool {
    let filters = match (&first.filter, &second.filter) {
        (Some(first), Some(second)) => alike(first, second),
        (first, second) => first.is_none() && second.is_none(),
    };
    first.verb == second.verb
        && all(&first.variables, &second.variables, |first, second| first.name == second.name)
        && filters
        && alike(&first.range, &second.range)
        && alike(&first.body, &second.body)
}

#[cfg(test)]
mod tests {
    use super::super::Template;
    use crate::span::{FileId, TextMap};

    fn template(text: &str, start: usize) -> Template {
        Template::parse(text, &TextMap::verbatim(FileId(0), start, start + text.len())).unwrap().unwrap()
    }

    const TEXTS: &[&str] = &[
        "${a}",
        "${.a}",
        "${b}",
        "x${a}",
        "$${a}",
        "${a.b}",
        "${a.?b}",
        "${a[b]}",
        "${a[?b]}",
        "${has(a.b)}",
        "${!a}",
        "${-a}",
        "${f(a)}",
        "${a.f()}",
        "${f(a, b)}",
        "${a + b}",
        "${a - b}",
        "${a + b + a}",
        "${a && b}",
        "${a || b}",
        "${a ? b : c}",
        "${a ? c : b}",
        "${[a]}",
        "${[?a]}",
        "${{'k': a}}",
        "${{?'k': a}}",
        "${{'k': b}}",
        "${f(1)}",
        "${f(1u)}",
        "${f(1.0)}",
        "${f('1')}",
        "${f(b'1')}",
        "${f(null)}",
        "${f(true)}",
        "${a.map(x, x)}",
        "${a.map(y, y)}",
        "${a.map(x, x > 1, x)}",
        "${a.filter(x, x)}",
        "${a.all(x, x)}",
    ];

    #[test]
    fn places_do_not_count_and_words_do() {
        for first in TEXTS {
            for second in TEXTS {
                assert_eq!(template(first, 3).says_the_same(&template(second, 70)), first == second, "{first} {second}");
            }
        }
    }
}
