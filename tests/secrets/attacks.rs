//! What an attack found, by kind. Each case let the canary out once.

use super::{CANARY, Case, PLATFORM, case, with, yaml};

/// A class of clusters and one of node pools with secrets of their own.
const CLUSTERS: &str = r#"
classes:
  cluster:
    keyed: { inherits: eks, schema: { token: "string | secret=true" } }
  nodePool:
    keyed: { inherits: eks, schema: { joinToken: "string | secret=true" } }
  service:
    vault: { schema: { token: "string | secret=true", plain: string } }
"#;

/// Classes that inherit, and say less than their parents.
const HEIRS: &str = r#"
classes:
  service:
    base: { abstract: true, schema: { token: "string | secret=true", keys: "map[string]string | secret=true", plain: string } }
    vault: { inherits: base, schema: { token: 'string | secret=false default=CANARY', keys: any } }
"#;

/// Defaults and examples of what holds secrets without being one.
const OUTER: &str = r#"
classes:
  service:
    vault:
      types: { Login: { user: string, password: "string | secret=true" } }
      schema:
        login: 'Login | default={"user":"a","password":CANARY} examples=[{"user":"b","password":CANARY}]'
        logins: '[]Login | default=[{"user":"a","password":CANARY}]'
        plain: string
"#;

/// A service `vault` with these fields.
fn vault(name: &'static str, fields: &str) -> Case {
    case(name, &format!("services:\n  vault:\n{fields}"))
}

/// The canary where these files say so, in place of the usual ones.
fn files(name: &'static str, files: &[(&'static str, String)]) -> Case {
    let inner = yaml(CANARY);
    let files = files.iter().map(|(path, text)| (*path, text.replace("CANARY", &inner))).collect();
    Case { files, ..case(name, "") }
}

/// A cluster with these fields, and a platform with those.
fn cluster(name: &'static str, platform: &str, fields: &str) -> Case {
    let text = PLATFORM.replace("domain:", &format!("{platform} domain:")).replace("class: eks,", &format!("class: keyed, {fields}"));
    files(name, &[("platform.yaml", text), ("class.yaml", CLUSTERS.to_owned()), ("vault.yaml", "services: {}\n".to_owned())])
}

/// An argument of the command line, as it is.
fn set(name: &'static str, argument: &str) -> Case {
    Case { set: vec![argument.replace("CANARY", CANARY)], ..vault(name, "    plain: x\n") }
}

pub(super) fn cases() -> Vec<Case> {
    let service = "services: { vault: { plain: [x] } }\n".to_owned();
    let mut cases = vec![
        cluster("in a cluster's prefix", "", "token: CANARY, prefix: \"p${self.token}\","),
        cluster("in a cluster's region", "", "token: CANARY, region: \"${self.token}\", zones: [a, b] }\n  gc1: { class: eks,"),
        cluster("in the pattern of names", "naming: { pattern: \"a-${cluster.token}\" },", "token: CANARY,"),
        cluster("in a pool whose parent has the class", "", "nodePools: { a: { inherits: base, joinToken: CANARY, plian: CANARY } },")
            .with_pool(),
        cluster(
            "in an overlay of such a pool",
            "",
            "nodePools: { a: { inherits: base } }, environments: { ops: { nodePools: { a: { joinToken: [CANARY] } } } },",
        )
        .with_pool(),
        files(
            "under a class that says less",
            &[("class.yaml", HEIRS.to_owned()), ("vault.yaml", service.replace("plain: [x]", "token: CANARY, keys: { CANARY: x }"))],
        ),
        files("in the default of a class that says less", &[("class.yaml", HEIRS.to_owned()), ("vault.yaml", service.clone())]),
        files("in the default of what holds it", &[("class.yaml", OUTER.to_owned()), ("vault.yaml", service.clone())]),
        files(
            "in such a default, where nothing is wrong",
            &[("class.yaml", OUTER.to_owned()), ("vault.yaml", service.replace("[x]", "x"))],
        ),
        vault("by an alias of a part", "    users: &u [{ name: a, password: CANARY }]\n    free: *u\n    count: *u\n"),
        vault("by an alias in an alias", "    token: &t CANARY\n    plain: *t\n    credentials: &c { a: *t }\n    count: *c\n"),
        vault("as a key of a secret map", "    keys: { CANARY: x }\n    environments: { ops: { keys: { CANARY: y, b: z } } }\n"),
        vault(
            "as a key deep in a secret map",
            "    credentials: { a: { CANARY: x } }\n    environments: { ops: { credentials: { a: { CANARY-: } } } }\n",
        ),
        vault("as a key twice", "    keys: { CANARY: x, CANARY: y }\n"),
        vault("as a key of a wrong type", "    keys: { CANARY: [1] }\n"),
        vault("as a tag", "    token: !cAnAry4711 x\n    count: many\n"),
        vault("as an anchor", "    token: &cAnAry4711 x\n    count: *cAnAry4711\n"),
        vault("as an alias", "    token: *cAnAry4711\n"),
        vault("as a comment", "    token: #cAn\n    count: many\n"),
        vault("in a comment behind it", "    { token: x, # cAn\n      count: many }\n"),
        vault("read by `has`", "    token: CANARY\n    plain: \"${has(self.token.a) ? 'a' : 'b'}\"\n"),
        vault("under a misspelled field without a class", "    plain: x\n  other: { class: nope, tokken: CANARY, keys: { a: CANARY } }\n"),
        with(
            "under a rule of types",
            "services: { vault: { token: CANARY } }",
            "      rules:\n        - assert: \"${self.token}\"\n          message: no\n",
        ),
        set("set without anything", "CANARY"),
        set("set without `=`", "services.vault.token: CANARY"),
        set("set with a space", "services.vault.token CANARY"),
        set("set as an anchor", "services.vault.token=*cAnAry4711"),
        set("set over two lines", "services.vault.token=a\ncAn: ["),
        set("set where no secret is known", "clusters.gc0.token=CANARY"),
        set("set at the platform", "platform.token=CANARY"),
        set("set as a key", "services.vault.keys[\"cAnAry4711\"]=[x]"),
    ];
    // A login in an address that everybody reads, in every place for one.
    let login = |text: &str| text.replace("LOGIN", "https://user:cAn@git.example.com/a.git");
    let platform = PLATFORM.replace("domain:", "repository: { url: &url \"LOGIN\", path: dist, revision: *url }, domain:");
    let tenants = "tenants: { t: { namespaces: { a: {} }, applications: { s: { namespace: a, repository: \"LOGIN\", path: p } } } }\n";
    cases.extend([
        files("as a login of the platform", &[("platform.yaml", login(&platform)), ("vault.yaml", service.clone())]),
        set("as a login that is set", &login("platform.repository.url=LOGIN")),
        files(
            "as a login of a chart in a field",
            &[("vault.yaml", login("services: { s: { class: helm, repository: \"LOGIN\", chart: c, version: \"1.0.0\" } }\n"))],
        ),
        vault(
            "in one environment only",
            "    plain: x\n    environments:\n      ops:\n        token: CANARY\n        plain: '${self.token}'\n",
        ),
        files("as a login of an application", &[("vault.yaml", login(tenants))]),
        with(
            "as a login of a source of Argo CD",
            "services: { vault: { plain: x } }",
            "      argocd: { source: { repository: \"https://user:cAn@git.example.com\", path: p, revision: main } }\n",
        ),
        with(
            "as a login of a chart",
            "services: { vault: { plain: x } }",
            "      helm: { repository: \"https://user:cAn@git.example.com\", chart: c, version: \"1.0.0\" }\n",
        ),
    ]);
    // Data of a Secret is no field, but nobody should see it beside the mistake it is, or beside another.
    let data =
        "      manifests:\n        a: { apiVersion: v1, kind: Secret, metadata: { name: a, namespace: b }, stringData: { k: cAn } }\n";
    cases.extend([
        with("as data of a Secret", "services: { vault: { plain: x } }", data),
        with(
            "as data of a Secret beside a mistake",
            "services: { vault: { plain: [x] } }",
            Box::leak(data.replace("namespace: b", "namespace: b, labels: { a: y }").into()),
        ),
    ]);
    // Fields that backends read by themselves.
    let fields = super::CLASS
        .replace("plain: string", "plain: string\n        namespace: string")
        .replace("LEVEL", "string")
        .replace("FALLBACK", "string");
    let chart = fields.replace("SECTIONS", "      helm: { repository: \"https://x\", chart: c, version: \"1.0.0\" }\n");
    cases.push(files(
        "in a namespace",
        &[("class.yaml", chart), ("vault.yaml", "services: { vault: { token: CANARY, namespace: \"${self.token}\" } }\n".to_owned())],
    ));
    // Sources that are no YAML or TOML.
    for (name, text) in [
        ("as a bare text in TOML", "[services.vault]\ntoken = [cAn]\n"),
        ("in a header of TOML", "[services.vault]\ntoken = \"x\"\n[services.vault.token.cAn]\na = 1\n"),
        ("behind an escaped key in TOML", "[services.vault]\n\"tok\\u0065n\" = \"cAn\n"),
    ] {
        cases.push(Case { files: vec![("vault.toml", text.to_owned())], ..case(name, "") });
    }
    cases.push(vault("goes on too far left", "    token: 'x\n   cAn'\n    count: [\n"));
    cases
}

impl Case {
    /// With a node pool that is only inherited.
    fn with_pool(mut self) -> Self {
        self.files.push(("pools.yaml", "nodePools: { base: { class: keyed } }\n".to_owned()));
        self
    }
}
