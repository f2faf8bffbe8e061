"""What tests/data/newsroom/expected says of an article, compared with the article."""
import datetime
import json

from local_run import ROOT

EXPECTED = ROOT / "tests/data/newsroom/expected"


def expectations():
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(EXPECTED.glob("*.json"))}


def folded(text):
    """Spaces folded, U+3000 among them; line feeds kept."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def instant(text):
    """To the minute in UTC, as ArticleTime.time has it; a time without offset is taken as UTC."""
    value = datetime.datetime.fromisoformat(text)
    if value.tzinfo:
        value = value.astimezone(datetime.timezone.utc)
    return value.strftime("%Y-%m-%dT%H:%M")


def block_of(block):
    """(type, text) of one block in grpcurl's JSON."""
    (kind, content), = block.items()
    if kind == "table":
        text = "\n".join("\t".join(cell.get("text", "") for cell in row["cells"]) for row in content["rows"])
        return kind, folded(text)
    return kind, folded(content.get("text", ""))


def blocks_of(article):
    return [pair for pair in map(block_of, article.get("body", [])) if pair[0] != "image"]


def differences(expected, article):
    """Sentences on what differs; empty where the article is as a reader would have it."""
    found = []

    def compare(field, want, have):
        if want != have:
            found.append(f"{field}: want {want!r}, have {have!r}")

    compare("headline", folded(expected.get("headline") or expected.get("feed_title", "")), folded(article.get("headline", "")))
    compare("authors", expected.get("authors", []), [a["name"] for a in article.get("authors", [])])
    compare("dateline", expected.get("dateline", ""), article.get("dateline", ""))
    compare("language", expected["language"].split("-")[0], article.get("language", {}).get("tag", "").split("-")[0])
    if expected.get("publish_time"):
        compare("publish time", instant(expected["publish_time"]), article.get("publish_time", {}).get("time", "")[:16])
    if expected.get("access", "UNSPECIFIED") != "UNSPECIFIED":
        compare("access", "ACCESS_" + expected["access"], article.get("access", ""))
    want, have = [(b["type"], folded(b["text"])) for b in expected["body"]], blocks_of(article)
    found += [f"missing {kind}: {text!r}" for kind, text in want if (kind, text) not in have]
    found += [f"not to be there, {kind}: {text!r}" for kind, text in have if (kind, text) not in want]
    if not found:
        compare("order of the body", want, have)
    text = "\n".join(text for _, text in blocks_of(article))
    found += [f"furniture in the body: {snippet!r}" for snippet in expected.get("never", []) if folded(snippet) in text]
    return found
