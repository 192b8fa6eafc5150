//! What keeps data, as the index of an output directory remembers it: which thing, where, and what holds its data there. A line for each, so
//! that branches merge. Nothing here knows a model or a file.

use crate::name::Kind;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// One thing that keeps data, in one environment and, if it is on one, on one cluster. All names are identities: what lives outside of Git
/// is called by those.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Kept {
    /// Where it is and what it is called.
    pub place: KeptPlace,
    /// The Terraform stack that has its resources; none if it has no Terraform.
    pub stack: Option<String>,
    /// Addresses of its resources and modules in that stack, sorted.
    pub addresses: Vec<String>,
    /// Namespaces that it makes, sorted.
    pub namespaces: Vec<String>,
    /// What made it, as a path of plurals and identities: `tenants.shop`, `tenants.shop.applications.web`; none of what is written.
    pub maker: Option<String>,
    /// What it installs beside these: `Kind.group/namespace/name`, and `*` for what is kept elsewhere, such as a chart; sorted.
    pub objects: Vec<String>,
}

/// Where a thing that keeps data is, and what it is called there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeptPlace {
    /// Its environment.
    pub environment: String,
    /// What kind of thing.
    pub kind: Kind,
    /// The cluster that it is on.
    pub cluster: Option<String>,
    /// The tenant of an application.
    pub tenant: Option<String>,
    /// What it is called.
    pub identity: String,
}

impl Kept {
    /// The key of the kind, which tells its facts from others.
    pub const KEY: &str = "data";

    /// The fact as the index has it, on one line. What it lacks is left out.
    #[must_use]
    pub fn line(&self) -> String {
        let KeptPlace { environment, kind, cluster, tenant, identity } = &self.place;
        let text = |value: &str| json!(value).to_string();
        let list = |values: &[String]| (!values.is_empty()).then(|| json!(values).to_string());
        let parts = [
            (Self::KEY, Some(text(kind.plural()))),
            ("environment", Some(text(environment))),
            ("cluster", cluster.as_deref().map(text)),
            ("tenant", tenant.as_deref().map(text)),
            ("identity", Some(text(identity))),
            ("maker", self.maker.as_deref().map(text)),
            ("stack", self.stack.as_deref().map(text)),
            ("terraform", list(&self.addresses)),
            ("namespaces", list(&self.namespaces)),
            ("objects", list(&self.objects)),
        ];
        let parts: Vec<String> = parts.into_iter().filter_map(|(key, value)| Some(format!("\"{key}\":{}", value?))).collect();
        format!("{{{}}}", parts.join(","))
    }

    /// Whether a namespace can have a name: letters in lower case, digits and dashes, 63 at most, no dash at either end.
    #[must_use]
    pub fn is_namespace(name: &str) -> bool {
        let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&name.len()) && name.bytes().all(is_inner) && !name.starts_with('-') && !name.ends_with('-')
    }

    /// Reads a fact; what is wrong with it, if this platc does not know all that it says.
    ///
    /// # Errors
    /// If it says more, or less, than this platc knows.
    pub fn read(fact: &Map<String, Value>) -> Result<Self, String> {
        let known = [Self::KEY, "environment", "cluster", "tenant", "identity", "maker", "stack", "terraform", "namespaces", "objects"];
        // Dropping what a newer platc knows could lose what it protects.
        if let Some(key) = fact.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(format!("it has a fact about data with `{}`, which this platc does not know", key.escape_debug()));
        }
        let text = |key: &str| match fact.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(format!("it has a fact about data whose `{key}` is no text")),
        };
        let list = |key: &str| {
            let items = fact.get(key).map_or(Some(&[][..]), |value| value.as_array().map(Vec::as_slice));
            let items = items.and_then(|items| items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<BTreeSet<_>>>());
            items
                .map(|items| items.into_iter().collect())
                .ok_or_else(|| format!("it has a fact about data whose `{key}` is no list of texts"))
        };
        let must = |key: &str| text(key)?.ok_or_else(|| format!("it has a fact about data without `{key}`"));
        let plural = must(Self::KEY)?;
        let kind = Kind::from_plural(&plural)
            .ok_or_else(|| format!("it has a fact about data of `{}`, which are no kind", plural.escape_debug()))?;
        Ok(Self {
            place: KeptPlace {
                environment: must("environment")?,
                kind,
                cluster: text("cluster")?,
                tenant: text("tenant")?,
                identity: must("identity")?,
            },
            maker: text("maker")?,
            stack: text("stack")?,
            addresses: list("terraform")?,
            // A person is given them in a command; what no namespace is called was written by somebody else, and names nothing that is there.
            namespaces: list("namespaces")?.into_iter().filter(|name| Self::is_namespace(name)).collect(),
            objects: list("objects")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_as_they_are_written() {
        let place = KeptPlace {
            environment: "ops".to_owned(),
            kind: Kind::Application,
            cluster: Some("gc0".to_owned()),
            tenant: Some("a\"b".to_owned()),
            identity: "web".to_owned(),
        };
        let full = Kept {
            place: place.clone(),
            maker: Some("tenants.shop".to_owned()),
            stack: Some("gc0".to_owned()),
            addresses: vec!["a.b".to_owned(), "module.c".to_owned()],
            namespaces: vec!["n".to_owned()],
            objects: vec!["*".to_owned(), "Service/n/s".to_owned()],
        };
        let bare = Kept {
            place: KeptPlace { cluster: None, tenant: None, ..place },
            maker: None,
            stack: None,
            addresses: Vec::new(),
            namespaces: Vec::new(),
            objects: Vec::new(),
        };
        for kept in [full, bare] {
            let fact: Map<String, Value> = serde_json::from_str(&kept.line()).unwrap();
            assert_eq!(Kept::read(&fact), Ok(kept));
        }
    }

    #[test]
    fn what_is_no_name_of_a_namespace_is_left_out() {
        let long = "a".repeat(64);
        let names = ["a; rm -rf ~", "$(id)", "a\\nb", "-n", "a-", "A", "", "--all", "a.b", "kube-system", "1", &long, &long[1..]];
        let names = names.map(|name| format!("\"{name}\"")).join(",");
        let fact = format!(r#"{{"data":"tenants","environment":"a","cluster":"c","identity":"b","namespaces":[{names}]}}"#);
        let fact: Map<String, Value> = serde_json::from_str(&fact).unwrap();
        assert_eq!(Kept::read(&fact).unwrap().namespaces, ["1", &long[1..], "kube-system"]);
    }

    #[test]
    fn what_is_not_known_is_told() {
        for (text, reason) in [
            (r#"{"data":"infrastructure"}"#, "it has a fact about data without `environment`"),
            (r#"{"data":"planets","environment":"a","identity":"b"}"#, "it has a fact about data of `planets`, which are no kind"),
            (
                r#"{"data":"tenants","environment":"a","identity":"b","moon":1}"#,
                "it has a fact about data with `moon`, which this platc does not know",
            ),
            (r#"{"data":"tenants","environment":"a","identity":1}"#, "it has a fact about data whose `identity` is no text"),
            (
                r#"{"data":"tenants","environment":"a","identity":"b","terraform":[1]}"#,
                "it has a fact about data whose `terraform` is no list of texts",
            ),
        ] {
            let fact: Map<String, Value> = serde_json::from_str(text).unwrap();
            assert_eq!(Kept::read(&fact), Err(reason.to_owned()));
        }
    }
}
