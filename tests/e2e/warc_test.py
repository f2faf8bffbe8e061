"""Archives out and in: what was fetched is archived, reads with others' readers, and imports exactly once."""
import collections
import io
import json
import random
import subprocess
import unittest
import warnings

from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from local_run import GRPCURL, ROOT, LocalRun, ProtosTestCase, parse_json_stream, wait_until

TOOLS = ROOT / "build/deps/venv/bin"
RECORDS = 20_000
# Of an article, what tells the way it came. Times in archives are to the millisecond, as `version` is.
OF_THE_WAY = ("provenance", "parse_time", "fetch_time")


def responses(path):
    """The URLs of a file's response records, by FastWARC, with their digests verified."""
    urls = []
    for record in ArchiveIterator(str(path), parse_http=False):
        if record.record_type != WarcRecordType.response:
            continue
        assert record.verify_block_digest(), f"{path}: {record.record_id}"
        urls.append(record.headers["WARC-Target-URI"])
    return urls


def write_archive(path, count):
    """A gzip WARC of `count` responses, each with its request, and one damaged record in the middle."""
    generator = random.Random(1)
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        info = writer.create_warcinfo_record(path.name, {"software": "warcio"})
        writer.write_record(info)
        for number in range(count):
            url = f"http://news.example/{number}"
            body = f"<html><body><p>Report {number} {generator.randbytes(1000).hex()}</p></body></html>".encode()
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            response = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http)
            request = writer.create_warc_record(
                url, "request", payload=io.BytesIO(b""), http_headers=StatusAndHeaders("GET / HTTP/1.1", [], is_http_request=True))
            writer.write_request_response_pair(request, response)
            if number == count // 2:
                end = file.tell()
                writer.write_record(writer.create_warc_record(
                    url + "/damaged", "response", payload=io.BytesIO(body), http_headers=http))
                file.seek((end + file.tell()) // 2)
                file.write(b"damage")
                file.seek(0, io.SEEK_END)


class WarcTest(ProtosTestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)

    def articles(self, run):
        answer, = run.grpcurl("ArticleStoreService", "ListArticles", {"page_size": 1000})
        return {article["requested_url"]: {key: value for key, value in article.items() if key not in OF_THE_WAY}
                for article in answer.get("articles", [])}

    def start_fetcher(self, archive):
        self.run_.start("fetcher", "--transactional_id=fetcher-1", "--allow_addresses=127.0.0.0/8",
                        f"--warc_dir={archive}", "--warc_max_bytes=8000")

    def fetch_newsroom(self, archive):
        """Everything the sample newsroom's feed names; returns how many pages that is."""
        self.run_.start_broker()
        self.start_fetcher(archive)
        self.run_.start("parser", "--transactional_id=parser-1")
        self.run_.start("store", f"--database={self.run_.state / 'store.db'}")
        server = subprocess.Popen(["python3", str(ROOT / "tests/support/newsroom_server.py"), "--port",
                                   str(self.run_.port["newsroom"])], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        self.addCleanup(server.stdout.close)
        site = server.stdout.readline().split()[-1]
        pages = (ROOT / "tests/data/newsroom/feed.xml").read_text(encoding="utf-8").count("<item>")
        source = {"source": {"kind": "SOURCE_KIND_FEED", "url": f"{site}/feed.xml"}}
        wait_until(lambda: isinstance(self.run_.grpcurl("FetcherService", "CreateSource", source, check=False), list),
                   30, "the taking of the feed")
        wait_until(lambda: len(self.articles(self.run_)) >= pages, 60, f"the arrival of {pages} articles")
        return pages

    def test_what_was_fetched_is_archived_and_imports_as_the_same_articles(self):
        archive = self.run_.folder / "archive"
        archive.mkdir()
        pages = self.fetch_newsroom(archive)
        wait_until(lambda: self.run_.metric("fetcher", "dateline_fetcher_archived_pages_total") >= pages, 20,
                   "the archiving of all pages")
        self.run_.kill("fetcher")
        left_open = list(archive.glob("*.warc.gz.open"))
        self.assertEqual(len(left_open), 1)
        self.assertGreater(len(responses(left_open[0])), 0, "a crash must leave a readable file")
        self.start_fetcher(archive)
        wait_until(lambda: not list(archive.glob("*.open")), 20, "the taking up of the file left open")

        files = sorted(archive.iterdir())
        self.assertGreater(len(files), 2)
        for file in files:
            for check in (["warcio", "check", "-v"], ["fastwarc", "check", "--quiet", "--verify-payloads"]):
                done = subprocess.run([str(TOOLS / check[0]), *check[1:], str(file)], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        archived = [url for file in files for url in responses(file)]
        before = self.articles(self.run_)
        self.assertEqual(sorted(archived), sorted(before), "each page once")

        other = LocalRun()
        self.addCleanup(other.close)
        for file in files:
            self.assertIn("pages parsed", other.up("--warc", str(file)).stdout)
        again = other.up("--warc", str(files[0])).stdout
        self.assertIn("it was imported before", again)
        self.assertIn('"headline":', again)
        wait_until(lambda: len(self.articles(other)) >= pages, 30, f"the arrival of {pages} articles")
        imported = self.articles(other)
        self.assertEqual(imported.keys(), before.keys())
        for url, article in before.items():
            self.assertEqual(imported[url], article, url)
        for case, path in {"no file": "/none", "no WARC file": str(ROOT / "README.md")}.items():
            refused = other.up("--warc", path, check=False)
            self.assertEqual(refused.returncode, 1)
            self.assertIn(case, refused.stderr)
            self.assertEqual(len(refused.stderr.splitlines()), 1, refused.stderr)
        print(f"{len(files)} files of {pages} pages: read by warcio and FastWARC, imported as the same articles")

    def start_replica(self, name, ports, folder):
        self.addCleanup(self.run_.stop, name)
        self.run_.start_replica(name, "fetcher", ports, f"--transactional_id={name}", f"--warc_import_dir={folder}")

    def begin_import(self, replica, path):
        call = subprocess.Popen(
            [str(GRPCURL), "-plaintext", "-d", json.dumps({"path": path}), f"127.0.0.1:{self.run_.port[replica]}",
             "dateline.v1.FetcherService/ImportWarc"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(call.wait)
        self.addCleanup(call.kill)
        return call

    def await_imported(self, replica, pages):
        # Often, so that there is something left to import.
        wait_until(lambda: self.run_.metric(replica, "dateline_fetcher_imported_records_total", result="page") >= pages,
                   60, f"the import of {pages} pages by {replica}", pause=0.02)

    def committed_pages(self):
        """How often each WARC record is on pages.backfill, for consumers of committed records."""
        from dateline.v1 import page_pb2
        counts = collections.Counter()
        for record in self.run_.read_committed("dateline.pages.backfill"):
            page = page_pb2.RawPage.FromString(record.value())
            counts[page.url] += 1
            self.assertEqual(page.warc.file, "big.warc.gz")
        return counts

    def test_each_record_is_imported_once_when_replicas_contend_and_are_killed(self):
        folder = self.run_.folder / "import"
        folder.mkdir()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # warcio leaves its buffers open
            write_archive(folder / "big.warc.gz", RECORDS)
        self.run_.start_broker()
        self.start_replica("first", "fetcher", folder)
        self.start_replica("second", "parser", folder)

        older = self.begin_import("first", "big.warc.gz")
        self.await_imported("first", 1)
        newer = self.begin_import("second", "big.warc.gz")
        _, error = older.communicate(timeout=60)
        self.assertIn("Code: Aborted", error)
        self.assertIn("taken over", error)
        self.await_imported("second", 1)
        self.run_.kill("second")
        newer.communicate(timeout=60)
        cut_off = sum(self.committed_pages().values())
        self.assertLess(cut_off, RECORDS, "the fetcher was killed too late to show anything")

        answers = parse_json_stream(self.begin_import("first", "big.warc.gz").communicate(timeout=120)[0])
        self.assertEqual(answers[-1]["state"], "IMPORT_STATE_FINISHED")
        self.assertGreater(int(answers[-1]["resumed_at"]), 0)
        self.assertEqual(int(answers[-1]["pages"]), RECORDS)
        self.assertEqual(answers[-1]["skipped"],
                         {"type_warcinfo": "1", "type_request": str(RECORDS), "corrupt_compression": "1"})
        expected = collections.Counter(f"http://news.example/{number}" for number in range(RECORDS))
        self.assertEqual(self.committed_pages(), expected)
        answers = parse_json_stream(self.begin_import("first", "big.warc.gz").communicate(timeout=120)[0])
        self.assertEqual([answer["state"] for answer in answers], ["IMPORT_STATE_ALREADY_FINISHED"])
        self.assertEqual(self.committed_pages(), expected)
        print(f"one import taken over, then killed after {cut_off} of {RECORDS} pages; in the end each page once")


if __name__ == "__main__":
    unittest.main(verbosity=2)
