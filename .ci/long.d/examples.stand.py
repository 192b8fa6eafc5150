"""Makes a world of its own for the examples: the tools and charts that are there, charts that are not, and the status that operators of more kinds would give. In
comes `examples.exceptions`; out goes the path of its program. What it makes lies in the folder of the test."""
import importlib.util, io, json, os, sys, tarfile

home, tools = os.environ["HOME_OF_TEST"], os.environ["TOOLS"]
beside = os.path.dirname(os.path.abspath(__file__))
folder, packages = os.path.join(home, "stand", "tools", "world"), os.path.join(home, "stand", "charts")
charts = os.path.realpath(os.path.join(tools, "..", "charts"))

def rows(kind):
    """Of the exceptions, those of a kind: example, what, how, why."""
    with open(os.path.join(beside, "examples.exceptions")) as file:
        lines = [line.split(None, 4) for line in file if line.strip() and not line.startswith("#")]
    return [line[1:] for line in lines if line[0] == kind]

def packed(path, name, files):
    with tarfile.open(path, "w:gz") as out:
        for inner, data in files.items():
            info = tarfile.TarInfo(f"{name}/{inner}")
            info.size = len(data)
            out.addfile(info, io.BytesIO(data))

def anew(name, version, other):
    """A package under another version."""
    for file in os.listdir(charts):
        if not file.endswith(f"-{other}.tgz"):
            continue
        with tarfile.open(os.path.join(charts, file)) as tar:
            files = {member.name.split("/", 1)[1]: tar.extractfile(member).read() for member in tar if member.isfile()}
        if f"name: {name}\n" in files["Chart.yaml"].decode():
            lines = [f"version: {version}" if line.startswith("version:") else line for line in files["Chart.yaml"].decode().splitlines()]
            return packed(os.path.join(packages, f"{name}-{version}.tgz"), name, {**files, "Chart.yaml": "\n".join(lines).encode()})
    sys.exit(f"no package of {name} {other}")

def made(name, version):
    """A chart that has a Deployment, to stand for one."""
    labels = {"app.kubernetes.io/instance": "{{ .Release.Name }}"}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "registry.example.com/none:1"}]}}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "{{ .Release.Name }}", "labels": labels}, "spec": {"selector": {"matchLabels": labels}, "template": pod}}
    chart = {"apiVersion": "v2", "name": name, "version": version}
    packed(os.path.join(packages, f"{name}-{version}.tgz"), name, {"Chart.yaml": "".join(f"{key}: {value}\n" for key, value in chart.items()).encode(), "templates/all.yaml": json.dumps(deployment).encode()})

def patient():
    """An Argo CD that looks at git when it is told to, as after a webhook, and else rarely, and that has time: else a busy machine does nothing but look."""
    spec = importlib.util.spec_from_file_location("world", os.path.join(folder, "world.py"))
    world = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(world)
    path = os.path.join(home, "stand", "bin", "argocd")
    os.makedirs(os.path.dirname(path))
    with open(path, "w") as file:
        file.write(f'#!/usr/bin/env bash\nexport ARGOCD_EXEC_TIMEOUT=600s ARGOCD_APPLICATION_CONTROLLER_REPO_SERVER_TIMEOUT_SECONDS=600\nfor word; do\n  [ "$word" != 20 ] || word=180\n  words+=("$word")\ndone\nexec {world.program("argocd")} "${{words[@]}}"\n')
    os.chmod(path, 0o755)
    # What it makes of its own needs no schema, for which a busy server has no time.
    path = os.path.join(home, "stand", "bin", "kubectl")
    with open(path, "w") as file:
        file.write(f'#!/usr/bin/env bash\n[ "${{3:-}}" != create ] || set -- "$@" --validate=false\nexec {world.program("kubectl")} "$@"\n')
    os.chmod(path, 0o755)

def stand():
    os.makedirs(folder)
    os.makedirs(packages)
    for name in os.listdir(os.path.join(tools, "world")):
        if name != "answered.json":
            os.symlink(os.path.join(tools, "world", name), os.path.join(folder, name))
    for name in os.listdir(charts):
        os.symlink(os.path.join(charts, name), os.path.join(packages, name))
    answered = []
    for place in (os.path.join(tools, "world", "answered.json"), os.path.join(beside, "examples.answered.json")):
        with open(place) as file:
            answered += json.load(file)
    with open(os.path.join(folder, "answered.json"), "w") as file:
        json.dump(answered, file)
    patient()
    for _, what, how, _ in rows("chart"):
        name, version = what.split("=")
        if not os.path.exists(os.path.join(packages, f"{name}-{version}.tgz")):
            made(name, version) if how == "made" else anew(name, version, how)
    print(os.path.join(folder, "world.py"))

if __name__ == "__main__":
    stand()
