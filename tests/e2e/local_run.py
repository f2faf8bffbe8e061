"""A run of Dateline on this machine, in a folder and on ports of its own."""
import atexit
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

import confluent_kafka

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("DATELINE_BIN", ROOT / "build/release/bin"))
GRPCURL = ROOT / "build/deps/bin/grpcurl"
PORTS = ("fetcher", "parser", "store", "newsroom", "kafka", "controller",
         "fetcher_metrics", "parser_metrics", "store_metrics", "opensearch", "opensearch_transport")

# Told to end, a program ends as on Ctrl-C; its runs are closed behind it (LocalRun).
signal.signal(signal.SIGTERM, signal.default_int_handler)


def port_is_free(port):
    with socket.socket() as probe:
        # As servers do, so that a port in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_base_port():
    """A number whose followers are free ports, one for each of PORTS, below the ephemeral ones."""
    while True:
        base = random.randrange(20_000, 32_000, 20)
        if all(port_is_free(base + i) for i in range(1, len(PORTS) + 1)):
            return base


def generated_protos(folder):
    """Python code of the protocol, made by protoc into `folder`."""
    protos = sorted(str(p) for p in (ROOT / "protos").rglob("*.proto"))
    subprocess.run(["protoc", f"-I{ROOT / 'protos'}", f"--python_out={folder}", *protos], check=True)


class ProtosTestCase(unittest.TestCase):
    """Tests that import the protocol's Python code, made anew for them."""

    @classmethod
    def setUpClass(cls):
        protos = tempfile.TemporaryDirectory()
        cls.addClassCleanup(protos.cleanup)
        generated_protos(protos.name)
        sys.path.insert(0, protos.name)


# How often the time that a thing takes on a machine of one's own may pass on one that many share.
PATIENCE = 4


def wait_until(condition, timeout, what, pause=0.1):
    """The first true value of `condition()`, asked every `pause` seconds; fails after `timeout` seconds and some patience."""
    timeout *= PATIENCE
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise AssertionError(f"{what} did not happen within {timeout} s")


class LocalRun:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-e2e-"))
        self.state = self.folder / "state"
        self.base = free_base_port()
        self.port = {name: self.base + i for i, name in enumerate(PORTS, start=1)}
        # unittest leaves its cleanups out where it is interrupted.
        atexit.register(self.close)

    def close(self):
        atexit.unregister(self.close)
        self.down("--wipe")
        shutil.rmtree(self.folder, ignore_errors=True)

    def up(self, *arguments, check=True):
        """Runs deploy/local/up; returns the finished process."""
        done = subprocess.run(
            [str(ROOT / "deploy/local/up"), "--no-install", "--bin", str(BIN), "--state", str(self.state),
             "--base-port", str(self.base), *arguments], capture_output=True, text=True, timeout=300)
        if check and done.returncode:
            raise AssertionError(f"up {arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}\n{self.logs()}")
        return done

    def down(self, *arguments):
        return subprocess.run([str(ROOT / "deploy/local/down"), "--state", str(self.state), *arguments],
                              capture_output=True, text=True, timeout=120)

    def shell(self, command):
        """Runs bash with deploy/local/lib.sh and this run's ports and folder."""
        script = f"set -euo pipefail; root={ROOT}; state={self.state}; . $root/deploy/local/lib.sh; set_ports {self.base}; {command}"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise AssertionError(f"{command}: {done.stderr}")
        return done.stdout

    def start_broker(self):
        """Only the broker, with its topics."""
        self.shell("start_broker")
        subprocess.run([str(BIN / "dateline-topics"), f"--kafka_brokers={self.brokers}",
                        f"--definitions={ROOT / 'deploy/topics.json'}"], check=True, capture_output=True, timeout=90)

    def start(self, name, *flags):
        """Starts one service as `up` would, with more flags."""
        self._start(name, name, flags)

    def start_replica(self, name, service, ports, *flags):
        """Starts one more `service` under `name`, on the ports that the service `ports` has in a whole run."""
        self.port |= {name: self.port[ports], f"{name}_metrics": self.port[f"{ports}_metrics"]}
        self._start(name, service, flags)
        wait_until(lambda: "serving" in self.log(name), 20, f"the start of {name}")

    def _start(self, name, service, flags):
        command = [str(BIN / f"dateline-{service}"), f"--kafka_brokers={self.brokers}",
                   f"--listen=127.0.0.1:{self.port[name]}",
                   f"--metrics_listen=127.0.0.1:{self.port[name + '_metrics']}", *flags]
        self.shell("start_process " + name + " " + " ".join(f"'{part}'" for part in command))

    def stop(self, name):
        self.shell(f"stop_process {name}")

    def pid(self, name):
        return int((self.state / "pids" / name).read_text().split()[0])

    def kill(self, name):
        """kill -9, as a crash."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{pid}").exists() or
                   Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z", 10, f"the end of {name}")
        (self.state / "pids" / name).unlink()

    @property
    def brokers(self):
        return f"127.0.0.1:{self.port['kafka']}"

    def read_committed(self, topic):
        """All committed records of a topic, up to its end, in each partition's order."""
        consumer = confluent_kafka.Consumer({
            "bootstrap.servers": self.brokers, "group.id": f"reader-{time.time()}", "auto.offset.reset": "earliest",
            "isolation.level": "read_committed", "enable.partition.eof": True, "enable.auto.commit": False})
        partitions = consumer.list_topics(topic, timeout=20).topics[topic].partitions
        consumer.assign([confluent_kafka.TopicPartition(topic, p, 0) for p in partitions])
        records, ended = [], set()
        while len(ended) < len(partitions):
            message = consumer.poll(20)
            assert message is not None, "the broker does not answer"
            if message.error() is None:
                records.append(message)
                continue
            assert message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF, message.error()
            ended.add(message.partition())
        consumer.close()
        return records

    def log(self, name):
        path = self.state / "log" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def logs(self):
        return "\n".join(f"--- {p.name}\n" + "\n".join(p.read_text(errors="replace").splitlines()[-15:])
                         for p in sorted((self.state / "log").glob("*.log")))

    def grpcurl(self, service, method, request=None, check=True):
        """The answers as a list of dicts, or the error as text where not `check`."""
        server = {"FetcherService": "fetcher", "ParserService": "parser", "ArticleStoreService": "store"}[service]
        done = subprocess.run(
            [str(GRPCURL), "-plaintext", "-max-msg-sz", "64000000", "-d", "@", f"127.0.0.1:{self.port[server]}",
             f"dateline.v1.{service}/{method}"],
            input=request if isinstance(request, str) else json.dumps(request or {}),
            capture_output=True, text=True, timeout=60)
        if done.returncode:
            if check:
                raise AssertionError(f"{method} {request}: {done.stderr}")
            return done.stderr
        return parse_json_stream(done.stdout)

    def metric(self, server, name, **labels):
        """The sum of a metric over all label sets that have these labels."""
        url = f"http://127.0.0.1:{self.port[server + '_metrics']}/metrics"
        total = 0.0
        for line in urllib.request.urlopen(url, timeout=10).read().decode().splitlines():
            if line.startswith((name + " ", name + "{")) and all(f'{k}="{v}"' in line for k, v in labels.items()):
                total += float(line.rsplit(" ", 1)[1])
        return total

    def await_article(self, uid, timeout=30):
        def found():
            answer = self.grpcurl("ArticleStoreService", "GetArticle", {"uid": uid}, check=False)
            return answer[0]["article"] if isinstance(answer, list) else None
        return wait_until(found, timeout, f"the arrival of article {uid}")


def snake_case(value):
    """The same with the protocol's own field names; newer grpcurls print them in lowerCamelCase."""
    if isinstance(value, dict):
        return {re.sub(r"(?<!^)([A-Z])", r"_\1", key).lower(): snake_case(item) for key, item in value.items()}
    return [snake_case(item) for item in value] if isinstance(value, list) else value


def parse_json_stream(text):
    """The messages that grpcurl printed, one behind the other."""
    decoder, values, at = json.JSONDecoder(), [], 0
    text = text.strip()
    while at < len(text):
        value, end = decoder.raw_decode(text, at)
        values.append(snake_case(value))
        at = end
        while at < len(text) and text[at].isspace():
            at += 1
    return values
