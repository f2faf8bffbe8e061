"""The extractor's figures, as the scorer beside the pages measures them."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Name of the figure: the data set, and where the scorer's result has it.
FIGURES = {
    "fundus.body_f1": ("fundus", ("body", "shingle", "f1")),
    "trafilatura.snippet_f1": ("trafilatura", ("snippets", "f1")),
    "mozilla.body_f1": ("mozilla", ("body", "shingle", "f1")),
    "fundus.title": ("fundus", ("metadata", "title", "normalized")),
    "fundus.authors_f1": ("fundus", ("metadata", "authors", "f1")),
    "fundus.day": ("fundus", ("metadata", "published", "day")),
    "fundus.minute": ("fundus", ("metadata", "published", "minute")),
    "fundus.topics_f1": ("fundus", ("metadata", "topics", "f1")),
    "trafilatura.title": ("trafilatura", ("metadata", "title", "normalized")),
    "trafilatura.authors_f1": ("trafilatura", ("metadata", "authors", "f1")),
    "trafilatura.day": ("trafilatura", ("metadata", "published", "day")),
}
DATASETS = sorted({dataset for dataset, _ in FIGURES.values()})


class Missing(Exception):
    """What a measurement needs and isn't there."""


def _existing(variable, default, part):
    path = Path(os.environ.get(variable) or default).resolve()
    if not (path / part).exists():
        raise Missing(f"{path} has no {part}; set {variable}")
    return path


def pages_folder():
    pages = _existing("DATELINE_PAGES", ROOT.parent / "shared/pages", DATASETS[0])
    for dataset in DATASETS:
        if not (pages / dataset / "expected.ndjson").exists():
            raise Missing(f"{pages / dataset} has no expected.ndjson")
    return pages


def bench_folder():
    return _existing("DATELINE_BENCH", ROOT.parent / "shared/bench", "bench.py")


def extractor():
    """The command, as bench.py takes it."""
    folder = _existing("DATELINE_BIN", ROOT / "build/release/bin", "dateline-extract")
    return f"cmd:'{folder / 'dateline-extract'}'"


def run_bench(arguments, environment=None):
    """Runs bench.py with its output on standard error."""
    command = [sys.executable, str(bench_folder() / "bench.py"),
               "--data", str(pages_folder()), *arguments]
    done = subprocess.run(command, stdout=sys.stderr, check=False,
                          env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1",
                               **(environment or {})})
    if done.returncode != 0:
        raise Missing(f"bench.py ended with status {done.returncode}")


def _value(result, path):
    for key in path:
        result = (result or {}).get(key)
    return result


def measure(system, name, environment=None):
    """Scores a system over all data sets. -> ({figure: value or None}, peak RSS
    in MB). A figure is None where the system doesn't give what it measures."""
    with tempfile.TemporaryDirectory() as out:
        datasets = [word for name_ in DATASETS for word in ("--dataset", name_)]
        run_bench([*datasets, "--system", system, "--name", name,
                   "--out", out, "--answers", ""], environment)
        results = {dataset: json.loads((Path(out) / dataset / f"{name}.json").read_text())
                   for dataset in DATASETS}
    for dataset, result in results.items():
        if result["errors"] == result["pages"]:
            raise Missing(f"{name} answered no page of {dataset}; does it run?")
    figures = {figure: _value(results[dataset], path)
               for figure, (dataset, path) in FIGURES.items()}
    return figures, max(result["peak_rss_mb"] for result in results.values())
