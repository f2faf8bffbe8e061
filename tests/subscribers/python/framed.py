"""Prints the messages of a topic whose values are framed for a schema registry, as Confluent's deserializer reads them.

With a registry the deserializer looks up the schema that a message was written by; without one it takes the type that it
is given. Ends after --idle seconds without a record.
"""
import argparse
import base64
import json
import pathlib
import subprocess
import tempfile

from confluent_kafka import Consumer
from confluent_kafka.schema_registry import RegisteredSchema, Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext
from dateline.v1.article_pb2 import Article
from dateline.v1.page_pb2 import RawPage
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.json_format import MessageToDict


class TextRegistry(SchemaRegistryClient):
    """For a registry that gives schemas as text also where the client asks for them serialized, as Apicurio 2.6 does."""

    def get_schema(self, schema_id, *_, **__):
        return self.serialized(super().get_schema(schema_id))

    def get_version(self, subject, version, *_, **__):
        found = super().get_version(subject, version)
        return RegisteredSchema(subject=subject, version=version, schema_id=found.schema_id, guid=found.guid,
                                schema=self.serialized(found.schema))

    def serialized(self, schema):
        with tempfile.TemporaryDirectory() as folder:
            self.write(pathlib.Path(folder), "schema.proto", schema)
            done = subprocess.run(["protoc", f"-I{folder}", f"--descriptor_set_out={folder}/out", "schema.proto"],
                                  cwd=folder, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(done.stderr)
            file, = FileDescriptorSet.FromString(pathlib.Path(folder, "out").read_bytes()).file
        return Schema(base64.b64encode(file.SerializeToString()).decode(), schema.schema_type, schema.references)

    def write(self, folder, name, schema):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(schema.schema_str, encoding="utf-8")
        for reference in schema.references or []:
            self.write(folder, reference.name, super().get_version(reference.subject, reference.version).schema)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--brokers", default="127.0.0.1:9092")
    parser.add_argument("--group", default="my-readers")
    parser.add_argument("--topic", default="dateline.articles")
    parser.add_argument("--registry", help="its address; none: the type is known")
    parser.add_argument("--idle", type=float, default=10)
    options = parser.parse_args()
    message_type = Article if options.topic.endswith("articles") else RawPage
    registry = TextRegistry({"url": options.registry}) if options.registry else None
    deserializer = ProtobufDeserializer(message_type, {"use.deprecated.format": False}, registry)
    consumer = Consumer({"bootstrap.servers": options.brokers, "group.id": options.group, "auto.offset.reset": "earliest",
                         "isolation.level": "read_committed"})
    consumer.subscribe([options.topic])
    while (record := consumer.poll(options.idle)) is not None:
        if record.error():
            raise SystemExit(record.error())
        if record.value() is None:
            continue
        message = deserializer(record.value(), SerializationContext(options.topic, MessageField.VALUE, record.headers()))
        print(json.dumps({"uid": message.uid, "message": MessageToDict(message, preserving_proto_field_name=True),
                          "wire": base64.b64encode(message.SerializeToString(deterministic=True)).decode()}), flush=True)
    consumer.close()


main()
