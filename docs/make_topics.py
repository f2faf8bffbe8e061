"""Makes docs/topics.md of deploy/topics.json and docs/topics.in.md: python3 docs/make_topics.py"""
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/topics.md"
PREFIX = "dateline."
DAY_MS = 24 * 60 * 60 * 1000


def topics():
    return json.loads((ROOT / "deploy/topics.json").read_text(encoding="utf-8"))["topics"]


def days(config, name):
    return f"{int(config[name]) // DAY_MS} days"


def retention(config):
    """How long records stay, in words."""
    if config["cleanup.policy"] == "delete":
        return days(config, "retention.ms")
    if "min.compaction.lag.ms" in config:
        return f"all versions for {days(config, 'min.compaction.lag.ms')}, then the last of each key"
    return "the last record of each key"


def rows(topics):
    yield "| topic | key | value | what stays | partitions |\n|---|---|---|---|---|\n"
    for topic in topics:
        name = f"[`{topic['name']}`](#{(PREFIX + topic['name']).replace('.', '')})"
        yield f"| {name} | {topic['key']} | {topic['value']} | {retention(topic['config'])} | {topic['partitions']} |\n"


def catalogue(topics):
    for topic in topics:
        yield f"\n### {PREFIX}{topic['name']}\n\n{topic['what']}\n\n| | |\n|---|---|\n"
        for label, text in (("key", topic["key"]), ("value", topic["value"]), ("headers", topic["headers"]),
                            ("what stays", retention(topic["config"])), ("partitions", topic["partitions"]),
                            ("order", topic["order"]), ("delivery", topic["delivery"])):
            yield f"| {label} | {text} |\n"
        settings = "\n".join(f"{name}={value}" for name, value in topic["config"].items())
        example = json.dumps(topic["example"], indent=2, ensure_ascii=False)
        yield f"\nIts settings:\n\n```properties\n{settings}\n```\n\nA record of it, the value as JSON:\n\n```json\n{example}\n```\n"


def page():
    defined = topics()
    text = (ROOT / "docs/topics.in.md").read_text(encoding="utf-8")
    return text.replace("{topics}", "".join(rows(defined))).replace("{catalogue}", "".join(catalogue(defined)))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
