"""tests/benchmark/run isolation: what it costs to read pages in processes of their own."""
import argparse
import base64
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import extract_figures as figures

BENCHMARK = "tests/isolation_benchmark"


def write_pages(out):
    """Every page of the sets, as dateline-extract would be given them."""
    folder = figures.pages_folder()
    for dataset in figures.DATASETS:
        for line in (folder / dataset / "expected.ndjson").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            page = gzip.decompress((folder / dataset / "pages" / f"{record['id']}.html.gz").read_bytes())
            out.write(json.dumps({"url": record["url"], "html_base64": base64.b64encode(page).decode()}) + "\n")


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run isolation")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    folder = Path(os.environ.get("DATELINE_BIN") or figures.ROOT / "build/release/bin").resolve().parent
    if not (folder / BENCHMARK).exists():
        print(f"tests/benchmark/run isolation: no {folder / BENCHMARK}; build it", file=sys.stderr)
        return 1
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as pages:
            write_pages(pages)
            pages.flush()
            return subprocess.run([str(folder / BENCHMARK), pages.name, str(arguments.repeats)], check=False).returncode
    except figures.Missing as missing:
        print(f"tests/benchmark/run isolation: {missing}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
