"""Parser and broker on this machine, with pages to load them and eyes on what they cost."""
import base64
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import confluent_kafka

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

from local_run import BIN, LocalRun, generated_protos, wait_until  # noqa: E402

PAGES, BACKFILL, ARTICLES, LETTERS = ("dateline." + name for name in ("pages", "pages.backfill", "articles", "dead-letters"))
# A load without measurement, before one with.
WARM_UP_SECONDS = 3
TICKS = os.sysconf("SC_CLK_TCK")


class PageSource:
    """Pages as records, without end: the same few bodies in turn, each time as another URL."""

    def __init__(self, pages):
        from dateline.v1 import page_pb2
        self.message = page_pb2.RawPage
        # Fields of a message may come in any order: a record is the body's field behind the others.
        self.bodies = [page_pb2.RawPage(body=body, body_sha256=hashlib.sha256(body).digest()).SerializeToString()
                       for _, body in pages]
        self.urls = [url for url, _ in pages]
        self.number = 0

    def next(self):
        """URL, key and value."""
        number, at = self.number, self.number % len(self.urls)
        self.number += 1
        url = f"{self.urls[at]}/{number}"
        uid = hashlib.sha256(url.encode()).hexdigest()[:32]
        page = self.message(uid=uid, url=url, requested_url=url, status=200, media_type="text/html")
        page.fetch_time.FromMilliseconds(int(time.time() * 1000))
        return url, uid, page.SerializeToString() + self.bodies[at]


class Pipeline:
    """Ends all it has started when it is closed."""

    def __init__(self, pages, parser_flags=()):
        self.protos = tempfile.TemporaryDirectory()
        generated_protos(self.protos.name)
        sys.path.insert(0, self.protos.name)
        self.pages, self.parser_flags = pages, parser_flags
        self.source = PageSource(pages)
        # The first record of a producer waits for its introduction to the broker.
        self.live_producer = None
        self.run = LocalRun()
        self.run.start_broker()

    def close(self):
        self.run.close()
        self.protos.cleanup()

    # The load.

    def producer(self, **settings):
        return confluent_kafka.Producer({
            "bootstrap.servers": self.run.brokers, "compression.type": "zstd", "compression.level": 1, "log_level": 0,
            "message.max.bytes": 16_777_216, "enable.idempotence": True, **settings})

    def fill(self, count, topic=PAGES):
        """Puts so many pages onto the topic."""
        producer = self.producer(**{"linger.ms": 50, "queue.buffering.max.kbytes": 262_144})
        for _ in range(count):
            _, key, value = self.source.next()
            while True:
                try:
                    producer.produce(topic, key=key, value=value)
                    break
                except BufferError:
                    producer.poll(0.05)
        if producer.flush(300):
            raise AssertionError("the broker does not take the pages")

    def trickle(self, rate, seconds, sent, topic=PAGES, stop=None):
        """So many pages a second, each at its time; `sent` gets the time at which each was sent, by its URL."""
        producer = self.live_producer = self.live_producer or self.producer(**{"linger.ms": 0})
        begin, count = time.monotonic(), 0
        while time.monotonic() - begin < seconds and not (stop and stop.is_set()):
            ahead = begin + count / rate - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
            url, key, value = self.source.next()
            sent[url] = time.time()
            producer.produce(topic, key=key, value=value)
            producer.poll(0)
            count += 1
        if producer.flush(60):
            raise AssertionError("the broker does not take the pages")
        return count

    # The parser.

    def start_parser(self):
        self.run.start("parser", "--transactional_id=pipeline-parser", *self.parser_flags)
        wait_until(lambda: "serving" in self.run.log("parser"), 30, "the start of the parser")

    def stop_parser(self):
        self.run.stop("parser")

    def parsed(self):
        """Pages whose outcome is committed, since the parser's start."""
        try:
            return self.run.metric("parser", "dateline_parser_pages_total")
        except OSError:
            return 0

    def await_parsed(self, count, timeout=3600):
        return wait_until(lambda: self.parsed() >= count and time.monotonic(), timeout, f"{count} outcomes", pause=0.02)

    # What it costs.

    def parser_processes(self):
        """The parser and its page workers."""
        parser = self.run.pid("parser")
        return [parser, *(int(pid) for task in Path(f"/proc/{parser}/task").iterdir()
                          for pid in (task / "children").read_text().split())]

    def parser_cpu(self):
        """Seconds of the processor."""
        return sum(map(cpu_seconds, self.parser_processes()))

    def broker_cpu(self):
        return cpu_seconds(self.run.pid("kafka"))

    def topic_bytes(self, topic):
        """What the broker has of a topic on its disk, as it packs it."""
        return sum(path.stat().st_size for path in (self.run.state / "kafka/data").glob(f"{topic}-*/*.log"))

    def parser_resident_mb(self):
        """Of the parser and of its workers; what they share counts for each."""
        parser, *workers = map(resident_mb, self.parser_processes())
        return {"parser": parser, "parser_workers": sum(workers)}

    # What came of it.

    def balance(self):
        """What is wrong, by dateline-ledger."""
        done = subprocess.run([str(BIN / "dateline-ledger"), f"--kafka_brokers={self.run.brokers}", "--json"],
                              capture_output=True, text=True, timeout=1800)
        if not done.stdout:
            raise AssertionError(f"dateline-ledger ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)


def resident_mb(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_seconds(pid):
    """Of a process and of the children it has awaited."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICKS


def children_cpu_seconds():
    """Of children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def machine_seconds():
    """What all processors of the machine have spent on work, and on none."""
    fields = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
    idle = fields[3] + fields[4]
    return (sum(fields) - idle) / TICKS, idle / TICKS


class ArticleArrivals:
    """When each article could be read, as a consumer of committed records sees it, on a thread of its own."""

    def __init__(self, pipeline):
        self.pipeline = pipeline
        self.seen = {}
        self.stopping = threading.Event()
        self.consumer = confluent_kafka.Consumer({
            "bootstrap.servers": pipeline.run.brokers, "group.id": f"arrivals-{time.time()}", "auto.offset.reset": "latest",
            "isolation.level": "read_committed", "enable.auto.commit": False, "log_level": 0})
        partitions = self.consumer.list_topics(ARTICLES, timeout=20).topics[ARTICLES].partitions
        self.consumer.assign([confluent_kafka.TopicPartition(
            ARTICLES, p, self.consumer.get_watermark_offsets(confluent_kafka.TopicPartition(ARTICLES, p), timeout=20)[1])
            for p in partitions])
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        while not self.stopping.is_set():
            message = self.consumer.poll(0.1)
            if message is not None and not message.error():
                self.seen[dict(message.headers())["ce_subject"].decode()] = time.time()

    def latencies(self, rate, seconds):
        """Milliseconds from sending to reading of every page of so long a load; waits for those under way."""
        sent = {}
        self.pipeline.trickle(rate, seconds, sent)
        wait_until(lambda: all(url in self.seen for url in sent), 60, f"the articles of {len(sent)} pages")
        return [1000 * (self.seen[url] - at) for url, at in sent.items()]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()
        self.consumer.close()


def extract_rate(folder, pages, seconds):
    """Pages a second of dateline-extract on two threads, for about so long, and microseconds of the processor a page."""
    file = Path(folder) / "pages.ndjson"
    if not file.exists():
        with file.open("w") as out:
            for at, (url, body) in enumerate(pages):
                out.write(json.dumps({"id": str(at), "url": url, "html_base64": base64.b64encode(body).decode()}) + "\n")
    done, begin, cpu = 0, time.monotonic(), children_cpu_seconds()
    while time.monotonic() - begin < seconds:
        with file.open() as lines:
            subprocess.run([str(BIN / "dateline-extract"), "--threads=2"], stdin=lines, stdout=subprocess.DEVNULL, check=True)
        done += len(pages)
    return done / (time.monotonic() - begin), 1e6 * (children_cpu_seconds() - cpu) / done
