"""Subscribers in Python, Go, Java and TypeScript, built from their own packages, against the whole pipeline."""
import base64
import datetime
import hashlib
import json
import re
import struct
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

import confluent_kafka
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
from local_run import BIN, LocalRun, ProtosTestCase, wait_until  # noqa: E402

SUBSCRIBERS = ROOT / "build/subscribers"
DEPS = ROOT / "build/deps/subscribers"
JAVA = ["java", "-Xmx128m", "-XX:+UseSerialGC", "-cp", f"{SUBSCRIBERS}/java/built:{ROOT}/build/deps/java-subscriber/libs/*"]
PYTHON = ["env", f"PYTHONPATH={SUBSCRIBERS}/python/gen", str(DEPS / "python/bin/python")]
NODE = ["node", "--no-warnings"]
CONSUME = {"python": PYTHON + [f"{SUBSCRIBERS}/python/consume.py"], "go": [f"{SUBSCRIBERS}/go/built/consume"],
           "java": JAVA + ["Consume"], "typescript": NODE + [f"{SUBSCRIBERS}/typescript/built/consume.js"]}
QUERY = {"python": PYTHON + [f"{SUBSCRIBERS}/python/query.py"], "go": [f"{SUBSCRIBERS}/go/built/query"],
         "java": JAVA + ["Query"], "typescript": NODE + [f"{SUBSCRIBERS}/typescript/built/query.js"]}
CLOUD_EVENTS = {"python": PYTHON + [f"{SUBSCRIBERS}/python/cloud_events.py"], "java": JAVA + ["CloudEvents"],
                "typescript": NODE + [f"{SUBSCRIBERS}/typescript/built/cloud_events.js"]}
TOPIC = "dateline.articles"
BLOCK = re.compile(r"^```(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STRING, INT64 = descriptor_pb2.FieldDescriptorProto.TYPE_STRING, descriptor_pb2.FieldDescriptorProto.TYPE_INT64


def floats_as_written(value):
    """Numbers as the nearest float: languages print a float's digits differently."""
    if isinstance(value, dict):
        return {key: floats_as_written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [floats_as_written(item) for item in value]
    return struct.unpack("f", struct.pack("f", value))[0] if isinstance(value, float) else value


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class OtherVersion:
    """The protocol with fields of Article and Publisher added, or without some, as classes of its own."""

    def __init__(self, add=(), drop=()):
        image = subprocess.run([str(ROOT / "build/deps/bin/buf"), "build", str(ROOT / "protos"), "-o", "-#format=binpb"],
                               check=True, capture_output=True).stdout
        pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(image).file:
            for message in file.message_type:
                for owner, name, number, kind in add:
                    if owner == message.name:
                        message.field.add(name=name, number=number, type=kind, label=1)
                kept = [field for field in message.field if (message.name, field.name) not in drop]
                del message.field[:]
                message.field.extend(kept)
            pool.Add(file) if hasattr(pool, "Add") else pool.AddSerializedFile(file.SerializeToString())
        self.Article = message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("dateline.v1.Article"))


class SubscribersTest(ProtosTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        from dateline.v1.article_pb2 import Article
        cls.Article = Article
        subprocess.run([str(ROOT / "tests/subscribers/build")], check=True, timeout=1200)
        cls.run_ = LocalRun()
        cls.addClassCleanup(cls.run_.close)
        cls.run_.up()
        cls.newer = OtherVersion(add=(("Article", "mood", 998, STRING), ("Article", "readers", 999, INT64),
                                      ("Publisher", "founded", 99, STRING)))
        cls.older = OtherVersion(drop=(("Article", "minhash"), ("Article", "warnings"), ("Article", "evidence")))
        cls.producer = confluent_kafka.Producer({"bootstrap.servers": cls.run_.brokers, "transactional.id": "subscribers-test",
                                                 "compression.type": "zstd", "log_level": 2})
        cls.producer.init_transactions(30)
        cls.made = 0
        cls.write("Read as it stands", "Not to be read", protocol=cls.newer, article=dict(mood="sunny 🌤️", readers=7))
        cls.write("Written long ago", protocol=cls.older)

    @classmethod
    def new_article(cls, headline, protocol=None, article=None):
        cls.made += 1
        url = f"https://elsewhere.example/{cls.made}"
        made = (protocol or cls).Article(
            uid=hashlib.sha256(url.encode()).hexdigest()[:32], url=url, requested_url=url, headline=f"{headline} 🗞️ {cls.made}",
            version=1_760_000_000_000 + cls.made, content_sha256=hashlib.sha256(url.encode()).digest(), **(article or {}))
        made.publisher.name, made.publisher.domain = "Elsewhere 👩‍🚀", "elsewhere.example"
        if protocol is cls.newer:
            made.publisher.founded = "MCMXLI"
        made.language.tag, made.language.confidence = "en", 0.7
        made.body.add().paragraph.text = "Family 👨‍👩‍👧‍👦, flag 🇵🇰, tone 👋🏽, and é in NFC."
        made.publish_time.time.FromJsonString("2026-03-01T10:20:30.123456789Z")
        made.fetch_time.FromMilliseconds(made.version)
        return made

    @classmethod
    def write(cls, *headlines, protocol=None, article=None):
        """The first in a transaction that is committed, the others in ones that are aborted; all in one partition."""
        written = None
        for headline in headlines[1:] + headlines[:1]:
            made = cls.new_article(headline, protocol, article)
            cls.producer.begin_transaction()
            cls.producer.produce(TOPIC, key=made.uid, value=made.SerializeToString(), partition=0, headers={
                "ce_specversion": "1.0", "ce_id": f"test/{cls.made}", "ce_source": "/dateline/test", "ce_type": "dateline.v1.Article",
                "ce_time": "2026-03-01T10:20:30.123Z", "ce_subject": made.url, "content-type": "application/protobuf"})
            cls.producer.flush(30)
            if headline == headlines[0]:
                cls.producer.commit_transaction(30)
                written = made
            else:
                cls.producer.abort_transaction(30)
        return written

    def lines(self, command, *flags, timeout=120):
        done = subprocess.run([*command, *flags], capture_output=True, text=True, timeout=timeout)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def consumed(self, language, *flags, group=None):
        """What one run of the consumer prints; a group of its own unless given."""
        return self.lines(CONSUME[language], "--brokers", self.run_.brokers, "--idle", "10",
                          "--group", group or f"{language}-{time.time()}", *flags)

    def records(self):
        """The committed values by uid: each of this run has one version."""
        records = [record for record in self.run_.read_committed(TOPIC) if record.value()]
        values = {record.key().decode(): record for record in records}
        self.assertEqual(len(values), len(records))
        return values

    def written_by_the_store(self, count):
        """The articles as C++ prints them, once the store has so many."""
        def exported():
            done = subprocess.run([str(BIN / "dateline-export"), f"--store=127.0.0.1:{self.run_.port['store']}"],
                                  capture_output=True, text=True, check=True, timeout=60)
            articles = [json.loads(line) for line in done.stdout.splitlines()]
            return len(articles) >= count and {article["uid"]: article for article in articles}
        return wait_until(exported, 30, f"the store's {count} articles")

    def test_all_articles_are_read_field_for_field(self):
        records = self.records()
        stored = self.written_by_the_store(len(records))
        self.assertGreaterEqual(len(records), 16)
        for language in CONSUME:
            with self.subTest(language):
                read = [json.loads(line) for line, in self.consumed(language, "--json")]
                self.assertEqual(sorted(line["article"]["uid"] for line in read), sorted(records))
                for line in read:
                    uid = line["article"]["uid"]
                    self.assertEqual(floats_as_written(line["article"]), floats_as_written(stored[uid]))
                    # Fields that the reader doesn't know are kept.
                    self.assertEqual(self.canonical(base64.b64decode(line["wire"])), self.canonical(records[uid].value()))

    def canonical(self, value):
        return self.newer.Article.FromString(value).SerializeToString(deterministic=True)

    def test_fields_of_another_version_are_kept_or_empty(self):
        """`newer` is one version ahead of the subscribers, `older` one behind."""
        for language in CONSUME:
            with self.subTest(language):
                read = [json.loads(line) for line, in self.consumed(language, "--json", "--publisher", "Elsewhere 👩‍🚀")]
                by_headline = {line["article"]["headline"].split(" 🗞️")[0]: line for line in read}
                new = self.newer.Article.FromString(base64.b64decode(by_headline["Read as it stands"]["wire"]))
                self.assertEqual((new.mood, new.readers, new.publisher.founded), ("sunny 🌤️", 7, "MCMXLI"))
                self.assertNotIn("evidence", by_headline["Written long ago"]["article"])
        value = next(record.value() for record in self.records().values() if b"Lohar" in record.value())
        old = self.older.Article.FromString(value)
        self.assertIn("Lohar", old.headline)
        self.assertEqual(self.Article.FromString(old.SerializeToString()), self.Article.FromString(value))

    def test_a_filter_leaves_the_others_out(self):
        articles = [self.Article.FromString(record.value()) for record in self.records().values()]
        english = [(a.publish_time.time.ToDatetime().date().isoformat(), a.publisher.name, a.headline)
                   for a in articles if a.language.tag == "en"]
        self.assertTrue(0 < len(english) < len(articles))
        for language in CONSUME:
            with self.subTest(language):
                self.assertEqual(sorted(map(tuple, self.consumed(language, "--language", "en"))), sorted(english))

    def test_each_is_shown_once_to_who_joins_late_restarts_or_reads_from_a_time(self):
        for language in CONSUME:
            with self.subTest(language):
                group = f"{language}-restarting"
                before = len(self.records())
                self.assertEqual(len(self.consumed(language, group=group)), before)
                self.assertEqual(self.consumed(language, group=group), [])
                new = [self.write(f"{language} news", "Not to be read").headline for _ in range(3)]
                self.assertEqual([line[-1] for line in self.consumed(language, group=group)], new)
                times = [record.timestamp()[1] for record in self.records().values()
                         if self.Article.FromString(record.value()).headline == new[1]]
                since = datetime.datetime.fromtimestamp(times[0] / 1000, datetime.timezone.utc).isoformat(timespec="milliseconds")
                from_then = self.consumed(language, "--since", since.replace("+00:00", "Z"))
                self.assertEqual([line[-1] for line in from_then], new[1:])

    def query(self, language, *flags):
        return self.lines(QUERY[language], "--store", f"127.0.0.1:{self.run_.port['store']}", *flags)

    def test_the_store_is_listed_by_pages_and_searched(self):
        self.written_by_the_store(len(self.records()))
        answer, = self.run_.grpcurl("ArticleStoreService", "ListArticles", {"page_size": 1000})
        listed = [[article["uid"], article["headline"]] for article in answer["articles"]]
        answer, = self.run_.grpcurl("ArticleStoreService", "SearchArticles", {"query": "commission"})
        found = [[result["article"]["uid"], result["article"]["headline"], result["snippet"].replace("\n", " ")]
                 for result in answer["results"]]
        self.assertTrue(found)
        for language in QUERY:
            with self.subTest(language):
                self.assertEqual(self.query(language, "--page-size", "3", "list"), listed)
                self.assertEqual(self.query(language, "search", "commission"), found)
                self.assertEqual({line[0] for line in self.query(language, "--filter", "language:de", "list")},
                                 {article["uid"] for article in self.written_by_the_store(1).values()
                                  if article.get("language", {}).get("tag", "").split("-")[0] == "de"})

    def test_a_watch_goes_on_where_another_stopped(self):
        for language in QUERY:
            with self.subTest(language):
                watch = subprocess.Popen([*QUERY[language], "--store", f"127.0.0.1:{self.run_.port['store']}",
                                          "--filter", "domain = elsewhere.example", "--count", "1", "watch"],
                                         stdout=subprocess.PIPE, text=True)
                self.addCleanup(watch.kill)
                written = []

                def ended():
                    written.append(self.write("Watched").uid)
                    return watch.poll() is not None
                wait_until(ended, 60, "the first article of a watch", pause=0.3)
                (uid, _, token), = [line.split("\t") for line in watch.communicate()[0].splitlines()]
                written.append(self.write("Watched later").uid)
                behind = written[written.index(uid) + 1:]
                went_on = self.query(language, "--resume-token", token, "--count", str(len(behind)), "watch")
                self.assertEqual([line[0] for line in went_on], behind)

    def test_headers_are_cloud_events(self):
        for topic in ("dateline.pages", TOPIC):
            expected = set()
            for record in self.run_.read_committed(topic):
                if record.value() and record.headers():
                    ce = {name: value.decode() for name, value in record.headers()}
                    expected.add((ce["ce_specversion"], ce["ce_id"], ce["ce_source"], ce["ce_type"], ce["ce_subject"],
                                  instant(ce["ce_time"]), ce["content-type"], str(len(record.value()))))
            self.assertGreaterEqual(len(expected), 14)
            for language in CLOUD_EVENTS:
                with self.subTest(f"{language} {topic}"):
                    lines = self.lines(CLOUD_EVENTS[language], "--brokers", self.run_.brokers, "--topic", topic,
                                       "--group", f"{language}-{time.time()}")
                    self.assertEqual({(*line[:5], instant(line[5]), *line[6:8]) for line in lines}, expected)

    def test_an_article_is_in_the_trace_of_its_page(self):
        def traces(topic):
            lines = self.lines(CLOUD_EVENTS["python"], "--brokers", self.run_.brokers, "--topic", topic,
                               "--group", f"traces-{time.time()}")
            return {line[1]: line[8] for line in lines if line[2] != "/dateline/test"}
        pages = {}
        for record in self.run_.read_committed("dateline.pages"):
            pages[dict(record.headers())["ce_id"].decode()] = f"dateline.pages/{record.partition()}/{record.offset()}"
        of_pages = {pages[event]: trace for event, trace in traces("dateline.pages").items() if event in pages}
        of_articles = traces(TOPIC)
        self.assertGreaterEqual(len(of_articles), 14)
        for place, trace in of_articles.items():
            self.assertRegex(trace, "^[0-9a-f]{32}$")
            self.assertEqual(trace, of_pages[place])

    def test_the_first_lines_run_as_they_stand(self):
        page = (ROOT / "docs/subscribe.md").read_text(encoding="utf-8")
        programs = {language: text.replace("127.0.0.1:9092", self.run_.brokers) for language, text in BLOCK.findall(page)
                    if language != "sh"}
        self.assertEqual(programs.keys(), CONSUME.keys())
        count = len(self.records())
        for language, program in programs.items():
            with self.subTest(language):
                reader = subprocess.Popen(self.newcomer(language, program), stdout=subprocess.PIPE, text=True)
                timer = threading.Timer(60, reader.kill)
                timer.start()
                lines = [reader.stdout.readline() for _ in range(count)]
                timer.cancel()
                reader.kill()
                reader.wait()
                reader.stdout.close()
                self.assertTrue(all(lines), f"fewer than {count} lines")
                self.assertEqual(len(set(lines)), count)
                self.assertFalse(any("Not to be read" in line for line in lines))

    def newcomer(self, language, program):
        """The command that runs a program as a newcomer would, beside the generated code."""
        if language == "python":
            return [*PYTHON, "-u", "-c", program]
        if language == "java":
            (SUBSCRIBERS / "java/Reader.java").write_text(program, encoding="utf-8")
            return [*JAVA, f"{SUBSCRIBERS}/java/Reader.java"]
        if language == "go":
            folder = SUBSCRIBERS / "go/newcomer"
            folder.mkdir(exist_ok=True)
            (folder / "main.go").write_text(program, encoding="utf-8")
            subprocess.run([str(DEPS / "go/bin/go"), "build", "-mod=readonly", "-o", "newcomer", "main.go"], cwd=folder, check=True,
                           env={"PATH": "/usr/bin:/bin", "HOME": str(SUBSCRIBERS), "GOMODCACHE": str(DEPS / "go/modules"),
                                "GOCACHE": str(DEPS / "go/cache"), "GOPROXY": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"})
            return [str(folder / "newcomer")]
        folder = SUBSCRIBERS / "typescript"
        (folder / "newcomer.ts").write_text(program, encoding="utf-8")
        subprocess.run(["node_modules/.bin/tsc"], cwd=folder, check=True)
        return [*NODE, str(folder / "built/newcomer.js")]


if __name__ == "__main__":
    unittest.main(verbosity=2)
