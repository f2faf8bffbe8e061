"""Fills the frontier topic with entries as a crawl of some weeks leaves them."""
import hashlib
import random
import time

import confluent_kafka

TOPIC = "dateline.frontier"
PARTITIONS = 12
MASK = 2**64 - 1


def partition_of(host_port):
    """As PartitionOfHost (fetcher/core/partition_of.cc)."""
    value = 0xCBF29CE484222325
    for byte in host_port.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    value = ((value ^ (value >> 33)) * 0xFF51AFD7ED558CCD) & MASK
    return (value ^ (value >> 33)) % PARTITIONS


def entry(record, url, number, words, now):
    """Makes `record` that of a page that was fetched, and rests for a month."""
    record.Clear()
    found = record.url
    found.url = url
    found.purpose = 1
    found.next_fetch_time.seconds = now + 30 * 86400 + number % 86400
    found.last_fetch_time.seconds = now - number % 86400
    found.last_fetch_time.nanos = 1_000_000 * (number % 1000)
    found.last_change_time.CopyFrom(found.last_fetch_time)
    found.last_outcome = 1
    found.last_reason = "The page was received."
    found.last_status = 200
    found.etag = f'"{number:x}-{number * 2654435761 % 2**44:x}"'
    found.last_modified = "Tue, 15 Feb 2022 09:30:00 GMT"
    found.body_sha256 = hashlib.sha256(url.encode()).digest()
    found.interval.seconds = 86400
    found.revision = 3
    found.hints.source = f"sources/{number % 1000}-example-test"
    found.hints.title = " ".join(words.choices(WORDS, k=9))
    found.hints.section = "politics"


WORDS = ["minister", "harbour", "vote", "budget", "river", "flood", "court", "union", "strike", "school", "storm", "price", "talks", "border"]


def load(brokers, site_hosts, host_of, port, count, due):
    """`count` entries over `site_hosts` hosts, and `due` pages of the server behind `port` that are due."""
    from dateline.v1 import frontier_pb2
    producer = confluent_kafka.Producer({
        "bootstrap.servers": brokers, "linger.ms": 50, "compression.type": "zstd", "queue.buffering.max.messages": 500_000})
    words, record, now = random.Random(3), frontier_pb2.FrontierRecord(), int(time.time())
    hosts = [(f"{host_of(host)}:{port}", partition_of(f"{host_of(host)}:{port}")) for host in range(site_hosts)]
    for number in range(count):
        host, partition = hosts[number % site_hosts]
        url = f"http://{host}/news/2026/02/{number}/{'-'.join(words.choices(WORDS, k=5))}.html"
        entry(record, url, number, words, now)
        if number < due:
            url = f"http://{host}/0.html?due={number}"
            record.url.url = url
            record.url.next_fetch_time.seconds = now
            record.url.ClearField("body_sha256")
            record.url.ClearField("etag")
            record.url.ClearField("last_modified")
        while True:
            try:
                producer.produce(TOPIC, key=url, value=record.SerializeToString(), partition=partition)
                break
            except BufferError:
                producer.poll(0.1)
        if number % 1000 == 0:
            producer.poll(0)
    if producer.flush(120):
        raise AssertionError("the broker took not every entry")
