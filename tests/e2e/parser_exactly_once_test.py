"""Parsers against a real broker: exactly one outcome a page, in order, through kill -9 of parser and broker."""
import collections
import time
import unittest

import confluent_kafka

from local_run import LocalRun, ProtosTestCase, wait_until

POISON_EVERY = 50
# Every fourth page is a version of one of so many that come again and again.
STEADY_KEYS = 50
# Small transactions, so that a kill falls among many of them.
FLAGS = ("--transaction_pages=20",)


def key_of(number):
    return f"{number // 4 % STEADY_KEYS if number % 4 == 0 else 1_000_000 + number:032x}"


def is_poison(number):
    return number % POISON_EVERY == 1


def body(number):
    return (f"<html lang=en><head><title>Report {number}</title></head><body><article><h1>Report {number}</h1>"
            f"<p>The harbour office counted {number} ships on Monday and said that the number had not been as high "
            "since the lighthouse was built, in the year of the great storm.</p>"
            "<p>Captains who were asked about it spoke of the price of salt, the new pier and the good water this "
            "season, and went back to their ropes before the tide turned.</p></article></body></html>").encode()


class ParserExactlyOnceTest(ProtosTestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.run_.start_broker()
        self.produced = 0
        self.producer = confluent_kafka.Producer({
            "bootstrap.servers": self.run_.brokers, "linger.ms": 5, "enable.idempotence": True, "log_level": 0})

    def produce_pages(self, count):
        """Writes the next `count` pages."""
        from dateline.v1 import page_pb2
        for number in range(self.produced, self.produced + count):
            page = page_pb2.RawPage(uid=key_of(number), url=f"http://news.example/{number}", status=200,
                                    requested_url=f"http://news.example/{number}", media_type="text/html", body=body(number))
            page.fetch_time.FromMilliseconds(1_700_000_000_000 + number)
            value = b"\xff not a page" if is_poison(number) else page.SerializeToString()
            self.producer.produce("dateline.pages", key=key_of(number), value=value)
        self.assertEqual(self.producer.flush(60), 0)
        self.produced += count

    def outcomes(self):
        """How often each page, by its URL or its dead letter's key, has an outcome."""
        from dateline.v1 import article_pb2
        counts = collections.Counter()
        for record in self.run_.read_committed("dateline.articles"):
            counts[article_pb2.Article.FromString(record.value()).requested_url] += 1
        for record in self.run_.read_committed("dateline.dead-letters"):
            counts["dead letter " + record.key().decode()] += 1
        return counts

    def expect_each_page_once(self, timeout):
        wait_until(lambda: sum(self.outcomes().values()) >= self.produced, timeout, f"{self.produced} outcomes")
        self.run_.stop("parser")
        self.assertEqual(self.outcomes(), collections.Counter(
            f"dead letter {key_of(number)}" if is_poison(number) else f"http://news.example/{number}"
            for number in range(self.produced)))

    def expect_versions_in_order(self):
        from dateline.v1 import article_pb2
        versions = collections.defaultdict(list)
        for record in self.run_.read_committed("dateline.articles"):
            article = article_pb2.Article.FromString(record.value())
            self.assertEqual(record.key().decode(), article.uid)
            versions[article.uid].append(article.fetch_time.ToMilliseconds() - 1_700_000_000_000)
        for key in map(key_of, range(0, 4 * STEADY_KEYS, 4)):
            self.assertEqual(versions[key], [n for n in range(self.produced) if key_of(n) == key], key)

    def parsed(self, name="parser"):
        try:
            return self.run_.metric(name, "dateline_parser_pages_total")
        except OSError:
            return 0

    def start_second_parser(self):
        """Under the name "second"."""
        self.addCleanup(self.run_.stop, "second")
        self.run_.start_replica("second", "parser", "fetcher", "--transactional_id=parser-2", *FLAGS)

    def await_more_pages(self, name, count):
        before = self.parsed(name)
        wait_until(lambda: self.parsed(name) >= before + count, 60, f"{count} more pages of {name}")

    def test_each_page_has_one_outcome_when_the_parser_is_killed(self):
        pages = 1000
        flags = ("--transactional_id=parser-1", *FLAGS)
        self.run_.start("parser", *flags)
        wait_until(lambda: "serving" in self.run_.log("parser"), 20, "the start of the parser")
        self.produce_pages(pages)
        wait_until(lambda: self.parsed() >= pages / 4, 60, "a quarter of the pages")
        self.run_.kill("parser")
        before = sum(self.outcomes().values())
        self.assertLess(before, pages, "the parser was killed too late to show anything")
        self.run_.start("parser", *flags)
        self.expect_each_page_once(90)
        self.expect_versions_in_order()
        print(f"killed after {before} of {pages} outcomes; in the end each page once, in order")

    def test_each_page_has_one_outcome_when_one_of_two_parsers_and_the_broker_are_killed(self):
        pages = 2000
        self.run_.start("parser", "--transactional_id=parser-1", *FLAGS)
        self.start_second_parser()
        # Under load, until the newcomer has work.
        while self.parsed("second") == 0:
            self.assertLess(self.produced, pages / 2, "the second parser gets no page")
            self.produce_pages(10)
            time.sleep(0.1)
        shared = self.produced
        self.produce_pages((pages - self.produced) // 2)
        self.await_more_pages("second", 40)
        self.run_.kill("second")
        second_killed = sum(self.outcomes().values())
        self.assertLess(second_killed, self.produced, "the second parser was killed too late to show anything")
        self.produce_pages(pages - self.produced)
        self.await_more_pages("parser", 60)
        self.run_.kill("kafka")
        self.run_.start_broker()
        broker_killed = sum(self.outcomes().values())
        self.expect_each_page_once(90)
        self.expect_versions_in_order()
        print(f"two parsers from page {shared} on; one killed after {second_killed} outcomes, the broker killed and back "
              f"with {broker_killed} of {pages}; in the end each page once, {STEADY_KEYS} pages' versions in order")


if __name__ == "__main__":
    unittest.main(verbosity=2)
