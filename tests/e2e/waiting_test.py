"""Services whose broker is away: they wait, say so, and go on when it comes. Ports that are taken."""
import socket
import subprocess
import unittest
import urllib.request

from local_run import BIN, LocalRun, wait_until

SERVICES = ("fetcher", "parser", "store")


class WaitingTest(unittest.TestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)

    def start_services(self):
        self.run_.start("fetcher", "--transactional_id=dateline-fetcher-test", "--allow_addresses=127.0.0.0/8")
        self.run_.start("parser", "--transactional_id=dateline-parser-test")
        self.run_.start("store", f"--database={self.run_.state}/store.db")

    def test_services_wait_for_the_broker_and_go_on(self):
        self.start_services()
        for name in SERVICES:
            wait_until(lambda: "level=warning" in self.run_.log(name) or "level=error" in self.run_.log(name), 20,
                       f"a word of {name} on the missing broker")
            wait_until(lambda: f"brokers={self.run_.brokers}" in self.run_.log(name), 20, f"a word of {name} on where it should be")
        self.run_.start_broker()
        self.run_.shell("start_process newsroom python3 $root/tests/support/newsroom_server.py --port $port_newsroom")
        site = f"http://127.0.0.1:{self.run_.port['newsroom']}"

        def site_is_up():
            try:
                return urllib.request.urlopen(site + "/generated/1", timeout=1).status == 200
            except OSError:
                return False
        wait_until(site_is_up, 10, "the start of the newsroom")

        def accepted():
            answer = self.run_.grpcurl("FetcherService", "SubmitUrls", {"url": site + "/generated/1"}, check=False)
            return answer[0] if isinstance(answer, list) and answer[0]["result"] != "SUBMIT_RESULT_REFUSED" else None
        uid = wait_until(accepted, 60, "the taking of a URL")["uid"]
        article = self.run_.await_article(uid, 60)
        self.assertEqual(article["headline"], "Generated report 1")

    def test_a_taken_port_is_named_in_one_line(self):
        for name in SERVICES:
            with self.subTest(name), socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                taken.listen()
                address = f"127.0.0.1:{taken.getsockname()[1]}"
                flags = [f"--database={self.run_.folder}/x.db"] if name == "store" else []
                done = subprocess.run([str(BIN / f"dateline-{name}"), f"--listen={address}", "--metrics_listen=", *flags],
                                      capture_output=True, text=True, timeout=30)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(address, done.stderr)
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)

    def test_up_names_a_port_that_another_program_has(self):
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", self.run_.port["store"]))
            taken.listen()
            done = self.run_.up(check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn(str(self.run_.port["store"]), done.stderr)
        self.assertFalse((self.run_.state / "pids/kafka").exists())

    def test_a_wrong_flag_is_named_in_one_line(self):
        for name in SERVICES:
            with self.subTest(name):
                done = subprocess.run([str(BIN / f"dateline-{name}"), "--no_such_flag=1"], capture_output=True, text=True, timeout=30)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("no_such_flag", done.stderr)
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)

    def test_help_and_version(self):
        for name in (*SERVICES, "explain", "extract", "ledger", "topics"):
            with self.subTest(name):
                for flag in ("--help", "--version"):
                    done = subprocess.run([str(BIN / f"dateline-{name}"), flag], capture_output=True, text=True, timeout=30)
                    self.assertEqual(done.returncode, 0)
                    self.assertIn(f"dateline-{name}", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
