#!/usr/bin/env python3
"""Serves the sample newsroom, faults to test with, and generated articles.

Needs Python 3.11 and nothing else. The first line on standard output is
"listening on http://HOST:PORT"; SIGTERM or SIGINT stops the server. In the
files it serves, {{base}} stands for the server's own address as the client
names it in the Host header. HTML goes by gzip to clients that take it.

  /                        tests/data/newsroom, without expected/ and README.md
  /images/NAME             always the same small PNG
  /generated/N             an article made from the number N
  /generated/feed?from=A&count=K   an RSS feed of K of them, from A on
  /fault/NNN               that HTTP status (400 to 599); 429 and 503 ask to retry in 1 s
  /fault/empty             200 without a body
  /fault/binary            200 with a PNG
  /fault/huge              50 MB of HTML, chunked
  /fault/slow?seconds=S    an article after S seconds (5; at most 300)
  /fault/stall             headers and the start of a page, then silence
  /fault/redirect-loop     two URLs that redirect to one another
"""

import argparse
import gzip
import hashlib
import http.server
import mimetypes
import pathlib
import re
import signal
import socketserver
import sys
import threading
import time
import urllib.parse
import zlib
from email.utils import formatdate, parsedate_to_datetime

from newsroom_generator import GENERATED_TIME, MAX_NUMBER, generated_feed, generated_page

DEFAULT_ROOT = pathlib.Path(__file__).resolve().parent.parent / "data" / "newsroom"
HIDDEN = ("expected", "README.md")
HUGE_BYTES = 50 * 1000 * 1000
MAX_FEED_ITEMS = 50_000
HTML = "text/html; charset=utf-8"
CONTENT_TYPES = {
    ".txt": "text/plain; charset=utf-8",
    "feed.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    ".xml": "application/xml",
}


def _png() -> bytes:
    """One grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = (1).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(b"\x00\x80")) + chunk(b"IEND", b""))


PNG = _png()


class StaticFiles:
    """The files below a folder, read again when they change on disk."""

    def __init__(self, root: pathlib.Path):
        self._root = root.resolve()
        self._cache = {}

    def find(self, url_path: str) -> pathlib.Path | None:
        """The file for a URL path: itself, with .html, or its index.html."""
        relative = urllib.parse.unquote(url_path).strip("/")
        path = (self._root / relative).resolve()
        if not path.is_relative_to(self._root):
            return None
        if path.relative_to(self._root).parts[:1] in [(name,) for name in HIDDEN]:
            return None
        for candidate in (path, path.with_name(path.name + ".html"), path / "index.html"):
            if candidate.is_file() and not candidate.name.startswith("."):
                return candidate
        return None

    def read(self, path: pathlib.Path, base: str) -> tuple[bytes, str, float]:
        """Content with {{base}} filled in, content type, and time of change."""
        changed = path.stat().st_mtime
        key = (path, base)
        if key not in self._cache or self._cache[key][2] != changed:
            if len(self._cache) > 1000:
                self._cache.clear()
            raw = path.read_bytes()
            body = raw.replace(b"{{base}}", base.encode())
            self._cache[key] = (body, content_type(path, raw), changed)
        return self._cache[key]


def content_type(path: pathlib.Path, raw: bytes) -> str:
    """Says utf-8 of pages that are; of others only their own meta says what."""
    if path.suffix in (".html", ".shtml"):
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            return "text/html"
        return HTML
    known = CONTENT_TYPES.get(path.name) or CONTENT_TYPES.get(path.suffix)
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one connection; GET and HEAD."""

    protocol_version = "HTTP/1.1"
    server_version = "Newsroom/1.0"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # So that an answer leaves in one piece.
    timeout = 60

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        self.query = urllib.parse.parse_qs(url.query)
        kind, _, rest = url.path.lstrip("/").partition("/")
        if kind == "fault" and rest:
            self._fault(rest)
        elif kind == "generated" and rest:
            self._generated(rest)
        elif kind == "images" and rest:
            self._send(200, PNG, "image/png")
        else:
            self._static(url.path)

    do_HEAD = do_GET

    def _base(self) -> str:
        host = self.headers.get("Host", "")
        if not re.fullmatch(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?", host):
            host = "%s:%d" % self.server.server_address[:2]
        return "http://" + host

    def _static(self, path: str):
        found = self.server.files.find(path)
        if found is None:
            return self._error(404)
        self._send(200, *self.server.files.read(found, self._base()))

    def _generated(self, rest: str):
        if rest == "feed":
            first = self._number("from", 0, 0, MAX_NUMBER - 1)
            count = self._number("count", 100, 0, min(MAX_FEED_ITEMS, MAX_NUMBER - first))
            body = generated_feed(first, count, self._base())
            return self._send(200, body, CONTENT_TYPES["feed.xml"], GENERATED_TIME)
        if not re.fullmatch(r"[0-9]{1,7}", rest):
            return self._error(404)
        self._send(200, generated_page(int(rest), self._base()), HTML, GENERATED_TIME)

    def _fault(self, rest: str):
        name = "status" if re.fullmatch(r"[45]\d\d", rest) else rest.replace("-", "_")
        fault = getattr(self, "_fault_" + name, None)
        if fault is None:
            return self._error(404)
        if name == "status":
            return fault(int(rest))
        fault()

    def _fault_status(self, status: int):
        headers = {"Retry-After": "1"} if status in (429, 503) else {}
        self._error(status, headers)

    def _fault_empty(self):
        self._send(200, b"", HTML)

    def _fault_binary(self):
        self._send(200, PNG, "image/png")

    def _fault_redirect_loop(self):
        target = "/fault/redirect-loop" if "back" in self.query else "/fault/redirect-loop?back=1"
        self._send(302, b"", HTML, headers={"Location": target})

    def _fault_slow(self):
        if not self.server.stopping.wait(self._number("seconds", 5.0, 0, 300)):
            self._send(200, generated_page(0, self._base()), HTML)

    def _fault_stall(self):
        self.close_connection = True
        page = generated_page(0, self._base())
        self._head(200, HTML, {"Content-Length": str(len(page))})
        if self.command != "HEAD":
            self.wfile.write(page[: len(page) // 2])
            self.wfile.flush()
            self.server.stopping.wait(300)

    def _fault_huge(self):
        self.close_connection = True
        self._head(200, HTML, {"Transfer-Encoding": "chunked", "Connection": "close"})
        if self.command == "HEAD":
            return
        self._chunk(b"<!DOCTYPE html><html><head><title>Huge</title></head><body>\n")
        block = b"<p>This paragraph goes on and on, and so does the page.</p>\n" * 1000
        for _ in range(HUGE_BYTES // len(block) + 1):
            self._chunk(block)
        self._chunk(b"</body></html>\n")
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, data: bytes):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _number(self, name: str, default: float, low: float, high: float):
        try:
            value = type(default)(self.query.get(name, [default])[0])
        except ValueError:
            value = default
        return min(max(value, low), high)

    def _error(self, status: int, headers: dict | None = None):
        phrase = self.responses.get(status, ("Error",))[0]
        body = f"<!DOCTYPE html><title>{status}</title><h1>{status} {phrase}</h1>\n".encode()
        self._send(status, body, HTML, headers=headers)

    def _unchanged(self, etag: str, changed: float) -> bool:
        """RFC 9110 §13.2.2: If-None-Match goes before If-Modified-Since."""
        wanted = self.headers.get("If-None-Match")
        if wanted is not None:
            tags = [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
            return etag in tags or "*" in tags
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
            return since.timestamp() >= int(changed)
        except (ValueError, TypeError):
            return False

    def _send(self, status: int, body: bytes, kind: str, changed: float | None = None,
              headers: dict | None = None):
        """Answers; with validators where `changed`, in epoch seconds, is given."""
        headers = dict(headers or {})
        if changed is not None:
            etag = '"' + hashlib.sha256(body).hexdigest()[:20] + '"'
            headers |= {"ETag": etag, "Last-Modified": formatdate(changed, usegmt=True)}
            if self._unchanged(etag, changed):
                return self._head(304, kind, headers)
        if kind == HTML and body and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        headers["Content-Length"] = str(len(body))
        self._head(status, kind, headers)
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, kind: str, headers: dict):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, form, *args):
        if self.server.verbose:
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} {form % args}\n")


class NewsroomServer(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """One thread a connection; `stopping` ends the waits of the slow faults."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], root: pathlib.Path, verbose: bool = False):
        super().__init__(address, Handler)
        self.files = StaticFiles(root)
        self.verbose = verbose
        self.stopping = threading.Event()

    def server_bind(self):
        # HTTPServer looks up its own name here, which can take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request, client_address):
        # A client may hang up whenever it likes; anything else is a bug here.
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def stop(self, *_):
        """Ends serve_forever from any thread or signal handler."""
        self.stopping.set()
        threading.Thread(target=self.shutdown).start()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="127.0.0.1", help="default 127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="default 0: any free one")
    parser.add_argument("--root", type=pathlib.Path, default=DEFAULT_ROOT,
                        help="the folder to serve; default tests/data/newsroom")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    args = parser.parse_args()
    if not args.root.is_dir():
        print(f"newsroom_server: no folder {args.root}", file=sys.stderr)
        return 2
    try:
        server = NewsroomServer((args.address, args.port), args.root, args.verbose)
    except (OSError, OverflowError) as error:
        print(f"newsroom_server: {args.address}:{args.port}: {error}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, server.stop)
    signal.signal(signal.SIGINT, server.stop)
    print("listening on http://%s:%d" % server.server_address[:2], flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
