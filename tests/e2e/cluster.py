"""Three brokers under load, of which one is killed, and another once the first is back; then pages and outcomes compared.

As people run Kafka: each partition on three brokers, two of which have a record before it counts. The rest is faults.py.
"""
import base64
import os
import random
import shutil
import subprocess
import threading
import time

from confluent_kafka.admin import AdminClient

import faults
from local_run import BIN, ROOT, LocalRun, port_is_free, wait_until

BROKERS = ("kafka1", "kafka2", "kafka3")
# How long a broker is away once that is noticed, and the load goes on between two faults.
AWAY_SECONDS, CALM_SECONDS = 3, 3


class ClusterRun(LocalRun):
    """One with three brokers, each a controller, too, so that two of them decide without the third."""

    def __init__(self):
        super().__init__()
        # Below those of the single runs.
        while True:
            base = random.randrange(15_000, 20_000, 10)
            if all(port_is_free(base + i) for i in range(2 * len(BROKERS))):
                break
        for i, name in enumerate(BROKERS):
            self.port |= {name: base + 2 * i, f"{name}_controller": base + 2 * i + 1}
        self.cluster_id = base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=").replace("-", "A")

    @property
    def brokers(self):
        return ",".join(f"127.0.0.1:{self.port[name]}" for name in BROKERS)

    def close(self):
        self.down()
        for name in BROKERS:
            # Their data goes, and the last two would wait for the third.
            if "yes" in self.shell(f"running {name} && echo yes || true"):
                self.kill(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_broker(self):
        for name in BROKERS:
            self.make_folder(name)
            self.start_one(name)
        subprocess.run([str(BIN / "dateline-topics"), f"--kafka_brokers={self.brokers}", "--replication_factor=3",
                        f"--definitions={ROOT / 'deploy/topics.json'}"], check=True, capture_output=True, timeout=90)

    def make_folder(self, name):
        home = self.state / name
        home.mkdir(parents=True)
        number = {broker: i for i, broker in enumerate(BROKERS, start=1)}
        voters = ",".join(f"{number[broker]}@127.0.0.1:{self.port[broker + '_controller']}" for broker in BROKERS)
        (home / "server.properties").write_text(f"""process.roles=broker,controller
node.id={number[name]}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{self.port[name]},CONTROLLER://127.0.0.1:{self.port[name + '_controller']}
advertised.listeners=PLAINTEXT://127.0.0.1:{self.port[name]}
controller.listener.names=CONTROLLER
log.dirs={home}/data
auto.create.topics.enable=false
min.insync.replicas=2
offsets.topic.replication.factor=3
offsets.topic.num.partitions=10
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
transaction.state.log.num.partitions=10
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=16777216
""")
        self.shell(f'write_log_settings {home}/log4j2.properties; java -cp "$(kafka_class_path)" '
                   f"-Dlog4j2.configurationFile={home}/log4j2.properties kafka.tools.StorageTool format "
                   f"-t {self.cluster_id} -c {home}/server.properties")

    def start_one(self, name):
        home = self.state / name
        self.shell(f'start_process {name} java -Xms128m -Xmx192m -XX:+UseSerialGC -cp "$(kafka_class_path)" '
                   f"-Dlog4j2.configurationFile={home}/log4j2.properties kafka.Kafka {home}/server.properties")

    def is_whole(self):
        """Whether each partition is on all three brokers, with all that was written."""
        try:
            topics = AdminClient({"bootstrap.servers": self.brokers, "log_level": 0}).list_topics(timeout=10).topics
        except Exception:  # For as long as nobody answers.
            return False
        return all(len(partition.isrs) == 3 for topic in topics.values() for partition in topic.partitions.values())


class Cluster(faults.Faults):
    def __init__(self, seed, say):
        super().__init__(0, seed, say, ClusterRun())
        self.brokers = BROKERS
        self.loaded = threading.Event()
        self.failures = []

    def guarded(self, work):
        """As a thread, whose failure is told at the end."""
        def run():
            try:
                work()
            except Exception as error:
                self.failures.append(f"{work.__name__}: {error}")
        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def produce_on(self):
        self.produce(100)
        while not self.loaded.is_set():
            # Some 90 a second: what stands still shall be seen, not how fast a small machine is.
            self.produce(10, poisons=())
            time.sleep(0.1)

    def submit_on(self):
        while not self.loaded.is_set():
            urls = self.site.urls(1, faults.SITE_PAGES, f"load={len(self.submitted)}")
            self.submitted += urls
            self.submit(urls)
            time.sleep(1)

    def kill_in_turn(self):
        for name in self.random.sample(BROKERS, 2):
            time.sleep(CALM_SECONDS)
            self.run.kill(name)
            wait_until(lambda: not self.run.is_whole(), 60, f"the others' notice of the end of {name}", pause=0.5)
            time.sleep(AWAY_SECONDS)
            self.run.start_one(name)
            begin = time.monotonic()
            wait_until(self.run.is_whole, 120, f"the return of {name}", pause=0.5)
            self.say(f"{name} killed, and with all records again {time.monotonic() - begin:.1f} s after its start")
        time.sleep(CALM_SECONDS)

    def round(self, number):
        """What was wrong behind two kills: sentences."""
        self.loaded.clear()
        # From the first outcome on: that which stood still meanwhile is no pause.
        self.reader.outcome_at = None
        load = [self.guarded(self.produce_on), self.guarded(self.submit_on)]
        kills = self.guarded(self.kill_in_turn)
        while kills.is_alive():
            self.reader.read(0.3)
        self.loaded.set()
        for thread in load:
            thread.join()
        if self.producer.flush(60):
            self.failures.append("the brokers do not take the pages")
        ended = self.await_outcomes(120)
        found = [*self.failures, *(f"{name} has ended by itself" for name in self.ended()),
                 *([] if ended else ["not all outcomes came within 120 s"]), *self.differences()]
        self.say(f"round {number}: {len(self.reader.pages)} pages in all; longest pause {self.reader.longest_pause:.1f} s; "
                 f"{'balanced' if not found else found[:5]}")
        return found


def run(rounds, seed, say=print):
    """Figures by name, and what was wrong, as sentences; ends at the first round that shows any."""
    cluster, wrong, done = Cluster(seed, say), [], 0
    try:
        cluster.start_all()
        wait_until(cluster.run.is_whole, 60, "the start of all brokers", pause=0.5)
        while done < rounds and not wrong:
            done += 1
            wrong = [f"round {done}: {text}" for text in cluster.round(done)]
        if wrong:
            say(cluster.run.logs())
        return cluster.figures(done, wrong) | {"longest_pause_seconds": round(cluster.reader.longest_pause, 1)}, wrong
    finally:
        cluster.close()
