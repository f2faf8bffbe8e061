"""A server of ill will: each answer ends with its reason in its time, and a good host is fetched meanwhile."""
import gzip
import json
import socket
import struct
import subprocess
import threading
import time
import unittest
import zlib
from pathlib import Path

from local_run import GRPCURL, LocalRun, wait_until

STALL = 2
TOTAL = 8
GOOD_PAGES = 150
HTML = b"Content-Type: text/html\r\n"
# 100 MB in 100 kB.
BOMB = zlib.compress(b"x" * 100_000_000, 9)
LAUGHS = b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'haha'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)) + b"]><rss><channel><title>&j;</title></channel></rss>"


class Connection:
    def __init__(self, peer):
        self.peer = peer

    def send(self, data):
        self.peer.sendall(data)

    def answer(self, headers, body, status=200):
        self.send(b"HTTP/1.1 %d x\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), headers, body))

    def redirect(self, target):
        self.answer(b"Location: %s\r\n" % target, b"", 302)

    def send_endlessly(self, data, pause=0.0):
        while True:  # until the other side closes
            self.send(data)
            time.sleep(pause)


def endless_body(connection):
    connection.send(b"HTTP/1.1 200 x\r\n" + HTML + b"\r\n")
    connection.send_endlessly(b"x" * 65536)


def byte_a_second(connection):
    connection.send(b"HTTP/1.1 200 x\r\n" + HTML + b"Content-Length: 1000\r\n\r\n")
    connection.send_endlessly(b"x", 1.0)


def drip_over_the_limit(connection):
    """Never slow enough to be a stall."""
    connection.send(b"HTTP/1.1 200 x\r\n" + HTML + b"\r\n")
    connection.send_endlessly(b"x" * 100, 0.2)


def ten_megabytes_of_headers(connection):
    connection.send(b"HTTP/1.1 200 x\r\n")
    for number in range(10_000):
        connection.send(b"X-%d: %s\r\n" % (number, b"y" * 1000))
    connection.send(b"\r\n")


def huge_robots(connection):
    connection.send(b"HTTP/1.1 200 x\r\nContent-Type: text/plain\r\nContent-Length: 1000000000\r\n\r\nUser-agent: *\nDisallow: /private\n")
    connection.send_endlessly(b"# nothing but a comment\n" * 1000)


def reset(connection):
    connection.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def coded(coding, data):
    return lambda connection: connection.answer(HTML + b"Content-Encoding: %s\r\n" % coding, data)


# By host: what it answers pages, and the outcome and reasons that are to follow.
FAILED, REFUSED, SKIPPED = "FETCH_OUTCOME_FAILED", "FETCH_OUTCOME_REFUSED", "FETCH_OUTCOME_SKIPPED"
ILL_WILL = {
    "loop": (lambda c: c.redirect(b"/page"), SKIPPED, "too_many_redirects"),
    "endless": (endless_body, REFUSED, "too_large"),
    "dripping": (byte_a_second, FAILED, "stalled"),
    "slow": (drip_over_the_limit, FAILED, "timeout"),
    "silent": (lambda c: c.peer.recv(1), FAILED, "timeout stalled"),
    "gzip-bomb": (coded(b"gzip", gzip.compress(b"x" * 100_000_000, 9)), REFUSED, "too_large"),
    "deflate-bomb": (coded(b"deflate", BOMB), REFUSED, "too_large"),
    "nested-bomb": (coded(b"gzip, gzip", gzip.compress(gzip.compress(b"x" * 100_000_000, 9))), REFUSED, "too_large"),
    "broken-gzip": (coded(b"gzip", b"no gzip at all"), FAILED, "encoding"),
    "broken-brotli": (coded(b"br", b"\xff" * 100), FAILED, "encoding"),
    "broken-zstd": (coded(b"zstd", b"no zstd at all"), FAILED, "encoding"),
    "headers": (ten_megabytes_of_headers, REFUSED, "headers_too_large"),
    "closes": (lambda c: None, FAILED, "protocol"),
    "resets": (reset, FAILED, "protocol"),
    "picture": (lambda c: c.answer(b"Content-Type: image/png\r\n", b"<html>"), REFUSED, "media_type"),
    "lies": (lambda c: c.answer(HTML, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(100)), REFUSED, "media_type"),
    "cut": (lambda c: c.send(b"HTTP/1.1 200 x\r\n" + HTML + b"Content-Length: 100\r\n\r\nhalf"), FAILED, "protocol"),
    "not-http": (lambda c: c.send(b"SSH-2.0-OpenSSH_9.2\r\n"), FAILED, "protocol"),
    "file": (lambda c: c.redirect(b"file:///etc/passwd"), SKIPPED, "bad_redirect"),
    "secret": (lambda c: c.redirect(b"http://me:secret@metadata.test/"), SKIPPED, "bad_redirect"),
    # Their targets are refused in their turn.
    "metadata": (lambda c: c.redirect(b"http://169.254.169.254/latest"), SKIPPED, "other_host"),
    "mapped": (lambda c: c.redirect(b"http://[::ffff:10.0.0.1]/"), SKIPPED, "other_host"),
    # A robots.txt of 1 GB is read as far as its first 500 KiB, which allow the page.
    "robots": (lambda c: c.answer(HTML, b"<p>behind a large robots.txt</p>"), "FETCH_OUTCOME_FETCHED", "ok"),
}
TARGETS = {"http://169.254.169.254/latest": "address no_contact", "http://[::ffff:a00:1]/": "address no_contact",
           "http://inside.example/": "address no_contact"}


class IllWillServer:
    def __init__(self, port):
        self.listener = socket.create_server(("127.0.0.1", port), backlog=200)
        self.closing = False
        self.thread = threading.Thread(target=self._accept)
        self.thread.start()

    def _accept(self):
        while True:
            peer, _ = self.listener.accept()
            if self.closing:
                peer.close()
                return
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer):
        with peer:
            try:
                peer.settimeout(60)
                head = b""
                while b"\r\n\r\n" not in head:
                    head += peer.recv(65536) or b"\r\n\r\n"
                if not head.startswith(b"GET"):
                    return
                path = head.split(b" ", 2)[1].decode()
                host = next(line[6:] for line in head.decode().split("\r\n") if line.lower().startswith("host: ")).split(".")[0]
                self.answer(Connection(peer), host, path)
            except OSError:
                pass

    @staticmethod
    def answer(connection, host, path):
        if path == "/robots.txt" and host == "robots":
            huge_robots(connection)
        elif path == "/robots.txt":
            connection.answer(HTML, b"", 404)
        elif host == "laughs":
            connection.answer(b"Content-Type: application/rss+xml\r\n", LAUGHS)
        elif host == "good":
            connection.answer(HTML, b"<p>%s</p>" % path.encode())
        else:
            ILL_WILL[host][0](connection)

    def close(self):
        self.closing = True
        socket.create_connection(self.listener.getsockname()).close()
        self.thread.join()
        self.listener.close()


class IllWillTest(unittest.TestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.port = self.run_.port["newsroom"]
        self.server = IllWillServer(self.port)
        self.addCleanup(self.server.close)
        self.run_.start_broker()
        self.run_.start(
            "fetcher", "--resolve=*.test=127.0.0.1,inside.example=10.0.0.1", "--allow_addresses=127.0.0.0/8", "--host_delay=0.05s",
            f"--stall_timeout={STALL}s", f"--fetch_timeout={TOTAL}s", "--connect_timeout=2s")
        wait_until(lambda: self.run_.log("fetcher").count("partition is read") >= 12, 30, "the reading of the frontier")

    def watch(self):
        """Every outcome from now on: its event by URL, and when it was told."""
        watcher = subprocess.Popen(
            [str(GRPCURL), "-plaintext", "-v", "-d", "{}", f"127.0.0.1:{self.run_.port['fetcher']}", "dateline.v1.FetcherService/WatchFetches"],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(watcher.wait)
        self.addCleanup(watcher.stdout.close)
        self.addCleanup(watcher.terminate)
        begun, events = threading.Event(), {}

        def read():
            lines = []
            for line in watcher.stdout:
                if line.startswith("Response headers received"):
                    begun.set()
                if line.rstrip() == "{":
                    lines = []
                lines.append(line)
                if line.rstrip() == "}":
                    event = json.loads("".join(lines))["event"]
                    events.setdefault(event["url"], []).append((time.monotonic(), event))
        threading.Thread(target=read, daemon=True).start()
        self.assertTrue(begun.wait(20))
        return events

    def peak_rss_mb(self):
        status = Path(f"/proc/{self.run_.pid('fetcher')}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024

    def test_each_ends_with_its_reason_and_others_do_not_notice(self):
        page = {host: f"http://{host}.test:{self.port}/page" for host in ILL_WILL}
        good = [f"http://good.test:{self.port}/{number}" for number in range(GOOD_PAGES)]
        events = self.watch()
        begin = time.monotonic()
        self.run_.grpcurl("FetcherService", "CreateSource", {"source": {
            "url": f"http://laughs.test:{self.port}/feed", "kind": "SOURCE_KIND_FEED"}})
        self.run_.grpcurl("FetcherService", "SubmitUrls", "".join(
            json.dumps({"url": url}) for url in [*page.values(), "http://inside.example/", *good]))
        feed = f"http://laughs.test:{self.port}/feed"
        wanted = [*page.values(), *good, *TARGETS, feed]
        try:
            wait_until(lambda: all(url in events for url in wanted), 60, "the end of every fetch")
        except AssertionError:
            self.fail(f"without an end: {[url for url in wanted if url not in events]}; ended: {sorted(events)[:60]}")
        for host, (_, outcome, reasons) in ILL_WILL.items():
            with self.subTest(host):
                at, event = events[page[host]][0]
                self.assertEqual(event["outcome"], outcome, event)
                self.assertIn(event.get("reasonCode", event.get("reason_code")), reasons.split(), event)
                self.assertLess(at - begin, TOTAL + 6, event)
        for url, reasons in TARGETS.items():
            with self.subTest(url):
                event = events[url][0][1]
                self.assertEqual(event["outcome"], REFUSED, event)
                self.assertIn(event.get("reasonCode", event.get("reason_code")), reasons.split(), event)
        event = events[feed][0][1]
        # Read without its entities, which are nothing then.
        self.assertEqual((event["outcome"], event.get("reasonCode", event.get("reason_code"))), ("FETCH_OUTCOME_FETCHED", "source_read"), event)
        self.assertLess(self.peak_rss_mb(), 300)
        # The good host at its own pace, as if it were alone: 50 ms and an answer each.
        self.assertEqual({events[url][0][1]["outcome"] for url in good}, {"FETCH_OUTCOME_FETCHED"})
        last_good = max(events[url][0][0] for url in good) - begin
        self.assertLess(last_good, GOOD_PAGES * 0.05 * 1.5 + 5)
        print(f"{len(ILL_WILL)} kinds of ill will; {GOOD_PAGES} good pages within {last_good:.1f} s, {GOOD_PAGES * 0.05:.1f} s of it delays")


if __name__ == "__main__":
    unittest.main(verbosity=2)
