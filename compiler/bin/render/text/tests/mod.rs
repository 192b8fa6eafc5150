//! Diagnostics in a small world, in every form.

mod machines;
mod pictures;

use super::*;
use expect_test::Expect;
use platc::code::Code;
use platc::source::{Grammar, Source, Sources};

struct World {
    sources: Sources,
}

impl World {
    fn new(files: &[(&str, &str)]) -> Self {
        let mut sources = Sources::default();
        for (path, text) in files {
            let library = path.starts_with("std/");
            sources.add(Source { path: (*path).into(), text: (*text).into(), grammar: Grammar::Yaml, library });
        }
        Self { sources }
    }

    /// The span of the first `needle` in the file of this number.
    fn span(&self, file: u32, needle: &str) -> Span {
        let file = FileId(file);
        let start = self.sources.get(file).unwrap().text.find(needle).unwrap();
        Span::new(file, start, start + needle.len())
    }

    fn check(&self, diagnostics: &[Diagnostic], expected: Expect) {
        let view = View { sources: &self.sources, prefix: "../" };
        expected.assert_eq(render(diagnostics, &view, &Renderer::plain()).text());
    }
}

fn sample() -> World {
    World::new(&[
        ("clusters/gc0.yaml", "clusters:\n  gc0:\n    class: eks\n    size:\n      maxNodes: 6\n"),
        ("std/cluster/eks.yaml", "schema:\n  size:\n    max: integer\n"),
    ])
}
