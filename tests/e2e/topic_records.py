"""Reads a topic whole."""
import time

import confluent_kafka


def read_all(brokers, topic):
    """All committed records of a topic, up to its end."""
    consumer = confluent_kafka.Consumer({
        "bootstrap.servers": brokers, "group.id": f"reader-{time.time()}",
        "auto.offset.reset": "earliest", "isolation.level": "read_committed",
        "enable.partition.eof": True, "enable.auto.commit": False})
    partitions = consumer.list_topics(topic, timeout=20).topics[topic].partitions
    consumer.assign([confluent_kafka.TopicPartition(topic, p, 0) for p in partitions])
    records, ended = [], set()
    while len(ended) < len(partitions):
        message = consumer.poll(20)
        if message is None:
            raise AssertionError("the broker does not answer")
        if not message.error():
            records.append(message)
        elif message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
            ended.add(message.partition())
        else:
            raise AssertionError(message.error())
    consumer.close()
    return records
