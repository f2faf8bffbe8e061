"""HTTPS for real: HTTP/2, certificates that are wrong, and all of it through a proxy."""
import os
import shutil
import socket
import subprocess
import threading
import unittest

from local_run import BIN, LocalRun, snake_case, wait_until

# $server_protocol, as the server saw it.
CONFIG = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
  log_format line '$server_name $server_protocol $host $ssl_server_name $request_uri';
  access_log {folder}/access.log line;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  default_type text/html;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    server_name good.test;
    ssl_certificate {folder}/good.pem;
    ssl_certificate_key {folder}/good.key;
    location / {{ return 200 '<p>A page by HTTPS</p>'; }}
  }}
  server {{
    listen 127.0.0.1:{port} ssl http2;
    server_name other-name.test;
    ssl_certificate {folder}/good.pem;
    ssl_certificate_key {folder}/good.key;
    location / {{ return 200 'never seen'; }}
  }}
  server {{
    listen 127.0.0.1:{port} ssl http2;
    server_name unknown-authority.test;
    ssl_certificate {folder}/unknown.pem;
    ssl_certificate_key {folder}/unknown.key;
    location / {{ return 200 'never seen'; }}
  }}
  server {{
    listen 127.0.0.1:{port} ssl http2;
    server_name expired.test;
    ssl_certificate {folder}/expired.pem;
    ssl_certificate_key {folder}/expired.key;
    location / {{ return 200 'never seen'; }}
  }}
}}
"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)


def make_certificates(folder):
    """An authority, one it has signed for good.test, one for expired.test that ended a day ago, and one that signed itself."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    openssl("req", "-x509", *key, "-subj", "/CN=Authority", "-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    openssl("req", "-x509", *key, "-subj", "/CN=unknown-authority.test", "-addext", "subjectAltName=DNS:unknown-authority.test",
            "-keyout", folder / "unknown.key", "-out", folder / "unknown.pem")
    for name, days in (("good", 2), ("expired", -1)):
        openssl("req", *key[:-2], "-subj", f"/CN={name}.test", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr")
        (folder / f"{name}.ext").write_text(f"subjectAltName=DNS:{name}.test\n")
        openssl("x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial",
                "-days", days, "-extfile", folder / f"{name}.ext", "-out", folder / f"{name}.pem")


class TlsSite:
    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        folder.mkdir()
        make_certificates(folder)
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port, user=user))
        program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        self.process = subprocess.Popen([program, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")])
        wait_until(self._is_up, 20, "the start of nginx")

    def _is_up(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            return True
        except OSError:
            return False

    def url(self, host, path="/"):
        return f"https://{host}.test:{self.port}{path}"

    def requests(self):
        return (self.folder / "access.log").read_text().splitlines()

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)


class Proxy:
    """An HTTP proxy that tunnels; remembers what it was asked for. Plain requests it answers itself."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = self.listener.getsockname()[1]
        self.asked, self.closing = [], False
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
        try:
            with peer:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += peer.recv(65536) or b"\r\n\r\n"
                method, target = head.decode().split(" ")[:2]
                self.asked.append((method, target))
                if method == "CONNECT":
                    self._tunnel(peer, target)
                else:
                    peer.sendall(b"HTTP/1.1 200 x\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 21\r\n\r\n"
                                 b"<p>by the proxy</p>\r\n")
        except OSError:
            pass

    @staticmethod
    def _tunnel(peer, target):
        host, port = target.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=10) as upstream:
            upstream.settimeout(None)
            peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=Proxy._copy, args=(upstream, peer), daemon=True)
            back.start()
            Proxy._copy(peer, upstream)
            back.join()

    @staticmethod
    def _copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.closing = True
        socket.create_connection(self.listener.getsockname()).close()
        self.thread.join()
        self.listener.close()


class TlsTest(unittest.TestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.site = TlsSite(self.run_.folder / "site", self.run_.port["newsroom"])
        self.addCleanup(self.site.close)
        self.run_.start_broker()

    def start_fetcher(self, *flags):
        self.run_.start("fetcher", "--resolve=*.test=127.0.0.1,inside.example=10.0.0.1", "--allow_addresses=127.0.0.0/8", "--host_delay=0s",
                        f"--tls_ca_file={self.site.folder / 'ca.pem'}", *flags)
        wait_until(lambda: self.run_.log("fetcher").count("partition is read") >= 12, 30, "the reading of the frontier")

    def fetch(self, *urls):
        """How each ended: outcome and what it says of it."""
        self.run_.grpcurl("FetcherService", "SubmitUrls", "".join(f'{{"url": "{url}"}}' for url in urls))

        def ended(url):
            answer = self.run_.grpcurl("FetcherService", "GetUrlStatus", {"url": url}, check=False)
            status = snake_case(answer[0]) if isinstance(answer, list) else {}
            entry = status.get("entry", status.get("status", status))
            return (entry["last_outcome"], entry["last_reason"]) if entry.get("last_outcome") else None
        return {url: wait_until(lambda url=url: ended(url), 30, f"the fetch of {url}") for url in urls}

    def test_https_is_fetched_by_http_2_and_only_under_a_good_certificate(self):
        self.start_fetcher()
        good, *bad = (self.site.url(host) for host in ("good", "other-name", "unknown-authority", "expired"))
        ended = self.fetch(good, *bad)
        self.assertEqual(ended[good][0], "FETCH_OUTCOME_FETCHED", ended)
        for url in bad:
            self.assertEqual(ended[url][0], "FETCH_OUTCOME_FAILED", ended)
            self.assertIn("could not be secured", ended[url][1])
        self.assertIn("expired", ended[bad[-1]][1])
        wait_until(lambda: self.run_.metric("fetcher", "dateline_fetcher_fetches_total", outcome="failed", reason="tls") == 3, 10,
                   "the count of three failures")
        self.assertEqual(set(self.site.requests()), {"good.test HTTP/2.0 good.test good.test /robots.txt",
                                                     "good.test HTTP/2.0 good.test good.test /"})

    def test_a_proxy_gets_only_names_whose_addresses_are_allowed(self):
        proxy = Proxy()
        self.addCleanup(proxy.close)
        self.start_fetcher(f"--proxy=http://127.0.0.1:{proxy.port}")
        good, name = self.site.url("good", "/by-proxy"), self.site.url("other-name", "/by-proxy")
        plain, inside, secure_inside = "http://plain.test/a", "http://inside.example/", "https://inside.example/"
        ended = self.fetch(good, name, plain, inside, secure_inside)
        self.assertEqual((ended[good][0], ended[plain][0]), ("FETCH_OUTCOME_FETCHED", "FETCH_OUTCOME_FETCHED"), ended)
        self.assertEqual(ended[name][0], "FETCH_OUTCOME_FAILED", ended)
        self.assertEqual((ended[inside][0], ended[secure_inside][0]), ("FETCH_OUTCOME_REFUSED", "FETCH_OUTCOME_REFUSED"), ended)
        self.assertIn("good.test HTTP/2.0 good.test good.test /by-proxy", self.site.requests())
        # Tunnels lead to the address that was checked.
        self.assertEqual(set(proxy.asked), {("CONNECT", f"127.0.0.1:{self.site.port}"), ("GET", "http://plain.test/robots.txt"),
                                            ("GET", "http://plain.test/a")})

    def test_a_proxy_that_would_resolve_names_is_no_proxy(self):
        done = subprocess.run([str(BIN / "dateline-fetcher"), f"--kafka_brokers={self.run_.brokers}", "--proxy=socks5h://127.0.0.1:1080"],
                              capture_output=True, text=True, timeout=30)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("--proxy: \"socks5h://127.0.0.1:1080\" is a SOCKS proxy; give http://HOST:PORT", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
