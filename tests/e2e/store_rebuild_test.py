"""The store's way back from a database that is damaged, wrong or in the way, against a real broker."""
import contextlib
import sqlite3
import unittest

import store_kill
from local_run import wait_until


class StoreRebuildTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.store = store_kill.StoreKill(seed=2)
        cls.addClassCleanup(cls.store.close)
        cls.store.start_broker()
        cls.store.produce(1500)
        cls.store.catch_up()

    def setUp(self):
        self.store.run.stop("store")

    def start(self, *flags):
        self.store.run.start("store", f"--database={self.store.database}", *store_kill.FLAGS, *flags)

    def await_log(self, text):
        """A start begins a new log."""
        wait_until(lambda: text in self.store.run.log("store"), 60, f"'{text}' in the log")

    def expect_as_the_topic_has_it(self):
        wait_until(lambda: self.store.behind() == 0, 60, "reading to the end")
        self.assertEqual(self.store.differences(), [])

    def test_a_rebuild_takes_the_place_of_what_is_wrong(self):
        # A file that another process has open is not replaced.
        with contextlib.closing(sqlite3.connect(self.store.database, isolation_level=None)) as database:
            database.execute("DELETE FROM contents WHERE id % 7 = 0")
            database.execute("UPDATE articles SET seen_count = 99 WHERE id % 5 = 0")
        self.start("--rebuild")
        self.await_log("rebuilt, and switched over")
        self.store.produce(200)
        self.expect_as_the_topic_has_it()
        self.assertFalse(self.store.database.with_suffix(".db.rebuild").exists())

    def test_a_damaged_database_is_set_aside_and_built_anew(self):
        size = self.store.database.stat().st_size
        with open(self.store.database, "r+b") as file:
            file.seek(size // 3)
            file.write(b"\xa5" * (size // 3))
        self.start()
        self.await_log("damaged database set aside")
        self.expect_as_the_topic_has_it()
        aside = list(self.store.database.parent.glob("store.db.corrupt-*"))
        self.assertTrue(aside)

    def test_a_copy_made_while_it_serves_is_gone_on_with(self):
        self.start()
        self.expect_as_the_topic_has_it()
        copy = self.store.database.with_name("copy.db")
        with contextlib.closing(sqlite3.connect(self.store.database, isolation_level=None)) as database:
            database.execute("VACUUM INTO ?", (str(copy),))
        self.store.produce(200)
        self.expect_as_the_topic_has_it()
        self.store.run.stop("store")
        for path in self.store.database.parent.glob("store.db*"):
            path.unlink()
        copy.rename(self.store.database)
        self.start()
        self.expect_as_the_topic_has_it()
        self.assertNotIn("damaged", self.store.run.log("store"))

    def test_a_locked_database_makes_the_store_wait_and_lose_nothing(self):
        self.start()
        self.expect_as_the_topic_has_it()
        other = sqlite3.connect(self.store.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        self.store.produce(100)
        self.await_log("database is locked")
        # Queries are answered meanwhile.
        self.store.run.grpcurl("ArticleStoreService", "ListArticles", {"page_size": 1})
        other.execute("ROLLBACK")
        other.close()
        self.expect_as_the_topic_has_it()

    def test_retention_keeps_the_latest_only(self):
        self.start("--retain_age=1s")
        self.await_log("listening")
        wait_until(lambda: self.store.run.metric("store", "dateline_store_expired_total") > 0, 30, "an expiry")

        def left():
            return int(self.store.run.grpcurl("ArticleStoreService", "AggregateArticles", {
                "groupings": ["AGGREGATE_GROUPING_SECTION"]})[0].get("total_count", 0))
        wait_until(lambda: left() == 0, 60, "the expiry of all articles, which are years old")
        self.store.run.stop("store")
        self.start("--rebuild")
        self.await_log("rebuilt, and switched over")
        self.expect_as_the_topic_has_it()


if __name__ == "__main__":
    unittest.main(verbosity=2)
