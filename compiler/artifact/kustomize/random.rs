//! Tests only: random objects, and objects that have changed a little since.

use crate::print::{Form, Tree};

/// A small deterministic generator, so that a seed names a case.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()].clone()
    }

    fn scalar(&mut self) -> Tree {
        match self.below(12) {
            0 => Tree::null(),
            1 => Tree::bool(self.below(2) == 0),
            2 => Tree::int(i64::try_from(self.below(10)).unwrap() - 3),
            3 => Tree::int(self.pick(&[9_007_199_254_740_991, -9_007_199_254_740_991, 65_535])),
            4 => Tree::float(self.pick(&[0.1, -2.5, 1e-7, 12_345_678.9, 1e100])),
            5 => Tree::text(self.pick(&[
                "",
                "y",
                "no",
                "null",
                "1",
                "010",
                "1e3",
                "2020-01-01",
                "=",
                "~",
                "<<",
                "a: b",
                " x",
                "- x",
                "#",
                "é",
            ])),
            6 => Tree::text(self.pick(&[
                "line\n",
                "one\ntwo",
                "one\n\n",
                "\ttab\n",
                "\ttab",
                "a\n\tb",
                " \n",
                "\n",
                "\r\n",
                "trailing \nx",
                "\"q\"",
                "'",
                "\\",
                "\u{a0}",
                "a\u{2028}b",
                "\u{1}",
            ])),
            _ => Tree::text(self.pick(&["a", "b", "c", "d", "e"])),
        }
    }

    fn key(&mut self) -> &'static str {
        self.pick(&[
            "a", "b", "c", "d", "e", "f", "g", "name", "y", "", "a/b", "a~b", "~1", "-", "0", "1", "null", "a.b/c", "A b", "$patch",
        ])
    }

    fn map(&mut self, depth: u64) -> Tree {
        let mut entries: Vec<(std::sync::Arc<str>, Tree)> = Vec::new();
        for _ in 0..self.below(5) {
            let key = self.key();
            if !entries.iter().any(|(known, _)| &**known == key) {
                entries.push((key.into(), self.tree(depth)));
            }
        }
        Tree::map(entries)
    }

    fn keyed(&mut self, depth: u64) -> Tree {
        let names = self.shuffled();
        Tree::list(names.into_iter().map(|name| {
            let mut entries = vec![("name".into(), Tree::text(name))];
            if let Form::Map(rest) = self.map(depth).form {
                entries.extend(rest.into_iter().filter(|(key, _)| &**key != "name"));
            }
            Tree::map(entries)
        }))
    }

    fn shuffled(&mut self) -> Vec<&'static str> {
        let mut names = vec!["web", "proxy", "init", "a.b", "x/y"];
        let mut chosen = Vec::new();
        for _ in 0..self.below(5) {
            let at = usize::try_from(self.below(names.len() as u64)).unwrap();
            chosen.push(names.remove(at));
        }
        chosen
    }

    pub(super) fn tree(&mut self, depth: u64) -> Tree {
        if depth == 0 {
            return self.scalar();
        }
        match self.below(6) {
            0 => self.map(depth - 1),
            1 => self.keyed(depth - 1),
            2 => {
                let count = self.below(6);
                Tree::list((0..count).map(|_| self.tree(depth - 1)))
            }
            _ => self.scalar(),
        }
    }

    /// The body of an object: never a scalar.
    pub(super) fn body(&mut self) -> Tree {
        self.map(4)
    }

    /// The same tree with a few changes at any depth.
    pub(super) fn changed(&mut self, tree: &Tree, depth: u64) -> Tree {
        if self.below(12) == 0 {
            return self.tree(depth.min(2));
        }
        match &tree.form {
            Form::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.clone(), self.maybe(value, depth))).collect();
                if !entries.is_empty() && self.below(5) == 0 {
                    let at = usize::try_from(self.below(entries.len() as u64)).unwrap();
                    entries.remove(at);
                }
                let key = self.key();
                if self.below(4) == 0 && !entries.iter().any(|(known, _)| &**known == key) {
                    entries.push((key.into(), self.tree(depth.min(2))));
                }
                Tree::map(entries)
            }
            Form::List(items) => {
                let mut items: Vec<_> = items.iter().map(|item| self.maybe(item, depth)).collect();
                for _ in 0..self.below(3) {
                    let at = usize::try_from(self.below(items.len() as u64 + 1)).unwrap();
                    match self.below(3) {
                        0 if at < items.len() => drop(items.remove(at)),
                        1 if at < items.len() => items.swap(0, at),
                        _ => items.insert(at, self.tree(depth.min(2))),
                    }
                }
                Tree::list(items)
            }
            Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) => self.scalar(),
        }
    }

    fn maybe(&mut self, tree: &Tree, depth: u64) -> Tree {
        if self.below(3) == 0 { self.changed(tree, depth.saturating_sub(1)) } else { tree.clone() }
    }
}
