"""Faults staged under load, round after round: kills, stops, storms of rebalances; then pages and outcomes compared.

Pages come two ways: URLs through the fetcher, and versions of few keys straight onto the topic, some of them poison. Two
parsers share them. Each page must have one outcome, those of a key in order, and the store each article version once; so
say dateline-ledger, and a reader of its own here that shares no code with it.
"""
import collections
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import confluent_kafka

from local_run import BIN, ROOT, LocalRun, generated_protos, wait_until

sys.path.insert(0, str(ROOT / "tests/benchmark"))
from fetch_site import FetchSite  # noqa: E402

# Few, so that versions of one meet in a transaction, in a rebalance, in a fault.
STEADY_KEYS = 40
SITE_PAGES, SITE_PAGE_BYTES = 20, 3000
SERVICES = ("fetcher", "parser", "second", "store")
KILLED = (*SERVICES, "kafka")
FAULTS = ("kill", "broker", "two", "stop", "storm", "full")
# Room for the files of a store whose disk is full: less than each has.
FULL_KIB = 64
SESSION_SECONDS = 5
POISONS = ("crash", "memory", "malformed", "no article", "no page", "unsupported")
VERSIONS_FROM = 1_700_000_000_000


class Reader:
    """What the topics hold, read as any consumer of committed records would, through all faults."""

    def __init__(self, brokers):
        self.pages = {}  # place -> key
        self.page_urls = collections.Counter()
        self.outcomes = collections.Counter()  # place of the page -> outcomes
        self.latest = {}  # key -> offset of the page of its latest article
        self.versions = collections.defaultdict(list)  # key -> versions in the topic's order
        self.reordered = []
        self.outcome_at, self.longest_pause = None, 0.0
        self.consumer = confluent_kafka.Consumer({
            "bootstrap.servers": brokers, "group.id": "faults-reader", "auto.offset.reset": "earliest",
            "isolation.level": "read_committed", "enable.auto.commit": False, "log_level": 0})
        topics = ("dateline.pages", "dateline.pages.backfill", "dateline.articles", "dateline.dead-letters")
        self.consumer.assign([confluent_kafka.TopicPartition(topic, partition, 0)
                              for topic in topics for partition in self.partitions(topic)])

    def partitions(self, topic):
        def known():
            found = self.consumer.list_topics(topic, timeout=30).topics[topic]
            return None if found.error else found.partitions
        return wait_until(known, 30, f"news of topic {topic}")

    def read(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in self.consumer.consume(1000, 0.2):
                if not message.error():
                    self.take(message)

    def take(self, message):
        from dateline.v1 import article_pb2
        headers = dict(message.headers() or [])
        if message.topic().startswith("dateline.pages"):
            self.pages[(message.topic(), message.partition(), message.offset())] = message.key()
            if "ce_subject" in headers:
                self.page_urls[headers["ce_subject"].decode()] += 1
            return
        now = time.monotonic()
        self.longest_pause = max(self.longest_pause, now - (self.outcome_at or now))
        self.outcome_at = now
        if message.topic() == "dateline.articles":
            article = article_pb2.Article.FromString(message.value())
            place = article.provenance
            self.outcomes[(place.topic, place.partition, place.offset)] += 1
            self.take_version(message.key().decode(), place.offset, article)
        elif "dateline-dead-letter-reason" in headers:
            at = {name: headers["dateline-dead-letter-" + name].decode() for name in ("topic", "partition", "offset")}
            self.outcomes[(at["topic"], int(at["partition"]), int(at["offset"]))] += 1

    def take_version(self, key, offset, article):
        # A duplicate counts as one, not as disorder, too.
        if self.outcomes[(article.provenance.topic, article.provenance.partition, offset)] > 1:
            return
        if offset < self.latest.get(key, -1):
            self.reordered.append((key, offset))
        self.latest[key] = max(offset, self.latest.get(key, -1))
        self.versions[key].append(article.version)

    def lost(self):
        return [place for place in self.pages if place not in self.outcomes]

    def duplicated(self):
        return [place for place, count in self.outcomes.items() if count > 1]

    def invented(self):
        return [place for place in self.outcomes if place not in self.pages]

    def close(self):
        self.consumer.close()


class Faults:
    def __init__(self, pages, seed, say, run=None):
        self.random, self.say, self.count = random.Random(seed), say, pages
        self.protos = tempfile.TemporaryDirectory()
        generated_protos(self.protos.name)
        sys.path.insert(0, self.protos.name)
        self.run = run or LocalRun()
        self.brokers = ("kafka",)
        self.site = None
        # A second and a third parser, on ports that nothing else here has.
        self.run.port |= {"second": self.run.port["opensearch"], "second_metrics": self.run.port["opensearch_transport"]}
        self.submitted, self.numbers, self.direct = [], 0, 0
        self.longest = 0.0

    def close(self):
        if hasattr(self, "reader"):
            self.reader.close()
        # The others are ended by `down`.
        self.run.stop("second")
        self.run.close()
        if self.site is not None:
            self.site.close()
        self.protos.cleanup()

    def start_all(self):
        self.site = FetchSite(self.run.folder / "site", self.run.port["newsroom"], SITE_PAGES, SITE_PAGE_BYTES, False)
        wait_until(self.site.is_up, 20, "the start of nginx")
        self.properties = self.run.folder / "kafka.properties"
        self.properties.write_text(f"session.timeout.ms={SESSION_SECONDS * 1000}\nheartbeat.interval.ms=1000\n")
        self.run.start_broker()
        for name in SERVICES:
            self.start(name)
        for name in SERVICES:
            wait_until(lambda: any(word in self.run.log(name) for word in ("serving", "listening")), 60, f"the start of {name}")
        self.producer = confluent_kafka.Producer({
            "bootstrap.servers": self.run.brokers, "linger.ms": 5, "enable.idempotence": True, "log_level": 0})
        self.reader = Reader(self.run.brokers)

    def programs(self, name):
        """The folder with the program that `name` is started from."""
        return BIN

    def start(self, name, before=""):
        """`before` is done by the shell that starts it."""
        if name == "kafka":
            # A killed one's port can be taken for a moment.
            return self.run.shell("start_broker")
        program = "parser" if name == "second" else name
        flags = {
            "fetcher": ("--resolve=*.test=127.0.0.1", "--allow_addresses=127.0.0.0/8", "--host_delay=0s",
                        "--loopback_host_delay=0s", "--address_delay=0s", "--revisit_after=",
                        "--transactional_id=faults-fetcher"),
            "parser": (f"--transactional_id=faults-{name}", "--transaction_pages=50", "--test_poison",
                       "--page_cpu_budget=1s", "--page_wall_budget=5s"),
            "store": (f"--database={self.run.state}/store.db", "--batch_records=100", "--max_lag=0"),
        }[program]
        self.run.shell(before + " ".join([
            "start_process", name, str(self.programs(name) / f"dateline-{program}"), f"--kafka_brokers={self.run.brokers}",
            f"--kafka_properties_file={self.properties}", f"--listen=127.0.0.1:{self.run.port[name]}",
            f"--metrics_listen=127.0.0.1:{self.run.port[name + '_metrics']}", *(f"'{flag}'" for flag in flags)]))

    # The load.

    def submit(self, urls):
        """Until each is taken: a fetcher that dies takes none or says so to nobody."""
        left = urls
        deadline = time.monotonic() + 120
        while left and time.monotonic() < deadline:
            answers = self.run.grpcurl("FetcherService", "SubmitUrls", "\n".join(json.dumps({"url": url}) for url in left),
                                       check=False)
            if isinstance(answers, list):
                taken = {answer["url"] for answer in answers
                         if answer["result"] in ("SUBMIT_RESULT_ACCEPTED", "SUBMIT_RESULT_ALREADY_KNOWN")}
                left = [url for url in left if url not in taken]
            if left:
                time.sleep(0.3)
        if left:
            raise AssertionError(f"{len(left)} URLs were never taken: {answers}")

    def produce(self, count, poisons=POISONS):
        from dateline.v1 import page_pb2
        poisonous = dict(zip(self.random.sample(range(count), len(poisons)), poisons))
        for at in range(count):
            number = self.numbers = self.numbers + 1
            poison = poisonous.get(at)
            archived = at % 10 == 0
            key = f"{1_000_000 + number if archived else self.random.randrange(STEADY_KEYS):032x}"
            url = f"http://direct.example/{number}"
            page = page_pb2.RawPage(uid=key, url=url, requested_url=url, status=200, media_type="text/html",
                                    body=body(number, poison))
            page.fetch_time.FromMilliseconds(VERSIONS_FROM + number)
            if poison == "unsupported":
                page.media_type = "application/pdf"
            value = {"malformed": b"\xff not a page", "no page": None}.get(poison, page.SerializeToString())
            self.producer.produce("dateline.pages.backfill" if archived else "dateline.pages", key=key, value=value,
                                  headers=[("ce_subject", url.encode())])
            self.direct += 1
            if at % 20 == 0:
                self.producer.poll(0)
                time.sleep(0.01)

    # The faults.

    def fault(self, kind):
        """`kind` is one of FAULTS, with the names of those it befalls behind it where they are not left to chance."""
        name, *befallen = kind.split(":")
        # A full disk is there before what is to be written.
        time.sleep(0 if name == "full" else self.random.uniform(0, 1.2))
        return getattr(self, name)(*befallen)

    def broker(self):
        return self.kill("kafka")

    def kill(self, name=None):
        name = name or self.random.choice(SERVICES)
        self.run.kill(name)
        time.sleep(self.random.uniform(0, 1))
        self.start(name)
        return f"kill -9 of {name}"

    def two(self, first=None, second=None):
        names = [first, second] if first else self.random.sample(KILLED, 2)
        for name in names:
            self.run.kill(name)
            time.sleep(self.random.choice((0, 0.3)))
        # Who comes back first differs.
        for name in self.random.sample(names, 2):
            self.start(name)
        return f"kill -9 of {names[0]} and {names[1]}"

    def stop(self, name=None):
        name = name or self.random.choice(SERVICES)
        pid = self.run.pid(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(SESSION_SECONDS + 2)
        finally:
            os.kill(pid, signal.SIGCONT)
        return f"SIGSTOP of {name} for {SESSION_SECONDS + 2} s"

    def storm(self):
        for _ in range(3):
            name = self.random.choice(("parser", "second"))
            if self.random.random() < 0.5:
                self.run.stop(name)
            else:
                self.run.kill(name)
            time.sleep(self.random.uniform(0, 0.5))
            self.start(name)
            time.sleep(self.random.uniform(0, 1))
        return "parsers stopped and started three times"

    def full(self):
        """A limit of file size stands for the full disk: nobody needs a disk of his own for it, or to be root."""
        def met():
            return self.run.log("store").count("RESOURCE_EXHAUSTED")
        before = met()
        self.limit_store(FULL_KIB << 10)
        what = "full disk of store"
        try:
            wait_until(lambda: met() > before, 60, "the store's meeting with the full disk")
            if self.random.random() < 0.5:
                self.run.kill("store")
                self.start("store", f"ulimit -S -f {FULL_KIB}; ")
                what += ", killed and started"
            time.sleep(self.random.uniform(1, 4))
        finally:
            self.limit_store(resource.RLIM_INFINITY)
        return what

    def limit_store(self, size):
        resource.prlimit(self.run.pid("store"), resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    # The rounds.

    def round(self, number, kind):
        """What was wrong behind it: sentences."""
        urls = self.site.urls(self.count // 2 // SITE_PAGES, SITE_PAGES, f"round={number}")
        self.submitted += urls
        failures = []

        def guarded(work, argument):
            try:
                work(argument)
            except Exception as error:  # Told by the round, which would never end otherwise.
                failures.append(f"{work.__name__}: {error}")
        load = [threading.Thread(target=guarded, args=(self.submit, urls)),
                threading.Thread(target=guarded, args=(self.produce, self.count - len(urls)))]
        for thread in load:
            thread.start()
        begin = time.monotonic()
        what = self.fault(kind)
        for thread in load:
            thread.join()
        if self.producer.flush(60):
            failures.append("the broker does not take the pages")
        ended = self.await_outcomes(120)
        seconds = time.monotonic() - begin
        self.longest = max(self.longest, seconds)
        found = [*failures, *(f"{name} has ended by itself" for name in self.ended()),
                 *([] if ended else ["not all outcomes came within 120 s"])]
        try:
            found += self.differences()
        except Exception as error:  # Which would hide the rest.
            found.append(f"comparing: {error}")
        self.say(f"round {number}: {what}; all outcomes after {seconds:.1f} s; {len(self.reader.pages)} pages in all; "
                 f"{'balanced' if not found else found[:5]}")
        return found

    def ended(self):
        """Processes that no fault has ended."""
        return [name for name in (*SERVICES, *self.brokers) if "yes" not in self.run.shell(f"running {name} && echo yes || true")]

    def unfetched(self):
        return [url for url in self.submitted if not self.reader.page_urls[url]]

    def await_outcomes(self, timeout):
        deadline = time.monotonic() + timeout
        wanted = len(self.submitted) + self.direct
        while time.monotonic() < deadline:
            self.reader.read(0.3)
            if len(self.reader.pages) >= wanted and not self.reader.lost() and not self.unfetched():
                return True
        return False

    def differences(self):
        found = [f"{kind}: {places[:3]}" for kind, places in (
            ("lost", self.reader.lost()), ("duplicated", self.reader.duplicated()), ("reordered", self.reader.reordered),
            ("invented", self.reader.invented()), ("URLs never fetched", self.unfetched())) if places]
        self.ledger = self.read_ledger()
        for name in ("in_flight", "lost", "duplicated", "reordered", "invented"):
            if self.ledger[name]:
                found.append(f"ledger: {self.ledger[name]} {name}: {self.ledger['findings'][:3]}")
        for name in ("urls_in_flight", "urls_lost", "url_pages_missing"):
            if self.ledger[name]:
                found.append(f"ledger: {self.ledger[name]} {name}: {self.ledger['url_findings'][:3]}")
        if self.ledger["urls"] != len(self.submitted):
            found.append(f"ledger: {self.ledger['urls']} URLs, {len(self.submitted)} submitted here")
        if self.ledger["pages"] != len(self.reader.pages):
            found.append(f"ledger: {self.ledger['pages']} pages, {len(self.reader.pages)} read here")
        return (found + [f"store: {text}" for text in self.ledger["store_differences"][:3]] + self.history_differences() +
                [text for name in ("parser", "second") for text in self.counter_differences(name)])

    def counter_differences(self, name):
        """Whether what this parser has taken since its start is what became of it, once it rests."""
        def counts():
            return [int(self.run.metric(name, f"dateline_parser_{what}")) for what in
                    ("pages_taken_total", "pages_total", "in_flight_pages", "pages_left_total")]
        deadline = time.monotonic() + 10
        while True:
            try:
                taken, outcomes, in_flight, left = counts()
                if taken == outcomes + in_flight + left:
                    return []
                found = [f"{name}: {taken} pages taken are not {outcomes} outcomes + {in_flight} in flight + {left} left"]
            except OSError as error:  # It may still be starting.
                found = [f"{name}: {error}"]
            if time.monotonic() > deadline:
                return found
            time.sleep(0.2)

    def read_ledger(self):
        # A store that stood still has as long as pages have for their outcomes.
        done = subprocess.run(
            [str(BIN / "dateline-ledger"), f"--kafka_brokers={self.run.brokers}", "--json",
             f"--store=127.0.0.1:{self.run.port['store']}", "--store_wait=120s"], capture_output=True, text=True, timeout=300)
        if not done.stdout:
            raise AssertionError(f"dateline-ledger ended with {done.returncode}: {done.stderr}")
        ledger = json.loads(done.stdout)
        ledger["exit"] = done.returncode
        return ledger

    def history_differences(self):
        """Whether the store counted each version of some of the steady keys once."""
        found = []
        for key in self.random.sample(sorted(self.reader.versions), min(5, len(self.reader.versions))):
            answer = self.run.grpcurl("ArticleStoreService", "GetArticle",
                                      {"uid": key, "read_mask": {"paths": ["uid", "version"]}}, check=False)
            if not isinstance(answer, list):
                found.append(f"store: {key}: {answer}")
                continue
            seen, versions = int(answer[0]["history"]["seen_count"]), self.reader.versions[key]
            if seen != len(set(versions)) or int(answer[0]["article"]["version"]) != max(versions):
                found.append(f"store: {key} was seen {seen} times, has {len(versions)} versions on the topic")
        return found

    def fetched_twice(self):
        return sum(count - 1 for url, count in self.reader.page_urls.items() if count > 1)

    def figures(self, rounds, wrong):
        """By name, of all rounds."""
        reader = self.reader
        return {"rounds": rounds, "pages": len(reader.pages), "lost": len(reader.lost()) + len(self.unfetched()),
                "duplicated": len(reader.duplicated()), "reordered": len(reader.reordered),
                "fetched_twice": self.fetched_twice(), "differences": len(wrong)}


def body(number, poison):
    if poison == "no article":
        return b"<html><body></body></html>"
    word = f"<p>dateline-test-poison:{poison}</p>" if poison in ("crash", "memory") else ""
    return (f"<html lang=en><head><title>Report {number}</title></head><body><article><h1>Report {number}</h1>"
            f"<p>The harbour office counted {number} ships on Monday and said that the number had not been as high "
            "since the lighthouse was built, in the year of the great storm.</p>"
            "<p>Captains who were asked about it spoke of the price of salt, the new pier and the good water this "
            f"season, and went back to their ropes before the tide turned.</p>{word}</article></body></html>").encode()


def run(rounds, pages, seed, say=print, only=None, keep=False):
    """Figures by name, and what was wrong, as sentences; ends at the first round that shows any.

    Kinds of faults take turns in an order of chance, so that six rounds have each; those in `only`, where it is given.
    With `keep`, a round that shows anything leaves all as it is until its reader presses Enter."""
    faults, wrong, done, kinds = Faults(pages, seed, say), [], 0, []
    try:
        faults.start_all()
        while done < rounds and not wrong:
            kinds = kinds or faults.random.sample(only or FAULTS, len(only or FAULTS))
            done += 1
            wrong = [f"round {done}: {text}" for text in faults.round(done, kinds.pop())]
        if wrong:
            say(faults.run.logs())
            if keep:
                say(f"all is kept in {faults.run.folder} until a line is read")
                sys.stdin.readline()
        return faults.figures(done, wrong) | {"longest_round_seconds": round(faults.longest, 1)}, wrong
    finally:
        faults.close()
