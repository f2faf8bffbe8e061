"""Prints a line for each article on the topic, and commits what it has printed.

Records of aborted transactions are passed by. What is shown twice after a crash
is what was printed but not committed; `uid` and `version` tell it.
"""
import argparse
import base64
import datetime
import json
import time

from confluent_kafka import Consumer
from dateline.v1.article_pb2 import Article
from google.protobuf.json_format import MessageToDict

TOPIC = "dateline.articles"


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--brokers", default="127.0.0.1:9092")
    parser.add_argument("--group", default="my-readers")
    parser.add_argument("--publisher", help="only of this publisher")
    parser.add_argument("--language", help="only in this language, a BCP 47 tag")
    parser.add_argument("--since", type=datetime.datetime.fromisoformat, help="begin at this time where the group is new")
    parser.add_argument("--idle", type=float, default=float("inf"), help="end after as many seconds without a record")
    parser.add_argument("--json", action="store_true", help="print articles as JSON")
    return parser.parse_args()


def wanted(article, options):
    return (options.publisher in (None, article.publisher.name)) and (options.language in (None, article.language.tag))


def line(article, as_json):
    if not as_json:
        return "\t".join((str(article.publish_time.time.ToDatetime().date()), article.publisher.name, article.headline))
    return json.dumps({"article": MessageToDict(article, preserving_proto_field_name=True),
                       "wire": base64.b64encode(article.SerializeToString()).decode()})


def begin_at(since):
    """Of partitions without a committed offset, the first record that is not older."""
    def assign(consumer, partitions):
        committed = {(p.topic, p.partition): p.offset for p in consumer.committed(partitions, timeout=30)}
        for partition in partitions:
            partition.offset = int(since.timestamp() * 1000)
        partitions = consumer.offsets_for_times(partitions, timeout=30)
        for partition in partitions:
            offset = committed[partition.topic, partition.partition]
            partition.offset = offset if offset >= 0 else partition.offset
        consumer.assign(partitions)
    return assign


def main():
    options = arguments()
    consumer = Consumer({"bootstrap.servers": options.brokers, "group.id": options.group, "auto.offset.reset": "earliest",
                         "isolation.level": "read_committed", "enable.auto.commit": False})
    consumer.subscribe([TOPIC], **({"on_assign": begin_at(options.since)} if options.since else {}))
    last = time.monotonic()
    while time.monotonic() - last < options.idle:
        messages = consumer.consume(100, 0.5)
        for message in messages:
            if message.error():
                raise SystemExit(str(message.error()))
            if message.value() is None:  # The article was taken back.
                continue
            article = Article.FromString(message.value())
            if wanted(article, options):
                print(line(article, options.json), flush=True)
        if messages:
            consumer.commit(asynchronous=False)
            last = time.monotonic()
    consumer.close()


main()
