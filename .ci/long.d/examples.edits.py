"""The examples that `.ci/long.d/examples` brings up, where each runs, and what is added, renamed and removed of it: edits as a person makes them, with the
Applications that come and go by them. `exceptions` are edits that only the stand needs; why stands in `examples.exceptions`."""

ACME = "https://git.example.com/acme/platform.git"

def grown(folder, cluster="gc0", **rest):
    """The starter, and what has grown from it."""
    added = """services:
  metrics-server: {}
tenants:
  team-z:
    namespaces: { main: {} }
    repositories: ["https://git.example.com/team-z/*"]
    applications:
      api: { namespace: main, repository: "https://git.example.com/team-z/api.git", path: deploy, revision: main }
"""
    return {"folder": f"examples/kubestack/{folder}", "environment": "ops", "cluster": cluster, "url": ACME, "branches": ["main"], "words": {"full": f"{cluster}-ops-eu-west-1"},
        "add": {"edits": [("added.yaml", "", added)], "come": ["metrics-server", "tenant-team-z", "team-z-api"]},
        "rename": {"edits": [("services.toml", "[services.cluster-autoscaler]", '[services.scaler]\nidentity = "cluster-autoscaler"\nclass = "cluster-autoscaler"'),
            ("tenants/team-a.yaml", "  team-a:\n", "  team-web:\n    identity: team-a\n"),
            ("applications/shop.toml", "[tenants.team-a.applications.shop]", '[tenants.team-web.applications.store]\nidentity = "shop"')]},
        "remove": {"edits": [("services.toml", "[services.nvidia-device-plugin]\n", ""), ("applications/shop.toml", "", ""), ("added.yaml", "  team-z:\n", "  team-z:\n    enabled: false\n")],
            "gone": ["nvidia-device-plugin", "team-a-shop", "tenant-team-z", "team-z-api"],
            "then": [("added.yaml", "", "services: { metrics-server: {} }\n")]},
        **rest}

DSENV = {"folder": "examples/dsenv", "environment": "dev", "cluster": "main", "url": "https://git.example.com/ds/platform.git", "branches": ["main"],
    "words": {"full": "main-dev-eu-central-1", "region": "eu-central-1", "bucket": "dsenv-state"}, "before": ["common"],
    # As its README has a new application and a new customer.
    "add": {"edits": [("added.yaml", "", "services: { metrics-server: {} }\n"),
        ("customers/globex.yaml", "      intake: ", "      search: { tag: 1.0.0, hosts: [\"search.${tenant.domain}\"], uses: [globex-crm] }\n      intake: "),
        ("customers/hooli.yaml", "", "tenants:\n  hooli:\n    contact: it@hooli.example.com\n    databases: { main: {} }\n    applications:\n      shop: { tag: 1.0.0, hosts: [\"www.${tenant.domain}\"], uses: [hooli-main] }\n")],
        "come": ["metrics-server", "globex-search", "tenant-hooli", "hooli-shop"]},
    "rename": {"edits": [("services.yaml", "  ingest: { ", "  collector: { identity: ingest, class: ingest, "), ("customers/globex.yaml", "  globex:\n", "  globex-inc:\n    identity: globex\n"),
        ("customers/initech.yaml", "      reports: { ", "      figures: { identity: reports, ")]},
    "remove": {"edits": [("added.yaml", "", ""), ("customers/initech.yaml", "      legacy: {", "      legacy: { enabled: false,"),
        ("customers/hooli.yaml", "    databases: { main: {} }\n", "    enabled: false\n    databases: { main: { enabled: false } }\n")],
        "gone": ["metrics-server", "initech-legacy", "tenant-hooli", "hooli-shop"], "then": [("customers/hooli.yaml", "", "")]}}

EKS_ISTIO = {"folder": "examples/eks-istio", "environment": "stg", "cluster": "main", "url": "https://git.example.com/g11/gitops.git", "branches": ["g11-stg"],
    "words": {"full": "main-stg-eu-central-1", "region": "eu-central-1", "bucket": "g11-state"},
    "without": ["facts"], "facts": 0,
    "add": {"edits": [("added.yaml", "", """services: { adminer: {} }
tenants:
  g12:
    namespaces: { main: { name: "g12-${environment.name}" } }
    mesh: {}
    applications:
      api: { class: webapp, image: registry.example.com/g12/api, tag: 1.0.0 }
""")], "come": ["adminer", "tenant-g12", "g12-api"]},
    "rename": {"edits": [("services.toml", "[services.metrics-server]", '[services.numbers]\nclass = "metrics-server"\nidentity = "metrics-server"'),
        ("tenants.yaml", "  g11:\n", "  product:\n    identity: g11\n"), ("applications.yaml", "\n  g11:\n", "\n  product:\n"), ("applications.yaml", "comment: { ", "remarks: { identity: comment, "),
        *[("platform.yaml", f"tenants.g11.{what} }}", f"tenants.product.{what} }}") for what in ("applications.*.replicas", "applications.*.values.replicas", "applications.*.tag", "applications.db.storage")]]},
    "remove": {"edits": [("services.toml", "[services.cluster-autoscaler]\n", ""), ("applications.yaml", "      category: { inherits: service }\n", ""), ("added.yaml", "  g12:\n", "  g12:\n    enabled: false\n")],
        "gone": ["cluster-autoscaler", "g11-category", "tenant-g12", "g12-api"], "then": [("added.yaml", "", "services: { adminer: {} }\n")]}}

DIGITALOCEAN = {"folder": "examples/digitalocean", "environment": "dev", "cluster": "main", "url": "https://git.example.com/shopline/platform.git", "branches": ["main"],
    "words": {"full": "main-dev-fra1", "region": "us-east-1", "bucket": "shopline-state"}, "before": ["shared"],
    "add": {"edits": [("added.yaml", "", """services: { adminer: {} }
tenants:
  reports:
    namespaces: { web: { name: reports } }
    applications:
      web: { class: webapp, image: registry.digitalocean.com/shopline/reports, tag: 1.0.0 }
""")], "come": ["adminer", "tenant-reports", "reports-web"]},
    "rename": {"edits": [("services.toml", "[services.metrics-server]", '[services.numbers]\nclass = "metrics-server"\nidentity = "metrics-server"'),
        ("tenants.yaml", "  b2b:\n", "  partners:\n    identity: b2b\n"), ("applications.yaml", "  b2b:\n", "  partners:\n"), ("applications.yaml", "tenants.b2b.applications.web", "tenants.partners.applications.web"),
        ("applications.yaml", "      nginx-proxy-server:\n", "      proxy:\n        identity: nginx-proxy-server\n"), ("applications.yaml", "[tenants.partners.applications.web, tenants.front.applications.nginx-proxy-server]", "[tenants.partners.applications.web, tenants.front.applications.proxy]"),
        ("applications.yaml", "acceptsFrom: [tenants.front.applications.nginx-proxy-server]", "acceptsFrom: [tenants.front.applications.proxy]"), ("applications.yaml", "connectsTo: [nginx-proxy-server]", "connectsTo: [proxy]")]},
    "remove": {"edits": [("services.toml", '[services.external-dns]\ncredentials.DO_TOKEN = { secret = "digitalocean", key = "token" }\n', ""),
        ("applications.yaml", "        connectsTo: [proxy]\n", "        connectsTo: [proxy]\n        enabled: false\n"), ("added.yaml", "  reports:\n", "  reports:\n    enabled: false\n")],
        "gone": ["external-dns", "front-web", "tenant-reports", "reports-web"], "then": [("added.yaml", "", "services: { adminer: {} }\n")]}}

CUSTOMERS = {"folder": "examples/customers", "environment": "ops", "cluster": "gc0", "url": ACME, "branches": ["main"], "words": {"full": "gc0-ops-eu-west-1"}, "installsArgo": False,
    "without": ["facts"], "facts": 0,
    "add": {"edits": [("added.yaml", "", "services: { metrics-server: {} }\n"),
        ("customers/hooli.yaml", "", "tenants:\n  hooli:\n    contact: it@hooli.example.com\n    release: 8.0.1\n"),
        ("customers/initech.yaml", "    apps:\n", "    apps:\n      importer: { image: registry.example.com/initech/importer, release: 1.0.0 }\n")],
        "stacks": ["hooli"],
        "come": ["metrics-server", "initech-importer", "tenant-hooli", *[f"hooli-{name}" for name in ("admin", "api", "mails", "reports", "web")]]},
    "rename": {"edits": [("platform.yaml", "  ingress-nginx: {}", "  edge: { identity: ingress-nginx, class: ingress-nginx }"), ("customers/globex.yaml", "  globex:\n", "  globex-inc:\n    identity: globex\n"),
        ("customers/initech.yaml", "      connector: { ", "      bridge: { "),
        ("customers/initech.yaml", "      mails: { enabled: false }\n", "      mails: { enabled: false }\n      bridge: { identity: connector }\n")]},
    # As its README has it.
    "remove": {"edits": [("added.yaml", "", ""), ("customers/initech.yaml", "      importer: {", "      importer: { enabled: false,"),
        ("customers/hooli.yaml", "", "tenants:\n  hooli:\n    enabled: false\n    contact: it@hooli.example.com\n    release: 8.0.1\ninfrastructure:\n  hooli-main: { enabled: forget }\n  hooli-media: { enabled: false }\n")],
        "gone": ["metrics-server", "initech-importer", "tenant-hooli", *[f"hooli-{name}" for name in ("admin", "api", "mails", "reports", "web")]],
        "then": [("customers/hooli.yaml", "", "")]}}

NEW = """services:
  adminer: { SERVICE }
  tenant-policies: { SERVICE }
tenants:
  team-z:
    namespaces: { main: {} }
    SERVICE
    repositories: ["https://git.example.com/team-z/*"]
    applications:
      api: { namespace: main, repository: "https://git.example.com/team-z/api.git", path: deploy, revision: main }
      calls: { namespace: main, repository: "https://git.example.com/team-z/calls.git", path: deploy, revision: main }
"""

def bare(folder, place, rename, remove, gone, where="", prefix="", has_policies=False, **rest):
    """What has neither a tenant nor an application of its own, or none on this cluster: they are added first."""
    new = (NEW.replace("  tenant-policies: { SERVICE }\n", "") if has_policies else NEW).replace("SERVICE", where)
    come = ["adminer", "tenant-team-z", "team-z-api", "team-z-calls", *([] if has_policies else ["tenant-policies"])]
    calls = '      calls: { namespace: main, repository: "https://git.example.com/team-z/calls.git", path: deploy, revision: main }\n'
    return {"folder": f"examples/{folder}", "url": ACME, "branches": ["main"], "environment": place[0], "cluster": place[1], "installsArgo": False,
        "add": {"edits": [("added.yaml", "", new)], "come": [f"{prefix}{name}" for name in come]},
        "rename": {"edits": [*rename, ("added.yaml", "  team-z:\n", "  team-y:\n    identity: team-z\n"), ("added.yaml", "      api: {", "      answers: { identity: api,")]},
        "remove": {"edits": [*remove, ("added.yaml", calls, ""), ("added.yaml", "    identity: team-z\n", "    identity: team-z\n    enabled: false\n")],
            "gone": [f"{prefix}{name}" for name in (*gone, "tenant-team-z", "team-z-api", "team-z-calls")],
            "then": [("added.yaml", "", "\n".join(line for line in new.split("tenants:")[0].splitlines() if "adminer" not in line or "adminer" not in gone) + "\n")]},
        **rest}

def cloud(environment, cluster, branch, line, **rest):
    """A cluster of `multi-cloud`, with the command of its README by which kubectl gets in."""
    tekton = "  tekton: {", "  pipelines: { identity: tekton,"
    return bare("kubestack/multi-cloud", (environment, cluster), [("platform.yaml", *tekton)], [("platform.yaml", "  ingress-nginx: {}\n", "")], ["ingress-nginx"], branches=[branch],
        words={"lines": {"aws eks update-kubeconfig --name gc0-ops-eu-west-1 --region eu-west-1": line}}, **rest)

FACTS = bare("facts", ("ops", "gc0"), [("services.yaml", "  backup: {}\n", "  archive: { identity: backup, class: backup }\n")], [("services.yaml", "  load-balancers: {}\n", "")], ["load-balancers"],
    words={"full": "gc0-ops-eu-west-1"}, without=["facts"], stacks=["gc0"])

SHARED = bare("shared-environment", ("central", "hub"), [("central.yaml", "  fleet: { placement: [hub] }", "  list: { identity: fleet, class: fleet, placement: [hub] }")],
    [("added.yaml", "  adminer: { placement: [hub] }\n", "")], ["adminer"], "placement: [hub]", "hub-central-eu-west-1-", words={"full": "hub-central-eu-west-1"})

FLEET = {"folder": "examples/k3s-fleet", "environment": "shared", "cluster": "infra", "clusters": ["infra", "development-c"], "url": "https://git.example.com/orbit/platform.git", "branches": ["prod", "main"],
    "words": {"region": "us-east-1", "bucket": "orbit-state"}, "hub": {"environment": "dev", "like": "development-d"},
    "exceptions": [("platform.yaml", 'argocd: { revision: prod, windows: [{ kind: deny, schedule: "0 17 * * 5", duration: 60h }] }', "argocd: { revision: prod }")],
    "add": {"edits": [("services/products.yaml", "  adminer: { placement: [development-a, development-b]", "  adminer: { placement: [development-a, development-b, development-c]"),
        ("tenants/products.yaml", "  sso:\n", "  product-d:\n    inherits: product\n    environments: { dev: { placement: development-c } }\n    applications:\n      shop: { tag: 1.0.0 }\n  sso:\n"),
        ("teams/c/applications.yaml", "      cms-system: ", "      screens: { tag: 1.0.0 }\n      cms-system: ")],
        "come": [f"development-c-{name}" for name in ("adminer", "tenant-product-d", "product-d-shop", "product-c-screens")]},
    "rename": {"edits": [("services/everywhere.yaml", "  kubernetes-event-exporter: { ", "  events: { identity: kubernetes-event-exporter, class: kubernetes-event-exporter, "),
        ("tenants/products.yaml", "  product-c: { ", "  product-x: { identity: product-c, applications: { prices: { identity: market-data } }, "), ("platform.yaml", "teams/c/**: { tenant: product-c }", "teams/c/**: { tenant: product-x }"),
        ("teams/c/applications.yaml", "  product-c:\n", "  product-x:\n"), ("teams/c/applications.yaml", "      market-data: { ", "      prices: { ")]},
    "remove": {"edits": [("services/everywhere.yaml", "  logging-operator: { inherits: everywhere }\n", ""), ("teams/c/applications.yaml", "      partner-cms: { tag: 5.7.1 }\n", ""),
        ("tenants/products.yaml", "  product-d:\n", "  product-d:\n    enabled: false\n")],
        "gone": ["infra-logging-operator", *[f"development-c-{name}" for name in ("logging-operator", "product-c-partner-cms", "tenant-product-d", "product-d-shop")]],
        "then": [("tenants/products.yaml", "  product-d:\n    enabled: false\n    inherits: product\n    environments: { dev: { placement: development-c } }\n    applications:\n      shop: { tag: 1.0.0 }\n", "")]}}

# The new one of the two, with a team that has nothing there yet.
SECOND = bare("kubestack/multi-cluster", ("ops", "gc1"), [("services.toml", "[services.cluster-autoscaler]", '[services.scaler]\nidentity = "cluster-autoscaler"\nclass = "cluster-autoscaler"')],
    [("services.toml", "[services.nvidia-device-plugin]\n", "")], ["nvidia-device-plugin"], has_policies=True, installsArgo=True, words={"full": "gc1-ops-eu-central-1", "lines": {"--region eu-west-1\n": "--region eu-central-1\n"}})

PRODUCTION = grown("three-environments", environment="apps-prod", branches=["apps-prod"],
    exceptions=[("platform.yaml", 'windows: [{ kind: allow, schedule: "0 8 * * 1-4", duration: 8h }]', 'windows: [{ kind: allow, schedule: "0 0 * * *", duration: 24h }]')])

EXAMPLES = {
    "starter": grown("starter"),
    "dsenv": DSENV,
    "eks-istio": EKS_ISTIO,
    "digitalocean": DIGITALOCEAN,
    "k3s-fleet": FLEET,
    "customers": CUSTOMERS,
    "facts": FACTS,
    "shared-environment": SHARED,
    "node-pools": grown("node-pools"),
    "multi-cluster": SECOND,
    "three-environments": PRODUCTION,
    "multi-cloud-aws": cloud("ops", "aws0", "main", "aws eks update-kubeconfig --name gc0-ops-eu-west-1 --region eu-west-1"),
    "multi-cloud-azure": cloud("apps-stg", "azure0", "apps-stg", "az aks get-credentials --name gc0-ops-westeurope --resource-group gc0-ops-westeurope && kubelogin convert-kubeconfig -l azurecli"),
    "multi-cloud-google": cloud("apps-prd", "gcp0", "apps-prd", "gcloud container clusters get-credentials gc0-ops-europe-west1 --region europe-west1 --project acme-ops"),
}
