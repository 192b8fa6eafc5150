"""The attempts that `.ci/long.d/tenants` makes. In comes a world that is up; out go a line for each row that does not hold, a count, and 1 if one is open that should not be."""
import importlib.util, json, os, re, shutil, subprocess, sys, time

home, platc, world = os.environ["HOME_OF_TEST"], os.environ["PLATC"], os.environ["WORLD"]
spec = importlib.util.spec_from_file_location("rows", os.path.join(os.path.dirname(os.path.abspath(__file__)), "tenants.rows.py"))
rows = importlib.util.module_from_spec(spec)
spec.loader.exec_module(rows)
project = os.path.join(home, "project")
wrong = []

# Rows that only the second fence stops: with `platform.argocd.impersonation: false` they are open.
OPEN_WITHOUT_IMPERSONATION = {28, 123}

def run(*argv, text=None, check=True):
    done = subprocess.run(argv, input=text, text=True, capture_output=True)
    if check and done.returncode:
        sys.exit(f"{' '.join(argv)}\n{done.stdout}{done.stderr}")
    return done.stdout if check else done

def kubectl(*arguments, **rest):
    return run("kubectl", "--kubeconfig", os.path.join(os.environ["WORLD_DIR"], "main.kubeconfig"), *arguments, **rest)

def get(*what):
    done = kubectl("get", *what, "-o", "json", check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None

def publish(url, files):
    folder = os.path.join(home, "repository")
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        with open(os.path.join(folder, path), "w") as file:
            file.write(text)
    run(sys.executable, world, "publish", url, folder, "--branch", "main")

def until(what, test, seconds=180):
    start = time.time()
    while time.time() - start < seconds:
        if test():
            return time.time() - start
        time.sleep(1)
    wrong.append(what)
    print(f"WRONG  {what}: not within {seconds} s", flush=True)
    return seconds

def holds(what, test, said=""):
    if not test:
        wrong.append(what)
        print(f"OPEN   {what} {said}".rstrip(), flush=True)

KINDS = [("cert-manager.io", "certificates", "Certificate"), ("cert-manager.io", "certificaterequests", "CertificateRequest"), ("acme.cert-manager.io", "challenges", "Challenge"),
         ("external-secrets.io", "externalsecrets", "ExternalSecret"), ("external-secrets.io", "pushsecrets", "PushSecret"), ("gateway.networking.k8s.io", "httproutes", "HTTPRoute"),
         ("monitoring.coreos.com", "servicemonitors", "ServiceMonitor"), ("monitoring.coreos.com", "prometheusrules", "PrometheusRule")]

def kind(group, plural, kind):
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    annotations = {"annotations": {"api-approved.kubernetes.io": "unapproved, a stand-in"}} if group.endswith("k8s.io") else {}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": f"{plural}.{group}", **annotations},
            "spec": {"group": group, "scope": "Namespaced", "names": {"plural": plural, "singular": kind.lower(), "kind": kind},
                     "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}]}}

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
    repository = {}
    for folder, _, files in os.walk(os.path.join(project, "dist")):
        for name in files:
            full = os.path.join(folder, name)
            repository[os.path.relpath(full, project)] = open(full).read()
    publish("https://git.example.com/acme/platform.git", repository)

HONEST = "honest-web"

# What the API server's policies have answered, for our own evaluator to answer the same (`ANSWERS` is the file to write).
answers = []

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
        here("v1", "Service", "shop", spec={"selector": labels, "ports": [{"port": 80}]}),
        rows.ingress("shop", HONEST, host="shop.example.com", tls=[{"hosts": ["shop.example.com"], "secretName": "shop"}],
                     annotations={rows.NGINX + "proxy-body-size": "8m", rows.NGINX + "auth-secret": "users", "cert-manager.io/cluster-issuer": "letsencrypt"}),
        rows.ingress("more", HONEST, host="a.honest.example.com"),
        here("autoscaling/v2", "HorizontalPodAutoscaler", "shop", spec={"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"}, "minReplicas": 2, "maxReplicas": 4,
             "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]}),
        here("policy/v1", "PodDisruptionBudget", "shop", spec={"maxUnavailable": 1, "selector": {"matchLabels": labels}}),
        here("v1", "ConfigMap", "shop", data={"text": "ours"}),
        here("v1", "Secret", "shop-settings", stringData={"text": "not secret"}),
        here("v1", "ServiceAccount", "shop"),
        here("batch/v1", "CronJob", "shop", spec={"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": pod(restartPolicy="Never")}}}),
        here("batch/v1", "Job", "migrate", metadata={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}},
             spec={"template": pod(restartPolicy="Never")}),
        here("v1", "PersistentVolumeClaim", "shop", spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}}),
        here("cert-manager.io/v1", "Certificate", "shop", spec={"dnsNames": ["shop.example.com", "b.honest.example.com"], "secretName": "shop-tls", "issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer"}}),
        here("external-secrets.io/v1", "ExternalSecret", "shop", spec={"secretStoreRef": {"name": "store", "kind": "ClusterSecretStore"}, "data": [{"secretKey": "x", "remoteRef": {"key": "honest/database"}}]}),
        here("gateway.networking.k8s.io/v1", "HTTPRoute", "shop", spec={"hostnames": ["shop.example.com"]}),
        here("networking.k8s.io/v1", "NetworkPolicy", "let-in", spec={"podSelector": {"matchLabels": labels}, "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": {}}]}]}),
    ]

def text(objects):
    return "\n---\n".join(json.dumps(one) for one in objects)

def application(name):
    return get("applications.argoproj.io", "-n", "argocd", name) or {}

def is_fine(name):
    status = application(name).get("status", {})
    return status.get("sync", {}).get("status") == "Synced" and status.get("health", {}).get("status") == "Healthy"

def is_synced(name):
    """Installed as Git wants it. How healthy that is depends on metrics, which a world has not."""
    status = application(name).get("status", {})
    return status.get("sync", {}).get("status") == "Synced" and status.get("operationState", {}).get("phase") == "Succeeded"

def honest(when):
    took = until(f"the honest application by Git, {when}", lambda: is_synced("honest-shop"), 240)
    if wrong and wrong[-1].startswith("the honest"):
        print(json.dumps(application("honest-shop").get("status", {}).get("operationState", {}))[:3000])
    print(f"{took:6.0f} s  the honest application by Git, {when}", flush=True)
    lead = ["--as", "lena", "--as-group", "honest-leads", "--as-group", "system:authenticated", "-n", HONEST]
    for words in [["rollout", "restart", "deployment", "shop"], ["scale", "deployment", "shop", "--replicas", "3"], ["get", "pods", "-o", "name"], ["get", "events"],
                  ["create", "job", "--from", "cronjob/shop", f"by-hand-{when.replace(' ', '-')}"], ["label", "configmap", "shop", "--overwrite", "a=b"],
                  ["delete", "configmap", "shop", "--cascade=foreground"], ["delete", "deployment", "shop", "--cascade=foreground", "--wait=false"]]:
        done = kubectl(*lead, *words, check=False)
        holds(f"honest by kubectl, {when}: {' '.join(words)}", done.returncode == 0, done.stderr)
    by_hand = [one for one in web() if one["kind"] not in ("Deployment", "Job")]
    for one in by_hand:
        one["metadata"]["name"] += "-2"
        done = kubectl(*lead, "apply", "-f", "-", text=json.dumps(one), check=False)
        answers.append({"object": json.loads(json.dumps(one)), "refused": done.returncode != 0, "said": by_policy(done.stderr)})
        holds(f"honest by kubectl, {when}: apply {one['kind']}", done.returncode == 0, done.stderr)
        done = kubectl(*lead, "delete", "-f", "-", "--wait=false", text=json.dumps(one), check=False)
        holds(f"honest by kubectl, {when}: delete {one['kind']}", done.returncode == 0, done.stderr)
    reader = ["--as", "rita", "--as-group", "honest-readers", "--as-group", "system:authenticated", "-n", HONEST]
    holds(f"a reader reads, {when}", kubectl(*reader, "get", "deployments,ingresses,certificates.cert-manager.io", check=False).returncode == 0)
    holds(f"a reader reads no secrets, {when}", kubectl(*reader, "get", "secrets", check=False).returncode != 0)
    until(f"the honest application heals, {when}", lambda: is_synced("honest-shop"), 120)

def by_git(when, open_rows):
    """All attempts at once: each has its own Application. One holds if nothing of it is there, or what is there is not the tenant's."""
    numbers = [number for number, _ in rows.GIT]
    operated = lambda number: application(f"mallory-row-{number}").get("status", {}).get("operationState", {}).get("phase") in ("Failed", "Error", "Succeeded", "Running")
    until(f"all attempts are made, {when}", lambda: all(map(operated, numbers)), 300)
    time.sleep(20)
    until(f"what stands beside Jsonnet is installed, {when}", lambda: get("configmap", "beside-jsonnet", "-n", rows.NS), 120)
    holds(f"row {rows.JSONNET[0]} by Git, {when}", not get("configmap", rows.JSONNET[2], "-n", rows.NS))
    for number, objects in rows.GIT:
        status = application(f"mallory-row-{number}").get("status", {})
        there = []
        for group, kind, namespace, name in names(number, objects):
            found = get(f"{kind}.{group}" if group else kind, name, *(["-n", namespace] if namespace else []))
            tracked = ((found or {}).get("metadata", {}).get("annotations") or {}).get(rows.TRACK, "")
            if found and not name.startswith("beside-") and (tracked.startswith("mallory-row-") or not tracked and "Hook" not in str(found)) and kind not in ("Namespace",):
                there.append(f"{kind} {name} ({tracked})")
            if found and kind == "Namespace" and found["metadata"]["labels"].get("pod-security.kubernetes.io/enforce") == "privileged":
                there.append("Namespace relabelled")
        said = status.get("operationState", {}).get("message", "")
        if number in open_rows:
            print(f"{'open  ' if there else 'closed'} row {number}, {when}, as documented: {said[:160]}", flush=True)
            holds(f"row {number} is documented as open and is not, {when}", bool(there))
        else:
            holds(f"row {number} by Git, {when}", not there, f"{there} {said[:300]}")

def by_kubectl():
    lead = ["--as", "mallory", "--as-group", "mallory-leads", "--as-group", "system:authenticated"]
    for number, objects in rows.KUBECTL:
        done = kubectl(*lead, "create", "-f", "-", text="\n".join(map(json.dumps, objects)), check=False)
        answers.extend({"object": objects[0], "refused": done.returncode != 0, "said": by_policy(done.stderr)} for _ in [0] if len(objects) == 1)
        # Where one of many is refused, the limit holds; it was there to be met.
        refused = done.returncode != 0 and ("forbidden" in done.stderr.lower() or "denied" in done.stderr.lower() or "exceeded" in done.stderr.lower())
        if not refused and "AlreadyExists" in done.stderr:
            done = kubectl(*lead, "apply", "--server-side", "--force-conflicts", "-f", "-", text=text(objects), check=False)
            refused = done.returncode != 0 and ("forbidden" in done.stderr.lower() or "denied" in done.stderr.lower())
        holds(f"row {number} by kubectl", refused, (done.stderr or done.stdout)[:300])
    for number, object, change in rows.CHANGES:
        kubectl(*lead, "create", "-f", "-", text=json.dumps(object))
        name = object["metadata"]["name"]
        done = kubectl(*lead, "patch", object["kind"], name, "-n", rows.NS, "--type", "merge", "-p", json.dumps(change), check=False)
        # The world may have bound the claim meanwhile; then the server itself forbids what the policy would have denied.
        refused = done.returncode != 0 and ("denied" in done.stderr or "Forbidden: spec is immutable" in done.stderr)
        holds(f"row {number} by kubectl", refused, (done.stderr or done.stdout)[:300])
    leaving(lead)
    for number, verb, resource, namespace in rows.VERBS:
        resource, _, part = resource.partition("/")
        done = kubectl(*lead, "auth", "can-i", verb, resource, *(["--subresource", part] if part else []), *(["-n", namespace] if namespace else []), check=False)
        holds(f"row {number}: may {verb} {resource} in `{namespace}`", done.stdout.strip().startswith("no"), done.stdout + done.stderr)

def leaving(lead):
    """Row `LEAVING`: something on its way out, held back by a claim that a pod uses, is changed."""
    let_in = rows.one("networking.k8s.io/v1", "NetworkPolicy", "leaving", spec={"podSelector": {}, "policyTypes": ["Ingress"]})
    kubectl(*lead, "create", "-f", "-", text=json.dumps(let_in))
    uid = get("networkpolicy", "leaving", "-n", rows.NS)["metadata"]["uid"]
    owner = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "name": "leaving", "uid": uid, "blockOwnerDeletion": True}
    claim = rows.one("v1", "PersistentVolumeClaim", "held", metadata={"ownerReferences": [owner]}, spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}})
    user = rows.one("v1", "Pod", "holder", spec=rows.pod(volumes=[{"name": "x", "persistentVolumeClaim": {"claimName": "held"}}]))
    kubectl(*lead, "create", "-f", "-", text=json.dumps(claim) + "\n" + json.dumps(user))
    until("the pod that holds a claim runs", lambda: (get("pod", "holder", "-n", rows.NS) or {}).get("status", {}).get("phase") == "Running", 60)
    kubectl(*lead, "delete", "networkpolicy", "leaving", "-n", rows.NS, "--cascade=foreground", "--wait=false")
    change = json.dumps({"spec": {"policyTypes": ["Ingress", "Egress"], "egress": [{}]}})
    done = kubectl(*lead, "patch", "networkpolicy", "leaving", "-n", rows.NS, "--type", "merge", "-p", change, check=False)
    holds(f"row {rows.LEAVING[0]} by kubectl", done.returncode != 0 and "denied" in done.stderr, (done.stderr or done.stdout)[:300])
    kubectl(*lead, "delete", "pod", "holder", "-n", rows.NS, "--wait=false")
    until("what is on its way out goes", lambda: not get("networkpolicy", "leaving", "-n", rows.NS), 60)

start = time.time()
for one in KINDS:
    kubectl("apply", "-f", "-", text=json.dumps(kind(*one)))
build(False)
# Installed in nobody's name a tenant's NetworkPolicy would be the platform's own, so the first fence alone lets none in.
publish("https://git.example.com/honest/shop.git", {"deploy/all.yaml": text([one for one in web() if one["kind"] != "NetworkPolicy"])})
number, jsonnet, read = rows.JSONNET
evil = {f"row-{number}/all.yaml": text(objects) for number, objects in rows.GIT}
publish("https://git.example.com/mallory/evil.git", {**evil, f"row-{number}/read.jsonnet": jsonnet, f"row-{number}/beside.yaml": text([rows.config("beside-jsonnet")])})
folder = os.path.join(project, "dist/argocd/apps/gc0")
kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "--patch-file", f"{folder}/bootstrap/argocd-cm-patch.yaml")
kubectl("apply", "-k", f"{folder}/bootstrap")
kubectl("apply", "-f", f"{folder}/root.yaml")
run(sys.executable, world, "refresh")
until("the platform is there", lambda: all(map(is_fine, ["tenant-policies", "tenant-honest", "tenant-mallory", "monitoring"])), 240)
print(f"{time.time() - start:6.0f} s  the platform is there", flush=True)
until("the root is fine while the tenant's applications are not", lambda: is_fine("root-gc0-apps"), 120)
by_git("the first fence alone", OPEN_WITHOUT_IMPERSONATION)
honest("the first fence alone")
build(True)
publish("https://git.example.com/honest/shop.git", {"deploy/all.yaml": text(web())})
kubectl("apply", "-k", f"{folder}/bootstrap")
run(sys.executable, world, "refresh")
entry = lambda: (get("appprojects.argoproj.io", "-n", "argocd", "tenant-mallory") or {}).get("spec", {}).get("destinationServiceAccounts")
until("projects have their accounts", entry, 120)
kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "--patch-file", f"{folder}/bootstrap/argocd-cm-impersonation-patch.yaml")
time.sleep(5)
# What the first fence left open is taken away, now that it does not come back.
for number, objects in rows.GIT:
    for group, kind, namespace, name in names(number, objects) if number in OPEN_WITHOUT_IMPERSONATION else []:
        kubectl("patch", kind, name, "-n", namespace, "--type", "merge", "-p", '{"metadata":{"finalizers":null}}', check=False)
        kubectl("delete", kind, name, "-n", namespace, "--wait=false", check=False)
for number, _ in rows.GIT:
    kubectl("patch", "applications.argoproj.io", f"mallory-row-{number}", "-n", "argocd", "--type", "merge",
            "-p", '{"operation":{"sync":{"prune":true,"syncOptions":["ServerSideApply=true"]}}}', check=False)
time.sleep(20)
by_git("both fences", set())
honest("both fences")
by_kubectl()
until("the root is fine after all that", lambda: is_fine("root-gc0-apps"), 120)
if os.environ.get("ANSWERS"):
    with open(os.environ["ANSWERS"], "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(one) for one in answers) + "\n]\n")
print(f"{time.time() - start:.0f} s in all, {len(rows.GIT) + len(rows.KUBECTL) + len(rows.VERBS) + len(rows.CHANGES) + 2} rows; " + (f"{len(wrong)} wrong" if wrong else "all hold"))
sys.exit(1 if wrong else 0)
