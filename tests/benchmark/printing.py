"""How benchmarks tell what they find: figures as JSON lines, and what they do to standard error."""
import json
import math
import sys


def say(text):
    print(text, file=sys.stderr, flush=True)


def show(figure, value, unit, digits=3):
    print(json.dumps({"figure": figure, "value": round(value, digits), "unit": unit}), flush=True)


def percentile(values, share):
    """The least value that `share` of the values are not above."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def end_rounds(benchmark, wanted, figures, wrong):
    """Of rounds of faults: shows all figures; ends with 1 where anything was wrong or rounds are missing."""
    for line in wrong[:20]:
        say(line[:500])
    for figure, value in figures.items():
        unit = "s" if figure.endswith("seconds") else "rounds" if figure == "rounds" else "pages"
        show(f"{benchmark}.{figure}", value, unit)
    sys.exit(1 if wrong or figures["rounds"] < wanted else 0)
