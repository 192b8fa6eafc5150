//! Wording of what can be wrong with authored blocks.

mod absence;
mod capability;
mod declaration;
mod directive;
mod emitted;
pub(super) mod folders;
mod foreign;
mod fragment;
mod inner;
mod making;
mod taken;

pub(super) use absence::*;
pub(super) use capability::*;
pub(super) use declaration::*;
pub(super) use directive::*;
pub(crate) use emitted::*;
pub(super) use foreign::*;
pub(super) use fragment::*;
pub(super) use inner::*;
pub(super) use making::*;
pub(super) use taken::*;

use super::literal::Owner;
use super::shaping::Shaping;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::span::Span;
use crate::value::{Entry, Operator};
use crate::visible::visible;

/// The kind that a name was most likely meant to be.
pub(super) fn meant_kind<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let foreign = FOREIGN_KINDS.iter().find(|(foreign, _)| foreign.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind);
    let foreign = foreign.and_then(|foreign| known.iter().copied().find(|kind| *kind == foreign));
    foreign.or_else(|| nearest(name, known.iter().copied()))
}

pub(super) fn unknown_kind(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownKind, format!("there is no kind `{name}`"), span, "not a kind of definition");
    match meant_kind(name, known) {
        Some(meant) => diagnostic.hint(format!("did you mean `{meant}`?")).replace(span, meant),
        None => diagnostic.hint(format!("the kinds are {}", listed(known.iter().copied()))),
    }
}

/// What other tools call our kinds.
const FOREIGN_KINDS: [(&str, &str); 23] = [
    ("policy", "policies"),
    ("env", "environments"),
    ("envs", "environments"),
    ("stages", "environments"),
    ("nodeGroups", "nodePools"),
    ("node_groups", "nodePools"),
    ("machinePools", "nodePools"),
    ("agentPools", "nodePools"),
    ("pools", "nodePools"),
    ("pool", "nodePool"),
    ("nodeGroup", "nodePool"),
    ("addons", "services"),
    ("components", "services"),
    ("component", "service"),
    ("addon", "service"),
    ("teams", "tenants"),
    ("team", "tenant"),
    ("projects", "tenants"),
    ("customers", "tenants"),
    ("apps", "applications"),
    ("app", "application"),
    ("workloads", "applications"),
    ("infra", "infrastructure"),
];

pub(super) fn defined_twice(what: &str, name: &str, first: Span, second: Span) -> Diagnostic {
    let hint = if what.starts_with("capability") {
        "take one of them out: a capability is declared once, for all who have it or ask for it".to_owned()
    } else if what.starts_with("class") {
        format!("give one of them another name; a class extends another with `inherits: {name}` under a name of its own")
    } else {
        "give one of them another name; definitions are not merged across files, `inherits` and overlays are how one builds on another"
            .to_owned()
    };
    Diagnostic::error(Code::DefinedTwice, format!("{what} is defined twice"), second, "again here").label(first, "first here").hint(hint)
}

pub(super) fn platform_twice(first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(Code::DefinedTwice, "the platform is defined twice", second, "again here")
        .label(first, "first here")
        .hint("a project has one `platform`; write all its fields there, or put the other project into a folder of its own with a `platform.yaml`")
}

pub(super) fn invalid_name(what: &str, name: &str, span: Span) -> Diagnostic {
    let label = if name.len() > 63 { "longer than 63 characters" } else { "not a DNS label" };
    Diagnostic::error(Code::InvalidName, format!("`{name}` cannot be the name of a {what}"), span, label)
        .note("names become parts of paths, Kubernetes names and DNS names")
        .hint("use at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends")
}

/// An identity that could not name what there is outside.
pub(super) fn invalid_identity(owner: Owner, identity: &str, flaw: Option<&str>, span: Span) -> Diagnostic {
    let label = flaw.unwrap_or(if identity.len() > 63 { "longer than 63 characters" } else { "not a DNS label" });
    let diagnostic =
        Diagnostic::error(Code::InvalidName, format!("`{identity}` cannot be the identity of {}", owner.words()), span, label.to_owned())
            .note("what a thing has outside is named by its identity: paths, Kubernetes names and DNS names");
    match flaw {
        Some(_) => diagnostic.hint("choose another one"),
        None => diagnostic.hint("use at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends"),
    }
}

/// An identity of what never exists itself.
pub(super) fn identity_of_none(span: Span) -> Diagnostic {
    let message = "`identity` may not stand at what is only inherited";
    Diagnostic::error(Code::MisplacedField, message, span, "names nothing: heirs do not inherit it")
        .hint("write it at each definition that inherits and was renamed")
}

/// An identity that is the name anyway.
pub(super) fn needless_identity(name: &str, span: Span) -> Diagnostic {
    let message = format!("the identity of `{name}` is its name anyway");
    Diagnostic::warning(Code::NeedlessIdentity, message, span, "says nothing new").hint("take the line out")
}

/// `was`, which earlier versions had.
pub(super) fn was(owner: Owner, field: Span, old: Option<&str>) -> Diagnostic {
    let message = format!("{} has no field `was`: it is called `identity` now", owner.words());
    let diagnostic = Diagnostic::error(Code::UnknownField, message, field, "not a field any more")
        .note("what a thing has outside (stacks, releases, namespaces, folders) is named by its identity, which a rename does not change");
    match old {
        Some(old) => diagnostic.hint(format!("write `identity: {old}`")),
        None => diagnostic.hint("write `identity:` with the name under which it was deployed"),
    }
}

pub(super) fn no_folder(what: &str, name: &str, flaw: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::InvalidName, format!("`{name}` cannot be the name of a {what}"), span, flaw.to_owned())
        .note("names become parts of paths, which every system has to hold")
        .hint("choose another name")
}

/// An expression in a field that is read before expressions are evaluated.
pub(super) fn not_literal(owner: Owner, path: &str, span: Span) -> Diagnostic {
    let message = format!("`{path}` of {} takes no expressions", owner.words());
    let diagnostic = Diagnostic::error(Code::NotLiteral, message, span, "read before expressions are evaluated");
    match (owner, owner.free()) {
        (Owner::Definition(_) | Owner::Environment, _) if path == "identity" => {
            diagnostic.hint("it names what the thing has outside, which expressions see as `name`, so write the value itself")
        }
        (Owner::Definition(_), _) => diagnostic.hint("it decides what exists, which expressions see, so write the value itself"),
        (_, []) => diagnostic.hint("write the value itself"),
        (_, free) => diagnostic.hint(format!("write the value itself; expressions may stand in {}", listed(free.iter().copied()))),
    }
}

pub(super) fn invalid_class_name(name: &str, span: Span) -> Diagnostic {
    let label = if name.len() > 63 { "longer than 63 characters" } else { "not a name" };
    Diagnostic::error(Code::InvalidName, format!("`{name}` cannot be the name of a class"), span, label)
        .hint("use at most 63 letters, digits, dashes, underscores and dots, beginning with a letter or digit")
}

pub(super) fn not_a_map(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("{what} must be a map"), span, "expected `name: …` pairs here")
}

pub(super) fn not_a_name(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("`{field}` takes a name"), span, "expected a name without expressions")
        .hint(format!("`{field}` is needed before any expression can be evaluated, so write the name itself"))
}

pub(super) fn not_a_literal_boolean(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("`{field}` must be `true` or `false`"), span, "expected `true` or `false`")
}

pub(super) fn misplaced_field(shaping: Shaping, place: &str, span: Span) -> Diagnostic {
    let field = shaping.word();
    let hint = match shaping {
        Shaping::Class | Shaping::Inherits => {
            "what a thing is and what it inherits from is the same everywhere; define a second thing if it must differ"
        }
        Shaping::NodePools | Shaping::Applications => "write them at the definition that they stand under",
        Shaping::Environments => "write overlays for environments at the definition itself",
        Shaping::Clusters => "write overlays for clusters at the definition itself or inside one overlay for an environment",
        Shaping::Identity => "what a thing has outside is named the same everywhere; write it in the body of the definition",
        Shaping::Abstract => "write it in the body of the definition",
    };
    Diagnostic::error(Code::MisplacedField, format!("`{field}` may not stand {place}"), span, "not here").hint(hint)
}

pub(super) fn misplaced_operator(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::MisplacedOperator,
        format!("`{field}` takes no operator"),
        span,
        "an operator at a field that is not merged as a whole",
    )
    .hint(format!("write `{field}:`"))
    .replace(span, field)
}

/// A section that would take away what a class inherits of fields or types.
pub(super) fn fields_taken_away(section: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::MisplacedOperator, format!("`{section}` of a class cannot be removed"), span, "`-` has no meaning here")
        .note("a class has at least the fields of those that it inherits from")
        .hint(format!("to add to it, or to say more of what is inherited, write `{section}:`"))
        .replace(span, section)
}

pub(super) fn several_environments(name: &str, spans: &[Span]) -> Diagnostic {
    let first = spans.first().copied();
    let last = spans.last().copied().or(first);
    let message = format!("environment `{name}` inherits from several environments");
    match (first, last) {
        (Some(first), Some(last)) => {
            Diagnostic::error(Code::SeveralParents, message, last, "a second parent").label(first, "the first parent")
        }
        _ => Diagnostic::general(Code::SeveralParents, message),
    }
    .hint("let it inherit from one, and let that one inherit from the other")
}

pub(super) fn unknown_environment(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    unknown(Code::UnknownEnvironment, "environment", name, span, known).misses(Path::of(["environments", name]))
}

pub(super) fn unknown_cluster(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    unknown(Code::UnknownCluster, "cluster", name, span, known).misses(Path::of(["clusters", name]))
}

pub(super) fn abstract_cluster(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnknownCluster, format!("nothing is ever on the cluster `{name}`"), span, "this cluster is abstract")
        .hint("write an overlay for each cluster that inherits from it")
}

fn unknown(code: Code, what: &str, name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, format!("there is no {what} `{name}`"), span, format!("no such {what}"));
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if known.is_empty() => diagnostic.hint(format!("define one under `{what}s`")),
        None => diagnostic.hint(format!("the {what}s are {}", listed(known.iter().copied()))),
    }
}

pub(crate) fn bad_flag(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadFlag, format!("`--set {path}` names nothing that is defined"), span, "no definition has this address").misses(Path::default()).hint(
        "write `--set clusters.gc0.version=1.34`, with an environment in front to set it only there: `--set ops.clusters.gc0.version=1.34`",
    )
}

pub(super) fn fixed_flag(path: &str, field: &str, span: Span) -> Diagnostic {
    let message = format!("`--set {path}` cannot set `{field}`, which is read before values are layered");
    Diagnostic::error(Code::BadFlag, message, span, "is said in files alone")
        .misses(Path::default())
        .hint("write it into a file, and see with `platc diff` what that does; `--set` and `--unset` are for values of things")
}

pub(super) fn nothing_unset(path: &str, near: Option<&str>, span: Span) -> Diagnostic {
    let message = format!("`--unset {path}` names nothing that is written");
    let hint = near.map_or_else(
        || "write the path as it stands in the files: `--unset services.shop.replicas`, with an environment in front only what is said for that one: `--unset ops.services.shop.replicas`".to_owned(),
        |near| format!("did you mean `--unset {near}`?"),
    );
    Diagnostic::error(Code::BadFlag, message, span, "no file of the project says this").misses(Path::default()).hint(hint)
}

pub(super) fn unknown_class_section(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownField, format!("a class has no section `{name}`"), span, "not a section of a class");
    if name == "requires" {
        return diagnostic.hint("say what it needs with a field: `after: ref(service) | class=cert-manager required=true`; a service of the class that is on the cluster is meant where nobody sets it");
    }
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("the sections are {}", listed(known.iter().copied()))),
    }
}

pub(super) fn unknown_pointed(path: &Path, step: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Code::UnknownField,
        // Without the class, so that the rule is reported once and not for every heir.
        format!("this rule points to `{path}`, which is no field"),
        span,
        format!("`{step}` is not a field"),
    );
    match nearest(step, known.iter().copied()) {
        Some(near) => {
            let mut meant = path.clone();
            meant.edit(&mut |key| {
                if key == step {
                    *key = near.to_owned();
                }
            });
            diagnostic.hint(format!("did you mean `{near}`?")).replace(span, meant.to_string())
        }
        None => diagnostic.hint(format!("the fields are {}", listed(known.iter().copied()))),
    }
}

pub(super) fn section_type(section: &str, wanted: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("`{section}` of a class must be {wanted}"), span, format!("expected {wanted}"))
}

pub(super) fn data_of_machines(kind: Kind, span: Span) -> Diagnostic {
    let message = format!("a class of {}s cannot keep data", kind.words());
    Diagnostic::error(Code::WrongType, message, span, "say it in the classes of what is on them or beside them")
}

pub(super) fn reserved_field(name: &str, kind: Kind, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ReservedField, format!("a class may not declare the field `{name}`"), span, "this name belongs to the language")
        .note(format!("every {} has `{name}` already; its meaning is the same for all classes", kind.words()))
        .hint("give the field another name")
}

/// A class that is named although it will go away.
pub(crate) fn deprecated_class(kind: Kind, name: &str, instead: &str, span: Span) -> Diagnostic {
    let message = format!("class `{}/{name}` is deprecated", kind.singular());
    Diagnostic::warning(Code::DeprecatedClass, message, span, instead)
}

pub(super) fn unknown_parent_class(kind: Kind, name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let what = kind.singular();
    let diagnostic =
        Diagnostic::error(Code::UnknownClass, format!("there is no class `{what}/{name}`"), span, "no class of this kind has this name")
            .misses(Path::of(["classes", what, name]))
            .lacking(format!("{what}/{name}"));
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("the classes of this kind are {}", listed(known.iter().copied()))),
    }
}

/// A field that one key sets and another changes, in the same map.
pub(super) fn set_and_changed(whole: &Entry, other: &Entry) -> Diagnostic {
    let spelled = |entry: &Entry| {
        let sign = match entry.operator {
            Operator::Merge => "",
            Operator::Append => "+",
            Operator::Remove => "-",
            Operator::Replace => "=",
            Operator::Lock => "!",
        };
        format!("{}{sign}", entry.key)
    };
    let message = format!("`{}` and `{}` stand in the same map", spelled(whole), spelled(other));
    Diagnostic::error(Code::DuplicateKey, message, other.span, "the same field again")
        .label(whole.span, if whole.operator == Operator::Remove { "removed here" } else { "set here as a whole" })
        .hint("write the whole value in one place; `+` and `-` change what a weaker layer says")
}

/// An expression that is not closed because a comment begins inside of it.
pub(super) fn cut_by_comment(fault: Diagnostic, comment: Span) -> Diagnostic {
    fault.label(comment, "YAML begins a comment here").hint("put the whole value between quotes")
}

pub(super) fn late(span: Span, what: &str) -> Diagnostic {
    let message = format!("this value is known only after Terraform has run, {what} needs it now");
    Diagnostic::error(Code::LateValueMisplaced, message, span, "a late value").hint(
        "declare it in `outputs` of the class and read it there (`self.outputs.…`), so that facts can tell what it is; or use a name that is known beforehand",
    )
}

pub(super) fn condition_not_bool(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(Code::WrongType, format!("a condition must be true or false, found {found}"), span, "this condition")
        .hint("compare it: `… == …`, or test it: `has(…)`, `size(…) > 0`")
}

pub(super) fn hazard_not_text(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        Code::WrongType,
        format!("`hazard` takes an expression that gives a text or null, found {found}"),
        span,
        "this expression",
    )
    .hint("say what is to be done first, and null where nothing is: `${new < old ? \"…\" : null}`")
}

pub(super) fn no_provider_name(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` cannot name a provider", visible(name));
    Diagnostic::error(Code::InvalidTerraformName, message, span, "a name (`aws`), or a name and an alias (`aws.dns`)")
        .apart(name)
        .hint("use letters, digits, `_` and `-`, a letter first, and at most one dot before the alias")
}

pub(super) fn provider_in_terraform(span: Span) -> Diagnostic {
    Diagnostic::error(Code::MisplacedProvider, "providers are configured once, not in the Terraform of each class", span, "a block of a provider")
        .hint("name it in `provider` of the class (`provider: aws`, or with an alias `aws.dns`), and write its arguments under `providers` of the platform, an environment or a cluster, or, as defaults, of the class itself")
}

pub(super) fn alias_in_arguments(provider: &str, argument: &Entry) -> Diagnostic {
    let written = if &*argument.key == "alias" { argument.value.as_str().unwrap_or("ALIAS") } else { &argument.key };
    let message = format!("provider `{provider}` has no argument `{}`", visible(&argument.key));
    let label =
        if &*argument.key == "alias" { "an alias is a part of the name" } else { "no such argument; an alias is a part of the name" };
    Diagnostic::error(Code::UnknownField, message, argument.span, label)
        .hint(format!("write the configuration beside it, as `\"{provider}.{}\"`", visible(written)))
}
