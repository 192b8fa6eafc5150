//! Terraform's own resource for a Secret of Kubernetes: fine if Terraform itself finds out every value, and the provider of each calls it
//! sensitive, so that nothing stands in the output and nothing is shown in a plan.

use super::literal;
use crate::diagnostic::Diagnostics;
use crate::expression::LateReference;
use crate::model::Model;
use crate::object::{Stack, errors};
use crate::span::Span;
use crate::table::Table;
use crate::value::{Data, Entry, Map, Value};

/// Resources whose arguments are the data of a Secret.
const TYPES: [&str; 3] = ["kubernetes_secret", "kubernetes_secret_v1", "kubernetes_secret_v1_data"];
/// Those arguments.
const ARGUMENTS: [&str; 4] = ["data", "binary_data", "data_wo", "binary_data_wo"];
/// Outputs lead to outputs of other stacks at most this often.
const DEPTH: usize = 16;

/// Where outputs of other stacks are looked up.
#[derive(Clone, Copy)]
struct AllStacks<'a> {
    model: &'a Model,
    stacks: &'a [Stack],
}

/// Checks the Secrets that stacks make.
pub(in crate::object) fn stacks(model: &Model, stacks: &[Stack], diagnostics: &mut Diagnostics) {
    let all = AllStacks { model, stacks };
    for stack in stacks {
        for type_ in TYPES {
            for resource in entries(stack.body.at(&["resource", type_])) {
                let data = ARGUMENTS.into_iter().filter_map(|key| resource.value.get(key));
                let Some(span) = data.filter_map(|data| known(data, stack, all)).next() else { continue };
                let fault = errors::secret_data(&resource.key, span);
                let maker = stack.makers.get(&(type_.into(), resource.key.clone()));
                diagnostics.push(match maker {
                    Some(maker) => fault.about(model.entity(*maker).subject()),
                    None => fault,
                });
            }
        }
    }
}

fn entries(value: Option<&Value>) -> &[Entry] {
    value.and_then(Value::as_map).map(Map::entries).unwrap_or_default()
}

/// The place of a value that is no sensitive late one, if there is any.
fn known(data: &Value, stack: &Stack, all: AllStacks<'_>) -> Option<Span> {
    match &data.data {
        Data::Null | Data::Broken => None,
        Data::Map(map) => map.entries().iter().find_map(|entry| known(&entry.value, stack, all)),
        Data::String(text) if text.is_empty() => None,
        Data::Late(_) if is_late_secret(data, stack, all, DEPTH) => None,
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::List(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_) => Some(data.origin.span),
    }
}

/// Whether a value is found out by Terraform as a whole and holds what a provider calls sensitive.
fn is_late_secret(value: &Value, stack: &Stack, all: AllStacks<'_>, depth: usize) -> bool {
    let Data::Late(late) = &value.data else { return false };
    if literal::is_partly_written(late) {
        return false;
    }
    depth > 0 && late.references().into_iter().any(|reference| is_secret(reference, stack, all, depth))
}

/// Whether an output of a stack holds what must not be seen, or is called so.
pub(in crate::object) fn is_sensitive(model: &Model, stack: &Stack, stacks: &[Stack], name: &str) -> bool {
    let all = AllStacks { model, stacks };
    let is_called = stack.body.at(&["output", name, "sensitive"]).and_then(Value::as_bool) == Some(true);
    is_called
        || stack
            .outputs
            .iter()
            .filter(|output| *output.name == *name)
            .any(|output| output.sensitive || holds_secret(&output.value, stack, all))
}

/// The same of a value: one secret in it is enough.
fn holds_secret(value: &Value, stack: &Stack, all: AllStacks<'_>) -> bool {
    match &value.data {
        Data::Late(late) => late.references().into_iter().any(|reference| is_secret(reference, stack, all, DEPTH)),
        Data::List(list) => list.items().iter().any(|item| holds_secret(item, stack, all)),
        Data::Map(map) => map.entries().iter().any(|entry| holds_secret(&entry.value, stack, all)),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Broken => false,
    }
}

fn is_secret(reference: &LateReference, stack: &Stack, all: AllStacks<'_>, depth: usize) -> bool {
    let named = stack.referred(all.model, reference);
    let home = all.stacks.iter().find(|other| other.environment == named.environment && other.name == named.name);
    if let Some(name) = &reference.output
        && let Some((home, output)) =
            home.and_then(|home| home.outputs.iter().find(|output| output.name == *name).map(|found| (home, found)))
        && is_late_secret(&output.value, home, all, depth - 1)
    {
        return true;
    }
    if reference.is_within_private() {
        return true;
    }
    let address: String = reference.address.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect();
    let mut parts = address.splitn(4, '.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("data"), Some(type_), Some(_), Some(path)) => Table::terraform().is_sensitive("data", type_, path),
        (Some("var"), Some(name), None, None) => {
            home.unwrap_or(stack).body.at(&["variable", name, "sensitive"]).and_then(Value::as_bool) == Some(true)
        }
        (Some(type_), Some(_), Some(first), rest) => {
            let path = rest.map_or_else(|| first.to_owned(), |rest| format!("{first}.{rest}"));
            Table::terraform().is_sensitive("resource", type_, &path)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::Options;
    use crate::code::Code;
    use crate::system::MemorySystem;

    const PROJECT: &str = "
platform: { name: acme, domain: infra.example.com }
environments: { apps: {} }
classes:
  infrastructure:
    database:
      terraform:
        resource: { random_password: { p: { length: 20 } }, aws_s3_bucket: { b: { bucket: b } } }
      outputs: { password: '${resource.random_password.p.result}', bucket: '${resource.aws_s3_bucket.b.id}' }
    login:
      terraform:
        variable: { open: { type: string }, closed: { type: string, sensitive: true } }
        data: { aws_secretsmanager_secret_version: { v: { secret_id: a } } }
        resource:
          random_password: { own: { length: 20 } }
          aws_s3_bucket: { own: { bucket: c } }
          kubernetes_secret: { s: { metadata: { name: s }, data: { password: VALUE } } }
infrastructure: { database: { class: database }, login: { class: login } }
";

    /// Whether a value is fine as the data of a Secret that Terraform makes.
    fn is_fine(value: &str) -> bool {
        let text = PROJECT.replace("VALUE", &format!("'{value}'"));
        let compilation = crate::compile(&MemorySystem::default().with("platform.yaml", text.as_bytes()), &Options::default());
        let codes: Vec<Code> = compilation.diagnostics.sorted(&compilation.sources).iter().map(|diagnostic| diagnostic.code).collect();
        assert!(codes.iter().all(|code| *code == Code::SecretData), "{value}: {codes:?}");
        codes.is_empty()
    }

    #[test]
    fn only_what_terraform_finds_out_and_hides_is_fine() {
        for (value, expected) in [
            ("${resource.random_password.own.result}", true),
            ("${data.aws_secretsmanager_secret_version.v.secret_string}", true),
            ("${infrastructure.database.outputs.password}", true),
            ("", true),
            ("hunter2", false),
            ("${resource.aws_s3_bucket.own.id}", false),
            ("${data.aws_secretsmanager_secret_version.v.arn}", false),
            ("${infrastructure.database.outputs.bucket}", false),
            // A part that is known is a part of the password.
            ("hunter2${resource.random_password.own.result}", false),
            (":${resource.random_password.own.result}", true),
            ("${resource.aws_s3_bucket.own.id}:${resource.random_password.own.result}", true),
        ] {
            assert_eq!(is_fine(value), expected, "{value}");
        }
    }
}
