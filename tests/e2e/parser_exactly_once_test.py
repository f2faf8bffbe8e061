"""The parser against a real broker: exactly one outcome a page, through kill -9."""
import collections
import sys
import tempfile
import time
import unittest

import confluent_kafka

from local_run import LocalRun, generated_protos, wait_until

PAGES = 1000
POISON_EVERY = 50


def body(number):
    return (f"<html lang=en><head><title>Report {number}</title></head><body><article><h1>Report {number}</h1>"
            f"<p>The harbour office counted {number} ships on Monday and said that the number had not been as high "
            "since the lighthouse was built, in the year of the great storm.</p>"
            "<p>Captains who were asked about it spoke of the price of salt, the new pier and the good water this "
            "season, and went back to their ropes before the tide turned.</p></article></body></html>").encode()


class ParserExactlyOnceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = LocalRun()
        cls.addClassCleanup(cls.run_.close)
        protos = tempfile.TemporaryDirectory()
        cls.addClassCleanup(protos.cleanup)
        generated_protos(protos.name)
        sys.path.insert(0, protos.name)
        cls.run_.start_broker()

    def produce_pages(self, first, count):
        from dateline.v1 import page_pb2
        producer = confluent_kafka.Producer({"bootstrap.servers": self.run_.brokers, "linger.ms": 5})
        for number in range(first, first + count):
            page = page_pb2.RawPage(uid=f"{number:032x}", url=f"http://news.example/{number}", status=200,
                                    requested_url=f"http://news.example/{number}", media_type="text/html", body=body(number))
            page.fetch_time.FromMilliseconds(1_700_000_000_000 + number)
            value = b"\xff not a page" if number % POISON_EVERY == 0 else page.SerializeToString()
            producer.produce("dateline.pages", key=f"{number:032x}", value=value)
        self.assertEqual(producer.flush(30), 0)

    def read_all(self, topic):
        """All committed records of a topic, up to its end."""
        consumer = confluent_kafka.Consumer({
            "bootstrap.servers": self.run_.brokers, "group.id": f"reader-{time.time()}",
            "auto.offset.reset": "earliest", "isolation.level": "read_committed",
            "enable.partition.eof": True, "enable.auto.commit": False})
        partitions = consumer.list_topics(topic, timeout=20).topics[topic].partitions
        consumer.assign([confluent_kafka.TopicPartition(topic, p, 0) for p in partitions])
        records, ended = [], set()
        while len(ended) < len(partitions):
            message = consumer.poll(20)
            self.assertIsNotNone(message, "the broker does not answer")
            if message.error():
                self.assertEqual(message.error().code(), confluent_kafka.KafkaError._PARTITION_EOF)
                ended.add(message.partition())
            else:
                records.append(message)
        consumer.close()
        return records

    def outcomes(self):
        from dateline.v1 import article_pb2
        counts = collections.Counter()
        for record in self.read_all("dateline.articles"):
            counts[article_pb2.Article.FromString(record.value()).requested_url] += 1
        for record in self.read_all("dateline.dead-letters"):
            counts["dead letter " + record.key().decode()] += 1
        return counts

    def parsed(self):
        try:
            return self.run_.metric("parser", "dateline_parser_pages_total")
        except OSError:
            return 0

    def test_each_page_has_one_outcome_when_the_parser_is_killed(self):
        # Small transactions, so that the kill falls among many of them.
        flags = ("--transactional_id=dateline-parser-test", "--batch_records=20")
        self.run_.start("parser", *flags)
        wait_until(lambda: "serving" in self.run_.log("parser"), 20, "the start of the parser")
        self.produce_pages(0, PAGES)
        wait_until(lambda: self.parsed() >= PAGES / 4, 60, "a quarter of the pages")
        self.run_.kill("parser")
        before = sum(self.outcomes().values())
        self.assertLess(before, PAGES, "the parser was killed too late to show anything")
        self.run_.start("parser", *flags)
        wait_until(lambda: sum(self.outcomes().values()) >= PAGES, 90, f"{PAGES} outcomes")
        self.run_.stop("parser")
        counts = self.outcomes()
        self.assertEqual(len(counts), PAGES)
        self.assertEqual(set(counts.values()), {1})
        dead = [key for key in counts if key.startswith("dead letter")]
        self.assertEqual(len(dead), PAGES // POISON_EVERY)
        print(f"killed after {before} of {PAGES} outcomes; in the end {len(counts)} outcomes, each once, {len(dead)} dead letters")


if __name__ == "__main__":
    unittest.main(verbosity=2)
