"""The specifications that the rules about Protobuf follow."""

from __future__ import annotations

UPDATING = (
    'Protobuf language guide, "Updating A Message Type": https://protobuf.dev/programming-guides/proto3/#updating'
)
DELETING = 'Protobuf language guide, "Deleting Fields": https://protobuf.dev/programming-guides/proto3/#deleting'
ONEOF = 'Protobuf language guide, "Oneof": https://protobuf.dev/programming-guides/proto3/#oneof'
REQUIRED = (
    'Protobuf language guide (proto 2), "Field Labels": https://protobuf.dev/programming-guides/proto2/#field-labels'
)
DEFAULTS = (
    'Protobuf language guide (proto 2), "Default Field Values": https://protobuf.dev/programming-guides/proto2/#default'
)
EXTENSIONS = (
    'Protobuf language guide (proto 2), "Extensions": https://protobuf.dev/programming-guides/proto2/#extensions'
)
ENUMS = "Protobuf, Enum Behavior: https://protobuf.dev/programming-guides/enum/"
PRESENCE = "Protobuf, Field Presence: https://protobuf.dev/programming-guides/field_presence/"
ENCODING = "Protobuf, Encoding: https://protobuf.dev/programming-guides/encoding/"
JSON = "Protobuf, ProtoJSON Format: https://protobuf.dev/programming-guides/json/"
FEATURES = "Protobuf, Feature Settings for Editions: https://protobuf.dev/editions/features/"
PACKAGES = 'Protobuf language guide, "Packages" and "Any": https://protobuf.dev/programming-guides/proto3/#packages'
PRACTICES = "Protobuf, Proto Best Practices: https://protobuf.dev/best-practices/dos-donts/"
SERVICES = 'Protobuf language guide, "Defining Services"; gRPC over HTTP2, "Requests" (path)'
OPTIONS = "descriptor.proto of Protobuf, the comment on each option"
TRANSCODING = "google/api/http.proto, HttpRule: https://google.aip.dev/127"
