"""The extractor's figures on real pages may not fall under their floors.

Needs pages that are not in the repository: ../shared/pages or $DATELINE_PAGES,
and the scorer in ../shared/bench or $DATELINE_BENCH. Without them it is skipped
(exit code 77). Floors are in figures_floors.json: raise them when the figures
rise.
"""
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "benchmark"))
import extract_figures  # noqa: E402

SKIPPED = 77


def main():
    try:
        extract_figures.pages_folder()
        extract_figures.bench_folder()
    except extract_figures.Missing as missing:
        print(f"skipped: {missing}")
        return SKIPPED
    floors = json.loads((HERE / "figures_floors.json").read_text())
    if set(floors) != set(extract_figures.FIGURES):
        print("figures_floors.json does not name the figures of extract_figures.py")
        return 1
    try:
        figures, _ = extract_figures.measure(extract_figures.extractor(), "dateline")
    except extract_figures.Missing as missing:
        print(f"failed: {missing}")
        return 1
    fallen = 0
    for figure, floor in floors.items():
        value = figures[figure]
        is_under = value is None or value < floor
        fallen += is_under
        print(f"{'UNDER' if is_under else 'ok':5} {figure:24} {value} (floor {floor})")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
