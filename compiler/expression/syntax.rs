//! The syntax tree of expressions. Its depth is bounded by the parser, so that walks over it may recurse.

use crate::span::Span;
use std::sync::Arc;

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A signed integer, its minus included.
    Int(i64),
    /// An unsigned integer: `1u`.
    Uint(u64),
    /// A floating-point number, its minus included.
    Double(f64),
    /// Text.
    String(Arc<str>),
    /// Bytes: `b"…"`.
    Bytes(Arc<[u8]>),
    /// A name. With a leading dot it means the name in scope, not a variable of a macro.
    Name {
        /// The name.
        name: Arc<str>,
        /// Whether it has a leading dot.
        absolute: bool,
    },
    /// `operand.field` or `operand.?field`
    Select {
        /// Left of the dot.
        operand: Box<Expr>,
        /// The field.
        field: Arc<str>,
        /// Where the field stands.
        field_span: Span,
        /// Whether it is `.?`.
        optional: bool,
    },
    /// `operand[index]` or `operand[?index]`
    Index {
        /// Left of the bracket.
        operand: Box<Expr>,
        /// Between the brackets.
        index: Box<Expr>,
        /// Whether it is `[?`.
        optional: bool,
    },
    /// `has(operand.field)`, with the select inside.
    Has(Box<Expr>),
    /// A function: `name(arguments)` or `target.name(arguments)`.
    Call {
        /// What it is called on; none for a function on its own, such as `size(x)` and `math.least(x)`.
        target: Option<Box<Expr>>,
        /// The function, namespace included: `math.least`.
        function: Arc<str>,
        /// Where the function's name stands.
        function_span: Span,
        /// Between the parentheses.
        arguments: Vec<Expr>,
    },
    /// A macro: a call whose body is evaluated with variables of its own.
    Macro(Box<Macro>),
    /// `!operand`
    Not(Box<Expr>),
    /// `-operand`
    Negate(Box<Expr>),
    /// `first + a - b …`: operators of one rank, from left to right.
    Chain {
        /// The first operand.
        first: Box<Expr>,
        /// Each further operator with its right side.
        rest: Vec<Link>,
    },
    /// `a && b && …`
    And(Vec<Expr>),
    /// `a || b || …`
    Or(Vec<Expr>),
    /// `condition ? yes : no`, also written `if(condition, yes, no)`.
    Conditional {
        /// Decides.
        condition: Box<Expr>,
        /// The value if it holds.
        yes: Box<Expr>,
        /// The value if not.
        no: Box<Expr>,
    },
    /// `[a, ?b]`
    List(Vec<Element>),
    /// `{k: a, ?l: b}`
    Map(Vec<ExprPair>),
}

/// An operator with what stands on its right.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// The operator.
    pub operator: BinaryOperator,
    /// Where it stands.
    pub operator_span: Span,
    /// Its right side.
    pub operand: Expr,
}

/// An item of a list.
#[derive(Clone, PartialEq, Debug)]
pub struct Element {
    /// The item.
    pub value: Expr,
    /// Whether it is written `?item`: left out if it is none.
    pub optional: bool,
}

/// An entry of a map.
#[derive(Clone, PartialEq, Debug)]
pub struct ExprPair {
    /// The key.
    pub key: Expr,
    /// The value.
    pub value: Expr,
    /// Whether it is written `?key: value`: left out if the value is none.
    pub optional: bool,
}

/// A binary operator that always evaluates both sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `in`
    In,
}

/// A call whose body is evaluated with variables of its own.
#[derive(Clone, PartialEq, Debug)]
pub struct Macro {
    /// Which one.
    pub verb: Verb,
    /// What it runs over, or binds.
    pub range: Expr,
    /// Its variables: one or two.
    pub variables: Vec<Variable>,
    /// The condition of `map` and the transforms, if there is one.
    pub filter: Option<Expr>,
    /// What is evaluated for each.
    pub body: Expr,
}

/// A variable of a macro.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is named.
    pub span: Span,
}

/// The macros that bind variables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// `all`: whether the body holds for each.
    All,
    /// `exists`: whether it holds for at least one.
    Exists,
    /// `exists_one`, `existsOne`: whether it holds for exactly one.
    ExistsOne,
    /// `filter`: those for which it holds.
    Filter,
    /// `map`, `transformList`: the list of its outcomes.
    List,
    /// `transformMap`: the same keys with its outcomes.
    Map,
    /// `transformMapEntry`: all entries of its outcomes, which are maps.
    Entries,
    /// `sortBy`: the items in the order of its outcomes.
    SortBy,
    /// `cel.bind(name, range, body)`
    Bind,
    /// `optMap`
    OptionalMap,
    /// `optFlatMap`
    OptionalFlatMap,
}

impl BinaryOperator {
    /// The operator as written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
            BinaryOperator::Modulo => "%",
            BinaryOperator::Equal => "==",
            BinaryOperator::NotEqual => "!=",
            BinaryOperator::Less => "<",
            BinaryOperator::LessEqual => "<=",
            BinaryOperator::Greater => ">",
            BinaryOperator::GreaterEqual => ">=",
            BinaryOperator::In => "in",
        }
    }
}

impl Expr {
    /// Whether it gives an optional value, which may be none, as far as its text tells.
    pub(crate) fn gives_optional(&self) -> bool {
        match &self.kind {
            ExprKind::Select { operand, optional, .. } | ExprKind::Index { operand, optional, .. } => *optional || operand.gives_optional(),
            ExprKind::Call { target: None, function, .. } => function.starts_with("optional.") && &**function != "optional.unwrap",
            ExprKind::Call { target: Some(target), function, .. } => &**function == "or" && target.gives_optional(),
            ExprKind::Macro(inner) => matches!(inner.verb, Verb::OptionalMap | Verb::OptionalFlatMap),
            ExprKind::Conditional { yes, no, .. } => yes.gives_optional() || no.gives_optional(),
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Uint(_)
            | ExprKind::Double(_)
            | ExprKind::String(_)
            | ExprKind::Bytes(_)
            | ExprKind::Name { .. }
            | ExprKind::Has(_)
            | ExprKind::Not(_)
            | ExprKind::Negate(_)
            | ExprKind::Chain { .. }
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::List(_)
            | ExprKind::Map(_) => false,
        }
    }
}
