"""tests/benchmark/run fuzz: runs the fuzz targets, and prints what they did as JSON lines."""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/fuzz"
TARGETS = sorted(path.name.removesuffix("_fuzz.cc") for path in (ROOT / "tests/fuzz").glob("*_fuzz.cc"))
# Longer inputs find little more, and take longer. The unit is bytes.
DEFAULT_LONGEST = 4096
LONGEST = {"byline": 1024, "dates": 512, "extract": 16384, "feed_time": 128, "sitemap": 8192,
           "url": 1024, "warc": 16384}
# An input that takes longer is a finding; sanitizers cost a factor of ten.
MOST_SECONDS = 20
MOST_MB = 2048


class Failed(Exception):
    pass


def show(figure, value):
    print(json.dumps({"figure": figure, "value": value, "unit": "inputs"}), flush=True)


def say(text):
    print(f"tests/benchmark/run fuzz: {text}", file=sys.stderr, flush=True)


def build(targets):
    log = ROOT / "build/fuzz-build.log"
    log.parent.mkdir(exist_ok=True)
    commands = (["cmake", "--preset", "fuzz", "-DDATELINE_TESTS=ON"],
                ["cmake", "--build", str(BUILD), "--target", *(f"{name}_fuzz" for name in targets)])
    with log.open("w") as out:
        for command in commands:
            if subprocess.run(command, check=False, cwd=ROOT, stdout=out, stderr=out).returncode != 0:
                raise Failed(f"'{command[0]} {command[1]}' failed; the whole output is in {log}. "
                             "deploy/local/install --fuzz installs what it needs")


def command_of(name, seconds, inputs, findings):
    dictionary = ROOT / f"tests/fuzz/dictionaries/{name}.dict"
    corpus = ROOT / f"tests/fuzz/corpus/{name}"
    return [str(BUILD / f"tests/{name}_fuzz"), str(inputs), *([str(corpus)] if corpus.is_dir() else []),
            *([f"-dict={dictionary}"] if dictionary.exists() else []),
            f"-max_total_time={seconds}", f"-max_len={LONGEST.get(name, DEFAULT_LONGEST)}",
            f"-timeout={MOST_SECONDS}", f"-rss_limit_mb={MOST_MB}",
            f"-artifact_prefix={findings}/", "-print_final_stats=1"]


def run(name, seconds):
    """Executions of a target, and the files that hold what it found."""
    inputs = BUILD / "inputs" / name
    findings = BUILD / "findings" / name
    for folder in (inputs, findings):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(findings.iterdir())
    log = BUILD / f"findings/{name}.log"
    environment = {**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1", "ASAN_OPTIONS": "detect_leaks=1"}
    with log.open("wb") as out:
        code = subprocess.run(command_of(name, seconds, inputs, findings), check=False, stdout=out,
                              stderr=out, env=environment).returncode
    text = log.read_text(errors="replace")
    executions = re.findall(r"^stat::number_of_executed_units: *(\d+)", text, re.MULTILINE)
    found = sorted(path for path in findings.iterdir()
                   if path not in before and not path.name.startswith("slow-unit"))
    if code != 0 and not found:
        found = [log]
    return int(executions[-1]) if executions else 0, found, log


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run fuzz")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    arguments = parser.parse_args()
    targets = arguments.targets or TARGETS
    try:
        for name in targets:
            if name not in TARGETS:
                raise Failed(f"no target '{name}'; there are {', '.join(TARGETS)}")
        if not arguments.no_build:
            build(targets)
        failed = False
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            runs = {name: pool.submit(run, name, arguments.seconds) for name in targets}
            for name, future in runs.items():
                executions, found, log = future.result()
                show(f"fuzz.{name}.executions", executions)
                show(f"fuzz.{name}.findings", len(found))
                for path in found:
                    say(f"{name} found {path}; what it did is at the end of {log}")
                failed = failed or bool(found)
    except (Failed, OSError) as error:
        say(str(error))
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
