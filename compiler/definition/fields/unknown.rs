//! Kinds of objects and types of Terraform that nobody knows. In come their names and all that is known, out goes a warning that says what was meant.
//! It never refuses them: a cluster or a provider may know more than any table, so a name that is like no other is left alone.

use super::errors;
use crate::custom::Tables;
use crate::diagnostic::Diagnostics;
use crate::name::nearest;
use crate::value::{Entry, Value};

/// Says what a kind that nobody knows was meant to be, if that is likely.
pub(super) fn kind(object: &Value, (version, kind): (&str, &str), tables: &Tables, diagnostics: &mut Diagnostics) {
    let span = |key: &str| object.get(key).map_or(object.origin.span, |value| value.origin.span);
    let versions = tables.versions(version, kind);
    if !versions.is_empty() {
        diagnostics.push(errors::unknown_version((version, kind), &versions, span("apiVersion")));
        return;
    }
    let others = Tables::versions_of(kind);
    if let Some(near) = nearest(version, others.iter().map(String::as_str)) {
        diagnostics.push(errors::unknown_kind_of((version, kind), near, span("apiVersion")));
        return;
    }
    let kinds = tables.kinds_of(version);
    if let Some(near) = nearest(kind, kinds.iter().map(String::as_str)) {
        diagnostics.push(errors::unknown_kind_of((version, kind), near, span("kind")));
    }
}

/// The same of a type of resource or data. Schemas of the project have all types of their providers, so one that is near is meant; the tables have the
/// types around clusters, so there one word of the name must be misspelt and the others be right.
pub(super) fn terraform(word: &str, named: &Entry, tables: &Tables, diagnostics: &mut Diagnostics) {
    let (listed, complete) = tables.types_of(word, &named.key);
    let types = listed.iter().map(String::as_str);
    let near = nearest(&named.key, types.filter(|known| complete || is_slip_of(&named.key, known)));
    if let Some(near) = near {
        diagnostics.push(errors::unknown_type((word, &named.key), near, named.span));
    }
}

/// Whether a name differs from another in one word, and there by a slip of the hand. Short words and plurals are names of their own:
/// `aws_lb` and `aws_elb`, `aws_subnet` and `aws_subnets`.
fn is_slip_of(name: &str, known: &str) -> bool {
    let mut differing = name.split('_').zip(known.split('_')).filter(|(said, meant)| said != meant);
    let (Some((said, meant)), None) = (differing.next(), differing.next()) else { return false };
    let plural = |one: &str, other: &str| one.strip_suffix('s') == Some(other);
    name.split('_').count() == known.split('_').count()
        && said.len().min(meant.len()) >= SLIPPED
        && !plural(said, meant)
        && !plural(meant, said)
        && nearest(said, [meant]).is_some()
}

/// So many letters has a word whose misspelling is told from another word.
const SLIPPED: usize = 5;

#[cfg(test)]
mod tests {
    use super::is_slip_of;

    #[test]
    fn a_slip_is_in_one_long_word() {
        for (name, known) in [("aws_s3_bukcet", "aws_s3_bucket"), ("google_contaner_cluster", "google_container_cluster")] {
            assert!(is_slip_of(name, known), "{name}");
        }
        for (name, known) in [
            ("aws_elb", "aws_lb"),
            ("aws_subnets", "aws_subnet"),
            ("aws_s3_bucket_acl", "aws_s3_bucket"),
            ("aws_vpc_endpoint_policy", "aws_vpc_endpoint_route"),
            ("aws_s3_bukcet_acll", "aws_s3_bucket_acl"),
        ] {
            assert!(!is_slip_of(name, known), "{name}");
        }
    }
}
