"""The store on a real OpenSearch: away, slow, and a cluster of three nodes of which one is killed."""
import hashlib
import json
import threading
import time
import unittest
import urllib.request

import confluent_kafka

from local_run import LocalRun, ProtosTestCase, port_is_free, wait_until

NODES = ("opensearch-1", "opensearch-2", "opensearch-3")


def uid_of(number):
    return hashlib.sha256(str(number).encode()).hexdigest()[:32]


class OpenSearchTest(ProtosTestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        # uid -> what the topic says of it.
        self.latest, self.seen = {}, {}

    def start_broker(self):
        self.run_.start_broker()
        self.producer = confluent_kafka.Producer(
            {"bootstrap.servers": self.run_.brokers, "linger.ms": 5, "enable.idempotence": True, "log_level": 0})

    def produce(self, numbers, version):
        """A version of each article; even ones with a text of their own."""
        from dateline.v1 import article_pb2
        for number in numbers:
            uid = uid_of(number)
            text = f"Report {number} of the harbour office" + (f", version {version}" if number % 2 == 0 else "")
            article = article_pb2.Article(uid=uid, headline=f"Report {number}", version=version)
            article.body.add().paragraph.text = text
            article.content_sha256 = hashlib.sha256(text.encode()).digest()
            article.fetch_time.FromMilliseconds(version)
            article.parse_time.FromMilliseconds(version + 1)
            article.publish_time.time.FromSeconds(1_700_000_000 + number)
            self.producer.produce("dateline.articles", key=uid, value=article.SerializeToString())
            self.latest[uid] = text
            self.seen[uid] = self.seen.get(uid, 0) + 1
        self.assertEqual(self.producer.flush(60), 0)

    def start_node(self, name, http, transport, *settings):
        self.addCleanup(self.run_.stop, name)
        self.run_.shell(" ".join(["start_opensearch", name, str(http), str(transport), *settings]))

    def start_single_node(self):
        self.start_node("opensearch", self.run_.port["opensearch"], self.run_.port["opensearch_transport"])

    def start_store(self, ports, *flags):
        urls = ",".join(f"http://127.0.0.1:{port}" for port in ports)
        self.addCleanup(self.run_.stop, "store")
        self.run_.start("store", "--engine=opensearch", f"--opensearch_url={urls}", "--batch_records=50", *flags)

    def ask(self, method, request):
        return self.run_.grpcurl("ArticleStoreService", method, request, check=False)

    def get(self, uid):
        return self.ask("GetArticle", {"uid": uid})

    def expect_unavailable(self, answer, sentence):
        self.assertIsInstance(answer, str, answer)
        self.assertIn("Code: Unavailable", answer)
        self.assertIn(sentence, answer)
        self.assertEqual(len([line for line in answer.splitlines() if "Message:" in line]), 1, answer)

    def stored(self):
        try:
            return self.run_.metric("store", "dateline_store_articles")
        except OSError:
            return 0

    def ingested(self):
        """Records that this life of the store has applied."""
        try:
            return self.run_.metric("store", "dateline_store_articles_total")
        except OSError:
            return 0

    def applied(self):
        """Records before the positions in the index."""
        url = f"http://127.0.0.1:{self.run_.port['opensearch']}/dateline-articles"
        urllib.request.urlopen(urllib.request.Request(f"{url}/_refresh", method="POST"), timeout=10).close()
        with urllib.request.urlopen(f"{url}/_search?q=kind:position&size=100", timeout=10) as answer:
            return sum(hit["_source"]["next_offset"] for hit in json.load(answer)["hits"]["hits"])

    def await_caught_up(self, timeout):
        """Until nothing is between the store and the topic's end, and all articles are there."""
        def caught_up():
            return (self.stored() == len(self.latest) and
                    self.run_.metric("store", "dateline_store_lag_records") == 0)
        wait_until(caught_up, timeout, f"the arrival of {len(self.latest)} articles")

    def expect_as_the_topic_says(self):
        """Row by row: each article there once, with the text and the history of its records."""
        listed, token = [], ""
        while True:
            answer = self.run_.grpcurl("ArticleStoreService", "ListArticles",
                                       {"page_size": 1000, "page_token": token, "read_mask": {"paths": ["uid"]}})[0]
            listed += [article["uid"] for article in answer.get("articles", [])]
            token = answer.get("next_page_token", "")
            if not token:
                break
        self.assertEqual(sorted(listed), sorted(self.latest))
        for uid, text in self.latest.items():
            answer = self.get(uid)
            self.assertIsInstance(answer, list, answer)
            self.assertEqual(answer[0]["article"]["body"][0]["paragraph"]["text"], text)
            self.assertEqual(int(answer[0]["history"]["seen_count"]), self.seen[uid], text)

    def test_up_runs_the_sample_on_opensearch(self):
        done = self.run_.up("--store", "opensearch")
        self.assertIn('"headline":', done.stdout)
        found = self.run_.grpcurl("ArticleStoreService", "SearchArticles", {"query": '"river commission"'})[0]["results"]
        self.assertIn("\u2068", found[0]["snippet"])
        counts = self.run_.grpcurl("ArticleStoreService", "AggregateArticles",
                                   {"groupings": ["AGGREGATE_GROUPING_LANGUAGE"]})[0]
        self.assertEqual(int(counts["total_count"]), self.stored())

    def test_waits_for_opensearch_and_loses_nothing_while_it_is_slow(self):
        self.start_broker()
        self.produce(range(100), 1)
        port = self.run_.port["opensearch"]
        self.start_store([port], "--opensearch_timeout=2s")
        wait_until(lambda: "waiting to go on" in self.run_.log("store"), 20, "a word of the store on what it waits for")
        away = f"OpenSearch at http://127.0.0.1:{port} is away"
        self.assertIn(away, self.run_.log("store"))
        self.expect_unavailable(self.get(uid_of(1)), away)
        self.expect_unavailable(self.ask("SearchArticles", {"query": "harbour"}), away)
        self.start_single_node()
        self.await_caught_up(120)

        # Held in the middle of writes.
        self.produce(range(50, 300), 2)
        self.run_.shell("kill -STOP $(cut -d' ' -f1 $state/pids/opensearch)")
        try:
            self.produce(range(300, 400), 2)
            self.expect_unavailable(self.get(uid_of(1)), "did not answer within 2s")
        finally:
            self.run_.shell("kill -CONT $(cut -d' ' -f1 $state/pids/opensearch)")
        self.await_caught_up(120)

        # Killed, and back with what it had.
        self.run_.kill("opensearch")
        self.produce(range(350, 500), 3)
        self.expect_unavailable(self.get(uid_of(1)), away)
        self.start_single_node()
        self.await_caught_up(120)
        self.expect_as_the_topic_says()
        found = self.run_.grpcurl("ArticleStoreService", "SearchArticles", {"query": "headline:499 harbour"})[0]["results"]
        self.assertEqual([result["article"]["uid"] for result in found], [uid_of(499)])
        self.assertIn("\u2068harbour\u2069", found[0]["snippet"])

    def test_goes_on_while_the_store_is_killed(self):
        self.start_broker()
        self.start_single_node()
        amid = 0
        for round_ in range(5):
            self.produce(range(round_ * 40, round_ * 40 + 400), round_ + 1)
            self.start_store([self.run_.port["opensearch"]])
            # Behind another batch in each round.
            some = 50 * round_
            wait_until(lambda: self.ingested() > some, 60, f"reading more than {some} records")
            self.run_.kill("store")
            amid += self.applied() < sum(self.seen.values())
        print(f"5 rounds of kill -9, {amid} of them amid reading")
        self.assertGreaterEqual(amid, 3, "the store was hardly killed amid reading")
        self.start_store([self.run_.port["opensearch"]])
        self.await_caught_up(120)
        self.expect_as_the_topic_says()

    def test_a_cluster_of_three_loses_nothing_when_one_is_killed(self):
        self.start_broker()
        ports = self.start_cluster()
        self.start_store(ports, "--opensearch_shards=3")
        self.produce(range(200), 1)
        self.await_caught_up(180)
        wait_until(lambda: self.health(ports[0])["status"] == "green", 60, "a copy of each shard")

        answers, stop = [], threading.Event()

        def keep_asking():
            while not stop.is_set():
                for method, request in (("GetArticle", {"uid": uid_of(7)}), ("SearchArticles", {"query": "harbour"}),
                                        ("ListArticles", {"page_size": 3})):
                    answers.append((method, time.monotonic(), self.ask(method, request)))

        reader = threading.Thread(target=keep_asking)
        reader.start()
        try:
            self.produce(range(100, 400), 2)
            # The one that the store talks to, which may have been elected, too.
            self.run_.kill(NODES[0])
            killed = time.monotonic()
            self.produce(range(300, 600), 3)
            self.await_caught_up(180)
        finally:
            stop.set()
            reader.join()
        self.expect_as_the_topic_says()
        for method in ("GetArticle", "SearchArticles", "ListArticles"):
            later = [(when - killed, answer) for asked, when, answer in answers if asked == method and when > killed]
            errors = [(after, answer) for after, answer in later if isinstance(answer, str)]
            for _, answer in errors:
                self.assertIn("Code: Unavailable", answer)
            last = max((after for after, _ in errors), default=0)
            print(f"{method}: {len(later)} answers after the kill, {len(errors)} of them UNAVAILABLE, "
                  f"the last {last:.1f} s after it")
            self.assertLess(len(errors), len(later) / 4, method)
            self.assertLess(last, 30, method)

    def start_cluster(self):
        """Three nodes in three processes; their HTTP ports, once they are one cluster."""
        base = self.run_.base
        ports = [port for port in range(base + len(self.run_.port) + 1, base + 200) if port_is_free(port)][:6]
        http, transport = ports[:3], ports[3:]
        seeds = ",".join(f"127.0.0.1:{port}" for port in transport)
        for name, http_port, transport_port in zip(NODES, http, transport):
            self.start_node(name, http_port, transport_port, f"discovery.seed_hosts={seeds}",
                            f"cluster.initial_cluster_manager_nodes={','.join(NODES)}")
        wait_until(lambda: self.health(http[0]).get("number_of_nodes") == 3, 120, "a cluster of three")
        return http

    @staticmethod
    def health(port):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_cluster/health", timeout=5) as answer:
                return json.load(answer)
        except OSError:
            return {}


if __name__ == "__main__":
    unittest.main()
