//! Clusters of the library on all clouds: what they put out, what Kubestack can set, and how a platform grows from one architecture to the next.

use crate::support::{self, Project};
use platc::definition::Class;
use platc::name::Kind;
use platc::schema::{Shape, Type};
use serde_json::Value;
use std::collections::BTreeMap;

/// The architectures, each the one before with an edit.
const ARCHITECTURES: [&str; 4] = ["starter", "node-pools", "multi-cluster", "three-environments"];

type Output = BTreeMap<String, String>;

fn architecture(name: &str) -> Project {
    Project::read(&format!("examples/kubestack/{name}"))
}

/// Builds what people would see: without bases, so that each file is what one cluster gets.
fn rendered(project: &Project) -> Output {
    let (compilation, output) = project.build_with(&["platform.kustomize.layout=rendered".to_owned()]);
    assert_eq!(support::said(&compilation), "");
    output
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Addresses of Terraform with what they say.
fn resources(text: &str) -> BTreeMap<String, Value> {
    let stack = json(text);
    let types = stack["resource"].as_object().unwrap();
    types
        .iter()
        .flat_map(|(type_, things)| things.as_object().unwrap().iter().map(move |(name, body)| (format!("{type_}.{name}"), body.clone())))
        .collect()
}

/// Whatever was there before is there, byte for byte: objects, Applications, backends, resources under their addresses. Stacks may have more in them.
fn stays(before: &Output, after: &Output, step: &str) -> (usize, usize) {
    let (mut files, mut addresses) = (0, 0);
    for (path, text) in before {
        // Lists of what there is.
        if path == "terraform/order.json" || path == "platc.json" {
            continue;
        }
        let now = after.get(path).unwrap_or_else(|| panic!("{step}: {path} is gone"));
        if path.ends_with("/main.tf.json") {
            let now = resources(now);
            for (address, body) in resources(text) {
                assert_eq!(now.get(&address), Some(&body), "{step}: {path}, {address}");
                addresses += 1;
            }
        } else if path.ends_with("/outputs.tf.json") {
            let (then, now) = (json(text), json(now));
            for (name, output) in then["output"].as_object().unwrap() {
                assert_eq!(&now["output"][name], output, "{step}: {path}, {name}");
            }
        } else {
            assert!(text == now, "{step}: {path}\n{}", support::difference(text, now));
        }
        files += 1;
    }
    (files, addresses)
}

#[test]
fn growing_moves_nothing() {
    let mut before: Option<(&str, Output)> = None;
    for name in ARCHITECTURES {
        let after = rendered(&architecture(name));
        if let Some((last, output)) = &before {
            let (files, addresses) = stays(output, &after, &format!("{last} to {name}"));
            assert!(files > 100 && addresses > 100 && after.len() >= output.len(), "{files} files, {addresses} addresses");
            // Each step is one: something is new.
            assert_ne!(*output, after, "{name} is {last}");
        }
        before = Some((name, after));
    }
    // And another cloud beside all that.
    let mut project = architecture("three-environments");
    project.files.insert(
        "clusters/gcp0.yaml".to_owned(),
        "clusters:\n  gcp0:\n    class: gke\n    project: acme-${environment.name}\n    region: europe-west1\n    zones: [europe-west1-b, europe-west1-c]\n    \
         endpoint: { publicCidrs: [203.0.113.0/24] }\n    nodePools: { default: { instanceTypes: [n2d-standard-4], size: { min: 1, max: 3 } } }\n"
            .to_owned(),
    );
    let services = project.files.get_mut("services.toml").unwrap();
    *services = services.replace("[services.cluster-autoscaler]", "[services.cluster-autoscaler]\nplacement = [\"gc0\", \"gc1\"]");
    let after = rendered(&project);
    stays(&before.unwrap().1, &after, "another cloud");
    assert!(after.contains_key("terraform/apps-prod/gcp0/main.tf.json"));
}

/// The numbers that its README gives, and that all of it are replicas.
#[test]
fn three_clouds_four_environments() {
    let project = architecture("multi-cloud");
    let lines: usize = project.files.values().map(|text| text.lines().count()).sum();
    assert!(lines <= 40, "{lines} lines, and the README says 40");
    let (compilation, output) = project.build();
    assert_eq!(support::said(&compilation), "");
    let stacks: Vec<&String> = output.iter().filter(|(path, _)| path.ends_with("/main.tf.json")).map(|(_, text)| text).collect();
    let named = |text: &str, name: &str| resources(text).keys().filter(|address| address.rsplit('.').next() == Some(name)).count();
    assert_eq!(stacks.len(), 12);
    assert!(stacks.iter().all(|text| named(text, "extra") >= 1), "a cluster without its pool");
    assert_eq!(output.keys().filter(|path| path.starts_with("argocd/") && path.contains("/applications/")).count(), 36);
}

/// All classes of the library: whoever has policies needs all.
fn library() -> platc::Compilation {
    let mut project = Project::read("tests/data/clouds");
    project
        .files
        .insert("policies.yaml".to_owned(), "policies:\n  any: { for: cluster, assert: \"${true}\", message: never }\n".to_owned());
    let (compilation, _) = project.build();
    assert_eq!(support::said(&compilation), "");
    compilation
}

fn of_kind(compilation: &platc::Compilation, kind: Kind) -> Vec<&Class> {
    compilation.definitions.classes.iter().map(|class| &**class).filter(|class| class.kind == kind && !class.is_abstract).collect()
}

/// The checker compares what they put out with the contract; here is that none is left out.
#[test]
fn clusters_keep_the_contract() {
    let compilation = library();
    let clusters = of_kind(&compilation, Kind::Cluster);
    assert!(clusters.len() >= 3, "{}", clusters.len());
    for class in &clusters {
        assert!(class.provides.iter().any(|named| &*named.name == "kubernetes"), "{} does not say `provides: kubernetes`", class.full);
        assert!(class.node_pool_class.is_some(), "{} names no class of pools", class.full);
    }
    let contract = compilation.definitions.capabilities.get("kubernetes").unwrap();
    let readme = std::fs::read_to_string(support::root().join("stdlib/README.md")).unwrap();
    for field in contract.outputs.record().unwrap().fields() {
        assert!(readme.contains(&format!("`{}`", field.name)), "stdlib/README.md says nothing of the output `{}`", field.name);
    }
    let mut project = Project::read("tests/data/clouds");
    let text = std::fs::read_to_string(support::root().join("stdlib/cluster/gke.yaml")).unwrap();
    project.files.insert("gke.yaml".to_owned(), text.replace("        networkPolicies: true\n", ""));
    let said = support::said(&project.build().0);
    assert!(said.contains("what provides `kubernetes` needs an output `networkPolicies`"), "{said}");
}

/// What means the same is called the same, so that a pool can go to another cloud by its machines.
#[test]
fn pools_speak_one_language() {
    let compilation = library();
    let pools = of_kind(&compilation, Kind::NodePool);
    assert!(pools.len() >= 3, "{}", pools.len());
    let (always, sized) =
        (["taints", "nodeLabels"], ["instanceTypes", "size.min", "size.max", "size.desired", "size.autoscaled", "extraTags"]);
    let zoned = ["capacity", "disk.size", "disk.type"];
    let mut clouds = 0;
    for class in pools {
        // Machines that one installs oneself are named one by one; not every cloud has zones.
        let has = |path: &str| field(&class.type_, path).is_some();
        clouds += usize::from(has("zones"));
        let asked = always.iter().chain(sized.iter().filter(|_| has("size"))).chain(zoned.iter().filter(|_| has("zones")));
        asked.for_each(|path| assert!(has(path), "{} has no `{path}`", class.full));
    }
    assert!(clouds >= 3, "{clouds}");
}

/// The type of a field within a type.
fn field<'t>(type_: &'t Type, path: &str) -> Option<&'t Type> {
    path.split('.').try_fold(type_, |type_, name| match &type_.resolved().shape {
        Shape::Record(record) => record.fields().iter().find(|field| *field.name == *name).map(|field| &*field.type_),
        _ => None,
    })
}

/// Services and tenants on all three: rights come by identity, without a key that somebody would have to keep.
#[test]
fn rights_come_by_identity() {
    let mut project = Project::read("tests/data/clouds");
    let more = "services:\n  external-dns: {}\n  cert-manager: { acme: { email: platform@example.com, dns01: true } }\n  argo-cd: { placement: [gcp0] }\n  tenant-policies: {}\n  \
                external-secrets: { store: { vaultUrl: \"https://acme.vault.azure.net\", vaultId: /subscriptions/1/acme } }\n\
                tenants:\n  shop: { namespaces: { main: {} }, repositories: [\"https://git.example.com/shop/*\"] }\n";
    project.files.insert("services.yaml".to_owned(), more.to_owned());
    let output = rendered_waiting(&project);
    let stack = |cluster: &str| resources(&output[&format!("terraform/apps/{cluster}/main.tf.json")]);
    let keys = ["key", "password", "token", "secret", "access_key"];
    let [aws, google, azure] = ["aws0", "gcp0", "azure0"].map(stack);
    for address in aws.keys().chain(google.keys()).chain(azure.keys()) {
        let type_ = address.split('.').next().unwrap();
        let holds = keys.iter().any(|key| type_.ends_with(&format!("_{key}")));
        assert!(!holds || type_ == "aws_kms_key" || type_ == "google_kms_crypto_key", "{address}");
    }
    for service in ["external-dns", "cert-manager"] {
        assert_eq!(aws[&format!("aws_eks_pod_identity_association.{service}")]["service_account"], service);
        let member = google[&format!("google_project_iam_member.{service}-roles-dns-admin")]["member"].as_str().unwrap().to_owned();
        assert!(member.starts_with("principal://iam.googleapis.com/projects/${data.google_project."), "{member}");
        assert!(
            member.contains("workloadIdentityPools/${google_container_cluster.this.workload_identity_config[0].workload_pool}/"),
            "{member}"
        );
        assert!(member.ends_with(&format!("/subject/ns/{service}/sa/{service}")), "{member}");
        let credential = &azure[&format!("azurerm_federated_identity_credential.{service}")];
        assert_eq!(credential["subject"], format!("system:serviceaccount:{service}:{service}"));
        assert_eq!(credential["issuer"], "${azurerm_kubernetes_cluster.this.oidc_issuer_url}");
        assert_eq!(azure[&format!("azurerm_role_assignment.{service}-DNS-Zone-Contributor")]["scope"], "${azurerm_dns_zone.this.id}");
    }
    // Whoever looks for the zone looks through its group; and of secrets at Google it reads those of this platform.
    let reader = azure["azurerm_role_assignment.external-dns-Reader"]["scope"].as_str().unwrap();
    assert!(reader.ends_with("/resourceGroups/${azurerm_resource_group.this.name}"), "{reader}");
    let condition = &google["google_project_iam_member.external-secrets-roles-secretmanager-secretAccessor"]["condition"]["expression"];
    assert!(condition.as_str().unwrap().ends_with("/secrets/acme_apps_\")"), "{condition}");
    // The hub acts as an account, which its two talkers may be.
    let account = "gcp0-apps-europe-west1-argo-cd";
    assert_eq!(google["google_service_account.argo-cd"]["account_id"], account);
    assert_eq!(google.keys().filter(|address| address.starts_with("google_service_account_iam_member.argo-cd-")).count(), 2);
    let values = &output["argocd/apps/gcp0/values/gcp0-apps-europe-west1-argo-cd.yaml"];
    assert_eq!(
        values.matches(&format!("iam.gke.io/gcp-service-account: \"{account}@acme-apps.iam.gserviceaccount.com\"")).count(),
        2,
        "{values}"
    );
    // A tenant's pods reach what gives them their own rights, where they have to ask somebody inside.
    let policy =
        |cluster: &str| output.get(&format!("kustomize/tenants/shop/overlays/apps/{cluster}/networkpolicy-allow-pod-identity.yaml"));
    assert!(policy("aws0").unwrap().contains("169.254.170.23/32") && policy("gcp0").unwrap().contains("169.254.169.254/32"));
    assert_eq!(policy("azure0"), None);
    // It finds names by the cache on its node, where the network leads to a pod there; and its secrets have names that their store knows.
    let file = |cluster: &str, name: &str| output[&format!("kustomize/tenants/shop/overlays/apps/{cluster}/{name}.yaml")].as_str();
    let cached = |cluster: &str| file(cluster, "networkpolicy-allow-dns").contains("k8s-app: node-local-dns");
    assert!(cached("gcp0") && !cached("aws0") && !cached("azure0"));
    for (cluster, prefix) in [("aws0", "acme/apps/shop/"), ("gcp0", "acme_apps_shop_"), ("azure0", "shop--")] {
        let namespace = file(cluster, "namespace-shop-main");
        assert!(namespace.contains(&format!("infra.example.com/secrets: {prefix}\n")), "{namespace}");
    }
}

/// What a service or a tenant is follows from what stands beside it: who serves Ingresses, whose network it is, and who installs it.
#[test]
fn what_stands_beside_decides() {
    let output = rendered_waiting(&Project::read("tests/data/beside"));
    let file = |path: &str| output.get(path).unwrap_or_else(|| panic!("no {path}")).as_str();
    let issuer = file("kustomize/services/cert-manager/overlays/apps/hetz/clusterissuer-letsencrypt.yaml");
    assert!(issuer.contains("ingressClassName: traefik\n"), "{issuer}");
    let policy = file("kustomize/tenants/shop/overlays/apps/hetz/networkpolicy-allow-from-platform.yaml");
    assert!(policy.ends_with("values:\n          - monitoring\n          - traefik\n"), "{policy}");
    // Cilium connects pods, so the plugin of Istio is where Cilium has its own, and Cilium leaves it there.
    let values = |service: &str| file(&format!("argocd/apps/hetz/values/{service}.yaml"));
    assert!(values("cilium").contains("exclusive: false\n") && values("cilium").contains("hostNamespaceOnly: true\n"));
    assert!(values("istio-cni").contains("global: {}\n"), "{}", values("istio-cni"));
    // A database goes by hand only, whoever installs it; and no budget counts its backup Jobs.
    for (environment, kept) in [("apps", "Prune=false"), ("ops", "kustomize.toolkit.fluxcd.io/prune: disabled")] {
        for (application, object) in [("db", "cluster-db"), ("old", "postgrescluster-old")] {
            let text = file(&format!("kustomize/applications/shop/{application}/overlays/{environment}/hetz/{object}.yaml"));
            assert!(text.contains(kept), "{text}");
            assert_eq!(text.contains("argocd"), environment == "apps", "{text}");
        }
    }
    let database = file("kustomize/applications/shop/old/overlays/apps/hetz/postgrescluster-old.yaml");
    assert!(database.contains("app.kubernetes.io/instance: old-backups\n"), "{database}");
    let store = file("kustomize/applications/shop/db/overlays/apps/hetz/objectstore-db.yaml");
    assert!(store.contains("key: AWS_SECRET_ACCESS_KEY\n") && !store.contains("inheritFromIAMRole"), "{store}");
    // Nodes speak with each other by the private network, and the load balancer answers there alone.
    let hetz = resources(file("terraform/apps/hetz/main.tf.json"));
    assert_eq!(hetz["hcloud_load_balancer_network.api"]["enable_public_interface"], false);
    let ports: Vec<_> = hetz["hcloud_firewall.this"]["rule"].as_array().unwrap().iter().filter_map(|rule| rule["port"].as_str()).collect();
    assert_eq!(ports, ["22", "6443"]);
}

/// A database and a file system stand in the network of their cluster, so in its region and account, whatever the platform says of all others.
#[test]
fn beside_a_cluster_is_its_region() {
    let mut project = architecture("starter");
    let things = "infrastructure:\n  orders: { class: rds-postgres, beside: gc0 }\n  cache: { class: elasticache-valkey, beside: gc0 }\n  media: { class: efs, beside: gc0 }\n";
    project.files.insert("data.yaml".to_owned(), things.to_owned());
    let cluster = project.files.get_mut("clusters/gc0.yaml").unwrap();
    let account = "    region: eu-west-1\n    assumeRoleArn: \"arn:aws:iam::111122223333:role/terraform\"\n";
    *cluster = cluster.replacen("    region: eu-west-1\n", account, 1);
    let silent = rendered(&project);
    let platform = project.files.get_mut("platform.yaml").unwrap();
    *platform = platform.replacen("platform:\n", "platform:\n  providers: { aws: { region: eu-central-1 } }\n", 1);
    let elsewhere = rendered(&project);
    for stack in ["orders", "cache", "media"] {
        let provider = |output: &Output| json(&output[&format!("terraform/apps/{stack}/providers.tf.json")])["provider"]["aws"].clone();
        let bodies = |output: &Output| resources(&output[&format!("terraform/apps/{stack}/main.tf.json")]);
        assert_eq!(provider(&silent)["region"], "eu-west-1", "{stack}");
        for output in [&silent, &elsewhere] {
            assert_eq!(provider(output)["assume_role"]["role_arn"], "arn:aws:iam::111122223333:role/terraform", "{stack}");
        }
        assert_eq!(provider(&elsewhere)["region"], "eu-central-1", "{stack}");
        let own = bodies(&elsewhere);
        assert!(own.len() > 3 && bodies(&silent).keys().eq(own.keys()), "{stack}");
        for (address, body) in own.iter().filter(|(address, _)| address.starts_with("aws_")) {
            assert_eq!(body["region"], "eu-west-1", "{address}");
        }
        assert!(bodies(&silent).values().all(|body| body.get("region").is_none()), "{stack}");
    }
}

/// As [`rendered`], where something waits for facts.
fn rendered_waiting(project: &Project) -> Output {
    let (compilation, output) = project.build_with(&["platform.kustomize.layout=rendered".to_owned()]);
    assert!(!compilation.diagnostics.has_errors(), "{}", support::said(&compilation));
    output
}

/// Everything that a module of Kubestack can set can be set, or `kubestack.txt` says why not.
#[test]
fn what_kubestack_can_set() {
    let compilation = library();
    let text = std::fs::read_to_string(support::root().join("tests/data/kubestack.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (mut count, mut wrong) = (0, Vec::new());
    for line in lines {
        let [class, attribute, path] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let class = compilation.definitions.classes.iter().find(|known| &*known.full == class).unwrap();
        if !path.starts_with("- ") && field(&class.type_, path).is_none() {
            wrong.push(format!("{} has no `{path}` for `{attribute}`", class.full));
        }
        count += 1;
    }
    assert!(count > 120 && wrong.is_empty(), "{count} attributes\n{}", wrong.join("\n"));
}

/// The pool that is a part of a cluster is known by its identity: what pools are called in definitions may change, be exchanged, or go round.
#[test]
fn the_first_pool_of_a_cluster_goes_by_its_identity() {
    let doks = "class: doks, region: fra1, endpoint: { publicCidrs: [203.0.113.0/24] }";
    let aks = "class: aks, region: westeurope, zones: ['1'], endpoint: { publicCidrs: [203.0.113.0/24] }, access: { t: { principalId: 11111111-1111-1111-1111-111111111111, role: Azure Kubernetes Service RBAC Cluster Admin } }";
    for (cluster, machine) in [(doks, "s-4vcpu-8gb"), (aks, "Standard_D4as_v5")] {
        let built = |pools: &[(&str, &str)]| {
            let pools = pools.iter().map(|(name, identity)| {
                let size = identity.len();
                format!("{name}: {{ identity: {identity}, instanceTypes: [{machine}], size: {{ max: {size} }} }}")
            });
            let pools = pools.collect::<Vec<_>>().join(", ");
            let text = format!(
                "platform: {{ name: acme, domain: infra.example.com }}\nenvironments: {{ apps: {{}} }}\nclusters: {{ d0: {{ {cluster}, nodePools: {{ {pools} }} }} }}\n"
            );
            let (compilation, output) = Project { files: BTreeMap::from([("platform.yaml".to_owned(), text)]) }.build_with(&[]);
            assert!(!compilation.diagnostics.has_errors(), "{}", support::said(&compilation));
            output
        };
        let before = built(&[("default", "default"), ("extra", "extra"), ("more", "more")]);
        assert!(before.values().any(|text| text.contains("\"extra\"")), "{cluster}");
        for pools in [
            [("extra", "default"), ("default", "extra"), ("more", "more")],
            [("extra", "default"), ("more", "extra"), ("default", "more")],
            [("first", "default"), ("default", "extra"), ("extra", "more")],
        ] {
            assert_eq!(built(&pools), before, "{cluster} {pools:?}");
        }
    }
}
