#!/usr/bin/env python3
"""Makes the tables in `data/` from published schemas. Needs Python 3.9 and nothing else; README.md says where the schemas come from.

    generate.py FOLDER            writes all tables from the schemas in a folder
    generate.py FOLDER --check    writes nothing, and says which tables are not what it would write
"""

import argparse
import gzip
import hashlib
import json
import pathlib
import sys

# What platform teams write, by `apiVersion`. Kinds that are not listed are not checked.
KINDS = {
    "v1": "ConfigMap LimitRange Namespace PersistentVolume PersistentVolumeClaim Pod ResourceQuota Secret Service ServiceAccount",
    "apps/v1": "DaemonSet Deployment ReplicaSet StatefulSet",
    "admissionregistration.k8s.io/v1": "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding"
    " ValidatingWebhookConfiguration",
    "argoproj.io/v1alpha1": "AnalysisTemplate Application ApplicationSet AppProject ClusterAnalysisTemplate Rollout",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "batch/v1": "CronJob Job",
    "bitnami.com/v1alpha1": "SealedSecret",
    "cert-manager.io/v1": "Certificate ClusterIssuer Issuer",
    "cilium.io/v2": "CiliumClusterwideNetworkPolicy CiliumNetworkPolicy",
    "external-secrets.io/v1": "ClusterExternalSecret ClusterSecretStore ExternalSecret SecretStore",
    "gateway.networking.k8s.io/v1": "Gateway GatewayClass HTTPRoute",
    "helm.toolkit.fluxcd.io/v2": "HelmRelease",
    "kustomize.toolkit.fluxcd.io/v1": "Kustomization",
    "metallb.io/v1beta1": "BGPAdvertisement IPAddressPool L2Advertisement",
    "metallb.io/v1beta2": "BGPPeer",
    "monitoring.coreos.com/v1": "PodMonitor PrometheusRule ServiceMonitor",
    "networking.istio.io/v1": "DestinationRule Gateway ServiceEntry Sidecar VirtualService",
    "networking.k8s.io/v1": "Ingress IngressClass NetworkPolicy",
    "policy/v1": "PodDisruptionBudget",
    "postgres-operator.crunchydata.com/v1": "PostgresCluster",
    "postgresql.cnpg.io/v1": "Cluster ScheduledBackup",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io/v1": "PriorityClass",
    "security.istio.io/v1": "AuthorizationPolicy PeerAuthentication RequestAuthentication",
    "source.toolkit.fluxcd.io/v1": "GitRepository HelmRepository OCIRepository",
    "storage.k8s.io/v1": "StorageClass VolumeAttributesClass",
    "telemetry.istio.io/v1": "Telemetry",
    "traefik.io/v1alpha1": "IngressRoute IngressRouteTCP Middleware TLSOption TLSStore",
    "velero.io/v1": "BackupStorageLocation Schedule VolumeSnapshotLocation",
}

# The oldest and the newest minor version of Kubernetes that is supported.
MINORS = ("1.32", "1.36")

# Providers of Terraform whose resources are checked, and those of which it is only known what they call sensitive.
CHECKED = "aws azurerm digitalocean google hcloud helm kubernetes local null opennebula random scaleway time tls vsphere".split()
ONLY_SENSITIVE = "cloudinit kustomization".split()

# Sources whose licence is not Apache-2.0.
LICENCES = {"traefik/traefik": "MIT"}

# Keys of items that may be left out, where the schema does not say so.
DEFAULTS = {"protocol": "TCP"}

QUANTITY = "numkMGTPE"
SIMPLE = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean", "bool": "boolean", "dynamic": "any"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schemas", type=pathlib.Path, metavar="FOLDER", help="with schemas/ and terraform/")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    data = pathlib.Path(__file__).parent / "data"
    tables = {"kubernetes.txt": from_kubernetes(Inputs(given.schemas))}
    for provider in sorted(CHECKED + ONLY_SENSITIVE):
        if table := from_terraform(Inputs(given.schemas), provider):
            tables[f"terraform/{provider}.txt"] = table
    # `terraform/terraform.txt` is written by hand.
    other = sorted({path.relative_to(data).as_posix() for path in data.rglob("*.txt")} - {*tables, "terraform/terraform.txt"})
    if given.check:
        stale = [name for name, lines in tables.items() if not (data / name).exists() or (data / name).read_text() != text(lines)]
        sys.exit("\n".join([f"{name} is not what generate.py makes" for name in stale] + [f"nothing makes {name}" for name in other]) or 0)
    for name in other:
        (data / name).unlink()
    for name, lines in tables.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(text(lines))


def text(lines):
    return "\n".join(lines) + "\n"


class Inputs:
    """A folder of schemas, and the digests of those that were read."""

    def __init__(self, folder):
        self.folder = folder
        self.digests = {}

    def read(self, path):
        data = (self.folder / path).read_bytes()
        self.digests[path] = hashlib.sha256(data).hexdigest()
        return json.loads(gzip.decompress(data) if path.endswith(".gz") else data)

    def lines(self):
        return ["# Made from:", *(f"#   {path} sha256:{digest}" for path, digest in sorted(self.digests.items()))]


# A type is a tuple: ("string",), ("[]", type), ("{}", type), or ("record", fields, open) with fields ((name, type, flags), …).


class Named:
    """Records that occur more than once, each under the name it has in the source or the path where it was first met."""

    def __init__(self):
        self.names = {}
        self.count = {}

    def meet(self, node, path, name=None):
        if node[0] in ("[]", "{}"):
            self.meet(node[1], path)
        if node[0] != "record":
            return
        self.count[node] = self.count.get(node, 0) + 1
        if name:
            self.names.setdefault(node, name)
        if self.count[node] == 1:
            for field, inner, _ in node[1]:
                self.meet(inner, f"{path}.{field}")
            self.names.setdefault(node, path)

    def shared(self, node):
        return self.count[node] > 1 and len(node[1]) > 1

    def body(self, node, indent):
        lines = []
        for name, inner, flags in sorted(node[1]):
            prefix = ""
            while inner[0] in ("[]", "{}"):
                prefix, inner = prefix + inner[0], inner[1]
            nested = inner[0] == "record" and not self.shared(inner)
            if inner[0] == "record":
                word = ("open" if inner[2] else "record") if nested else self.names[inner]
            else:
                word = inner[0]
            lines.append(" ".join([indent + name, prefix + word, *flags]))
            if nested:
                lines += self.body(inner, indent + " ")
        return lines

    def section(self, title, node):
        return [f"{title} open" if node[2] else title, *self.body(node, " ")]

    def types(self):
        shared = sorted((self.names[node], node) for node in self.count if self.shared(node))
        assert len({name for name, _ in shared}) == len(shared), "two types have one name"
        return [line for name, node in shared for line in self.section(f"type {name}", node)]


class Kubernetes:
    """Definitions of several minor versions: a field counts if one of them has it, and is required if all that have the type say so."""

    def __init__(self, documents):
        self.documents = documents
        self.memo = {}
        self.origin = {}

    def definition(self, name):
        if name not in self.memo:
            self.memo[name] = None
            found = [document["definitions"][name] for document in self.documents if name in document["definitions"]]
            merged = dict(found[-1])
            if "properties" in merged:
                merged["properties"] = {key: value for one in found for key, value in one.get("properties", {}).items()}
                merged["required"] = [key for key in merged.get("required", []) if all(key in one.get("required", []) for one in found)]
            node = self.node(merged)
            self.memo[name] = node
            if node[0] == "record":
                self.origin.setdefault(node, name.split(".")[-1])
        assert self.memo[name] is not None, f"{name} holds itself"
        return self.memo[name]

    def node(self, schema):
        if "$ref" in schema:
            name = schema["$ref"].split("/")[-1]
            last = name.split(".")[-1]
            if last == "Quantity":
                return ("quantity",)
            if last in ("JSON", "RawExtension", "FieldsV1", "Unstructured"):
                return ("any",)
            return self.definition(name)
        if schema.get("x-kubernetes-int-or-string") or schema.get("format") == "int-or-string":
            return ("quantity",) if QUANTITY in schema.get("pattern", "") else ("int-or-string",)
        kept = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
        properties, values = schema.get("properties"), schema.get("additionalProperties")
        if properties:
            required = [key for key in schema.get("required", []) if "default" not in properties.get(key, {})]
            flags = lambda key, value: (("required",) if key in required else ()) + self.keys(value)
            fields = [(key, self.node(value), flags(key, value)) for key, value in properties.items()]
            return ("record", tuple(sorted(fields)), kept or bool(values))
        if isinstance(values, dict):
            return ("{}", self.node(values))
        if schema.get("type") == "array":
            return ("[]", self.node(schema.get("items", {})))
        if schema.get("type") == "object":
            return ("any",) if kept else ("object",)
        if kept or schema.get("type") not in SIMPLE:
            return ("any",)
        return (SIMPLE[schema["type"]],)

    def keys(self, schema):
        """By what the items of a list are told apart, as servers do when they apply, or else when they patch."""
        keys = schema.get("x-kubernetes-list-map-keys", []) if schema.get("x-kubernetes-list-type") == "map" else []
        if not keys and "x-kubernetes-patch-merge-key" in schema:
            keys = [schema["x-kubernetes-patch-merge-key"]]
        if schema.get("type") != "array" or not keys:
            return ()
        items = schema.get("items", {})
        properties = items.get("properties", {}) or self.properties(items)
        default = lambda key: properties.get(key, {}).get("default") or DEFAULTS.get(key)
        return ("by:" + ",".join(f"{key}={default(key)}" if default(key) else key for key in keys),)

    def properties(self, schema):
        name = schema.get("$ref", "").split("/")[-1]
        found = [document["definitions"][name] for document in self.documents if name in document["definitions"]]
        return found[-1].get("properties", {}) if found else {}

    def root(self, node, metadata):
        """What an author writes: the metadata of all objects, and no status."""
        known = {"apiVersion": ("string",), "kind": ("string",), "metadata": metadata, "status": ("any",)}
        fields = {name: (name, known.get(name, inner), flags) for name, inner, flags in node[1]}
        for name in ("apiVersion", "kind", "metadata"):
            fields[name] = (name, known[name], ())
        return ("record", tuple(sorted(fields.values())), node[2])


def from_kubernetes(inputs):
    documents = [inputs.read(f"schemas/kubernetes/k8s-{minor}.json.gz") for minor in MINORS]
    # It says where each comes from, and changes with every other one: what is read of it stands in the table.
    index = {entry["file"].split("/")[-1]: entry for entry in json.loads((inputs.folder / "schemas/crd/index.json").read_bytes())}
    source = Kubernetes(documents)
    builtin = {}
    for document in documents:
        for name, schema in document["definitions"].items():
            for kind in schema.get("x-kubernetes-group-version-kind", []):
                version = f"{kind['group']}/{kind['version']}" if kind["group"] else kind["version"]
                builtin[version, kind["kind"]] = name
    metadata = source.definition("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")
    metadata = ("record", tuple(field if field[0] != "managedFields" else (field[0], ("any",), ()) for field in metadata[1]), False)
    source.origin[metadata] = "ObjectMeta"
    kinds, used, origins = {}, set(), {}
    minors = " to ".join(MINORS)
    for version, names in KINDS.items():
        for kind in names.split():
            if (version, kind) in builtin:
                node = source.definition(builtin[version, kind])
                origins[version] = f"Kubernetes {minors}"
            else:
                file = f"{version.replace('/', '_')}_{kind}.json"
                node = source.node(inputs.read(f"schemas/crd/{file}"))
                entry = index[file]
                licence = LICENCES.get(entry["source"], "Apache-2.0")
                used.add(f"#   {entry['source']} {entry['ref']}, {entry['path']}: {licence}")
                origins[version] = f"{entry['source'].split('/')[-1]} {entry['ref']}"
            kinds[version, kind] = source.root(node, metadata)
    named = Named()
    for (version, kind), node in kinds.items():
        for name, inner, _ in node[1]:
            meet(named, source.origin, inner, f"{kind}.{name}")
    lines = [
        "# Fields of Kubernetes objects. Made by generate.py, see README.md; do not edit.",
        "# Origin and licence:",
        f"#   kubernetes/kubernetes {minors}, OpenAPI document: Apache-2.0",
        *sorted(used),
        *inputs.lines(),
        *(f"origin {version} {release}" for version, release in sorted(origins.items())),
    ]
    for (version, kind), node in sorted(kinds.items()):
        lines += named.section(f"kind {version} {kind}", node)
    return lines + named.types()


def meet(named, origin, node, path):
    """Meets a type and everything in it, under the names that its source has for it."""
    taken = set()

    def names(node):
        if node[0] in ("[]", "{}"):
            names(node[1])
        elif node[0] == "record" and node not in taken:
            taken.add(node)
            if node in origin and node not in named.names and origin[node] not in named.names.values():
                named.names[node] = origin[node]
            for _, inner, _ in node[1]:
                names(inner)

    names(node)
    named.meet(node, path)


def from_terraform(inputs, name):
    provider = provider_of(inputs.read(f"terraform/{name}.json"), name)
    sensitive = sensitive_lines(provider, name)
    sections = sections_of(provider, name) if name in CHECKED else []
    if not sections and not sensitive:
        return None
    named = Named()
    for title, node in sections:
        for field, inner, _ in node[1]:
            named.meet(inner, f"{title.replace(' ', '.')}.{field}")
    release = f"{provider['source']} {provider.get('version', '')}".rstrip()
    what = "Arguments and attributes of" if name in CHECKED else "What is sensitive in"
    lines = [
        f"# {what} Terraform resources of {release}. Made by generate.py, see README.md; do not edit.",
        "# Origin and licence: the schema of the provider, MPL-2.0.",
        *inputs.lines(),
        f"origin {name} {release}",
    ]
    for title, node in sections:
        lines += named.section(title, node)
    return lines + named.types() + sensitive


def sections_of(provider, name):
    groups = (("resource", provider.get("resources", {})), ("data", provider.get("data_sources", {})))
    sections = [(f"{word} {type_}", record(schema)) for word, schemas in groups for type_, schema in sorted(schemas.items())]
    own = provider.get("provider_config", {})
    return sections + ([(f"provider {name}", record(own))] if own.get("attributes") or own.get("blocks") else [])


def provider_of(document, name):
    """A provider of a document: `terraform providers schema -json`, or one provider in the flat form of README.md."""
    if "provider_schemas" not in document:
        return document
    address, schema = next(one for one in document["provider_schemas"].items() if one[0].split("/")[-1] == name)
    flat = lambda group: {type_: flatten(one["block"]) for type_, one in schema.get(group, {}).items()}
    return {
        "source": address.removeprefix("registry.terraform.io/"),
        "resources": flat("resource_schemas"),
        "data_sources": flat("data_source_schemas"),
        "provider_config": flatten(schema.get("provider", {}).get("block", {})),
    }


def sensitive_lines(provider, name):
    """Arguments and attributes that a provider calls sensitive or write-only, by resource, data source and provider."""
    lines = []
    for word, section in (("resource", "resources"), ("data", "data_sources")):
        for type_, block in sorted(provider.get(section, {}).items()):
            lines += [" ".join(["sensitive", word, type_, *found])] if (found := sensitive_paths(block)) else []
    if found := sensitive_paths(provider.get("provider_config", {})):
        lines.append(" ".join(["sensitive", "provider", name, *found]))
    return lines


def sensitive_paths(block, before=""):
    found = []
    for name, one in sorted(block.get("attributes", {}).items()):
        if one.get("sensitive") or one.get("write_only"):
            found.append(before + name)
        elif isinstance(one["type"], dict):
            found += sensitive_paths(one["type"], f"{before}{name}.")
    for name, inner in sorted(block.get("blocks", {}).items()):
        found += [before + name] if inner.get("sensitive") else sensitive_paths(inner, f"{before}{name}.")
    return found


def flatten(block):
    attributes = {}
    for name, attribute in block.get("attributes", {}).items():
        attributes[name] = {**attribute, "type": attribute.get("nested_type") or attribute["type"]}
        if "nesting_mode" in (attribute.get("nested_type") or {}):
            nested = attribute["nested_type"]
            attributes[name]["type"] = {"nesting": nested["nesting_mode"], **flatten(nested)}
    blocks = {}
    for name, inner in block.get("block_types", {}).items():
        blocks[name] = {"nesting": inner["nesting_mode"], "min": inner.get("min_items", 0), **flatten(inner["block"])}
    return {"attributes": attributes, "blocks": blocks}


def record(schema):
    fields = [(name, argument(one["type"]), flags(one)) for name, one in schema.get("attributes", {}).items()]
    for name, block in schema.get("blocks", {}).items():
        wanted = ["block", block["nesting"]] + (["required"] if block.get("min") else []) + (["computed"] if block.get("computed") else [])
        wanted += replaces(block)
        fields.append((name, record(block), tuple(wanted)))
    return ("record", tuple(sorted(fields)), False)


def argument(kind):
    if isinstance(kind, str):
        return (SIMPLE[kind],)
    if isinstance(kind, dict):
        inner = record(kind)
        return {"single": inner, "map": ("{}", inner)}.get(kind["nesting"], ("[]", inner))
    if kind[0] == "object":
        return ("record", tuple(sorted((name, argument(inner), ()) for name, inner in kind[1].items())), False)
    if kind[0] == "tuple":
        return ("[]", ("any",))
    return ("{}" if kind[0] == "map" else "[]", argument(kind[1]))


def flags(attribute):
    if attribute.get("required"):
        found = ["required"]
    elif attribute.get("computed"):
        found = ["computed"] if attribute.get("optional") else ["readonly"]
    else:
        found = []
    kind = attribute["type"]
    is_set = kind[0] == "set" if isinstance(kind, list) else isinstance(kind, dict) and kind.get("nesting") == "set"
    return tuple(found + replaces(attribute) + (["unordered"] if is_set else []))


def replaces(one):
    return {True: ["replaces"], "conditional": ["may-replace"]}.get(one.get("force_new"), [])


if __name__ == "__main__":
    main()
