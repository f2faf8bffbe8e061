"""tests/benchmark/run cluster: three brokers, killed in turn under load, and whether every page has its one outcome."""
import argparse
import sys
from pathlib import Path

import printing

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import cluster  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run cluster")
    parser.add_argument("--rounds", type=int, default=5, help="of two kills each")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    figures, wrong = cluster.run(arguments.rounds, arguments.seed, say=printing.say)
    printing.end_rounds("cluster", arguments.rounds, figures, wrong)


if __name__ == "__main__":
    main()
