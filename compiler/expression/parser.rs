//! From tokens to the syntax tree, by operator precedence. Macros are recognized here, so that nobody after the parser knows their names.

use super::lexer::{Symbol, Token, TokenKind};
use super::syntax::{BinaryOperator, Expr, ExprKind, Link};
use super::{errors, reserved};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, TextMap};
use std::sync::Arc;

/// How deep expressions may nest: deep enough for anybody, shallow enough for walks that recurse on a small stack.
const DEPTH: usize = crate::limit::EXPRESSION_DEPTH;

pub(super) type Parsed<T> = Result<T, Box<Diagnostic>>;

/// Parses the tokens of one expression.
pub(super) fn parse(tokens: &[Token], map: &TextMap) -> Parsed<Expr> {
    let mut parser = Parser { tokens, at: 0, map, depth: 0, height: 0, bound: Vec::new() };
    let expr = parser.expr()?;
    let next = parser.peek();
    if next.kind == TokenKind::End {
        return Ok(expr);
    }
    let error = parser.unexpected("an operator or the end of the expression");
    // Other languages have words for operators, and `not` stands before what it negates.
    let word = match (&next.kind, &expr.kind) {
        (TokenKind::Name(word), _) if matches!(&**word, "and" | "or") => Some(word),
        (_, ExprKind::Name { name, .. }) if &**name == "not" => Some(name),
        (_, _) => None,
    };
    Err(match word {
        Some(word) => Box::new(errors::word_for_operator(*error, word)),
        None => error,
    })
}

pub(super) struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    map: &'a TextMap,
    /// How deep the parser is right now.
    depth: usize,
    /// Height of the tree that was built last.
    pub(super) height: usize,
    /// Variables of the macros around, because they hide the namespaces of functions.
    pub(super) bound: Vec<Arc<str>>,
}

const END: Token = Token { kind: TokenKind::End, start: 0, end: 0 };

impl<'a> Parser<'a> {
    fn peek(&self) -> &'a Token {
        self.tokens.get(self.at).or(self.tokens.last()).unwrap_or(&END)
    }

    pub(super) fn next(&mut self) -> &'a Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    pub(super) fn span(&self, token: &Token) -> Span {
        self.map.span(token.start, token.end)
    }

    /// Takes the token if it is this symbol.
    pub(super) fn take(&mut self, symbol: Symbol) -> Option<&'a Token> {
        let token = self.peek();
        (token.kind == TokenKind::Symbol(symbol)).then(|| self.next())
    }

    pub(super) fn expect(&mut self, symbol: Symbol, wanted: &str) -> Parsed<&'a Token> {
        self.take(symbol).ok_or_else(|| self.unexpected(wanted))
    }

    /// The same for what closes a bracket, which is named where the closing one is missing.
    pub(super) fn close(&mut self, symbol: Symbol, wanted: &str, open: Span) -> Parsed<&'a Token> {
        self.take(symbol).ok_or_else(|| Box::new(self.unexpected(wanted).label(open, "opened here")))
    }

    fn unexpected(&self, wanted: &str) -> Box<Diagnostic> {
        let token = self.peek();
        let found = match &token.kind {
            TokenKind::Name(name) => format!("`{name}`"),
            TokenKind::Quoted(name) => format!("`` `{name}` ``"),
            TokenKind::Int(_) | TokenKind::Uint(_) | TokenKind::Double(_) => "a number".to_owned(),
            TokenKind::String(_) | TokenKind::Bytes(_) => "a string".to_owned(),
            TokenKind::Symbol(symbol) => format!("`{}`", symbol.text()),
            TokenKind::End => "the end of the expression".to_owned(),
        };
        Box::new(errors::unexpected(&found, wanted, self.span(token)))
    }

    /// Runs one more level of nesting.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEPTH {
            return Err(Box::new(errors::too_deep(DEPTH, self.span(self.peek()))));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// Notes that a tree was built over children of which the tallest has this height.
    pub(super) fn raise(&mut self, tallest: usize) -> Parsed<()> {
        self.height = tallest + 1;
        if self.height > DEPTH { Err(Box::new(errors::too_deep(DEPTH, self.span(self.peek())))) } else { Ok(()) }
    }

    pub(super) fn expr(&mut self) -> Parsed<Expr> {
        self.nested(|parser| {
            let condition = parser.logic(Symbol::Or)?;
            if parser.take(Symbol::Question).is_none() {
                return Ok(condition);
            }
            let mut height = parser.height;
            let yes = parser.nested(|parser| parser.logic(Symbol::Or))?;
            height = height.max(parser.height);
            parser.expect(Symbol::Colon, "`:` and the value for the other case")?;
            let no = parser.expr()?;
            parser.raise(height.max(parser.height))?;
            let span = condition.span.join(no.span);
            let kind = ExprKind::Conditional { condition: Box::new(condition), yes: Box::new(yes), no: Box::new(no) };
            Ok(Expr { kind, span })
        })
    }

    fn logic(&mut self, symbol: Symbol) -> Parsed<Expr> {
        let operand = |parser: &mut Self| if symbol == Symbol::Or { parser.logic(Symbol::And) } else { parser.chain(RELATIONS) };
        let first = operand(self)?;
        if self.peek().kind != TokenKind::Symbol(symbol) {
            return Ok(first);
        }
        let mut span = first.span;
        let mut height = self.height;
        let mut operands = vec![first];
        while self.take(symbol).is_some() {
            let next = operand(self)?;
            height = height.max(self.height);
            span = span.join(next.span);
            operands.push(next);
        }
        self.raise(height)?;
        Ok(Expr { kind: if symbol == Symbol::Or { ExprKind::Or(operands) } else { ExprKind::And(operands) }, span })
    }

    fn chain(&mut self, rank: usize) -> Parsed<Expr> {
        let Some(operators) = RANKS.get(rank) else { return self.unary() };
        let first = self.chain(rank + 1)?;
        let mut span = first.span;
        let mut height = self.height;
        let mut rest = Vec::new();
        while let Some(operator) = operator_of(&self.peek().kind, operators) {
            let token = self.next();
            let operator_span = self.span(token);
            let operand = self.chain(rank + 1)?;
            height = height.max(self.height);
            span = span.join(operand.span);
            rest.push(Link { operator, operator_span, operand });
        }
        if rest.is_empty() {
            return Ok(first);
        }
        self.raise(height)?;
        Ok(Expr { kind: ExprKind::Chain { first: Box::new(first), rest }, span })
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        if self.take(Symbol::Not).is_some() {
            let operand = self.nested(Self::unary)?;
            self.raise(self.height)?;
            let span = self.span(token).join(operand.span);
            return Ok(Expr { kind: ExprKind::Not(Box::new(operand)), span });
        }
        if token.kind == TokenKind::Symbol(Symbol::Minus) {
            let literal = self.tokens.get(self.at + 1).is_some_and(|next| matches!(next.kind, TokenKind::Int(_) | TokenKind::Double(_)));
            if !literal {
                self.at += 1;
                let operand = self.nested(Self::unary)?;
                self.raise(self.height)?;
                let span = self.span(token).join(operand.span);
                return Ok(Expr { kind: ExprKind::Negate(Box::new(operand)), span });
            }
        }
        let primary = self.primary()?;
        self.postfix(primary)
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        let span = self.span(token);
        self.height = 1;
        let kind = match &token.kind {
            TokenKind::Int(value) => {
                self.at += 1;
                ExprKind::Int(i64::try_from(*value).map_err(|_| Box::new(errors::bad_number(&value.to_string(), span)))?)
            }
            TokenKind::Uint(value) => {
                self.at += 1;
                ExprKind::Uint(*value)
            }
            TokenKind::Double(value) => {
                self.at += 1;
                ExprKind::Double(*value)
            }
            TokenKind::String(text) => {
                self.at += 1;
                ExprKind::String(Arc::clone(text))
            }
            TokenKind::Bytes(bytes) => {
                self.at += 1;
                ExprKind::Bytes(Arc::clone(bytes))
            }
            TokenKind::Name(name) => {
                self.at += 1;
                return self.name(name, span, false);
            }
            TokenKind::Symbol(Symbol::Dot) => {
                self.at += 1;
                let name_token = self.next();
                let TokenKind::Name(name) = &name_token.kind else {
                    self.at -= 1;
                    return Err(self.unexpected("a name"));
                };
                return self.name(name, span.join(self.span(name_token)), true);
            }
            TokenKind::Symbol(Symbol::Minus) => {
                self.at += 1;
                let number = self.next();
                let span = span.join(self.span(number));
                let kind = match number.kind {
                    TokenKind::Int(value) => ExprKind::Int(0i64.checked_sub_unsigned(value).unwrap_or(i64::MIN)),
                    TokenKind::Double(value) => ExprKind::Double(-value),
                    TokenKind::Name(_)
                    | TokenKind::Quoted(_)
                    | TokenKind::Uint(_)
                    | TokenKind::String(_)
                    | TokenKind::Bytes(_)
                    | TokenKind::Symbol(_)
                    | TokenKind::End => {
                        self.at -= 1;
                        return Err(self.unexpected("a number"));
                    }
                };
                return Ok(Expr { kind, span });
            }
            TokenKind::Symbol(Symbol::Open) => {
                self.at += 1;
                let inner = self.expr()?;
                let close = self.close(Symbol::Close, "`)`", span)?;
                return Ok(Expr { kind: inner.kind, span: span.join(self.span(close)) });
            }
            TokenKind::Symbol(Symbol::OpenList) => return self.list(),
            TokenKind::Symbol(Symbol::OpenMap) => return self.map(),
            TokenKind::Quoted(_) | TokenKind::Symbol(_) | TokenKind::End => return Err(self.unexpected("a value")),
        };
        Ok(Expr { kind, span })
    }

    fn name(&mut self, name: &Arc<str>, span: Span, absolute: bool) -> Parsed<Expr> {
        let kind = match &**name {
            "true" if !absolute => ExprKind::Bool(true),
            "false" if !absolute => ExprKind::Bool(false),
            "null" if !absolute => ExprKind::Null,
            _ if self.peek().kind == TokenKind::Symbol(Symbol::Open) => return self.call(None, Arc::clone(name), span),
            word if reserved(word) => return Err(Box::new(errors::reserved_name(word, span))),
            _ => ExprKind::Name { name: Arc::clone(name), absolute },
        };
        Ok(Expr { kind, span })
    }

    fn postfix(&mut self, mut expr: Expr) -> Parsed<Expr> {
        loop {
            if self.take(Symbol::Dot).is_some() {
                let optional = self.take(Symbol::Question).is_some();
                let token = self.next();
                let (TokenKind::Name(field) | TokenKind::Quoted(field)) = &token.kind else {
                    self.at -= 1;
                    return Err(self.unexpected("the name of a field or function"));
                };
                let field_span = self.span(token);
                let named = matches!(token.kind, TokenKind::Name(_));
                if named && !optional && self.peek().kind == TokenKind::Symbol(Symbol::Open) {
                    expr = self.call(Some(expr), Arc::clone(field), field_span)?;
                } else {
                    self.raise(self.height)?;
                    let span = expr.span.join(field_span);
                    expr =
                        Expr { kind: ExprKind::Select { operand: Box::new(expr), field: Arc::clone(field), field_span, optional }, span };
                }
            } else if let Some(open) = self.take(Symbol::OpenList) {
                let optional = self.take(Symbol::Question).is_some();
                let height = self.height;
                let index = self.expr()?;
                self.raise(height.max(self.height))?;
                let close = self.close(Symbol::CloseList, "`]`", self.span(open))?;
                let span = expr.span.join(self.span(close));
                expr = Expr { kind: ExprKind::Index { operand: Box::new(expr), index: Box::new(index), optional }, span };
            } else {
                return Ok(expr);
            }
        }
    }
}

/// Operators by rank, loosest first; all associate to the left.
const RANKS: [&[(Symbol, BinaryOperator)]; 3] = [
    &[
        (Symbol::Equal, BinaryOperator::Equal),
        (Symbol::NotEqual, BinaryOperator::NotEqual),
        (Symbol::Less, BinaryOperator::Less),
        (Symbol::LessEqual, BinaryOperator::LessEqual),
        (Symbol::Greater, BinaryOperator::Greater),
        (Symbol::GreaterEqual, BinaryOperator::GreaterEqual),
    ],
    &[(Symbol::Plus, BinaryOperator::Add), (Symbol::Minus, BinaryOperator::Subtract)],
    &[(Symbol::Star, BinaryOperator::Multiply), (Symbol::Slash, BinaryOperator::Divide), (Symbol::Percent, BinaryOperator::Modulo)],
];

/// The rank of relations in [`RANKS`], the one that `in` belongs to.
const RELATIONS: usize = 0;

fn operator_of(kind: &TokenKind, operators: &[(Symbol, BinaryOperator)]) -> Option<BinaryOperator> {
    match kind {
        TokenKind::Symbol(found) => operators.iter().find(|(symbol, _)| symbol == found).map(|(_, operator)| *operator),
        TokenKind::Name(name) if &**name == "in" && operators.iter().any(|(_, operator)| *operator == BinaryOperator::Equal) => {
            Some(BinaryOperator::In)
        }
        TokenKind::Name(_)
        | TokenKind::Quoted(_)
        | TokenKind::Int(_)
        | TokenKind::Uint(_)
        | TokenKind::Double(_)
        | TokenKind::String(_)
        | TokenKind::Bytes(_)
        | TokenKind::End => None,
    }
}
