"""tests/benchmark/run extract: prints the extractor's figures as JSON lines."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import extract_figures as figures

# The most exact open extractor, and the fastest.
PEERS = ("trafilatura", "resiliparse")
# What decoding JSON and parsing HTML alone cost; not every peers' folder has it.
FLOOR = "floor_lexbor_parse"


def show(figure, value, unit):
    if value is not None:
        print(json.dumps({"figure": figure, "value": round(value, 4), "unit": unit}), flush=True)


def show_quality(system, name, prefix="", environment=None):
    values, peak_rss_mb = figures.measure(system, name, environment)
    for figure, value in values.items():
        show(prefix + figure, value, "ratio")
    show(prefix + "peak_rss_mb", peak_rss_mb, "MB")


def show_speed(repeats, others, environment):
    """Measures dateline and others, by name, in turn in one run."""
    with tempfile.TemporaryDirectory() as out:
        systems = [word for name in others for word in ("--system", name)]
        figures.run_bench(["--speed", "--repeats", str(repeats), *systems,
                           "--system", figures.extractor(), "--name", "dateline",
                           "--out", out], environment)
        rows = json.loads((Path(out) / "speed.json").read_text())["rows"]
    if "dateline" not in rows or ("resiliparse" in others and "resiliparse" not in rows):
        raise figures.Missing("a system did not answer in the speed measurement")
    for name, row in rows.items():
        prefix = "" if name == "dateline" else f"peer.{name}."
        show(prefix + "speed", row["pages_per_cpu_s"], "pages/CPU-s")
        show(prefix + "speed_throughput", row["mb_per_cpu_s"], "MB/CPU-s")
        show(prefix + "speed_peak_rss_mb", row["peak_rss_mb"], "MB")
    if "resiliparse" in rows:
        show("speed_over_resiliparse", rows["dateline"]["pages_per_cpu_s"]
             / rows["resiliparse"]["pages_per_cpu_s"], "times")


def complain(missing):
    print(f"tests/benchmark/run extract: {missing}", file=sys.stderr)
    return 1


def install_peers(folder):
    if (folder / "venv/bin/resiliparse").exists():
        return
    done = subprocess.run([str(figures.bench_folder() / "setup_peers.sh")], check=False,
                          stdout=sys.stderr, env={**os.environ, "PEERS_HOME": str(folder)})
    if done.returncode != 0:
        raise figures.Missing(f"can't install the peers in {folder}")


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run extract")
    parser.add_argument("--peers", default=os.environ.get("PEERS_HOME", ""))
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    try:
        show_quality(figures.extractor(), "dateline")
        if not arguments.peers:
            show_speed(arguments.repeats, (), None)
            return 0
        peers = Path(arguments.peers).resolve()
        environment = {"PEERS_HOME": str(peers)}
        install_peers(peers)
        # One peer that doesn't run leaves the others to compare with.
        failures = 0
        for name in PEERS:
            try:
                show_quality(name, name, f"peer.{name}.", environment)
            except figures.Missing as missing:
                failures += complain(missing)
        show_speed(arguments.repeats, (FLOOR, *PEERS), environment)
    except figures.Missing as missing:
        failures = complain(missing)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
