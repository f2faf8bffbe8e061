"""Articles made from a number, for load tests: the same number, the same page.

The page's headline is "Generated report N". Its five paragraphs are chosen by
a hash of N, so that two reports rarely share a sentence, and its publish time
is N minutes after the start of 2026.
"""

import hashlib
import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

MAX_NUMBER = 10_000_000
# When all generated pages say that they were last changed: 2026-01-01, in
# seconds since the Unix epoch.
GENERATED_TIME = 1767225600.0

_START = datetime(2026, 1, 1, tzinfo=timezone.utc)
_WHO = ("the harbour office", "a retired surveyor", "the parish clerk", "two beekeepers",
        "the county archivist", "a signal engineer", "the orchard union", "the night ferry’s crew",
        "a school choir", "the weights inspector", "the lamp makers’ guild", "a visiting botanist",
        "the bridge warden", "three apprentices", "the flood committee", "a glassblower")
_DID = ("counted", "repaired", "auctioned", "painted", "measured", "borrowed", "catalogued",
        "rebuilt", "inspected", "lost", "found", "photographed", "weighed", "delivered",
        "insured", "named")
_WHAT = ("weather vanes", "rowing boats", "milestones", "church bells", "beehives", "lanterns",
         "ledgers", "apple trees", "street pianos", "kites", "sluice gates", "barometers",
         "tramcars", "maps", "stone lions", "teapots")
_WHERE = ("Larkmoor", "Withy Cross", "Gull Point", "Brennach", "Valcombe", "Puerto Alondra",
          "Serra Clara", "Tanners’ Row", "Mill Lane", "Sarwanabad", "the old quay",
          "the salt road", "the upper lock", "Hallowmere", "the Skerries", "St Brannoc’s")
_WHY = ("before the tide turned", "in spite of the rain", "without being asked",
        "for the third year running", "to settle an old argument", "at nobody’s expense",
        "while the band played", "with a borrowed ladder", "by candlelight",
        "under a new by-law", "because the wind had dropped", "ahead of the spring fair",
        "after a vote of nine to eight", "in a single afternoon", "as the law requires",
        "to everybody’s surprise")
_SAID = ("It will be done again", "Nobody was hurt", "The figures are provisional",
         "A full report follows in autumn", "The cost was shared", "Visitors are welcome",
         "The records were kept in ink", "Three letters of thanks arrived")
_SENTENCES_PER_PARAGRAPH = 3
_PARAGRAPHS = 5


def headline(number: int) -> str:
    return f"Generated report {number}"


def publish_time(number: int) -> datetime:
    return _START + timedelta(minutes=number)


def paragraphs(number: int) -> list[str]:
    """The text of the article, five paragraphs."""
    digest = hashlib.shake_128(str(number).encode()).digest(
        8 * _PARAGRAPHS * _SENTENCES_PER_PARAGRAPH)
    sentences = [_sentence(digest[i:i + 8]) for i in range(0, len(digest), 8)]
    step = _SENTENCES_PER_PARAGRAPH
    return [" ".join(sentences[i:i + step]) for i in range(0, len(sentences), step)]


def _sentence(choice: bytes) -> str:
    who, did, what, where, why, said = (
        words[byte % len(words)]
        for words, byte in zip((_WHO, _DID, _WHAT, _WHERE, _WHY, _SAID), choice))
    count = 2 + int.from_bytes(choice[6:8], "big") % 9000
    return (f"{who[0].upper()}{who[1:]} {did} {count} {what} at {where} {why}. "
            f"“{said},” a spokeswoman for {where} said of the {what}.")


def generated_page(number: int, base: str) -> bytes:
    """The article as an HTML page in UTF-8."""
    title, time, url = headline(number), publish_time(number).isoformat(), f"{base}/generated/{number}"
    data = json.dumps({
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title,
        "datePublished": time, "author": {"@type": "Person", "name": "Ada Generator"},
        "publisher": {"@type": "Organization", "name": "The Generated Gazette"},
        "articleSection": "Reports", "inLanguage": "en", "isAccessibleForFree": True})
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(number))
    following = (number + 1) % MAX_NUMBER
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title} | The Generated Gazette</title>
<link rel="canonical" href="{url}">
<script type="application/ld+json">{data}</script></head>
<body><nav><a href="/">Home</a> <a href="/generated/feed">Feed</a></nav>
<article><h1>{title}</h1>
<p class="byline">By Ada Generator, <time datetime="{time}">{time[:10]}</time></p>
<div class="article-body">
{text}
</div></article>
<aside><h2>Next report</h2><a href="/generated/{following}">{headline(following)}</a></aside>
<footer>The Generated Gazette. All rights reserved.</footer></body>
</html>
""".encode()


def generated_feed(first: int, count: int, base: str) -> bytes:
    """RSS 2.0 with the articles `first` to `first + count - 1`."""
    items = "".join(
        f"<item><title>{headline(n)}</title><link>{base}/generated/{n}</link>"
        f"<guid>{base}/generated/{n}</guid>"
        f"<pubDate>{format_datetime(publish_time(n))}</pubDate></item>\n"
        for n in range(first, first + count))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>The Generated Gazette</title><link>{base}/</link>
<description>Generated reports {first} to {first + count - 1}</description>
{items}</channel></rss>
""".encode()
