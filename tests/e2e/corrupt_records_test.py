"""Records that are not what their topic holds, on every topic: each is told of once, what stands behind it goes on, and
fields of a newer version survive."""
import contextlib
import json
import random
import sqlite3
import subprocess
import sys
import unittest

import confluent_kafka

from faults import body
from local_run import BIN, ROOT, LocalRun, ProtosTestCase, wait_until

sys.path.insert(0, str(ROOT / "tests/benchmark"))
from fetch_site import FetchSite, host_name  # noqa: E402

# Field 15000, which no message has, with eight bytes.
NEWER = b"\xc2\xa9\x07\x08tomorrow"
FETCHER = ("--transactional_id=corrupt-fetcher", "--resolve=*.test=127.0.0.1", "--allow_addresses=127.0.0.0/8",
           "--loopback_host_delay=0s", "--host_delay=0s", "--revisit_after=")


class CorruptRecordsTest(ProtosTestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.run_.start_broker()
        self.producer = confluent_kafka.Producer({"bootstrap.servers": self.run_.brokers, "log_level": 0})

    def send(self, topic, key, value, **more):
        self.producer.produce("dateline." + topic, key=key, value=value, **more)
        self.assertEqual(self.producer.flush(30), 0)

    def page(self, number):
        from dateline.v1 import page_pb2
        url = f"http://news.example/{number}"
        page = page_pb2.RawPage(uid=f"{number:032x}", url=url, requested_url=url, status=200, media_type="text/html",
                                body=body(number, None))
        page.fetch_time.FromMilliseconds(1_700_000_000_000 + number)
        return page.SerializeToString()

    def article(self, number):
        from dateline.v1 import article_pb2
        article = article_pb2.Article(uid=f"{number:032x}", version=1, headline=f"Report {number}")
        article.body.add().paragraph.text = f"The harbour office counted {number} ships."
        return article.SerializeToString()

    def corrupt(self, valid, of_another_type):
        """Random bytes, cut off, of another type."""
        return [random.Random(1).randbytes(200), valid[:20], of_another_type]

    def start(self, name, *flags):
        self.run_.start(name, *flags)
        wait_until(lambda: any(word in self.run_.log(name) for word in ("serving", "listening")), 60, f"the start of {name}")

    def ledger(self, *flags):
        return subprocess.run([str(BIN / "dateline-ledger"), f"--kafka_brokers={self.run_.brokers}", *flags],
                              capture_output=True, text=True, timeout=90)

    def test_each_record_of_the_pages_topics_has_one_outcome(self):
        sent = {}
        for topic in ("pages", "pages.backfill"):
            values = [*self.corrupt(self.page(1), self.article(1)), b"", None, b"\xff", self.page(2)[:-40] + NEWER]
            for number, value in enumerate(values):
                key = f"{topic} {number}"
                sent[key] = value
                self.send(topic, key, value)
            # From a newer fetcher: one with an article, one without.
            self.send(topic, f"{3:032x}", self.page(3) + NEWER)
            from dateline.v1 import page_pb2
            sent[f"{topic} newer"] = page_pb2.RawPage(url="http://news.example/pdf", media_type="application/pdf",
                                                      body=b"%PDF").SerializeToString() + NEWER
            self.send(topic, f"{topic} newer", sent[f"{topic} newer"])
        self.start("parser", "--transactional_id=corrupt-parser")
        wait_until(lambda: self.run_.metric("parser", "dateline_parser_pages_total") >= len(sent) + 2, 60, "the outcomes")
        # One for one, and those set aside byte for byte.
        letters = {record.key().decode(): record.value() for record in self.run_.read_committed("dateline.dead-letters")}
        articles = [record.key().decode() for record in self.run_.read_committed("dateline.articles")]
        self.assertEqual(len(letters) + len(articles), len(sent) + 2)
        for key, value in letters.items():
            self.assertEqual(value, sent[key], key)
        self.assertEqual(articles.count(f"{3:032x}"), 2)
        self.assertIn("pages newer", letters)
        self.run_.stop("parser")
        done = self.ledger()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("0 in flight + 0 lost; 0 duplicated, 0 reordered, 0 invented", done.stdout)

    def test_the_ledger_names_what_is_out_of_balance(self):
        for number in range(3):
            self.send("pages", f"key-{number}", self.page(number), partition=0)
        headers = [("ce_source", b"/dateline/parser"), ("ce_id", b"dateline.pages/0/1")]
        for _ in range(2):
            self.send("articles", "key-1", self.article(1), headers=headers)
        consumer = confluent_kafka.Consumer({"bootstrap.servers": self.run_.brokers, "group.id": "dateline-parser"})
        consumer.commit(offsets=[confluent_kafka.TopicPartition("dateline.pages", 0, 2)], asynchronous=False)
        consumer.close()
        done = self.ledger()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("3 pages = 1 articles + 0 dead letters + 1 in flight + 1 lost; 1 duplicated", done.stdout)
        self.assertIn("lost: key key-0, page dateline.pages/0/0\n", done.stdout)
        self.assertIn("duplicated: key key-1, page dateline.pages/0/1, outcome dateline.articles/", done.stdout)
        found = json.loads(self.ledger("--json").stdout)["findings"]
        self.assertEqual([(finding["kind"], finding["key"], finding["offset"]) for finding in found],
                         [("duplicated", "key-1", 1), ("lost", "key-0", 0)])
        done = self.ledger("--topic_prefix=nothing.")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("nothing.pages", done.stderr)

    def test_the_store_passes_by_what_is_no_article(self):
        from dateline.v1 import source_pb2
        values = self.corrupt(self.article(1), source_pb2.Source(name="sources/one").SerializeToString())
        for value in values:
            self.send("articles", f"{1:032x}", value)
        self.send("articles", f"{2:032x}", self.article(2) + NEWER)
        self.send("articles", "", self.article(3))
        database = self.run_.state / "store.db"
        self.start("store", f"--database={database}")
        self.assertEqual(self.run_.await_article(f"{2:032x}")["headline"], "Report 2")
        wait_until(lambda: self.run_.metric("store", "dateline_store_articles_total") >= len(values) + 2, 30, "the results")
        self.assertEqual(self.run_.metric("store", "dateline_store_articles_total", result="corrupt"), len(values) + 1,
                         self.run_.log("store"))
        self.run_.stop("store")
        with contextlib.closing(sqlite3.connect(database)) as rows:
            (value,), = rows.execute("SELECT article FROM articles JOIN contents USING (id)").fetchall()
        self.assertIn(NEWER, value)

    def test_the_parser_lists_dead_letters_among_what_is_none(self):
        for value in self.corrupt(self.page(1), self.article(1)):
            self.send("dead-letters", "stranger", value, headers=[("dateline-dead-letter-offset", b"\xff")])
        self.send("pages", "key", b"\xff no page")
        self.start("parser", "--transactional_id=corrupt-parser")
        wait_until(lambda: self.run_.metric("parser", "dateline_parser_pages_total") >= 1, 60, "the outcome")
        letters = self.run_.grpcurl("ParserService", "ListDeadLetters")[0]["dead_letters"]
        self.assertEqual([letter["reason"] for letter in letters], ["DEAD_LETTER_REASON_MALFORMED_RECORD"])
        self.assertEqual(self.run_.grpcurl("ParserService", "RedriveDeadLetters", {"dry_run": True})[0]["selected"], "1")

    def entry(self, url):
        """The latest entry of a URL on the frontier, with its partition, among what is none."""
        from dateline.v1 import frontier_pb2
        from google.protobuf.message import DecodeError
        found = []
        for record in self.run_.read_committed("dateline.frontier"):
            with contextlib.suppress(DecodeError):
                entry = frontier_pb2.FrontierRecord.FromString(record.value() or b"").url
                if record.key() == url.encode() and entry.url == url:
                    found.append((entry.revision, record.partition(), entry))
        _, partition, entry = max(found, key=lambda one: one[0])
        return entry, partition

    def test_the_fetcher_passes_by_what_is_no_frontier_record_no_source_and_no_import(self):
        from dateline.v1 import source_pb2
        site = FetchSite(self.run_.folder / "site", self.run_.port["newsroom"], 2, 1000, False)
        self.addCleanup(site.close)
        wait_until(site.is_up, 20, "the start of nginx")
        url = f"http://{host_name(0)}:{site.port}/0.html"
        for value in [*self.corrupt(self.page(1), self.article(1)), b""]:
            for partition in range(12):
                for key in (url, f"host/{host_name(0)}", f"submit/{url}", "\x01no key"):
                    self.send("frontier", key, value, partition=partition)
            self.send("sources", "sources/broken", value)
            self.send("imports", "import/broken.warc", value)
        newer = source_pb2.Source(name="sources/newer", kind=source_pb2.SOURCE_KIND_FEED, url=url, paused=True)
        self.send("sources", newer.name, newer.SerializeToString() + NEWER)
        self.start("fetcher", *FETCHER)

        # The frontier.
        def result():
            answer = self.run_.grpcurl("FetcherService", "SubmitUrls", {"url": url}, check=False)
            return answer[0]["result"] if isinstance(answer, list) else None
        wait_until(lambda: result() in ("SUBMIT_RESULT_ACCEPTED", "SUBMIT_RESULT_ALREADY_KNOWN"), 30, "the taking of the URL")
        wait_until(lambda: self.run_.metric("fetcher", "dateline_fetcher_fetches_total", outcome="fetched") == 1, 30, "the fetch")
        # The sources.
        sources = self.run_.grpcurl("FetcherService", "ListSources")[0]["sources"]
        self.assertEqual([source["name"] for source in sources], ["sources/newer"])
        self.run_.grpcurl("FetcherService", "UpdateSource", {"source": {"name": "sources/newer", "display_name": "Newer"},
                                                             "update_mask": {"paths": ["display_name"]}})
        self.run_.stop("fetcher")
        latest = [record.value() for record in self.run_.read_committed("dateline.sources")
                  if record.key() == b"sources/newer"][-1]
        self.assertEqual(source_pb2.Source.FromString(latest).display_name, "Newer")
        self.assertIn(NEWER, latest)

        # An entry that a newer fetcher has written, due now.
        from dateline.v1 import frontier_pb2
        entry, partition = self.entry(url)
        revision = entry.revision = entry.revision + 1
        entry.next_fetch_time.FromSeconds(1_700_000_000)
        entry.MergeFromString(NEWER)
        self.send("frontier", url, frontier_pb2.FrontierRecord(url=entry).SerializeToString(), partition=partition)
        self.start("fetcher", *FETCHER)
        wait_until(lambda: self.entry(url)[0].revision > revision, 30, "the next fetch")
        self.assertIn(NEWER, self.entry(url)[0].SerializeToString())


if __name__ == "__main__":
    unittest.main(verbosity=2)
