"""The stories of `.ci/long.d/evolve`: a name, an example, and steps, each built, applied and committed. A step has edits as people make them (a file, a text, another
one; without the first the file is new, without the second it goes), `hurts`, the codes of all that is told gravely, none if nothing may be replaced, destroyed or refused;
`says`, words that are told; `refused`, the errors, if it may not be built; `facts`, stacks whose outputs are recorded before."""

def story(name, example, *steps):
    return {"name": name, "example": example, "steps": list(steps)}

def step(*edits, hurts=(), says=(), refused=(), facts=()):
    return {"edits": list(edits), "hurts": list(hurts), "says": list(says), "refused": list(refused), "facts": list(facts)}

HOOLI = """tenants:
  hooli:
    contact: it@hooli.example.com
    databases: { main: {} }
    applications:
      shop: { tag: 1.0.0, hosts: ["www.${tenant.domain}"], uses: [hooli-main] }
"""
GLOBEX = "customers/globex.yaml"

DSENV = [
    story("a customer is added", "dsenv", step(("customers/hooli.yaml", "", HOOLI))),
    story("a customer is renamed", "dsenv", step(
        (GLOBEX, "  globex:\n", "  globex-inc:\n    identity: globex\n"), (GLOBEX, "uses: [globex-crm]", "uses: [globex-inc-crm]"))),
    story("a customer leaves, data and all", "dsenv",
        step((GLOBEX, "tenants:\n  globex:\n    contact: ops@globex.example.com\n    databases: { crm: {} }\n    applications:\n      portal: { tag: 2.0.0, hosts: [\"portal.${tenant.domain}\"], uses: [globex-crm], connectsTo: [intake] }\n      intake: { tag: 2.0.0 }\n", ""),
            refused=["data-without-word"], says=["globex-crm", "enabled: forget"]),
        # As docs/language/data.md has it: the protection first, then the word, then the line.
        step((GLOBEX, "", "tenants:\n  globex:\n    contact: ops@globex.example.com\n    databases: { crm: { deletionProtection: false } }\n    applications:\n      portal: { tag: 2.0.0, hosts: [\"portal.${tenant.domain}\"], uses: [globex-crm], connectsTo: [intake] }\n      intake: { tag: 2.0.0 }\n")),
        step((GLOBEX, "  globex:\n", "  globex:\n    enabled: false\n"), (GLOBEX, "crm: { deletionProtection: false }", "crm: { enabled: false }"), hurts=["resources-destroyed", "resources-leave"], says=["kubectl delete namespace globex-main"]),
        step((GLOBEX, "tenants:\n  globex:\n    enabled: false\n    contact: ops@globex.example.com\n    databases: { crm: { enabled: false } }\n    applications:\n      portal: { tag: 2.0.0, hosts: [\"portal.${tenant.domain}\"], uses: [globex-crm], connectsTo: [intake] }\n      intake: { tag: 2.0.0 }\n", ""))),
    story("a database is handed over", "dsenv", step(("infrastructure.yaml", "owner: dssys", "owner: globex"), ("customers/dssys.yaml", "uses: [portal-db], ", ""), ("customers/globex.yaml", "intake: { tag: 2.0.0 }", "intake: { tag: 2.0.0, uses: [portal-db] }"), hurts=["replaced-resource"])),
    story("Kubernetes is upgraded, dev first", "dsenv",
        step(("cluster.yaml", "      dev:\n", "      dev:\n        version: \"1.37\"\n")),
        step(("cluster.yaml", "      dev:\n        version: \"1.37\"\n", "      dev:\n"), ("cluster.yaml", "    class: eks\n", "    class: eks\n    version: \"1.37\"\n"))),
    story("an ingress beside the other, then instead of it", "dsenv",
        # All keep the one that they have; both may call customers.
        step(("services.yaml", "  ingress-nginx: {}\n", "  ingress-nginx: {}\n  traefik: {}\n"), ("platform.yaml", "allowFrom: [ingress-nginx, o11y]", "allowFrom: [ingress-nginx, traefik, o11y]"),
            ("platform.yaml", "    applications:\n      class: webapp\n", "    applications:\n      class: webapp\n      ingress: ingress-nginx\n")),
        step((GLOBEX, "portal: { tag: 2.0.0, ", "portal: { tag: 2.0.0, ingress: traefik, ")),
        step(("platform.yaml", "      ingress: ingress-nginx\n", ""), ("platform.yaml", "allowFrom: [ingress-nginx, traefik, o11y]", "allowFrom: [traefik, o11y]"), (GLOBEX, "ingress: traefik, ", ""), ("services.yaml", "  ingress-nginx: {}\n  traefik: {}\n", "  traefik: {}\n"), hurts=["elsewhere-leaves"])),
    story("a second cluster that inherits, for what is new", "dsenv",
        step(("cluster.yaml", "# One cluster in each environment.\nclusters:\n", "# Two clusters in each environment.\nclusters:\n  second: { inherits: main, network: { cidr: 10.1.0.0/16 } }\n"),
            ("platform.yaml", "      class: customer\n", "      class: customer\n      placement: [main]\n"), refused=["ambiguous-reference"], says=["say which: `beside:`"]),
        step(("infrastructure.yaml", "class: rds-postgres, owner", "class: rds-postgres, beside: main, owner"), ("classes/customer.yaml", "$spread: \"${database.value}\", owner", "$spread: \"${database.value}\", beside: main, owner"))),
    story("a new root environment", "dsenv", step(("platform.yaml", "  common:\n", "  sandbox:\n    description: Where nothing is kept\n  common:\n"))),
]


DEVELOPMENT_D = """  development-d: { inherits: development, certificateAuthority: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCmV4YW1wbGUgb2YgZGV2ZWxvcG1lbnQtZAotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==, address: 10.16.0.5, network: { nodes: 10.16.0.0/24, loadBalancers: 10.16.0.128/25 } }
"""
DEVELOPMENT, PRODUCTION, BASE = "clusters/development.yaml", "clusters/production.yaml", "clusters/base.yaml"
PRODUCTS = "tenants/products.yaml"

FLEET = [
    story("a machine more on a live cluster, bare metal", "k3s-fleet", step((PRODUCTION, "d: { address: 10.11.0.24 }", "d: { address: 10.11.0.24 }, e: { address: 10.11.0.25 }"))),
    story("a machine more on a live cluster, virtual", "k3s-fleet",
        step((DEVELOPMENT, "development-b: { inherits: development, ", "development-b: { inherits: development, nodePools: { worker: { nodes: { c: {} } } }, ")),
        step(facts=[("dev", "development-b")])),
    story("a machine less on a live cluster", "k3s-fleet", step((DEVELOPMENT, "nodes: { a: {}, b: {} }", "nodes: { a: {} }"), hurts=["hazardous-change", "resources-destroyed"])),
    story("a seventh cluster on a live hub", "k3s-fleet",
        step((DEVELOPMENT, "  development-c: {", DEVELOPMENT_D + "  development-c: {"), (PRODUCTS, "  sso:\n", "  product-d: { inherits: product, environments: { dev: { placement: development-d } } }\n  sso:\n")),
        step(facts=[("dev", "development-d")])),
    story("K3s is upgraded, dev first", "k3s-fleet",
        step((DEVELOPMENT, "    onlyIn: [dev]\n", "    onlyIn: [dev]\n    version: v1.35.1+k3s1\n")),
        step((DEVELOPMENT, "    version: v1.35.1+k3s1\n", ""), (BASE, "v1.34.3+k3s1", "v1.35.1+k3s1"))),
    story("an application moves to another cluster", "k3s-fleet",
        step((PRODUCTS, "  sso:\n    inherits: product\n    environments: { dev: { placement: development-a } }", "  sso:\n    inherits: product\n    environments: { dev: { placement: development-b } }"),
            refused=["data-without-word"]),
        # On both, then off the one by its word, then that is no longer said.
        step((PRODUCTS, "placement: development-b } }\n    applications", "placement: [development-a, development-b] } }\n    applications")),
        step((PRODUCTS, "placement: [development-a, development-b] } }\n    applications", "placement: [development-a, development-b], clusters: { development-a: { enabled: false } } } }\n    applications"), says=["kubectl delete namespace sso-dev"]),
        step((PRODUCTS, "placement: [development-a, development-b], clusters: { development-a: { enabled: false } } } }\n    applications", "placement: development-b } }\n    applications"))),
    story("each cluster gets an Argo CD of its own", "k3s-fleet",
        step(("platform.yaml", "  argocd: { hub: infra }\n", ""), ("services/hub.yaml", "argo-cd: { inherits: on-hub }", "argo-cd: { inherits: everywhere }"), hurts=["applied-by-hand", "argo-cd-moves", "replaced-by-name"])),
    story("a product's database is another one, side by side", "k3s-fleet",
        step(("teams/c/applications.yaml", "      db: { class: postgres-cnpg }\n", "      db: { class: postgres-cnpg }\n      store: { class: postgres-cnpg, storage: 20Gi }\n"))
        ,step(("teams/c/applications.yaml", "dashboard-api: { tag: 1.31.0, uses: [db] }", "dashboard-api: { tag: 1.31.0, uses: [store] }"), ("teams/c/applications.yaml", "* *\", uses: [db] }", "* *\", uses: [store] }")),
        step(("teams/c/applications.yaml", "      db: { class: postgres-cnpg }\n", "      db: { class: postgres-cnpg, enabled: false }\n")),
        step(("teams/c/applications.yaml", "      db: { class: postgres-cnpg, enabled: false }\n", ""))),
    story("a product is renamed", "k3s-fleet", step((PRODUCTS, "  product-c: { ", "  product-x: { identity: product-c, "), ("platform.yaml", "teams/c/**: { tenant: product-c }", "teams/c/**: { tenant: product-x }"), ("teams/c/applications.yaml", "  product-c:\n", "  product-x:\n"))),
]

CLOUD = "platform.yaml"
MULTI_CLOUD = [
    story("Kubernetes of one cloud is upgraded, one environment first", "kubestack/multi-cloud",
        step((CLOUD, "    nodePools: { default: { instanceTypes: [t3a.xlarge] } }\n", "    nodePools: { default: { instanceTypes: [t3a.xlarge] } }\n    environments: { ops: { version: \"1.37\" } }\n")),
        step((CLOUD, "    environments: { ops: { version: \"1.37\" } }\n", "    version: \"1.37\"\n"))),
    story("a cluster that inherits from a cluster", "kubestack/multi-cloud",
        step((CLOUD, "  azure0:\n", "  aws1:\n    inherits: aws0\n    region: eu-central-1\n    zones: [eu-central-1a, eu-central-1b, eu-central-1c]\n    onlyIn: [apps-prd]\n  azure0:\n"))),
    story("larger machines on all clouds, side by side", "kubestack/multi-cloud",
        step((CLOUD, "nodePools: { default: {}, extra: { inherits: default } }", "nodePools: { default: {}, extra: { inherits: default }, large: { inherits: default } }"))),
    story("a pool of a cloud gets other machines", "kubestack/multi-cloud",
        step((CLOUD, "[e2-standard-8]", "[n2d-standard-8]"), hurts=["hazardous-change"])),
    story("a new root environment on three clouds", "kubestack/multi-cloud",
        step((CLOUD, "environments:\n  apps-prd", "environments:\n  lab: { argocd: { revision: lab } }\n  apps-prd"))),
    story("a cloud is left", "kubestack/multi-cloud",
        step((CLOUD, """  azure0:
    class: aks
    region: westeurope
    zones: ["1", "2", "3"]
    access: { platform: { principalId: 11111111-1111-1111-1111-111111111111, role: Azure Kubernetes Service RBAC Cluster Admin } }
    nodePools: { default: { instanceTypes: [Standard_D4as_v5] } }
""", ""), refused=["data-without-word"])),
]

ISTIO = [
    story("a mesh's second way in, side by side", "eks-istio",
        step(("services.toml", "[services.argo-rollouts]\n", "[services.inside]\nclass = \"istio-gateway\"\nnamespace = \"istio-inside\"\ndomains = [\"*.in.${cluster.fqdn}\"]\nissuer = \"letsencrypt\"\n\n[services.argo-rollouts]\n"),
            ("applications.yaml", "        class: rollout\n", "        class: rollout\n        ingress: ingress\n"))),
    story("a database moves out of the cluster, side by side", "eks-istio",
        step(("cluster.yaml", "infrastructure:\n", "infrastructure:\n  articles: { class: rds-postgres, owner: g11, storage: 100Gi }\n")),
        step(("applications.yaml", "    values: { replicas: 3, database: { secret: \"${tenant.applications.db.outputs.secret}\" } }\n", "    values: { replicas: 3, database: { secret: articles } }\n"), ("applications.yaml", "      db:\n        class", "      db:\n        enabled: false\n        class")),
        step(("applications.yaml", "\n      db:\n        enabled: false\n        class: postgres-crunchy\n        storage: 100Gi\n        environments: { stg: { replicas: 1, storage: 20Gi } }\n", "\n"), ("platform.yaml", "    - { path: tenants.g11.applications.db.storage }\n", ""))),
    story("Kubernetes is upgraded, staging first", "eks-istio",
        step(("cluster.yaml", "      stg:\n        network", "      stg:\n        version: \"1.37\"\n        network")),
        step(("cluster.yaml", "        version: \"1.37\"\n", ""), ("cluster.yaml", "    class: eks\n", "    class: eks\n    version: \"1.37\"\n"))),
    story("what readers upload gets another file system", "eks-istio",
        step(("cluster.yaml", "  media: { class: efs, ", "  media: { identity: uploads, class: efs, "), refused=["data-without-word"])),
]

OCEAN = [
    story("a cache that is managed, side by side", "digitalocean",
        step(("infrastructure.yaml", "  # Images that users send.\n", "  sessions: { class: digitalocean-valkey, region: fra1, owner: back, allowClusters: [main] }\n  # Images that users send.\n")),
        step(("applications.yaml", "uses: [cache, pictures]", "uses: [sessions, pictures]"), ("applications.yaml", "connectsTo: [tenants.back.applications.ii, tenants.back.applications.cache]", "connectsTo: [tenants.back.applications.ii]"), ("applications.yaml", "      cache: { ", "      cache: { enabled: false, "))),
    # Which release it is only the cloud knows; an older one would be another cluster.
    story("Kubernetes of DigitalOcean is upgraded, dev first", "digitalocean",
        step(("cluster.yaml", "      dev:\n", "      dev:\n        version: \"1.35\"\n")),
        step(("cluster.yaml", "        version: \"1.35\"\n", ""), ("cluster.yaml", "version: \"1.34\"", "version: \"1.35\""))),
    story("a pool's machines are larger", "digitalocean", step(("cluster.yaml", "default: { instanceTypes: [s-4vcpu-8gb]", "default: { instanceTypes: [s-8vcpu-16gb]"), hurts=["replaced-resource"])),
    story("an ingress beside the other", "digitalocean", step(("services.toml", "[services.metrics-server]\n", "[services.traefik]\n\n[services.metrics-server]\n"),
        ("platform.toml", "[platform.defaults.tenants]\n", "[platform.defaults.applications]\ningress = \"ingress-nginx\"\n\n[platform.defaults.tenants]\n"))),
    story("a bucket is renamed", "digitalocean", step(("infrastructure.yaml", "  backups:\n", "  copies:\n    identity: backups\n"))),
    story("a bucket leaves", "digitalocean",
        step(("infrastructure.yaml", "  pictures: {", "  pictures: { forceDestroy: true,")),
        step(("infrastructure.yaml", "  pictures: { forceDestroy: true,", "  pictures: { enabled: false,"), ("applications.yaml", "uses: [cache, pictures]", "uses: [cache]"), hurts=["resources-destroyed"])),
]

CUSTOMERS = [
    story("a customer as all others, with its facts", "customers",
        step(("customers/hooli.yaml", "", "tenants:\n  hooli:\n    contact: it@hooli.example.com\n    release: 8.0.1\n")),
        step(facts=[("ops", "hooli"), ("apps", "hooli")])),
    story("a customer's database grows, then shrinks", "customers",
        step(("customers/initech.yaml", "storage: 200Gi", "storage: 300Gi")),
        step(("customers/initech.yaml", "storage: 300Gi", "storage: 100Gi"), hurts=["refused-change"])),
    story("a cluster is split in two, and a customer moves", "customers",
        step(("platform.yaml", "services:\n  tenant-policies", "  gc1: { inherits: gc0, network: { cidr: 10.1.0.0/16 } }\n\nservices:\n  tenant-policies"), ("platform.yaml", "    tenants: { class: customer }", "    tenants: { class: customer, placement: [gc0] }")),
        step(("customers/globex.yaml", "  globex:\n", "  globex:\n    placement: [gc1]\n"), refused=["data-without-word"]),
        step(("customers/globex.yaml", "    placement: [gc1]\n", "    placement: [gc0, gc1]\n")),
        step(("customers/globex.yaml", "    placement: [gc0, gc1]\n", "    placement: [gc0, gc1]\n    clusters: { gc0: { enabled: false } }\n"), says=["kubectl delete namespace globex-main"]),
        step(("customers/globex.yaml", "    placement: [gc0, gc1]\n    clusters: { gc0: { enabled: false } }\n", "    placement: [gc1]\n"))),
]

STORIES = [*DSENV, *FLEET, *MULTI_CLOUD, *ISTIO, *OCEAN, *CUSTOMERS]
