"""Three fetchers that share 200 hosts: politeness and one outcome a URL, through a rebalance and a kill -9."""
import asyncio
import collections
import json
import subprocess
import threading
import time
import unittest

from local_run import GRPCURL, LocalRun, ProtosTestCase, wait_until

HOSTS = 200
PAGES_PER_HOST = 24
DELAY = 0.4
CONCURRENCY = 32
# On the ports that these services have in a whole run.
FETCHERS = {"first": "fetcher", "second": "parser", "third": "store"}
# A dead member is missed, and its transaction ended, soon.
PROPERTIES = "session.timeout.ms=3000\nheartbeat.interval.ms=500\n"


class LoggingServer:
    """Answers every host, and logs when it was asked for what."""

    def __init__(self, port):
        self.port = port
        self.log = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run)
        self.started = threading.Event()
        self.thread.start()
        self.started.wait(10)

    def _run(self):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=1000))
        self.started.set()
        self.loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()

    async def _serve(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                begin = time.monotonic()
                path = head.split(" ", 2)[1]
                host = next(line[6:] for line in head.split("\r\n") if line.lower().startswith("host: "))
                self.log.append((host, path, begin))
                body = b"User-agent: *\nAllow: /\n" if path == "/robots.txt" else f"<html><p>{host}{path}</p></html>".encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/%s\r\nContent-Length: %d\r\n\r\n%s"
                             % (b"plain" if path == "/robots.txt" else b"html", len(body), body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


class PolitenessTest(ProtosTestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.run_.start_broker()
        self.server = LoggingServer(self.run_.port["newsroom"])
        self.addCleanup(self.server.close)
        self.properties = self.run_.folder / "kafka.properties"
        self.properties.write_text(PROPERTIES)

    def start(self, name):
        self.addCleanup(self.run_.stop, name)
        self.run_.start_replica(
            name, "fetcher", FETCHERS[name], f"--kafka_properties_file={self.properties}", f"--transactional_id=fetcher-{name}",
            "--resolve=*.test=127.0.0.1", "--allow_addresses=127.0.0.0/8", f"--host_delay={DELAY}s",
            f"--fetch_concurrency={CONCURRENCY}")

    def submit(self, urls):
        done = subprocess.run(
            [str(GRPCURL), "-plaintext", "-d", "@", f"127.0.0.1:{self.run_.port['first']}", "dateline.v1.FetcherService/SubmitUrls"],
            input="".join(json.dumps({"url": url}) for url in urls), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("SUBMIT_RESULT_ACCEPTED"), len(urls))

    def owned(self, name):
        """How many partitions it was given and read."""
        return self.run_.log(name).count("partition is read")

    def pages(self):
        from dateline.v1 import page_pb2
        return collections.Counter(page_pb2.RawPage.FromString(record.value()).requested_url for record in self.run_.read_committed("dateline.pages"))

    def outcomes(self):
        """How often each URL's entry was written to the frontier with an outcome, by URL and outcome."""
        from dateline.v1 import frontier_pb2
        counts = collections.Counter()
        for record in self.run_.read_committed("dateline.frontier"):
            if record.value() is None:
                continue
            entry = frontier_pb2.FrontierRecord.FromString(record.value())
            if entry.HasField("url"):
                counts[entry.url.url, entry.url.last_outcome, entry.url.revision] += 1
        return counts

    def await_requests(self, count):
        wait_until(lambda: len(self.server.log) >= count, 60, f"{count} requests")

    def hasty(self, changes):
        """Requests that came too soon after their host's last one, by host, and how many are forgiven: one of a host
        after each change of owners, since what the owner before had under way then, the next can't know of."""
        times, hasty = collections.defaultdict(list), collections.Counter()
        for host, _, begin in self.server.log:
            times[host].append(begin)
        forgiven = collections.Counter()
        for host, begins in times.items():
            for one, next_one in zip(begins, begins[1:]):
                if next_one - one >= DELAY - 0.002:
                    continue
                change = next((at for at in changes if at <= next_one <= at + 5), None)
                if change is None or forgiven[host, change]:
                    hasty[host] += 1
                forgiven[host, change] += 1
        return hasty, sum(forgiven.values())

    def test_holds_over_replicas_a_rebalance_and_a_kill(self):
        self.start("first")
        self.start("second")
        wait_until(lambda: self.owned("first") and self.owned("second"), 20, "the sharing out of the frontier")
        urls = [f"http://site{host}.test:{self.server.port}/{page}" for page in range(PAGES_PER_HOST) for host in range(HOSTS)]
        self.submit(urls)
        self.await_requests(len(urls) // 5)
        joined = time.monotonic()
        self.start("third")
        wait_until(lambda: self.owned("third"), 20, "a partition of the third fetcher")
        self.await_requests(len(urls) // 2)
        killed = time.monotonic()
        self.run_.kill("second")
        missing_at_kill = len(urls) - sum(self.pages().values())
        wait_until(lambda: sum(self.pages().values()) >= len(urls), 60, f"{len(urls)} pages")
        self.assertGreater(missing_at_kill, 0, "the fetcher was killed too late to show anything")
        # A host's URLs are asked for in the order in which they became due: one to be fetched twice comes before these.
        last = [f"http://site{host}.test:{self.server.port}/last" for host in range(HOSTS)]
        self.submit(last)
        urls += last
        wait_until(lambda: sum(self.pages().values()) >= len(urls), 60, f"{len(urls)} pages")
        self.run_.stop("first")
        self.run_.stop("third")
        self.assertEqual(self.pages(), collections.Counter(urls))
        self.assertEqual(self.outcomes(), collections.Counter((url, 1, 1) for url in urls))
        hasty, forgiven = self.hasty([joined, killed])
        self.assertEqual(hasty, {})
        # No more than could be under way: of two fetchers when the third joined, of one when it was killed.
        self.assertLessEqual(forgiven, 3 * CONCURRENCY)
        self.assertEqual(len({host for host, _, _ in self.server.log}), HOSTS)
        print(f"{len(urls)} pages of {HOSTS} hosts, {missing_at_kill} of them missing at the kill; "
              f"{len(self.server.log)} requests, {forgiven} forgiven after a change of owners")


if __name__ == "__main__":
    unittest.main(verbosity=2)
