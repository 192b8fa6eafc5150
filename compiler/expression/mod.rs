//! The expression language of definitions: CEL, with our own functions and with values that come later (design 2.4).
//!
//! In comes text, out comes a syntax tree, and from a tree and a [`Host`] a value. This room knows no platform: what a name means is the
//! host's business. An evaluation reads no clock, file, environment variable or random number; its cost and depth are bounded.

mod alike;
mod alternatives;
mod budget;
mod call;
mod check;
mod compare;
mod comprehension;
mod errors;
mod evaluate;
mod functions;
mod handed;
mod late;
mod later;
mod lexer;
mod literal;
mod macros;
mod opaque;
mod operate;
mod parser;
mod compound;
mod reference;
mod round;
mod select;
mod syntax;
mod template;
mod types;
mod use_id;
mod val;
mod whole;
mod words;
mod written;

pub use check::{Absence, TypeScope, check};
pub(crate) use compare::key_value;
pub use late::{Late, LateExpr, LateFor, LateForm, LatePiece, LateReference, late_functions};
pub(crate) use late::{ReadThrough, attribute_type};
pub use opaque::Opaque;
pub use reference::Reference;
pub use syntax::{BinaryOperator, Element, Expr, ExprKind, ExprPair, Link, Macro, Variable, Verb};
pub use template::{Piece, Target, Template};
pub use types::{NamesOf, RecordTy, Ty};
pub(crate) use use_id::UseId;
pub use val::{HostNode, Key, Val, ValMap};
pub(crate) use whole::Whole;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::{Span, TextMap};
use std::sync::Arc;

/// Why an evaluation gave no value.
#[derive(Clone, PartialEq, Debug)]
pub enum Fault {
    /// Its cause was reported elsewhere; to be passed on in silence.
    Reported,
    /// What to report.
    Diagnostic(Box<Diagnostic>),
}

impl Fault {
    /// Whether it says that a late value is not known yet.
    #[must_use]
    pub fn is_late(&self) -> bool {
        matches!(self, Fault::Diagnostic(diagnostic) if matches!(diagnostic.code, Code::LateValueMisplaced | Code::LateValueFunction))
    }
}

/// How a field is declared that a node may have and has not.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// Where its name stands in the schema.
    pub declared: Span,
    /// Whether it has a default.
    pub has_default: bool,
    /// Whether it is told why it has no value, whoever reads it: it is required, or its declaration is wrong.
    pub is_told: bool,
    /// Where a layer has removed it.
    pub removed: Option<Span>,
}

/// What an expression can see of the world.
pub trait Host {
    /// The value of a name in scope; none if there is no such name.
    ///
    /// # Errors
    /// If the value of the name cannot be had.
    fn name(&self, name: &str) -> Result<Option<Val>, Fault>;

    /// All names in scope, for suggestions.
    fn names(&self) -> Vec<Arc<str>>;

    /// Why a name that is not in scope, and is elsewhere, is not in this one.
    fn absence(&self, _name: &str) -> Option<Absence> {
        None
    }

    /// Why a field that is elsewhere in the same environment is not in this node.
    fn absent_field(&self, _node: HostNode, _key: &str) -> Option<Absence> {
        None
    }

    /// Why a field that a node lacks would be there in another environment.
    fn elsewhere(&self, _node: HostNode, _key: &str) -> Option<Absence> {
        None
    }

    /// A field of a map node, evaluated on demand; none if there is no such field.
    ///
    /// # Errors
    /// If the value of the field cannot be had.
    fn field(&self, node: HostNode, key: &str) -> Result<Option<Val>, Fault>;

    /// The same under a key that an expression has made, not written: it may be what something is called outside.
    ///
    /// # Errors
    /// If the value of the field cannot be had, or the key means two of them.
    fn keyed(&self, node: HostNode, key: &str) -> Result<Option<Val>, Fault> {
        self.field(node, key)
    }

    /// The fields of a node in written order, for suggestions.
    fn fields(&self, node: HostNode) -> Vec<Arc<str>>;

    /// Whether a node has fields.
    fn has_fields(&self, node: HostNode) -> bool {
        !self.fields(node).is_empty()
    }

    /// Fields that a node may have, whether or not it has them now.
    fn declared(&self, _node: HostNode) -> Vec<Arc<str>> {
        Vec::new()
    }

    /// An item of a list node; none if it is no list, or has no such item, or the host can only give the whole list.
    ///
    /// # Errors
    /// If the value of the item cannot be had.
    fn item(&self, _node: HostNode, _at: usize) -> Result<Option<Val>, Fault> {
        Ok(None)
    }

    /// How many steps an evaluation may still take, beside the limit that each has; none if too many were taken and that was reported.
    fn steps_left(&self) -> Option<usize> {
        Some(usize::MAX)
    }

    /// Takes note that what was given last, by [`Host::name`], [`Host::field`] or [`Host::item`], is what the expression names at this place,
    /// and whether it only decides what comes out there, as a condition does, and does not stand in it.
    fn names_read(&self, _span: Span, _decides: bool) {}

    /// Takes note that what is named within this place decides what comes out: a variable that stands for it does.
    fn decides(&self, _within: Span) {}

    /// Whether a regular expression is met for the first time, so that compiling it is to be paid for.
    fn is_new_pattern(&self, _pattern: &Arc<str>) -> bool {
        true
    }

    /// Why nothing more is evaluated, when no steps are left.
    fn unaffordable(&self, _span: Span) -> Fault {
        Fault::Reported
    }

    /// Takes note that it is told that steps were used up.
    fn tells_cost(&self) {}

    /// Takes note of the steps that an evaluation took.
    fn spend(&self, _steps: usize) {}

    /// What is wrong where a field is read that a node would have if something was not switched off.
    fn switched_off(&self, _node: HostNode, _key: &str, _read: Span) -> Option<Box<Diagnostic>> {
        None
    }

    /// How a field that a node may have is declared; none if it is none of [`Host::declared`].
    fn declaration(&self, _node: HostNode, _key: &str) -> Option<Declaration> {
        None
    }

    /// What a node is, with its article, if it is a thing: itself and no other, however alike they are.
    fn thing(&self, _node: HostNode) -> Option<&'static str> {
        None
    }

    /// A node as texts hold it: like [`Host::force`], with what things are called where it refers to some.
    ///
    /// # Errors
    /// If the value cannot be had.
    fn written(&self, node: HostNode) -> Result<Val, Fault> {
        self.force(node)
    }

    /// Whether the evaluation has read what must not be shown.
    fn has_read_secret(&self) -> bool {
        false
    }

    /// Says whether it has: what only asks whether or how much of something is there takes it back.
    fn set_read_secret(&self, _read: bool) {}

    /// A node as a map or list, whose children may be nodes again.
    ///
    /// # Errors
    /// If the value cannot be had.
    fn force(&self, node: HostNode) -> Result<Val, Fault>;
}

/// Parses a bare expression.
///
/// # Errors
/// If it is not a well-formed expression.
pub fn parse(text: &str, map: &TextMap) -> Result<Arc<Expr>, Box<Diagnostic>> {
    if text.len() > crate::limit::EXPRESSION_BYTES {
        return Err(Box::new(errors::too_long(crate::limit::EXPRESSION_BYTES, map.span(0, text.len()))));
    }
    let lexed = lexer::lex(text, 0, false, map);
    if let Some(fault) = lexed.faults.into_iter().next() {
        return Err(Box::new(fault));
    }
    if lexed.tokens.len() == 1 {
        return Err(Box::new(errors::empty(map.span(0, text.len()))));
    }
    parser::parse(&lexed.tokens, map).map(Arc::new)
}

/// Evaluates an expression.
///
/// # Errors
/// If the expression has no value.
pub fn evaluate(expr: &Expr, host: &dyn Host) -> Result<Val, Fault> {
    evaluate::run(expr, host, false)
}

/// Whether a word has a meaning in CEL that keeps it from being a name. `let` and `if` are ours.
fn reserved(word: &str) -> bool {
    const WORDS: [&str; 16] = [
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "import",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ];
    WORDS.contains(&word)
}

#[cfg(test)]
mod tests;
