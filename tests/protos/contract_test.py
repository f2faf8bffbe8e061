"""The contract: nothing breaks against the baseline, what would break is caught, and its pages are up to date."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUF = ROOT / "build/deps/bin/buf"
BASELINE = ROOT / "protos/baseline.binpb"
sys.path.insert(0, str(ROOT / "docs"))
import make_protocol  # noqa: E402
import make_topics  # noqa: E402


def breaking(protos):
    """What buf finds broken against the baseline."""
    return subprocess.run([str(BUF), "breaking", str(protos), "--against", str(BASELINE)], capture_output=True, text=True)


class BreakingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.protos = Path(folder.name) / "protos"
        shutil.copytree(ROOT / "protos", self.protos)

    def change(self, file, before, after):
        path = self.protos / "dateline/v1" / file
        text = path.read_text(encoding="utf-8")
        self.assertEqual(text.count(before), 1)
        path.write_text(text.replace(before, after), encoding="utf-8")
        return breaking(self.protos)

    def assert_caught(self, done, words):
        self.assertEqual(done.returncode, 100, done.stdout + done.stderr)
        self.assertIn(words, done.stdout)

    def test_the_protocol_breaks_nothing(self):
        done = breaking(self.protos)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_a_renumbered_field_is_caught(self):
        self.assert_caught(self.change("article.proto", "  string headline = 6;", "  string headline = 106;"),
                           'Previously present field "6" with name "headline" on message "Article" was deleted')

    def test_a_retyped_field_is_caught(self):
        self.assert_caught(self.change("article.proto", "  int64 version = 25;", "  string version = 25;"),
                           'changed type from "int64" to "string"')

    def test_a_renamed_field_is_caught(self):
        self.assert_caught(self.change("article.proto", "  string section = 13;", "  string rubric = 13;"),
                           'changed name from "section" to "rubric"')

    def test_a_method_taken_away_is_caught(self):
        self.assert_caught(
            self.change("article_store_service.proto", "rpc GetStory(GetStoryRequest) returns (GetStoryResponse);", ""),
            'Previously present RPC "GetStory"')

    def test_a_field_added_is_not(self):
        done = self.change("article.proto", "  int64 version = 25;", "  int64 version = 25;\n  // New.\n  string mood = 999;")
        self.assertEqual((done.returncode, done.stdout), (0, ""))


class ReferenceTest(unittest.TestCase):
    def test_the_page_is_up_to_date(self):
        self.assertEqual(make_protocol.PAGE.read_text(encoding="utf-8"), make_protocol.page(),
                         "run: build/deps/venv/bin/python docs/make_protocol.py")

    def test_every_element_says_what_it_is(self):
        for line in make_protocol.page().splitlines():
            self.assertFalse(line.startswith("| `") and line.endswith("|  |"), line)


class TopicsTest(unittest.TestCase):
    def test_the_page_is_up_to_date(self):
        self.assertEqual(make_topics.PAGE.read_text(encoding="utf-8"), make_topics.page(), "run: python3 docs/make_topics.py")

    def test_examples_are_messages_of_the_protocol(self):
        for topic in make_topics.topics():
            of = topic["value"] if topic["name"] != "dead-letters" else "dateline.v1.RawPage"
            message = re.match(r"dateline\.v1\.\w+", of)[0]
            with self.subTest(topic["name"]):
                done = subprocess.run([str(BUF), "convert", str(ROOT / "protos"), "--type", message, "--from", "-#format=json",
                                       "--to", "-#format=binpb"], input=json.dumps(topic["example"]["value"]).encode(), capture_output=True)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertGreater(len(done.stdout), 20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
