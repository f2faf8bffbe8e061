"""The whole pipeline: deploy/local/up, URL in, grpcurl out."""
import base64
import hashlib
import json
import subprocess
import time
import unittest
import urllib.request

import newsroom
from local_run import BIN, GRPCURL, ROOT, LocalRun, parse_json_stream, wait_until

SEED = ROOT.parent / "shared/seed/dawn-2022-02-15.txt"


class PipelineTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = LocalRun()
        cls.addClassCleanup(cls.run_.close)
        cls.first_up = cls.run_.up()
        cls.site = f"http://127.0.0.1:{cls.run_.port['newsroom']}"

    def submit(self, *urls):
        return self.run_.grpcurl("FetcherService", "SubmitUrls", "\n".join(json.dumps({"url": u}) for u in urls))

    def await_status(self, url):
        """What the fetcher says of a URL once it was fetched."""
        def fetched():
            status = self.run_.grpcurl("FetcherService", "GetUrlStatus", {"url": url})[0]["status"]
            return status if status.get("last_outcome") else None
        return wait_until(fetched, 30, f"the fetch of {url}")

    def articles_by_path(self):
        answer, = self.run_.grpcurl("ArticleStoreService", "ListArticles", {"page_size": 1000})
        return {a["requested_url"].removeprefix(self.site): a for a in answer["articles"]}

    def test_up_prints_an_article_and_how_to_go_on(self):
        self.assertIn('"headline":', self.first_up.stdout)
        self.assertIn("To go on:", self.first_up.stdout)

    def test_up_again_changes_nothing(self):
        pids = {name: self.run_.pid(name) for name in ("kafka", "fetcher", "parser", "store", "newsroom")}
        before = self.articles_by_path()
        again = self.run_.up()
        self.assertIn('"headline":', again.stdout)
        self.assertEqual(pids, {name: self.run_.pid(name) for name in pids})
        self.assertEqual(before, self.articles_by_path())

    def test_every_article_of_the_newsroom_is_as_its_readers_have_it(self):
        articles = self.articles_by_path()
        for name, expected in newsroom.expectations().items():
            with self.subTest(name):
                self.assertIn(expected["url"], articles)
                self.assertEqual("\n".join(newsroom.differences(expected, articles[expected["url"]])), "")

    def test_a_feed_of_another_site_is_in_the_store_within_ten_seconds(self):
        # Another port is another site, to the frontier as to a browser.
        server = subprocess.Popen(["python3", str(ROOT / "tests/support/newsroom_server.py"), "--port", "0"],
                                  stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        self.addCleanup(server.stdout.close)
        site = server.stdout.readline().split()[-1]
        begin = time.monotonic()
        self.run_.up("--feed", f"{site}/generated/feed?from=5000&count=10")
        def all_there():
            answer, = self.run_.grpcurl("ArticleStoreService", "ListArticles", {"page_size": 1000})
            return len([a for a in answer["articles"] if f"{site}/generated/50" in a["requested_url"]]) == 10
        wait_until(all_there, 10, "the arrival of ten articles")
        took = time.monotonic() - begin
        print(f"the feed's ten articles were in the store {took:.1f} s after the command")
        self.assertLess(took, 10)

    @unittest.skipUnless(SEED.exists(), "the seed page is not here")
    def test_the_page_it_began_with(self):
        folder = self.run_.folder / "seed"
        folder.mkdir()
        (folder / "dawn.txt").write_bytes(SEED.read_bytes())
        server = subprocess.Popen(
            ["python3", str(ROOT / "tests/support/newsroom_server.py"), "--port", "0", "--root", str(folder)],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        self.addCleanup(server.stdout.close)
        site = server.stdout.readline().split()[-1]
        answer, = self.submit(f"{site}/dawn.txt")
        article = self.run_.await_article(answer["uid"])
        self.assertEqual(article["dateline"], "ISLAMABAD")
        self.assertEqual(article["publisher"]["name"], "Dawn")
        self.assertEqual(article["publish_time"]["time"], "2022-02-15T00:00:00Z")
        self.assertEqual(article["publish_time"]["precision"], "TIME_PRECISION_DAY")
        text = SEED.read_text(encoding="utf-8")
        wanted = [line for line in text[:text.index("Published in Dawn")].split("\n") if line.strip()]
        kinds = {"Border markets": "heading",
                 "Iranian interior minister meets his Pakistani counterpart, PM, COAS": "pull_quote"}
        self.assertEqual(newsroom.blocks_of(article), [(kinds.get(line, "paragraph"), line) for line in wanted])

    def test_bad_urls_are_refused_with_a_reason_each(self):
        answers = self.submit("no url at all", "ftp://a.example/x", "http://user:pw@a.example/", "")
        self.assertEqual([a["result"] for a in answers], ["SUBMIT_RESULT_REFUSED"] * 4)
        for answer in answers:
            self.assertGreater(len(answer["reason"]), 10)
            self.assertNotIn("\n", answer["reason"])

    def test_pages_that_give_nothing_end_with_a_reason_each(self):
        cases = {"404": ("FETCH_OUTCOME_SKIPPED", "404"), "binary": ("FETCH_OUTCOME_REFUSED", "image/png"),
                 "empty": ("FETCH_OUTCOME_SKIPPED", "empty"), "huge": ("FETCH_OUTCOME_REFUSED", "10485760")}
        urls = {name: f"{self.site}/fault/{name}" for name in cases}
        self.submit(*urls.values())
        for name, (outcome, word) in cases.items():
            with self.subTest(name):
                status = self.await_status(urls[name])
                self.assertEqual(status["last_outcome"], outcome, status)
                self.assertIn(word, status["last_reason"])

    def test_search_finds_words_and_phrases(self):
        answer, = self.run_.grpcurl("ArticleStoreService", "SearchArticles", {"query": '"river commission"'})
        self.assertTrue(any("river commission" in r["article"]["headline"].lower() for r in answer["results"]))
        self.assertIn("\u2068", answer["results"][0]["snippet"])

    def test_list_pages_do_not_overlap(self):
        seen, token = [], ""
        while True:
            answer, = self.run_.grpcurl("ArticleStoreService", "ListArticles", {"page_size": 5, "page_token": token})
            seen += [a["uid"] for a in answer.get("articles", [])]
            token = answer.get("next_page_token", "")
            if not token:
                break
        self.assertEqual(len(seen), len(set(seen)))
        self.assertGreaterEqual(len(seen), 14)

    def test_watch_gives_what_arrives_and_resumes_behind_it(self):
        watch = subprocess.Popen(
            [str(GRPCURL), "-plaintext", "-d", "{}", f"127.0.0.1:{self.run_.port['store']}",
             "dateline.v1.ArticleStoreService/WatchArticles"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(watch.wait)
        self.addCleanup(watch.kill)
        self.addCleanup(watch.stdout.close)

        def next_answer():
            text = ""
            while True:
                line = watch.stdout.readline()
                self.assertTrue(line, "the watch ended")
                text += line
                if line == "}\n":
                    return parse_json_stream(text)[0]
        token = next_answer()["resume_token"]
        urls = [f"{self.site}/generated/{n}" for n in (6001, 6002)]
        self.submit(*urls)
        first, second = next_answer(), next_answer()
        self.assertEqual({first["article"]["requested_url"], second["article"]["requested_url"]}, set(urls))
        for start, expected in ((token, [first, second]), (first["resume_token"], [second])):
            done = subprocess.run(
                [str(GRPCURL), "-plaintext", "-max-time", "8", "-d", json.dumps({"resume_token": start}),
                 f"127.0.0.1:{self.run_.port['store']}", "dateline.v1.ArticleStoreService/WatchArticles"],
                capture_output=True, text=True)
            got = [a["article"]["uid"] for a in parse_json_stream(done.stdout) if "article" in a]
            self.assertEqual(got, [a["article"]["uid"] for a in expected])

    def store(self, method, request, check=True):
        return self.run_.grpcurl("ArticleStoreService", method, request, check)

    def test_list_keeps_to_its_filter_and_order(self):
        answer, = self.store("ListArticles", {"filter": "headline:lohar", "order_by": "fetch_time"})
        headlines = [a["headline"] for a in answer["articles"]]
        self.assertTrue(headlines)
        self.assertTrue(all("lohar" in h.lower() for h in headlines), headlines)
        error = self.store("ListArticles", {"filter": "headline:lohar AND publishr = x"}, check=False)
        self.assertIn("InvalidArgument", error)
        self.assertIn("filter, position 20: unknown field 'publishr'", error)

    def test_counts_add_up_to_the_articles(self):
        answer, = self.store("AggregateArticles", {"groupings": ["AGGREGATE_GROUPING_LANGUAGE"], "top": 1})
        counted = sum(int(g["count"]) for g in answer["groups"]) + int(answer.get("other_count", 0)) + \
            int(answer.get("missing_count", 0))
        self.assertEqual(counted, int(answer["total_count"]))
        self.assertGreaterEqual(counted, 14)

    def test_export_gives_every_article_by_uid(self):
        answers = self.store("ExportArticles", {"filter": "headline:lohar", "read_mask": {"paths": ["uid"]}})
        uids = [a["article"]["uid"] for a in answers]
        self.assertEqual(uids, sorted(set(uids)))
        self.assertEqual(len(uids), int(answers[0]["total"]))

    def test_an_article_tells_its_revisions_and_its_story(self):
        uid = self.store("ListArticles", {"page_size": 1})[0]["articles"][0]["uid"]
        revisions = self.store("ListRevisions", {"uid": uid})[0]["revisions"]
        self.assertTrue(revisions[-1]["text"])
        story = self.store("GetStory", {"uid": uid})[0]["story"]
        self.assertIn(uid, [a["uid"] for a in story["articles"]])
        self.assertIn("NotFound", self.store("GetStory", {"uid": "nobody"}, check=False))

    def test_a_deleted_article_is_gone_and_comes_no_more(self):
        url = f"{self.site}/generated/6007"
        self.submit(url)
        uid = hashlib.sha256(url.encode()).hexdigest()[:32]
        self.run_.await_article(uid)
        self.store("DeleteArticle", {"uid": uid})
        self.assertIn("NotFound", self.store("GetArticle", {"uid": uid}, check=False))
        self.assertIn("NotFound", self.store("DeleteArticle", {"uid": uid}, check=False))

    def test_outcomes_add_up_to_inputs(self):
        def settled():
            fetched = self.run_.metric("fetcher", "dateline_fetcher_fetches_total", outcome="fetched", reason="ok")
            parsed = self.run_.metric("parser", "dateline_parser_pages_total")
            articles = self.run_.metric("parser", "dateline_parser_pages_total", outcome="article")
            # A tombstone is a record of its own.
            stored = self.run_.metric("store", "dateline_store_articles_total") - \
                self.run_.metric("store", "dateline_store_articles_total", result="deleted")
            return fetched and fetched == parsed and articles == stored
        wait_until(settled, 20, "fetched = parsed and articles = stored")

    def test_extract_gives_what_the_pipeline_gives(self):
        for name, expected in newsroom.expectations().items():
            path = ROOT / "tests/data/newsroom" / expected["file"]
            question = {"id": name, "url": self.site + expected["url"], "html_base64": base64.b64encode(path.read_bytes()).decode(),
                        "content_type": "text/plain; charset=utf-8" if path.suffix == ".txt" else "text/html"}
            done = subprocess.run([str(BIN / "dateline-extract")], input=json.dumps(question) + "\n", capture_output=True, text=True)
            answer = json.loads(done.stdout)
            stored = self.articles_by_path()[expected["url"]]
            with self.subTest(name):
                self.assertEqual(answer.get("dateline", ""), stored.get("dateline", ""))
                for _, text in newsroom.blocks_of(stored):
                    self.assertIn(text.split("\n")[0].split("\t")[0], newsroom.folded(answer["body"]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
