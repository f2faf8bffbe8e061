"""The container image: built, and run as a cluster runs it, against a real broker.

It needs podman and, named by DATELINE_IMAGE_BASE, an image of Debian 12 that is there already; else it is
skipped. DATELINE_IMAGE may name an image that is built, which is then taken as it is.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
from local_run import BIN, LocalRun, wait_until  # noqa: E402

BASE = os.environ.get("DATELINE_IMAGE_BASE")
MEGABYTE = 1_000_000
AS_IN_A_CLUSTER = ("--network", "host", "--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
                   "--user", "65532:65532", "--memory", "256m", "--tmpfs", "/tmp:size=64m")


def podman(*arguments, check=True):
    done = subprocess.run(["podman", *map(str, arguments)], capture_output=True, text=True, timeout=600)
    if check and done.returncode:
        raise AssertionError(f"podman {arguments}: {done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done


def machine_settings():
    """Mounts of this machine's own package settings, where it has any: apt's sources of packages and who is trusted."""
    for path in pathlib.Path("/etc/apt/apt.conf.d").glob("*"):
        if "Acquire::" in path.read_text(errors="replace") and "docker" not in path.name:
            yield f"--volume={path}:{path}:ro"
    authorities = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
    if authorities.exists():
        yield f"--volume={authorities}:{authorities}:ro"


def skip_reason():
    if not shutil.which("podman"):
        return "there is no podman"
    if not os.environ.get("DATELINE_IMAGE") and not BASE:
        return "DATELINE_IMAGE_BASE names no image of Debian 12 to build on"
    return None


@unittest.skipIf(skip_reason(), skip_reason())
class ImageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.image = os.environ.get("DATELINE_IMAGE")
        if cls.image:
            return
        cls.image = f"localhost/dateline-test:{os.getpid()}"
        done = subprocess.run([ROOT / "deploy/image/build", "--tag", cls.image, "--base", BASE, "--programs", BIN,
                               "--", "--network", "host", *machine_settings()], capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise AssertionError(done.stdout[-2000:] + done.stderr[-2000:])
        cls.addClassCleanup(podman, "rmi", "--force", cls.image, check=False)

    def setUp(self):
        self.inspected = json.loads(podman("image", "inspect", self.image).stdout)[0]

    def run_program(self, *command, check=True):
        return podman("run", "--rm", *AS_IN_A_CLUSTER, self.image, *command, check=check)

    def remove(self, container):
        print(podman("logs", "--tail", "5", container, check=False).stderr)
        podman("rm", "--force", "--volumes", container, check=False)

    def test_says_what_a_cluster_wants_to_know(self):
        config = self.inspected["Config"]
        self.assertEqual(config["User"], "65532:65532")
        self.assertEqual(config["StopSignal"], "SIGTERM")
        self.assertNotIn("Healthcheck", config)
        self.assertEqual(config["Labels"]["org.opencontainers.image.title"], "Dateline")
        self.assertIn("org.opencontainers.image.revision", config["Labels"])

    def test_what_is_ours_is_below_120_megabytes(self):
        layers = json.loads(podman("history", "--format", "json", self.image).stdout)
        ours = 0
        for layer in layers:
            # The base's own layers come last, without a command of the Dockerfile.
            if "ADD file" in layer["CreatedBy"] or layer["CreatedBy"].startswith("CMD"):
                break
            ours += layer["size"]
        print(f"the runtime layers have {ours / MEGABYTE:.1f} MB")
        self.assertGreater(ours, 20 * MEGABYTE)
        self.assertLess(ours, 120 * MEGABYTE)

    def test_lists_its_contents(self):
        listed = json.loads(self.run_program("cat", "/usr/share/dateline/sbom.cdx.json").stdout)
        components = {component["name"]: component for component in listed["components"]}
        installed = self.run_program("dpkg-query", "-W", "-f", "${Package}\\n").stdout.split()
        self.assertLessEqual(set(installed), set(components))
        for source in ("selectolax", "node-rdkafka"):
            self.assertRegex(components[source]["hashes"][0]["content"], "^[0-9a-f]{64}$")
        self.assertTrue(all(component["version"] for component in listed["components"]))

    def test_an_article_goes_through_it(self):
        run = LocalRun()
        self.addCleanup(run.close)
        run.shell("start_broker")
        self.run_program("dateline-topics", f"--kafka_brokers={run.brokers}", "--timeout=180s")
        newsroom = subprocess.Popen([sys.executable, ROOT / "tests/support/newsroom_server.py", "--address", "127.0.0.1", "--port", str(run.port["newsroom"])])
        self.addCleanup(newsroom.wait)
        self.addCleanup(newsroom.terminate)
        containers = {}
        for service, flags in {"fetcher": ("--allow_addresses=127.0.0.0/8",), "parser": (), "store": ("--database=/var/lib/dateline/store.db",)}.items():
            name = f"dateline-test-{service}-{run.base}"
            podman("run", "--detach", "--name", name, *AS_IN_A_CLUSTER, "--volume", "/var/lib/dateline", self.image, f"dateline-{service}",
                   f"--kafka_brokers={run.brokers}", f"--listen=127.0.0.1:{run.port[service]}", f"--metrics_listen=127.0.0.1:{run.port[service + '_metrics']}", *flags)
            self.addCleanup(self.remove, name)
            containers[service] = name
        addresses = [f"127.0.0.1:{run.port[service]}" for service in containers]
        answered = self.run_program("dateline-health", "--timeout=60s", *addresses)
        self.assertEqual(answered.stdout.split("\n")[:3], [f"{address} SERVING" for address in addresses])
        self.run_program("dateline-health", "--service=live", *addresses)
        feed = f"http://127.0.0.1:{run.port['newsroom']}/feed.xml"
        wait_until(lambda: isinstance(run.grpcurl("FetcherService", "CreateSource", {"source_id": "newsroom", "source": {"kind": "SOURCE_KIND_FEED", "url": feed}}, check=False), list)
                   or run.metric("store", "dateline_store_articles") > 0, 30, "the source's creation")
        wait_until(lambda: run.metric("store", "dateline_store_articles") >= 1, 60, "the first article's arrival")
        article = run.grpcurl("ArticleStoreService", "ListArticles", {"page_size": 1})[0]["articles"][0]
        self.assertTrue(article["headline"])
        memory = {service: podman("stats", "--no-stream", "--format", "{{.MemUsage}}", name).stdout.strip() for service, name in containers.items()}
        print(f"memory: {memory}")
        for service, name in containers.items():
            podman("stop", "--time", "30", name)
            state = json.loads(podman("inspect", name).stdout)[0]["State"]
            self.assertEqual((state["ExitCode"], state["OOMKilled"]), (0, False), podman("logs", name).stderr)

    def test_programs_say_in_a_line_what_is_wrong(self):
        done = self.run_program("dateline-health", "--timeout=1s", "127.0.0.1:1", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stdout.splitlines()), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
