"""Dashboards and alerts: what they ask for exists, and what they say is right."""
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DASHBOARDS = ROOT / "deploy/dashboards"
PROMTOOL = ROOT / "build/deps/bin/promtool"
METRIC = re.compile(r"\bdateline_(?:fetcher|parser|store)_[a-z_]+")
ALERTS = (DASHBOARDS / "alerts.yaml").read_text(encoding="utf-8")


def expressions(name):
    """The PromQL of a dashboard, with Grafana's variables filled in."""
    dashboard = json.loads((DASHBOARDS / name).read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"].replace("$__rate_interval", "5m").replace("$source", ".*")


def exported_metrics():
    """Name and labels of each metric that the services' sources name."""
    text = "".join(path.read_text(encoding="utf-8") for service in ("fetcher", "parser", "store") for path in (ROOT / service).rglob("*.cc"))
    return set(re.findall(r'"(dateline_[a-z_]+)"', text))


class DashboardsTest(unittest.TestCase):
    def test_files_are_what_the_generator_writes(self):
        subprocess.run([DASHBOARDS / "generate", "--check"], check=True)

    def test_every_metric_asked_for_is_exported(self):
        exported = exported_metrics()
        asked = {(path.name, metric) for path in DASHBOARDS.glob("*.*") for metric in METRIC.findall(path.read_text(encoding="utf-8"))}
        self.assertGreater(len(asked), 30)
        unknown = {(name, metric) for name, metric in asked if re.sub("_(bucket|count|sum)$", "", metric) not in exported and metric not in exported}
        self.assertEqual(unknown, set())

    def test_prometheus_reads_every_expression(self):
        rules = [{"record": f"x:{number}", "expr": expression}
                 for number, expression in enumerate(e for name in ("pipeline.json", "sources.json", "store.json") for e in expressions(name))]
        self.assertGreater(len(rules), 40)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            # YAML reads JSON.
            json.dump({"groups": [{"name": "dashboards", "rules": rules}]}, file)
            file.flush()
            checked = subprocess.run([PROMTOOL, "check", "rules", file.name], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_alerts_say_what_they_should_of_made_up_series(self):
        tested = subprocess.run([PROMTOOL, "test", "rules", ROOT / "tests/deploy/alerts_test.yaml"], capture_output=True, text=True)
        self.assertEqual(tested.returncode, 0, tested.stdout + tested.stderr)

    def test_every_alert_has_its_place_in_the_operators_page(self):
        headings = {line.strip("# `") for line in (ROOT / "docs/operate.md").read_text(encoding="utf-8").splitlines() if line.startswith("#")}
        alerts = re.findall(r"- alert: (\w+)", ALERTS)
        self.assertGreater(len(alerts), 8)
        self.assertEqual([alert for alert in alerts if alert not in headings], [])
        self.assertEqual(re.findall(r"runbook: docs/operate.md#(\w+)", ALERTS), [alert.lower() for alert in alerts])


if __name__ == "__main__":
    unittest.main(verbosity=2)
