"""Values framed for a schema registry's clients: registered, read by Confluent's deserializer, and guarded by the registry."""
import base64
import json
import os
import re
import struct
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import confluent_kafka

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
from local_run import BIN, LocalRun, ProtosTestCase, free_base_port, wait_until  # noqa: E402

DEPS = ROOT / "build/deps"
ARTICLES, PAGES = "dateline.articles", "dateline.pages"


class Registry:
    """Apicurio Registry in memory, by the API that Confluent's clients speak."""

    def __init__(self):
        self.port = free_base_port() + 1
        self.url = f"http://127.0.0.1:{self.port}/apis/ccompat/v7"
        self.process = subprocess.Popen(
            ["java", "-Xmx256m", "-XX:+UseSerialGC", "-Dquarkus.http.host=127.0.0.1", f"-Dquarkus.http.port={self.port}",
             "-jar", str(DEPS / "apicurio/registry.jar")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(self.is_up, 90, "the registry's start", pause=0.3)
            self.call("PUT", "/config", {"compatibility": "BACKWARD"})
        except BaseException:
            self.close()
            raise

    def close(self):
        self.process.terminate()
        self.process.wait(20)

    def is_up(self):
        try:
            return not isinstance(self.call("GET", "/config"), tuple)
        except (OSError, ValueError):
            return False

    def call(self, method, path, body=None):
        """The answer, or the status and the error's message."""
        request = urllib.request.Request(self.url + path, method=method, data=json.dumps(body).encode() if body else None,
                                         headers={"Content-Type": "application/vnd.schemaregistry.v1+json"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())["message"]

    def versions(self, subject):
        return self.call("GET", f"/subjects/{urllib.parse.quote(subject, safe='')}/versions")

    def register(self, subject, text):
        return self.call("POST", f"/subjects/{urllib.parse.quote(subject, safe='')}/versions",
                         {"schemaType": "PROTOBUF", "schema": text})


def proto(name):
    return (ROOT / f"protos/dateline/v1/{name}.proto").read_text(encoding="utf-8")


def renumbered():
    text = re.sub(r"string headline = 6;", "string headline = 906;", proto("article"))
    assert text != proto("article")
    return text


class FramedRun(ProtosTestCase):
    """A run whose fetcher and parser frame what they write."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry()
        cls.addClassCleanup(cls.registry.close)
        cls.run_ = LocalRun()
        cls.addClassCleanup(cls.run_.close)
        # Flags of all that `up` starts.
        for name, value in (("DATELINE_VALUE_FRAMING", "confluent"), ("DATELINE_SCHEMA_REGISTRY_URL", cls.registry.url)):
            os.environ[name] = value
            cls.addClassCleanup(os.environ.pop, name)
        cls.run_.up()
        cls.site = f"http://127.0.0.1:{cls.run_.port['newsroom']}"

    def records(self, topic):
        return [record for record in self.run_.read_committed(topic) if record.value()]

    def deserialized(self, topic, *flags):
        protos = sys.path[0]
        done = subprocess.run(
            ["env", f"PYTHONPATH={protos}", str(DEPS / "subscribers/python/bin/python"), "-W", "ignore",
             str(ROOT / "tests/subscribers/python/framed.py"), "--brokers", self.run_.brokers, "--topic", topic,
             "--group", f"framed-{time.time()}", *flags], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return sorted(map(json.loads, done.stdout.splitlines()), key=lambda line: (line["uid"], line["wire"]))

    def exported(self):
        done = subprocess.run([str(BIN / "dateline-export"), f"--store=127.0.0.1:{self.run_.port['store']}"],
                              capture_output=True, text=True, check=True, timeout=60)
        return {article["uid"]: article for article in map(json.loads, done.stdout.splitlines())}

    def tool(self, name, *flags):
        """What a program says that ends by itself, and its exit code."""
        done = subprocess.run([str(BIN / f"dateline-{name}"), f"--kafka_brokers={self.run_.brokers}", *flags],
                              capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def start_parser(self, *flags):
        self.run_.stop("parser")
        self.run_.start("parser", f"--transactional_id=dateline-parser-{self.run_.port['parser']}", *flags)
        wait_until(lambda: "serving" in self.run_.log("parser"), 30, "the parser's start")


class FramingTest(FramedRun):
    def test_confluents_deserializer_reads_every_article(self):
        stored = self.exported()
        self.assertGreaterEqual(len(stored), 14)
        by_registry = self.deserialized(ARTICLES, "--registry", self.registry.url)
        self.assertEqual(by_registry, self.deserialized(ARTICLES))
        self.assertLessEqual(stored.keys(), {line["uid"] for line in by_registry})
        for line in by_registry:
            self.assertEqual(line["message"]["headline"], stored[line["uid"]]["headline"])
            self.assertEqual(line["message"]["body"], stored[line["uid"]]["body"])

    def test_pages_are_framed_too_and_their_schema_names_what_it_imports(self):
        pages = self.deserialized(PAGES, "--registry", self.registry.url)
        self.assertEqual(len(pages), len(self.records(PAGES)))
        schema = self.registry.call("GET", f"/subjects/{PAGES}-value/versions/latest")
        self.assertEqual(schema["references"], [
            {"name": "dateline/v1/article.proto", "subject": "dateline/v1/article.proto", "version": 1}])
        self.assertEqual(schema["schema"], proto("page"))

    def test_the_id_in_a_value_is_that_of_the_protocols_file(self):
        ids = {struct.unpack(">bi", record.value()[:5]) for record in self.records(ARTICLES)}
        (magic, schema_id), = ids
        self.assertEqual(magic, 0)
        self.assertEqual(self.registry.call("GET", f"/schemas/ids/{schema_id}")["schema"], proto("article"))
        self.assertTrue(all(record.value()[5] == 0 for record in self.records(ARTICLES)))

    def test_a_start_anew_registers_nothing(self):
        before = {subject: self.registry.versions(subject) for subject in self.registry.call("GET", "/subjects")}
        self.assertEqual(before.keys(), {f"{ARTICLES}-value", f"{PAGES}-value", f"{PAGES}.backfill-value", "dateline/v1/article.proto"})
        self.start_parser()
        self.assertEqual(before, {subject: self.registry.versions(subject) for subject in before})

    def test_a_renumbered_field_is_refused_by_the_registry(self):
        status, message = self.registry.register(f"{ARTICLES}-value", renumbered())
        self.assertEqual(status, 409)
        self.assertIn("not backward compatible", message)
        self.assertEqual(len(self.registry.versions(f"{ARTICLES}-value")), 1)

    def test_a_start_with_an_incompatible_schema_fails_with_a_line(self):
        self.registry.register("other.articles-value", renumbered())
        code, said = self.tool("parser", "--topic_prefix=other.", "--listen=127.0.0.1:0", "--metrics_listen=")
        self.assertEqual(code, 1)
        line, = said.splitlines()
        self.assertIn("does not take the schema dateline/v1/article.proto for the subject other.articles-value", line)
        self.assertIn("not backward compatible", line)

    def test_a_start_without_a_registry_fails_with_a_line(self):
        for flags, words in ((["--schema_registry_url=http://127.0.0.1:1"], "the schema registry at http://127.0.0.1:1"),
                             (["--schema_registry_url="], "--value_framing=confluent needs --schema_registry_url"),
                             (["--value_framing=avro"], "--value_framing takes plain or confluent, not 'avro'")):
            for program in ("parser", "fetcher"):
                code, said = self.tool(program, "--listen=127.0.0.1:0", "--metrics_listen=", *flags)
                self.assertEqual(code, 1)
                self.assertEqual(len(said.splitlines()), 1, said)
                self.assertIn(words, said)


class BothKindsTest(FramedRun):
    """What Dateline reads itself may be framed or not, record by record."""

    def fetched(self, path):
        answer, = self.run_.grpcurl("FetcherService", "SubmitUrls", {"url": self.site + path})
        return self.run_.await_article(answer["uid"])

    def test_store_ledger_and_reparse_read_both(self):
        self.start_parser("--value_framing=plain")
        plain = self.fetched("/generated/8001")
        self.start_parser()
        framed = self.fetched("/generated/8002")
        values = {record.key().decode(): record.value() for record in self.records(ARTICLES)}
        self.assertEqual((values[plain["uid"]][0], values[framed["uid"]][0]), (0x0A, 0))
        self.assertEqual(plain["headline"], self.exported()[plain["uid"]]["headline"])
        code, said = self.tool("ledger")
        self.assertEqual(code, 0, said)
        code, said = self.tool("parser", "--reparse", "--dry_run")
        self.assertEqual(code, 0, said)
        self.assertIn(f"pages: {len(values)} unchanged, 0 changed, 0 gained, 0 lost, 0 superseded", said)

    def test_a_dead_letter_keeps_its_frame_and_can_be_put_back(self):
        from dateline.v1.page_pb2 import RawPage
        frame = self.records(PAGES)[0].value()[:6]
        page = RawPage(uid="0" * 32, url="https://a.example/x", requested_url="https://a.example/x", status=200,
                       media_type="text/html", body=b"<html></html>")
        producer = confluent_kafka.Producer({"bootstrap.servers": self.run_.brokers})
        producer.produce(PAGES, key=page.uid, value=frame + page.SerializeToString())
        self.assertEqual(producer.flush(30), 0)

        def letters(count):
            def come():
                answer, = self.run_.grpcurl("ParserService", "ListDeadLetters")
                found = answer.get("dead_letters", [])
                return found if len(found) == count else None
            return wait_until(come, 30, f"dead letter {count}")
        letter, = letters(1)
        self.assertEqual((letter["reason"], letter["url"]), ("DEAD_LETTER_REASON_NO_ARTICLE", page.url))
        answer, = self.run_.grpcurl("ParserService", "GetDeadLetter", {"name": letter["name"]})
        self.assertEqual(base64.b64decode(answer["dead_letter"]["value"]), frame + page.SerializeToString())
        self.run_.grpcurl("ParserService", "RedriveDeadLetters", {"selection": {}})
        wait_until(lambda: any(again["attempt"] == 2 for again in
                               self.run_.grpcurl("ParserService", "ListDeadLetters")[0].get("dead_letters", [])), 30, "the second try")
        again = [record for record in self.records(PAGES) if record.key().decode() == page.uid]
        self.assertEqual([record.value() for record in again], [frame + page.SerializeToString()] * 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
