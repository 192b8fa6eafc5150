//! Expressions at random: what is emitted comes to what ours comes to. `PLATC_LATE=n` tries n of them instead of a fixed few.

use super::rows::{TEXTS, values};
use super::{Emitted, Locals, compare, plain, run};
use platc::expression::Val;

/// A small generator of numbers, the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Text,
    Int,
    Bool,
    Texts,
    Map,
}

/// An expression of a sort; `around` are variables of loops, which are texts.
fn expression(sort: Sort, depth: usize, around: usize, dice: &mut Dice) -> String {
    let next = |sort: Sort, dice: &mut Dice| expression(sort, depth - 1, around, dice);
    if depth == 0 {
        return match sort {
            Sort::Text if around > 0 && dice.roll(2) == 0 => format!("v{}", dice.roll(around)),
            Sort::Text => dice.one(&["s", "t", "key", "'${evil}'", "'%{evil}$'", "'a\"b\\\\'", "'<&>'", "''"]).to_owned(),
            Sort::Int => dice.one(&["n", "3", "-2", "0"]).to_owned(),
            Sort::Bool => dice.one(&["b", "true"]).to_owned(),
            Sort::Texts => dice.one(&["texts", "['x', s]", "[t]"]).to_owned(),
            Sort::Map => dice.one(&["map", "{'z': s, 'b': 'x'}"]).to_owned(),
        };
    }
    use Sort::{Bool, Int, Map, Text, Texts};
    match sort {
        Text => match dice.roll(14) {
            0 => format!("({} + {})", next(Text, dice), next(Text, dice)),
            1 => format!("{}.join({})", next(Texts, dice), next(Text, dice)),
            2 => format!("{}.replace('a', {})", next(Text, dice), next(Text, dice)),
            3 => format!("{}.upperAscii()", next(Text, dice)),
            4 => format!("{}.trim()", next(Text, dice)),
            5 => format!("'<%s%%%d>'.format([{}, {}])", next(Text, dice), next(Int, dice)),
            6 => format!("({} ? {} : {})", next(Bool, dice), next(Text, dice), next(Text, dice)),
            7 => format!("json.encode({})", next(Texts, dice)),
            8 => format!("json.encode({{'q': {}, 'p': {}}})", next(Text, dice), next(Int, dice)),
            9 => format!("base64.encode({})", next(Text, dice)),
            10 => format!("{}[{}]", next(Texts, dice), next(Int, dice)),
            11 => format!("string({})", next(Int, dice)),
            12 => format!("string(base64.decode(base64.encode({})))", next(Text, dice)),
            _ => format!("{}[{}]", next(Map, dice), next(Text, dice)),
        },
        Int => match dice.roll(8) {
            0 => format!("({} + {})", next(Int, dice), next(Int, dice)),
            1 => format!("({} - {})", next(Int, dice), next(Int, dice)),
            2 => format!("({} * {})", next(Int, dice), next(Int, dice)),
            3 => format!("({} / {})", next(Int, dice), next(Int, dice)),
            4 => format!("({} % {})", next(Int, dice), next(Int, dice)),
            5 => format!("size({})", next(Texts, dice)),
            6 => format!("math.least({}, {})", next(Int, dice), next(Int, dice)),
            _ => format!("({} ? {} : {})", next(Bool, dice), next(Int, dice), next(Int, dice)),
        },
        Bool => match dice.roll(9) {
            0 => format!("({} == {})", next(Text, dice), next(Text, dice)),
            1 => format!("({} <= {})", next(Int, dice), next(Int, dice)),
            2 => format!("({} && {})", next(Bool, dice), next(Bool, dice)),
            3 => format!("({} || {})", next(Bool, dice), next(Bool, dice)),
            4 => format!("!{}", next(Bool, dice)),
            5 => format!("({} in {})", next(Text, dice), next(Texts, dice)),
            6 => format!("({} in {})", next(Text, dice), next(Map, dice)),
            7 => format!("{}.contains({})", next(Text, dice), next(Text, dice)),
            _ => {
                let body = expression(Bool, depth - 1, around + 1, dice);
                format!("{}.{}(v{around}, {body})", next(Texts, dice), dice.one(&["all", "exists", "exists_one"]))
            }
        },
        Texts => match dice.roll(8) {
            0 => format!("({} + {})", next(Texts, dice), next(Texts, dice)),
            1 => format!("{}.split(',')", next(Text, dice)),
            2 => format!("[{}, {}]", next(Text, dice), next(Text, dice)),
            3 => format!("{}.sort()", next(Texts, dice)),
            4 => format!("{}.distinct()", next(Texts, dice)),
            5 => format!("{}.keys()", next(Map, dice)),
            6 => format!("{}.map(v{around}, {})", next(Texts, dice), expression(Text, depth - 1, around + 1, dice)),
            _ => format!("{}.filter(v{around}, {})", next(Texts, dice), expression(Bool, depth - 1, around + 1, dice)),
        },
        Map => match dice.roll(3) {
            0 => format!("merge({}, {})", next(Map, dice), next(Map, dice)),
            1 => format!("{{'y': {}, 'x': {}}}", next(Text, dice), next(Text, dice)),
            _ => format!("{}.transformMap(k, v, v + {})", next(Map, dice), next(Text, dice)),
        },
    }
}

/// What an expression over late values may be refused with, though it comes to something.
const REFUSED: [&str; 5] = ["late-value-function", "expression-too-costly", "arithmetic", "no-such-key", "index-out-of-range"];

#[test]
fn expressions_at_random_come_to_the_same() {
    let count = std::env::var("PLATC_LATE").ok().and_then(|count| count.parse().ok()).unwrap_or(600);
    let mut dice = Dice(count as u64);
    let (mut tried, mut refused, mut wrong) = (0, 0, 0);
    for at in 0..TEXTS.len() {
        let values = values(at);
        let now = Locals::now(&values);
        let mut all = Vec::new();
        for _ in 0..count / TEXTS.len() {
            let sort = [Sort::Text, Sort::Int, Sort::Bool, Sort::Texts, Sort::Map][dice.roll(5)];
            let depth = 1 + dice.roll(4);
            let written = expression(sort, depth, 0, &mut dice);
            // All are late, or some.
            let late =
                if dice.roll(2) == 0 { Locals::late(&values) } else { Locals { late: |name| name.len() == 1, ..Locals::late(&values) } };
            match (run(&written, &now), run(&written, &late)) {
                (Ok(expected), Ok(Val::Late(found))) => {
                    // A part of it that fails, and does not count in the end, tells nothing.
                    let Some(known) = found.known.as_ref().map(plain) else {
                        refused += 1;
                        continue;
                    };
                    let expected = plain(&expected);
                    // Maps that are merged with late ones go by their keys, as Terraform's do.
                    assert!(known == expected || written.contains("merge("), "{written}: {known} instead of {expected}");
                    let expected = known;
                    let terraform = found.as_expr().spelled(&mut |reference| reference.address.to_string());
                    all.push(Emitted { written, terraform, expected });
                }
                // What is written around late values stays as it is.
                (Ok(expected), Ok(found)) => assert_eq!(plain(&found), plain(&expected), "{written}"),
                // What is wrong with a side that does not count here is in the expression all the same.
                (Ok(_), Err(fault)) if REFUSED.iter().any(|code| fault.starts_with(code)) => refused += 1,
                (Err(_), Err(_)) => wrong += 1,
                // Terraform does not see what is wrong with the side that does not count, and what is not evaluated.
                (Err(_), Ok(_)) => wrong += 1,
                (Ok(_), Err(fault)) => panic!("{written}: {fault}"),
            }
        }
        tried += all.len();
        compare(&values, &all);
    }
    assert!(tried > count / 3, "only {tried} of {count} say anything: {refused} are refused, {wrong} are wrong");
}
