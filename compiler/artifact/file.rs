//! The backend of plain files: what classes emit under `files`, in the format that the ending of the path asks for. It knows nothing of
//! what the files are for.

use super::{Artifact, Artifacts, Input, errors};
use crate::diagnostic::Diagnostics;
use crate::floor;
use crate::object::File;
use crate::print::{self, Form, Printout, Spelling, Tree};
use crate::span::Span;

/// Writes `files/<environment>/<cluster>/<path>`; for infrastructure, which is on no cluster, `files/<environment>/<path>`.
pub(super) fn emit(input: &Input<'_>, artifacts: &mut Artifacts, diagnostics: &mut Diagnostics) {
    for rendering in input.objects.renderings.iter().filter(|rendering| rendering.waits.is_empty()) {
        let entity = input.model.entity(rendering.entity);
        let folder = floor::files(input.model, entity);
        for file in &rendering.files {
            let path = format!("{folder}/{}", file.path);
            let Some(page) = page(file, input.traces(&path)) else {
                diagnostics.push(errors::not_text(file, entity));
                continue;
            };
            if !artifacts.add(path, Artifact::new(page, vec![rendering.entity])) {
                diagnostics.push(errors::file_twice(file, entity));
            }
        }
    }
}

/// Where the file of a path is named, if a class emits it.
pub(super) fn place(input: &Input<'_>, path: &str) -> Option<Span> {
    input.objects.renderings.iter().filter(|rendering| !rendering.files.is_empty()).find_map(|rendering| {
        let rest = path.strip_prefix(&floor::files(input.model, input.model.entity(rendering.entity)))?.strip_prefix('/')?;
        rendering.files.iter().find(|file| &*file.path == rest).map(|file| file.span)
    })
}

/// A file; none if its content has no such form.
fn page(file: &File, traced: bool) -> Option<Printout> {
    let tree = Tree::from_value(&file.content)?;
    let ending = file.path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match (ending, &tree.form) {
        ("json", _) => Some(Printout::print(&tree, Spelling::Json, traced)),
        ("yaml" | "yml", _) => print::unprintable(&tree).is_none().then(|| Printout::print(&tree, Spelling::Yaml, traced)),
        (_, Form::Text(text)) => Some(Printout::whole(text, &tree, traced)),
        (_, Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::List(_) | Form::Map(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::fixture::{Fixture, value};
    use crate::name::Kind;
    use crate::span::FileId;
    use expect_test::{Expect, expect};

    fn check(path: &str, content: &str, expected: Expect) {
        let mut fixture = Fixture::new(&["apps"]);
        let cluster = fixture.entity(0, Kind::Cluster, "gc0", None, "{}");
        let service = fixture.entity(0, Kind::Service, "web", Some(cluster), "{}");
        fixture.rendering(service, "{}");
        let span = Span { file: FileId(0), start: 0, end: 0 };
        let file = File { path: path.into(), content: value(content), span };
        fixture.objects.renderings[0].files.push(file);
        expected.assert_eq(&fixture.emit(emit));
    }

    #[test]
    fn the_ending_decides_the_format() {
        check(
            "hosts.yaml",
            "hosts: [a, b]",
            expect![[r#"
                # files/apps/gc0/hosts.yaml
                hosts:
                - a
                - b
            "#]],
        );
        check(
            "hosts.json",
            "hosts: [a]",
            expect![[r#"
                # files/apps/gc0/hosts.json
                {
                  "hosts": [
                    "a"
                  ]
                }
            "#]],
        );
        check(
            "motd",
            "\"hello\\n\"",
            expect![[r#"
                # files/apps/gc0/motd
                hello
            "#]],
        );
    }

    #[test]
    fn other_formats_take_text() {
        check(
            "hosts.ini",
            "hosts: [a]",
            expect![[r#"
                Error wrong-type: the file `hosts.ini` must be text, found a map [apps.clusters.gc0.services.web] (give it a path that ends in `.yaml` or `.json`, or write its content as text)
            "#]],
        );
    }
}
