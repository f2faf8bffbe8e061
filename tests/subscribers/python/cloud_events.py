"""Prints the records of a topic as CloudEvents' SDK and OpenTelemetry's propagator read them.

Ends after two seconds without a record.
"""
import argparse

from cloudevents.kafka import KafkaMessage, from_binary
from confluent_kafka import Consumer
from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--brokers", default="127.0.0.1:9092")
    parser.add_argument("--group", default="my-readers")
    parser.add_argument("--topic", default="dateline.articles")
    options = parser.parse_args()
    consumer = Consumer({"bootstrap.servers": options.brokers, "group.id": options.group, "auto.offset.reset": "earliest",
                         "isolation.level": "read_committed"})
    consumer.subscribe([options.topic])
    empty = 0
    while empty < 4:
        message = consumer.poll(0.5)
        empty = empty + 1 if message is None else 0
        if message is None:
            continue
        headers = dict(message.headers())
        event = from_binary(KafkaMessage(headers, message.key(), message.value()), data_unmarshaller=lambda data: data)
        carrier = {name: value.decode() for name, value in headers.items()}
        context = trace.get_current_span(TraceContextTextMapPropagator().extract(carrier)).get_span_context()
        print(event["specversion"], event["id"], event["source"], event["type"], event["subject"], event["time"],
              event["datacontenttype"], len(event.data or b""), f"{context.trace_id:032x}" if context.is_valid else "-",
              sep="\t", flush=True)
    consumer.close()


main()
