"""What a page of the documentation tells a person to run, and running it as it stands there. Programs that `edge` has laid out come before those of the machine."""
import os, re, subprocess, time
from worlds import holds, home, kubeconfig

programs = os.path.join(home, "programs")

def commands(page, title="From nothing to running"):
    """The blocks of a chapter, in order."""
    with open(page) as file:
        chapter = re.search(rf"^## {title}$(.*?)(^## |\Z)", file.read(), re.M | re.S)[1]
    return re.findall(r"^ *```(?:console|sh)\n(.*?)^ *```$", chapter, re.M | re.S)

def literally(what, block, project, cluster="main"):
    """Runs a block as it stands, and tells how long it took; gives its output. Where a server had no time it is run again, as a person does."""
    start = time.time()
    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "KUBECONFIG": kubeconfig(cluster)}
    for _ in range(4):
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=project, env=env, text=True, capture_output=True)
        if done.returncode == 0 or not re.search("Timeout|context deadline exceeded|TLS handshake", done.stderr):
            break
    print(f"{time.time() - start:6.0f} s  {block.splitlines()[0].strip()[:100]}", flush=True)
    holds(f"{what} works", done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:], quiet=True)
    return done.stdout
