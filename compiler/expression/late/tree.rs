//! Expressions of Terraform as trees. Whoever makes a node says what stands in it; what is never made here is text.

use super::{LatePiece, LateReference};
use std::sync::Arc;

/// An expression of Terraform. Cloning is cheap; what it weighs and how high it is are counted while it is made.
#[derive(Clone, Debug)]
pub struct LateExpr {
    form: Arc<LateForm>,
    weight: usize,
    height: usize,
}

impl PartialEq for LateExpr {
    fn eq(&self, other: &Self) -> bool {
        self.weight == other.weight && (Arc::ptr_eq(&self.form, &other.form) || self.form == other.form)
    }
}

/// What an expression is.
#[derive(Clone, PartialEq, Debug)]
pub enum LateForm {
    /// A reference.
    Reference(LateReference),
    /// A variable of a `for` around.
    Variable(Arc<str>),
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written.
    Number(Arc<str>),
    /// Text, not escaped.
    Text(Arc<str>),
    /// Text with expressions in it.
    Template(Arc<[LatePiece]>),
    /// `[a, b]`
    List(Arc<[LateExpr]>),
    /// `{ "a" = b }`
    Map(Arc<[(Arc<str>, LateExpr)]>),
    /// `function(a, b)`
    Call {
        /// The function.
        function: &'static str,
        /// Its arguments.
        arguments: Arc<[LateExpr]>,
        /// Whether the last one stands for as many as it has items: `min(list...)`.
        spread: bool,
    },
    /// `!a`, `-a`
    Unary(&'static str, LateExpr),
    /// `a + b`
    Binary(&'static str, Arc<(LateExpr, LateExpr)>),
    /// `a ? b : c`
    Conditional(Arc<(LateExpr, LateExpr, LateExpr)>),
    /// `a[b]`
    Index(Arc<(LateExpr, LateExpr)>),
    /// `a.b`
    Field(LateExpr, Arc<str>),
    /// `[for a, b in c : d if e]`
    For(Arc<LateFor>),
}

/// A `for` of Terraform.
#[derive(Clone, PartialEq, Debug)]
pub struct LateFor {
    /// One variable for items, or two for position and item or for key and value.
    pub variables: Vec<Arc<str>>,
    /// What it runs over.
    pub range: LateExpr,
    /// The key of what it makes, if that is a map.
    pub key: Option<LateExpr>,
    /// What it makes in each round.
    pub body: LateExpr,
    /// Which rounds there are; all, if that is not said.
    pub condition: Option<LateExpr>,
}

/// About as many bytes as a node takes beside its texts.
const NODE: usize = 16;

impl LateExpr {
    /// An expression of a form.
    #[must_use]
    pub fn new(form: LateForm) -> Self {
        let mut weight = NODE + own(&form);
        let mut height = 0;
        parts(&form, &mut |part| {
            weight = weight.saturating_add(part.weight);
            height = height.max(part.height);
        });
        Self { form: Arc::new(form), weight, height: height.saturating_add(1) }
    }

    /// A call of a function.
    #[must_use]
    pub fn call(function: &'static str, arguments: impl Into<Arc<[LateExpr]>>) -> Self {
        Self::new(LateForm::Call { function, arguments: arguments.into(), spread: false })
    }

    /// Two operands with an operator between them.
    #[must_use]
    pub fn binary(operator: &'static str, left: LateExpr, right: LateExpr) -> Self {
        Self::new(LateForm::Binary(operator, Arc::new((left, right))))
    }

    /// A condition with what holds in each case.
    #[must_use]
    pub fn conditional(condition: LateExpr, yes: LateExpr, no: LateExpr) -> Self {
        Self::new(LateForm::Conditional(Arc::new((condition, yes, no))))
    }

    /// Literal text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::new(LateForm::Text(text.into()))
    }

    /// A whole number.
    #[must_use]
    pub fn int(number: i64) -> Self {
        Self::new(LateForm::Number(number.to_string().into()))
    }

    /// The expression as Terraform spells it, with the text of references by a function.
    pub fn spelled(&self, reference: &mut dyn FnMut(&LateReference) -> String) -> String {
        super::spell::spelled(self, reference)
    }

    /// The texts written in it that may be a part of what it comes to.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let mut found = Vec::new();
        texts(self, &mut found);
        found
    }

    /// What it is.
    #[must_use]
    pub fn form(&self) -> &LateForm {
        &self.form
    }

    /// About as many bytes as it takes when written.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// How many expressions are within each other in it.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }
}

/// About as many bytes as a piece takes.
pub(super) fn weight(piece: &LatePiece) -> usize {
    match piece {
        LatePiece::Text(text) | LatePiece::Raw(text) => text.len(),
        LatePiece::Reference(reference) => 64 + reference.address.len(),
        LatePiece::Made(expr) => expr.weight,
    }
}

/// The bytes of a form that are in none of its parts.
fn own(form: &LateForm) -> usize {
    match form {
        LateForm::Reference(reference) => 64 + reference.address.len(),
        LateForm::Variable(text) | LateForm::Number(text) | LateForm::Text(text) | LateForm::Field(_, text) => text.len(),
        LateForm::Template(pieces) => pieces.iter().filter(|piece| !matches!(piece, LatePiece::Made(_))).map(weight).sum(),
        LateForm::Map(entries) => entries.iter().map(|(key, _)| key.len()).sum(),
        LateForm::For(inner) => inner.variables.iter().map(|name| name.len()).sum(),
        LateForm::Null
        | LateForm::Bool(_)
        | LateForm::List(_)
        | LateForm::Call { .. }
        | LateForm::Unary(..)
        | LateForm::Binary(..)
        | LateForm::Conditional(_)
        | LateForm::Index(_) => 0,
    }
}

/// The expressions directly within a form, in the order in which they are written.
fn parts<'e>(form: &'e LateForm, see: &mut dyn FnMut(&'e LateExpr)) {
    match form {
        LateForm::Reference(_) | LateForm::Variable(_) | LateForm::Null | LateForm::Bool(_) | LateForm::Number(_) | LateForm::Text(_) => {}
        LateForm::Template(pieces) => pieces.iter().for_each(|piece| match piece {
            LatePiece::Made(expr) => see(expr),
            LatePiece::Text(_) | LatePiece::Raw(_) | LatePiece::Reference(_) => {}
        }),
        LateForm::List(items) => items.iter().for_each(see),
        LateForm::Map(entries) => entries.iter().for_each(|(_, value)| see(value)),
        LateForm::Call { arguments, .. } => arguments.iter().for_each(see),
        LateForm::Unary(_, operand) | LateForm::Field(operand, _) => see(operand),
        LateForm::Binary(_, both) | LateForm::Index(both) => {
            see(&both.0);
            see(&both.1);
        }
        LateForm::Conditional(all) => {
            see(&all.0);
            see(&all.1);
            see(&all.2);
        }
        LateForm::For(inner) => {
            see(&inner.range);
            inner.key.iter().for_each(&mut *see);
            see(&inner.body);
            inner.condition.iter().for_each(see);
        }
    }
}

fn texts<'e>(expr: &'e LateExpr, found: &mut Vec<&'e str>) {
    match expr.form() {
        LateForm::Text(text) => found.push(text),
        LateForm::Template(pieces) => pieces.iter().for_each(|piece| match piece {
            LatePiece::Text(text) => found.push(text),
            LatePiece::Made(expr) => texts(expr, found),
            LatePiece::Raw(_) | LatePiece::Reference(_) => {}
        }),
        LateForm::Conditional(all) => {
            texts(&all.1, found);
            texts(&all.2, found);
        }
        LateForm::Index(both) => texts(&both.0, found),
        // What is looked for is not what comes out.
        LateForm::Call { function: "replace", arguments, .. } => {
            arguments.iter().enumerate().filter(|(at, _)| *at != 1).for_each(|(_, argument)| texts(argument, found));
        }
        LateForm::Call { function: "regexall" | "length" | "contains" | "strcontains" | "startswith" | "endswith", .. } => {}
        LateForm::Binary(..) | LateForm::Unary(..) => {}
        form @ (LateForm::Reference(_)
        | LateForm::Variable(_)
        | LateForm::Null
        | LateForm::Bool(_)
        | LateForm::Number(_)
        | LateForm::List(_)
        | LateForm::Map(_)
        | LateForm::Call { .. }
        | LateForm::Field(..)
        | LateForm::For(_)) => parts(form, &mut |part| texts(part, found)),
    }
}

/// Gives all references in a piece. What is within each other is no higher than a limit, so this may recurse.
pub(super) fn see<'e>(piece: &'e LatePiece, found: &mut dyn FnMut(&'e LateReference)) {
    match piece {
        LatePiece::Reference(reference) => found(reference),
        LatePiece::Made(expr) => within(expr, found),
        LatePiece::Text(_) | LatePiece::Raw(_) => {}
    }
}

fn within<'e>(expr: &'e LateExpr, found: &mut dyn FnMut(&'e LateReference)) {
    match expr.form() {
        LateForm::Reference(reference) => found(reference),
        LateForm::Template(pieces) => pieces.iter().for_each(|piece| see(piece, found)),
        form @ (LateForm::Variable(_)
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
        | LateForm::For(_)) => parts(form, &mut |part| within(part, found)),
    }
}

/// A piece with all references in it made into others.
pub(super) fn mapped(piece: &LatePiece, change: &dyn Fn(&LateReference) -> LateReference) -> LatePiece {
    match piece {
        LatePiece::Reference(reference) => LatePiece::Reference(change(reference)),
        LatePiece::Made(expr) => LatePiece::Made(changed(expr, change)),
        LatePiece::Text(_) | LatePiece::Raw(_) => piece.clone(),
    }
}

fn changed(expr: &LateExpr, change: &dyn Fn(&LateReference) -> LateReference) -> LateExpr {
    let of = |expr: &LateExpr| changed(expr, change);
    LateExpr::new(match expr.form() {
        LateForm::Reference(reference) => LateForm::Reference(change(reference)),
        LateForm::Template(pieces) => LateForm::Template(pieces.iter().map(|piece| mapped(piece, change)).collect()),
        LateForm::List(items) => LateForm::List(items.iter().map(of).collect()),
        LateForm::Map(entries) => LateForm::Map(entries.iter().map(|(key, value)| (Arc::clone(key), of(value))).collect()),
        LateForm::Call { function, arguments, spread } => {
            LateForm::Call { function, arguments: arguments.iter().map(of).collect(), spread: *spread }
        }
        LateForm::Unary(operator, operand) => LateForm::Unary(operator, of(operand)),
        LateForm::Binary(operator, both) => LateForm::Binary(operator, Arc::new((of(&both.0), of(&both.1)))),
        LateForm::Conditional(all) => LateForm::Conditional(Arc::new((of(&all.0), of(&all.1), of(&all.2)))),
        LateForm::Index(both) => LateForm::Index(Arc::new((of(&both.0), of(&both.1)))),
        LateForm::Field(operand, field) => LateForm::Field(of(operand), Arc::clone(field)),
        LateForm::For(inner) => LateForm::For(Arc::new(LateFor {
            variables: inner.variables.clone(),
            range: of(&inner.range),
            key: inner.key.as_ref().map(of),
            body: of(&inner.body),
            condition: inner.condition.as_ref().map(of),
        })),
        LateForm::Variable(_) | LateForm::Null | LateForm::Bool(_) | LateForm::Number(_) | LateForm::Text(_) => return expr.clone(),
    })
}
