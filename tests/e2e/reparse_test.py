"""Pages read again by another extractor: what changed is written once, nothing else is, and the ledger still balances."""
import collections
import io
import json
import subprocess
import time
import unittest
import warnings
from datetime import datetime, timezone

import confluent_kafka
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from local_run import BIN, LocalRun, ProtosTestCase, wait_until

PAGES = 120
# As a later extractor would have it: the headline is another element's.
RULE = 'domains: "news.example" headline: ".kicker"\n'
FIRST_TIME = 1_700_000_000_000


class ReparseTest(ProtosTestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.run_.start_broker()
        self.rules = self.run_.folder / "rules"
        self.rules.mkdir()
        self.producer = confluent_kafka.Producer({
            "bootstrap.servers": self.run_.brokers, "linger.ms": 5, "log_level": 0,
            # Records of a key go where the parser puts them.
            "partitioner": "murmur2_random"})
        # The broker tells of topics a moment after it has made them.
        wait_until(lambda: self.producer.list_topics("dateline.articles", 10).topics["dateline.articles"].error is None, 20,
                   "the making of topics")

    @staticmethod
    def body(number, version=1):
        return (f"<html lang=en><body><article><div class=kicker>Kicker of the report {number}</div><h1>Report {number}</h1>"
                "<p>The harbour office counted the ships on Monday and said that the number had not been as high since the "
                "lighthouse was built, in the year of the great storm.</p><p>Captains who were asked about it spoke of the "
                f"price of salt, the new pier and the good water, {version} times.</p></article></body></html>").encode()

    def send(self, number, version, site="news.example", topic="dateline.pages"):
        """The page of a number, as fetched at a version."""
        from dateline.v1 import page_pb2
        url = f"http://{site}/{number}"
        page = page_pb2.RawPage(uid=self.uid(number), url=url, requested_url=url, status=200, media_type="text/html",
                                body=self.body(number, version))
        page.fetch_time.FromMilliseconds(FIRST_TIME + version)
        self.producer.produce(topic, key=page.uid, value=page.SerializeToString())

    @staticmethod
    def uid(number):
        return f"{number:032x}"

    @staticmethod
    def topic(number):
        return "dateline.pages.backfill" if number % 5 == 0 else "dateline.pages"

    def parse_all(self, count):
        self.assertEqual(self.producer.flush(30), 0)
        self.run_.start("parser", "--transactional_id=parser-1")
        wait_until(lambda: self.outcomes() == count, 60, f"{count} outcomes")
        self.run_.stop("parser")

    def outcomes(self):
        try:
            return self.run_.metric("parser", "dateline_parser_pages_total")
        except OSError:
            return 0

    def run_reparse(self, *flags):
        return subprocess.run(
            [str(BIN / "dateline-parser"), "--reparse", f"--kafka_brokers={self.run_.brokers}", "--metrics_listen=",
             f"--rules_dir={self.rules}", *flags], capture_output=True, text=True, timeout=120)

    def reparse(self, *flags):
        report = self.run_.folder / "report.json"
        done = self.run_reparse(f"--reparse_report={report}", *flags)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(report.read_text()), done.stdout

    def archive(self, numbers):
        """A WARC of these pages, each with its request, with a damaged record at its end."""
        path = self.run_.folder / "archive.warc.gz"
        # warcio leaves the closing of its temporary files to the collector.
        with path.open("wb") as file, warnings.catch_warnings(action="ignore", category=ResourceWarning):
            writer = WARCWriter(file, gzip=True)
            for number in [*numbers, 0]:
                begin = file.tell()
                writer.write_record(writer.create_warc_record(
                    f"http://news.example/{number}", "response", payload=io.BytesIO(self.body(number)),
                    warc_headers_dict={"WARC-Date": "2026-03-11T10:00:00Z"},
                    http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")))
            file.seek((begin + file.tell()) // 2)
            file.write(b"damage")
            file.seek(0, io.SEEK_END)
            writer.write_record(writer.create_warc_record(
                "http://news.example/1", "request", payload=io.BytesIO(b""),
                http_headers=StatusAndHeaders("GET / HTTP/1.1", [], is_http_request=True)))
        return path

    def articles(self):
        """All records' articles by uid, in the topic's order; None for one taken back."""
        from dateline.v1 import article_pb2
        found = collections.defaultdict(list)
        for record in self.run_.read_committed("dateline.articles"):
            found[record.key().decode()].append(article_pb2.Article.FromString(record.value()) if record.value() else None)
        return found

    def ledger(self):
        done = subprocess.run([str(BIN / "dateline-ledger"), f"--kafka_brokers={self.run_.brokers}", "--json"],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_what_another_extractor_reads_differently_is_written_once(self):
        for number in range(PAGES):
            self.send(number, 1, "news.example" if number % 2 else "other.example", self.topic(number))
        for number in range(1, 20, 2):
            self.send(number, 2, topic=self.topic(number))
        self.parse_all(PAGES + 10)
        # One is taken back, one is hidden by an older version behind it, as a parser at the same time might leave it.
        before = self.articles()
        self.producer.produce("dateline.articles", key=self.uid(31), value=None)
        self.producer.produce("dateline.articles", key=self.uid(1), value=before[self.uid(1)][0].SerializeToString())
        self.assertEqual(self.producer.flush(30), 0)

        report, _ = self.reparse("--dry_run")
        self.assertEqual(report["results"], {"unchanged": PAGES - 1, "superseded": 10, "taken_back": 1})
        (self.rules / "news.example.textproto").write_text(RULE)
        changed = PAGES // 2 - 1
        expected = {"unchanged": PAGES // 2, "changed": changed, "superseded": 10, "taken_back": 1}
        report, _ = self.reparse("--dry_run")
        self.assertEqual(report["results"], expected)
        self.assertEqual(sum(map(len, self.articles().values())), PAGES + 10 + 2)

        report, text = self.reparse()
        self.assertEqual((report["results"], report["uncovered"]), (expected, 1))
        self.assertEqual(report["fields"]["headline"], changed)
        self.assertNotIn("body", report["fields"])
        self.assertEqual(report["sites"]["news.example"]["results"]["changed"], changed)
        self.assertNotIn("changed", report["sites"]["other.example"]["results"])
        self.assertIn("headline", text)
        after = self.articles()
        for number in range(PAGES):
            latest = after[self.uid(number)][-1]
            if number == 31:
                self.assertIsNone(latest)
                continue
            self.assertEqual(latest.headline, f"Kicker of the report {number}" if number % 2 else f"Report {number}")
            self.assertEqual(latest.version, FIRST_TIME + (2 if number < 20 and number % 2 else 1))
        self.assertEqual(self.ledger()["duplicated"], 0)

        report, _ = self.reparse()
        self.assertEqual(report["results"], {"unchanged": PAGES - 1, "superseded": 10, "taken_back": 1})
        self.assertEqual({uid: len(records) for uid, records in self.articles().items()},
                         {uid: len(records) for uid, records in after.items()})
        print(f"{changed} of {PAGES} articles written again, once: {report['pages']} pages read each time")

    def test_only_pages_of_the_time_asked_for_that_a_parser_has_read_are_read(self):
        self.send(1, 1)
        self.producer.flush(30)
        time.sleep(0.05)
        middle = datetime.now(timezone.utc).isoformat()
        time.sleep(0.05)
        self.send(2, 1)
        self.parse_all(2)
        # No parser has read it.
        self.send(3, 1)
        self.producer.flush(30)
        self.assertEqual(self.reparse("--dry_run")[0]["pages"], 2)
        self.assertEqual(self.reparse("--dry_run", f"--from={middle}")[0]["pages"], 1)
        self.assertEqual(self.reparse("--dry_run", f"--to={middle}")[0]["pages"], 1)
        self.assertEqual(self.reparse("--dry_run", f"--from={middle}", f"--to={middle}")[0]["pages"], 0)

    def test_pages_of_an_archive_are_written_once_each(self):
        # The first twice, in one batch.
        archive = self.archive([1, 2, 3, 1])
        left_out = {"corrupt_compression": 1, "type_request": 1}
        report, text = self.reparse("--dry_run", f"--reparse_warc={archive}")
        self.assertEqual((report["results"], report["left_out"]), ({"gained": 3, "unchanged": 1}, left_out))
        self.assertIn("left out: 1 corrupt_compression", text)
        self.assertEqual(self.articles(), {})

        report, _ = self.reparse(f"--reparse_warc={archive}")
        self.assertEqual((report["results"], report["left_out"]), ({"gained": 3, "unchanged": 1}, left_out))
        articles = self.articles()
        self.assertEqual(sorted(records[0].headline for records in articles.values()), ["Report 1", "Report 2", "Report 3"])
        self.assertTrue(all(len(records) == 1 for records in articles.values()))
        self.assertEqual(next(iter(articles.values()))[0].provenance.warc.file, archive.name)

        # One is taken back, one is known from a machine whose clock is ahead.
        first, second = (next(records[0] for records in articles.values() if records[0].headline == f"Report {number}")
                         for number in (1, 2))
        self.producer.produce("dateline.articles", key=first.uid, value=None)
        second.parse_time.FromJsonString("2100-01-01T00:00:00Z")
        self.producer.produce("dateline.articles", key=second.uid, value=second.SerializeToString())
        self.assertEqual(self.producer.flush(30), 0)
        (self.rules / "news.example.textproto").write_text(RULE)
        report, _ = self.reparse(f"--reparse_warc={archive}")
        self.assertEqual(report["results"], {"changed": 2, "taken_back": 2})
        latest = self.articles()[second.uid][-1]
        self.assertEqual(latest.headline, "Kicker of the report 2")
        self.assertGreater(latest.parse_time.ToMicroseconds(), second.parse_time.ToMicroseconds())
        self.assertEqual(self.reparse(f"--reparse_warc={archive}")[0]["results"], {"unchanged": 2, "taken_back": 2})

    def test_an_archive_that_can_not_be_read_is_an_error(self):
        text = self.run_.folder / "text.warc"
        text.write_text("no archive at all")
        for path, reason in [(self.run_.folder / "none.warc", "can't open"), (text, "holds no WARC record"),
                             (self.run_.folder, "can't be read behind byte 0")]:
            done = self.run_reparse(f"--reparse_warc={path}")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(f"{path} {reason}" if reason != "can't open" else f"{reason} {path}", done.stderr)

    def test_what_is_left_out_is_said(self):
        for number in (1, 2, 3):
            self.send(number, 1)
        self.parse_all(3)
        # A page whose transaction is aborted, and the mark that says so.
        aborting = confluent_kafka.Producer({"bootstrap.servers": self.run_.brokers, "transactional.id": "a", "log_level": 0})
        aborting.init_transactions(30)
        aborting.begin_transaction()
        aborting.produce("dateline.pages", key="k", value=b"", partition=0)
        self.assertEqual(aborting.flush(30), 0)
        aborting.abort_transaction(30)
        self.assertEqual(self.reparse("--dry_run")[0]["left_out"], {"not_committed": 2})
        # Behind them one that the parsers read.
        self.producer.produce("dateline.pages", key="k", value=b"", partition=0)
        self.parse_all(1)
        report, _ = self.reparse("--dry_run")
        self.assertEqual((report["pages"], report["left_out"]), (4, {"no_record": 2}))
        report, _ = self.reparse("--dry_run", "--to=2020-01-01T00:00:00Z")
        self.assertEqual((report["pages"], report["left_out"]), (0, {"no_record": 2, "other_time": 4}))

    def test_a_run_that_is_killed_is_gone_on_with(self):
        for number in range(1, 2400, 2):
            self.send(number, 1)
        self.parse_all(1200)
        (self.rules / "news.example.textproto").write_text(RULE)
        run = subprocess.Popen(
            [str(BIN / "dateline-parser"), "--reparse", f"--kafka_brokers={self.run_.brokers}", "--metrics_listen=",
             f"--rules_dir={self.rules}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        written = 0
        try:
            while run.poll() is None and written == 0:
                written = sum(len(records) > 1 for records in self.articles().values())
        finally:
            run.kill()
            run.wait()
        report, _ = self.reparse()
        records = self.articles()
        self.assertTrue(all(len(articles) == 2 and articles[1].headline.startswith("Kicker") for articles in records.values()))
        self.assertEqual(report["pages"], 1200)
        print(f"killed behind {written} or more of 1200 articles; the next run wrote {report['results'].get('changed', 0)}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
