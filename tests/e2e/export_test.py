"""dateline-export on the sample newsroom: both formats, read back, against the API; and how it fails."""
import base64
import datetime
import json
import platform
import socket
import subprocess
import unittest

from local_run import BIN, LocalRun, free_base_port, parse_json_stream, wait_until

EXPORT = BIN / "dateline-export"
JSON_COLUMNS = {"blocks": "body", "images": "images", "links": "links", "live_updates": "live_updates",
                "evidence": "evidence", "warnings": "warnings"}
TEXT_COLUMNS = {
    "uid": "uid", "url": "url", "canonical_url": "canonical_url", "requested_url": "requested_url",
    "publisher_name": "publisher.name", "publisher_domain": "publisher.domain", "publisher_country": "publisher.country",
    "headline": "headline", "alternative_headline": "alternative_headline", "description": "description",
    "dateline": "dateline", "section": "section", "language": "language.tag", "source": "provenance.source",
    "extractor_version": "provenance.extractor_version"}
TIME_COLUMNS = {"publish_time": "publish_time.time", "modified_time": "modified_time.time", "fetch_time": "fetch_time",
                "parse_time": "parse_time"}
ENUM_COLUMNS = {"access": ("access", "ACCESS_"), "article_type": ("article_type", "ARTICLE_TYPE_"),
                "publish_time_precision": ("publish_time.precision", "TIME_PRECISION_")}


def field(article, path):
    for name in path.split("."):
        article = (article or {}).get(name)
    return article


def time_of(text):
    """To the microsecond, as the column has it."""
    if text is None:
        return None
    seconds, _, fraction = text.rstrip("Z").partition(".")
    whole = datetime.datetime.fromisoformat(seconds).replace(tzinfo=datetime.timezone.utc)
    return whole + datetime.timedelta(microseconds=int((fraction + "000000")[:6]))


def texts_of(blocks):
    """The plain text of blocks, by article.proto."""
    texts = []
    for block in blocks:
        (kind, content), = block.items()
        if kind == "table":
            texts += [content.get("caption", "")]
            texts += [cell.get("text", "") for row in content["rows"] for cell in row["cells"]]
        else:
            texts.append(content.get("caption" if kind == "image" else "text", ""))
    return texts


def plain_text(article):
    texts = texts_of(article.get("body", []))
    for update in article.get("live_updates", []):
        texts += [update.get("headline", "")] + texts_of(update.get("body", []))
    return "\n\n".join(text for text in texts if text) or None


class JsonText:
    """Equal to a text that is this value as JSON; to None where there is none."""

    def __init__(self, value):
        self.value = value

    def __eq__(self, text):
        return text is None if self.value is None else text is not None and json.loads(text) == self.value

    def __repr__(self):
        return repr(self.value)


class ExportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = LocalRun()
        cls.addClassCleanup(cls.run_.close)
        cls.run_.up()
        cls.articles = {a["article"]["uid"]: a["article"] for a in cls.run_.grpcurl("ArticleStoreService", "ExportArticles")}

    def export(self, *flags, store=None):
        address = store or f"127.0.0.1:{self.run_.port['store']}"
        return subprocess.run([str(EXPORT), f"--store={address}", *flags], capture_output=True, text=True, timeout=60)

    def exported(self, name, *flags):
        path = self.run_.folder / name
        done = self.export(f"--output={path}", *flags)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, rf"^\d+ articles in \S+ to {path}\n$")
        return path

    def fails(self, words, *flags, **arguments):
        """One clear line, and nothing left behind."""
        before = sorted(self.run_.folder.iterdir())
        done = self.export(*flags, **arguments)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertTrue(done.stderr.startswith("dateline-export: "), done.stderr)
        self.assertIn(words, done.stderr)
        self.assertEqual(sorted(self.run_.folder.iterdir()), before)

    def test_json_lines_are_the_articles_of_the_api(self):
        path = self.exported("articles.jsonl")
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        self.assertGreaterEqual(len(lines), 14)
        self.assertEqual(len(lines), len(self.articles))
        # As grpcurl prints the same message, but for its numbers in text.
        for line in lines:
            self.assertEqual(json.dumps(line, sort_keys=True), json.dumps(self.articles[line["uid"]], sort_keys=True))

    def test_json_lines_go_to_standard_output(self):
        done = self.export("--read_mask=uid,headline")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = parse_json_stream(done.stdout)
        self.assertEqual({line["uid"]: line.get("headline") for line in lines},
                         {uid: article.get("headline") for uid, article in self.articles.items()})
        self.assertLessEqual({key for line in lines for key in line}, {"uid", "headline"})

    def test_a_filter_holds_as_in_the_api(self):
        wanted = {uid for uid, article in self.articles.items() if field(article, "language.tag") == "en"}
        self.assertTrue(0 < len(wanted) < len(self.articles))
        done = self.export("--filter=language = en", "--read_mask=uid")
        self.assertEqual({line["uid"] for line in parse_json_stream(done.stdout)}, wanted)

    def test_a_name_is_taken_over_only_by_a_whole_file(self):
        path = self.run_.folder / "kept.jsonl"
        path.write_text("before")
        self.fails("filter, position", "--filter=no such filter", f"--output={path}")
        self.assertEqual(path.read_text(), "before")
        path.unlink()

    def test_failures_are_one_clear_line(self):
        self.fails("--format is jsonl or parquet, not 'csv'", "--format=csv")
        self.fails("standard output", "--format=parquet")
        self.fails("/nowhere/x.jsonl", "--output=/nowhere/x.jsonl")
        self.fails("nosuchfield", "--read_mask=nosuchfield", f"--output={self.run_.folder / 'x.jsonl'}")
        nowhere = f"127.0.0.1:{free_base_port() + 1}"
        self.fails(nowhere, f"--output={self.run_.folder / 'x.jsonl'}", store=nowhere)

    def test_a_signal_ends_it_and_takes_the_half_file_away(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            path = self.run_.folder / "stopped.jsonl"
            export = subprocess.Popen([str(EXPORT), f"--store=127.0.0.1:{silent.getsockname()[1]}", f"--output={path}"],
                                      stderr=subprocess.PIPE, text=True)
            wait_until(lambda: list(self.run_.folder.glob("stopped*")), 20, "the start of the export")
            export.terminate()
            _, error = export.communicate(timeout=20)
        self.assertEqual(export.returncode, 1)
        self.assertRegex(error, r"^dateline-export: store at 127\.0\.0\.1:\d+: \S.*\n$")
        self.assertEqual(list(self.run_.folder.glob("stopped*")), [])

    def test_a_full_disk_is_told(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([str(EXPORT), f"--store=127.0.0.1:{self.run_.port['store']}"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "dateline-export: writing standard output: No space left on device\n")

    @unittest.skipUnless(platform.machine() == "x86_64", "Arrow is pinned for x86-64")
    def test_parquet_read_by_pyarrow_has_the_articles_of_the_api(self):
        import pyarrow.parquet
        table = pyarrow.parquet.read_table(self.exported("articles.parquet"))
        rows = {row["uid"]: row for row in table.to_pylist()}
        self.assertEqual(table.num_rows, len(self.articles))
        self.assertEqual(rows.keys(), self.articles.keys())
        for uid, row in rows.items():
            with self.subTest(uid):
                self.assertEqual(row, self.row_of(self.articles[uid], row["language_confidence"]))
        schema = {name: str(table.schema.field(name).type) for name in table.column_names}
        for name in TIME_COLUMNS:
            self.assertEqual(schema[name], "timestamp[us, tz=UTC]")
        self.assertEqual((schema["authors"], schema["keywords"]), ("list<element: string>",) * 2)
        self.assertEqual((schema["body"], schema["blocks"], schema["version"]), ("string", "string", "int64"))

    def row_of(self, article, confidence):
        """The columns of an article, from what the API says of it."""
        row = {column: field(article, path) for column, path in TEXT_COLUMNS.items()}
        row |= {column: time_of(field(article, path)) for column, path in TIME_COLUMNS.items()}
        for column, (path, prefix) in ENUM_COLUMNS.items():
            value = field(article, path)
            row[column] = value and value.removeprefix(prefix)
        row["authors"] = [author["name"] for author in article.get("authors", [])]
        row["keywords"] = article.get("keywords", [])
        row["minhash"] = article.get("minhash", [])
        row["version"] = int(article["version"])
        row["content_sha256"] = base64.b64decode(article["content_sha256"])
        row["body"] = plain_text(article)
        for flag in ("ai_training_opt_out", "noarchive"):
            row[flag] = bool(field(article, f"rights.{flag}"))
        self.assertAlmostEqual(confidence, field(article, "language.confidence"), places=6)
        row["language_confidence"] = confidence
        for column in JSON_COLUMNS:
            row[column] = JsonText(article.get(JSON_COLUMNS[column]))
        return row

    @unittest.skipUnless(platform.machine() == "x86_64", "Arrow is pinned for x86-64")
    def test_parquet_is_asked_by_duckdb(self):
        import duckdb
        path = self.exported("asked.parquet", "--read_mask=uid,publisher,keywords,publish_time")
        with duckdb.connect() as connection:
            count, published, keywords, headlines = connection.execute(
                "SELECT count(*), count(publish_time), sum(len(keywords)), count(headline) FROM read_parquet(?)",
                [str(path)]).fetchone()
            latest, = connection.execute("SELECT epoch_us(max(publish_time)) FROM read_parquet(?)", [str(path)]).fetchone()
        times = [time_of(field(a, "publish_time.time")) for a in self.articles.values() if field(a, "publish_time.time")]
        self.assertEqual((count, published, headlines), (len(self.articles), len(times), 0))
        self.assertEqual(keywords, sum(len(a.get("keywords", [])) for a in self.articles.values()))
        self.assertEqual(latest, round(max(times).timestamp() * 1e6))


if __name__ == "__main__":
    unittest.main(verbosity=2)
