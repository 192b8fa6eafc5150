"""The life that `.ci/long.d/world` has a platform live. In comes a world that is up; out go a line for each part, with its seconds, and 1 if one is wrong."""
import json, os, shutil, sys, time
from pages import commands, literally
from worlds import application, get, holds, home, is_fine, kubectl, live, of_world, phase, platc, run, told, until
import worlds

project = os.path.join(home, "project")
url = "https://git.example.com/acme/life.git"
ROOT = "root-gc0-apps"

def attempt(services, tenants=None):
    """Builds the platform with these services; gives how that ended."""
    with open(os.path.join(project, "services.yaml"), "w") as file:
        json.dump({"services": services, "tenants": tenants or {}}, file)
    return run(platc, "build", "-C", project, "--color", "never", check=False)

def build(services, tenants=None):
    """The same where it must work; gives what the build said."""
    done = attempt(services, tenants)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout + done.stderr

def publish(edit=None, branch="main"):
    """What was built becomes the branch, perhaps with an accident."""
    worlds.publish(url, worlds.output(project, edit), branch)

def commit(services, tenants=None, edit=None):
    said = build(services, tenants)
    publish(edit)
    return said

def text(name):
    found = get("configmap", name)
    return found and found["data"]["text"]

def is_installed(name):
    """Fine, and no operation is still at it."""
    return is_fine(name) and phase(name) == "Succeeded"

BASE = {"mark": {"class": "mark"}, "server": {"class": "server"}, "chart": {"class": "chart"}}

def began():
    """The first installation, by the commands of the documentation, on an Argo CD that has settings of its own."""
    shutil.copytree("tests/data/life", project)
    build(BASE)
    publish()
    folder = os.path.join(project, "dist/argocd/apps/gc0")
    before = get("configmap", "-n", "argocd", "argocd-cm")["data"]
    for _ in range(2):
        kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "--patch-file", f"{folder}/bootstrap/argocd-cm-patch.yaml")
        kubectl("apply", "-k", f"{folder}/bootstrap")
    after = get("configmap", "-n", "argocd", "argocd-cm")["data"]
    holds("settings of the installation are kept", all(after.get(key) == value for key, value in before.items()) and len(after) > len(before))
    kubectl("apply", "-f", f"{folder}/root.yaml")
    told("the first installation", until("the first installation", lambda: all(map(is_installed, [ROOT, *BASE])), 300))

def old_version():
    """An Argo CD before 3.2 does not know `retry.refresh`: kubectl refuses the root."""
    crd = get("crd", "applications.argoproj.io")
    was = json.dumps(crd)
    retry = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["syncPolicy"]["properties"]["retry"]["properties"]
    retry.pop("refresh")
    kubectl("replace", "-f", "-", input=json.dumps(crd))
    root = os.path.join(project, "dist/argocd/apps/gc0/root.yaml")
    refused = lambda: (done := kubectl("apply", "--dry-run=server", "-f", root, check=False)).returncode != 0 and "refresh" in done.stderr
    until("an older Argo CD refuses the root", refused, 30)
    holds("an older Argo CD refuses the root", refused())
    back = json.loads(was)
    back["metadata"]["resourceVersion"] = get("crd", "applications.argoproj.io")["metadata"]["resourceVersion"]
    kubectl("replace", "-f", "-", input=json.dumps(back))
    until("the kinds are back", lambda: not refused(), 30)
    # Whatever was written meanwhile has lost the field.
    kubectl("apply", "-f", root)
    until("the root says `refresh` again", lambda: application(ROOT)["spec"]["syncPolicy"]["retry"].get("refresh"), 30)

def mended(what, broken, fixed, arrived, is_broken, edit=None):
    """A broken commit, then its fix."""
    commit(broken, edit=edit)
    until(f"{what}: is broken", is_broken, 90)
    time.sleep(20)
    commit(fixed)
    told(f"{what}: until the fix is live", until(f"{what}: the fix", arrived))
    commit(BASE)
    until(f"{what}: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def differs(name):
    return lambda: not is_installed(name)

def broken_root():
    def accident(dist):
        path = f"{dist}/argocd/apps/gc0/applications/mark.yaml"
        with open(path) as file: whole = file.read()
        with open(path, "w") as file: file.write(whole.replace("  project: platform\n", ""))
    fixed = {**BASE, "more": {"class": "mark"}}
    mended("root", fixed, fixed, lambda: text("more") == "one" and is_installed(ROOT), differs(ROOT), accident)

def unreadable_root():
    def accident(dist):
        with open(f"{dist}/argocd/apps/gc0/kustomization.yaml", "a") as file: file.write("<<<<<<< HEAD\n")
    fixed = {**BASE, "more": {"class": "mark"}}
    mended("root that cannot be read", fixed, fixed, lambda: text("more") == "one" and is_installed(ROOT), lambda: not is_fine(ROOT), accident)

def broken_values():
    broken = {**BASE, "chart": {"class": "chart", "values": {"replicaCount": -1}}}
    fixed = {**BASE, "chart": {"class": "chart", "values": {"replicaCount": 2}}}
    arrived = lambda: get("deployment", "-n", "chart", "chart-adminer")["spec"]["replicas"] == 2 and is_installed("chart")
    mended("values of a chart", broken, fixed, arrived, lambda: not is_fine("chart"))

def new_broken_values():
    """The chart is new, so nothing can be compared before it is tried: a sync fails and is tried again."""
    broken = {**BASE, "other": {"class": "chart", "values": {"replicaCount": -1}}}
    fixed = {**BASE, "other": {"class": "chart", "values": {"replicaCount": 2}}}
    arrived = lambda: (get("deployment", "-n", "other", "other-adminer") or {}).get("spec", {}).get("replicas") == 2 and is_installed("other")
    mended("values of a new chart", broken, fixed, arrived, lambda: "Running" == phase("other") and not is_fine("other"))

def broken_version():
    broken = {**BASE, "chart": {"class": "chart", "version": "9.9.9"}}
    fixed = {**BASE, "chart": {"class": "chart", "values": {"replicaCount": 3}}}
    arrived = lambda: get("deployment", "-n", "chart", "chart-adminer")["spec"]["replicas"] == 3 and is_installed("chart")
    mended("version of a chart", broken, fixed, arrived, lambda: not is_fine("chart"))

def broken_overlay():
    broken, fixed = ({**BASE, "server": {"class": "server", "replicas": replicas, "text": f"of-{abs(replicas)}"}} for replicas in (-1, 2))
    arrived = lambda: get("deployment", "server")["spec"]["replicas"] == 2 and is_installed("server")
    mended("overlay", broken, fixed, arrived, lambda: not is_fine("server"))

def new_broken_overlay():
    broken, fixed = ({**BASE, "late": {"class": "server", "replicas": replicas}} for replicas in (-1, 2))
    arrived = lambda: (get("deployment", "late") or {}).get("spec", {}).get("replicas") == 2 and is_installed("late")
    mended("overlay of a new service", broken, fixed, arrived, lambda: phase("late") == "Running")

def stuck_hook():
    """A sync that waits takes no commit; the documented way ends it."""
    commit({**BASE, "hook": {"class": "hook"}})
    until("hook: installed", lambda: is_installed("hook"))
    commit({**BASE, "hook": {"class": "hook", "cpu": 1000, "text": "two"}})
    until("hook: hangs", lambda: phase("hook") == "Running")
    time.sleep(10)
    commit({**BASE, "hook": {"class": "hook", "text": "three"}, "more": {"class": "mark"}})
    told("hook that hangs: until another change is live", until("hook: another change", lambda: text("more") == "one"))
    kubectl("patch", "applications.argoproj.io", "hook", "-n", "argocd", "--type", "merge", "-p", '{"status":{"operationState":{"phase":"Terminating"}}}')
    until("hook: has ended", lambda: phase("hook") == "Failed")
    # Of paths that did not change since it looked last, Argo CD begins no sync by itself once one has failed.
    kubectl("patch", "applications.argoproj.io", "hook", "-n", "argocd", "--type", "merge", "-p", '{"operation":{"sync":{"prune":true,"syncOptions":["ServerSideApply=true"]}}}')
    told("hook that hangs: until the fix is live, ended and synced by hand", until("hook: the fix", lambda: text("hook") == "three"))
    commit(BASE)
    until("hook: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def first_installation():
    """A service that never gets healthy, and one behind it."""
    stuck = {"class": "server", "of": "StatefulSet", "cpu": 1000}
    behind = {"class": "mark", "dependsOn": ["slow"]}
    commit({**BASE, "slow": stuck, "behind": behind})
    until("first installation: it is there", lambda: get("statefulset", "slow"))
    time.sleep(15)
    holds("what comes after it waits", text("behind") is None)
    commit({**BASE, "slow": {**stuck, "cpu": 1}, "behind": behind, "more": {"class": "mark"}})
    start = time.time()
    until("first installation: the fix is applied", lambda: get("statefulset", "slow")["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]["cpu"] == "1")
    # A StatefulSet leaves a pod of before that never got ready.
    kubectl("delete", "pod", "slow-0", check=False)
    until("first installation: the fix", lambda: is_fine("slow"))
    told("first installation: until the fix is live", time.time() - start)
    told("first installation: until what comes after it is live", until("first installation: behind", lambda: text("behind") == "one" and text("more") == "one"))
    commit(BASE)
    until("first installation: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def given_up():
    """As before, but nobody mends it: after its time it holds up nobody."""
    key = "resource.customizations.health.argoproj.io_Application"
    script = get("configmap", "-n", "argocd", "argocd-cm")["data"][key]
    holds("the time for a first installation is in the settings", "os.time() - 900" in script)
    kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "-p", json.dumps({"data": {key: script.replace("- 900", "- 60")}}))
    stuck = {"class": "server", "of": "StatefulSet", "cpu": 1000}
    commit({**BASE, "slow": stuck, "behind": {"class": "mark", "dependsOn": ["slow"]}})
    told("first installation that never ends, with 60 s for it: until the rest is live", until("given up", lambda: text("behind") == "one", 240))
    commit({**BASE, "slow": stuck, "behind": {"class": "mark", "dependsOn": ["slow"]}, "more": {"class": "mark"}})
    told("then: until another change is live", until("after giving up", lambda: text("more") == "one"))
    kubectl("patch", "configmap", "argocd-cm", "-n", "argocd", "--type", "merge", "-p", json.dumps({"data": {key: script}}))
    commit(BASE)
    until("given up: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def sick_child():
    """A child that fell ill by itself, an update that never gets healthy, and unrelated changes."""
    ill = {**BASE, "server": {"class": "server", "cpu": 1000, "text": "ill"}}
    commit(ill)
    until("sick child: is sick", lambda: not is_fine("server"))
    commit({**ill, "more": {"class": "mark"}})
    told("sick child: until an unrelated new service is live", until("sick child: unrelated", lambda: text("more") == "one"))
    commit({**BASE, "more": {"class": "mark"}})
    told("sick child: until its fix is live", until("sick child: the fix", lambda: is_fine("server")))
    commit(BASE)
    until("sick child: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def paused():
    """People pause a child; what Git changes in it arrives all the same."""
    kubectl("patch", "applications.argoproj.io", "mark", "-n", "argocd", "--type", "merge", "-p", '{"spec":{"syncPolicy":{"automated":{"enabled":false}}}}')
    kubectl("patch", "configmap", "mark", "--type", "merge", "-p", '{"data":{"text":"by hand"}}')
    commit({**BASE, "mark": {"class": "mark", "dependsOn": ["server"]}, "more": {"class": "mark"}})
    until("paused: a change beside it", lambda: text("more") == "one")
    time.sleep(10)
    mark = application("mark")
    holds("what Git changes in a paused child arrives", mark["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "10")
    holds("a paused child stays paused", mark["spec"]["syncPolicy"]["automated"].get("enabled") is False and text("mark") == "by hand")
    kubectl("patch", "applications.argoproj.io", "mark", "-n", "argocd", "--type", "merge", "-p", '{"spec":{"syncPolicy":{"automated":{"enabled":true}}}}')
    told("paused: until it heals when it goes on", until("paused: goes on", lambda: text("mark") == "one"))
    kubectl("patch", "applications.argoproj.io", "mark", "-n", "argocd", "--type", "merge", "-p", '{"spec":{"syncPolicy":{"automated":null}}}')
    told("paused by taking `automated` away: until that is undone", until("paused: undone", lambda: application("mark")["spec"]["syncPolicy"].get("automated")))
    kubectl("annotate", "applications.argoproj.io", "mark", "-n", "argocd", "argocd.argoproj.io/skip-reconcile=true")
    commit({**BASE, "mark": {"class": "mark", "text": "two", "dependsOn": ["server", "chart"]}})
    time.sleep(10)
    holds("what is frozen stays as it is", text("mark") == "one" and application("mark")["metadata"]["annotations"].get("argocd.argoproj.io/skip-reconcile") == "true")
    kubectl("annotate", "applications.argoproj.io", "mark", "-n", "argocd", "argocd.argoproj.io/skip-reconcile-")
    told("frozen: until it is as Git wants it when it goes on", until("paused: thawed", lambda: text("mark") == "two"))
    commit(BASE)
    until("paused: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def jobs():
    one = {**BASE, "job": {"class": "job"}}
    commit(one)
    until("jobs: installed", lambda: is_installed("job"))
    uid = get("job", "job")["metadata"]["uid"]
    commit({**BASE, "job": {"class": "job", "text": "two"}})
    until("jobs: a change beside it", lambda: text("job") == "two" and is_installed("job"))
    holds("a job is not run again by a change beside it", get("job", "job")["metadata"]["uid"] == uid)
    commit({**BASE, "job": {"class": "job", "text": "two", "image": "two"}})
    image = lambda: (get("job", "job") or {"spec": {"template": {"spec": {"containers": [{}]}}}})["spec"]["template"]["spec"]["containers"][0].get("image")
    told("jobs: until a changed one is made anew", until("jobs: changed", lambda: image() == "two" and is_installed("job")))
    commit(BASE)
    until("jobs: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))

def removed():
    """A removed service leaves its CRDs; what keeps data leaves its namespace."""
    commit({**BASE, "wide": {"class": "wide"}, "store": {"class": "store"}})
    until("removed: installed", lambda: is_installed("wide") and is_installed("store"))
    before = uids("PersistentVolumeClaim store/store")
    said = commit({**BASE, "store": {"class": "store", "enabled": False}})
    gone = lambda: not any([get("namespace", "wide"), get("ingressclass", "wide"), get("clusterrole", "wide"), application("wide"), application("store")])
    told("removed service: until all of it is gone", until("removed: gone", gone))
    holds("its CRD stays, and the build says so", bool(get("crd", "wides.example.com")) and "kubectl delete customresourcedefinition wides.example.com" in said)
    holds("the namespace that keeps data stays, with its claim", bool(get("namespace", "store")) and before == uids("PersistentVolumeClaim store/store") != {})
    holds("the build says how it goes", "kubectl delete namespace store" in said)
    commit(BASE)
    until("removed: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))
    kubectl("delete", "namespace", "store", "--wait=false")
    until("removed: a person deletes the namespace", lambda: not get("namespace", "store"))

def brought():
    """Kinds that a chart brings without any label: found by the command of the build while its Application is there, and by that of the page afterwards."""
    commit({**BASE, "karpenter": {"class": "chart", "chart": "karpenter", "version": "1.14.1", "values": {"settings": {"clusterName": "gc0"}}}})
    told("brought: until a chart with kinds is there", until("brought: installed", lambda: is_installed("karpenter") and get("crd", "nodepools.karpenter.sh")))
    said = build(BASE)
    [way] = [part for part in said.split("`") if part.startswith("kubectl get application karpenter")]
    named = literally("brought: the command of the build", way, project).split()
    holds("the Application names the kinds of its chart", "nodepools.karpenter.sh" in named and not get("crd", named[0])["metadata"].get("labels"), named)
    publish()
    until("brought: gone", lambda: not application("karpenter"))
    [later] = commands("docs/diagnostics/kinds-stay.md", "Kinds that nobody has any more")
    until("brought: the root has noticed", lambda: is_installed(ROOT))
    left = literally("brought: the command of the page", later, project).split()
    holds("afterwards they are among what no Application has", set(named) <= set(left) and "applications.argoproj.io" not in left, left)
    for name in named:
        kubectl("delete", "crd", name, "--wait=false")

def uids(*wanted):
    """Objects with their uids, of kinds, namespaces and names that begin so: `PersistentVolumeClaim store/`."""
    lines = (line.split() for line in of_world("objects").stdout.splitlines())
    found = ((f"{line[1].split('.')[0]} {line[2]}", line[3]) for line in lines)
    return {what: uid for what, uid in found if any(what.startswith(start) for start in wanted)}

def refused(what, services, tenants=None, why="keeps data"):
    """A build that must not happen; the output stays as it is."""
    done = attempt(services, tenants)
    holds(f"{what}: refused", done.returncode != 0 and why in done.stdout + done.stderr)

def data():
    """What keeps data leaves by its own word only, and then it stays where it is."""
    team = {"namespaces": {"main": {}}, "access": {"developers": "edit"}, "applications": {"disk": {"class": "disk"}, "page": {"class": "page"}}}
    store, maker = {"class": "store"}, {"class": "maker"}
    full = {**BASE, "store": store, "maker": maker}
    commit(full, {"team": team})
    applications = ["store", "maker-store", "tenant-team", "team-disk", "team-page"]
    until("data: installed", lambda: all(map(is_installed, applications)))
    claims = ["PersistentVolumeClaim store/store", "PersistentVolumeClaim maker-store/store", "PersistentVolumeClaim team-main/disk"]
    limits = [f"{kind} team-main/" for kind in ["ResourceQuota", "NetworkPolicy", "LimitRange", "RoleBinding"]]
    namespaces = ["Namespace -/store", "Namespace -/maker-store", "Namespace -/team-main"]
    kept = lambda: uids(*claims, *namespaces)
    in_force = lambda: uids(*limits)
    before, limited = kept(), in_force()
    holds(f"there are {len(before)} claims and namespaces, and {len(limited)} limits", len(before) == 6 and len(limited) > 5)

    refused("a line that vanished", {**BASE, "maker": maker}, {"team": team})
    refused("a placement that leaves its cluster", {**full, "store": {**store, "placement": []}}, {"team": team})
    refused("a maker that stops making", {**full, "maker": {**maker, "makes": False}}, {"team": team})
    refused("an owner that is disabled", full, {"team": {**team, "enabled": False}})
    publish()
    time.sleep(5)
    holds("after builds that were refused all is as before", kept() == before and all(map(is_installed, applications)))

    said = commit({**full, "store": {**store, "enabled": "forget"}, "maker-store": {"enabled": False}}, {"team": team})
    told("forgotten, and disabled: until their Applications are gone", until("data: words", lambda: not application("store") and not application("maker-store")))
    holds("the build names what a person may delete", "kubectl delete namespace maker-store" in said)
    holds("claims and namespaces of both keep their uids", kept() == before)
    commit(BASE, {"team": team})
    until("data: their lines are gone", lambda: is_installed(ROOT))
    holds("the same when their lines are gone", kept() == before)

    disk = {**team["applications"]["disk"], "enabled": False}
    leaving = {"team": {**team, "enabled": False, "applications": {**team["applications"], "disk": disk}}}
    said = commit(BASE, leaving)
    gone = lambda: not any(map(application, ["tenant-team", "team-disk", "team-page"])) and not get("configmap", "-n", "team-main", "page")
    told("disabled tenant: until its applications are gone", until("data: tenant", gone))
    holds("its namespace, claims, quotas and policies keep their uids", kept() == before and in_force() == limited)
    holds("the build has the command for its namespace", "kubectl delete namespace team-main" in said)
    project = get("appprojects.argoproj.io", "-n", "argocd", "tenant-team")
    holds("its project stays, and the build has the command for it", project and "kubectl delete appproject tenant-team -n argocd" in said and is_fine(ROOT))
    commit(BASE)
    until("data: the tenant's line is gone", lambda: is_installed(ROOT))
    holds("the same when its line is gone", kept() == before and in_force() == limited)
    still = get("appprojects.argoproj.io", "-n", "argocd", "tenant-team")
    holds("and of its project", still and still["metadata"]["uid"] == project["metadata"]["uid"])
    kubectl("delete", "appproject", "tenant-team", "-n", "argocd")
    kubectl("delete", "namespace", "store", "maker-store", "team-main", "--wait=false")
    told("until they are gone by the commands", until("data: deleted by a person", lambda: not kept()))

def handed():
    """A namespace goes from one service to another: refused, until it is protected on the cluster."""
    one, other = {"class": "space"}, {"class": "space", "makes": False}
    protected = {"override": {"manifests": {"space": {"metadata": {"annotations": {
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false", "argocd.argoproj.io/compare-options": "IgnoreExtraneous"}}}}}}
    commit({**BASE, "one": one, "other": other})
    until("handed: installed", lambda: is_installed("one") and is_installed("other"))
    kubectl("apply", "-f", "-", input=json.dumps({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": "shared"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}))
    kept = lambda: uids("Namespace -/shared", "PersistentVolumeClaim shared/data")
    before = kept()
    refused("a namespace that changes hands", {**BASE, "one": {**one, "makes": False}, "other": {**other, "makes": True}}, why="namespace-handed-over")
    refused("a namespace that nobody makes any more", {**BASE, "one": {**one, "makes": False}, "other": other}, why="namespace-handed-over")
    commit({**BASE, "one": {**one, **protected}, "other": other})
    annotated = lambda: "argocd.argoproj.io/compare-options" in get("namespace", "shared")["metadata"].get("annotations", {})
    told("first step: until it is protected", until("handed: protected", annotated))
    commit({**BASE, "one": {**one, "makes": False}, "other": {**other, "makes": True}})
    tracked = lambda: get("namespace", "shared")["metadata"]["annotations"].get("argocd.argoproj.io/tracking-id", "").startswith("other:")
    told("second step: until the other one has it", until("handed: moved", lambda: tracked() and is_installed("one") and is_installed("other")))
    time.sleep(10)
    holds("the namespace and a claim in it keep their uids", kept() == before and len(before) == 2)
    commit(BASE)
    until("handed: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])) and not get("namespace", "shared"))

def renamed():
    """A renamed tenant and a renamed service keep every object."""
    tenant = {"namespaces": {"main": {}}, "access": {"developers": "edit"}, "groups": ["developers"]}
    commit({**BASE, "store": {"class": "store"}}, {"team": tenant})
    until("renamed: installed", lambda: is_installed("tenant-team") and is_installed("store"))
    uids = lambda: {line.split()[1] + " " + line.split()[2]: line.split()[3] for line in of_world("objects").stdout.splitlines()
                    if "team" in line or "store" in line}
    before = uids()
    commit({**BASE, "shop": {"class": "store", "identity": "store"}}, {"crew": {**tenant, "identity": "team", "labels": {"a": "b"}}})
    time.sleep(10)
    until("renamed: installed again", lambda: is_installed("tenant-team") and is_installed("store") and is_installed(ROOT))
    after = uids()
    holds(f"a renamed tenant and a renamed service keep the uids of their {len(before)} objects", before == after and len(before) > 8)

def down():
    """The documented way down, with what keeps data: once with the folder still in Git, once after it has left. Without it a root takes nothing along."""
    tenant = {"team": {"namespaces": {"main": {}}}}
    full = {**BASE, "wide": {"class": "wide"}, "store": {"class": "store"}}
    way, look = commands("docs/operations.md", "The way down")
    [back] = commands("docs/operations.md", "Back again")
    applications = lambda: [one["metadata"]["name"] for one in get("applications.argoproj.io", "-n", "argocd")["items"]]
    commit(full, tenant)
    until("down: installed", lambda: all(map(is_installed, [ROOT, *full, "tenant-team"])))
    kept = lambda: uids("Namespace -/team-main", "Namespace -/store", "PersistentVolumeClaim store/store", "CustomResourceDefinition -/wides.example.com")
    before = kept()
    kubectl("delete", "applications.argoproj.io", ROOT, "-n", "argocd")
    time.sleep(5)
    kubectl("patch", "configmap", "mark", "--type", "merge", "-p", '{"data":{"text":"by hand"}}')
    until("down: without a root children live on and heal", lambda: text("mark") == "one")
    holds("a root that is deleted as it is takes nothing along", set(applications()) >= {*full, "tenant-team"} and kept() == before)
    literally("the way back", back, project)
    until("down: its root is back", lambda: all(map(is_fine, [ROOT, *full, "tenant-team"])) and is_fine(ROOT))
    start = time.time()
    literally("the way down", way, project)
    told("the way down, with the folder in Git", time.time() - start)
    holds("no Application is left, and no project but the root's and Argo CD's own",
          applications() == [] and {one["metadata"]["name"] for one in get("appprojects.argoproj.io", "-n", "argocd")["items"]} <= {"default", "platform-root"})
    holds("what it has installed is gone", not any([get("namespace", "wide"), get("ingressclass", "wide"), get("configmap", "mark"), get("deployment", "server")]))
    holds("what keeps data stays, and kinds do", kept() == before and len(before) == 4 and "store" in literally("a look at what stays", look, project))
    literally("the way back", back, project)
    # Of what has stayed nothing differs, so nothing is synced.
    told("back again", until("down: back", lambda: all(map(is_fine, [ROOT, *full, "tenant-team"])) and is_installed(ROOT)))
    holds("what was left is taken over", kept() == before)

    # Now the cluster leaves the definitions, which needs the words of what keeps data first.
    with open(os.path.join(project, "platform.yaml")) as file: platform = file.read()
    leave(platform)
    refused("a cluster that leaves with data", full, tenant)
    with open(os.path.join(project, "platform.yaml"), "w") as file: file.write(platform)
    commit({**full, "store": {"class": "store", "enabled": False}}, {"team": {**tenant["team"], "enabled": False}})
    until("down: words", lambda: not application("store") and not application("tenant-team"))
    leave(platform)
    said = commit(BASE)
    holds("the build says that what is installed stays, and how it goes", "installed-stays" in said and f"kubectl patch application {ROOT} -n argocd --type merge" in said
          and f"kubectl delete application {ROOT} -n argocd" in said)
    until("down: its folder is gone", lambda: not is_fine(ROOT) and not is_fine("mark"))
    time.sleep(10)
    holds("without a word nothing is taken away", set(applications()) >= {ROOT, *BASE} and text("mark") == "one")
    start = time.time()
    literally("the way down", way, project)
    told("the way down, after the folder has left Git", time.time() - start)
    holds("nothing is left but what keeps data, and kinds", applications() == [] and text("mark") is None and kept() == before)

def leave(platform):
    """The definitions without their cluster."""
    with open(os.path.join(project, "platform.yaml"), "w") as file:
        file.write(platform.replace("gc0: { class: bare }", "gc0: { class: bare, enabled: false }"))

def by_hand():
    """A child that a person syncs holds up nobody, and takes nothing until it is synced."""
    with open(os.path.join(project, "platform.yaml")) as file: platform = file.read()
    with open(os.path.join(project, "platform.yaml"), "w") as file: file.write(platform.replace("{ apps: {} }", "{ apps: { argocd: { sync: manual } } }"))
    stuck = {"class": "server", "of": "StatefulSet", "cpu": 1000}
    told_of = commit({**BASE, "slow": stuck, "behind": {"class": "mark", "dependsOn": ["slow"]}})
    holds("the build says that waves do not order what people sync", "synced-by-hand" in told_of)
    told("by hand: until both children are there", until("by hand: children", lambda: application("slow") and application("behind")))
    told("by hand: until the root is done", until("by hand: the root", lambda: phase(ROOT) == "Succeeded" and is_fine(ROOT)))
    time.sleep(5)
    holds("nothing of them is installed", not get("statefulset", "slow") and text("behind") is None)
    sync = '{"operation":{"sync":{"syncOptions":["ServerSideApply=true"]}}}'
    kubectl("patch", "applications.argoproj.io", "behind", "-n", "argocd", "--type", "merge", "-p", sync)
    told("by hand: until what is synced is live, though what it depends on is not", until("by hand: synced", lambda: text("behind") == "one"))
    kubectl("patch", "applications.argoproj.io", "slow", "-n", "argocd", "--type", "merge", "-p", sync)
    until("by hand: the sick one", lambda: get("statefulset", "slow"))
    commit({**BASE, "slow": stuck, "behind": {"class": "mark", "dependsOn": ["slow"]}, "more": {"class": "mark"}})
    told("by hand: until another child is there beside a sick one", until("by hand: another", lambda: application("more") and is_fine(ROOT)))
    with open(os.path.join(project, "platform.yaml"), "w") as file: file.write(platform)
    commit(BASE)
    until("by hand: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])) and not application("slow"))

def revision():
    """Takes down the project as it is now, as a revision that `diff --against` can read."""
    git = ["git", "-C", project, "-c", "user.name=a", "-c", "user.email=a@example.com"]
    run(*git, "init", "-q")
    run(*git, "add", "-A")
    run(*git, "commit", "-q", "--allow-empty", "-m", "one")

def refuses(name, words):
    """Whether the cluster refuses what an Application wants, in these words."""
    def test():
        status = (application(name) or {}).get("status", {})
        said = json.dumps([status.get("conditions"), status.get("operationState", {}).get("message"), status.get("operationState", {}).get("syncResult")])
        return any(word in said for word in words)
    return test

def against():
    """What `diff` says of services that change to what `build` is given."""
    done = run(platc, "diff", "--against", "HEAD", "-C", project, "--color", "never", check=False)
    return done.stdout + done.stderr

def shrunk():
    """A claim that is made smaller, and templates of claims: refused, and told before."""
    disk, set_ = {"class": "disk", "size": "2Gi"}, {"class": "claims", "size": "2Gi"}
    commit({**BASE, "disk": disk, "set": set_})
    until("shrunk: installed", lambda: is_installed("disk") and is_installed("set"))
    revision()
    smaller = {**BASE, "disk": {**disk, "size": "1Gi"}, "set": {**set_, "size": "1Gi"}}
    build(smaller)
    said = against()
    holds("`diff` tells of the claim and of the templates", "goes from `2Gi` to `1Gi`, which a cluster refuses" in said and "`spec.volumeClaimTemplates` of StatefulSet `default/set` changes" in said)
    publish()
    told("shrunk: until the claim is refused", until("shrunk: refused", refuses("disk", ["can not be less than", "is forbidden", "Forbidden"])))
    told("shrunk: until the templates are", until("shrunk: templates", refuses("set", ["updates to statefulset spec", "Forbidden"])))
    pod = lambda: (get("pod", "set-0") or {}).get("metadata", {}).get("uid")
    uids_of = lambda: (uids("PersistentVolumeClaim default/"), pod())
    before = uids_of()
    # The way round that `diff` says.
    [way] = [part for part in said.split("`") if part.startswith("kubectl delete statefulset")]
    literally("the way of `diff`", way, project)
    told("shrunk: until the set is made anew, by the command of `diff`", until("shrunk: anew", lambda: (found := get("statefulset", "set"))
         and found["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] == "1Gi"))
    # A sync that was refused is not begun again by itself.
    holds("its pod and the claims keep their uids", uids_of() == before and pod() and len(before[0]) == 2)
    commit({**BASE, "disk": disk, "set": {**set_, "size": "1Gi"}})
    until("shrunk: all is well again", lambda: is_fine("disk") and is_fine("set"))
    commit(BASE)
    until("shrunk: gone", lambda: all(map(is_installed, [ROOT, *BASE])) and not application("disk"))
    kubectl("delete", "persistentvolumeclaims", "--all", "-n", "default", "--wait=false")

def kinds():
    """A kind and an object of it in one Application, both removed; a version that is dropped, and the way to drop it."""
    commit({**BASE, "gadgets": {"class": "gadgets"}})
    told("kinds: until a kind and its object are there", until("kinds: installed", lambda: is_installed("gadgets") and get("gadgets.example.com", "gadget")))
    said = commit(BASE)
    told("kinds: until the object is gone with its service", until("kinds: gone", lambda: not application("gadgets") and not get("gadgets.example.com", "gadget")))
    holds("the kind stays, and the build says so", get("crd", "gadgets.example.com") and "kubectl delete customresourcedefinition gadgets.example.com" in said)
    one = {"class": "gadgets"}
    commit({**BASE, "gadgets": one})
    until("kinds: installed again", lambda: is_installed("gadgets"))
    revision()
    build({**BASE, "gadgets": {**one, "versions": ["v2"], "written": "v2"}})
    said = against()
    holds("`diff` tells of the version", "kind `gadgets.example.com` loses version `v1`" in said)
    publish()
    # What cannot be compared goes on showing what it showed before, for three minutes.
    told("kinds: until the cluster refuses the kind without its version", until("kinds: refused", refuses("gadgets", ["storedVersions", "status.storedVersions"]), 420))
    both = {**BASE, "gadgets": {**one, "versions": ["v1", "v2"], "written": "v2"}}
    build(both)
    told_of = against()
    holds("`diff` tells of an object in a version that comes with it", "written in version `v2`, which its kind serves only from this change on" in told_of)
    publish()
    told("kinds: until an object in a version that comes with it is not compared", until("kinds: at once", refuses("gadgets", ["no matches for kind"])))
    commit({**BASE, "gadgets": {**one, "versions": ["v1", "v2"]}})
    stored = lambda: get("crd", "gadgets.example.com")["status"]["storedVersions"]
    told("kinds: first step: until both versions are there, and the new one is kept", until("kinds: both", lambda: "v2" in stored() and is_installed("gadgets")))
    commit(both)
    synced = lambda: application("gadgets")["status"]["sync"].get("revision") == application(ROOT)["status"]["sync"].get("revision")
    told("kinds: second step: until its object is to be of the new one", until("kinds: written", lambda: synced() and is_fine("gadgets")))
    [way] = [part for part in said.split("`") if part.startswith("kubectl get gadgets.example.com")]
    literally("the way of `diff`", way, project)
    fields = get("gadgets.v2.example.com", "gadget", "--show-managed-fields")["metadata"]["managedFields"]
    holds("its Application still owns what it has written", [(field["manager"], field["apiVersion"]) for field in fields] == [("argocd-controller", "example.com/v2")])
    commit({**BASE, "gadgets": {**one, "versions": ["v2"], "written": "v2"}})
    told("kinds: third step: until the old one is gone, by the command of `diff`", until("kinds: dropped", lambda: is_installed("gadgets")
         and [version["name"] for version in get("crd", "gadgets.example.com")["spec"]["versions"]] == ["v2"]))
    holds("its object lives", bool(get("gadgets.v2.example.com", "gadget")))
    commit(BASE)
    until("kinds: all is well again", lambda: all(map(is_installed, [ROOT, *BASE])))
    kubectl("delete", "crd", "gadgets.example.com", "--wait=false")

def called():
    """Applications that are called differently, because a hub drives their cluster from now on: by the commands of the page all that is installed stays."""
    first, second = commands("docs/diagnostics/replaced-by-name.md", "Applications")
    with open(os.path.join(project, "platform.yaml")) as file: platform = file.read()
    def platform_with(hub):
        with open(os.path.join(project, "platform.yaml"), "w") as file:
            file.write(platform.replace("  defaults:", "  argocd: { hub: gc0 }\n  defaults:") if hub else platform)
    of_base = lambda: uids("ConfigMap default/mark", "Deployment default/server", "Deployment chart/", "Namespace -/chart")
    before = of_base()
    for hub, names, old in [(True, [f"gc0-apps-{name}" for name in BASE], list(BASE)), (False, list(BASE), [f"gc0-apps-{name}" for name in BASE])]:
        platform_with(hub)
        said = build(BASE)
        holds("the build says that Applications get other names", "replaced-by-name" in said and "3 Applications get other names" in said)
        literally("called: before the commit", first, project)
        publish()
        literally("called: after it", second, project)
        worlds.refresh()
        told("called: until the new ones are there, and the old ones gone", until("called: new names", lambda: all(map(is_fine, names)) and not any(map(application, old))))
        until("called: the root", lambda: is_installed(ROOT))
        holds(f"the {len(before)} objects keep their uids", of_base() == before and len(before) == 4)
    until("called: all is well again", lambda: all(map(is_fine, BASE)))

PARTS = [began, old_version, broken_root, unreadable_root, broken_values, new_broken_values, broken_version, broken_overlay, new_broken_overlay, stuck_hook,
         first_installation, given_up, sick_child, paused, jobs, by_hand, shrunk, kinds, called, removed, brought, renamed, data, handed, down]
live(PARTS, always=[began])
