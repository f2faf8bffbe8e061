"""Makes docs/protocol.md of the comments in protos/: build/deps/venv/bin/python docs/make_protocol.py"""
import subprocess
from pathlib import Path

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/protocol.md"
# The contract before what only the services themselves read and write.
FILES = ("article", "article_store_service", "fetcher_service", "parser_service", "page", "source", "fetch", "dead_letter",
         "explanation", "site_rule", "frontier", "warc_import")
OWN_RECORDS = ("frontier", "warc_import")
HEAD = """# Protocol

Made from the comments in [protos/](../protos/dateline/v1) by `docs/make_protocol.py`; change those. The topics are in [topics.md](topics.md), programs that read them in [subscribe.md](subscribe.md).

## Versions

- `dateline.v1` stays. What would break a client goes into a `dateline.v2` beside it, never into `v1`.
- In `v1` things are only added: fields, messages, enum values, methods. Nothing is renumbered, renamed, retyped or removed; a field that is of no use any more is marked `deprecated` and goes on being written.
- So an old client reads new messages: it passes over fields that it doesn't know, and keeps them where it writes the message on. A new client reads old messages: what wasn't there is empty, which always means "not known". Enum values that a client doesn't know arrive as numbers; treat them as `*_UNSPECIFIED`.
- `buf breaking` holds the protocol to this against [protos/baseline.binpb](../protos/baseline.binpb), the contract of the last release ([0021](decisions/0021-contract.md)).
- Frontier and import records are the fetchers' own: they keep the same rules, so that fetchers can be upgraded one by one, but are not for others to write.
"""


def comments(file):
    """What stands above each element, by its path in the descriptor."""
    return {tuple(location.path): "\n\n".join(" ".join(part.split()) for part in location.leading_comments.split("\n\n"))
            for location in file.source_code_info.location}


def anchor(name):
    return name.lower().replace(".", "").replace(" ", "-")


def type_of(field, entries):
    """The type as one would say it, with a link to what is on this page."""
    if field.type_name in entries:
        key, value = entries[field.type_name].field
        return f"map of {type_of(key, {})} to {type_of(value, {})}"
    if field.type_name.startswith(".dateline.v1."):
        name = field.type_name.removeprefix(".dateline.v1.")
        text = f"[{name}](#{anchor(name)})"
    elif field.type_name:
        text = field.type_name.removeprefix(".google.protobuf.")
    else:
        text = FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()
    return ("list of " if field.label == FieldDescriptorProto.LABEL_REPEATED else "") + text


def cell(text):
    return text.replace("\n\n", " ").replace("|", "\\|")


def message_lines(message, path, notes, prefix=""):
    name = prefix + message.name
    entries = {f".dateline.v1.{name}.{nested.name}": nested for nested in message.nested_type if nested.options.map_entry}
    yield f"\n### {name}\n\n{notes.get(path, '')}\n"
    if message.field:
        yield "\n| field | number | type | |\n|---|---|---|---|\n"
    for index, field in enumerate(message.field):
        one_of = " (one of `" + message.oneof_decl[field.oneof_index].name + "`)" \
            if field.HasField("oneof_index") and not field.proto3_optional else ""
        yield f"| `{field.name}` | {field.number} | {type_of(field, entries)}{one_of} | {cell(notes.get(path + (2, index), ''))} |\n"
    for index, nested in enumerate(message.nested_type):
        if not nested.options.map_entry:
            yield from message_lines(nested, path + (3, index), notes, f"{name}.")
    for index, enum in enumerate(message.enum_type):
        yield from enum_lines(enum, path + (4, index), notes, f"{name}.")


def enum_lines(enum, path, notes, prefix=""):
    yield f"\n### {prefix}{enum.name}\n\n{notes.get(path, '')}\n\n| value | number | |\n|---|---|---|\n"
    for index, value in enumerate(enum.value):
        yield f"| `{value.name}` | {value.number} | {cell(notes.get(path + (2, index), ''))} |\n"


def service_lines(service, path, notes):
    yield f"\n### {service.name}\n\n{notes.get(path, '')}\n"
    for index, method in enumerate(service.method):
        ends = [("stream of " if stream else "") + f"[{name.rsplit('.')[-1]}](#{anchor(name.rsplit('.')[-1])})"
                for name, stream in ((method.input_type, method.client_streaming), (method.output_type, method.server_streaming))]
        yield f"\n**{method.name}**: {ends[0]} → {ends[1]}\n\n{notes.get(path + (2, index), '')}\n"


def file_lines(file):
    notes = comments(file)
    name = Path(file.name).stem
    yield f"\n## {Path(file.name).name}\n\n{notes.get((12,), '')}\n"
    if name in OWN_RECORDS:
        yield "\nThe fetchers' own records.\n"
    for index, service in enumerate(file.service):
        yield from service_lines(service, (6, index), notes)
    for index, message in enumerate(file.message_type):
        yield from message_lines(message, (4, index), notes)
    for index, enum in enumerate(file.enum_type):
        yield from enum_lines(enum, (5, index), notes)


def page():
    image = subprocess.run([str(ROOT / "build/deps/bin/buf"), "build", str(ROOT / "protos"), "-o", "-#format=binpb"],
                           check=True, capture_output=True).stdout
    files = {Path(file.name).stem: file for file in FileDescriptorSet.FromString(image).file
             if file.package == "dateline.v1"}
    ordered = sorted(files, key=lambda name: (FILES.index(name) if name in FILES else len(FILES), name))
    return HEAD + "".join(line for name in ordered for line in file_lines(files[name]))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
