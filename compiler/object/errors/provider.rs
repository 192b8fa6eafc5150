//! Wording of what can be wrong with the providers of a stack.

use crate::code::Code;
use crate::definition::ProviderName;
use crate::diagnostic::Diagnostic;
use crate::model::World;
use crate::name::{listed, nearest};
use crate::span::Span;
use crate::value::Value;
use crate::visible::visible;
use std::sync::Arc;

/// What chooses a provider and names none.
pub(in crate::object) fn no_provider(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnknownProvider, "this chooses no provider", span, "neither `${provider.NAME}` nor `${provider.NAME.ALIAS}`")
        .hint("write `provider: ${provider.aws.dns}`, with a name and an alias that `providers` of the platform, an environment, a cluster or the class has")
}

/// A name that an expression made and that names none.
pub(in crate::object) fn no_provider_name(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` cannot name a provider", visible(name));
    Diagnostic::error(Code::InvalidTerraformName, message, span, "a name (`aws`), or a name and an alias (`aws.dns`)")
        .apart(name)
        .hint("use letters, digits, `_` and `-`, a letter first, and at most one dot before the alias")
}

/// A provider that neither a table nor a class knows.
pub(in crate::object) fn unknown_provider(name: &ProviderName, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(Code::UnknownProvider, format!("there is no provider `{name}` in this stack"), span, "asked for here")
            .apart(name.to_string());
    match nearest(&name.to_string(), known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic
            .hint(format!("say in the class where it comes from: `terraform.required_providers.{name}` with `source` and `version`")),
    }
}

/// A configuration with an alias that nobody has written.
pub(in crate::object) fn unconfigured_provider(
    name: &ProviderName,
    span: Span,
    (environment, configured): (&str, Vec<&str>),
    others: &[&str],
    is_known: bool,
) -> Diagnostic {
    let word = name.to_string();
    let message = format!("nobody configures the provider `{word}`");
    let diagnostic = Diagnostic::error(Code::UnknownProvider, message, span, "asked for here").apart(word.as_str());
    let near = nearest(&word, configured.iter().copied());
    let diagnostic = match near {
        _ if !others.is_empty() => diagnostic.note(format!("it is configured in {}", listed(others.iter().copied()))),
        None if !configured.is_empty() => diagnostic.note(format!("configured in `{environment}` are {}", listed(configured))),
        None if !is_known => diagnostic.note(format!("no class says what the provider `{}` is either", name.provider)),
        None | Some(_) => diagnostic,
    };
    match near {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint(format!(
            "write `providers: {{ {word}: {{ … }} }}` with its arguments into the platform, the environment `{environment}`, the cluster of the stack or the class"
        )),
    }
}

/// Two classes that say different things of one provider in one stack.
pub(in crate::object) fn contradicting_providers(
    name: &ProviderName,
    path: &[Arc<str>],
    stack: &str,
    (first, second): (&Value, &Value),
    world: &World<'_>,
) -> Diagnostic {
    let what = path.iter().fold(String::new(), |text, key| if text.is_empty() { key.to_string() } else { format!("{text}.{key}") });
    let what = if what.is_empty() { "configuration".to_owned() } else { what };
    let message = format!("two classes in the stack `{stack}` say different things of `{what}` of the provider `{name}`");
    let shown = |value: &Value| match value.as_str() {
        Some(_) if world.hides(value) => "one says something else".to_owned(),
        Some(text) => format!("here it is `{}`", visible(text)),
        None => format!("here it is {}", value.describe()),
    };
    Diagnostic::error(Code::ContradictingProviders, message, second.origin.span, shown(second))
        .label(first.origin.span, shown(first))
        .apart(format!("{stack}.{name}.{what}"))
        .hint(format!(
            "say it once, under `providers.{name}` of the environment or the platform; or give the two different aliases or stacks"
        ))
}

/// A configuration that nothing uses.
pub(in crate::object) fn unused_provider<'a>(name: &ProviderName, span: Span, used: impl Iterator<Item = &'a str>) -> Diagnostic {
    let message = format!("nothing uses the provider `{name}` that is configured here");
    let diagnostic = Diagnostic::warning(Code::UnusedProvider, message, span, "no Terraform needs it");
    match nearest(&name.to_string(), used) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint("remove it, or name it in `provider` of the class that needs it"),
    }
}

/// A credential that would be emitted.
pub(in crate::object) fn secret_in_provider(provider: &str, path: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` of the provider `{provider}` would hold a secret", visible(path));
    Diagnostic::error(Code::SecretInOutput, message, span, "a credential")
        .note("outputs are committed to git and kept in clear text by what installs them")
        .hint("leave it out: Terraform takes credentials from the environment variables of whoever runs it")
}
