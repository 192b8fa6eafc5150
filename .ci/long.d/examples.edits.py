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
    "without": ["facts"], "stacks": ["media"],
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

CUSTOMERS = {"folder": "examples/customers", "environment": "ops", "cluster": "gc0", "url": ACME, "branches": ["main"], "words": {"full": "gc0-ops-eu-west-1"}, "bootstrap": [],
    "without": ["facts"], "stacks": ["globex", "initech"],
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

EXAMPLES = {
    "starter": grown("starter"),
    "dsenv": DSENV,
    "eks-istio": EKS_ISTIO,
    "digitalocean": DIGITALOCEAN,
    "customers": CUSTOMERS,
}
