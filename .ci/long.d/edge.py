"""The programs that a person has, as far as they would leave the machine. `aws` and its like only remember what they were asked;
`terraform` is the real one on simulated clouds; `helm` is the real one, which reads charts from the world and was built without knowing its version of
Kubernetes. Nothing here decides what is right."""
import os, sys
from pages import programs
from worlds import home, tools

clouds = os.path.join(tools, "clouds", "clouds.py")
states, asked, vault = (os.path.join(home, name) for name in ("states", "asked", "vault"))

def program(name, text):
    path = os.path.join(programs, name)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o755)

def edge():
    """Lays them out."""
    os.makedirs(programs, exist_ok=True)
    ports, inner = int(os.environ["WORLD_PORT"]), os.environ["WORLD_DIR"]
    for name in ("aws", "az", "gcloud", "git", "kubelogin"):
        program(name, f'#!/bin/sh\necho "$@" >> {asked}\n')
    program("vault", f'#!/bin/sh\nmkdir -p {vault}/$(dirname "$3") && cat > {vault}/"$3"\n')
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
