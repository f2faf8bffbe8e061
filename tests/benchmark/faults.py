"""tests/benchmark/run faults: kills, stops and storms under load, and whether every page has its one outcome."""
import argparse
import sys
from pathlib import Path

import printing

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import faults  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run faults")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--pages", type=int, default=2000, help="new pages of each round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", metavar="FAULT", help="such as stop, kill:store, two:fetcher:kafka")
    parser.add_argument("--keep", action="store_true", help="leave a failed round's processes until a line is read")
    arguments = parser.parse_args()
    figures, wrong = faults.run(arguments.rounds, arguments.pages, arguments.seed,
                                say=printing.say,
                                only=arguments.only, keep=arguments.keep)
    printing.end_rounds("faults", arguments.rounds, figures, wrong)


if __name__ == "__main__":
    main()
