"""A package of events as files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.errors import UsageError
from treaty.model.avro.canonical import fingerprint
from treaty.model.avro.types import Record, Schema
from treaty_codegen.events.planning import EventPlan, TopicPlan, plan_asyncapi, plan_avro
from treaty_codegen.events.records import RecordWriter, class_of, module_of
from treaty_codegen.events.schemas import schemas_module
from treaty_codegen.layout import fitted
from treaty_codegen.models.emitting import fitted_import, import_order, models_source
from treaty_codegen.models.library import build_types
from treaty_codegen.naming import python_name, unique
from treaty_codegen.outcome import Element, Emitted
from treaty_codegen.quoting import docstring, literal, one_line
from treaty_codegen.runtime_sources import NOTICE, runtime_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.library import Library, Node
    from treaty.model.avro.types import Named
    from treaty_codegen.jobs import Job
    from treaty_codegen.models.library import Types

__all__ = ["emit_events"]

_RUNTIME = ("avro", "confluent", "kafka", "messaging")
_README_ABOUT = (
    "Do not edit: change the contract, then run `treaty generate`.",
    "",
    "Records are Pydantic classes with the exact logical types of their Avro schemas: decimals of the schema's",
    "precision and scale, aware datetimes in its unit, integers within 32 or 64 bits. `encode` and `decode` are Avro's",
    "binary form; the serializers add the Confluent wire format and resolve the schema an event was written with.",
)
_README_EXAMPLE = """
```python
from {package} import RECORDS, AvroDeserializer, AvroSerializer, HttpRegistry, topics
from {package} import Consumer, KafkaSink, KafkaSource, Producer, Received
from {package}.{module} import {name}

registry = HttpRegistry.at("https://registry.example")
producer = Producer(KafkaSink(kafka_producer), AvroSerializer(registry))
producer.send(topics.{topic}, event, key=key)  # event: {name}
producer.flush()

consumer = Consumer(KafkaSource(kafka_consumer), AvroDeserializer(registry, RECORDS))


@consumer.on(topics.{topic})
def handle(event: {name}, received: Received) -> None: ...


while True:
    consumer.run_once()
```

`InMemoryTransport` and `InMemoryRegistry` take the places of Kafka and the registry in tests.
"""


def emit_events(job: Job, library: Library, roots: list[Node], lock: Mapping[str, str]) -> Emitted:
    """The event classes of one AsyncAPI document, or of Avro schemas that belong together. Raises TreatyError."""
    family = roots[0].document.format.family
    if family is Family.ASYNCAPI and len(roots) == 1:
        plan = plan_asyncapi(library, roots[0])
    elif family is Family.AVRO:
        plan = plan_avro(library, roots)
    else:
        raise UsageError(
            f"{job.contract} is {family.value}, and events are made from AsyncAPI and Avro",
            advice="--target models is for OpenAPI and JSON Schema",
        )
    header = [f"# {NOTICE}"]
    files, names, elements, notes = _avro_files(plan, header), {**lock}, _type_elements(plan), list[str]()
    types = None
    if plan.definitions is not None:
        types = build_types(plan.definitions, {key: name for key, name in lock.items() if not key.startswith("topic ")})
        about = docstring(f"The JSON types of {plan.title} {plan.version}.")
        files["models.py"] = models_source(types, [*header, "", *about], "._runtime.models")
        names |= types.names
        notes = types.notes
    if plan.topics:
        _name_topics(plan, names)
        files["topics.py"] = _topics_module(plan, types, header)
        elements = [_element(topic) for topic in plan.topics]
    files["__init__.py"] = _package_module(job, plan, files, header)
    files["py.typed"] = ""
    package = f"src/{job.package}"
    written = {f"{package}/{name}": text for name, text in files.items()}
    runtime = (*_RUNTIME, *(("files", "models") if types is not None else ()))
    written |= {f"{package}/_runtime/{name}": text for name, text in runtime_files(runtime).items()}
    written["pyproject.toml"] = _pyproject(job, plan)
    written["README.md"] = _readme(job, plan)
    return Emitted(written, names, elements, notes, "events" if plan.topics else "types")


def _avro_files(plan: EventPlan, header: list[str]) -> dict[str, str]:
    namespaces: dict[str, list[Named]] = {}
    for name in sorted(plan.types):
        namespaces.setdefault(module_of(name), []).append(plan.types[name])
    prints = {
        name: fingerprint(Schema(node, plan.schemas[name].names, plan.schemas[name].document))
        for name, node in plan.types.items()
        if isinstance(node, Record)
    }
    files = {f"{module}.py": RecordWriter(types, prints).source(header) for module, types in namespaces.items()}
    if plan.types:
        files["_schemas.py"] = schemas_module([plan.types[name] for name in sorted(plan.types)], header)
    return files


def _type_elements(plan: EventPlan) -> list[Element]:
    return [Element(name, f"{module_of(name)}.{class_of(name)}") for name in sorted(plan.types)]


def _element(topic: TopicPlan) -> Element:
    becomes = f"topics.{topic.name}" if topic.name else "nothing"
    reasons = (topic.reason,) if topic.reason else ()
    return Element(
        f"{topic.action} {topic.address} {topic.message}", becomes, "downgraded" if reasons else "emitted", reasons
    )


def _name_topics(plan: EventPlan, names: dict[str, str]) -> None:
    """Constants for topics; a name given once stays."""
    keys = {id(topic): f"topic {topic.address} {topic.message}" for topic in plan.topics}
    taken = {name for key, name in names.items() if key.startswith("topic ")}
    several = [topic.address for topic in plan.topics]
    for topic in plan.topics:
        if topic.record is None and topic.type is None:
            continue
        key = keys[id(topic)]
        if key not in names:
            text = topic.address if several.count(topic.address) == 1 else f"{topic.address} {topic.message}"
            names[key] = unique(python_name(text, "topic").upper(), taken)
            taken.add(names[key])
        topic.name = names[key]


def _topics_module(plan: EventPlan, types: Types | None, header: list[str]) -> str:
    topics = [topic for topic in plan.topics if topic.name]
    modules = sorted({module_of(topic.record.name) for topic in topics if topic.record is not None})
    if any(topic.type is not None for topic in topics):
        modules.append("models")
    lines = [
        *header,
        "",
        *docstring(f"The topics of {plan.title} {plan.version}: what to give to a Producer, and to Consumer.on."),
        "",
        *([f"from . import {', '.join(modules)}"] if modules else []),
        "from ._runtime.messaging import Topic",
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in sorted(topic.name for topic in topics)),
        "]",
    ]
    for topic in topics:
        lines.extend(["", *_topic(topic, types)])
    return "\n".join([*lines, ""])


def _topic(topic: TopicPlan, types: Types | None) -> list[str]:
    arguments = [literal(topic.address)]
    if topic.record is not None:
        type_ = f"{module_of(topic.record.name)}.{class_of(topic.record.name)}"
        arguments.append(type_)
        if topic.headers:
            paths = {
                name: ".".join(_attribute(part) for part in path.split(".")) for name, path in topic.headers.items()
            }
            arguments.append(f"headers={literal(paths)}")
    else:
        assert topic.type is not None
        assert types is not None
        type_ = f"models.{types.name(topic.type.id)}"
        arguments.extend([type_, "is_avro=False"])
    if topic.message and topic.message != topic.address:
        arguments.append(f"name={literal(topic.message)}")
    return [
        *fitted(f"{topic.name}: Topic[{type_}] = Topic({', '.join(arguments)})"),
        *docstring(one_line(topic.summary)),
    ]


def _attribute(name: str) -> str:
    from treaty_codegen.models.library import field_names_taken

    return python_name(name, "field", field_names_taken())


def _package_module(job: Job, plan: EventPlan, files: Mapping[str, str], header: list[str]) -> str:
    homes: dict[str, list[str]] = {
        "._runtime.avro": ["AvroRecord"],
        "._runtime.confluent": [
            "AvroDeserializer", "AvroSerializer", "EventInvalid", "HttpRegistry", "InMemoryRegistry", "RegistryError",
            "SchemaRegistry", "TreatyRegistry", "record_name", "topic_name", "topic_record_name",
        ],
        "._runtime.kafka": ["KafkaSink", "KafkaSource"],
        "._runtime.messaging": ["Consumer", "InMemoryTransport", "Producer", "Received", "Topic"],
    }  # fmt: skip
    modules = sorted(name.removesuffix(".py") for name in files if name.endswith(".py") and name[0] != "_")
    records = sorted((module_of(name), class_of(name)) for name, node in plan.types.items() if isinstance(node, Record))
    names = sorted([*(name for group in homes.values() for name in group), *modules, "RECORDS"], key=import_order)
    lines = [
        *header,
        "",
        *docstring(f"The events of {plan.title} {plan.version}.".replace("  ", " ").replace(" .", ".")),
        "",
        *(fitted_import(".", modules) if modules else []),
        *(line for home in sorted(homes) for line in fitted_import(home, sorted(homes[home], key=import_order))),
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in names),
        "]",
        "",
        "RECORDS: tuple[type[AvroRecord], ...] = (",
        *(f"    {module}.{name}," for module, name in records),
        ")",
        '"""All records, as an AvroDeserializer takes them."""',
    ]
    return "\n".join([*lines, ""])


def _pyproject(job: Job, plan: EventPlan) -> str:
    from treaty_codegen.sdk.package import python_version

    lines = [
        f"# {NOTICE}",
        "[build-system]",
        'requires = ["hatchling>=1.27"]',
        'build-backend = "hatchling.build"',
        "",
        "[project]",
        f"name = {json.dumps(job.distribution)}",
        f"version = {json.dumps(python_version(plan.version or '0'))}",
        f"description = {json.dumps(one_line(f'{plan.title} {plan.version}'), ensure_ascii=False)}",
        'readme = "README.md"',
        'requires-python = ">=3.11"',
        'dependencies = ["fastavro>=1.10", "httpx2>=2.0", "pydantic>=2.10", "typing-extensions>=4.12"]',
        "",
        "[project.optional-dependencies]",
        'kafka = ["confluent-kafka>=2.8"]',
        "",
        "[tool.hatch.build.targets.wheel]",
        f'packages = ["src/{job.package}"]',
        "",
    ]
    return "\n".join(lines)


def _readme(job: Job, plan: EventPlan) -> str:
    from treaty_codegen.sdk.package import markdown

    first = next((topic for topic in plan.topics if topic.record is not None), None)
    about = f"Generated from {markdown(job.shown)}{f', version {markdown(plan.version)}' if plan.version else ''}."
    lines = [f"# {markdown(plan.title)}: events for Python", "", about, *_README_ABOUT]
    if first is not None and first.record is not None:
        module, name = module_of(first.record.name), class_of(first.record.name)
        example = _README_EXAMPLE.replace("{package}", job.package).replace("{module}", module)
        lines.extend(example.replace("{name}", name).replace("{topic}", first.name).splitlines())
    if plan.topics:
        lines.extend(["", "| topic | message | constant | |", "|---|---|---|---|"])
        for topic in plan.topics:
            note = markdown(topic.reason or topic.summary).replace("|", "\\|")
            constant = f"`topics.{topic.name}`" if topic.name else ""
            lines.append(f"| `{markdown(topic.address)}` | {markdown(topic.message)} | {constant} | {note} |")
    return "\n".join([*lines, ""])
