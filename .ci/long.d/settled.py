"""What a world holds, told apart from what comes and goes by itself, and whether Argo CD has done all that a commit wants of it. It only looks."""
import importlib.util, os

def beside(name):
    """A file of the parts, or of a tool, whose name is no name of a module."""
    spec = importlib.util.spec_from_file_location(os.path.basename(name).replace(".", "_"), os.path.join(os.path.dirname(os.path.abspath(__file__)), name))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

Api = beside(os.environ["WORLD"]).Api
api = Api(0)
# What comes and goes by itself.
PASSING = {"Event", "Lease", "Pod", "EndpointSlice", "Endpoints", "ReplicaSet", "ControllerRevision", "Node", "CSINode", "ComponentStatus", "PersistentVolume", "IPAddress", "ServiceCIDR"}

class Object:
    def __init__(self, kind, version, meta):
        self.kind, self.group = kind, version.rpartition("/")[0]
        self.name, self.namespace, self.uid = meta["name"], meta.get("namespace", ""), meta["uid"]
        notes = meta.get("annotations") or {}
        self.application = notes.get("argocd.argoproj.io/tracking-id", "").split(":")[0]
        # By its own word it is made anew where it changes.
        self.is_anew = "Replace=true" in notes.get("argocd.argoproj.io/sync-options", "")
        self.owners = [owner["uid"] for owner in meta.get("ownerReferences", [])]
        self.goes = "deletionTimestamp" in meta

    def key(self):
        return (self.kind, self.group, self.namespace, self.name)

    def __str__(self):
        return f"{self.kind} {self.namespace + '/' if self.namespace else ''}{self.name}"

def objects(api=api):
    """Everything on a cluster that does not come and go by itself."""
    found = {}
    for version, where, resource, kind, _ in api.kinds():
        if kind in PASSING:
            continue
        try:
            listed = api.call("GET", f"{where}/{resource}")["items"]
        except OSError:
            continue
        for thing in listed:
            one = Object(kind, version, thing["metadata"])
            found.setdefault(one.uid, one)
    return {one.key(): one for one in found.values()}

def applications():
    return api.call("GET", "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications")["items"]

def sources(spec):
    return [{key: value for key, value in one.items() if key != "helm"} for one in spec.get("sources") or [spec.get("source", {})]]

def is_done(app, url, commits):
    """Whether Argo CD has looked at an Application since the commits of the repository, one for each branch, as it is now, and all of it is there."""
    status, spec = app.get("status", {}), app["spec"]
    sync = status.get("sync", {})
    from_here = any(source.get("repoURL") == url for source in sources(spec))
    return ("argocd.argoproj.io/refresh" not in app["metadata"].get("annotations", {}) and "deletionTimestamp" not in app["metadata"] and "operation" not in app
            and status.get("operationState", {}).get("phase", "Succeeded") == "Succeeded" and sync.get("status") == "Synced"
            and status.get("health", {}).get("status") == "Healthy" and sources(sync.get("comparedTo", {})) == sources(spec)
            and (not from_here or set(commits) & {sync.get("revision", ""), *sync.get("revisions", [])}))

def going(api=api):
    """Namespaces that are on their way out."""
    return [one["metadata"]["name"] for one in api.call("GET", "/api/v1/namespaces")["items"] if "deletionTimestamp" in one["metadata"]]
