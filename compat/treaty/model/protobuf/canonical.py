"""What a registry asks of a Protobuf schema: its identity as text, its serialized form, its imports."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from treaty.model.protobuf.import_statements import import_statements
from treaty.model.protobuf.parsing import parse
from treaty.model.protobuf.printing import print_file
from treaty.model.protobuf.reading import option_pool
from treaty.model.protobuf.serialization import descriptor_of, text_of

if TYPE_CHECKING:
    from google.protobuf.descriptor_pool import DescriptorPool

    from treaty.documents.schema_text import SchemaText


def canonical_text(schema: SchemaText, *, comments: bool = False) -> str:
    """``schema`` as .proto text that depends on its meaning only, not on how it was written or sent.

    The same file gives the same text as source, reformatted, and as a FileDescriptorProto in base64; it compiles to
    the same descriptor again. Comments are no part of it, because clients that look a schema up by what they have
    compiled in do not have them; ``comments`` writes those of the declarations all the same, for people. Raises what
    :func:`treaty.model.protobuf.parse` raises.
    """
    return print_file(*_compiled(schema), comments=comments)


def normalized_text(schema: SchemaText) -> str:
    """:func:`canonical_text` with imports, options, fields, enum values and reserved ranges sorted.

    Messages keep their order: serializers address them by it.
    """
    return print_file(*_compiled(schema), ordered=True)


def serialized(schema: SchemaText) -> str:
    """``schema`` as the base64 of its FileDescriptorProto, without source info: `format=serialized` of a registry."""
    proto, _ = _compiled(schema)
    plain = FileDescriptorProto()
    plain.CopyFrom(proto)
    plain.ClearField("source_code_info")
    return base64.b64encode(plain.SerializeToString(deterministic=True)).decode()


def imports(schema: SchemaText) -> tuple[str, ...]:
    """The import paths of ``schema`` in order, without looking for what they lead to."""
    descriptor = descriptor_of(schema)
    if descriptor is not None:
        return (*descriptor.dependency, *descriptor.option_dependency)
    return tuple(dict.fromkeys(statement.path for statement in import_statements(text_of(schema))))


def _compiled(schema: SchemaText) -> tuple[FileDescriptorProto, DescriptorPool]:
    parsed = parse(schema)
    protos = FileDescriptorSet.FromString(parsed.descriptor_set).file
    return next(proto for proto in protos if proto.name == parsed.roots[0]), option_pool(protos)
