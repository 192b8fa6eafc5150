"""What a hostile tenant tries. Each row has the number it has in docs/tenants.md, what it does, and the objects; `{}` stands for nothing. In `git` rows the objects lie in a
repository of the tenant and Argo CD is to install them; in `kubectl` rows a person of the tenant applies them; `verb` rows ask the API server whether such a person may."""

NS = "mallory-web"

def meta(name, namespace=NS, **more):
    return {"name": name, **({"namespace": namespace} if namespace else {}), **more}

def pod(**spec):
    secure = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    resources = spec.pop("resources", {})
    return {"containers": [{"name": "main", "image": "main", "securityContext": secure, "resources": resources}], **spec}

def one(api, kind, name, namespace=NS, metadata={}, **fields):
    return {"apiVersion": api, "kind": kind, "metadata": meta(name, namespace, **metadata), **fields}

def ingress(name, namespace=NS, annotations={}, host="mallory.example.com", tls=None, **spec):
    backend = {"service": {"name": "x", "port": {"number": 80}}}
    rule = {"http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}, **({"host": host} if host else {})}
    return one("networking.k8s.io/v1", "Ingress", name, namespace, {"annotations": annotations} if annotations else {},
               spec={"rules": [rule], **({"tls": tls} if tls else {}), **spec})

def binding(name, namespace, role, user="mallory", kind="ClusterRole"):
    return one("rbac.authorization.k8s.io/v1", "RoleBinding", name, namespace, roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role},
               subjects=[{"kind": "Group", "name": user, "apiGroup": "rbac.authorization.k8s.io"}])

def config(name, namespace=NS, **metadata):
    return one("v1", "ConfigMap", name, namespace, metadata, data={"text": "theirs"})

NGINX = "nginx.ingress.kubernetes.io/"
DNS = "external-dns.alpha.kubernetes.io/hostname"
TRACK = "argocd.argoproj.io/tracking-id"
HOOK = {"annotations": {"argocd.argoproj.io/hook": "PreSync"}}

GIT = [
    (1, [binding("owner", NS, "cluster-admin")]),
    # Without anything else Argo CD would never begin a sync, and hooks never run.
    (2, [{**binding("owner-hook", NS, "cluster-admin"), "metadata": meta("owner-hook", **HOOK)}, config("beside-2")]),
    (3, [one("rbac.authorization.k8s.io/v1", "Role", "tenant-edit", rules=[{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}])]),
    (4, [one("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "mallory-owner", None, roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
             subjects=[{"kind": "Group", "name": "mallory-leads", "apiGroup": "rbac.authorization.k8s.io"}])]),
    (5, [one("v1", "Namespace", "mallory-web", None, {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}})]),
    (6, [one("networking.k8s.io/v1", "NetworkPolicy", "deny-all", spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": [{}], "egress": [{}]})]),
    (7, [one("networking.k8s.io/v1", "NetworkPolicy", "all-out", spec={"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]})]),
    (8, [one("v1", "ResourceQuota", "tenant", spec={"hard": {"pods": "9999"}})]),
    (9, [one("v1", "LimitRange", "mine", spec={"limits": [{"type": "Container", "default": {"cpu": "64"}}]})]),
    (10, [one("v1", "PersistentVolume", "mallory-volume", None, spec={"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/"}})]),
    (11, [one("scheduling.k8s.io/v1", "PriorityClass", "mallory-first", None, value=1000000)]),
    (12, [one("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "mallory-hook", None, webhooks=[])]),
    (13, [{"apiVersion": "v1", "kind": "List", "items": [binding("owner-list", NS, "cluster-admin")]}]),
    (14, [one("argoproj.io/v1alpha1", "Application", "mallory-app", "argocd", spec={"project": "platform", "source": {"repoURL": "https://git.example.com/mallory/evil.git", "path": "x"},
                                                                                 "destination": {"name": "in-cluster", "namespace": "kube-system"}})]),
    (15, [one("argoproj.io/v1alpha1", "Application", "mallory-own", NS, spec={"project": "platform", "source": {"repoURL": "https://git.example.com/mallory/evil.git", "path": "x"},
                                                                            "destination": {"name": "in-cluster", "namespace": "kube-system"}})]),
    (16, [one("discovery.k8s.io/v1", "EndpointSlice", "theirs", addressType="IPv4", endpoints=[{"addresses": ["10.0.0.1"]}], ports=[{"port": 80}])]),
    (17, [one("v1", "Endpoints", "theirs", subsets=[{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}])]),
    (18, [one("monitoring.coreos.com/v1", "ServiceMonitor", "reader", spec={"endpoints": [{"bearerTokenFile": "/var/run/secrets/kubernetes.io/serviceaccount/token"}]})]),
    (19, [one("monitoring.coreos.com/v1", "PrometheusRule", "noise", spec={})]),
    (20, [one("acme.cert-manager.io/v1", "Challenge", "mine", spec={})]),
    (21, [one("external-secrets.io/v1", "PushSecret", "push", spec={})]),
    (22, [config("theirs", "honest-web")]),
    (23, [{**config("theirs-hook", "honest-web"), "metadata": meta("theirs-hook", "honest-web", **HOOK)}, config("beside-23")]),
    (24, [config("settings", "monitoring")]),
    (25, [ingress("foreign-git", host="shop.example.com")]),
    (26, [one("cert-manager.io/v1", "Certificate", "foreign-git", spec={"dnsNames": ["shop.example.com"], "secretName": "x", "issuerRef": {"name": "x"}})]),
    (27, [one("v1", "Pod", "root-git", spec={"containers": [{"name": "main", "image": "main", "securityContext": {"privileged": True}}]})]),
    (28, [config("final-git", finalizers=["example.com/never"])]),
    (29, [one("rbac.authorization.k8s.io/v1", "ClusterRole", "mallory-aggregated", None, {"labels": {"rbac.authorization.k8s.io/aggregate-to-edit": "true"}}, rules=[])]),
    (30, [one("apiextensions.k8s.io/v1", "CustomResourceDefinition", "evils.example.com", None, spec={"group": "example.com", "scope": "Namespaced", "names": {"plural": "evils", "singular": "evil", "kind": "Evil"},
             "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}]})]),
    (31, [one("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "acme-tenant-pod", None, spec={"policyName": "acme-tenant-pod", "validationActions": ["Audit"]})]),
    (32, [one("argoproj.io/v1alpha1", "AppProject", "tenant-mallory", "argocd", spec={"sourceRepos": ["*"], "destinations": [{"server": "*", "namespace": "*"}], "clusterResourceWhitelist": [{"group": "*", "kind": "*"}]})]),
]

KUBECTL = [
    (33, [config("frozen", finalizers=["example.com/never"], annotations={TRACK: "monitoring:/ConfigMap:mallory-web/frozen"})]),
    (34, [config("tracked", annotations={TRACK: "monitoring:/ConfigMap:mallory-web/tracked"})]),
    (35, [config("final", finalizers=["example.com/never"])]),
    (36, [one("networking.k8s.io/v1", "NetworkPolicy", "all", spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": [{}], "egress": [{}]})]),
    (37, [one("networking.k8s.io/v1", "NetworkPolicy", "deny-all", spec={"podSelector": {"matchLabels": {"a": "b"}}, "policyTypes": ["Ingress"]})]),
    (38, [one("networking.k8s.io/v1", "NetworkPolicy", "owned", metadata={"labels": {"infra.example.com/owner": "platform"}}, spec={"podSelector": {}, "policyTypes": ["Ingress"]})]),
    (39, [one("v1", "Service", "alias", spec={"type": "ExternalName", "externalName": "shop.honest-web.svc.cluster.local"})]),
    (40, [one("v1", "Service", "address", spec={"externalIPs": ["10.0.0.1"], "ports": [{"port": 80}]})]),
    (41, [one("v1", "Service", "balancer", spec={"type": "LoadBalancer", "ports": [{"port": 80}]})]),
    (42, [one("v1", "Service", "port", spec={"type": "NodePort", "ports": [{"port": 80}]})]),
    (43, [one("v1", "Service", "named", metadata={"annotations": {DNS: "shop.example.com"}}, spec={"ports": [{"port": 80}]})]),
    (44, [ingress("foreign", host="shop.example.com")]),
    (45, [ingress("below", host="a.honest.example.com")]),
    (46, [ingress("star", host="*.example.com")]),
    (47, [ingress("nameless", host=None)]),
    (48, [ingress("default", defaultBackend={"service": {"name": "x", "port": {"number": 80}}})]),
    (49, [ingress("tls", tls=[{"hosts": ["shop.example.com"], "secretName": "x"}])]),
    (50, [ingress("tls-nameless", tls=[{"secretName": "x"}])]),
    (51, [ingress("alias", annotations={NGINX + "server-alias": "shop.example.com"})]),
    (52, [ingress("auth", annotations={NGINX + "auth-url": "https://mallory.example.com"})]),
    (53, [ingress("snippet", annotations={NGINX + "configuration-snippet": "x"})]),
    (54, [ingress("foreign-secret", annotations={NGINX + "auth-tls-secret": "honest-web/x"})]),
    (55, [ingress("dns", annotations={DNS: "shop.example.com"})]),
    (56, [ingress("middleware", annotations={"traefik.ingress.kubernetes.io/router.middlewares": "honest-web-x@kubernetescrd"})]),
    (57, [ingress("group", annotations={"alb.ingress.kubernetes.io/group.name": "honest"})]),
    (58, [one("cert-manager.io/v1", "Certificate", "foreign", spec={"dnsNames": ["shop.example.com"], "secretName": "x", "issuerRef": {"name": "x"}})]),
    (59, [one("cert-manager.io/v1", "Certificate", "common", spec={"commonName": "shop.example.com", "secretName": "x", "issuerRef": {"name": "x"}})]),
    (60, [one("cert-manager.io/v1", "Certificate", "authority", spec={"dnsNames": ["mallory.example.com"], "isCA": True, "secretName": "x", "issuerRef": {"name": "x"}})]),
    (61, [one("cert-manager.io/v1", "CertificateRequest", "request", spec={"request": "eA==", "issuerRef": {"name": "x"}})]),
    (62, [one("gateway.networking.k8s.io/v1", "HTTPRoute", "foreign", spec={"hostnames": ["shop.example.com"]})]),
    (63, [one("gateway.networking.k8s.io/v1", "HTTPRoute", "nameless", spec={})]),
    (64, [one("external-secrets.io/v1", "ExternalSecret", "foreign", spec={"data": [{"secretKey": "x", "remoteRef": {"key": "honest/database"}}]})]),
    (65, [one("external-secrets.io/v1", "ExternalSecret", "dots", spec={"data": [{"secretKey": "x", "remoteRef": {"key": "mallory/../honest/database"}}]})]),
    (66, [one("external-secrets.io/v1", "ExternalSecret", "find", spec={"dataFrom": [{"find": {"name": {"regexp": ".*"}}}]})]),
    (67, [one("v1", "Pod", "privileged", spec={"containers": [{"name": "main", "image": "main", "securityContext": {"privileged": True}}]})]),
    (68, [one("v1", "Pod", "host", spec=pod(hostNetwork=True))]),
    (69, [one("v1", "Pod", "path", spec=pod(volumes=[{"name": "x", "hostPath": {"path": "/"}}]))]),
    (70, [one("v1", "Pod", "node", spec=pod(nodeName="node-0"))]),
    (71, [one("v1", "Pod", "everywhere", spec=pod(tolerations=[{"operator": "Exists"}]))]),
    (72, [one("v1", "Pod", "control", spec=pod(tolerations=[{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists"}]))]),
    (73, [one("v1", "Pod", "critical", spec=pod(priorityClassName="system-node-critical"))]),
    (74, [one("v1", "Pod", "graphics", spec=pod(resources={"limits": {"nvidia.com/gpu": "8"}}))]),
    (75, [one("v1", "Pod", "disk", spec=pod(resources={"requests": {"ephemeral-storage": "10Ti"}, "limits": {"ephemeral-storage": "10Ti"}}))]),
    (76, [one("v1", "PersistentVolumeClaim", "huge", spec={"accessModes": ["ReadWriteOnce"], "storageClassName": "standard", "resources": {"requests": {"storage": "64Ti"}}})]),
    (77, [one("v1", "PersistentVolumeClaim", "taken", spec={"accessModes": ["ReadWriteOnce"], "volumeName": "pv-of-another", "resources": {"requests": {"storage": "1Gi"}}})]),
    (78, [one("policy/v1", "PodDisruptionBudget", "never", spec={"minAvailable": "100%", "selector": {"matchLabels": {"a": "b"}}})]),
    (79, [one("policy/v1", "PodDisruptionBudget", "none", spec={"maxUnavailable": 0, "selector": {"matchLabels": {"a": "b"}}})]),
    (80, [{**one("v1", "Secret", "token", metadata={"annotations": {"kubernetes.io/service-account.name": "default"}}), "type": "kubernetes.io/service-account-token"}]),
    (81, [binding("strangers", NS, "tenant-edit", kind="Role")]),
    (82, [one("v1", "ResourceQuota", "tenant", spec={"hard": {"pods": "9999"}})]),
    (83, [one("v1", "Namespace", "mallory-more", None, {"labels": {"infra.example.com/tenant": "mallory"}})]),
    (84, [config("theirs", "honest-web")]),
    (85, [one("argoproj.io/v1alpha1", "Application", "mine", "argocd", spec={"project": "platform", "source": {"repoURL": "https://git.example.com/mallory/evil.git", "path": "x"}, "destination": {"name": "in-cluster", "namespace": "kube-system"}})]),
    (86, [one("coordination.k8s.io/v1", "Lease", "leader", "kube-system", spec={"holderIdentity": "mallory"})]),
    (87, [config(f"many-{number}") for number in range(300)]),
    (88, [one("batch/v1", "Job", f"endless-{number}", spec={"suspend": True, "template": {"spec": pod(restartPolicy="Never")}}) for number in range(250)]),
    (103, [one("v1", "Pod", "endless", spec=pod(terminationGracePeriodSeconds=10 ** 8))]),
    (104, [one("cert-manager.io/v1", "Certificate", "somebody", spec={"dnsNames": ["mallory.example.com"], "subject": {"organizations": ["system:masters"]}, "secretName": "x", "issuerRef": {"name": "x"}})]),
    (105, [one("cert-manager.io/v1", "Certificate", "client", spec={"dnsNames": ["mallory.example.com"], "usages": ["client auth"], "secretName": "x", "issuerRef": {"name": "x"}})]),
    (106, [{**one("v1", "Pod", "debug", spec=pod(hostPID=True))}]),
    (108, [config("never", finalizers=["kubernetes.io/never"])]),
    (109, [one("policy/v1", "PodDisruptionBudget", "zeros", spec={"maxUnavailable": "00%", "selector": {"matchLabels": {"a": "b"}}})]),
    (110, [one("v1", "PersistentVolumeClaim", "chosen", spec={"accessModes": ["ReadWriteOnce"], "storageClassName": "", "selector": {"matchLabels": {"a": "b"}}, "resources": {"requests": {"storage": "1Gi"}}})]),
    (111, [one("v1", "PersistentVolumeClaim", "classless", spec={"accessModes": ["ReadWriteOnce"], "storageClassName": "", "resources": {"requests": {"storage": "1Gi"}}})]),
    (112, [one("v1", "Pod", "apart", spec=pod(affinity={"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
        {"topologyKey": "kubernetes.io/os", "namespaceSelector": {}, "labelSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}}]}}))]),
    (113, [one("v1", "Pod", "other-graphics", spec=pod(resources={"limits": {"amd.com/gpu": "8"}}))]),
    (114, [one("apps/v1", "StatefulSet", "carrier", spec={"serviceName": "x", "selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}, "spec": pod()}, "volumeClaimTemplates": [
        {"metadata": {"name": "data", "finalizers": ["example.com/never"]}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]})]),
    (115, [one("batch/v1", "CronJob", "carrier", spec={"schedule": "0 0 * * *", "suspend": True, "jobTemplate": {"spec": {"template": {"metadata": {"annotations": {TRACK: "monitoring:/Pod:mallory-web/x"}}, "spec": pod(restartPolicy="Never")}}}})]),
    (116, [ingress("domains", annotations={"traefik.ingress.kubernetes.io/router.tls.domains.0.main": "shop.example.com"})]),
    (117, [ingress("server-snippets", annotations={"nginx.org/server-snippets": "x"})]),
    (118, [{**ingress("path"), "spec": {"rules": [{"host": "mallory.example.com", "http": {"paths": [{"path": "/`) || Host(`shop.example.com", "pathType": "ImplementationSpecific", "backend": {"service": {"name": "x", "port": {"number": 80}}}}]}}]}}]),
    (119, [one("v1", "Service", "transport", metadata={"annotations": {"traefik.ingress.kubernetes.io/service.serverstransport": "honest-web-x@kubernetescrd"}}, spec={"ports": [{"port": 80}]})]),
    (120, [one("external-secrets.io/v1", "ExternalSecret", "typed", spec={"target": {"template": {"type": "kubernetes.io/service-account-token"}}, "data": [{"secretKey": "x", "remoteRef": {"key": "mallory/x"}}]})]),
    (121, [one("cert-manager.io/v1", "Certificate", "carrier", spec={"dnsNames": ["mallory.example.com"], "secretName": "x", "secretTemplate": {"annotations": {TRACK: "monitoring:/Secret:mallory-web/x"}}, "issuerRef": {"name": "x"}})]),
]

# What a person of the tenant with `edit` must not be able to do: verb, resource, namespace.
VERBS = [
    (89, "create", "serviceaccounts./token", NS),
    (90, "impersonate", "serviceaccounts", NS),
    (91, "get", "secrets", "honest-web"),
    (92, "create", "pods./exec", "honest-web"),
    (93, "get", "secrets", "argocd"),
    (94, "list", "nodes", ""),
    (95, "get", "nodes./proxy", ""),
    (96, "create", "pods./proxy", NS),
    (97, "create", "services./proxy", NS),
    (98, "create", "roles.rbac.authorization.k8s.io", NS),
    (99, "delete", "namespaces", NS),
    (100, "create", "certificaterequests.cert-manager.io", NS),
    (101, "create", "endpointslices.discovery.k8s.io", NS),
    (102, "create", "events", NS),
]

GIT += [
    (122, [{**one("v1", "Secret", "token-git", metadata={"annotations": {"kubernetes.io/service-account.name": "default"}}), "type": "kubernetes.io/service-account-token"}]),
    (123, [config("final-git-2", finalizers=["kubernetes.io/never"])]),
]

# Jsonnet that reads a file of whoever renders it; the object that would tell what stands there.
JSONNET = (124, "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'read', namespace: 'mallory-web'}, data: {text: importstr '/etc/hostname'}}", "read")

GIT += [
    (128, [ingress("www-git", host="mallory.example.com", annotations={NGINX + "from-to-www-redirect": "true"})]),
    (129, [one("v1", "Pod", "driver-git", spec=pod(volumes=[{"name": "x", "csi": {"driver": "csi.cert-manager.io", "volumeAttributes": {"csi.cert-manager.io/dns-names": "shop.example.com"}}}]))]),
]

EXTERNAL = lambda name, **spec: one("external-secrets.io/v1", "ExternalSecret", name, spec={"data": [{"secretKey": "x", "remoteRef": {"key": "mallory/x"}}], **spec})
CERTIFICATE = lambda name, **spec: one("cert-manager.io/v1", "Certificate", name, spec={"dnsNames": ["mallory.example.com"], "secretName": name, "issuerRef": {"name": "x"}, **spec})
ROUTE = lambda name, **metadata: one("gateway.networking.k8s.io/v1", "HTTPRoute", name, metadata=metadata, spec={"hostnames": ["mallory.example.com"]})
BUDGET = lambda name, **selector: one("policy/v1", "PodDisruptionBudget", name, spec={"maxUnavailable": 1, "selector": selector})
NOTED = lambda name, spec={}, **annotations: one("v1", "Pod", name, metadata={"annotations": {key.replace("__", "/").replace("_", "."): value for key, value in annotations.items()}}, spec=pod(**spec))

KUBECTL += [
    (130, [ingress("www", annotations={NGINX + "from-to-www-redirect": "true"})]),
    (131, [ingress("no-log-in", annotations={NGINX + "enable-global-auth": "false"})]),
    (132, [ingress("unheard", annotations={"gateway.example.net/all-hosts": "true"})]),
    (133, [ingress("braces", annotations={NGINX + "rewrite-target": "/; } location /x { return 200"})]),
    (134, [one("v1", "Service", "abroad", metadata={"annotations": {"service.cilium.io/global": "true"}}, spec={"ports": [{"port": 80}]})]),
    (135, [ROUTE("plugins", annotations={"konghq.com/plugins": "honest"})]),
    (136, [NOTED("device", cdi_k8s_io__x="nvidia.com/gpu=all")]),
    (137, [NOTED("network", k8s_v1_cni_cncf_io__networks="honest-web/private")]),
    (138, [NOTED("role", iam_amazonaws_com__role="administrator")]),
    (139, [one("v1", "Secret", "copied", metadata={"annotations": {"replicator.v1.mittwald.de/replicate-to": "honest-web"}}, stringData={"a": "b"})]),
    (140, [one("v1", "Pod", "driver", spec=pod(volumes=[{"name": "x", "csi": {"driver": "csi.cert-manager.io", "volumeAttributes": {"csi.cert-manager.io/dns-names": "shop.example.com"}}}]))]),
    (141, [{**NOTED("undisturbed"), "metadata": meta("undisturbed", annotations={"karpenter.sh/do-not-disrupt": "true"})}]),
    (142, [{**NOTED("unmoved", {"activeDeadlineSeconds": 10 ** 8}), "metadata": meta("unmoved", annotations={"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"})}]),
    (143, [one("v1", "Pod", "pages", spec=pod(**{"resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}}) | {"resources": {"requests": {"memory": "1Gi", "hugepages-2Mi": "1Gi"}, "limits": {"memory": "1Gi", "hugepages-2Mi": "1Gi"}}})]),
    (144, [one("v1", "Pod", "first", spec=pod(priorityClassName="platform-first"))]),
    (145, [one("v1", "Pod", "stored", spec=pod(volumes=[{"name": "x", "csi": {"driver": "nfs.csi.k8s.io", "volumeAttributes": {"server": "10.0.0.1", "share": "/"}}}]))]),
    (146, [EXTERNAL("hasty", refreshInterval="1ms")]),
    (147, [CERTIFICATE("revised", revisionHistoryLimit=10 ** 6)]),
]

STORED = lambda name, annotations={}, **spec: one("v1", "PersistentVolumeClaim", name, metadata={"annotations": annotations}, spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **spec})
KUBECTL += [
    (167, [one("v1", "Pod", "cordoned", spec=pod(tolerations=[{"key": "node.kubernetes.io/unschedulable", "operator": "Exists"}]))]),
    (168, [STORED("old-class", {"volume.beta.kubernetes.io/storage-class": ""}, storageClassName="standard")]),
    (169, [EXTERNAL("escaped", data=[{"secretKey": "x", "remoteRef": {"key": "mallory/%2e%2e/honest/database"}}])]),
    (170, [{**ingress("long"), "spec": {"rules": [{"host": "mallory.example.com", "http": {"paths": [
        {"path": f"/{number}", "pathType": "Prefix", "backend": {"service": {"name": "x", "port": {"number": 80}}}} for number in range(101)]}}]}}]),
]

def PATHS(name, *paths, namespace=NS, host="mallory.example.com", **more):
    backend = {"service": {"name": "x", "port": {"number": 80}}}
    http = {"paths": [{"path": path, "pathType": "ImplementationSpecific", "backend": backend} for path in paths]}
    return {**ingress(name, namespace, **more), "spec": {"rules": [{"host": host, "http": http}]}}

DEPLOYED = lambda name, container={}, **spec: one("apps/v1", "Deployment", name, spec={"replicas": 0, "selector": {"matchLabels": {"a": name}}, "template": {
    "metadata": {"labels": {"a": name}}, "spec": {"containers": [{**pod()["containers"][0], **container}]}}, **spec})
# More than `objectSize` of the platform in tests/data/tenants.
LONG = "x" * 20000
KUBECTL += [
    (172, [PATHS("slow", "/((a|b)+c)*d", annotations={NGINX + "use-regex": "true"})]),
    (173, [PATHS("braces-in-path", "/a{1,99}")]),
    (174, [PATHS("open", "/a\\")]),
    (175, [PATHS("referring", "/(a*)b\\1")]),
    (176, [ingress("slow-header", annotations={NGINX + "canary": "true", NGINX + "canary-by-header": "x", NGINX + "canary-by-header-pattern": "^(a+)+$"})]),
    (177, [ingress("open-value", annotations={NGINX + "rewrite-target": "/x\\"})]),
    (178, [ingress("endless-body", annotations={NGINX + "proxy-body-size": "0"})]),
    (179, [ingress("large-body", annotations={NGINX + "proxy-body-size": "9g"})]),
    (180, [ingress("large-buffer", annotations={NGINX + "proxy-buffer-size": "1g"})]),
    (181, [ingress("many-buffers", annotations={NGINX + "proxy-buffers-number": "4096"})]),
    (182, [ingress("no-firewall", annotations={NGINX + "enable-modsecurity": "false"})]),
    (183, [ingress("mirror", annotations={NGINX + "mirror-target": "https://honest.example.com"})]),
    (184, [one("v1", "ConfigMap", "large", data={"text": LONG})]),
    (185, [one("apps/v1", "Deployment", "revised", spec={**DEPLOYED("revised")["spec"], "revisionHistoryLimit": 1000})]),
    (186, [DEPLOYED("long", {"env": [{"name": "TEXT", "value": LONG}]})]),
    (187, [STORED("unclassed")]),
    (188, [CERTIFICATE("capital", dnsNames=["SHOP.example.com"])]),
    (189, [one("gateway.networking.k8s.io/v1", "HTTPRoute", "slow", spec={"hostnames": ["mallory.example.com"], "rules": [{"matches": [{"path": {"type": "RegularExpression", "value": "/(a+)+b"}}]}]})]),
    (193, [STORED(f"part-{number}", storageClassName="world-gp3", resources={"requests": {"storage": "300Gi"}}) for number in range(2)]),
    (190, [ingress("their-secret", annotations={NGINX + "proxy-ssl-secret": "honest-web/x"})]),
]

# These fill their quotas, so they come last.
KUBECTL += [
    (148, [CERTIFICATE(f"many-{number}") for number in range(150)]),
    (149, [EXTERNAL(f"many-{number}") for number in range(150)]),
    (150, [ROUTE(f"many-{number}") for number in range(150)]),
]

VERBS += [
    (151, "create", "leases.coordination.k8s.io", NS),
    (152, "create", "challenges.acme.cert-manager.io", NS),
    (153, "delete", "events", NS),
    (154, "create", "pods./binding", NS),
    (155, "patch", "pods./resize", NS),
]

# The same for a person with `view`.
READS = [
    (156, "create", "pods./exec", NS),
    (157, "list", "secrets", NS),
    (158, "delete", "pods", NS),
    (159, "create", "pods./portforward", NS),
]

# What a person makes, and what must be refused because of it.
SECOND = [
    (160, BUDGET("one", matchLabels={"app": "drained"}), BUDGET("same", matchLabels={"app": "drained"})),
    (161, BUDGET("some", matchLabels={"app": "other"}), BUDGET("all")),
    (162, BUDGET("more", matchLabels={"app": "third"}), BUDGET("not-in", matchExpressions=[{"key": "app", "operator": "NotIn", "values": ["a"]}])),
]

# In two steps: what a person makes, and a change of it that must be refused.
CHANGES = [
    (125, one("v1", "PersistentVolumeClaim", "pending", spec={"accessModes": ["ReadWriteOnce"], "storageClassName": "not-there", "resources": {"requests": {"storage": "1Gi"}}}),
     {"spec": {"volumeName": "pv-of-another"}}),
    (126, one("v1", "Pod", "gated", spec=pod(schedulingGates=[{"name": "example.com/wait"}])),
     {"spec": {"tolerations": [{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists"}]}}),
    (163, ingress("later"), {"spec": {"rules": [{"host": "shop.example.com"}]}}),
    (164, ingress("noted-later"), {"metadata": {"annotations": {NGINX + "server-alias": "shop.example.com"}}}),
    (165, one("v1", "Pod", "held-later", spec=pod()), {"metadata": {"annotations": {"karpenter.sh/do-not-disrupt": "true"}}}),
    (171, BUDGET("moved", matchLabels={"app": "moved"}), {"spec": {"selector": {"matchLabels": {"app": "drained"}}}}),
    (194, STORED("growing", storageClassName="world-gp3"), {"spec": {"resources": {"requests": {"storage": "400Gi"}}}}),
    (191, one("v1", "Secret", "grown", stringData={"text": "short"}), {"stringData": {"text": LONG}}),
    (192, DEPLOYED("grown"), {"spec": {"template": {"spec": {"containers": [{**pod()["containers"][0], "args": [LONG]}]}}}}),
    (166, one("v1", "Service", "named-later", spec={"ports": [{"port": 80}]}), {"spec": {"type": "ExternalName", "externalName": "shop.honest-web.svc.cluster.local"}}),
]

# Something on its way out, held back and changed; the script has its steps.
LEAVING = (127, "leaving")

# Claims that a controller makes of what a pod says.
BESIDE = lambda name, **annotations: {"name": "x", "ephemeral": {"volumeClaimTemplate": {"metadata": {"annotations": {key.replace("__", "/").replace("_", "."): value for key, value in annotations.items()}},
    "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "world-gp3", "resources": {"requests": {"storage": "1Gi"}}}}}}
TRACKED = lambda name: {"argocd_argoproj_io__tracking-id": f"monitoring:/PersistentVolumeClaim:{NS}/{name}"}
SHARE = [{"name": "x", "nfs": {"server": "10.0.0.1", "path": "/"}}]
SEALED = lambda name, metadata={}, **template: one("bitnami.com/v1alpha1", "SealedSecret", name, spec={"encryptedData": {"x": "eA=="}, "template": {"metadata": {"name": name, "namespace": NS, **metadata}, **template}})
ANALYSIS = lambda name, **provider: one("argoproj.io/v1alpha1", "AnalysisTemplate", name, spec={"metrics": [{"name": "x", "provider": provider}]})
OPTIONAL = "a?" * 28 + "a" * 28
KUBECTL += [
    (195, [one("v1", "Pod", "freezing", spec=pod(volumes=[BESIDE("freezing", **TRACKED("freezing-x"))]))]),
    (196, [DEPLOYED("freezing") | {"spec": {**DEPLOYED("freezing")["spec"], "template": {"metadata": {"labels": {"a": "freezing"}}, "spec": pod(volumes=[BESIDE("freezing", **TRACKED("freezing-x"))])}}}]),
    (197, [one("apps/v1", "StatefulSet", "freezing", spec={"serviceName": "x", "selector": {"matchLabels": {"a": "c"}}, "template": {"metadata": {"labels": {"a": "c"}}, "spec": pod()}, "volumeClaimTemplates": [
        {"metadata": {"name": "data", "annotations": {"argocd.argoproj.io/sync-options": "Prune=confirm"}}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]})]),
    (200, [EXTERNAL("written", target={"creationPolicy": "Orphan", "template": {"templateFrom": [{"target": "Annotations", "literal": TRACK + ": x"}]}})]),
    (201, [SEALED("sealed", {"annotations": {TRACK: f"monitoring:/Secret:{NS}/sealed"}})]),
    (202, [SEALED("left", {"annotations": {"sealedsecrets.bitnami.com/skip-set-owner-references": "true"}})]),
    (203, [one("v1", "Pod", "share", "mallory-other", spec=pod(volumes=SHARE))]),
    (204, [{**DEPLOYED("share"), "metadata": meta("share", "mallory-other"), "spec": {**DEPLOYED("share")["spec"], "template": {"metadata": {"labels": {"a": "share"}}, "spec": pod(volumes=SHARE)}}}]),
    (205, [one("v1", "Pod", "runtime", spec=pod(runtimeClassName="devices"))]),
    (206, [PATHS("optional", "/" + OPTIONAL)]),
    (207, [PATHS("recursive", "/((?:a|aa)(?1)?)$")]),
    (208, [one("gateway.networking.k8s.io/v1", "GRPCRoute", "slow", spec={"hostnames": ["mallory.example.com"], "rules": [{"matches": [{"method": {"type": "RegularExpression", "service": "(a+)+b"}}]}]})]),
    (209, [ingress("optional-header", annotations={NGINX + "canary": "true", NGINX + "canary-by-header": "x", NGINX + "canary-by-header-pattern": "^" + OPTIONAL + "$"})]),
    (210, [EXTERNAL("all", data=[{"secretKey": "x", "remoteRef": {"key": "mallory/"}}])]),
    (211, [CERTIFICATE("hasty", duration="1h", renewBefore="59m")]),
    (212, [one("apps/v1", "Deployment", "millions", spec={**DEPLOYED("millions")["spec"], "replicas": 2000000})]),
    (213, [one("autoscaling/v2", "HorizontalPodAutoscaler", "millions", spec={"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}, "maxReplicas": 100000})]),
    (214, [one("batch/v1", "CronJob", "remembering", spec={"schedule": "* * * * *", "suspend": True, "successfulJobsHistoryLimit": 1000, "jobTemplate": {"spec": {"template": {"spec": pod(restartPolicy="Never")}}}})]),
    (216, [one("argoproj.io/v1alpha1", "Rollout", "elsewhere", spec={"strategy": {"canary": {"trafficRouting": {"istio": {"virtualServices": [{"name": "shop.honest-web"}]}}}}})]),
    (217, [ANALYSIS("web", web={"url": "http://169.254.169.254/latest/meta-data/"})]),
    (218, [ANALYSIS("asked", prometheus={"address": "http://shop.honest-web", "query": "1"})]),
    (219, [one("argoproj.io/v1alpha1", "Rollout", "plugged", spec={"strategy": {"canary": {"trafficRouting": {"plugins": {"argoproj-labs/gatewayAPI": {"httpRoute": "shop", "namespace": "honest-web"}}}}}})]),
]

# What controllers ask for, because a tenant has said so.
CONTROLLER = "system:serviceaccount:kube-system:"
AS = [
    (198, CONTROLLER + "ephemeral-volume-controller", STORED("frozen-x", {TRACK: f"monitoring:/PersistentVolumeClaim:{NS}/frozen-x"}, storageClassName="world-gp3")),
]
# And what they must be able to: the ReplicaSet of a Deployment has its annotations.
HANDED_ON = (CONTROLLER + "deployment-controller", one("apps/v1", "ReplicaSet", "shop-handed-on", "honest-web", {"annotations": {TRACK: "honest-shop:apps/Deployment:honest-web/shop"}},
    spec={"replicas": 0, "selector": {"matchLabels": {"a": "handed-on"}}, "template": {"metadata": {"labels": {"a": "handed-on"}}, "spec": pod()}}))

# Something with an owner and an annotation of Argo CD, which a person takes the owner from.
OWNED = [
    (199, {**config("owned", annotations={TRACK: "monitoring:apps/Deployment:monitoring/x"}, ownerReferences=[{"apiVersion": "v1", "kind": "ServiceAccount", "name": "default", "uid": "UID", "controller": True}])}),
]

# A pod, and a container by which a person looks into it.
LOOKS = [
    (215, one("v1", "Pod", "looked-into", spec=pod()), {"name": "look", "image": "look", "args": [LONG], "securityContext": pod()["containers"][0]["securityContext"]}),
]
