"""An upgrade under load: a pipeline of earlier programs, rolled to those of this build service by service.

The load, and what is compared, are those of faults.py; a fault here is the end of a service and its start from the other
build.
"""
import os
from pathlib import Path

from faults import SERVICES, Faults
from local_run import BIN

# Each rolls the services one behind the other; up the stream, who reads is new before who writes.
ORDERS = {"down the stream": ("fetcher", "parser", "second", "store"), "up the stream": ("store", "second", "parser", "fetcher")}


class Upgrade(Faults):
    def __init__(self, old, pages, seed, say):
        super().__init__(pages, seed, say)
        self.old, self.rolled = Path(old).resolve(), set()

    def programs(self, name):
        return BIN.resolve() if name in self.rolled else self.old

    def roll(self, name):
        """Ends one service as an upgrade does, by SIGTERM, and starts the new one."""
        self.run.stop(name)
        self.rolled.add(name)
        self.start(name)
        return f"{name} upgraded"

    def rest(self):
        return f"{len(self.rolled)} of {len(SERVICES)} services are new"

    def wrongly_run(self):
        """Services whose process is not of the build that it should be of."""
        return [f"{name} runs {program}" for name in SERVICES
                if (program := Path(os.readlink(f"/proc/{self.run.pid(name)}/exe"))).parent != self.programs(name)]

    def miscounted(self):
        """The store's articles beside the keys of the topic, which nothing takes back here."""
        answer = self.run.grpcurl("ArticleStoreService", "AggregateArticles", {"groupings": ["AGGREGATE_GROUPING_LANGUAGE"]})
        stored, produced = int(answer[0]["total_count"]), len(self.reader.versions)
        return [] if stored == produced else [f"the store has {stored} articles, the topic {produced}"]


def run(old, order, pages, seed, say=print):
    """Rolls all services in one of ORDERS. Figures by name, and what was wrong, as sentences."""
    upgrade, wrong, done = Upgrade(old, pages, seed, say), [], 0
    steps = ["rest", *(f"roll:{name}" for name in ORDERS[order]), "rest"]
    try:
        upgrade.start_all()
        while done < len(steps) and not wrong:
            kind = steps[done]
            done += 1
            wrong = [f"{order}, step {done}: {text}" for text in
                     upgrade.round(done, kind) + upgrade.wrongly_run() + upgrade.miscounted()]
        if wrong:
            say(upgrade.run.logs())
        return upgrade.figures(done, wrong) | {"articles": len(upgrade.reader.versions)}, wrong
    finally:
        upgrade.close()
