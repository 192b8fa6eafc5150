//! Credentials in what is said of providers, by layers and by classes: they would be emitted, which is an error that must not tell them.

use super::SecretSearch;
use crate::definition::Definitions;
use crate::model::providers;
use crate::secret::{holds_login, names_credential};
use crate::table::Table;
use crate::value::{Data, Entry, Map, Value};

/// Whether an argument of a provider is a credential by what it is called; the path has dots between its parts.
pub(crate) fn is_credential(provider: &str, path: &str) -> bool {
    Table::terraform().is_sensitive("provider", provider, path) || names_credential(path.rsplit('.').next().unwrap_or(path))
}

impl SecretSearch<'_> {
    /// Adds the credentials that stand in configurations of providers.
    pub(super) fn providers(&mut self, definitions: &Definitions) {
        providers::each(definitions, &mut |configured| self.configured(configured, true));
        for class in &definitions.classes {
            let old = class.section("terraform").and_then(|terraform| terraform.get("provider"));
            [class.section("providers"), old].into_iter().flatten().for_each(|configured| self.configured(configured, false));
        }
    }

    /// `expressions`: whether those may hold credentials too; in classes they may come from Terraform.
    fn configured(&mut self, configured: &Value, expressions: bool) {
        for entry in configured.as_map().map(Map::entries).unwrap_or_default() {
            let provider = entry.key.split('.').next().unwrap_or_default();
            self.arguments(provider, &entry.value, &mut String::new(), expressions);
        }
    }

    fn arguments(&mut self, provider: &str, value: &Value, path: &mut String, expressions: bool) {
        let named = !path.is_empty() && is_credential(provider, path);
        match &value.data {
            Data::Map(map) => map.entries().iter().for_each(|entry| self.argument(provider, entry, path, expressions)),
            Data::List(list) => list.items().iter().for_each(|item| self.arguments(provider, item, path, expressions)),
            Data::String(text) if !text.is_empty() && (named || holds_login(text)) => self.secrets.add(value, self.sources),
            Data::Int(_) | Data::Float(_) if named => self.secrets.add(value, self.sources),
            Data::Template(_) if named && expressions => self.secrets.add(value, self.sources),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => {}
        }
        if let Some(older) = value.overridden() {
            self.arguments(provider, older, path, expressions);
        }
    }

    fn argument(&mut self, provider: &str, entry: &Entry, path: &mut String, expressions: bool) {
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(&entry.key);
        self.arguments(provider, &entry.value, path, expressions);
        path.truncate(length);
    }
}
