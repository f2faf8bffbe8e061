"""tests/benchmark/run cluster: three brokers, killed in turn under load, and whether every page has its one outcome."""
import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import cluster  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run cluster")
    parser.add_argument("--rounds", type=int, default=5, help="of two kills each")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    figures, wrong = cluster.run(arguments.rounds, arguments.seed, say=lambda line: print(line, file=sys.stderr, flush=True))
    for line in wrong[:20]:
        print(line[:500], file=sys.stderr)
    for figure, value in figures.items():
        unit = "s" if figure.endswith("seconds") else "rounds" if figure == "rounds" else "pages"
        print(json.dumps({"figure": f"cluster.{figure}", "value": value, "unit": unit}))
    sys.exit(1 if wrong or figures["rounds"] < arguments.rounds else 0)


if __name__ == "__main__":
    main()
