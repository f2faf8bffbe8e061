"""Live pages beside a backfill whose pages take as long as pages may: none waits for it."""
import time
import unittest

import confluent_kafka

from local_run import LocalRun, ProtosTestCase, wait_until

BACKFILL, LIVE = 60, 100
# Each page of the backfill sleeps until this is over.
BUDGET_SECONDS = 1


class BackfillTest(ProtosTestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.run_.start_broker()
        self.producer = confluent_kafka.Producer({"bootstrap.servers": self.run_.brokers, "linger.ms": 0, "log_level": 0})

    def send(self, topic, number, text):
        from dateline.v1 import page_pb2
        url = f"http://news.example/{topic}/{number}"
        body = ("<html lang=en><body><article><h1>Report</h1><p>The harbour office counted the ships on Monday and said that "
                "the number had not been as high since the lighthouse was built, in the year of the great storm.</p>"
                f"<p>{text}</p></article></body></html>")
        page = page_pb2.RawPage(uid=f"{number:032x}", url=url, requested_url=url, status=200, media_type="text/html",
                                body=body.encode())
        self.producer.produce(topic, key=page.uid, value=page.SerializeToString(), headers=[("ce_subject", url.encode())])

    def outcomes(self, name):
        try:
            return self.run_.metric("parser", "dateline_parser_pages_total", outcome=name)
        except OSError:
            return 0

    def test_live_pages_pass_a_backfill_of_slow_pages(self):
        for number in range(BACKFILL):
            self.send("dateline.pages.backfill", number, "dateline-test-poison:sleep")
        self.assertEqual(self.producer.flush(30), 0)
        self.run_.start("parser", "--transactional_id=parser-1", "--test_poison", "--parse_threads=2",
                        f"--page_wall_budget={BUDGET_SECONDS}s")
        wait_until(lambda: self.outcomes("timed_out") > 0, 30, "the first outcome of the backfill")
        begin = time.monotonic()
        for number in range(LIVE):
            self.send("dateline.pages", 1_000_000 + number, "Captains who were asked about it spoke of the price of salt.")
        self.assertEqual(self.producer.flush(30), 0)
        wait_until(lambda: self.outcomes("article") == LIVE, 20, "the articles of the live pages", pause=0.02)
        seconds, slow = time.monotonic() - begin, self.outcomes("timed_out")
        self.assertLess(slow, BACKFILL / 2, "the live pages waited for the backfill")
        print(f"{LIVE} live pages took {seconds:.1f} s, with {BACKFILL - slow:.0f} pages of the backfill left")


if __name__ == "__main__":
    unittest.main(verbosity=2)
