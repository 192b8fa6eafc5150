//! Late values: what is known only after Terraform has run. They are passed on, selected from, and made into expressions of Terraform by the
//! functions that Terraform has with the same meaning. What comes in are values, what leaves are trees; what such a tree comes to is worked
//! out beside it as far as its parts are known, and decides nothing here.

mod attribute;
mod json;
mod known;
mod operand;
mod row;
mod spell;
mod table;
mod text;
mod tree;

pub(crate) use attribute::attribute_type;
pub(super) use attribute::field;
pub(super) use known::{canonical, settled};
pub(super) use operand::{LateOperand, literal};
pub(super) use row::{LateRefusal, gives, loops, translate};
pub(super) use table::conditional;
pub use tree::{LateExpr, LateFor, LateForm};

use super::Val;
use super::types::Ty;
use crate::span::Span;
use std::sync::Arc;

/// A late value: one reference, text with references in it, or an expression.
#[derive(Clone, Debug)]
pub struct Late {
    /// The pieces in order.
    pub pieces: Vec<LatePiece>,
    /// What it is, as far as facts tell: what a delivery gets, while Terraform still gets the pieces.
    pub known: Option<Val>,
    /// Its type, as far as whoever made it tells; see [`Late::type_`].
    pub told: Ty,
}

/// A part of a late value.
#[derive(Clone, PartialEq, Debug)]
pub enum LatePiece {
    /// Literal text, to be escaped by the backend.
    Text(Arc<str>),
    /// Terraform template text, to be written as it is: `${length(local.x)}`.
    Raw(Arc<str>),
    /// A reference into a stack.
    Reference(LateReference),
    /// What functions and operators made of references.
    Made(LateExpr),
}

/// A reference to something Terraform knows after it ran.
#[derive(Clone, PartialEq, Debug)]
pub struct LateReference {
    /// What names the environment outside whose stack it is; empty while a class is checked on its own.
    pub environment: Arc<str>,
    /// The stack it lives in; empty while a class is checked on its own.
    pub stack: Arc<str>,
    /// Terraform address with attribute path: `aws_eks_cluster.this.endpoint`, `data.aws_caller_identity.current.account_id`.
    pub address: Arc<str>,
    /// If the reference was read through an entity's `outputs`: the name of the Terraform output that carries it, or what it was
    /// selected from, in its stack.
    pub output: Option<Arc<str>>,
    /// Who makes what is sensitive in it, if it was read through an entity's `outputs`: address and stack.
    pub sensitive: Option<(Arc<str>, Arc<str>)>,
    /// What of the resource a schema of the project calls sensitive, as paths, if there is anything.
    pub private: Option<Arc<[Arc<str>]>>,
    /// Where it was written.
    pub span: Span,
}

/// An output that a late value is read through.
pub(crate) struct ReadThrough {
    /// Its name in Terraform.
    pub(crate) output: Arc<str>,
    /// If it is declared sensitive: its name and stack.
    pub(crate) sensitive: Option<(Arc<str>, Arc<str>)>,
}

impl LateReference {
    /// Whether a provider calls sensitive what it leads to, or something in it.
    fn is_private(&self) -> bool {
        attribute::is_sensitive(&self.address) || self.private.as_ref().is_some_and(|private| attribute::is_among(&self.address, private))
    }

    /// Whether a schema of the project calls sensitive what it leads to, or what that stands in.
    #[must_use]
    pub(crate) fn is_within_private(&self) -> bool {
        self.private.as_ref().is_some_and(|private| attribute::is_within(&self.address, private))
    }

    /// Who makes what is sensitive in it: address and stack.
    fn made_sensitive(&self) -> Option<(Arc<str>, Arc<str>)> {
        match &self.sensitive {
            None if self.output.is_none() && self.is_private() => Some((Arc::clone(&self.address), Arc::clone(&self.stack))),
            sensitive => sensitive.clone(),
        }
    }
}

impl Late {
    /// A late value that is one reference.
    #[must_use]
    pub fn reference(reference: LateReference) -> Self {
        Self::of(vec![LatePiece::Reference(reference)])
    }

    /// A late value of pieces, of which nothing is known.
    #[must_use]
    pub fn of(pieces: Vec<LatePiece>) -> Self {
        Self { pieces, known: None, told: Ty::Dyn }
    }

    /// The same, with what it is as far as facts tell.
    #[must_use]
    pub fn known(self, known: Option<Val>) -> Self {
        Self { known, ..self }
    }

    /// The same, with its type.
    #[must_use]
    pub fn typed(self, told: Ty) -> Self {
        Self { told, ..self }
    }

    /// An expression as a late value.
    pub(super) fn expr(expr: LateExpr, type_: Ty) -> Self {
        let pieces = match expr.form() {
            LateForm::Reference(reference) => vec![LatePiece::Reference(reference.clone())],
            LateForm::Template(pieces) => pieces.to_vec(),
            LateForm::Variable(_)
            | LateForm::Null
            | LateForm::Bool(_)
            | LateForm::Number(_)
            | LateForm::Text(_)
            | LateForm::List(_)
            | LateForm::Map(_)
            | LateForm::Call { .. }
            | LateForm::Unary(..)
            | LateForm::Binary(..)
            | LateForm::Conditional(_)
            | LateForm::Index(_)
            | LateForm::Field(..)
            | LateForm::For(_) => vec![LatePiece::Made(expr)],
        };
        Self { pieces, known: None, told: type_ }
    }

    /// The same, with what is known of it, and the output that each reference is read through where none is said yet.
    #[must_use]
    pub(crate) fn read_through(&self, output: &ReadThrough, known: Option<Val>) -> Self {
        let through = |reference: &LateReference| LateReference {
            output: Some(reference.output.as_ref().unwrap_or(&output.output).clone()),
            sensitive: reference.made_sensitive().or_else(|| output.sensitive.clone()),
            ..reference.clone()
        };
        let pieces = self.pieces.iter().map(|piece| tree::mapped(piece, &through)).collect();
        Self { pieces, known: known.or_else(|| self.known.clone()), told: self.type_() }
    }

    /// The reference, if that is all there is.
    #[must_use]
    pub fn as_reference(&self) -> Option<&LateReference> {
        match self.pieces.as_slice() {
            [LatePiece::Reference(reference)] => Some(reference),
            _ => None,
        }
    }

    /// All references in it, in the order in which they are written.
    #[must_use]
    pub fn references(&self) -> Vec<&LateReference> {
        let mut found = Vec::new();
        self.pieces.iter().for_each(|piece| tree::see(piece, &mut |reference| found.push(reference)));
        found
    }

    /// Its type, as far as that is known: whoever made it says so, or the provider whose attribute it is.
    #[must_use]
    pub fn type_(&self) -> Ty {
        match self.as_reference() {
            Some(reference) if self.told == Ty::Dyn && reference.output.is_none() => attribute::type_of(&reference.address),
            Some(_) | None => self.told.clone(),
        }
    }

    /// Whether it is known to be neither a list nor a map.
    pub(super) fn is_scalar(&self) -> bool {
        matches!(self.type_(), Ty::String | Ty::Bool | Ty::Int | Ty::Double | Ty::Number | Ty::Null | Ty::Bytes)
    }

    /// Who makes what its provider calls sensitive: address and stack of the first one in it.
    #[must_use]
    pub fn sensitive(&self) -> Option<(Arc<str>, Arc<str>)> {
        self.references().into_iter().find_map(LateReference::made_sensitive)
    }

    /// The late value as an expression.
    #[must_use]
    pub fn as_expr(&self) -> LateExpr {
        match self.pieces.as_slice() {
            [LatePiece::Reference(reference)] => LateExpr::new(LateForm::Reference(reference.clone())),
            [LatePiece::Made(expr)] => expr.clone(),
            pieces => LateExpr::new(LateForm::Template(pieces.into())),
        }
    }
}

/// Pieces as text, whatever the only one of them is.
pub(super) fn text(pieces: Vec<LatePiece>) -> Late {
    let of = Late::of(pieces);
    if of.type_() == Ty::String {
        return of.typed(Ty::String);
    }
    Late::expr(text::joined(&[of.as_expr()]), Ty::String)
}

/// Whether Terraform has a function with the meaning of this one.
pub(super) fn is_function(name: &str) -> bool {
    table::ROWS.iter().any(|row| row.name == name)
}

/// How a function may be used, for hints.
pub(super) fn usages(name: &str) -> String {
    let usages = table::ROWS.iter().filter(|row| row.name == name && !row.usage.is_empty()).map(|row| format!("`{}`", row.usage));
    usages.collect::<Vec<_>>().join(", ")
}

/// The names of what Terraform can do, for hints.
pub(super) fn names() -> String {
    let mut names: Vec<&str> = Vec::new();
    for row in table::ROWS.iter().filter(|row| !row.terraform.is_empty() && row.name != "[]") {
        if !names.contains(&row.name) {
            names.push(row.name);
        }
    }
    names.extend(["? :", "map", "filter", "all", "exists", "exists_one", "transformList", "transformMap"]);
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What Terraform makes of functions over late values: how each is written in definitions, and there.
pub fn late_functions() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = table::ROWS.iter().filter(|row| !row.terraform.is_empty()).map(|row| (row.usage, row.terraform));
    rows.chain(LOOPS.iter().copied())
}

/// What is no function of the table, because it looks at its operands without evaluating them.
const LOOPS: [(&str, &str); 11] = [
    ("bool ? a : b", "a ? b : c, or jsondecode(a ? jsonencode(b) : jsonencode(c))"),
    ("list.map(item, …)", "[for item in a : …]"),
    ("list.map(item, bool, …)", "[for item in a : … if …]"),
    ("list.filter(item, bool)", "[for item in a : item if …]"),
    ("list.all(item, bool)", "alltrue([for item in a : …])"),
    ("list.exists(item, bool)", "anytrue([for item in a : …])"),
    ("list.exists_one(item, bool)", "length([for item in a : item if …]) == 1"),
    ("list.transformList(position, item, …)", "[for position, item in a : …]"),
    ("map.map(key, …)", "[for key, value in a : …]"),
    ("map.transformList(key, value, …)", "[for key, value in a : …]"),
    ("map.transformMap(key, value, …)", "{for key, value in a : key => …}"),
];

/// The late value in a sentence: its address if it is one reference.
pub(super) fn words(late: &Late) -> String {
    late.as_reference().map(|reference| reference.address.to_string()).unwrap_or_default()
}

impl Late {
    /// About as many bytes as it takes.
    pub(crate) fn size(&self) -> usize {
        self.pieces.iter().map(tree::weight).fold(0, usize::saturating_add)
    }

    /// The late value of a field; none if this is text, which has no fields.
    pub(super) fn field(&self, field: &str, span: Span) -> Option<Late> {
        let type_ = attribute::field(&self.told, field);
        if spell::is_plain(field) {
            return self.extend(&format!(".{field}"), span, type_, |expr| LateForm::Field(expr, field.into()));
        }
        let key = LateExpr::new(LateForm::Text(field.into()));
        self.extend(&format!("[{}]", spell::quoted(field)), span, type_, |expr| LateForm::Index(Arc::new((expr, key))))
    }

    /// The late value of an item; none if this is text.
    pub(super) fn item(&self, index: i64, span: Span) -> Option<Late> {
        let type_ = attribute::item(&self.told);
        let key = LateExpr::new(LateForm::Number(index.to_string().into()));
        self.extend(&format!("[{index}]"), span, type_, |expr| LateForm::Index(Arc::new((expr, key))))
    }

    fn extend(&self, step: &str, span: Span, type_: Ty, form: impl FnOnce(LateExpr) -> LateForm) -> Option<Late> {
        if let Some(reference) = self.as_reference() {
            let address = format!("{}{step}", reference.address).into();
            return Some(Late::reference(LateReference { address, span, ..reference.clone() }).typed(type_));
        }
        match self.pieces.as_slice() {
            [LatePiece::Made(expr)] => Some(Late::expr(LateExpr::new(form(expr.clone())), type_)),
            _ => None,
        }
    }
}
