"""Pages that break a parser, against a real broker: each is one dead letter, the others go on, and letters come back once."""
import collections
import unittest

import confluent_kafka
import confluent_kafka.admin

from local_run import LocalRun, ProtosTestCase, wait_until

# What a page does to the parser, and what becomes of it.
POISONS = {"crash": "crashed", "hang": "timed_out", "sleep": "timed_out", "memory": "out_of_memory"}
FLAGS = ("--transactional_id=parser-1", "--transaction_pages=20", "--page_cpu_budget=3s")
KEYS = 20


def header(record, name):
    return dict(record.headers()).get("dateline-dead-letter-" + name, b"").decode()


class PoisonTest(ProtosTestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.run_.start_broker()
        self.number = 0
        self.sent = []
        self.producer = confluent_kafka.Producer({
            "bootstrap.servers": self.run_.brokers, "linger.ms": 5, "enable.idempotence": True, "log_level": 0})

    def send(self, key, poison="", text=None):
        """A page, to partition 0: the next version of its key."""
        from dateline.v1 import page_pb2
        url = f"http://{'poison' if poison else 'news'}.example/{self.number}"
        body = text if text is not None else (
            f"<html lang=en><body><article><h1>Report {self.number}</h1>"
            "<p>The harbour office counted the ships on Monday and said that the number had not been as high since the "
            "lighthouse was built, in the year of the great storm.</p><p>Captains who were asked about it spoke of the "
            "price of salt, the new pier and the good water this season.</p>"
            + (f"<p>dateline-test-poison:{poison}</p>" if poison else "") + "</article></body></html>")
        page = page_pb2.RawPage(uid=key, url=url, requested_url=url, status=200, media_type="text/html", body=body.encode())
        page.fetch_time.FromMilliseconds(1_700_000_000_000 + self.number)
        self.producer.produce("dateline.pages", key=key, value=page.SerializeToString(), partition=0,
                              headers=[("ce_subject", url.encode())])
        self.sent.append((key, url))
        self.number += 1
        return url

    def flush(self):
        self.assertEqual(self.producer.flush(60), 0)

    def parsed(self):
        try:
            return self.run_.metric("parser", "dateline_parser_pages_total")
        except OSError:
            return 0

    def articles(self):
        """Articles' URLs by key, in the topic's order."""
        from dateline.v1 import article_pb2
        urls = collections.defaultdict(list)
        for record in self.run_.read_committed("dateline.articles"):
            article = article_pb2.Article.FromString(record.value())
            urls[record.key().decode()].append(article.requested_url)
        return urls

    def letters(self):
        return [record for record in self.run_.read_committed("dateline.dead-letters") if header(record, "reason")]

    def redrive(self, **request):
        answer = self.run_.grpcurl("ParserService", "RedriveDeadLetters", request)[0]
        return tuple(int(answer.get(name, 0)) for name in ("selected", "redriven", "left"))

    def test_poisonous_pages_cost_themselves_only_and_come_back_once(self):
        poisons = {}
        for number in range(300):
            key = f"{number % KEYS:032x}"
            poison = list(POISONS)[number // 60] if number % 60 == 30 and number < 240 else ""
            if number % 60 == 45:
                poison = "slow"
            url = self.send(key, poison)
            if poison in POISONS:
                poisons[url] = POISONS[poison]
        no_article = self.send("f" * 32, text="<html><body></body></html>")
        self.flush()
        self.run_.start("parser", "--test_poison", "--page_wall_budget=15s", *FLAGS)
        wait_until(lambda: self.parsed() >= len(self.sent), 120, f"{len(self.sent)} outcomes")
        letters = {header(letter, "url"): header(letter, "reason") for letter in self.letters()}
        self.assertEqual(letters, {**poisons, no_article: "no_article"})
        expected = collections.defaultdict(list)
        for key, url in self.sent:
            if url not in letters:
                expected[key].append(url)
        self.assertEqual(self.articles(), expected)

        # The calls see the same; one by one, too.
        listed, token = [], ""
        while True:
            answer = self.run_.grpcurl("ParserService", "ListDeadLetters", {"page_size": 2, "page_token": token})[0]
            listed += answer.get("dead_letters", [])
            token = answer.get("next_page_token", "")
            if not token:
                break
        self.assertEqual({letter["url"]: letter["reason"].removeprefix("DEAD_LETTER_REASON_").lower() for letter in listed},
                         letters)
        letter = self.run_.grpcurl("ParserService", "GetDeadLetter", {"name": listed[0]["name"]})[0]["dead_letter"]
        self.assertTrue(letter["value"])

        # A parser that they can't harm makes articles of them: each once.
        self.run_.stop("parser")
        self.run_.start("parser", *FLAGS)
        wait_until(lambda: "serving" in self.run_.log("parser"), 20, "the start of the parser")
        count = len(poisons)
        selection = {"host": "poison.example"}
        self.assertEqual(self.redrive(selection=selection, dry_run=True), (count, 0, 0))
        self.assertEqual(self.redrive(selection=selection), (count, count, 0))
        self.assertEqual(self.redrive(selection=selection), (count, 0, count))
        wait_until(lambda: self.parsed() >= count, 60, "the articles of the letters")
        self.assertEqual(self.redrive(), (count + 1, 1, count))
        # What fails again says so and stays.
        wait_until(lambda: len(self.letters()) == count + 2, 30, "another letter")
        self.assertEqual(sorted(header(letter, "attempt") for letter in self.letters())[-2:], ["1", "2"])
        self.assertEqual(self.redrive(), (count + 2, 0, count + 2))
        self.run_.stop("parser")
        self.assertEqual(sum(map(len, self.articles().values())), len(self.sent) - 1)
        print(f"{count} poisonous pages of {len(self.sent)}: {dict(collections.Counter(poisons.values()))}; "
              "the others are articles in order, and the poisonous ones became articles once when put back")

    def test_a_page_that_takes_long_holds_back_its_own_key_only(self):
        slow = self.send("a" * 32, "sleep")
        same_key = self.send("a" * 32)
        others = [self.send(f"{n:032x}") for n in range(200)]
        self.flush()
        self.run_.start("parser", "--test_poison", "--page_wall_budget=300s", *FLAGS)

        def urls():
            return [url for key_urls in self.articles().values() for url in key_urls]
        wait_until(lambda: len(urls()) == len(others), 20, "the articles of other keys")
        self.assertEqual(sorted(urls()), sorted(others))
        self.assertEqual(self.letters(), [])
        # Whoever comes next knows what is done.
        self.run_.kill("parser")
        self.run_.start("parser", "--test_poison", "--page_wall_budget=2s", *FLAGS)
        wait_until(lambda: len(urls()) > len(others), 60, "the article behind the slow page")
        self.run_.stop("parser")
        self.assertEqual(sorted(urls()), sorted([*others, same_key]))
        self.assertEqual([(header(letter, "url"), header(letter, "reason")) for letter in self.letters()],
                         [(slow, "timed_out")])
        print(f"{len(others)} pages of other keys passed one that took for ever; none came twice behind a kill -9")

    def test_a_start_with_limits_that_disagree_fails_with_the_three_values(self):
        admin = confluent_kafka.admin.AdminClient({"bootstrap.servers": self.run_.brokers})
        topic = confluent_kafka.admin.ConfigResource("topic", "dateline.pages", incremental_configs=[
            confluent_kafka.admin.ConfigEntry("max.message.bytes", "9000000",
                                              incremental_operation=confluent_kafka.admin.AlterConfigOpType.SET)])
        for future in admin.incremental_alter_configs([topic]).values():
            future.result(80)

        def limit():
            asked = admin.describe_configs([confluent_kafka.admin.ConfigResource("topic", "dateline.pages")])
            return [future.result(80)["max.message.bytes"].value for future in asked.values()][0]
        wait_until(lambda: limit() == "9000000", 20, "the broker's word on the new limit")
        for name, flags in (("parser", ()), ("fetcher", ("--max_body_bytes=10000000",))):
            with self.subTest(name):
                self.run_.start(name, f"--transactional_id={name}-1", *flags)
                wait_until(lambda: f"dateline-{name}: " in self.run_.log(name), 30, f"the end of {name}")
                last = self.run_.log(name).strip().splitlines()[-1]
                self.assertTrue(last.startswith(f"dateline-{name}: "), last)
                for value in ("9000000", "10485760", "10000000" if flags else "10485760"):
                    self.assertIn(value, last)


if __name__ == "__main__":
    unittest.main(verbosity=2)
