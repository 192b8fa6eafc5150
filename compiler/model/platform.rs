//! `platform`: checked, and its settings taken out.

use super::{Layout, Platform, Repository, constants, errors};
use crate::definition::Definitions;
use crate::definition::literal::{self, Owner};
use crate::diagnostic::Diagnostics;
use crate::filename;
use crate::inheritance::{Meeting, merge};
use crate::origin::{LayerId, Origin};
use crate::schema::{self, Checked, Mode};
use crate::secret::holds_login;
use crate::source::Sources;
use crate::span::{FileId, Span};
use crate::subject::Subject;
use crate::value::{Operator, Value};
use std::sync::Arc;

/// Resolves the platform; what is missing is reported and stands empty.
pub(super) fn resolve(definitions: &Definitions, sources: &Sources, diagnostics: &mut Diagnostics) -> Platform {
    let type_ = &definitions.language.platform;
    let nowhere = Origin { span: Span { file: FileId(0), start: 0, end: 0 }, layer: LayerId::COMPUTED };
    let subject = Subject::platform(&[]);
    let mut value = type_.defaults(LayerId::COMPUTED);
    match &definitions.platform {
        None => diagnostics.push(errors::no_platform()),
        Some(entry) => {
            let mut meeting = Meeting::new(&subject, diagnostics);
            let mut own = merge(value.as_ref(), &entry.value, Operator::Merge, Some(type_), &mut meeting);
            for flag in definitions.flags.iter().filter(|flag| &*flag.address == "platform") {
                own = merge(Some(&own), &flag.value, Operator::Merge, Some(type_), &mut meeting);
            }
            literal::check(Owner::Platform, &own, type_, diagnostics);
            let checked = Checked { kind: "platform", class: "", subject: Some(&subject), defined: Some(entry.span), beside: &[], sources };
            schema::check(type_, &own, &checked, Mode::Complete, diagnostics);
            value = Some(constants::settled(own));
        }
    }
    let value = value.unwrap_or_else(|| Value::map(Vec::new(), nowhere));
    let text = |path: &[&str]| value.at(path).and_then(Value::as_str);
    let output = output(&value, diagnostics);
    let login = value.at(&["repository", "url"]).filter(|url| url.as_str().is_some_and(holds_login));
    if let Some(url) = login {
        diagnostics.push(errors::repository_with_login(url.origin.span));
    }
    let path = value.at(&["repository", "path"]).and_then(|path| Some((path, path.as_str()?)));
    if let Some((path, text)) = path.filter(|(_, text)| filename::leaves(text)) {
        diagnostics.push(errors::path_leaves(text, path.origin.span));
    }
    Platform {
        name: text(&["name"]).unwrap_or("").into(),
        domain: text(&["domain"]).unwrap_or("").into(),
        output,
        repository: text(&["repository", "url"]).map(|url| Repository {
            url: url.into(),
            path: text(&["repository", "path"]).unwrap_or("").trim_matches('/').into(),
            revision: text(&["repository", "revision"]).unwrap_or("main").into(),
        }),
        layout: if text(&["kustomize", "layout"]) == Some("rendered") { Layout::Rendered } else { Layout::Overlays },
        hub: hub(&value, definitions, diagnostics),
        value,
    }
}

/// The output directory: a plain place below the project, also where it is not that of this machine.
fn output(value: &Value, diagnostics: &mut Diagnostics) -> Arc<str> {
    let Some((found, text)) = value.get("output").and_then(|found| Some((found, found.as_str()?))) else { return "dist".into() };
    let output = text.trim_end_matches('/');
    let hidden = filename::hidden(output).map(|part| format!("`{part}` is hidden, and a project does not read its own hidden folders"));
    match filename::flaw(output).or(hidden) {
        None => output.into(),
        Some(flaw) => {
            diagnostics.push(errors::unsafe_output(text, &flaw, found.origin.span));
            "dist".into()
        }
    }
}

fn hub(value: &Value, definitions: &Definitions, diagnostics: &mut Diagnostics) -> Option<Arc<str>> {
    let found = value.at(&["argocd", "hub"])?;
    let name = found.as_str()?;
    let known: Vec<&str> = definitions.clusters().collect();
    if !known.contains(&name) {
        diagnostics.push(errors::unknown_cluster(name, found.origin.span, &known));
        return None;
    }
    Some(name.into())
}
