"""The commands and programs of a page, made to run against a LocalRun."""
import re
import subprocess

from local_run import BIN, ROOT

DEFAULT_PORTS = {"fetcher": 7401, "parser": 7402, "store": 7403, "newsroom": 7404, "kafka": 9092}
BLOCK = re.compile(r"^```(\S+)( no-test)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def here(run, text):
    """A command for this run: its ports, its folder, the programs under test."""
    for name, port in DEFAULT_PORTS.items():
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{run.port[name]}")
    text = text.replace("build/release/bin", str(BIN))
    own = f"--state {run.state}"
    text = text.replace("deploy/local/up", f"deploy/local/up --no-install --bin {BIN} {own} --base-port {run.base}")
    return text.replace("deploy/local/down", f"deploy/local/down {own}")


def bash(command, timeout=300):
    """Runs a command as one would type it, in the project's folder; returns the finished process."""
    return subprocess.run(["bash", "-e", "-o", "pipefail", "-O", "expand_aliases", "-c", command], cwd=ROOT,
                          capture_output=True, text=True, timeout=timeout)
