"""A fetcher that takes its sources from a file, over a kill -9 and a changed file, with a real broker."""
import unittest

from local_run import LocalRun, wait_until


class SourcesFileTest(unittest.TestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.file = self.run_.folder / "sources.yaml"
        self.site = f"http://127.0.0.1:{self.run_.port['newsroom']}"

    def write(self, **feeds):
        entries = "".join(f"- name: {name}\n  kind: feed\n  url: {url}\n" for name, url in feeds.items())
        self.file.write_text("sources:\n" + entries)

    def start(self):
        self.run_.start("fetcher", "--transactional_id=dateline-fetcher-test", "--allow_addresses=127.0.0.0/8",
                        f"--sources_file={self.file}")

    def sources(self):
        """By name; none while the fetcher is not ready."""
        answer = self.run_.grpcurl("FetcherService", "ListSources", check=False)
        return {s["name"]: s for s in answer[0].get("sources", [])} if isinstance(answer, list) else {}

    def await_sources(self, *names):
        def are_there():
            sources = self.sources()
            return sources if set(sources) == set(names) else None
        return wait_until(are_there, 60, f"the sources {names}")

    def await_status(self, url):
        def fetched():
            answer = self.run_.grpcurl("FetcherService", "GetUrlStatus", {"url": url}, check=False)
            return answer[0]["status"] if isinstance(answer, list) and answer[0]["status"].get("last_outcome") else None
        return wait_until(fetched, 60, f"the fetch of {url}")

    def test_the_file_holds_over_restarts(self):
        self.run_.start_broker()
        self.run_.shell("start_process newsroom python3 $root/tests/support/newsroom_server.py --port $port_newsroom")
        one, two = (f"{self.site}/generated/feed?from={n}&count=3" for n in (1, 100))
        self.write(one=one, two=two)
        self.start()
        first = self.await_sources("sources/one", "sources/two")
        self.assertTrue(first["sources/one"]["from_file"])
        status = self.await_status(one)
        wait_until(lambda: self.run_.metric("fetcher", "dateline_fetcher_source_fetches_total",
                                            source="sources/one", outcome="fetched", reason="ok") == 3,
                   60, "the feed's pages")

        self.run_.kill("fetcher")
        self.start()
        self.assertEqual(self.await_sources("sources/one", "sources/two"), first)
        self.assertEqual(self.await_status(one), status)
        wait_until(lambda: self.run_.metric("fetcher", "dateline_fetcher_source_last_success_timestamp_seconds",
                                            source="sources/one") > 0, 60, "the gauges after a restart")
        self.assertEqual(self.run_.metric("fetcher", "dateline_fetcher_source_quiet"), 0)

        self.run_.stop("fetcher")
        self.write(two=two)
        self.start()
        self.assertEqual(self.await_sources("sources/two")["sources/two"], first["sources/two"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
