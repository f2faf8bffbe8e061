"""tests/benchmark/run backfill: how long live pages take without and with a backfill under way, as JSON lines."""
import argparse
import sys
import time

import pipeline_pages
import printing
from pipeline_run import BACKFILL, WARM_UP_SECONDS, ArticleArrivals, Pipeline, wait_until
from printing import percentile, say


def show(figure, value, unit):
    printing.show(f"backfill.{figure}", value, unit)


def measure(pipeline, rate, seconds, name):
    """Of pages that come at this rate; the parser is running."""
    with ArticleArrivals(pipeline) as arrivals:
        arrivals.latencies(rate, WARM_UP_SECONDS)
        before, begin = pipeline.parsed(), time.monotonic()
        values = arrivals.latencies(rate, seconds)
        others = (pipeline.parsed() - before - len(values)) / (time.monotonic() - begin)
    for share in (0.5, 0.99):
        show(f"{name}_p{share * 100:.0f}", percentile(values, share), "ms")
    return others


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run backfill")
    parser.add_argument("--rate", type=float, default=100, help="live pages a second")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--backfill", type=int, default=60_000, help="pages that wait; more than are parsed meanwhile")
    parser.add_argument("--pages_folder", help="HTML files to take in place of generated ones")
    arguments = parser.parse_args()
    pipeline = Pipeline(pipeline_pages.pages(arguments.pages_folder))
    try:
        pipeline.start_parser()
        measure(pipeline, arguments.rate, arguments.seconds, "live_alone")
        pipeline.stop_parser()
        pipeline.fill(arguments.backfill, BACKFILL)
        say(f"{arguments.backfill} pages of the backfill are on the topic")
        pipeline.start_parser()
        wait_until(lambda: pipeline.parsed() > 1000, 60, "the start of the backfill")
        others = measure(pipeline, arguments.rate, arguments.seconds, "live_beside_backfill")
        left = arguments.backfill + 10 - pipeline.parsed()
        show("backfill_pages_per_second", others, "pages/s")
        pipeline.stop_parser()
        balance = pipeline.balance()
        if balance["in_flight"] <= 0:
            raise AssertionError(f"the backfill ended meanwhile ({left:.0f} pages left); take more --backfill")
        wrong = [kind for kind in ("lost", "duplicated", "reordered", "invented") if balance[kind]]
        if wrong:
            raise AssertionError(f"{', '.join(wrong)}: {balance['findings'][:5]}")
        return 0
    except AssertionError as error:
        print(f"tests/benchmark/run backfill: {error}", file=sys.stderr)
        return 1
    finally:
        pipeline.close()


if __name__ == "__main__":
    sys.exit(main())
