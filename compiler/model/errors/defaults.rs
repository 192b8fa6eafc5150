//! Wording of defaults, and of meant differences, that reach nothing.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Entry, Value};
use crate::visible::visible;

pub(crate) fn defaults_of_none(kind: Kind, span: Span, path: &Path) -> Diagnostic {
    let message = format!("`{path}` reaches nothing, because there is no {}", kind.words());
    Diagnostic::warning(Code::UnusedDefault, message, span, "these defaults reach nothing")
        .about(Subject::definition(path.clone()))
        .hint("remove them until there is one")
}

/// A default of a field that no class has; `known` are the fields beside it.
pub(crate) fn default_of_no_field(kind: Kind, entry: &Entry, path: &Path, known: &[&str]) -> Diagnostic {
    let message = format!("`{path}` reaches nothing, because no {} has this field", kind.words());
    let fault = Diagnostic::warning(Code::UnusedDefault, message, entry.span, "this default reaches nothing")
        .about(Subject::definition(path.clone()));
    match nearest(&entry.key, known.iter().copied()) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")).replace(entry.span, near),
        None if known.is_empty() => fault.hint("remove this line, or check its name"),
        None => fault.hint(format!("the fields there are {}", listed(known.iter().copied()))),
    }
}

pub(crate) fn default_of_no_group(kind: Kind, entry: &Entry, path: &Path) -> Diagnostic {
    let message = format!("`{path}` reaches nothing, because no {} has this group", kind.words());
    Diagnostic::warning(Code::UnusedDefault, message, entry.span, "this default reaches nothing")
        .about(Subject::definition(path.clone()))
        .note("defaults complete an optional group where a definition has it, and never create one")
        .hint("write the group where it is wanted, `{}` if there is nothing more to say, or remove this line")
}

/// A path of `platform.parity` that leads nowhere.
pub(crate) fn unused_parity(path: &Value) -> Diagnostic {
    let message = format!("`{}` fits nothing, so it lets no difference pass", visible(path.as_str().unwrap_or_default()));
    Diagnostic::warning(Code::UnusedParity, message, path.origin.span, "no thing and no field of an environment")
        .about(Subject::definition(Path::of(["platform", "parity"])))
        .hint("begin with a kind, such as `tenants.*.applications.*.image.tag` or `clusters.gc0.version`, or with a field of environments, such as `delivery`")
}
