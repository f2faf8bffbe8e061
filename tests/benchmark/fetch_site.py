"""A loopback web server of many hosts: nginx, with pages made for the purpose."""
import gzip
import os
import random
import shutil
import subprocess
import urllib.request
from pathlib import Path

# Hosts whose numbers end alike have the same pages.
BUCKETS = 20
# nginx takes all there is to take of one core.
CONFIG = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  types {{ text/html html; text/plain txt; }}
  charset utf-8;
  sendfile on;
  gzip_static on;
  tcp_nopush on;
  keepalive_timeout 300;
  keepalive_requests 1000000;
  open_file_cache max=10000 inactive=600s;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    server_name ~^h\\d*(?<bucket>\\d\\d)\\.test$;
    root {folder}/$bucket;
    location = /robots.txt {{ root {folder}; }}
  }}
}}
"""


class Missing(Exception):
    """What a measurement needs and isn't there."""


def host_name(number):
    return f"h{number // BUCKETS}{number % BUCKETS:02d}.test"


def page(words, number, size):
    """HTML of about `size` bytes, most of it the markup around the text."""
    title = " ".join(words.choices(WORDS, k=8)).capitalize()
    parts = [f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} | {number}</title>"
             f'<meta property="og:title" content="{title}"></head><body><article><h1>{title}</h1>']
    length = len(parts[0])
    while length < size:
        text = " ".join(words.choices(WORDS, k=40)).capitalize()
        parts.append(f"<p>{text}.</p>\n" + "".join(TEASER.format(
            number=words.randrange(10**5), name="-".join(words.choices(WORDS, k=3))) for _ in range(2)))
        length += len(parts[-1])
    return "".join([*parts, "</article></body></html>"])


# Pages are to be packed about as well as real ones, by five times.
TEASER = """<div class="teaser teaser--standard teaser--with-image js-teaser"><a class="teaser__link"
 href="/news/2026/{number}/{name}" data-tracking-component="teaser" data-tracking-position="{number}">
<img class="teaser__image lazyload" src="/static/placeholder.gif" data-src="/media/{number}/{name}.jpg?width=480&amp;quality=80"
 width="480" height="270" alt=""></a><span class="teaser__label">More on this story</span></div>
"""


def _words(count):
    letters = random.Random(1)
    return ["".join(letters.choices("etaoinshrdlucmfwyp", k=letters.randrange(2, 11))) for _ in range(count)]


WORDS = _words(2000)


class FetchSite:
    def __init__(self, folder, port, pages_per_host, page_bytes, compressed):
        program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            raise Missing("nginx is not installed; deploy/local/install --tests does")
        folder = Path(folder)
        self.port = port
        words = random.Random(2)
        for bucket in range(BUCKETS):
            (folder / f"{bucket:02d}").mkdir(parents=True)
            for number in range(pages_per_host):
                path, text = folder / f"{bucket:02d}/{number}.html", page(words, number, page_bytes)
                path.write_text(text)
                if compressed:
                    path.with_suffix(".html.gz").write_bytes(gzip.compress(text.encode(), 6))
        (folder / "robots.txt").write_text("User-agent: *\nDisallow: /private/\n")
        user = "user root;" if os.geteuid() == 0 else ""
        config = folder / "nginx.conf"
        config.write_text(CONFIG.format(folder=folder, port=port, user=user))
        self.process = subprocess.Popen([program, "-e", str(folder / "error.log"), "-c", str(config)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def is_up(self):
        if self.process.poll() is not None:
            raise Missing("nginx did not start")
        request = urllib.request.Request(f"http://{self.address}/0.html", headers={"Host": "h000.test"})
        try:
            return urllib.request.urlopen(request, timeout=5).status == 200
        except OSError:
            return False

    def urls(self, hosts, pages_per_host, mark):
        """Every page of every host once, hosts taking turns; `mark` makes them other URLs."""
        return [f"http://{host_name(host)}:{self.port}/{number}.html?{mark}"
                for number in range(pages_per_host) for host in range(hosts)]

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)
