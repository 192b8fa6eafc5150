//! Wording of references that lead nowhere, to something else, or to several things.

use crate::code::Code;
use crate::definition::folders::TeamFile;
use crate::definition::{Class, Definition, Named};
use crate::diagnostic::{Diagnostic, Label};
use crate::model::reference::{Nearness, OtherPlace};
use crate::model::{Entity, WhyAbsent};
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::schema::{Field, Referent};
use crate::span::Span;
use crate::subject::Subject;
use crate::value::Value;
use std::sync::Arc;

/// So many of the things that could be meant are shown.
const LABELS: usize = 8;

/// What says that something is not there, as what others may lack as well.
fn place(span: Span) -> String {
    format!("{span:?}")
}

/// What a reference asks for, with its article.
fn a(wanted: &str) -> String {
    let article = if wanted.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {wanted}")
}

pub(in crate::model) fn unknown_referent(
    entity: &Entity,
    value: &Value,
    referent: &Referent,
    (known, is_literal): (&[&str], bool),
    elsewhere: &OtherPlace,
) -> Diagnostic {
    let text = value.as_str().unwrap_or_default();
    let message = format!("there is no {} here", referent.words_of(text));
    let is_placed = referent.kinds.iter().any(|kind| !matches!(kind, Kind::Cluster | Kind::Infrastructure));
    let is_on_one = entity.cluster.is_some();
    let may_be_here = is_on_one || entity.kind == Kind::Cluster;
    let label = match elsewhere {
        OtherPlace::Near(_, _, Nearness::Shared) => "in a shared environment",
        OtherPlace::Near(_, _, Nearness::Beside) if is_on_one => "of another tenant",
        OtherPlace::Near(..) if may_be_here => "not on the same cluster",
        OtherPlace::Near(..) => "on a cluster, and this is on none",
        OtherPlace::LeftOut(_) | OtherPlace::NotMade(_) => "it is left out here",
        OtherPlace::Environment(..) | OtherPlace::Nowhere if is_on_one && is_placed => "not on the same cluster",
        OtherPlace::Environment(..) | OtherPlace::Nowhere => "not in this environment",
    };
    let mut diagnostic = Diagnostic::error(Code::UnknownReference, message, value.origin.span, label).about(entity.subject());
    for kind in &referent.kinds {
        diagnostic = diagnostic.misses(Path::of([kind.plural(), text]));
    }
    match elsewhere {
        OtherPlace::Near(path, written, near) => {
            let may_be_placed = may_be_here && *near == Nearness::Environment;
            return diagnostic
                .note(format!("there is `{path}`"))
                .hint(format!("{}name it by its address: `{written}`", if may_be_placed { "place it here too, or " } else { "" }));
        }
        OtherPlace::Environment(path, Some(shared)) => {
            let note = format!("there is `{path}`, but `{shared}` is shared, and only what names it is in it");
            return diagnostic.note(note).hint(format!("say `onlyIn: [{shared}]` in `{text}`, or refer to something that does"));
        }
        OtherPlace::Environment(path, None) => {
            let note = format!("there is `{path}`, but no environment sees another");
            return diagnostic.note(note).hint("let it exist in this environment too: look at its `onlyIn`, `notIn` and `enabled`");
        }
        OtherPlace::LeftOut(absent) => {
            let hint = match absent.absence {
                WhyAbsent::Disabled | WhyAbsent::Forgotten | WhyAbsent::ByDefault => "enable it here, or take the reference out",
                WhyAbsent::OnlyIn | WhyAbsent::NotIn => "let it exist in this environment too, or take the reference out",
                WhyAbsent::Placement => "place it here too, or take the reference out",
            };
            return diagnostic.label(absent.span, format!("this leaves `{text}` out")).hint(hint).lacking(place(absent.span));
        }
        OtherPlace::NotMade(condition) => {
            return diagnostic
                .label(*condition, format!("`{text}` is made under this condition, which does not hold here"))
                .hint("let the condition hold, or take the reference out")
                .lacking(place(*condition));
        }
        OtherPlace::Nowhere => {}
    }
    match nearest(text, known.iter().copied()) {
        Some(near) if is_literal => diagnostic.hint(format!("did you mean `{near}`?")).replace(value.origin.span, near),
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => diagnostic.hint("define it, or name what is elsewhere by its address, as `platc explain` prints it"),
        None => diagnostic.hint(format!("there are {}", listed(known.iter().copied()))),
    }
}

/// The same for what a class says where nobody says anything, told where that is; `field` is the one that it is the default of.
pub(in crate::model) fn unknown_by_default(entity: &Entity, fault: Diagnostic, field: Option<&str>) -> Diagnostic {
    let hint = field.map(|field| format!("define it, or say in `{field}` which one it is")).or(fault.hint);
    let by = field.map_or_else(|| "what its class says".to_owned(), |field| format!("what `{field}` is unless it is set"));
    let message = format!("{}, and {} `{}` refers to it", fault.message, entity.kind.words(), entity.name);
    let default = fault.primary.map(|label| Label { text: by, ..label });
    let primary = Some(Label { span: entity.defined, text: "refers to it".to_owned() });
    Diagnostic { message, primary, labels: default.into_iter().chain(fault.labels).collect(), hint, replacement: None, ..fault }
}

pub(in crate::model) fn wrong_referent(entity: &Entity, value: &Value, found: &Entity, referent: &Referent) -> Diagnostic {
    let message = format!("`{}` is no {}", value.as_str().unwrap_or_default(), referent.words());
    Diagnostic::error(
        Code::UnknownReference,
        message,
        value.origin.span,
        format!("this is {} of class `{}`", a(found.kind.words()), found.class_name),
    )
    .label(found.defined, "defined here")
    .about(entity.subject())
}

/// The same with another thing of that name, which is perhaps meant.
pub(in crate::model) fn named_like(said: Diagnostic, meant: &Entity) -> Diagnostic {
    let address = format!("{}.{}", meant.kind.plural(), meant.name);
    said.label(meant.defined, format!("this {} has the name, too", meant.kind.words()))
        .hint(format!("name that one by its address: `{address}`"))
}

/// Nobody provides what a reference asks for, neither the class of the thing that is named; with what that says instead, misspelt.
pub(in crate::model) fn unprovided(capability: &str, (class, misspelt): (&Class, Option<&Named>), reference: Span) -> Diagnostic {
    let message = format!("no class provides `{capability}`");
    let diagnostic = match misspelt {
        Some(named) => Diagnostic::error(Code::UnknownCapability, message, named.span, "no reference finds a thing by this word")
            .hint(format!("did you mean `{capability}`?"))
            .replace(named.span, capability),
        None => Diagnostic::error(Code::UnknownCapability, message, class.name.span, "it could be a thing of this class").hint(format!(
            "write `provides: {capability}` in the class, or where it inherits from, or take `provides={capability}` out of the field"
        )),
    };
    diagnostic.label(reference, "asked for here, by a field that says so").about(Subject::class(class.kind.singular(), &class.name.name))
}

/// What is named is a thing of a kind that nobody asks for. `known`: what could be named instead.
pub(in crate::model) fn wrong_kind(entity: &Entity, value: &Value, found: &Entity, (referent, known): (&Referent, &[&str])) -> Diagnostic {
    let diagnostic = wrong_referent(entity, value, found, referent);
    match nearest(value.as_str().unwrap_or_default(), known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => {
            diagnostic.hint("there is none here: define one, or name what is elsewhere by its address, as `platc explain` prints it")
        }
        None => diagnostic.hint(format!("there are {}", listed(known.iter().copied()))),
    }
}

/// Two items of a list that must differ.
pub(in crate::model) fn one_thing_twice(owner: &Entity, thing: &Entity, first: &Value, second: &Value) -> Diagnostic {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let words = thing.kind.words();
    let message = format!("`{}` and `{}` are one {words}, and the items of this list must differ", text(first), text(second));
    Diagnostic::error(Code::DuplicateItem, message, second.origin.span, format!("the same {words} again"))
        .label(first.origin.span, "the first one")
        .about(owner.subject())
        .hint("take one of them out, or write it in the same way in all layers, so that they meet")
}

pub(in crate::model) fn nothing_to_refer_to(entity: &Entity, field: &Path, declared: Span, referent: &Referent) -> Diagnostic {
    let is_placed = !referent.kinds.iter().any(|kind| matches!(kind, Kind::Cluster | Kind::Infrastructure));
    let needs = format!("{} `{}` needs {}", entity.kind.words(), entity.name, a(&referent.words()));
    let message = match (entity.kind, entity.cluster) {
        (Kind::Cluster, _) if is_placed => format!("{needs}, and there is none on it"),
        (_, Some(_)) if is_placed => format!("{needs}, and there is none on its cluster"),
        (_, None) if is_placed => format!("{needs}, and is on no cluster where there could be one"),
        (_, _) => format!("{needs}, and there is none in its environment"),
    };
    Diagnostic::error(Code::MissingRequirement, message, entity.defined, "defined here")
        .apart(field.to_string())
        .label(declared, format!("its class asks for it in `{field}`"))
        .about(entity.subject())
        .hint(if is_placed && entity.cluster.is_none() && entity.kind != Kind::Cluster {
            "set the field to the address of one, as `platc explain` prints it: `clusters.gc0.services.proxy`"
        } else {
            "define one, placed on the same clusters, or set the field to the address of another"
        })
}

/// A key that an expression has made is the name of one thing and the identity of another.
pub(in crate::model) fn ambiguous_key(key: &str, span: Span, named: &Entity, identified: &Entity) -> Diagnostic {
    let words = named.kind.words();
    let message = format!("`{key}` is the name of one {words} and the identity of another");
    Diagnostic::error(Code::AmbiguousReference, message, span, "this may mean either")
        .label(named.defined, format!("called `{key}` here, and `{}` outside", named.identity))
        .label(identified.defined, format!("called `{key}` outside"))
        .hint("take the thing itself instead of looking it up, such as `cluster`, or give one of them another name")
}

/// A text in a placement, which an expression has made, is the name of one cluster and the identity of another.
pub(in crate::model) fn ambiguous_cluster(text: &str, span: Span, named: &Definition, identified: &Definition) -> Diagnostic {
    let message = format!("`{text}` is the name of one cluster and the identity of another");
    Diagnostic::error(Code::AmbiguousReference, message, span, "this may mean either")
        .label(named.name.span, format!("called `{text}` here"))
        .label(identified.name.span, format!("called `{text}` outside"))
        .hint("write the names themselves in `placement`, select by labels, or give one of the clusters another name")
}

/// `field`: the way to it from the thing.
pub(in crate::model) fn ambiguous_reference(
    entity: &Entity,
    field: &Path,
    (declared, referent, is_library): (&Field, &Referent, bool),
    several: &[(&Entity, Arc<str>)],
) -> Diagnostic {
    let names: Vec<&str> = several.iter().map(|(_, written)| &**written).collect();
    let message = format!("`{field}` of {} `{}` could mean {}", entity.kind.words(), entity.name, listed(names.iter().copied()));
    let mut diagnostic = Diagnostic::error(Code::AmbiguousReference, message, entity.defined, "nothing says which")
        .apart(field.to_string())
        .label(declared.span, format!("any {} would do", referent.words()));
    for (candidate, _) in several.iter().take(LABELS) {
        diagnostic = diagnostic.label(candidate.defined, "one of them");
    }
    let last = field.keys().and_then(|keys| keys.last().map(|key| (*key).to_owned())).unwrap_or_else(|| field.to_string());
    let place = if last == field.to_string() { String::new() } else { format!(" in `{field}`") };
    // None of them is proposed: it may be another tenant's.
    let mut hint = format!("say which{place}: `{last}:` and one of them");
    let may_be_null = declared.type_.nullable();
    if may_be_null {
        hint.push_str(&format!(", or `{last}: null` for none"));
    }
    if !declared.type_.resolved().markers.required && !is_library {
        let markers = if may_be_null { "default=null" } else { "default=null nullable=true" };
        hint.push_str(&format!("; where most want none, its class says `{markers}`"));
    }
    diagnostic.about(entity.subject()).hint(hint)
}

/// A team's file names what belongs to another tenant.
pub(in crate::model) fn team_reaches(owner: &Entity, to: &Entity, other: &str, (span, team): (Span, &TeamFile)) -> Diagnostic {
    let address = Path::from(to.thing.path().steps().get(1..).unwrap_or_default().to_vec());
    let message = format!("a file of the tenant `{}` may not name `{address}`, which belongs to the tenant `{other}`", team.tenant);
    Diagnostic::error(Code::OutsideFolder, message, span, format!("this belongs to `{other}`"))
        .about(owner.subject())
        .label(team.entry, format!("files here are for applications of `{}`", team.tenant))
        .hint("name what is of this tenant or of nobody; whoever owns the platform says the rest in an overlay of the tenant elsewhere")
}
