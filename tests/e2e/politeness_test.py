"""Three fetchers that share 200 hosts: politeness and one outcome a URL, through a rebalance and a kill -9."""
import asyncio
import collections
import json
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import confluent_kafka

from local_run import BIN, GRPCURL, LocalRun, generated_protos, wait_until

HOSTS = 200
PAGES_PER_HOST = 24
DELAY = 0.4
# gRPC and metrics, on ports that other services have in a whole run.
FETCHERS = {"first": ("fetcher", "fetcher_metrics"), "second": ("parser", "parser_metrics"), "third": ("store", "store_metrics")}
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


class PolitenessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        protos = tempfile.TemporaryDirectory()
        cls.addClassCleanup(protos.cleanup)
        generated_protos(protos.name)
        sys.path.insert(0, protos.name)

    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.run_.start_broker()
        self.server = LoggingServer(self.run_.port["newsroom"])
        self.addCleanup(self.server.close)
        self.properties = self.run_.folder / "kafka.properties"
        self.properties.write_text(PROPERTIES)
        self.run_.port |= {name: self.run_.port[port] for name, (port, _) in FETCHERS.items()}
        self.run_.port |= {name + "_metrics": self.run_.port[port] for name, (_, port) in FETCHERS.items()}

    def start(self, name):
        self.addCleanup(self.run_.stop, name)
        self.run_.shell(" ".join(f"'{part}'" for part in [
            "start_process", name, str(BIN / "dateline-fetcher"), f"--kafka_brokers={self.run_.brokers}",
            f"--listen=127.0.0.1:{self.run_.port[name]}", f"--metrics_listen=127.0.0.1:{self.run_.port[name + '_metrics']}",
            f"--kafka_properties_file={self.properties}", f"--transactional_id=fetcher-{name}",
            "--resolve=*.test=127.0.0.1", "--allow_addresses=127.0.0.0/8", f"--host_delay={DELAY}s"]))
        wait_until(lambda: "serving" in self.run_.log(name), 20, f"the start of {name}")

    def submit(self, urls):
        done = subprocess.run(
            [str(GRPCURL), "-plaintext", "-d", "@", f"127.0.0.1:{self.run_.port['first']}", "dateline.v1.FetcherService/SubmitUrls"],
            input="".join(json.dumps({"url": url}) for url in urls), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("SUBMIT_RESULT_ACCEPTED"), len(urls))

    def owned(self, name):
        """How many partitions it was given and read."""
        return self.run_.log(name).count("partition is read")

    def read_all(self, topic):
        """All committed records of a topic, up to its end, in each partition's order."""
        consumer = confluent_kafka.Consumer({
            "bootstrap.servers": self.run_.brokers, "group.id": f"reader-{time.time()}", "auto.offset.reset": "earliest",
            "isolation.level": "read_committed", "enable.partition.eof": True, "enable.auto.commit": False})
        partitions = consumer.list_topics(topic, timeout=20).topics[topic].partitions
        consumer.assign([confluent_kafka.TopicPartition(topic, p, 0) for p in partitions])
        records, ended = [], set()
        while len(ended) < len(partitions):
            message = consumer.poll(20)
            self.assertIsNotNone(message, "the broker does not answer")
            if message.error():
                ended.add(message.partition())
            else:
                records.append(message)
        consumer.close()
        return records

    def pages(self):
        from dateline.v1 import page_pb2
        return collections.Counter(page_pb2.RawPage.FromString(record.value()).requested_url for record in self.read_all("dateline.pages"))

    def outcomes(self):
        """How often each URL's entry was written to the frontier with an outcome, by URL and outcome."""
        from dateline.v1 import frontier_pb2
        counts = collections.Counter()
        for record in self.read_all("dateline.frontier"):
            if record.value() is None:
                continue
            entry = frontier_pb2.FrontierRecord.FromString(record.value())
            if entry.HasField("url"):
                counts[entry.url.url, entry.url.last_outcome, entry.url.revision] += 1
        return counts

    def await_requests(self, count):
        wait_until(lambda: len(self.server.log) >= count, 60, f"{count} requests")

    def hasty(self, changes):
        """Requests that came too soon after their host's last one, by host. One after each change of owners is
        forgiven: what the owner before had under way then, the next can't know of."""
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
        # Whoever would fetch a page twice had the time to.
        self.run_.stop("first")
        self.run_.stop("third")
        self.assertEqual(self.pages(), collections.Counter(urls))
        self.assertEqual(self.outcomes(), collections.Counter((url, 1, 1) for url in urls))
        hasty, forgiven = self.hasty([joined, killed])
        self.assertEqual(hasty, {})
        self.assertEqual(len({host for host, _, _ in self.server.log}), HOSTS)
        print(f"{len(urls)} pages of {HOSTS} hosts, {missing_at_kill} of them missing at the kill; "
              f"{len(self.server.log)} requests, {forgiven} forgiven after a change of owners")


if __name__ == "__main__":
    unittest.main(verbosity=2)
