"""Kills the store again and again while it reads, and compares it with the topic, row by row."""
import collections
import contextlib
import random
import sqlite3
import sys
import tempfile
import time

import confluent_kafka

from local_run import LocalRun, generated_protos, wait_until

TOPIC = "dateline.articles"
# Small transactions, so that a kill falls among many of them.
FLAGS = ("--batch_records=20", "--max_lag=0")
WORDS = ("harbour", "office", "counted", "ships", "lighthouse", "storm", "captains", "price", "salt", "pier", "water",
         "season", "ropes", "tide", "market", "border", "ministers", "river", "commission", "grain")


class Expected:
    """What the records of the topic make of a store: the rules of docs/query.md and ArticleHistory, written anew."""

    def __init__(self):
        self.articles = {}  # uid -> (article, seen, revisions)

    def apply(self, uid, article):
        if article is None:
            self.articles.pop(uid, None)
            return
        before, seen, revisions = self.articles.get(uid, (None, 0, 0))
        if before is None or article.version > before.version:
            text_differs = before is None or before.content_sha256 != article.content_sha256
            self.articles[uid] = (article, seen + 1, revisions + text_differs)
        elif article.version == before.version and article.parse_time.ToMicroseconds() > before.parse_time.ToMicroseconds():
            self.articles[uid] = (article, seen, revisions)

    def stories(self):
        """Sets of uids that have one signature; here near-duplicates are exact ones."""
        groups = collections.defaultdict(set)
        for uid, (article, _, _) in self.articles.items():
            if article.minhash:
                groups[tuple(article.minhash)].add(uid)
        return sorted(sorted(group) for group in groups.values() if len(group) >= 2)


class StoreKill:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.protos = tempfile.TemporaryDirectory()
        generated_protos(self.protos.name)
        sys.path.insert(0, self.protos.name)
        self.run = LocalRun()
        self.database = self.run.state / "store.db"
        self.produced = 0
        self.versions = collections.Counter()

    def close(self):
        self.run.close()
        self.protos.cleanup()

    def start_broker(self):
        self.run.start_broker()
        self.producer = confluent_kafka.Producer({
            "bootstrap.servers": self.run.brokers, "linger.ms": 5, "enable.idempotence": True, "log_level": 0})

    def start_store(self):
        self.run.start("store", f"--database={self.database}", *FLAGS)

    def article(self, number):
        """New articles, new texts, the same again, versions too old and newer readings, in turn."""
        from dateline.v1 import article_pb2
        # Half of the records are of articles that come again and again.
        uid = f"{number if number % 2 else number // 2 % 300:032x}"
        self.versions[uid] += 1
        version = 1_700_000_000_000 + 1000 * self.versions[uid]
        text = self.versions[uid] // 3
        if number % 14 == 0:
            version -= 3000
        article = article_pb2.Article(uid=uid, version=version, headline=f"Report w{int(uid, 16)}t{text}", section="World")
        article.fetch_time.FromMilliseconds(version)
        article.parse_time.FromMilliseconds(1_700_000_100_000 + number)
        article.publish_time.time.FromMilliseconds(version)
        words = random.Random(f"{uid}/{text}")
        article.body.add().paragraph.text = " ".join(words.choice(WORDS) for _ in range(200))
        article.content_sha256 = f"{uid}/{text}".encode()
        article.authors.add(name=f"Author {number % 7}")
        article.keywords.extend({f"keyword {number % 5}", f"keyword {number % 3}"})
        # Those of one number share their text with another publisher's.
        story = words.randrange(10**9) if number % 2 == 0 else number // 6
        article.minhash.extend((story * 64 + i) % 2**32 for i in range(64))
        return article

    def produce(self, count):
        for number in range(self.produced, self.produced + count):
            article = self.article(number)
            value = None if number % 23 == 0 else article.SerializeToString()
            self.producer.produce(TOPIC, key=article.uid, value=value)
        if self.producer.flush(60):
            raise AssertionError("the broker does not take the records")
        self.produced += count

    def ingested(self):
        """Records that this life of the store has applied."""
        try:
            return self.run.metric("store", "dateline_store_articles_total")
        except OSError:
            return 0

    def kill_round(self, count):
        """Whether the store died with records still to be read."""
        self.produce(count)
        self.start_store()
        some = self.random.randrange(count // 2)
        wait_until(lambda: self.ingested() > some, 60, f"reading more than {some} records")
        time.sleep(self.random.random() / 20)
        self.run.kill("store")
        return self.behind() > 0

    def behind(self):
        """Records between the database and the topic's end; all where there is no database yet."""
        try:
            with contextlib.closing(self.open_database()) as database:
                positions = dict(database.execute("SELECT partition, next_offset FROM positions"))
        except sqlite3.OperationalError:
            positions = {}
        return sum(end - positions.get(partition, 0) for partition, end in self.ends().items())

    def open_database(self):
        return sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)

    def consumer(self):
        return confluent_kafka.Consumer({
            "bootstrap.servers": self.run.brokers, "group.id": f"reader-{time.time()}",
            "auto.offset.reset": "earliest", "isolation.level": "read_committed", "enable.partition.eof": True})

    def ends(self):
        consumer = self.consumer()
        partitions = consumer.list_topics(TOPIC, timeout=20).topics[TOPIC].partitions
        ends = {p: consumer.get_watermark_offsets(confluent_kafka.TopicPartition(TOPIC, p), timeout=20)[1] for p in partitions}
        consumer.close()
        return ends

    def expected(self):
        """From the topic."""
        from dateline.v1 import article_pb2
        consumer, expected, open_ = self.consumer(), Expected(), set(self.ends())
        consumer.assign([confluent_kafka.TopicPartition(TOPIC, p, 0) for p in open_])
        while open_:
            message = consumer.poll(20)
            if message is None:
                raise AssertionError("the broker does not answer")
            if message.error():
                open_.discard(message.partition())
            elif message.value() is None:
                expected.apply(message.key().decode(), None)
            else:
                expected.apply(message.key().decode(), article_pb2.Article.FromString(message.value()))
        consumer.close()
        return expected

    def catch_up(self):
        self.start_store()
        wait_until(lambda: self.behind() == 0, 120, "reading to the end")

    def differences(self):
        """What is in the database but not in the topic, or the other way round."""
        from dateline.v1 import article_pb2
        expected, found = self.expected(), {}
        with contextlib.closing(self.open_database()) as database:
            rows = database.execute(
                "SELECT uid, article, seen_count, revision_count, version, section, texts.headline, length(texts.body), "
                "(SELECT count(*) FROM revisions WHERE revisions.article = articles.id), "
                "(SELECT group_concat(name, '|') FROM article_authors WHERE article_authors.article = articles.id), "
                "(SELECT count(*) FROM article_keywords WHERE article_keywords.article = articles.id) "
                "FROM articles LEFT JOIN contents USING (id) LEFT JOIN texts USING (id)").fetchall()
            for uid, value, *rest in rows:
                if uid in found:
                    return [f"{uid} is there twice"]
                found[uid] = (article_pb2.Article.FromString(value), *rest)
            stories = {}
            for story, uid in database.execute("SELECT story, uid FROM articles JOIN signatures ON signatures.id = signature"):
                stories.setdefault(story, set()).add(uid)
            orphans = [database.execute(f"SELECT count(*) FROM {table} WHERE {key} NOT IN (SELECT id FROM articles)").fetchone()[0]
                       for table, key in (("contents", "id"), ("texts", "id"), ("revisions", "article"),
                                          ("article_authors", "article"), ("article_keywords", "article"))]
            orphans.append(database.execute(
                "SELECT count(*) FROM signatures WHERE articles <> (SELECT count(*) FROM articles WHERE signature = signatures.id)"
            ).fetchone()[0])
            listed = dict(database.execute("SELECT uid, article_count FROM stories").fetchall())
        wanted = {uid: (article, seen, revisions, article.version, article.section, article.headline,
                        len(article.body[0].paragraph.text), revisions - 1, article.authors[0].name, len(article.keywords))
                  for uid, (article, seen, revisions) in expected.articles.items()}
        differences = [f"{uid}: {found.get(uid)} in the store, {wanted.get(uid)} by the topic"
                       for uid in sorted(found.keys() | wanted.keys()) if found.get(uid) != wanted.get(uid)]
        grouped = sorted(sorted(group) for group in stories.values() if len(group) >= 2)
        if grouped != expected.stories():
            differences.append(f"{len(grouped)} stories in the store, {len(expected.stories())} by the topic")
        if listed != {group[0]: len(group) for group in expected.stories()}:
            differences.append("the table of stories is another one")
        if any(orphans):
            differences.append(f"rows of no article: {orphans}")
        return differences

    def search_differences(self, count):
        """The full-text index, asked for some of the articles."""
        expected = self.expected()
        differences = []
        for uid in self.random.sample(sorted(expected.articles), count):
            headline = expected.articles[uid][0].headline
            answer, = self.run.grpcurl("ArticleStoreService", "SearchArticles", {"query": headline, "read_mask": {"paths": ["uid"]}})
            if [result["article"]["uid"] for result in answer.get("results", [])] != [uid]:
                differences.append(f"search for {headline}: {answer}")
        return differences


def run(rounds, records, seed, say=print):
    """Kills the store `rounds` times, `records` records each; the differences in the end."""
    kill = StoreKill(seed)
    try:
        kill.start_broker()
        amid = sum(kill.kill_round(records) for _ in range(rounds))
        kill.catch_up()
        found = kill.differences() + kill.search_differences(20)
        rows = len(kill.expected().articles)
        say(f"{rounds} rounds of kill -9, {amid} of them amid reading; {kill.produced} records, {rows} articles, "
            f"{len(found)} differences")
        return amid, found
    finally:
        kill.close()
