//! What each function and operator is in Terraform: one table. A row says what it takes and gives, how it is written there, and what it
//! becomes; a row that becomes nothing says why not, for what has the same name and another meaning. Docs and tests read it too.

use super::super::types::Ty;
use super::row::{LateKind as K, LateRefusal};
use super::tree::LateFor;
use super::{LateExpr, LateForm, LateOperand, LatePiece, json, text};
use std::sync::Arc;

/// What an operand list becomes.
type Emit = fn(&[LateExpr], &[Ty]) -> Result<LateExpr, LateRefusal>;

/// One form of a function.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) takes: &'static [K],
    /// Whether there may be more of what is taken last.
    pub(super) many: bool,
    pub(super) gives: fn(&[Ty]) -> Ty,
    /// How it is written in Terraform; empty if it is not.
    pub(super) terraform: &'static str,
    /// How it is written in definitions.
    pub(super) usage: &'static str,
    pub(super) emit: Emit,
}

const fn row(name: &'static str, takes: &'static [K], gives: fn(&[Ty]) -> Ty, says: (&'static str, &'static str), emit: Emit) -> Row {
    Row { name, takes, many: false, gives, usage: says.0, terraform: says.1, emit }
}

const fn refused(name: &'static str, takes: &'static [K], emit: Emit) -> Row {
    Row { name, takes, many: false, gives: dynamic, usage: "", terraform: "", emit }
}

const fn many(row: Row) -> Row {
    Row { many: true, ..row }
}

const FRACTIONS: Emit = |_, _| Err(LateRefusal::Differs("Terraform counts fractions with more digits"));
const ORDER: Emit = |_, _| Err(LateRefusal::Differs("Terraform orders numbers only"));
const WHOLE: Emit = |_, _| Err(LateRefusal::Differs("Terraform compares the types of collections too"));
const UNITS: Emit = |_, _| Err(LateRefusal::Differs("Terraform counts text in other units"));
const TEXTS: Emit = |_, _| Err(LateRefusal::Differs("Terraform sorts texts only"));
const DEPTHS: Emit = |_, _| Err(LateRefusal::Differs("Terraform flattens every list within, not one level"));
const LEVELS: Emit = |_, _| Err(LateRefusal::Differs("Terraform merges the first level only"));
const EXPONENT: Emit = |_, _| Err(LateRefusal::Differs("Terraform writes fractions with other digits"));
const SETS: Emit = |_, _| Err(LateRefusal::Differs("Terraform makes all items one type before it compares them"));

/// The first row that fits is taken.
pub(super) const ROWS: &[Row] = &[
    row("+", &[K::Text, K::Text], string, ("text + text", "\"${a}${b}\""), |x, _| Ok(text::joined(x))),
    row("+", &[K::Int, K::Int], int, ("int + int", "a + b"), |x, _| binary("+", x)),
    refused("+", &[K::Double, K::Double], FRACTIONS),
    row("+", &[K::List, K::List], either, ("list + list", "concat(a, b)"), |x, _| call("concat", x)),
    row("-", &[K::Int, K::Int], int, ("int - int", "a - b"), |x, _| binary("-", x)),
    refused("-", &[K::Double, K::Double], FRACTIONS),
    row("*", &[K::Int, K::Int], int, ("int * int", "a * b"), |x, _| binary("*", x)),
    refused("*", &[K::Double, K::Double], FRACTIONS),
    row("/", &[K::Int, K::Int], int, ("int / int", "(a - a % b) / b"), |x, _| divided(x)),
    refused("/", &[K::Double, K::Double], FRACTIONS),
    row("%", &[K::Int, K::Int], int, ("int % int", "a % b"), |x, _| binary("%", x)),
    row("-", &[K::Number], first, ("-number", "-a"), |x, _| Ok(LateExpr::new(LateForm::Unary("-", one(x)?)))),
    row("==", &[K::Scalar, K::Scalar], truth, ("scalar == scalar", "a == b"), |x, _| binary("==", x)),
    refused("==", &[K::Collection, K::Collection], WHOLE),
    row("!=", &[K::Scalar, K::Scalar], truth, ("scalar != scalar", "a != b"), |x, _| binary("!=", x)),
    refused("!=", &[K::Collection, K::Collection], WHOLE),
    row("<", &[K::Number, K::Number], truth, ("number < number", "a < b"), |x, _| binary("<", x)),
    refused("<", &[K::Text, K::Text], ORDER),
    row("<=", &[K::Number, K::Number], truth, ("number <= number", "a <= b"), |x, _| binary("<=", x)),
    refused("<=", &[K::Text, K::Text], ORDER),
    row(">", &[K::Number, K::Number], truth, ("number > number", "a > b"), |x, _| binary(">", x)),
    refused(">", &[K::Text, K::Text], ORDER),
    row(">=", &[K::Number, K::Number], truth, ("number >= number", "a >= b"), |x, _| binary(">=", x)),
    refused(">=", &[K::Text, K::Text], ORDER),
    row("in", &[K::Scalar, K::List], truth, ("scalar in list", "contains(list, a)"), |x, _| {
        let [item, list] = both(x)?;
        Ok(LateExpr::call("contains", [list, item]))
    }),
    refused("in", &[K::Collection, K::List], WHOLE),
    row("in", &[K::Text, K::Map], truth, ("text in map", "contains(keys(map), a)"), |x, _| {
        let [key, map] = both(x)?;
        Ok(LateExpr::call("contains", [LateExpr::call("keys", [map]), key]))
    }),
    row("!", &[K::Bool], truth, ("!bool", "!a"), |x, _| Ok(LateExpr::new(LateForm::Unary("!", one(x)?)))),
    row("&&", &[K::Bool, K::Bool], truth, ("bool && bool", "a && b, or a ? b : false"), |x, _| {
        let [left, right] = both(x)?;
        Ok(if cannot_fail(&right) {
            LateExpr::binary("&&", left, right)
        } else {
            LateExpr::conditional(left, right, LateExpr::new(LateForm::Bool(false)))
        })
    }),
    row("||", &[K::Bool, K::Bool], truth, ("bool || bool", "a || b, or a ? true : b"), |x, _| {
        let [left, right] = both(x)?;
        Ok(if cannot_fail(&right) {
            LateExpr::binary("||", left, right)
        } else {
            LateExpr::conditional(left, LateExpr::new(LateForm::Bool(true)), right)
        })
    }),
    row("string", &[K::Text], string, ("string(text)", "a"), |x, _| one(x)),
    row("string", &[K::Bytes], string, ("string(bytes)", "a"), |x, _| one(x)),
    row("string", &[K::Int], string, ("string(int)", "tostring(a)"), |x, _| call("tostring", x)),
    row("string", &[K::Bool], string, ("string(bool)", "tostring(a)"), |x, _| call("tostring", x)),
    refused("string", &[K::Double], EXPONENT),
    row("string", &[K::Number], string, ("string(number)", "tostring(a)"), |x, _| call("tostring", x)),
    row("string", &[K::Untold], string, ("string(…)", "tostring(a)"), |x, _| call("tostring", x)),
    row("int", &[K::Int], int, ("int(int)", "a"), |x, _| one(x)),
    row("int", &[K::Text], int, ("int(text)", "parseint(a, 10)"), |x, _| Ok(LateExpr::call("parseint", [one(x)?, LateExpr::int(10)]))),
    row("int", &[K::Number], int, ("int(number)", "a < 0 ? ceil(a) : floor(a)"), |x, _| {
        let number = one(x)?;
        let [up, down] = ["ceil", "floor"].map(|function| LateExpr::call(function, [number.clone()]));
        Ok(LateExpr::conditional(LateExpr::binary("<", number, LateExpr::int(0)), up, down))
    }),
    row("int", &[K::Untold], int, ("int(…)", "parseint(tostring(a), 10)"), |x, _| {
        Ok(LateExpr::call("parseint", [LateExpr::call("tostring", [one(x)?]), LateExpr::int(10)]))
    }),
    row("double", &[K::Number], double, ("double(number)", "a"), |x, _| one(x)),
    row("double", &[K::Text], double, ("double(text)", "tonumber(a)"), |x, _| call("tonumber", x)),
    row("double", &[K::Untold], double, ("double(…)", "tonumber(a)"), |x, _| call("tonumber", x)),
    row("bool", &[K::Bool], truth, ("bool(bool)", "a"), |x, _| one(x)),
    row("bool", &[K::Untold], truth, ("bool(…)", "tobool(a)"), |x, _| call("tobool", x)),
    row("join", &[K::Texts], string, ("texts.join()", "join(\"\", a)"), |x, _| Ok(LateExpr::call("join", [LateExpr::text(""), one(x)?]))),
    row("join", &[K::Texts, K::Text], string, ("texts.join(text)", "join(b, a)"), |x, _| {
        let [texts, separator] = both(x)?;
        Ok(LateExpr::call("join", [separator, texts]))
    }),
    row("split", &[K::Text, K::Text], strings, ("text.split(text)", "split(b, a)"), |x, _| {
        let [text, separator] = both(x)?;
        Ok(LateExpr::call("split", [separator, text]))
    }),
    row("replace", &[K::Text, K::Text, K::Text], string, ("text.replace(text, text)", "replace(a, b, c)"), |x, _| text::replaced(x)),
    row("lowerAscii", &[K::Text], string, ("text.lowerAscii()", "join(\"\", [for part in regexall(…, a) : …])"), |x, _| {
        Ok(text::cased("lower", one(x)?))
    }),
    row("upperAscii", &[K::Text], string, ("text.upperAscii()", "join(\"\", [for part in regexall(…, a) : …])"), |x, _| {
        Ok(text::cased("upper", one(x)?))
    }),
    row("trim", &[K::Text], string, ("text.trim()", "trimspace(a)"), |x, _| call("trimspace", x)),
    row("startsWith", &[K::Text, K::Text], truth, ("text.startsWith(text)", "startswith(a, b)"), |x, _| call("startswith", x)),
    row("endsWith", &[K::Text, K::Text], truth, ("text.endsWith(text)", "endswith(a, b)"), |x, _| call("endswith", x)),
    row("contains", &[K::Text, K::Text], truth, ("text.contains(text)", "strcontains(a, b)"), |x, _| call("strcontains", x)),
    row("format", &[K::Text, K::List], string, ("text.format(list), with %s and %d", "\"…${a}…\""), text::formatted),
    row("size", &[K::List], int, ("size(list)", "length(a)"), |x, _| call("length", x)),
    row("size", &[K::Map], int, ("size(map)", "length(a)"), |x, _| call("length", x)),
    refused("size", &[K::Text], UNITS),
    row("sort", &[K::Texts], first, ("texts.sort()", "sort(a)"), |x, _| call("sort", x)),
    refused("sort", &[K::List], TEXTS),
    row("distinct", &[K::Texts], first, ("texts.distinct()", "distinct(a)"), |x, _| call("distinct", x)),
    row("distinct", &[K::Numbers], first, ("numbers.distinct()", "distinct(a)"), |x, _| call("distinct", x)),
    refused("distinct", &[K::List], SETS),
    row("flatten", &[K::Nested], inner, ("list.flatten(), of lists of scalars", "flatten(a)"), |x, _| call("flatten", x)),
    row("flatten", &[K::Scalars], first, ("list.flatten(), of scalars", "flatten(a)"), |x, _| call("flatten", x)),
    refused("flatten", &[K::List], DEPTHS),
    row("slice", &[K::List, K::Int], first, ("list.slice(int)", "slice(a, b, length(a))"), |x, _| {
        let [list, start] = both(x)?;
        Ok(LateExpr::call("slice", [list.clone(), start, LateExpr::call("length", [list])]))
    }),
    row("slice", &[K::List, K::Int, K::Int], first, ("list.slice(int, int)", "slice(a, b, c)"), |x, _| call("slice", x)),
    row("reverse", &[K::List], first, ("list.reverse()", "reverse(a)"), |x, _| call("reverse", x)),
    refused("reverse", &[K::Text], UNITS),
    row("min", &[K::Numbers], item, ("numbers.min()", "min(a...)"), |x, _| spread("min", x)),
    row("max", &[K::Numbers], item, ("numbers.max()", "max(a...)"), |x, _| spread("max", x)),
    row("math.least", &[K::Numbers], item, ("math.least(numbers)", "min(a...)"), |x, _| spread("min", x)),
    many(row("math.least", &[K::Number], all, ("math.least(number, number)", "min(a, b)"), |x, _| call("min", x))),
    row("math.greatest", &[K::Numbers], item, ("math.greatest(numbers)", "max(a...)"), |x, _| spread("max", x)),
    many(row("math.greatest", &[K::Number], all, ("math.greatest(number, number)", "max(a, b)"), |x, _| call("max", x))),
    row("math.abs", &[K::Number], first, ("math.abs(number)", "abs(a)"), |x, _| call("abs", x)),
    row("math.sign", &[K::Number], first, ("math.sign(number)", "signum(a)"), |x, _| call("signum", x)),
    row("math.ceil", &[K::Number], double, ("math.ceil(number)", "ceil(a)"), |x, _| call("ceil", x)),
    row("math.floor", &[K::Number], double, ("math.floor(number)", "floor(a)"), |x, _| call("floor", x)),
    many(row("merge", &[K::Flat, K::Flat], map, ("merge(map, map), of scalars", "merge(a, b)"), |x, _| call("merge", x))),
    many(refused("merge", &[K::Map, K::Map], LEVELS)),
    row("keys", &[K::Map], strings, ("keys(map)", "keys(a)"), |x, _| call("keys", x)),
    row("values", &[K::Map], listed, ("values(map)", "values(a)"), |x, _| call("values", x)),
    row("entries", &[K::Map], pairs, ("entries(map)", "[for key, value in a : { key = key, value = value }]"), |x, _| entries(one(x)?)),
    row("json.encode", &[K::Any], string, ("json.encode(…)", "jsonencode(a), with <, >, & and U+2028 as they are"), json::encoded),
    row("base64.encode", &[K::Text], string, ("base64.encode(text)", "base64encode(a)"), |x, _| call("base64encode", x)),
    row("base64.encode", &[K::Bytes], string, ("base64.encode(bytes)", "base64encode(a)"), |x, _| call("base64encode", x)),
    row("base64.decode", &[K::Text], bytes, ("base64.decode(text)", "base64decode(a)"), |x, _| call("base64decode", x)),
    row("sha256", &[K::Text], string, ("sha256(text)", "sha256(a)"), |x, _| call("sha256", x)),
    row("sha256", &[K::Bytes], string, ("sha256(bytes)", "sha256(a)"), |x, _| call("sha256", x)),
    row("cidr.subnet", &[K::Cidr, K::Int, K::Int], string, ("cidr.subnet(cidr, int, int)", "cidrsubnet(a, b, c)"), |x, _| {
        call("cidrsubnet", x)
    }),
    row("cidr.host", &[K::Cidr, K::Int], string, ("cidr.host(cidr, int)", "cidrhost(a, b)"), |x, _| call("cidrhost", x)),
    row("[]", &[K::List, K::Int], item, ("list[int]", "a[b]"), |x, _| Ok(LateExpr::new(LateForm::Index(Arc::new(both(x)?.into()))))),
    row("[]", &[K::Map, K::Text], item, ("map[text]", "a[b]"), |x, _| Ok(LateExpr::new(LateForm::Index(Arc::new(both(x)?.into()))))),
];

// What comes out.

fn dynamic(_: &[Ty]) -> Ty {
    Ty::Dyn
}

fn string(_: &[Ty]) -> Ty {
    Ty::String
}

fn strings(_: &[Ty]) -> Ty {
    Ty::list(Ty::String)
}

fn bytes(_: &[Ty]) -> Ty {
    Ty::Bytes
}

fn int(_: &[Ty]) -> Ty {
    Ty::Int
}

fn double(_: &[Ty]) -> Ty {
    Ty::Double
}

fn truth(_: &[Ty]) -> Ty {
    Ty::Bool
}

fn first(types: &[Ty]) -> Ty {
    types.first().cloned().unwrap_or(Ty::Dyn).bare()
}

fn item(types: &[Ty]) -> Ty {
    first(types).inner()
}

/// The items of lists in a list.
fn inner(types: &[Ty]) -> Ty {
    item(types)
}

fn listed(types: &[Ty]) -> Ty {
    Ty::list(item(types))
}

fn map(types: &[Ty]) -> Ty {
    let values = types.iter().map(|type_| type_.clone().bare().inner());
    Ty::map(values.reduce(Ty::or).unwrap_or(Ty::Dyn))
}

fn pairs(types: &[Ty]) -> Ty {
    Ty::list(Ty::record(vec![("key".into(), Ty::String), ("value".into(), item(types))]))
}

/// What all are.
fn all(types: &[Ty]) -> Ty {
    let same = types.iter().cloned().map(Ty::bare).reduce(|a, b| if a == b { a } else { Ty::Number });
    same.unwrap_or(Ty::Number)
}

fn either(types: &[Ty]) -> Ty {
    let lists = types.iter().cloned().map(Ty::bare).filter(|type_| matches!(type_, Ty::List(_)));
    if types.len() == 2 { lists.reduce(Ty::or).unwrap_or(Ty::Dyn) } else { Ty::list(Ty::Dyn) }
}

// What goes in.

fn one(exprs: &[LateExpr]) -> Result<LateExpr, LateRefusal> {
    exprs.first().cloned().ok_or(LateRefusal::Nothing)
}

fn both(exprs: &[LateExpr]) -> Result<[LateExpr; 2], LateRefusal> {
    if let [a, b] = exprs { Ok([a.clone(), b.clone()]) } else { Err(LateRefusal::Nothing) }
}

fn binary(operator: &'static str, exprs: &[LateExpr]) -> Result<LateExpr, LateRefusal> {
    both(exprs).map(|[a, b]| LateExpr::binary(operator, a, b))
}

fn call(function: &'static str, exprs: &[LateExpr]) -> Result<LateExpr, LateRefusal> {
    Ok(LateExpr::call(function, exprs))
}

fn spread(function: &'static str, exprs: &[LateExpr]) -> Result<LateExpr, LateRefusal> {
    Ok(LateExpr::new(LateForm::Call { function, arguments: exprs.into(), spread: true }))
}

/// A whole number divided without its rest, which rounds toward zero.
fn divided(exprs: &[LateExpr]) -> Result<LateExpr, LateRefusal> {
    let [a, b] = both(exprs)?;
    let rest = LateExpr::binary("%", a.clone(), b.clone());
    Ok(LateExpr::binary("/", LateExpr::binary("-", a, rest), b))
}

fn entries(range: LateExpr) -> Result<LateExpr, LateRefusal> {
    let [key, value] = ["key", "value"].map(|name| (Arc::from(name), LateExpr::new(LateForm::Variable(name.into()))));
    let variables = vec![Arc::clone(&key.0), Arc::clone(&value.0)];
    let body = LateExpr::new(LateForm::Map([key, value].into()));
    Ok(LateExpr::new(LateForm::For(Arc::new(LateFor { variables, range, key: None, body, condition: None }))))
}

/// Whether an operand cannot fail: Terraform looks at both sides of `&&` and `||`.
fn cannot_fail(expr: &LateExpr) -> bool {
    match expr.form() {
        LateForm::Reference(reference) => !reference.address.contains('['),
        LateForm::Variable(_) | LateForm::Null | LateForm::Bool(_) | LateForm::Number(_) | LateForm::Text(_) => true,
        LateForm::Unary(_, operand) => cannot_fail(operand),
        LateForm::Binary("==" | "!=" | "&&" | "||", both) => cannot_fail(&both.0) && cannot_fail(&both.1),
        LateForm::Call { function: "startswith" | "endswith" | "strcontains", arguments, .. } => arguments.iter().all(cannot_fail),
        LateForm::Template(_)
        | LateForm::List(_)
        | LateForm::Map(_)
        | LateForm::Call { .. }
        | LateForm::Binary(..)
        | LateForm::Conditional(_)
        | LateForm::Index(_)
        | LateForm::Field(..)
        | LateForm::For(_) => false,
    }
}

/// `condition ? yes : no`. Terraform makes both sides one type, so sides that are of several, or of which that is not known, are brought there as
/// text and read again.
pub(in crate::expression) fn conditional(condition: LateOperand, yes: LateOperand, no: LateOperand) -> LateOperand {
    let (a, b) = (yes.type_.clone().bare(), no.type_.clone().bare());
    let null = a == Ty::Null || b == Ty::Null;
    let plain = null || (is_uniform(&a) && (a.clone().or(b.clone()) == a || are_numbers(&a, &b)));
    let type_ = if are_numbers(&a, &b) && a != b { Ty::Number } else { a.or(b) };
    if plain {
        return LateOperand::new(LateExpr::conditional(condition.expr, yes.expr, no.expr), type_);
    }
    let [yes, no] = [yes.expr, no.expr].map(|side| LateExpr::call("jsonencode", [side]));
    LateOperand::new(LateExpr::call("jsondecode", [LateExpr::conditional(condition.expr, yes, no)]), type_)
}

fn are_numbers(a: &Ty, b: &Ty) -> bool {
    [a, b].iter().all(|type_| matches!(type_, Ty::Int | Ty::Double | Ty::Number))
}

/// Whether Terraform leaves values of a type alone that it makes one type.
fn is_uniform(type_: &Ty) -> bool {
    match type_ {
        Ty::String | Ty::Name(_) | Ty::Written | Ty::Bool | Ty::Int | Ty::Double | Ty::Number => true,
        Ty::List(item) | Ty::Map(item) => is_uniform(item),
        Ty::Dyn | Ty::Null | Ty::Uint | Ty::Bytes | Ty::Type | Ty::In(_) | Ty::Record(_) | Ty::Optional(_) => false,
        Ty::Late(_) | Ty::OneOf(_) | Ty::Unknown => false,
    }
}

/// Pieces of a template, of whatever an expression is.
pub(super) fn pieces(expr: &LateExpr) -> Vec<LatePiece> {
    match expr.form() {
        LateForm::Text(text) => vec![LatePiece::Text(Arc::clone(text))],
        LateForm::Template(pieces) => pieces.to_vec(),
        LateForm::Reference(reference) => vec![LatePiece::Reference(reference.clone())],
        LateForm::Variable(_)
        | LateForm::Null
        | LateForm::Bool(_)
        | LateForm::Number(_)
        | LateForm::List(_)
        | LateForm::Map(_)
        | LateForm::Call { .. }
        | LateForm::Unary(..)
        | LateForm::Binary(..)
        | LateForm::Conditional(_)
        | LateForm::Index(_)
        | LateForm::Field(..)
        | LateForm::For(_) => vec![LatePiece::Made(expr.clone())],
    }
}
