"""tests/benchmark/run store-kill: kills the store while it reads, and compares it with the topic, row by row."""
import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import store_kill  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run store-kill")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--records", type=int, default=2000, help="new records of each round")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    amid, differences = store_kill.run(arguments.rounds, arguments.records, arguments.seed,
                                       say=lambda line: print(line, file=sys.stderr))
    for line in differences[:20]:
        print(line[:500], file=sys.stderr)
    for figure, value, unit in (("store_kill_rounds", arguments.rounds, "rounds"),
                                ("store_kills_amid_reading", amid, "rounds"),
                                ("store_kill_differences", len(differences), "rows")):
        print(json.dumps({"figure": figure, "value": value, "unit": unit}))
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
