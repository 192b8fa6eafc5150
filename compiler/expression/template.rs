//! Texts with expressions in them: `${…}`, and `$${` for a literal `${`.

use super::functions::text_of;
use super::lexer::lex;
use super::syntax::{Expr, ExprKind};
use super::use_id::UseId;
use super::{Fault, Host, Late, LatePiece, Reference, Ty, Val, errors, late, parser};
use crate::diagnostic::Diagnostic;
use crate::limit::{EXPRESSION_BYTES, TEXT_BYTES};
use crate::path::Step;
use crate::span::{Span, TextMap};
use std::sync::Arc;

/// A text with at least one `${…}` or `$${` in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Template {
    /// The pieces in order.
    pub pieces: Vec<Piece>,
    /// The whole scalar.
    pub span: Span,
    /// The path that it is, if it is nothing else: most are, and each is followed again for every thing.
    pub(super) path: Option<Vec<Step>>,
    /// The number under which it is kept what it means, if it was handed to another thing than whose words it is made of.
    pub(super) handed: Option<u32>,
    /// Which use of a fragment it came with, in the class that it is of: `self`, `let` and `entity` are that use's.
    pub(crate) use_: Option<UseId>,
}

/// A part of a template.
#[derive(Clone, PartialEq, Debug)]
pub enum Piece {
    /// Literal text.
    Text(Arc<str>),
    /// A written `$${`: a literal `${`.
    Dollar,
    /// An expression.
    Expr(Arc<Expr>),
}

/// Where the outcome of a template goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// Anything but Terraform: pieces join as text; with late ones among them they are late.
    Plain,
    /// Nothing but an answer: late values are what is known of them, and where one is not, that is a fault of its own.
    Now,
    /// Terraform: late values and `$${…}` are kept apart from literal text.
    Terraform,
}

impl Template {
    /// Parses a text; none if it holds neither `${` nor `$${`.
    ///
    /// # Errors
    /// All faults of the text.
    pub fn parse(text: &str, map: &TextMap) -> Result<Option<Template>, Vec<Diagnostic>> {
        if !text.contains("${") {
            return Ok(None);
        }
        let span = map.span(0, text.len());
        if text.len() > EXPRESSION_BYTES {
            return Err(vec![errors::too_long(EXPRESSION_BYTES, span)]);
        }
        let mut pieces = Vec::new();
        let mut faults = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let Some(found) = rest.find("${") else {
                pieces.push(Piece::Text(rest.into()));
                break;
            };
            let escaped = rest.get(..found).is_some_and(|before| before.ends_with('$'));
            let literal = rest.get(..found - usize::from(escaped)).unwrap_or("");
            if !literal.is_empty() {
                pieces.push(Piece::Text(literal.into()));
            }
            let start = at + found;
            if escaped {
                pieces.push(Piece::Dollar);
                at = start + 2;
                continue;
            }
            let mut lexed = lex(text, start + 2, true, map);
            at = lexed.end;
            let broken = !lexed.faults.is_empty() || lexed.unterminated;
            faults.append(&mut lexed.faults);
            if lexed.unterminated {
                faults.push(errors::unterminated(map.span(start, start + 2)));
            }
            if broken {
                continue;
            }
            if lexed.tokens.len() == 1 {
                faults.push(errors::empty(map.span(start, lexed.end)));
                continue;
            }
            match parser::parse(&lexed.tokens, map) {
                Ok(expr) if is_number(&expr) => {
                    let written = text.get(start..lexed.end).unwrap_or_default();
                    faults.push(errors::number_for_another(written, map.span(start, lexed.end), map.span(start, start + 1)));
                }
                Ok(expr) => pieces.push(Piece::Expr(Arc::new(expr))),
                Err(fault) => faults.push(*fault),
            }
        }
        if faults.is_empty() { Ok(Some(Template::of(pieces, span))) } else { Err(faults.into_iter().map(errors::or_text).collect()) }
    }

    /// A text whose expressions could not be read, which is reported: it has no value, and nothing more is said about it.
    #[must_use]
    pub fn broken(span: Span) -> Template {
        Template::of(Vec::new(), span)
    }

    pub(super) fn of(pieces: Vec<Piece>, span: Span) -> Template {
        let path = if let [Piece::Expr(expr)] = pieces.as_slice() { expr.path() } else { None };
        Template { pieces, span, path, use_: None, handed: None }
    }

    /// The same text where a fragment is used.
    #[must_use]
    pub(crate) fn used(&self, use_: UseId) -> Template {
        Template { use_: Some(use_), ..self.clone() }
    }

    /// Its steps, if it is one expression and that a path.
    #[must_use]
    pub fn path(&self) -> Option<&[Step]> {
        self.path.as_deref()
    }

    /// Whether its expressions could not be read.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The expression, if there is exactly one and nothing else.
    #[must_use]
    pub fn single(&self) -> Option<&Arc<Expr>> {
        if let [Piece::Expr(expr)] = self.pieces.as_slice() { Some(expr) } else { None }
    }

    /// Its expressions in order.
    pub fn expressions(&self) -> impl Iterator<Item = &Arc<Expr>> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Expr(expr) => Some(expr),
            Piece::Text(_) | Piece::Dollar => None,
        })
    }

    /// The text that it is, if no expression stands in it: with `${` for each `$${`.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => Some(text.to_string()),
            Piece::Dollar => Some("${".to_owned()),
            Piece::Expr(_) => None,
        };
        self.pieces.iter().map(text).collect::<Option<String>>().filter(|_| !self.is_broken())
    }

    /// What its expressions read.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        self.expressions().flat_map(|expr| expr.references()).collect()
    }

    /// The texts written in it: around its expressions and in them.
    #[must_use]
    pub fn texts(&self) -> Vec<Arc<str>> {
        let around = self.pieces.iter().filter_map(|piece| if let Piece::Text(text) = piece { Some(Arc::clone(text)) } else { None });
        around.chain(self.expressions().flat_map(|expr| expr.texts())).collect()
    }

    /// For each piece, whether it stands within `$${…}`.
    pub(super) fn pasted(&self, target: Target) -> Vec<bool> {
        let mut scan = Scan::default();
        let mut pieces = Pieces::default();
        let within = |piece: &Piece| {
            match (piece, target) {
                (Piece::Text(text), Target::Terraform) => scan.text(text, &mut pieces),
                (Piece::Dollar, Target::Terraform) => scan.open(),
                (Piece::Text(_) | Piece::Dollar | Piece::Expr(_), _) => {}
            }
            scan.is_open()
        };
        self.pieces.iter().map(within).collect()
    }

    /// Evaluates and joins the pieces.
    ///
    /// # Errors
    /// If an expression has no value, or one that cannot be joined.
    pub fn evaluate(&self, host: &dyn Host, target: Target) -> Result<Val, Fault> {
        if self.is_broken() {
            return Err(Fault::Reported);
        }
        let outcome = match self.single() {
            Some(expr) => super::evaluate::run(expr, host, target == Target::Now),
            None => self.join(host, target),
        };
        outcome.map_err(|fault| match fault {
            Fault::Diagnostic(error) => errors::or_text(*error).into(),
            Fault::Reported => Fault::Reported,
        })
    }

    fn join(&self, host: &dyn Host, target: Target) -> Result<Val, Fault> {
        let mut pieces = Pieces::default();
        let mut scan = Scan::default();
        let mut joined = 0;
        // What the whole is as far as facts tell, from the first late value on.
        let mut known: Option<Option<String>> = None;
        for piece in &self.pieces {
            match piece {
                Piece::Text(literal) => {
                    joined += literal.len();
                    known.iter_mut().flatten().for_each(|known| known.push_str(literal));
                    match target {
                        Target::Plain | Target::Now => pieces.push(literal, false),
                        Target::Terraform => scan.text(literal, &mut pieces),
                    }
                }
                Piece::Dollar => match target {
                    Target::Plain | Target::Now => {
                        known.iter_mut().flatten().for_each(|known| known.push_str("${"));
                        pieces.push("${", false);
                    }
                    Target::Terraform => {
                        known = Some(None);
                        pieces.push("${", true);
                        scan.open();
                    }
                },
                Piece::Expr(expr) => {
                    if scan.is_open() {
                        return Err(errors::expression_in_terraform(expr.span, self.span).into());
                    }
                    let value = super::evaluate::run(expr, host, target == Target::Now)?;
                    if let Val::Late(late) = &value {
                        let type_ = late.type_();
                        if is_never_text(&type_) {
                            return Err(errors::not_text(&errors::Operand::of_type(expr.span, &Ty::late(type_))).into());
                        }
                        joined += late.size();
                        let before = known.unwrap_or_else(|| Some(pieces.open.clone()));
                        known = Some(match (before, &late.known) {
                            (Some(before), Some(value)) => text_of(value).map(|text| before + &text),
                            (Some(_), None) | (None, _) => None,
                        });
                        pieces.late(late);
                    } else {
                        let text = text(&value, expr, host)?;
                        joined += text.len();
                        known.iter_mut().flatten().for_each(|known| known.push_str(&text));
                        pieces.push(&text, false);
                    }
                    if joined > TEXT_BYTES {
                        return Err(errors::text_too_long(TEXT_BYTES, expr.span).into());
                    }
                }
            }
        }
        if scan.is_open() {
            return Err(errors::unterminated_terraform(self.span).into());
        }
        let known = known.flatten().filter(|known| known.len() <= TEXT_BYTES).map(Val::string);
        let pieces = pieces.finish();
        Ok(match pieces.as_slice() {
            [] => Val::string(""),
            [LatePiece::Text(text)] => Val::String(Arc::clone(text)),
            [LatePiece::Reference(_) | LatePiece::Made(_)] => Val::Late(Arc::new(late::text(pieces).known(known))),
            _ => Val::Late(Arc::new(Late::of(pieces).typed(Ty::String).known(known))),
        })
    }
}

/// Whether an expression is a number as it is written: nobody needs one for that, but shells and substitutions write `${1}`.
fn is_number(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Int(_) | ExprKind::Uint(_) | ExprKind::Double(_) | ExprKind::Null)
}

/// Whether a late value of a type cannot be a part of a text.
pub(super) fn is_never_text(type_: &Ty) -> bool {
    matches!(type_, Ty::List(_) | Ty::Map(_) | Ty::Record(_) | Ty::Null | Ty::Bytes)
}

/// A value as a part of a text.
fn text(value: &Val, expr: &Expr, host: &dyn Host) -> Result<Arc<str>, Fault> {
    if let Val::Node(node) = value {
        if let Some(words) = host.thing(*node) {
            return Err(errors::thing_in_text(expr, words).into());
        }
        return Err(errors::not_text(&errors::Operand::new(expr.span, &host.force(*node)?)).into());
    }
    text_of(value).ok_or_else(|| errors::not_text(&errors::Operand::new(expr.span, value)).into())
}

/// Pieces of a text for Terraform in the making; neighbours of the same sort become one.
#[derive(Default)]
struct Pieces {
    done: Vec<LatePiece>,
    /// The last piece, if it is text, and whether it is raw.
    open: String,
    raw: bool,
}

impl Pieces {
    /// Adds literal or raw text.
    fn push(&mut self, text: &str, raw: bool) {
        if text.is_empty() {
            return;
        }
        if self.raw != raw {
            self.close();
        }
        self.raw = raw;
        self.open.push_str(text);
    }

    fn late(&mut self, late: &Late) {
        for piece in &late.pieces {
            match piece {
                LatePiece::Text(text) => self.push(text, false),
                LatePiece::Raw(text) => self.push(text, true),
                LatePiece::Reference(_) | LatePiece::Made(_) => {
                    self.close();
                    self.done.push(piece.clone());
                }
            }
        }
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            let text = std::mem::take(&mut self.open).into();
            self.done.push(if self.raw { LatePiece::Raw(text) } else { LatePiece::Text(text) });
        }
    }

    fn finish(mut self) -> Vec<LatePiece> {
        self.close();
        self.done
    }
}

/// Follows a Terraform expression to its closing brace, through braces, strings and templates in strings.
#[derive(Default)]
struct Scan {
    open: Vec<OpenBracket>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum OpenBracket {
    Brace,
    String,
}

impl Scan {
    fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    fn open(&mut self) {
        self.open.push(OpenBracket::Brace);
    }

    /// Adds a text: what lies within a Terraform expression is raw.
    fn text(&mut self, text: &str, pieces: &mut Pieces) {
        let mut raw = String::new();
        let mut literal = String::new();
        let mut chars = text.chars();
        while let Some(char) = chars.next() {
            let Some(open) = self.open.last() else {
                literal.push(char);
                literal.extend(chars.by_ref());
                break;
            };
            raw.push(char);
            match (open, char) {
                (OpenBracket::String, '\\') => raw.extend(chars.next()),
                (OpenBracket::String, '"') | (OpenBracket::Brace, '}') => {
                    self.open.pop();
                }
                (OpenBracket::Brace, '"') => self.open.push(OpenBracket::String),
                (OpenBracket::Brace, '{') => self.open.push(OpenBracket::Brace),
                // `%{` in a string opens a directive; `${` comes as a piece of its own.
                (OpenBracket::String, '%') if chars.as_str().starts_with('{') => {
                    raw.extend(chars.next());
                    self.open.push(OpenBracket::Brace);
                }
                (OpenBracket::Brace | OpenBracket::String, _) => {}
            }
        }
        pieces.push(&raw, true);
        pieces.push(&literal, false);
    }
}
