//! Providers of Terraform as classes and configurations name them: `aws`, or with an alias `aws.dns`. In come the sections of a class and what
//! platform, environments and clusters configure; out go names, and reports of what cannot be one. Which stack gets which block is not decided here.

use super::{Named, directive, errors, fields};
use crate::diagnostic::Diagnostics;
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

/// A configuration of a provider.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ProviderName {
    /// What Terraform calls the provider: `aws`.
    pub provider: Arc<str>,
    /// Which of its configurations; none for the one that is meant where nothing is said.
    pub alias: Option<Arc<str>>,
}

impl ProviderName {
    /// Reads `aws` or `aws.dns`; none if it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (provider, alias) = text.split_once('.').map_or((text, None), |(provider, alias)| (provider, Some(alias)));
        let fits = is_name(provider) && alias.is_none_or(is_name);
        fits.then(|| Self { provider: provider.into(), alias: alias.map(Into::into) })
    }

    /// Reads what an expression gives: `provider.aws`, `provider.aws.dns`, `provider.aws["dns"]`. None if it is something else.
    #[must_use]
    pub fn of_address(address: &str) -> Option<Self> {
        let rest = address.strip_prefix("provider.")?;
        match rest.split_once("[\"") {
            Some((provider, alias)) if is_name(provider) => {
                let alias = alias.strip_suffix("\"]").filter(|alias| is_name(alias))?;
                Some(Self { provider: provider.into(), alias: Some(alias.into()) })
            }
            Some(_) => None,
            None => Self::parse(rest),
        }
    }

    /// The one that is meant where nothing is said.
    #[must_use]
    pub fn plain(provider: &str) -> Self {
        Self { provider: provider.into(), alias: None }
    }
}

impl Display for ProviderName {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match &self.alias {
            Some(alias) => write!(formatter, "{}.{alias}", self.provider),
            None => formatter.write_str(&self.provider),
        }
    }
}

/// Whether Terraform takes the text as the name of a provider or of an alias.
fn is_name(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && text.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-'))
}

/// What a class needs, with names that are none reported and left out.
pub(super) fn needed(named: Vec<Named>, diagnostics: &mut Diagnostics) -> Vec<(ProviderName, Named)> {
    let mut needed = Vec::new();
    for named in named {
        match ProviderName::parse(&named.name) {
            Some(name) => needed.push((name, named)),
            None => diagnostics.push(errors::no_provider_name(&named.name, named.span)),
        }
    }
    needed
}

/// Checks what a class says of providers, and reports blocks in its Terraform, where they once stood.
pub(super) fn class(class: &Value, diagnostics: &mut Diagnostics) {
    class.get("providers").into_iter().for_each(|configured| check(configured, diagnostics));
    if let Some(entry) = class.get("terraform").and_then(Value::as_map).and_then(|map| map.entry("provider")) {
        diagnostics.push(errors::provider_in_terraform(entry.span));
    }
}

/// Checks configurations of providers by name: the names, and the arguments of providers that the tables know.
pub(crate) fn check(configured: &Value, diagnostics: &mut Diagnostics) {
    for entry in entries(configured).iter().filter(|entry| entry.template.is_none() && !directive::is_word(entry)) {
        let Some(name) = ProviderName::parse(&entry.key) else {
            diagnostics.push(errors::no_provider_name(&entry.key, entry.span));
            continue;
        };
        let (misplaced, kept): (Vec<&Entry>, Vec<&Entry>) = entries(&entry.value).iter().partition(|argument| is_alias(&name, argument));
        for argument in misplaced {
            diagnostics.push(errors::alias_in_arguments(&name.provider, argument));
        }
        let arguments = Value { data: Data::Map(Arc::new(Map::new(kept.into_iter().cloned().collect()))), ..entry.value.clone() };
        let arguments = if entry.value.as_map().is_some() { arguments } else { entry.value.clone() };
        fields::provider(&name.provider, &arguments, entry.span, &BTreeMap::new(), diagnostics);
    }
}

/// Whether an argument tells of an alias, which stands in the name: as Terraform's own word, or, as dots in keys of TOML have it, as a map.
fn is_alias(name: &ProviderName, argument: &Entry) -> bool {
    &*argument.key == "alias"
        || (name.alias.is_none() && argument.value.as_map().is_some() && fields::lacks_argument(&name.provider, &argument.key))
}

fn entries(value: &Value) -> &[Entry] {
    value.as_map().map(Map::entries).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_providers() {
        let read = |text: &str| ProviderName::parse(text).map(|name| name.to_string());
        for text in ["aws", "aws.dns", "google-beta", "aws.us-east-1"] {
            assert_eq!(read(text).as_deref(), Some(text));
        }
        for text in ["", "aws.", ".dns", "aws.a.b", "1aws", "aws.1", "a ws", "aws.${x}", "aws.d\"ns"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_of_providers() {
        let read = |text: &str| ProviderName::of_address(text).map(|name| name.to_string());
        assert_eq!(read("provider.aws").as_deref(), Some("aws"));
        assert_eq!(read("provider.aws.dns").as_deref(), Some("aws.dns"));
        assert_eq!(read("provider.aws[\"dns\"]").as_deref(), Some("aws.dns"));
        for text in ["provider", "aws.dns", "provider.aws.dns.x", "provider.aws[\"a\"][\"b\"]", "provider.aws[0]", "provider.aws[\"a.b\"]"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
