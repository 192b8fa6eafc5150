"""The attempts that `.ci/long.d/tenants` makes. In comes a world that is up; out go a line for each row that does not hold, a count, and 1 if one is open that should not be."""
import importlib.util, json, os, re, shutil, sys, time
from worlds import end, get, home, is_fine, is_operated, kubectl, moment, output, phase, platc, publish, refresh, run, status, texts, told, until, wrong
import worlds

def read(name):
    spec = importlib.util.spec_from_file_location(name, os.path.join(os.path.dirname(os.path.abspath(__file__)), f"tenants.{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

rows, shared = read("rows"), read("shared")
rows.GIT += shared.git(rows)
project = os.path.join(home, "project")

# Rows that only the second fence stops: with `platform.argocd.impersonation: false` they are open.
OPEN_WITHOUT_IMPERSONATION = {28, 123, 278}
with open("docs/tenants.md") as file:
    # Rows of which the page says that a quota stops them. Any other row that meets one has tried nothing.
    BY_QUOTA = {int(number) for number in re.findall(r"^\| (\d+) \|.*\|[^|]*\bquota\b[^|]*\|$", file.read(), re.M)}
# The server itself holds back a change of a claim that the world has bound meanwhile; the policy holds back one that waits.
BY_SERVER = {125}

def is_refused(number, done, *words):
    """Whether kubectl was refused in one of these words, by what the row is about."""
    said = done.stderr.lower()
    # A quota that is met says `forbidden`, too.
    if "quota:" in said:
        return done.returncode != 0 and number in BY_QUOTA and "exceeded quota:" in said
    return done.returncode != 0 and any(word in said for word in (*words, *(["forbidden: spec is immutable"] if number in BY_SERVER else [])))

def holds(what, test, said=""):
    worlds.holds(what, test, said, quiet=True)

KINDS = [("cert-manager.io", "certificates", "Certificate"), ("cert-manager.io", "certificaterequests", "CertificateRequest"), ("acme.cert-manager.io", "challenges", "Challenge"),
         ("external-secrets.io", "externalsecrets", "ExternalSecret"), ("external-secrets.io", "pushsecrets", "PushSecret"), ("gateway.networking.k8s.io", "httproutes", "HTTPRoute"),
         ("gateway.networking.k8s.io", "grpcroutes", "GRPCRoute"), ("bitnami.com", "sealedsecrets", "SealedSecret"), ("argoproj.io", "rollouts", "Rollout"), ("argoproj.io", "analysistemplates", "AnalysisTemplate"),
         ("argoproj.io", "analysisruns", "AnalysisRun"), ("networking.istio.io", "virtualservices", "VirtualService"),
         ("monitoring.coreos.com", "servicemonitors", "ServiceMonitor"), ("monitoring.coreos.com", "prometheusrules", "PrometheusRule")]

def kind(group, plural, kind):
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    annotations = {"annotations": {"api-approved.kubernetes.io": "unapproved, a stand-in"}} if group.endswith("k8s.io") else {}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": f"{plural}.{group}", **annotations},
            "spec": {"group": group, "scope": "Namespaced", "names": {"plural": plural, "singular": kind.lower(), "kind": kind},
                     "versions": [{"name": "v1alpha1" if group in ("argoproj.io", "bitnami.com") else "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}]}}

def names(number, objects):
    """Where an attempt of Git would leave something: kind, namespace, name."""
    flat = [one for object in objects for one in object.get("items", [object])]
    return [(one["apiVersion"].rpartition("/")[0], one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]) for one in flat]

def build(impersonation):
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree("tests/data/tenants", project)
    numbers = [*(number for number, _ in rows.GIT), rows.JSONNET[0]]
    attempts = {f"row-{number}": {"namespace": "web", "repository": "https://git.example.com/mallory/evil.git", "path": f"row-{number}"} for number in numbers}
    with open(os.path.join(project, "attempts.json.yaml"), "w") as file:
        json.dump({"tenants": {"mallory": {"applications": attempts}}}, file)
    done = run(platc, "build", "-C", project, "--color", "never", "--set", f"platform.argocd.impersonation={json.dumps(impersonation)}", check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    publish("https://git.example.com/acme/platform.git", output(project))

HONEST = "honest-web"

# What the API server's policies have answered, for our own evaluator to answer the same (`ANSWERS` is the file to write).
answers = []
# The default storage class, while there is one.
CLASSED = ["world-gp3"]

def asked(object):
    """The object as policies see it: the server has put the number of its priority class into a pod before it asks them, and the default storage class into a claim."""
    priority = {"system-node-critical": 2000001000, "platform-first": 1000}.get(object.get("spec", {}).get("priorityClassName"))
    if object["kind"] == "PersistentVolumeClaim" and CLASSED:
        object = {**object, "spec": {"storageClassName": CLASSED[0], **object["spec"]}}
    return {**object, "spec": {**object["spec"], "priority": priority}} if priority else object

def by_policy(said):
    """The policy that refused, and in which words."""
    found = re.search(r"ValidatingAdmissionPolicy '([^']+)' with binding '[^']+' denied request: (.*)", said)
    return list(found.groups()) if found else None

def web():
    """A complete web application, as an honest team has it."""
    labels = {"app": "shop"}
    pod = lambda **more: {"metadata": {"labels": labels}, "spec": rows.pod(**more)}
    here = lambda api, kind, name, **fields: rows.one(api, kind, name, HONEST, **fields)
    return [
        here("apps/v1", "Deployment", "shop", spec={"replicas": 2, "selector": {"matchLabels": labels}, "template": pod()}),
        here("v1", "Service", "shop", metadata={"annotations": {"prometheus.io/scrape": "true", "traefik.ingress.kubernetes.io/service.sticky.cookie": "true"}}, spec={"selector": labels, "ports": [{"port": 80}]}),
        rows.ingress("shop", HONEST, host="shop.example.com", tls=[{"hosts": ["shop.example.com"], "secretName": "shop"}],
                     annotations={rows.NGINX + "proxy-body-size": "8m", rows.NGINX + "auth-secret": "users", "cert-manager.io/cluster-issuer": "letsencrypt",
                                  rows.NGINX + "rewrite-target": "/$2", rows.NGINX + "cors-allow-origin": "https://shop.example.com, https://a.honest.example.com", rows.NGINX + "auth-realm": "Ours - please"}),
        # Regular expressions, buffers and back ends with TLS, as they stand in the handbooks of controllers.
        rows.PATHS("expressed", "/api(/|$)(.*)", "/v\\d+/.*\\.json$", namespace=HONEST, host="shop.example.com", annotations={rows.NGINX + "use-regex": "true", rows.NGINX + "rewrite-target": "/$2", rows.NGINX + "proxy-buffers-number": "8",
            rows.NGINX + "proxy-buffer-size": "128k", rows.NGINX + "proxy-busy-buffers-size": "256k", rows.NGINX + "proxy-ssl-verify": "on", rows.NGINX + "proxy-ssl-secret": HONEST + "/users",
            rows.NGINX + "proxy-ssl-name": "shop.internal", rows.NGINX + "ssl-ciphers": "ALL:!aNULL", rows.NGINX + "proxy-body-size": "0", rows.NGINX + "proxy-request-buffering": "off",
            rows.NGINX + "client-body-buffer-size": "1m", rows.NGINX + "proxy-redirect-from": "~^http://([^/]+)/(.*)$", rows.NGINX + "temporal-redirect-code": "307",
            rows.NGINX + "enable-opentelemetry": "true", "haproxy.org/path-rewrite": "/old/(.*) /\\1"}),
        rows.ingress("more", HONEST, host="a.honest.example.com", annotations={"traefik.ingress.kubernetes.io/router.entrypoints": "websecure", "alb.ingress.kubernetes.io/target-type": "ip",
                     "alb.ingress.kubernetes.io/healthcheck-path": "/healthz", "haproxy.org/timeout-server": "30s", "konghq.com/strip-path": "true", "meta.helm.sh/release-name": "shop", "description": "ours"}),
        here("autoscaling/v2", "HorizontalPodAutoscaler", "shop", spec={"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"}, "minReplicas": 2, "maxReplicas": 4,
             "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]}),
        here("policy/v1", "PodDisruptionBudget", "shop", spec={"maxUnavailable": 1, "selector": {"matchLabels": labels}}),
        here("v1", "ConfigMap", "shop", data={"text": "ours"}),
        here("v1", "Secret", "shop-settings", stringData={"text": "not secret"}),
        here("v1", "ServiceAccount", "shop"),
        here("batch/v1", "CronJob", "shop", spec={"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": {**pod(restartPolicy="Never", activeDeadlineSeconds=7200),
             "metadata": {"annotations": {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false", "prometheus.io/scrape": "true"}}}}}}),
        here("batch/v1", "Job", "migrate", metadata={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}},
             spec={"template": pod(restartPolicy="Never")}),
        here("v1", "PersistentVolumeClaim", "shop", spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}}),
        here("cert-manager.io/v1", "Certificate", "shop", spec={"dnsNames": ["shop.example.com", "b.honest.example.com"], "secretName": "shop-tls", "issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer"}}),
        here("external-secrets.io/v1", "ExternalSecret", "shop", spec={"secretStoreRef": {"name": "store", "kind": "ClusterSecretStore"}, "data": [{"secretKey": "x", "remoteRef": {"key": "honest/database"}}]}),
        here("gateway.networking.k8s.io/v1", "HTTPRoute", "shop", spec={"hostnames": ["shop.example.com"]}),
        here("networking.k8s.io/v1", "NetworkPolicy", "let-in", spec={"podSelector": {"matchLabels": labels}, "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": {}}]}]}),
    ]

# What people do all day. The world runs no pods, so for what asks one it is the server that is asked whether they may.
DAY = [["get", "all"], ["get", "events"], ["events"], ["get", "ingresses,networkpolicies,configmaps,secrets,persistentvolumeclaims,serviceaccounts,resourcequotas,limitranges"],
       ["get", "certificates.cert-manager.io,certificaterequests.cert-manager.io,externalsecrets.external-secrets.io,httproutes.gateway.networking.k8s.io"],
       ["describe", "deployment", "shop"], ["describe", "pods"], ["describe", "service", "shop"], ["describe", "ingress", "shop"], ["describe", "persistentvolumeclaim", "shop"],
       ["describe", "horizontalpodautoscaler", "shop"], ["describe", "poddisruptionbudget", "shop"], ["get", "namespace", HONEST],
       ["rollout", "restart", "deployment", "shop"], ["rollout", "status", "deployment", "shop", "--timeout=60s"], ["rollout", "history", "deployment", "shop"],
       ["rollout", "undo", "deployment", "shop"], ["scale", "deployment", "shop", "--replicas", "3"],
       ["set", "image", "deployment/shop", "main=main:2"], ["set", "env", "deployment/shop", "A=b"], ["get", "pods", "-o", "name"], ["label", "configmap", "shop", "--overwrite", "a=b"],
       ["annotate", "deployment", "shop", "--overwrite", "example.com/note=x"], ["patch", "service", "shop", "-p", '{"metadata":{"labels":{"a":"b"}}}'],
       ["expose", "deployment", "shop", "--port", "80", "--name", "exposed"], ["delete", "service", "exposed"], ["delete", "pods", "-l", "app=shop", "--wait=false"],
       ["delete", "configmap", "shop", "--cascade=foreground"], ["delete", "deployment", "shop", "--cascade=foreground", "--wait=false"]]
MAY = [("get", "", "pods/log"), ("create", "", "pods/exec"), ("create", "", "pods/attach"), ("create", "", "pods/portforward"), ("patch", "", "pods/ephemeralcontainers"),
       ("create", "", "pods/eviction"), ("list", "metrics.k8s.io", "pods"), ("list", "events.k8s.io", "events"), ("list", "coordination.k8s.io", "leases"),
       ("list", "acme.cert-manager.io", "orders"), ("update", "apps", "deployments/scale"), ("list", "gateway.networking.k8s.io", "gateways"), ("list", "external-secrets.io", "secretstores")]

def may(who, verb, group, resource, namespace):
    """What the server says when somebody asks whether they may; of kinds that it does not have, too."""
    resource, _, part = resource.partition("/")
    asked = {"verb": verb, "group": group, "resource": resource, "subresource": part, "namespace": namespace}
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"resourceAttributes": asked}}
    return json.loads(kubectl(*who, "create", "--validate=false", "-f", "-", "-o", "json", input=json.dumps(review)).stdout)["status"]["allowed"]

def merged(object, change):
    """The object after a merge patch."""
    if not isinstance(change, dict):
        return change
    after = {**object, **{key: merged(object.get(key, {}), value) for key, value in change.items()}}
    return {key: value for key, value in after.items() if value is not None}

def people(name, group):
    return ["--as", name, "--as-group", group, "--as-group", "system:authenticated"]

def text(objects):
    return "\n---\n".join(json.dumps(one) for one in objects)

def is_synced(name, commit):
    """Installed as this commit wants it. How healthy that is depends on metrics, which a world has not."""
    sync = status(name).get("sync", {})
    return sync.get("status") == "Synced" and sync.get("revision") == commit and phase(name) == "Succeeded"

def honest(when, commit):
    took = until(f"the honest application by Git, {when}", lambda: is_synced("honest-shop", commit), 240)
    if wrong and wrong[-1].startswith("the honest"):
        print(json.dumps(status("honest-shop").get("operationState", {}))[:3000])
    told(f"the honest application by Git, {when}", took)
    lead = [*people("lena", "honest-leads"), "-n", HONEST]
    for words in DAY + [["create", "job", "--from", "cronjob/shop", f"by-hand-{when.replace(' ', '-')}"]]:
        done = kubectl(*lead, *words, check=False)
        holds(f"honest by kubectl, {when}: {' '.join(words)}", done.returncode == 0, done.stderr)
    for verb, group, resource in MAY:
        holds(f"honest by kubectl, {when}: may {verb} {resource} {group}", may(lead[:-2], verb, group, resource, HONEST))
    by_hand = [one for one in web() if one["kind"] not in ("Deployment", "Job")]
    for one in by_hand:
        one["metadata"]["name"] += "-2"
        # Two budgets are about other pods.
        if one["kind"] == "PodDisruptionBudget":
            one["spec"]["selector"]["matchLabels"] = {"app": "shop-2"}
        done = kubectl(*lead, "apply", "-f", "-", input=json.dumps(one), check=False)
        answers.append({"object": asked(json.loads(json.dumps(one))), "refused": done.returncode != 0, "said": by_policy(done.stderr)})
        holds(f"honest by kubectl, {when}: apply {one['kind']}", done.returncode == 0, done.stderr)
        done = kubectl(*lead, "delete", "-f", "-", "--wait=false", input=json.dumps(one), check=False)
        holds(f"honest by kubectl, {when}: delete {one['kind']}", done.returncode == 0, done.stderr)
    beside = [one for one in web() if one["kind"] == "PodDisruptionBudget"]
    asks = shared.fine(rows, HONEST, "shop.example.com", "honest/")
    for one in asks:
        done = kubectl(*lead, "apply", "-f", "-", input=json.dumps(one), check=False)
        answers.append({"object": one, "beside": list(beside), "refused": done.returncode != 0, "said": by_policy(done.stderr)})
        beside += [one] if one["kind"] == "PodDisruptionBudget" else []
        holds(f"honest by kubectl, {when}: apply {one['kind']} {one['metadata']['name']}", done.returncode == 0, done.stderr)
    done = kubectl(*lead, "delete", "-f", "-", "--wait=false", input="\n".join(map(json.dumps, asks)), check=False)
    holds(f"honest by kubectl, {when}: delete what shared controllers are told", done.returncode == 0, done.stderr)
    reader = [*people("rita", "honest-readers"), "-n", HONEST]
    holds(f"a reader reads, {when}", kubectl(*reader, "get", "deployments,ingresses,certificates.cert-manager.io", check=False).returncode == 0)
    # The day ends with the deployment deleted; Argo CD brings it back.
    is_back = lambda: (found := get("deployment", "shop", "-n", HONEST)) and "deletionTimestamp" not in found["metadata"]
    until(f"the deployment is back, {when}", is_back)
    for words in (["get", "events"], ["events"], ["describe", "pods"], ["rollout", "history", "deployment", "shop"]):
        done = kubectl(*reader, *words, check=False)
        holds(f"a reader follows what happens, {when}: {' '.join(words)}", done.returncode == 0, done.stderr)
    holds(f"a reader reads no secrets, {when}", kubectl(*reader, "get", "secrets", check=False).returncode != 0)
    until(f"the honest application heals, {when}", lambda: is_synced("honest-shop", commit), 120)

def by_git(when, open_rows, since=""):
    """All attempts at once: each has its own Application. One holds if nothing of it is there, or what is there is not the tenant's."""
    numbers = [number for number, _ in rows.GIT]
    until(f"all attempts are made, {when}", lambda: all(is_operated(f"mallory-row-{number}", since) for number in numbers), 300)
    time.sleep(20)
    until(f"what stands beside Jsonnet is installed, {when}", lambda: get("configmap", "beside-jsonnet", "-n", rows.NS), 120)
    holds(f"row {rows.JSONNET[0]} by Git, {when}", not get("configmap", rows.JSONNET[2], "-n", rows.NS))
    for number, objects in rows.GIT:
        there = []
        for group, kind, namespace, name in names(number, objects):
            found = get(f"{kind}.{group}" if group else kind, name, *(["-n", namespace] if namespace else []))
            tracked = ((found or {}).get("metadata", {}).get("annotations") or {}).get(rows.TRACK, "")
            if found and not name.startswith("beside-") and (tracked.startswith("mallory-row-") or not tracked and "Hook" not in str(found)) and kind not in ("Namespace",):
                there.append(f"{kind} {name} ({tracked})")
            if found and kind == "Namespace" and found["metadata"]["labels"].get("pod-security.kubernetes.io/enforce") == "privileged":
                there.append("Namespace relabelled")
        said = status(f"mallory-row-{number}").get("operationState", {}).get("message", "")
        if number in open_rows:
            print(f"{'open  ' if there else 'closed'} row {number}, {when}, as documented: {said[:160]}", flush=True)
            holds(f"row {number} is documented as open and is not, {when}", bool(there))
        else:
            holds(f"row {number} by Git, {when}", not there, f"{there} {said[:300]}")

def by_kubectl():
    lead = people("mallory", "mallory-leads")
    # A claim without class is harmless only where the server puts one in, as it does for the honest ones.
    default_class("world-gp3", False)
    kubectl("patch", "storageclass", "world-gp3", "-p", '{"allowVolumeExpansion":true}')
    for number, objects in shared.kubectl(rows) + rows.KUBECTL:
        done = kubectl(*lead, "create", "-f", "-", input="\n".join(map(json.dumps, objects)), check=False)
        answers.extend({"object": asked(objects[0]), "refused": done.returncode != 0, "said": by_policy(done.stderr)} for _ in [0] if len(objects) == 1)
        # Where one of many is refused, the limit holds; it was there to be met.
        refused = is_refused(number, done, "forbidden", "denied")
        if not refused and "AlreadyExists" in done.stderr:
            done = kubectl(*lead, "apply", "--server-side", "--force-conflicts", "-f", "-", input=text(objects), check=False)
            refused = is_refused(number, done, "forbidden", "denied")
        holds(f"row {number} by kubectl", refused, (done.stderr or done.stdout)[:300])
    default_class("world-gp3", True)
    beside = []
    for number, first, second in rows.SECOND:
        kubectl(*lead, "create", "-f", "-", input=json.dumps(first))
        # What a policy takes other objects for is known to the server a moment later.
        time.sleep(2)
        done = kubectl(*lead, "create", "-f", "-", input=json.dumps(second), check=False)
        beside.append(first)
        answers.append({"object": second, "beside": list(beside), "refused": done.returncode != 0, "said": by_policy(done.stderr)})
        holds(f"row {number} by kubectl", done.returncode != 0 and "denied" in done.stderr, (done.stderr or done.stdout)[:300])
    for number, object, change in shared.changes(rows):
        kubectl(*lead, "create", "-f", "-", input=json.dumps(object))
        done = kubectl(*lead, "patch", object["kind"], object["metadata"]["name"], "-n", rows.NS, "--type", "merge", "-p", json.dumps(change), check=False)
        answers.append({"object": merged(object, change), "before": object, "refused": done.returncode != 0, "said": by_policy(done.stderr)})
        holds(f"row {number} by kubectl", is_refused(number, done, "denied"), (done.stderr or done.stdout)[:300])
    for number, object, change in rows.CHANGES:
        kubectl(*lead, "create", "-f", "-", input=json.dumps(object))
        name = object["metadata"]["name"]
        if object.get("spec", {}).get("storageClassName") == "world-gp3":
            until("a claim that is to grow is bound", lambda: get("persistentvolumeclaim", name, "-n", rows.NS)["status"].get("phase") == "Bound", 60)
        done = kubectl(*lead, "patch", object["kind"], name, "-n", rows.NS, "--type", "merge", "-p", json.dumps(change), check=False)
        holds(f"row {number} by kubectl", is_refused(number, done, "denied"), (done.stderr or done.stdout)[:300])
    leaving(lead)
    handed_on(lead)
    for who, verbs in [(lead, rows.VERBS), (people("rob", "mallory-readers"), rows.READS)]:
        for number, verb, resource, namespace in verbs:
            resource, _, group = resource.partition(".")
            group, _, part = group.partition("/") if group else ("", "", "")
            holds(f"row {number}: may {verb} {resource} in `{namespace}`", not may(who, verb, group, "/".join(filter(None, [resource, part])), namespace))

def default_class(name, is_default):
    """Gives the world a default storage class, or takes it away. What a server thinks is the default it knows a moment later."""
    word = "true" if is_default else "false"
    kubectl("annotate", "storageclass", name, "--overwrite", f"storageclass.kubernetes.io/is-default-class={word}")
    CLASSED[:] = [name] if is_default else []
    time.sleep(2)

def leaving(lead):
    """Row `LEAVING`: something on its way out, held back by a claim that a pod uses, is changed."""
    let_in = rows.one("networking.k8s.io/v1", "NetworkPolicy", "leaving", spec={"podSelector": {}, "policyTypes": ["Ingress"]})
    kubectl(*lead, "create", "-f", "-", input=json.dumps(let_in))
    uid = get("networkpolicy", "leaving", "-n", rows.NS)["metadata"]["uid"]
    owner = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "name": "leaving", "uid": uid, "blockOwnerDeletion": True}
    claim = rows.one("v1", "PersistentVolumeClaim", "held", metadata={"ownerReferences": [owner]}, spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}})
    user = rows.one("v1", "Pod", "holder", spec=rows.pod(volumes=[{"name": "x", "persistentVolumeClaim": {"claimName": "held"}}]))
    # That a claim holds its owner, people may not say any more (row 275).
    kubectl("create", "-f", "-", input=json.dumps(claim))
    kubectl(*lead, "create", "-f", "-", input=json.dumps(user))
    until("the pod that holds a claim runs", lambda: (get("pod", "holder", "-n", rows.NS) or {}).get("status", {}).get("phase") == "Running", 60)
    kubectl(*lead, "delete", "networkpolicy", "leaving", "-n", rows.NS, "--cascade=foreground", "--wait=false")
    change = json.dumps({"spec": {"policyTypes": ["Ingress", "Egress"], "egress": [{}]}})
    done = kubectl(*lead, "patch", "networkpolicy", "leaving", "-n", rows.NS, "--type", "merge", "-p", change, check=False)
    holds(f"row {rows.LEAVING[0]} by kubectl", done.returncode != 0 and "denied" in done.stderr, (done.stderr or done.stdout)[:300])
    kubectl(*lead, "delete", "pod", "holder", "-n", rows.NS, "--wait=false")
    until("what is on its way out goes", lambda: not get("networkpolicy", "leaving", "-n", rows.NS), 60)

def handed_on(lead):
    """What controllers make of what a tenant says, and what people make of that."""
    for number, who, object in rows.AS:
        done = kubectl("--as", who, "create", "-f", "-", input=json.dumps(object), check=False)
        answers.append({"object": asked(object), "as": who, "refused": done.returncode != 0, "said": by_policy(done.stderr)})
        holds(f"row {number} by a controller", done.returncode != 0 and "denied" in done.stderr, (done.stderr or done.stdout)[:300])
    who, object = rows.HANDED_ON
    done = kubectl("--as", who, "create", "-f", "-", input=json.dumps(object), check=False)
    answers.append({"object": object, "as": who, "refused": done.returncode != 0, "said": by_policy(done.stderr)})
    holds("a controller hands on what a Deployment has", done.returncode == 0, done.stderr)
    for number, object in rows.OWNED:
        uid = get("serviceaccount", "default", "-n", rows.NS)["metadata"]["uid"]
        before = json.loads(json.dumps(object).replace('"UID"', json.dumps(uid)))
        # The quota is full of what row 87 has made; that there is room again, the server knows a moment later.
        kubectl("delete", "configmap", "many-0", "many-1", "-n", rows.NS, "--ignore-not-found")
        until("there is room for what has an owner", lambda: kubectl("create", "-f", "-", input=json.dumps(before), check=False).returncode == 0, 60)
        done = kubectl(*lead, "patch", object["kind"], object["metadata"]["name"], "-n", rows.NS, "--type", "merge", "-p", '{"metadata":{"ownerReferences":null}}', check=False)
        after = {**before, "metadata": {key: value for key, value in before["metadata"].items() if key != "ownerReferences"}}
        answers.append({"object": after, "before": before, "refused": done.returncode != 0, "said": by_policy(done.stderr)})
        holds(f"row {number} by kubectl", done.returncode != 0 and "denied" in done.stderr, (done.stderr or done.stdout)[:300])
    for number, object, container in rows.LOOKS:
        kubectl(*lead, "create", "-f", "-", input=json.dumps(object))
        change = json.dumps({"spec": {"ephemeralContainers": [container]}})
        done = kubectl(*lead, "patch", "pod", object["metadata"]["name"], "-n", rows.NS, "--subresource", "ephemeralcontainers", "--type", "strategic", "-p", change, check=False)
        after = {**object, "spec": {**object["spec"], "ephemeralContainers": [container]}}
        answers.append({"object": after, "before": object, "refused": done.returncode != 0, "said": by_policy(done.stderr)})
        holds(f"row {number} by kubectl", done.returncode != 0 and "denied" in done.stderr, (done.stderr or done.stdout)[:300])

start = time.time()
for one in KINDS:
    kubectl("apply", "-f", "-", input=json.dumps(kind(*one)))
build(False)
# Installed in nobody's name a tenant's NetworkPolicy would be the platform's own, so the first fence alone lets none in.
commit = publish("https://git.example.com/honest/shop.git", texts({"deploy/all.yaml": text([one for one in web() if one["kind"] != "NetworkPolicy"])}))
number, jsonnet, read = rows.JSONNET
evil = {f"row-{number}/all.yaml": text(objects) for number, objects in rows.GIT}
publish("https://git.example.com/mallory/evil.git", texts({**evil, f"row-{number}/read.jsonnet": jsonnet, f"row-{number}/beside.yaml": text([rows.config("beside-jsonnet")])}))
folder = os.path.join(project, "dist/argocd/apps/gc0")
kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "--patch-file", f"{folder}/bootstrap/argocd-cm-patch.yaml")
kubectl("apply", "-k", f"{folder}/bootstrap")
kubectl("apply", "-f", f"{folder}/root.yaml")
refresh()
until("the platform is there", lambda: all(map(is_fine, ["tenant-policies", "tenant-honest", "tenant-mallory", "monitoring"])), 240)
told("the platform is there", time.time() - start)
until("the root is fine while the tenant's applications are not", lambda: is_fine("root-gc0-apps"), 120)
by_git("the first fence alone", OPEN_WITHOUT_IMPERSONATION)
honest("the first fence alone", commit)
build(True)
commit = publish("https://git.example.com/honest/shop.git", texts({"deploy/all.yaml": text(web())}))
kubectl("apply", "-k", f"{folder}/bootstrap")
refresh()
entry = lambda: (get("appprojects.argoproj.io", "-n", "argocd", "tenant-mallory") or {}).get("spec", {}).get("destinationServiceAccounts")
until("projects have their accounts", entry, 120)
kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "--patch-file", f"{folder}/bootstrap/argocd-cm-impersonation-patch.yaml")
time.sleep(5)
# What the first fence left open is taken away, now that it does not come back.
for number, objects in rows.GIT:
    for group, kind, namespace, name in names(number, objects) if number in OPEN_WITHOUT_IMPERSONATION else []:
        kubectl("patch", kind, name, "-n", namespace, "--type", "merge", "-p", '{"metadata":{"finalizers":null}}', check=False)
        kubectl("delete", kind, name, "-n", namespace, "--wait=false", check=False)
since = moment()
for number, _ in rows.GIT:
    kubectl("patch", "applications.argoproj.io", f"mallory-row-{number}", "-n", "argocd", "--type", "merge",
            "-p", '{"operation":{"sync":{"prune":true,"syncOptions":["ServerSideApply=true"]}}}', check=False)
time.sleep(20)
by_git("both fences", set(), since)
honest("both fences", commit)
by_kubectl()
until("the root is fine after all that", lambda: is_fine("root-gc0-apps"), 120)
if os.environ.get("ANSWERS"):
    with open(os.environ["ANSWERS"], "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(one) for one in answers) + "\n]\n")
number = sum(map(len, [rows.GIT, rows.KUBECTL, rows.VERBS, rows.READS, rows.CHANGES, rows.SECOND, rows.AS, rows.OWNED, rows.LOOKS, shared.kubectl(rows), shared.changes(rows)])) + len([rows.JSONNET, rows.LEAVING])
end(f"{number} rows, all hold")
