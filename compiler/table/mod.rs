//! Tables of what others define: the fields of Kubernetes objects, the arguments and attributes of Terraform resources. In comes the name
//! of a kind or a resource type, out come its fields with their types. Generated from published schemas (README.md) and embedded; nothing
//! is fetched, and what is not listed is not known, never wrong.

mod configuration;
mod holding;
mod item_key;
mod object_fields;
mod read;
mod zones;

pub(crate) use configuration::{LateText, is_configuration};
pub(crate) use holding::{Holding, object_holds, resource_holds};
pub use item_key::ItemKey;
pub use object_fields::ObjectFields;
pub(crate) use read::open_record as read_record;
pub(crate) use read::{FieldFlag, TypeWord, key as item_key, without_collections};
pub(crate) use zones::{is_zone, near_zone};

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, OnceLock};

/// One table. Sections are read when they are first asked for.
#[derive(Debug)]
pub struct Table {
    sections: BTreeMap<&'static str, TableSection>,
    origins: BTreeMap<&'static str, &'static str>,
    /// What is sensitive, by the title of its section.
    sensitive: BTreeMap<&'static str, Vec<&'static str>>,
}

#[derive(Debug)]
struct TableSection {
    text: &'static str,
    open: bool,
    record: OnceLock<Arc<TableRecord>>,
}

/// An object with named fields.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TableRecord {
    /// The fields by name.
    pub fields: BTreeMap<Arc<str>, TableField>,
    /// Whether it may have other fields too.
    pub open: bool,
}

/// A field of a record, an argument or attribute of a resource.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableField {
    /// What it holds; a block that may be repeated is a list of records.
    pub type_: TableType,
    /// Whether it must be set.
    pub required: bool,
    /// Who sets it.
    pub setter: Setter,
    /// How it is nested, if it is a block of Terraform.
    pub block: Option<Nesting>,
    /// How many of the block there may be, as far as that is known: at least, and at most.
    pub count: (u64, Option<u64>),
    /// Whether a change of it replaces the thing.
    pub replaces: Replaces,
    /// By what its items are told apart, if it is a list of which that is known.
    pub key: Option<ItemKey>,
    /// Whether it is a list whose order means nothing.
    pub unordered: bool,
}

/// What a field holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TableType {
    /// Anything.
    Any,
    /// A map of anything.
    Object,
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// true or false
    Boolean,
    /// An amount: a number or text such as `500m`.
    Quantity,
    /// A whole number or text: a port by number or name, a count or a percentage.
    IntegerOrString,
    /// A list (in Terraform also a set).
    List(Arc<TableType>),
    /// A map with any keys.
    Map(Arc<TableType>),
    /// An object with these fields.
    Record(Arc<TableRecord>),
    /// A record that the table has under this name.
    Named(Arc<str>),
}

impl TableType {
    /// What is in the lists and maps that it is.
    #[must_use]
    pub fn innermost(&self) -> &TableType {
        let mut type_ = self;
        while let TableType::List(item) | TableType::Map(item) = type_ {
            type_ = item;
        }
        type_
    }
}

/// Who sets a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setter {
    /// The author.
    Author,
    /// The author, or else the provider.
    Either,
    /// The provider: an attribute that can only be read.
    Provider,
}

/// How often a block may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nesting {
    /// Once, read as an object.
    Single,
    /// In order, read as a list.
    List,
    /// In any order, read as a set.
    Set,
    /// By label.
    Map,
}

/// Whether a change of an argument replaces the resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Replaces {
    /// It is changed in place.
    No,
    /// Always.
    Yes,
    /// Under conditions.
    Maybe,
    /// Nobody knows.
    Unknown,
}

macro_rules! providers {
    ($($name:literal)*) => {
        /// A text for each provider of Terraform, and one for Terraform itself.
        const PROVIDERS: &[&str] = &[$(include_str!(concat!("data/terraform/", $name, ".txt")),)*];
    };
}

providers! {
    "aws" "azurerm" "digitalocean" "google" "hcloud" "helm" "kubernetes" "local" "null" "opennebula" "random" "scaleway" "terraform" "time" "tls" "vsphere"
}

static KUBERNETES: LazyLock<Table> = LazyLock::new(|| read::table(&[include_str!("data/kubernetes.txt")]));
static TERRAFORM: LazyLock<Table> = LazyLock::new(|| read::table(PROVIDERS));

impl Table {
    /// The table of Kubernetes objects: sections `kind <apiVersion> <Kind>`.
    #[must_use]
    pub fn kubernetes() -> &'static Table {
        &KUBERNETES
    }

    /// The table of Terraform: sections `resource <type>`, `data <type>` and `provider <name>`.
    #[must_use]
    pub fn terraform() -> &'static Table {
        &TERRAFORM
    }

    /// The fields of a section; none if the table does not have it.
    #[must_use]
    pub fn section(&self, title: &str) -> Option<Arc<TableRecord>> {
        let section = self.sections.get(title)?;
        Some(Arc::clone(section.record.get_or_init(|| Arc::new(read::record(section.text, section.open)))))
    }

    /// The record that a type is, if it is one.
    #[must_use]
    pub fn record(&self, type_: &TableType) -> Option<Arc<TableRecord>> {
        match type_ {
            TableType::Record(record) => Some(Arc::clone(record)),
            TableType::Named(name) => self.section(&format!("type {name}")),
            TableType::Any
            | TableType::Object
            | TableType::String
            | TableType::Integer
            | TableType::Number
            | TableType::Boolean
            | TableType::Quantity
            | TableType::IntegerOrString
            | TableType::List(_)
            | TableType::Map(_) => None,
        }
    }

    /// The release that the schemas of an API version or of a provider's resources are from: `Kubernetes 1.32 to 1.36`.
    #[must_use]
    pub fn origin(&self, of: &str) -> Option<&'static str> {
        self.origins.get(of).copied()
    }

    /// Whether a provider calls an argument or attribute sensitive or write-only, or what it stands in. `word` is `resource`, `data` or
    /// `provider`; of some providers no more is known than this. The path has dots between its parts and no positions in lists.
    #[must_use]
    pub fn is_sensitive(&self, word: &str, type_: &str, path: &str) -> bool {
        let known = self.sensitive.get(format!("{word} {type_}").as_str()).map(Vec::as_slice).unwrap_or_default();
        known.iter().any(|sensitive| path.strip_prefix(sensitive).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    /// The same, or whether something that stands in it is sensitive: whoever reads a whole resource reads that too.
    #[must_use]
    pub fn holds_sensitive(&self, word: &str, type_: &str, path: &str) -> bool {
        let known = self.sensitive.get(format!("{word} {type_}").as_str()).map(Vec::as_slice).unwrap_or_default();
        let within = |sensitive: &&str| path.is_empty() || sensitive.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        known.iter().any(within) || self.is_sensitive(word, type_, path)
    }

    /// The titles of all sections.
    pub fn titles(&self) -> impl Iterator<Item = &'static str> {
        self.sections.keys().copied()
    }
}

impl TableRecord {
    /// A field by name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&TableField> {
        self.fields.get(name)
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(|name| &**name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use std::fmt::Write as _;

    fn check(table: &Table, title: &str, expected: &Expect) {
        let mut text = String::new();
        for (name, field) in &table.section(title).unwrap().fields {
            let type_ = if let TableType::List(item) = &field.type_ { format!("list of {}", short(item)) } else { short(&field.type_) };
            writeln!(text, "{name}: {type_} {} {:?} {:?} {:?}", field.required, field.setter, field.block, field.replaces).unwrap();
        }
        expected.assert_eq(&text);
    }

    fn short(type_: &TableType) -> String {
        if let TableType::Record(record) = type_ { format!("{:?}", record.names().collect::<Vec<_>>()) } else { format!("{type_:?}") }
    }

    #[test]
    fn fields_of_a_kind() {
        check(
            Table::kubernetes(),
            "type NetworkPolicyPeer",
            &expect![[r#"
            ipBlock: ["cidr", "except"] false Author None No
            namespaceSelector: Named("LabelSelector") false Author None No
            podSelector: Named("LabelSelector") false Author None No
        "#]],
        );
    }

    #[test]
    fn arguments_of_a_resource() {
        check(
            Table::terraform(),
            "resource aws_eks_fargate_profile",
            &expect![[r#"
                arn: String false Provider None No
                cluster_name: String true Author None Yes
                fargate_profile_name: String true Author None Yes
                id: String false Either None No
                pod_execution_role_arn: String true Author None Yes
                region: String false Either None Yes
                selector: list of ["labels", "namespace"] true Author Some(Set) Yes
                status: String false Provider None No
                subnet_ids: list of String false Author None Yes
                tags: Map(String) false Author None No
                tags_all: Map(String) false Either None No
                timeouts: Named("resource.aws_efs_mount_target.timeouts") false Author Some(Single) No
            "#]],
        );
    }

    #[test]
    fn every_name_leads_to_a_record() {
        fn visit(table: &Table, type_: &TableType, depth: usize) {
            assert!(depth < 40, "a type holds itself");
            if let TableType::List(inner) | TableType::Map(inner) = type_ {
                visit(table, inner, depth);
            } else if let TableType::Record(_) | TableType::Named(_) = type_ {
                let record = table.record(type_).unwrap_or_else(|| panic!("{type_:?} is not in the table"));
                record.fields.values().for_each(|field| visit(table, &field.type_, depth + 1));
            }
        }
        for table in [Table::kubernetes(), Table::terraform()] {
            for title in table.titles().filter(|title| !title.starts_with("type ApplicationSet")) {
                let record = table.section(title).unwrap();
                assert!(!record.fields.is_empty() || title.starts_with("data ") || title.starts_with("provider "), "{title} has no fields");
                record.fields.values().for_each(|field| visit(table, &field.type_, 0));
            }
        }
    }

    #[test]
    fn providers_say_what_is_sensitive() {
        for (word, type_, path, expected) in [
            ("resource", "aws_db_instance", "password", true),
            ("resource", "aws_db_instance", "passwords", false),
            ("resource", "aws_db_instance", "username", false),
            ("resource", "aws_lb_listener", "default_action.authenticate_oidc.client_secret", true),
            ("resource", "kubernetes_secret_v1", "data.password", true),
            ("resource", "random_password", "result", true),
            ("resource", "azurerm_key_vault_secret", "value_wo", true),
            ("data", "aws_secretsmanager_secret_version", "secret_string", true),
            ("resource", "nobody_knows", "password", false),
        ] {
            assert_eq!(Table::terraform().is_sensitive(word, type_, path), expected, "{word} {type_} {path}");
        }
    }

    /// Of two sections with one title, or two lines of one resource, the first would be lost.
    #[test]
    fn tables_do_not_overlap() {
        let lines = PROVIDERS.iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with(['#', ' ']));
        let mut titles: Vec<&str> = lines.map(|line| line.trim_end_matches(" open")).collect();
        let count = titles.len();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), count);
    }

    #[test]
    fn a_checkout_with_carriage_returns_has_the_same_tables() {
        let windows = |text: &&str| -> &'static str { text.replace("\r\n", "\n").replace('\n', "\r\n").leak() };
        let kubernetes = [include_str!("data/kubernetes.txt")];
        for (table, texts) in [(Table::kubernetes(), &kubernetes[..]), (Table::terraform(), PROVIDERS)] {
            let other = read::table(&texts.iter().map(windows).collect::<Vec<_>>());
            assert_eq!(other.origins, table.origins);
            assert_eq!(other.sensitive, table.sensitive);
            assert!(other.titles().eq(table.titles()));
            for title in table.titles() {
                assert_eq!(other.section(title), table.section(title), "{title}");
            }
        }
    }

    #[test]
    fn every_section_has_an_origin() {
        for (table, words) in [(Table::kubernetes(), &["kind "][..]), (Table::terraform(), &["resource ", "data "])] {
            for rest in words.iter().flat_map(|word| table.titles().filter_map(|title| title.strip_prefix(*word))) {
                let of = rest.split([' ', '_']).next().unwrap();
                assert!(table.origin(of).is_some(), "{rest} is from nowhere");
            }
        }
    }
}
