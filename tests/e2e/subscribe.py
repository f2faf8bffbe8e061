"""Prints a line per article. KAFKA names the broker, GROUP the consumer group;
with IDLE_SECONDS it ends after that long without an article."""
import os

from confluent_kafka import Consumer
from dateline.v1.article_pb2 import Article

consumer = Consumer({
    "bootstrap.servers": os.environ.get("KAFKA", "127.0.0.1:9092"),
    "group.id": os.environ.get("GROUP", "my-readers"),
    "auto.offset.reset": "earliest", "isolation.level": "read_committed"})
consumer.subscribe(["dateline.articles"])
idle = 0
while idle < float(os.environ.get("IDLE_SECONDS", "inf")):
    message = consumer.poll(1.0)
    idle = 0 if message is not None and not message.error() else idle + 1
    if idle == 0 and message.value():  # An article taken back has no value.
        article = Article.FromString(message.value())
        print(article.publish_time.time.ToDatetime().date(), article.language.tag, article.headline, sep="\t", flush=True)
consumer.close()
