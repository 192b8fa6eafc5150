"""The programs that a person has, as far as they would leave the machine, and what a README tells this person to run. `aws` only remembers what it was asked;
`terraform` is the real one on simulated clouds; `helm` is the real one, which reads charts from the world and was built without knowing its version of
Kubernetes. Nothing here decides what is right."""
import os, re, subprocess, sys, time
from worlds import holds, home, kubeconfig, tools

clouds = os.path.join(tools, "clouds", "clouds.py")
programs, states, asked = os.path.join(home, "programs"), os.path.join(home, "states"), os.path.join(home, "asked")

def program(name, text):
    path = os.path.join(programs, name)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o755)

def edge():
    """Lays them out."""
    os.makedirs(programs, exist_ok=True)
    ports, inner = int(os.environ["WORLD_PORT"]), os.environ["WORLD_DIR"]
    for name in ("aws", "az", "gcloud", "kubelogin"):
        program(name, f'#!/bin/sh\necho "$@" >> {asked}\n')
    program("platc", f'#!/bin/sh\nexec {os.environ["PLATC"]} "$@"\n')
    program("helm", f'#!/bin/sh\nHTTPS_PROXY=http://127.0.0.1:{ports + 4} SSL_CERT_FILE={inner}/authority/ca.crt exec {inner}/tools/helm "$@" --kube-version 1.34.0\n')
    program("terraform", f"""#!{sys.executable}
import os, subprocess, sys
chdir, verb = sys.argv[1:3]
dist, _, environment, stack = chdir.removeprefix("-chdir=").split("/")
verb = {{"init": "plan", "apply": "apply", "output": "outputs"}}[verb]
path = os.environ["PATH"].split(":", 1)[1]
done = subprocess.run([sys.executable, {clouds!r}, verb, dist, "-e", environment, "-s", stack, "--states", {states!r}], env={{**os.environ, "PATH": path}})
sys.exit(done.returncode)
""")

def commands(readme, title="From nothing to running"):
    """The blocks of a chapter, in order."""
    with open(readme) as file:
        chapter = re.search(rf"^## {title}$(.*?)(^## |\Z)", file.read(), re.M | re.S)[1]
    return re.findall(r"^ *```(?:console|sh)\n(.*?)^ *```$", chapter, re.M | re.S)

def literally(what, block, project, cluster):
    """Runs a block as it stands, and tells how long it took; gives what it said."""
    start = time.time()
    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "KUBECONFIG": kubeconfig(cluster)}
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=project, env=env, text=True, capture_output=True)
    print(f"{time.time() - start:6.0f} s  {block.splitlines()[0].strip()[:100]}", flush=True)
    holds(f"{what} works", done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:], quiet=True)
    return done.stdout + done.stderr
