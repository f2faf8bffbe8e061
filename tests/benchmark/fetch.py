"""tests/benchmark/run fetch: prints the fetcher's figures as JSON lines."""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

from local_run import BIN, LocalRun, generated_protos, wait_until  # noqa: E402

import frontier_load  # noqa: E402
from fetch_site import FetchSite, Missing, host_name  # noqa: E402
from printing import say  # noqa: E402

TOOLS = BIN.parent / "benchmark"
CONCURRENCY = 256
FLAGS = ("--resolve=*.test=127.0.0.1", "--allow_addresses=127.0.0.0/8", "--host_delay=0s", "--loopback_host_delay=0s",
         f"--fetch_concurrency={CONCURRENCY}", "--transactional_id=benchmark")


# What each figure has to be: at least, or at most.
BARS = {"fetch.ratio": (">=", 0.7), "fetch.restart_seconds": ("<=", 30), "fetch.frontier_rss_mb": ("<", 400)}


SPEED_FIGURES = (("fetch.floor_pages_per_second", "pages/s"), ("fetch.pages_per_second", "pages/s"), ("fetch.ratio", "ratio"),
                 ("fetch.floor_cpu_per_page", "us"), ("fetch.cpu_per_page", "us"), ("fetch.broker_cpu_per_page", "us"))


def show(figure, value, unit):
    line = {"figure": figure, "value": round(value, 4), "unit": unit}
    if figure in BARS:
        line["bar"] = "{} {}".format(*BARS[figure])
    print(json.dumps(line), flush=True)


def run_tool(name, *arguments, urls):
    done = subprocess.run([str(TOOLS / name), *map(str, arguments)], input="".join(url + "\n" for url in urls),
                          capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise Missing(f"{name} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def cpu_seconds(pid):
    """The processor time that a process took so far."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def children_cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure_floor(site, urls):
    """Of a loop that does nothing but fetch: pages a second, and its processor time for one in microseconds."""
    before = children_cpu_seconds()
    answer = run_tool("dateline-fetch-floor", CONCURRENCY, site.port, urls=urls)
    return answer["pages"] / answer["seconds"], (children_cpu_seconds() - before) / answer["pages"] * 1e6


def fetched(run):
    """Pages that are committed: counted behind their transaction."""
    return run.metric("fetcher", "dateline_fetcher_fetches_total", outcome="fetched")


def measure_fetcher(run, urls):
    """From the first submission to the commit of the last page: pages a second, the fetcher's and the broker's processor
    time for one in microseconds."""
    before = fetched(run)
    cpu_before = [cpu_seconds(run.pid(server)) for server in ("fetcher", "kafka")]
    begin = time.monotonic()
    accepted = run_tool("dateline-submit-urls", f"127.0.0.1:{run.port['fetcher']}", urls=urls)
    if accepted != len(urls):
        raise Missing(f"{accepted} of {len(urls)} URLs were accepted")
    say(f"submitted in {time.monotonic() - begin:.2f} s")
    wait_until(lambda: fetched(run) >= before + len(urls), 300, f"the fetch of {len(urls)} pages")
    speed = len(urls) / (time.monotonic() - begin)
    cpu = [cpu_seconds(run.pid(server)) for server in ("fetcher", "kafka")]
    return (speed, *((after - earlier) / len(urls) * 1e6 for after, earlier in zip(cpu, cpu_before)))


def await_serving(run):
    wait_until(lambda: "serving" in run.log("fetcher"), 30, "the start of the fetcher")


def show_speed(run, site, arguments):
    run.start("fetcher", *FLAGS)
    await_serving(run)
    wait_until(lambda: run.log("fetcher").count("partition is read") >= 12, 30, "the reading of the frontier")
    # The broker compiles itself while it works; robots.txt is asked for once.
    for mark in ("warm=1", "warm=2"):
        speed, *_ = measure_fetcher(run, site.urls(arguments.hosts, arguments.pages_per_host, mark))
        say(f"warming up: {speed:.0f} pages/s")
    rows = []
    for number in range(1, arguments.rounds + 1):
        urls = site.urls(arguments.hosts, arguments.pages_per_host, f"round={number}")
        floor, floor_cpu = measure_floor(site, urls)
        speed, cpu, broker_cpu = measure_fetcher(run, urls)
        rows.append((floor, speed, speed / floor, floor_cpu, cpu, broker_cpu))
        say(f"round {number}: floor {floor:.0f}, fetcher {speed:.0f} pages/s")
    for (figure, unit), values in zip(SPEED_FIGURES, zip(*rows)):
        show(figure, statistics.median(values), unit)


def memory_mb(run, field):
    """VmRSS or VmHWM of the fetcher."""
    status = Path(f"/proc/{run.pid('fetcher')}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(field)).split()[1]) / 1024


def first_page_after_start(run, site):
    """Seconds from the start of the process to the commit of the first page."""
    begin = time.monotonic()
    run.start("fetcher", *FLAGS)

    def has_fetched():
        try:
            return fetched(run) > 0
        except OSError:
            return False
    wait_until(has_fetched, 120, "a page after the start")
    return time.monotonic() - begin


def show_frontier(run, site, arguments):
    """With a frontier of a million URLs, of which some are due at each start."""
    begin = time.monotonic()
    frontier_load.load(run.brokers, arguments.hosts, host_name, site.port, arguments.frontier_urls, 50_000)
    say(f"{arguments.frontier_urls} entries written in {time.monotonic() - begin:.0f} s")
    say(f"first start: {first_page_after_start(run, site):.2f} s")
    wait_until(lambda: run.log("fetcher").count("partition is read") >= 12, 120, "the reading of the frontier")
    run.kill("fetcher")
    show("fetch.restart_seconds", first_page_after_start(run, site), "s")
    wait_until(lambda: run.log("fetcher").count("partition is read") >= 12, 120, "the reading of the frontier")
    time.sleep(2)
    if run.metric("fetcher", "dateline_fetcher_frontier_urls") < arguments.frontier_urls:
        raise Missing("not every entry was read")
    show("fetch.frontier_rss_mb", memory_mb(run, "VmRSS"), "MB")
    show("fetch.frontier_peak_rss_mb", memory_mb(run, "VmHWM"), "MB")
    run.stop("fetcher")


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run fetch")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--hosts", type=int, default=1000)
    parser.add_argument("--pages_per_host", type=int, default=20)
    parser.add_argument("--page_bytes", type=int, default=100_000)
    parser.add_argument("--identity", action="store_true")
    parser.add_argument("--frontier_urls", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["speed", "frontier"])
    arguments = parser.parse_args()
    run, site = LocalRun(), None
    try:
        site = FetchSite(run.folder / "site", run.port["newsroom"], arguments.pages_per_host, arguments.page_bytes,
                         not arguments.identity)
        wait_until(site.is_up, 20, "the start of nginx")
        run.start_broker()
        if arguments.only != "frontier":
            show_speed(run, site, arguments)
            run.stop("fetcher")
            run.down("--wipe")
            run.start_broker()
        if arguments.only != "speed":
            generated_protos(run.folder)
            sys.path.insert(0, str(run.folder))
            show_frontier(run, site, arguments)
    except (Missing, AssertionError) as error:
        print(f"tests/benchmark/run fetch: {error}", file=sys.stderr)
        return 1
    finally:
        run.close()
        if site is not None:
            site.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
