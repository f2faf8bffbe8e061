"""tests/benchmark/run store: prints the store's figures as JSON lines."""
import argparse
import contextlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

from local_run import BIN, LocalRun, wait_until  # noqa: E402
from printing import percentile, say, show  # noqa: E402

TOOLS = BIN.parent / "benchmark"
GHZ = ROOT / "build/deps/bin/ghz"
HEALTH_PROTO = ROOT / "common/rpc/reflection/health.proto"
CALLS_PROTO = ROOT / "tests/benchmark/store_calls.proto"
SERVICE = "dateline.v1.ArticleStoreService"
# Of AggregateGrouping.
BY_PUBLISHER, BY_DAY = 1, 9
SEED = 1
PAGE = 20
WARM_UP = 20


class Missing(Exception):
    pass


def run_tool(name, *arguments, text=None, timeout=1800):
    done = subprocess.run([str(TOOLS / name), *map(str, arguments)], input=text, capture_output=True, text=True, timeout=timeout)
    if done.returncode:
        raise Missing(f"{name} ended with {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return done.stdout


def show_latencies(figure, values):
    show(f"{figure}_p50", percentile(values, 0.5), "ms")
    show(f"{figure}_p99", percentile(values, 0.99), "ms")


class Ghz:
    """Calls of the store by ghz."""

    def __init__(self, run):
        self.run = run
        self.data = run.folder / "requests.json"

    def call(self, proto, method, requests, count, callers, environment=None):
        """ghz's report of `count` calls that take the requests in turn."""
        self.data.write_text(json.dumps(requests))
        done = subprocess.run(
            [str(GHZ), "--insecure", "--disable-template-data", "--disable-template-functions", "-O", "json",
             "--timeout", "60s", "-n", str(count), "-c", str(callers), "--connections", str(min(callers, 4)), "-D",
             str(self.data), "--proto", str(proto), "--call", method, f"127.0.0.1:{self.run.port['store']}"],
            capture_output=True, text=True, timeout=900, env=os.environ | (environment or {}))
        if done.returncode:
            raise Missing(f"ghz {method} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        report = json.loads(done.stdout)
        if report.get("errorDistribution"):
            raise Missing(f"{method}: {report['errorDistribution']}")
        return report

    def latencies(self, method, requests):
        """Milliseconds of each request, made one after the other.

        ghz's garbage collector, which would run amid a call in fifty and take milliseconds on two processors, waits for
        the end: the bare queries have none either.
        """
        report = self.call(CALLS_PROTO, f"{SERVICE}.{method}", requests[:WARM_UP] + requests, len(requests) + WARM_UP, 1,
                           {"GOGC": "off", "GOMEMLIMIT": "4GiB"})
        return [call["latency"] / 1e6 for call in report["details"][WARM_UP:]]


class Query:
    """One kind of query: what a client asks for, and the same for the floor program."""

    def __init__(self, figure, method, kind, parameters, request):
        self.figure, self.method, self.kind, self.parameters = figure, method, kind, parameters
        self.requests = [request(parameter) for parameter in parameters]


def queries(database):
    chosen = random.Random(SEED)
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        uids = [uid for uid, in connection.execute("SELECT uid FROM articles ORDER BY uid")]
        publishers = [name for name, in connection.execute(
            "SELECT publisher FROM articles GROUP BY 1 HAVING count(*) >= 20 ORDER BY 1")]
    uids = chosen.choices(uids, k=2000)
    publishers = chosen.choices(publishers, k=500)

    def searches(kind, count):
        return [f'"{line}"' for line in run_tool("dateline-store-floor", "words", kind, count).splitlines()]

    def search(expression):
        return {"query": expression, "page_size": PAGE}
    return [
        Query("get", "GetArticle", "get", uids, lambda uid: {"uid": uid}),
        Query("list", "ListArticles", "list", [""] * 500, lambda _: {"page_size": PAGE}),
        Query("list_filter", "ListArticles", "list_filter", publishers,
              lambda name: {"page_size": PAGE, "filter": f'publisher = "{name}"'}),
        Query("search_rare", "SearchArticles", "search", searches("rare", 500), search),
        Query("search_phrase", "SearchArticles", "search", searches("phrase", 300), search),
        Query("search_common", "SearchArticles", "search", searches("common", 100), search),
        Query("aggregate", "AggregateArticles", "aggregate", [""] * 100,
              lambda _: {"groupings": [BY_DAY, BY_PUBLISHER]}),
    ]


def floor_latencies(database, query):
    lines = query.parameters[:WARM_UP] + query.parameters
    output = run_tool("dateline-store-floor", "query", database, query.kind, text="".join(f"{line}\n" for line in lines))
    return [float(line) for line in output.split()][WARM_UP:]


def stored(run):
    try:
        return run.metric("store", "dateline_store_articles_total")
    except OSError:
        return 0


def measure_floor(folder, articles):
    """Articles a second of bare inserts, by the clock and by the processor's time."""
    database = folder / "floor.db"
    answer = json.loads(run_tool("dateline-store-floor", "insert", database, articles, SEED))
    size_mb = database.stat().st_size / 1e6
    database.unlink()
    say(f"floor: {articles} articles in {answer['seconds']:.1f} s, {size_mb:.0f} MB")
    return articles / answer["seconds"], articles / answer["cpu_seconds"]


def store_cpu_seconds(run):
    """What the store has used of the processor since its start."""
    user, system = Path(f"/proc/{run.pid('store')}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def start_store(run):
    # One client alone makes the load.
    run.start("store", f"--database={run.folder / 'store.db'}", "--max_requests_per_second_per_client=0")


def measure_ingest(run, articles):
    """Articles a second from the start of the process to the last one's commit, by the clock and by the processor's time."""
    begin = time.monotonic()
    start_store(run)
    wait_until(lambda: stored(run) >= articles, 900, f"the ingest of {articles} articles")
    seconds = time.monotonic() - begin
    say(f"store: {articles} articles in {seconds:.1f} s")
    return articles / seconds, articles / store_cpu_seconds(run)


def keep_database(run, target):
    """Ends the store and takes its file away, with all that is in its log."""
    run.stop("store")
    database = run.folder / "store.db"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.move(database, target)
    say(f"the store's articles are in {target}")


def start_with(run, database):
    """Starts the store on a copy of what keep_database left, as if it had read this run's empty topic."""
    shutil.copyfile(database, run.folder / "store.db")
    with contextlib.closing(sqlite3.connect(run.folder / "store.db")) as connection, connection:
        connection.execute("DELETE FROM positions")
    start_store(run)
    wait_until(lambda: "caught up" in run.log("store"), 60, "the start of the store")


def show_ingest(run, articles):
    loaded = json.loads(run_tool("dateline-store-load", run.brokers, articles, SEED))
    say(f"{articles} articles of {loaded['bytes'] / articles:.0f} bytes are on the topic")
    floor, floor_by_cpu = measure_floor(run.folder, articles)
    ingest, ingest_by_cpu = measure_ingest(run, articles)
    show("store.ingest_floor_articles_per_second", floor, "articles/s")
    show("store.ingest_articles_per_second", ingest, "articles/s")
    show("store.ingest_ratio", ingest / floor, "ratio")
    # What the processes used themselves: other work on the machine changes it little.
    show("store.ingest_floor_articles_per_cpu_second", floor_by_cpu, "articles/s")
    show("store.ingest_articles_per_cpu_second", ingest_by_cpu, "articles/s")
    show("store.ingest_cpu_ratio", ingest_by_cpu / floor_by_cpu, "ratio")


def ghz_cpu_seconds():
    """What all children that have ended used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def asleep(run, name):
    """Stops a process for a while that has no part in what is measured."""
    pid = run.pid(name)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def bound_of(floor_ms):
    return 1 + 1.5 * floor_ms


def show_queries(run, ghz):
    database = run.folder / "store.db"
    # Else the disk would be written to all the while.
    os.sync()
    late = []
    for query in queries(database):
        # No query asks the broker, but its idle threads would take one of two processors for milliseconds: amid calls of
        # two processes far more often than amid those of the floor's one.
        with asleep(run, "kafka"):
            floor = floor_latencies(database, query)
            latencies = ghz.latencies(query.method, query.requests)
        show_latencies(f"store.{query.figure}_floor", floor)
        show_latencies(f"store.{query.figure}", latencies)
        for share in (0.5, 0.99):
            if percentile(latencies, share) > bound_of(percentile(floor, share)):
                late.append(f"{query.figure} p{share * 100:.0f}")
    show("store.queries_above_bound", len(late), "figures")
    if late:
        say(f"above 1 ms plus 1.5 times the floor: {', '.join(late)}")


def show_concurrent(run, ghz, calls):
    """GetArticle by 32 callers beside an empty call, in turn; medians."""
    get = next(query for query in queries(run.folder / "store.db") if query.figure == "get")
    show_latencies("store.empty", [call["latency"] / 1e6 for call in ghz.call(
        HEALTH_PROTO, "grpc.health.v1.Health.Check", {}, 2000, 1)["details"][WARM_UP:]])
    rounds = []

    def measure(*call):
        """Calls a second, by the clock and by the processor's time of ghz and the store."""
        begin = store_cpu_seconds(run) + ghz_cpu_seconds()
        by_clock = ghz.call(*call, calls, 32)["rps"]
        return by_clock, calls / (store_cpu_seconds(run) + ghz_cpu_seconds() - begin)
    for _ in range(3):
        rounds.append((*measure(HEALTH_PROTO, "grpc.health.v1.Health.Check", {}),
                       *measure(CALLS_PROTO, f"{SERVICE}.GetArticle", get.requests)))
    empty, empty_by_cpu, get, get_by_cpu = (sorted(values)[1] for values in zip(*rounds))
    show("store.empty_calls_per_second_32_callers", empty, "calls/s")
    show("store.get_calls_per_second_32_callers", get, "calls/s")
    show("store.get_ratio_32_callers", get / empty, "ratio")
    show("store.get_cpu_ratio_32_callers", get_by_cpu / empty_by_cpu, "ratio")


def show_watch(run, watches, articles, per_second):
    output = run_tool("dateline-store-watch", run.brokers, f"127.0.0.1:{run.port['store']}", watches, articles, per_second)
    show_latencies(f"store.watch_{watches}_watches", [float(line) for line in output.split()])


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run store")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--watches", type=int, default=100)
    parser.add_argument("--calls", type=int, default=20_000, help="of 32 callers, a round")
    parser.add_argument("--only", choices=["ingest", "queries", "watch"])
    parser.add_argument("--keep", type=Path, help="where to leave the articles of the ingest, as --database takes them")
    parser.add_argument("--database", type=Path, help="articles that --keep left; none are ingested")
    arguments = parser.parse_args()
    if not GHZ.exists():
        print(f"tests/benchmark/run store: there is no {GHZ.relative_to(ROOT)}; deploy/local/install --benchmarks builds it",
              file=sys.stderr)
        return 1
    run = LocalRun()
    try:
        run.start_broker()
        if arguments.database:
            start_with(run, arguments.database)
        else:
            show_ingest(run, arguments.articles)
        ghz = Ghz(run)
        if arguments.only in (None, "queries"):
            show_queries(run, ghz)
            show_concurrent(run, ghz, arguments.calls)
        if arguments.only in (None, "watch"):
            show_watch(run, arguments.watches, 300, 20)
        if arguments.keep:
            keep_database(run, arguments.keep)
    except (Missing, AssertionError) as error:
        print(f"tests/benchmark/run store: {error}", file=sys.stderr)
        return 1
    finally:
        run.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
