"""dateline-explain's page in a browser: what it shows, and that a hostile page can do nothing in it."""
import html.parser
import http.server
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("DATELINE_BIN", ROOT / "build/release/bin"))
NEWSROOM = ROOT / "tests/data/newsroom"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"

# {{evil}} becomes the address of a server that must not hear of it again.
HOSTILE = """<!DOCTYPE html><html lang="en"><head>
<title>Quay reopens</title><script>document.title = "owned"</script>
<meta http-equiv="refresh" content="0; url={{evil}}/refresh">
<base href="{{evil}}/base/"><link rel="stylesheet" href="{{evil}}/style.css"><link rel="prefetch" href="{{evil}}/prefetch">
<style>@import url({{evil}}/import.css); body { background: url({{evil}}/background.png) }</style>
<script src="{{evil}}/script.js"></script>
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Quay reopens</title><script>document.title='owned'<\\/script>",
"author": {"@type": "Person", "name": "<img src={{evil}}/author.png onerror=document.title='owned'>", "url": "javascript:document.title='owned'"},
"image": "{{evil}}/lead.png"}</script>
</head><body onload="document.title='owned'">
<article class="&quot;><script>document.title='owned'</script>"><h1>Quay reopens</h1>
<p id="--&gt;&lt;/style&gt;&lt;script&gt;document.title='owned'&lt;/script&gt;">The quay opened again on Monday after a winter of repairs,
and the first boats came in on the morning tide. &lt;script&gt;document.title='owned'&lt;/script&gt; stands here as text.</p>
<p>The harbour master said that the work had taken three weeks longer than was planned, because the old piles were deeper than the
plans had shown, and that it had cost what was foreseen. &lt;img src={{evil}}/text.png onerror=document.title='owned'&gt;</p>
<img src="{{evil}}/inline.png" onerror="document.title='owned'" alt="&quot; onerror=&quot;document.title='owned'">
<svg onload="document.title='owned'"><use href="{{evil}}/use.svg#x"/></svg>
<iframe src="{{evil}}/frame" srcdoc="&lt;script&gt;top.document.title='owned'&lt;/script&gt;"></iframe>
<object data="{{evil}}/object"></object><embed src="{{evil}}/embed"><video poster="{{evil}}/poster.png" src="{{evil}}/video" autoplay></video>
<p>Fishing boats may use the quay from today, and the ferry follows in a week, the master said, when the new lights are in place.
<a href="javascript:document.title='owned'">Read on</a> <a href="{{evil}}/link" ping="{{evil}}/ping">or here</a>.</p>
</article><footer>Quay News, 2026</footer></body></html>"""


class Seen(html.parser.HTMLParser):
    """What stands in a page."""

    def __init__(self, text: str):
        super().__init__()
        self.kept = self.dropped = 0
        self.text_of: dict[str, str] = {}
        self.tags: set[str] = set()
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        classes = (attributes.get("class") or "").split()
        self.tags.add(tag)
        self.kept += tag == "div" and classes[:2] == ["b", "kept"]
        self.dropped += tag == "div" and classes[:2] == ["b", "dropped"]
        self._open = attributes.get("id") or tag

    def handle_endtag(self, tag):
        self._open = ""

    def handle_data(self, data):
        self.text_of[self._open] = self.text_of.get(self._open, "") + data


class Server(http.server.ThreadingHTTPServer):
    """Serves the hostile page at /page and remembers what was asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path != "/page":
            return self.send_error(404)
        body = HOSTILE.replace("{{evil}}", self.server.address).encode("utf-16")
        self.send_response(200)
        self.send_header("Content-Type", 'text/html; charset="UTF-16"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class ExplainTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dateline-explain-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def explain(self, *arguments: object, code: int = 0) -> subprocess.CompletedProcess:
        done = subprocess.run([BIN / "dateline-explain", *map(str, arguments)], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "no_proxy": "*", "NO_PROXY": "*"})
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def serve(self) -> Server:
        server = Server()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        return server

    def browse(self, page: str, *options: str) -> str:
        if CHROMIUM is None:
            self.skipTest("Chromium isn't installed: apt-get install chromium")
        file = self.folder / "page.html"
        file.write_text(page, encoding="utf-8")
        done = subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
             f"--user-data-dir={self.folder / 'profile'}", "--virtual-time-budget=3000", *options, file.as_uri()],
            capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr.decode(errors="replace")[-2000:])
        return done.stdout.decode("utf-8")

    def sample(self) -> str:
        file = self.folder / "ferry.html"
        text = (NEWSROOM / "news/2026/03/ferry-terminal-vote.html").read_text(encoding="utf-8")
        file.write_text(text.replace("{{base}}", "https://courier.example"), encoding="utf-8")
        return self.explain("--url=https://courier.example/ferry", file).stdout

    def test_shows_each_block_of_a_sample_page(self):
        dom = self.browse(self.sample(), "--dump-dom")
        seen = Seen(dom)
        self.assertGreater(seen.kept, 10)
        self.assertGreater(seen.dropped, 20)
        self.assertEqual(seen.text_of["kept-count"], str(seen.kept))
        self.assertEqual(seen.text_of["dropped-count"], str(seen.dropped))
        self.assertEqual(dom.count('<div class="block" id="b'), int(seen.text_of["body-count"]))
        self.assertIn("Larkmoor council backs £41m ferry terminal after six-hour debate", dom)
        self.assertIn("Imogen Tarrant", dom)
        self.assertIn("<b>won</b> JSON-LD", dom)

    def test_draws_a_picture(self):
        self.browse(self.sample(), f"--screenshot={self.folder / 'shot.png'}", "--window-size=1360,1000")
        self.assertTrue((self.folder / "shot.png").read_bytes().startswith(PNG_MAGIC))

    def test_a_hostile_page_runs_nothing_and_loads_nothing(self):
        server = self.serve()
        page = self.explain(server.address + "/page").stdout
        self.assertEqual(server.asked, ["/page"])
        dom = self.browse(page, "--dump-dom")
        seen = Seen(dom)
        self.assertEqual(server.asked, ["/page"])
        self.assertEqual(seen.text_of["title"], f"How dateline reads {server.address}/page")
        self.assertFalse(seen.tags & {"script", "img", "iframe", "object", "embed", "svg", "link", "base", "video", "form"}, seen.tags)
        self.assertGreaterEqual(seen.kept, 3)
        self.assertEqual(seen.text_of["kept-count"], str(seen.kept))
        self.assertEqual(seen.text_of["dropped-count"], str(seen.dropped))
        self.assertNotIn('href="javascript', dom)
        self.assertIn("HTTP 200", dom)

    def test_the_hostile_page_itself_would_be_noticed(self):
        server = self.serve()
        page = HOSTILE.replace("{{evil}}", server.address)
        # The refresh would lead the browser away before the rest shows.
        lines = [line for line in page.splitlines() if 'http-equiv="refresh"' not in line]
        dom = self.browse("\n".join(lines), "--dump-dom")
        self.assertEqual(Seen(dom).text_of["title"].strip(), "owned")
        self.assertIn("/script.js", server.asked)

    def test_a_page_without_article_says_why(self):
        file = self.folder / "list.html"
        file.write_text("<ul><li><a href=/1>First</a><li><a href=/2>Second</a></ul>")
        page = self.explain(file).stdout
        self.assertIn("No article: ", page)
        self.assertEqual(Seen(page).dropped, 2)

    def test_reads_plain_text_and_named_charsets(self):
        file = self.folder / "story.txt"
        sentence = "Die Fähre fährt wieder, sagte die Gesellschaft am Montag, und sie fährt zweimal am Tag über die Meerenge. "
        file.write_bytes("\n\n".join(["Die Fähre fährt wieder", sentence * 3, sentence * 2]).encode("cp1252"))
        page = self.explain("--charset=windows-1252", file).stdout
        self.assertIn("Die Fähre fährt wieder", page)
        self.assertNotIn("\ufffd", page)
        self.assertGreaterEqual(Seen(page).kept, 2)

    def test_a_large_page_is_shown_in_bounded_time(self):
        file = self.folder / "large.html"
        text = "<p>The council voted on the harbour's new lights, and the ferry sails on Monday, as it has for years.</p>"
        file.write_text("<html><body><article><h1>Harbour lights</h1>" + text * (1_000_000 // len(text)) + "</article></body></html>")
        page = self.explain(file).stdout
        seen = Seen(page)
        self.assertLess(len(page), 25_000_000)
        self.assertEqual(int(seen.text_of["kept-count"]) + int(seen.text_of["dropped-count"]), seen.kept + seen.dropped)

    def test_names_what_is_wrong_in_one_line(self):
        for arguments in ([], ["a", "b"], [self.folder / "none.html"], ["file:///etc/passwd"], ["ftp://127.0.0.1/"],
                          ["http://127.0.0.1:1/"], ["--url=nothing", __file__]):
            with self.subTest(arguments):
                done = self.explain(*arguments, code=1)
                self.assertEqual(done.stdout, "")
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
