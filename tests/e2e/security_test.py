"""Who is let in: every RPC with every role, client certificates, addresses; and no secret in any log."""
import hashlib
import json
import os
import re
import secrets
import subprocess
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local_run import BIN, GRPCURL, ROOT, LocalRun, wait_until

SERVERS = {"fetcher": "FetcherService", "parser": "ParserService", "store": "ArticleStoreService"}
FLOOD = BIN.parent / "tests/dateline-flood"
ROLES = ("read", "submit", "admin")
# The least role of every RPC.
LEAST_ROLE = {
    "FetcherService": {
        "SubmitUrls": "submit", "GetUrlStatus": "read", "WatchFetches": "read", "CreateSource": "admin", "GetSource": "read",
        "ListSources": "read", "UpdateSource": "admin", "DeleteSource": "admin", "ImportWarc": "admin"},
    "ParserService": {
        "ParsePage": "submit", "StreamParse": "submit", "ListDeadLetters": "read", "GetDeadLetter": "read",
        "RedriveDeadLetters": "admin"},
    "ArticleStoreService": {
        "GetArticle": "read", "BatchGetArticles": "read", "ListArticles": "read", "SearchArticles": "read",
        "AggregateArticles": "read", "WatchArticles": "read", "ListRevisions": "read", "ListStories": "read", "GetStory": "read",
        "ExportArticles": "read", "DeleteArticle": "admin"},
}


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)


class Authority:
    """Signs certificates; each is FOLDER/NAME.pem with its key FOLDER/NAME.key."""
    KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        folder.mkdir(exist_ok=True)
        openssl("req", "-x509", *self.KEY, "-days", "2", "-subj", f"/CN={name}", "-keyout", folder / f"{name}.key",
                "-out", folder / f"{name}.pem")

    @property
    def certificate(self):
        return self.folder / f"{self.name}.pem"

    def sign(self, name, days=2):
        csr, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        openssl("req", *self.KEY, "-subj", f"/CN={name}", "-keyout", self.folder / f"{name}.key", "-out", csr)
        extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", csr, "-CA", self.certificate, "-CAkey", self.folder / f"{self.name}.key", "-CAcreateserial",
                "-days", days, "-extfile", extensions, "-out", self.folder / f"{name}.pem")
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"


class SecurityTest(unittest.TestCase):
    def setUp(self):
        self.run_ = LocalRun()
        self.addCleanup(self.run_.close)
        self.tokens = {role: secrets.token_hex(32) for role in ROLES}
        self.tokens_file = self.run_.folder / "tokens"
        self.write_tokens(self.tokens)

    def write_tokens(self, tokens):
        text = "".join(f"{role} sha256:{hashlib.sha256(token.encode()).hexdigest()} the-{role}\n" for role, token in tokens.items())
        following = self.run_.folder / "tokens.next"
        following.write_text(text)
        os.replace(following, self.tokens_file)

    def start(self, server, *flags):
        more = (f"--database={self.run_.folder / 'store.db'}",) if server == "store" else ()
        self.run_.start(server, *more, *flags)
        wait_until(lambda: "serving" in self.run_.log(server) or "listening" in self.run_.log(server), 30, f"the start of {server}")

    def call(self, server, *arguments, token=None, tls=("-plaintext",), flags=(), seconds=30):
        header = () if token is None else ("-H", f"authorization: Bearer {token}")
        return subprocess.run([str(GRPCURL), *tls, "-max-time", str(seconds), *header, *flags, f"127.0.0.1:{self.run_.port[server]}", *arguments],
                              capture_output=True, text=True, timeout=60)

    def call_method(self, server, method, token=None, **more):
        service = SERVERS[server]
        file = {"FetcherService": "fetcher_service", "ParserService": "parser_service",
                "ArticleStoreService": "article_store_service"}[service]
        return self.call(server, f"dateline.v1.{service}/{method}", token=token, **more,
                         flags=("-import-path", str(ROOT / "protos"), "-proto", f"dateline/v1/{file}.proto",
                                "-d", "{}"))

    @staticmethod
    def outcome(done):
        """The status that a call ended with, as grpcurl names it."""
        found = re.search(r"[Cc]ode(?: =|:) (\w+)", done.stderr)
        return found.group(1) if found else "OK" if done.returncode == 0 else done.stderr

    def test_every_rpc_takes_the_roles_that_it_should_and_no_others(self):
        for server in SERVERS:
            self.start(server, f"--tokens_file={self.tokens_file}")
        for server, service in SERVERS.items():
            listed = self.call(server, "list", f"dateline.v1.{service}", token=self.tokens["read"])
            self.assertEqual(listed.returncode, 0, listed.stderr)
            methods = {line.rsplit(".", 1)[1] for line in listed.stdout.split()}
            self.assertEqual(methods, set(LEAST_ROLE[service]), "each RPC has a role here")
        wrong = secrets.token_hex(32)
        cases = [(server, method, who, token) for server, service in SERVERS.items() for method in LEAST_ROLE[service]
                 for who, token in [("nobody", None), ("wrong", wrong), *self.tokens.items()]]
        with ThreadPoolExecutor(8) as pool:
            # A watch that is let in doesn't end by itself.
            ended = list(pool.map(lambda case: self.call_method(
                case[0], case[1], case[3], seconds=5 if case[1].startswith("Watch") else 30), cases))
        for (server, method, who, _), done in zip(cases, ended):
            with self.subTest(server=server, method=method, who=who):
                least = LEAST_ROLE[SERVERS[server]][method]
                if who in ("nobody", "wrong"):
                    self.assertEqual(self.outcome(done), "Unauthenticated", done.stderr)
                    self.assertIn("no token" if who == "nobody" else "not one of this server's", done.stderr)
                elif ROLES.index(who) < ROLES.index(least):
                    self.assertEqual(self.outcome(done), "PermissionDenied", done.stderr)
                    self.assertIn("needs the role", done.stderr)
                else:
                    self.assertNotIn(self.outcome(done), ("Unauthenticated", "PermissionDenied"), done.stderr)
        for server in SERVERS:
            self.assertEqual(self.outcome(self.call(server, "list")), "Unauthenticated")
            health = self.call(server, "grpc.health.v1.Health/Check",
                               flags=("-import-path", str(ROOT / "common/rpc/reflection"), "-proto", "health.proto"))
            self.assertEqual(health.returncode, 0, health.stderr)
            log = self.run_.log(server)
            self.assertIn("call refused", log)
            for secret in (*self.tokens.values(), wrong):
                self.assertNotIn(secret, log)

    def test_tokens_are_taken_up_as_the_file_changes(self):
        self.start("store", f"--tokens_file={self.tokens_file}")
        old = self.tokens["read"]
        self.assertEqual(self.outcome(self.call_method("store", "ListArticles", old)), "OK")
        self.write_tokens({"read": secrets.token_hex(32)})
        wait_until(lambda: self.outcome(self.call_method("store", "ListArticles", old)) == "Unauthenticated", 10, "the end of a token")

    def test_only_a_good_certificate_connects_and_a_new_one_is_taken_up(self):
        folder = self.run_.folder / "tls"
        ours, foreign = Authority(folder, "ours"), Authority(folder, "foreign")
        certificate, key = ours.sign("server")
        self.start("store", f"--tls_certificate_file={certificate}", f"--tls_key_file={key}",
                   f"--tls_client_ca_file={ours.certificate}")

        def called(client=None):
            shown = () if client is None else ("-cert", str(client[0]), "-key", str(client[1]))
            return self.call_method("store", "ListArticles", tls=("-cacert", str(ours.certificate), *shown)).returncode == 0
        good = ours.sign("good")
        self.assertTrue(called(good))
        self.assertFalse(called())
        self.assertFalse(called(ours.sign("expired", days=-1)))
        self.assertFalse(called(foreign.sign("stranger")))
        self.assertNotEqual(self.call_method("store", "ListArticles").returncode, 0, "plaintext")
        self.assertTrue(called(good))
        exported = subprocess.run(
            [str(BIN / "dateline-export"), f"--store=127.0.0.1:{self.run_.port['store']}", f"--tls_ca_file={ours.certificate}",
             f"--tls_certificate_file={good[0]}", f"--tls_key_file={good[1]}"], capture_output=True, text=True, timeout=60)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        # The clients' authority is another from now on.
        os.replace(foreign.certificate, ours.certificate)
        stranger = folder / "stranger.pem", folder / "stranger.key"

        def stranger_called():
            done = self.call_method("store", "ListArticles", tls=("-insecure", "-cert", str(stranger[0]), "-key", str(stranger[1])))
            return done.returncode == 0
        wait_until(stranger_called, 30, "the change of the authority")

    def test_a_pair_that_does_not_fit_leaves_the_one_before_in_service(self):
        folder = self.run_.folder / "tls"
        authority = Authority(folder, "ours")
        certificate, key = authority.sign("server")
        following, following_key = authority.sign("following")
        self.start("store", f"--tls_certificate_file={certificate}", f"--tls_key_file={key}")

        def served():
            """The name in the certificate that a new connection is shown."""
            shown = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.run_.port['store']}", "-alpn", "h2"],
                                   stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                                   timeout=30).stdout  # what the server sends by HTTP/2 is shown as well
            return re.search(r"subject=CN ?= ?(\S+)", shown).group(1)

        def called():
            return self.call_method("store", "ListArticles", tls=("-cacert", str(authority.certificate))).returncode == 0
        refused = "certificate not taken up, the one from before is served"
        self.assertEqual(served(), "server")
        os.replace(following_key, key)
        for _ in range(3):
            self.assertEqual(served(), "server")
        self.assertTrue(called())
        self.assertEqual(self.run_.log("store").count(refused), 1, self.run_.log("store"))
        os.replace(following, certificate)
        self.assertEqual(served(), "following")
        self.assertTrue(called())
        certificate.write_text("no certificate")
        self.assertEqual(served(), "following")
        self.assertTrue(called())
        self.assertEqual(self.run_.log("store").count(refused), 2, self.run_.log("store"))
        self.assertNotIn("PRIVATE KEY", self.run_.log("store"))

    # A method of each that takes a large request, how one is called to stay open, and which bounds may refuse that: the
    # store has one for all clients as well, and which of its two is reached first is a matter of time.
    OF_ONE_CLIENT = "more than 1000 open calls of one client"
    FLOODED = {"fetcher": ("SubmitUrls", "WatchFetches", "watches", OF_ONE_CLIENT),
               "parser": ("ParsePage", "StreamParse", "streams", OF_ONE_CLIENT),
               "store": ("ListArticles", "WatchArticles", "watches", f"{OF_ONE_CLIENT}|there are 256 watches already")}

    def flood(self, server, method, what, number):
        """A client with the token of `submit` that is no good one; another's calls go on beside it."""
        return subprocess.Popen(
            [str(FLOOD), f"127.0.0.1:{self.run_.port[server]}", f"/dateline.v1.{SERVERS[server]}/{method}", str(self.authority.certificate),
             str(self.flood_token), what, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def assert_others_are_answered(self, server):
        """A call of the role `read` ends as it would without the flood."""
        method, request = {"fetcher": ("ListSources", "OK"), "parser": ("GetDeadLetter", "InvalidArgument"), "store": ("ListArticles", "OK")}[server]
        done = self.call_method(server, method, self.tokens["read"], tls=("-cacert", str(self.authority.certificate)))
        self.assertEqual(self.outcome(done), request, done.stderr)

    def start_for_floods(self):
        folder = self.run_.folder / "tls"
        self.authority = Authority(folder, "ours")
        certificate, key = self.authority.sign("server")
        self.flood_token = self.run_.folder / "flood-token"
        self.flood_token.write_text(self.tokens["submit"])
        self.run_.start_broker()
        for server in SERVERS:
            self.start(server, f"--tokens_file={self.tokens_file}", f"--tls_certificate_file={certificate}", f"--tls_key_file={key}",
                       f"--max_buffered_bytes={64 << 20}")
        wait_until(lambda: "partition is read" in self.run_.log("fetcher"), 30, "the reading of the sources")

    def assert_unharmed(self, server, pid):
        self.assertEqual(self.run_.pid(server), pid)
        self.assert_others_are_answered(server)
        log = self.run_.log(server)
        for secret in self.tokens.values():
            self.assertNotIn(secret, log)

    def peak_bytes(self, server):
        status = Path(f"/proc/{self.run_.pid(server)}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) << 10

    def test_a_message_of_a_gigabyte_is_refused_and_others_are_answered(self):
        self.start_for_floods()
        for server, (method, *_) in self.FLOODED.items():
            with self.subTest(server=server):
                pid, before = self.run_.pid(server), self.peak_bytes(server)
                with self.flood(server, method, "message", 1 << 30) as flood:
                    while flood.poll() is None:
                        self.assert_others_are_answered(server)
                    self.assertEqual(json.loads(flood.stdout.read()), {"RESOURCE_EXHAUSTED": 1}, flood.stderr.read())
                self.assertLess(self.peak_bytes(server) - before, 256 << 20)
                self.assert_unharmed(server, pid)

    def test_of_ten_thousand_streams_most_are_refused_and_others_are_answered(self):
        self.start_for_floods()
        for server, (_, method, what, bound) in self.FLOODED.items():
            with self.subTest(server=server):
                pid = self.run_.pid(server)
                lines = []
                with self.flood(server, method, what, 10_000) as flood:
                    reader = threading.Thread(target=lambda: lines.extend(iter(flood.stdout.readline, "")))
                    reader.start()

                    def most_are_refused():
                        self.assert_others_are_answered(server)
                        return "refused 9000\n" in lines
                    wait_until(most_are_refused, 60, f"the refusal of {method}")
                    # A thousand of them, at most, still stand.
                    self.assert_others_are_answered(server)
                    flood.stdin.close()
                    reader.join(timeout=60)
                ended = json.loads(lines[-1])
                self.assertEqual(sum(ended.values()), 10_000)
                self.assertEqual(set(ended), {"CANCELLED", "RESOURCE_EXHAUSTED"})
                self.assertLessEqual(ended["CANCELLED"], 1_000)
                self.assertRegex(self.run_.log(server), f'msg="call refused" .*/{method}.* error="({bound})')
                self.assert_unharmed(server, pid)

    def test_probes_have_an_address_of_their_own(self):
        folder = self.run_.folder / "tls"
        certificate, key = Authority(folder, "ours").sign("server")
        self.start("store", f"--tls_certificate_file={certificate}", f"--tls_key_file={key}", f"--tokens_file={self.tokens_file}",
                   f"--health_listen=127.0.0.1:{self.run_.port['opensearch']}")

        def probe(method, file):
            return subprocess.run(
                [str(GRPCURL), "-plaintext", "-max-time", "5", "-import-path", str(file.parent), "-proto", str(file.name),
                 f"127.0.0.1:{self.run_.port['opensearch']}", method], capture_output=True, text=True, timeout=30)
        health = probe("grpc.health.v1.Health/Check", ROOT / "common/rpc/reflection/health.proto")
        self.assertEqual(health.returncode, 0, health.stderr)
        reflection = probe("grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                           ROOT / "common/rpc/reflection/reflection_v1.proto")
        self.assertIn("Unimplemented", reflection.stderr)

    def refusal(self, *flags, environment=None):
        done = subprocess.run([str(BIN / "dateline-store"), f"--database={self.run_.folder / 'refused.db'}", "--metrics_listen=", *flags],
                              capture_output=True, text=True, timeout=30, env={**os.environ, **(environment or {})})
        self.assertNotEqual(done.returncode, 0)
        lines = [line for line in done.stderr.splitlines() if not line.startswith("time=")]
        self.assertEqual(len(lines), 1, done.stderr)
        return done.stderr

    def test_an_open_address_needs_callers_to_be_known(self):
        self.assertIn("--allow_unauthenticated", self.refusal("--listen=0.0.0.0:0"))
        self.assertIn("--allow_tokens_over_plaintext", self.refusal("--listen=0.0.0.0:0", f"--tokens_file={self.tokens_file}"))

    def test_limits_that_are_nonsense_are_named(self):
        self.assertIn("--min_ping_interval must be between 0 and 1h, not -1s", self.refusal("--min_ping_interval=-1s"))
        self.assertIn("--max_connection_age must be at least 1s", self.refusal("--max_connection_age=0"))

    def test_wrong_files_are_named_and_no_secret_is_told(self):
        folder = self.run_.folder / "tls"
        authority = Authority(folder, "ours")
        certificate, key = authority.sign("one")
        _, other_key = authority.sign("other")
        self.assertIn("/no/such.pem: can't be read", self.refusal("--tls_certificate_file=/no/such.pem", f"--tls_key_file={key}"))
        self.assertIn(f"{other_key}: is not the key of {certificate}",
                      self.refusal(f"--tls_certificate_file={certificate}", f"--tls_key_file={other_key}"))
        secret = "do-not-tell-this"
        wrong = self.run_.folder / "wrong"
        for text, told in ((f"admin {secret} name\n", ":1"), ("# nobody\n", "no token")):
            wrong.write_text(text)
            refusal = self.refusal(f"--tokens_file={wrong}")
            self.assertIn(f"{wrong}{told}" if told == ":1" else told, refusal)
            self.assertNotIn(secret, refusal)
        for text, told in ((f"client.id=a\nsasl.passwort={secret}\n", f"{wrong}:2: librdkafka has no property 'sasl.passwort'"),
                           (f"\nsecurity.protocol={secret}\n", f"{wrong}:2: property 'security.protocol'"),
                           (secret, f"{wrong}:1: not of the form name=value")):
            wrong.write_text(text)
            refusal = self.refusal(f"--kafka_properties_file={wrong}")
            self.assertIn(told, refusal)
            self.assertNotIn(secret, refusal)

    def test_kafka_secrets_are_in_no_log(self):
        secret = "do-not-tell-this"
        properties = self.run_.folder / "kafka.properties"
        properties.write_text(f"security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.username=dateline\nsasl.password={secret}\n")
        # There is no broker, which each of them tells over and over.
        for server in SERVERS:
            more = (f"--database={self.run_.folder / 'store.db'}",) if server == "store" else ()
            self.run_.start(server, *more, f"--kafka_properties_file={properties}", "--log_level=debug")
        for server in SERVERS:
            wait_until(lambda: "sasl_plaintext" in self.run_.log(server), 30, f"the trouble of {server}")
            self.assertNotIn(secret, self.run_.log(server))


if __name__ == "__main__":
    unittest.main(verbosity=2)
