"""tests/benchmark/run pipeline: pages in to articles out, beside bare extraction; prints figures as JSON lines."""
import argparse
import re
import statistics
import sys
import time

import pipeline_pages
import printing
from pipeline_run import ARTICLES, PAGES, WARM_UP_SECONDS, ArticleArrivals, Pipeline, extract_rate, machine_seconds
from printing import percentile, say

WARM_UP = 2000


def show(figure, value, unit):
    printing.show(f"pipeline.{figure}", value, unit, digits=4)


def drain(pipeline, count):
    """Pages a second, and microseconds of the processor a page of parser and broker, over a topic that is full."""
    pipeline.fill(WARM_UP + count)
    pipeline.start_parser()
    begin = pipeline.await_parsed(WARM_UP)
    first, parser, broker, machine = pipeline.parsed(), pipeline.parser_cpu(), pipeline.broker_cpu(), machine_seconds()
    end = pipeline.await_parsed(WARM_UP + count)
    pages = pipeline.parsed() - first
    costs = [1e6 * (after - before) / pages
             for after, before in ((pipeline.parser_cpu(), parser), (pipeline.broker_cpu(), broker))]
    work, idle = (1e6 * (after - before) / pages for after, before in zip(machine_seconds(), machine))
    pipeline.stop_parser()
    say(f"{pages:.0f} pages in {end - begin:.1f} s; a page cost the parser {costs[0]:.0f} µs, the broker {costs[1]:.0f} µs, "
        f"all else {max(0, work - sum(costs)):.0f} µs, and {idle:.0f} µs went unused")
    return pages / (end - begin), *costs


def measure_rate(pipeline, count, rounds):
    """By the clock, and by the processor's time, which other work on the machine changes less."""
    figures = {"extract_pages_per_second": [], "pages_per_second": [], "ratio": [], "cpu_ratio": []}
    for _ in range(rounds):
        before = extract_rate(pipeline.run.folder, pipeline.pages, 4)
        rate, parser_cost, broker_cost = drain(pipeline, count)
        after = extract_rate(pipeline.run.folder, pipeline.pages, 4)
        bare, bare_cost = (statistics.mean(pair) for pair in zip(before, after))
        say(f"dateline-extract: {before[0]:.0f} and {after[0]:.0f} pages a second, {bare_cost:.0f} µs a page; "
            f"the pipeline {rate:.0f}")
        for values, value in zip(figures.values(), (bare, rate, rate / bare, bare_cost / (parser_cost + broker_cost))):
            values.append(value)
    for name, values in figures.items():
        show(name, statistics.median(values), "ratio" if name.endswith("ratio") else "pages/s")
    return statistics.median(figures["pages_per_second"])


def measure_latency(pipeline, rate, seconds):
    pipeline.start_parser()
    with ArticleArrivals(pipeline) as arrivals:
        arrivals.latencies(rate, WARM_UP_SECONDS)
        values = arrivals.latencies(rate, seconds)
    pipeline.stop_parser()
    say(f"{len(values)} pages at {rate:.0f} a second")
    show("latency_p50", percentile(values, 0.5), "ms")
    show("latency_p99", percentile(values, 0.99), "ms")
    show("latency_max", max(values), "ms")


def measure_cost(pipeline, few, many):
    """What a page costs where there are few, and where there are many."""
    totals = []
    for count in (few, many):
        _, parser, broker = drain(pipeline, count)
        show(f"parser_cpu_{count}_pages", parser, "us/page")
        show(f"broker_cpu_{count}_pages", broker, "us/page")
        totals.append(parser + broker)
    show("cost_growth", totals[1] / totals[0], "ratio")
    # Each page, of these and of those before, is one record of either topic, or a dead letter.
    pages = pipeline.source.number
    show("page_topic_bytes", pipeline.topic_bytes(PAGES) / pages, "bytes/page")
    show("article_topic_bytes", pipeline.topic_bytes(ARTICLES) / pages, "bytes/page")


def soak(pipeline, rate, seconds):
    """Resident memory at minute 5, or a sixth of the time where that is less, and at the end."""
    early = min(300, seconds / 6)
    pipeline.start_parser()
    begin, seen = time.monotonic(), {}
    count, peak = 0, 0

    def resident_at(moment):
        nonlocal count, peak
        while time.monotonic() - begin < moment:
            count += pipeline.trickle(rate, min(10, max(0.1, begin + moment - time.monotonic())), seen)
            seen.clear()
            peak = max(peak, sum(pipeline.parser_resident_mb().values()))
        return pipeline.parser_resident_mb()

    def show_resident(resident, name, moment):
        when = f"minute_{moment / 60:.0f}" if moment >= 60 else name
        for process, value in resident.items():
            show(f"soak_{process}_resident_{when}", value, "MB")
        show(f"soak_resident_{when}", sum(resident.values()), "MB")
    show_resident(resident_at(early), "early", early)
    last = resident_at(seconds)
    pipeline.await_parsed(count, 120)
    show_resident(last, "late", seconds)
    show("soak_resident_peak", peak, "MB")
    show("soak_pages", count, "pages")
    pipeline.stop_parser()


def seconds_of(text):
    match = re.fullmatch(r"(\d+)(s|m|h)", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"'{text}' is no time such as 90s or 30m")
    return int(match[1]) * {"s": 1, "m": 60, "h": 3600}[match[2]]


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run pipeline")
    parser.add_argument("--pages", type=int, default=200_000, help="the larger number whose cost a page is measured")
    parser.add_argument("--pages_folder", help="HTML files to take in place of generated ones")
    parser.add_argument("--rate_pages", type=int, default=15_000, help="of each round of the measurement of speed")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=30, help="of the measurement of latency")
    parser.add_argument("--only", choices=["rate", "latency", "cost", "soak"])
    parser.add_argument("--rate", type=float, help="full load, in pages a second, where it is not measured")
    parser.add_argument("--soak", type=seconds_of, help="also how memory stands after so long, as 30m")
    parser.add_argument("--soak_load", type=float, default=0.2, help="share of the full load")
    parser.add_argument("--parser_flag", action="append", default=[], help="for dateline-parser, as --parse_threads=2")
    arguments = parser.parse_args()
    pages = pipeline_pages.pages(arguments.pages_folder)
    say(f"{len(pages)} pages of {sum(len(body) for _, body in pages) / len(pages) / 1000:.0f} kB on average")
    pipeline = Pipeline(pages, arguments.parser_flag)
    try:
        wanted = [arguments.only] if arguments.only else ["rate", "latency", "cost", *(["soak"] if arguments.soak else [])]
        rate = arguments.rate
        if "rate" in wanted or rate is None:
            rate = measure_rate(pipeline, arguments.rate_pages, arguments.rounds)
        if "latency" in wanted:
            measure_latency(pipeline, rate / 10, arguments.seconds)
        if "cost" in wanted:
            measure_cost(pipeline, min(10_000, arguments.pages), arguments.pages)
        if "soak" in wanted:
            soak(pipeline, rate * arguments.soak_load, arguments.soak or 1800)
        balance = pipeline.balance()
        for kind in ("in_flight", "lost", "duplicated", "reordered", "invented"):
            show(kind, balance[kind], "pages")
        return 1 if any(balance[kind] for kind in ("in_flight", "lost", "duplicated", "reordered", "invented")) else 0
    except AssertionError as error:
        print(f"tests/benchmark/run pipeline: {error}\n{pipeline.run.logs()}", file=sys.stderr)
        return 1
    finally:
        pipeline.close()


if __name__ == "__main__":
    sys.exit(main())
