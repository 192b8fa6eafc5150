//! Tenants that are apart, as far as that can be seen without a cluster: what a team's files may say, and policies of admission in our own evaluator, which has to
//! answer what a real API server has. `.ci/long tenants` asks that server and writes `data/tenants-answers.json`.

use crate::cel::Bindings;
use crate::late::val;
use crate::support::{self, Project};
use platc::expression::{Fault, Key, Val, evaluate, parse};
use platc::span::{FileId, TextMap};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The files that have the attempts, by number.
const ROWS: [&str; 2] = [".ci/long.d/tenants.rows.py", ".ci/long.d/tenants.shared.py"];

fn read(path: &str) -> String {
    std::fs::read_to_string(support::root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn rows(text: &str, before: &str) -> BTreeSet<u32> {
    let number = |line: &str| {
        line.trim_start()
            .trim_start_matches("JSONNET = ")
            .trim_start_matches("LEAVING = ")
            .strip_prefix(before)?
            .split([',', ' '])
            .next()?
            .parse()
            .ok()
    };
    text.lines().filter_map(number).collect()
}

#[test]
fn the_page_has_every_attempt() {
    let [tried, more] = ROWS.map(|path| rows(&read(path), "("));
    assert!(tried.is_disjoint(&more), "{tried:?} {more:?}");
    let (tried, told) = (&tried | &more, rows(&read("docs/tenants.md"), "| "));
    assert!(tried.len() >= 200, "{}", tried.len());
    assert_eq!(tried, told);
}

/// What the files of a team try, each with what it is after.
const ATTEMPTS: [(&str, &str); 25] = [
    ("a class", "classes: { application: { mine: { manifests: {} } } }"),
    ("a class in place of the library's", "classes: { tenant: { tenant: { schema: {} } } }"),
    ("a fragment", "classes: { fragment: { f: { template: {} } } }"),
    ("a service", "services: { mine: { class: helm } }"),
    ("a cluster", "clusters: { gc1: { class: bare } }"),
    ("an environment", "environments: { mine: {} }"),
    ("a policy switched off", "policies: { any: { enabled: false } }"),
    ("the platform", "platform: { argocd: { impersonation: false } }"),
    ("its own tenant", "tenants: { mallory: { namespaces: { kube: { name: kube-system } } } }"),
    ("its own quota", "tenants: { mallory: { quota: { pods: 9999 } } }"),
    ("another tenant", "tenants: { honest: { quota: { pods: 1 } } }"),
    (
        "an application of another tenant",
        "tenants: { honest: { applications: { x: { namespace: web, repository: \"https://git.example.com/honest/x.git\", path: x } } } }",
    ),
    (
        "an override",
        "tenants: { mallory: { applications: { x: { namespace: web, repository: \"https://git.example.com/mallory/x.git\", path: x, override: { argocd: { namespace: kube-system } } } } } }",
    ),
    (
        "another identity",
        "tenants: { mallory: { applications: { x: { identity: shop, namespace: web, repository: \"https://git.example.com/mallory/x.git\", path: x } } } }",
    ),
    (
        "a namespace of another tenant",
        "tenants: { mallory: { applications: { x: { namespace: honest-web, repository: \"https://git.example.com/mallory/x.git\", path: x } } } }",
    ),
    (
        "a repository of another tenant",
        "tenants: { mallory: { applications: { x: { namespace: web, repository: \"https://git.example.com/honest/x.git\", path: x } } } }",
    ),
    (
        "a repository with its own by a dot",
        "tenants: { mallory: { applications: { x: { namespace: web, repository: \"https://git.example.com/mallory/../honest/x.git\", path: x } } } }",
    ),
    (
        "a path out of its repository",
        "tenants: { mallory: { applications: { x: { namespace: web, repository: \"https://git.example.com/mallory/x.git\", path: ../../x } } } }",
    ),
    ("removing what the platform says", "tenants: { mallory: { applications-: [scanner] } }"),
    ("a base for everybody", "applications: { base: { path: x } }"),
    (
        "a class of the platform's with objects of any kind",
        "tenants: { mallory: { applications: { x: { class: anything, what: ClusterRole } } } }",
    ),
    (
        "a label by which an older Argo CD tells its objects",
        "tenants: { mallory: { applications: { x: { metadata: { labels: { app.kubernetes.io/instance: monitoring } }, namespace: web, repository: \"https://git.example.com/mallory/x.git\", path: x } } } }",
    ),
    (
        "a label of the platform's",
        "tenants: { mallory: { applications: { x: { metadata: { labels: { infra.example.com/tenant: honest } }, namespace: web, repository: \"https://git.example.com/mallory/x.git\", path: x } } } }",
    ),
    (
        "a repository of two lines",
        "tenants: { mallory: { applications: { x: { namespace: web, repository: \"https://git.example.com/mallory/x.git\\nx\", path: x } } } }",
    ),
    (
        "an object for another tenant, who accepts none",
        "tenants: { mallory: { applications: { x: { class: gift, to: tenants.honest.applications.shop } } } }",
    ),
];

#[test]
fn what_a_team_writes_stays_its_own() {
    let mut found = String::new();
    for (what, text) in ATTEMPTS {
        let mut project = Project::read("tests/data/tenants");
        let platform = project.files.get_mut("platform.yaml").unwrap();
        *platform = platform.replacen("platform:\n", "platform:\n  folders: { \"teams/mallory/**\": { tenant: mallory } }\n", 1);
        project.files.insert("classes.yaml".to_owned(), CLASSES.to_owned());
        project.files.insert("teams/mallory/x.yaml".to_owned(), format!("{text}\n"));
        let (compilation, output) = project.build();
        assert!(output.is_empty(), "{what} was built");
        _ = writeln!(found, "== {what}\n{}\n", support::said(&compilation).trim_end());
    }
    let path = support::root().join("tests/data/tenants-attempts.txt");
    if support::updating() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    assert!(expected == found, "{}", support::difference(&expected, &found));
}

/// Whatever network is named, what tells a machine its credentials is open only to who names that address.
#[test]
fn no_network_opens_the_metadata_of_machines() {
    let except = |cidr: &str| -> Value {
        let mut project = Project::read("tests/data/tenants");
        let platform = project.files.get_mut("platform.yaml").unwrap();
        let more = format!("    network: {{ allowTo: [\"{cidr}\"], allowInternet: false }}\n    hosts: [mallory.example.com]\n");
        *platform = platform.replacen("    hosts: [mallory.example.com]\n", &more, 1);
        let (_, output) = project.build();
        let policy = &output["kustomize/tenants/mallory/base/networkpolicy-allow-to-mallory-web.yaml"];
        let policy: Value = serde_yaml::from_str(policy).unwrap();
        policy["spec"]["egress"][0]["to"][0]["ipBlock"]["except"].clone()
    };
    let closed = [
        ("169.254.0.0/16", "169.254.169.254/32"),
        ("169.254.169.0/24", "169.254.169.254/32"),
        ("169.254.169.254/31", "169.254.169.254/32"),
        ("fd00:ec2::/32", "fd00:ec2::254/128"),
        ("fd00:ec2::/48", "fd00:ec2::254/128"),
        ("168.63.128.0/17", "168.63.129.16/32"),
        ("100.64.0.0/10", "100.100.100.200/32"),
    ];
    for (network, address) in closed {
        assert_eq!(except(network), json!([address]), "{network}");
    }
    assert_eq!(except("169.254.169.254/32"), Value::Null);
}

/// Classes of the platform that a team may use.
const CLASSES: &str = r#"
classes:
  application:
    anything:
      schema: { what: string | required=true }
      manifests: { one: { apiVersion: rbac.authorization.k8s.io/v1, kind: "${self.what}", metadata: { name: mine } } }
    gift:
      schema: { to: ref(application) | required=true }
      manifests: { one: { $owner: "${self.to}", apiVersion: v1, kind: ConfigMap, metadata: { name: gift, namespace: honest-web } } }
"#;

fn cel(text: &str, names: &Bindings) -> Result<Val, String> {
    let wrong = |fault: Fault| match fault {
        Fault::Reported => "reported".to_owned(),
        Fault::Diagnostic(diagnostic) => diagnostic.message,
    };
    let expr = parse(text, &TextMap::verbatim(FileId(0), 0, text.len())).unwrap_or_else(|fault| panic!("{text}: {}", fault.message));
    evaluate(&expr, names).map_err(wrong)
}

/// What the policies say against an object that a person makes beside others: who refuses it, and in which words.
fn verdicts(policies: &[Value], namespaces: &BTreeMap<String, Value>, object: &Value, beside: &[Value]) -> BTreeSet<(String, String)> {
    verdicts_on(policies, namespaces, (object, None), beside, "somebody")
}

/// The same of what somebody makes, or changes from what was there before.
fn verdicts_on(
    policies: &[Value],
    namespaces: &BTreeMap<String, Value>,
    (object, before): (&Value, Option<&Value>),
    beside: &[Value],
    who: &str,
) -> BTreeSet<(String, String)> {
    let operation = if before.is_some() { "UPDATE" } else { "CREATE" };
    let mut refused = BTreeSet::new();
    let version = object["apiVersion"].as_str().unwrap();
    let group = version.rsplit_once('/').map_or("", |(group, _)| group);
    let kind = object["kind"].as_str().unwrap();
    let plural = match kind.to_lowercase() {
        word if word.ends_with('y') => format!("{}ies", word.trim_end_matches('y')),
        word if word.ends_with('s') => format!("{word}es"),
        word => format!("{word}s"),
    };
    let is_meant = |rule: &Value| {
        let holds = |list: &str, wanted: &str| rule[list].as_array().unwrap().iter().any(|known| known == "*" || known == wanted);
        holds("apiGroups", group) && holds("resources", &plural) && holds("operations", operation)
    };
    for policy in
        policies.iter().filter(|policy| policy["spec"]["matchConstraints"]["resourceRules"].as_array().unwrap().iter().any(is_meant))
    {
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
        let request = json!({ "operation": operation, "namespace": namespace, "kind": { "kind": kind }, "userInfo": { "username": who } });
        let nowhere = json!({ "metadata": {} });
        let around = namespaces.get(namespace).unwrap_or(&nowhere);
        // A policy with parameters is asked once for each.
        let params: Vec<&Value> = if policy["spec"]["paramKind"].is_null() { vec![&Value::Null] } else { beside.iter().collect() };
        for param in params {
            let around: Vec<(String, Val)> = vec![
                ("object".into(), val(object)),
                ("oldObject".into(), before.map_or(Val::Null, val)),
                ("params".into(), val(param)),
                ("request".into(), val(&request)),
                ("namespaceObject".into(), val(around)),
            ];
            refused.extend(verdict(policy, around));
        }
    }
    refused
}

/// Annotations that are read together with another one.
const TOGETHER: [(&str, &str); 2] = [
    ("nginx.ingress.kubernetes.io/proxy-body-size", "nginx.ingress.kubernetes.io/proxy-request-buffering"),
    ("nginx.ingress.kubernetes.io/proxy-busy-buffers-size", "nginx.ingress.kubernetes.io/proxy-buffer-size"),
];

/// The object with each of its annotations alone, and those that are read together. The pattern of those that may be is long, and what one expression may cost us is
/// bounded more tightly than the server bounds it.
fn few_annotations_each(object: &Value) -> (Vec<Value>, Vec<Value>) {
    let Some(annotations) = object["metadata"]["annotations"].as_object().filter(|all| !all.is_empty()) else {
        return (vec![object.clone()], Vec::new());
    };
    let having = |few: Value| {
        let mut object = object.clone();
        object["metadata"]["annotations"] = few;
        object
    };
    let are_there = |(one, other): &&(&str, &str)| annotations.contains_key(*one) && annotations.contains_key(*other);
    let together: Vec<_> = TOGETHER.iter().filter(are_there).collect();
    let is_alone = |(key, _): &(&String, &Value)| !together.iter().any(|(one, _)| one == key);
    let alone = annotations.iter().filter(is_alone).map(|(key, value)| having(json!({ key: value }))).collect();
    (alone, together.iter().map(|(one, other)| having(json!({ *one: annotations[*one], *other: annotations[*other] }))).collect())
}

/// The policies without the pattern of annotations that may be.
fn of_values(policies: &[Value]) -> Vec<Value> {
    let mut policies = policies.to_vec();
    let lists = policies.iter_mut().flat_map(|policy| policy["spec"].as_object_mut().unwrap().values_mut()).filter_map(Value::as_array_mut);
    lists.for_each(|all| all.retain(|one| one["name"] != "strange" && one["expression"] != "size(variables.strange) == 0"));
    policies
}

/// What one policy says: the first of its validations that does not hold, as the server stops there, too.
fn verdict(policy: &Value, mut names: Vec<(String, Val)>) -> Option<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut variables: Vec<(Key, Val)> = Vec::new();
    for variable in policy["spec"]["variables"].as_array().into_iter().flatten() {
        // Each sees those before it. One that is an error is an error where it is asked for.
        let mut seen = names.clone();
        seen.push(("variables".into(), Val::map(variables.clone())));
        if let Ok(value) = cel(variable["expression"].as_str().unwrap(), &Bindings(seen)) {
            variables.push((Key::String(variable["name"].as_str().unwrap().into()), value));
        }
    }
    names.push(("variables".into(), Val::map(variables)));
    let names = Bindings(names);
    let name = text(&policy["metadata"]["name"]);
    for validation in policy["spec"]["validations"].as_array().unwrap() {
        let expression = validation["expression"].as_str().unwrap();
        match cel(expression, &names) {
            Ok(Val::Bool(true)) => continue,
            // The server goes on with what is wrong in its own words.
            Err(_) => return Some((name, format!("expression '{expression}' resulted in error: "))),
            Ok(_) => {}
        }
        let message = match validation["messageExpression"].as_str().map(|expression| cel(expression, &names)) {
            Some(Ok(Val::String(said))) => said.to_string(),
            Some(other) => panic!("{expression} is {other:?}"),
            None => text(&validation["message"]),
        };
        return Some((name, message));
    }
    None
}

fn objects(output: &BTreeMap<String, String>, folder: &str, kind: &str) -> Vec<Value> {
    let there = output.iter().filter(|(path, _)| path.starts_with(folder) && path.contains(&format!("/{kind}-")));
    there.map(|(_, text)| serde_yaml::from_str(text).unwrap()).collect()
}

/// The policies, and the namespaces of tenants by name.
fn fence(output: &BTreeMap<String, String>) -> (Vec<Value>, BTreeMap<String, Value>) {
    let spaces = objects(output, "kustomize/tenants/", "namespace");
    let named = |space: Value| (space["metadata"]["name"].as_str().unwrap().to_owned(), space);
    let folder = "kustomize/services/tenant-policies/base";
    let bindings = objects(output, folder, "validatingadmissionpolicybinding");
    // Others warn.
    let refuses = |policy: &Value| {
        let binds =
            |one: &Value| one["spec"]["policyName"] == policy["metadata"]["name"] && one["spec"]["validationActions"] == json!(["Deny"]);
        bindings.iter().any(binds)
    };
    (objects(output, folder, "validatingadmissionpolicy").into_iter().filter(refuses).collect(), spaces.into_iter().map(named).collect())
}

/// Kinds of Istio hold for the whole mesh. Those of a tenant are about its own Services and hosts, and lead nowhere else.
#[test]
fn routes_of_the_mesh_stay_where_they_are() {
    let (_, output) = Project::read("examples/eks-istio").build();
    let (policies, namespaces) = fence(&output);
    let own = "www.main-prod-eu-central-1.aws.g11.example.com";
    let to = |host: &str| json!([{ "route": [{ "destination": { "host": host } }] }]);
    let route = |hosts: Value, http: Value| {
        ("VirtualService", json!({ "hosts": hosts, "gateways": ["mesh", "istio-ingress/ingress"], "http": http }))
    };
    let rule = |host: &str| ("DestinationRule", json!({ "host": host, "trafficPolicy": { "connectionPool": {} } }));
    let refused = |(kind, spec): (&str, Value), annotation: Option<&str>| -> BTreeSet<String> {
        let annotations = annotation.map_or(json!({}), |key| json!({ key: "x" }));
        let metadata = json!({ "name": "x", "namespace": "g11-prod", "annotations": annotations });
        let object = json!({ "apiVersion": "networking.istio.io/v1", "kind": kind, "metadata": metadata, "spec": spec });
        verdicts(&policies, &namespaces, &object, &[]).into_iter().map(|(policy, _)| policy).collect()
    };
    let fine = [
        route(json!(["frontend", own]), to("frontend-stable")),
        route(json!([own]), json!([{ "redirect": { "uri": "/" } }])),
        rule("user"),
    ];
    for one in fine {
        assert_eq!(refused(one.clone(), None), BTreeSet::new(), "{one:?}");
    }
    let elsewhere = "vault.vault.svc.cluster.local";
    let wrong = [
        route(json!([elsewhere]), to("user")),
        route(json!(["*"]), to("user")),
        route(json!([own, "www.example.com"]), to("user")),
        route(json!([]), to("user")),
        route(json!(["user"]), to(elsewhere)),
        route(json!(["user"]), json!([{ "route": [{ "destination": { "host": "user" } }], "mirror": { "host": elsewhere } }])),
        route(json!(["user"]), json!([{ "mirrors": [{ "destination": { "host": elsewhere } }] }])),
        route(json!(["user"]), json!([{ "delegate": { "name": "x", "namespace": "vault" } }])),
        ("VirtualService", json!({ "hosts": ["user"], "tcp": [{ "route": [{ "destination": { "host": "user" } }] }] })),
        ("VirtualService", json!({ "hosts": ["user"], "tls": [{ "route": [{ "destination": { "host": "user" } }] }] })),
        rule(elsewhere),
        rule("*"),
    ];
    for one in wrong {
        let policy = if one.0 == "VirtualService" { "g11-tenant-virtual-service" } else { "g11-tenant-destination-rule" };
        assert_eq!(refused(one.clone(), None), BTreeSet::from([policy.to_owned()]), "{one:?}");
    }
    for annotation in ["internal.istio.io/route-semantics", "external-dns.alpha.kubernetes.io/hostname"] {
        assert_eq!(refused(route(json!(["user"]), to("user")), Some(annotation)).len(), 1, "{annotation}");
    }
    let emitted = objects(&output, "kustomize/applications/g11/frontend/base/", "virtualservice");
    assert_eq!(emitted.len(), 1);
    assert!(emitted.iter().all(|one| verdicts(&policies, &namespaces, one, &[]).is_empty()), "{emitted:?}");
}

/// The same policies, the same objects: our evaluator and the API server refuse the same ones, in the same words.
#[test]
fn policies_mean_to_us_what_they_mean_to_the_server() {
    let (_, output) = Project::read("tests/data/tenants").build();
    let (policies, namespaces) = fence(&output);
    assert!(policies.len() >= 12, "{}", policies.len());
    let brief = of_values(&policies);
    let answers: Vec<Value> = serde_json::from_str(&read("tests/data/tenants-answers.json")).unwrap();
    let mut wrong = String::new();
    let mut refusing: BTreeSet<String> = BTreeSet::new();
    for answer in &answers {
        let beside = answer["beside"].as_array().map_or(&[][..], Vec::as_slice);
        let who = answer["as"].as_str().unwrap_or("somebody");
        let asked = |policies: &[Value], object: &Value| verdicts_on(policies, &namespaces, (object, answer.get("before")), beside, who);
        let (alone, together) = few_annotations_each(&answer["object"]);
        let mut ours: BTreeSet<_> = alone.iter().flat_map(|object| asked(&policies, object)).collect();
        ours.extend(together.iter().flat_map(|object| asked(&brief, object)));
        let is_same = match answer["said"].as_array() {
            Some(said) => ours.iter().any(|(policy, words)| {
                *policy == said[0] && (*words == said[1] || (words.ends_with("error: ") && said[1].as_str().unwrap().starts_with(words)))
            }),
            // Refused by a quota, a role or Pod Security, it never came to the policies.
            None => ours.is_empty() || answer["refused"] == true,
        };
        if !is_same {
            _ = writeln!(wrong, "{}\n  the server: {}\n  we: {ours:?}", answer["object"], answer["said"]);
        }
        refusing.extend(ours.into_iter().map(|(policy, _)| policy));
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(answers.len() >= 90 && refusing.len() >= 14, "{} {refusing:?}", answers.len());
}
