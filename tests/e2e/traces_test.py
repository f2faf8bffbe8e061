"""One page's way as a trace: spans of fetcher, parser and store, at a collector."""
import http.server
import json
import threading
import unittest

from local_run import LocalRun, wait_until

SERVICES = ("fetcher", "parser", "store")


class Collector(http.server.ThreadingHTTPServer):
    """Takes OTLP/HTTP requests in JSON and keeps their spans, each with its service's name."""

    def __init__(self):
        self.spans = []
        self.answers = []
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = collector.answers.pop(0) if collector.answers else 200
                if status == 200:
                    assert (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/json")
                    collector.spans += [span | {"service": values(resource["resource"])["service.name"]}
                                        for resource in body["resourceSpans"]
                                        for scope in resource["scopeSpans"] for span in scope["spans"]]
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_port}/v1/traces"


def values(owner):
    return {item["key"]: next(iter(item["value"].values())) for item in owner["attributes"]}


class TracesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.collector = Collector()
        cls.addClassCleanup(cls.collector.server_close)
        cls.addClassCleanup(cls.collector.shutdown)
        cls.run_ = LocalRun()
        cls.addClassCleanup(cls.run_.close)
        cls.run_.up()
        cls.site = f"http://127.0.0.1:{cls.run_.port['newsroom']}"

    def restart(self, *flags):
        """The services as `up` has them, with more flags."""
        own = {"fetcher": ["--allow_addresses=127.0.0.0/8"], "parser": [], "store": [f"--database={self.run_.state}/store.db"]}
        for name in SERVICES:
            self.run_.stop(name)
            if name != "store":
                own[name].append(f"--transactional_id=dateline-{name}-{self.run_.port[name]}")
            self.run_.start(name, *own[name], *flags)
        wait_until(lambda: "caught up" in self.run_.log("store"), 30, "the store's start")

    def spans_of(self, *paths):
        """Submits pages; the spans that came by the time that all services have ended."""
        seen = len(self.collector.spans)
        answers = wait_until(lambda: self.submitted(paths), 30, "the fetcher's start")
        for answer in answers:
            self.run_.await_article(answer["uid"])
        for name in SERVICES:
            self.run_.stop(name)
        return self.collector.spans[seen:]

    def submitted(self, paths):
        answers = self.run_.grpcurl("FetcherService", "SubmitUrls",
                                    "\n".join(json.dumps({"url": self.site + path}) for path in paths), check=False)
        return isinstance(answers, list) and answers

    def test_a_page_gives_three_spans_of_one_trace(self):
        self.restart(f"--otlp_traces_endpoint={self.collector.endpoint}")
        # A collector without room is asked again.
        self.collector.answers = [503]
        spans = {span["name"]: span for span in self.spans_of("/generated/7001")}
        self.assertEqual(spans.keys(), {"fetch", "parse", "store"})
        fetch, parse, store = spans["fetch"], spans["parse"], spans["store"]
        self.assertEqual([span["service"] for span in (fetch, parse, store)], [f"dateline-{name}" for name in SERVICES])
        self.assertEqual(len({span["traceId"] for span in spans.values()}), 1)
        self.assertRegex(fetch["traceId"], "^[0-9a-f]{32}$")
        self.assertNotIn("parentSpanId", fetch)
        self.assertEqual((parse["parentSpanId"], store["parentSpanId"]), (fetch["spanId"], parse["spanId"]))
        # As the records have it.
        article = next(record for record in self.run_.read_committed("dateline.articles") if b"/generated/7001" in record.value())
        self.assertEqual(dict(article.headers())["traceparent"].decode(), f"00-{parse['traceId']}-{parse['spanId']}-01")
        self.assertEqual(values(store)["messaging.kafka.offset"], str(article.offset()))
        self.assertEqual(values(store)["messaging.destination.partition.id"], str(article.partition()))
        self.assertEqual(values(fetch)["url.full"], self.site + "/generated/7001")
        self.assertEqual(values(parse)["dateline.outcome"], "article")
        for span in spans.values():
            self.assertLessEqual(int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"]))
        self.assertLess(int(fetch["startTimeUnixNano"]), int(parse["startTimeUnixNano"]))
        self.assertLess(int(parse["startTimeUnixNano"]), int(store["startTimeUnixNano"]))

    def test_a_share_of_traces_is_whole_or_not_there(self):
        self.restart(f"--otlp_traces_endpoint={self.collector.endpoint}", "--otlp_traces_ratio=0.5")
        traces = {}
        for span in self.spans_of(*(f"/generated/{number}" for number in range(7100, 7130))):
            traces.setdefault(span["traceId"], []).append(span["name"])
        self.assertTrue(0 < len(traces) < 30, len(traces))
        for names in traces.values():
            self.assertEqual(sorted(names), ["fetch", "parse", "store"])

    def test_a_collector_that_is_away_holds_nothing_up(self):
        self.restart("--otlp_traces_endpoint=http://127.0.0.1:1/v1/traces")
        self.spans_of("/generated/7200")  # which waits for the article
        self.assertIn("spans are lost", self.run_.log("parser"))

    def test_a_wrong_flag_is_one_line(self):
        for flag, line in (("--otlp_traces_endpoint=ftp://a", "--otlp_traces_endpoint: takes an address"),
                           ("--otlp_traces_ratio=2", "--otlp_traces_ratio must be between 0 and 1, not 2")):
            self.run_.stop("parser")
            self.run_.start("parser", flag)
            wait_until(lambda: line in self.run_.log("parser"), 10, "the parser's end")
            self.assertEqual(len(self.run_.log("parser").splitlines()), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
