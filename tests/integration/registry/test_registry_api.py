"""Confluent's API, row by row: what is asked, what is answered, with which code. Each story starts with nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pytest

from treaty_registry.server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.registry.live_server import Api, InProcess

    from treaty.documents.location import JsonValue


def record(name: str, *fields: str) -> str:
    """A record with int fields; a field written ``a=`` has a default."""
    members = [
        {"name": field.rstrip("="), "type": "int", **({"default": 0} if field.endswith("=") else {})}
        for field in fields
    ]
    return json.dumps({"type": "record", "name": name, "fields": members}, separators=(",", ":"))


A, A2, B = record("A", "a"), record("A", "a", "b="), record("A", "b")
A_NORMALIZED = '{"name":"A","type":"record","fields":[{"name":"a","type":"int"}]}'
USES_A = '{"type":"record","name":"U","fields":[{"name":"a","type":"A"}]}'


class Step(NamedTuple):
    """A request and its answer; of an object only the members given are compared, of a code only the code."""

    method: str
    path: str
    body: JsonValue
    status: int
    answer: JsonValue = None


def get(path: str, answer: JsonValue, status: int = 200) -> Step:
    return Step("GET", path, None, status, answer)


def post(path: str, body: JsonValue, answer: JsonValue, status: int = 200) -> Step:
    return Step("POST", path, body, status, answer)


def put(path: str, body: JsonValue, answer: JsonValue, status: int = 200) -> Step:
    return Step("PUT", path, body, status, answer)


def delete(path: str, answer: JsonValue, status: int = 200) -> Step:
    return Step("DELETE", path, None, status, answer)


def refused(method: str, path: str, code: int, body: JsonValue = None) -> Step:
    return Step(method, path, body, code // 100 if code > 999 else code, {"error_code": code})


def register(subject: str, text: str, number: int, becomes: int | None = None, /, **more: JsonValue) -> Step:
    answer: dict[str, JsonValue] = {"id": number}
    if becomes is not None:
        answer["version"] = becomes
    return post(f"/subjects/{subject}/versions", {"schema": text, **more}, answer)


REFERENCE: JsonValue = [{"name": "A", "subject": "a", "version": 1}]
IMPORT_MODE = put("/mode", {"mode": "IMPORT"}, {"mode": "IMPORT"})

STORIES: dict[str, list[Step]] = {
    "an empty registry": [
        get("/", {}),
        post("/", None, {}),
        get("/subjects", []),
        get("/subjects/", []),
        get("/schemas", []),
        get("/schemas/types", ["JSON", "PROTOBUF", "AVRO"]),
        get("/contexts", ["."]),
        get("/config", {"compatibilityLevel": "BACKWARD"}),
        get("/mode", {"mode": "READWRITE"}),
        get(
            "/v1/metadata/id",
            {"scope": {"path": [], "clusters": {"kafka-cluster": "", "schema-registry-cluster": "treaty"}}},
        ),
        get("/-/health", {"status": "ok"}),
    ],
    "schemas by id": [
        register("a", A, 1, 1),
        register("b", A, 1, 1),
        register("a", A2, 2, 2),
        get("/schemas/ids/1", {"schema": A, "schemaType": "AVRO"}),
        get("/schemas/ids/1?subject=b", {"subject": "b", "version": 1, "schema": A}),
        get("/schemas/ids/1?subject=other", {"schema": A}),
        get("/schemas/ids/1?fetchMaxId=true", {"maxId": 2}),
        get("/schemas/ids/1/subjects", ["a", "b"]),
        get("/schemas/ids/1/subjects?offset=1&limit=5", ["b"]),
        get("/schemas/ids/1/versions", [{"subject": "a", "version": 1}, {"subject": "b", "version": 1}]),
        get("/schemas/ids/1/versions?limit=1", [{"subject": "a", "version": 1}]),
        refused("GET", "/schemas/ids/3", 40403),
        refused("GET", "/schemas/ids/3/schema", 40403),
        refused("GET", "/schemas/ids/3/subjects", 40403),
        refused("GET", "/schemas/ids/3/versions", 40403),
        refused("GET", "/schemas/ids/x", 404),
        refused("GET", "/schemas/ids/-1", 404),
        refused("GET", "/schemas/ids/99999999999999", 404),
        delete("/subjects/b", [1]),
        get("/schemas/ids/1/subjects", ["a"]),
        get("/schemas/ids/1/subjects?deleted=true", ["a", "b"]),
        delete("/subjects/a", [1, 2]),
        get("/schemas/ids/1", {"schema": A}),
        get("/schemas/ids/1/versions", []),
    ],
    "schemas by guid": [
        register("a", A, 1),
        get("/schemas/guids/none", {"error_code": 40403}, 404),
        get("/schemas/guids/00000000-0000-0000-0000-000000000000", {"error_code": 40403}, 404),
        refused("GET", "/schemas/guids/00000000-0000-0000-0000-000000000000/ids", 40403),
    ],
    "all schemas": [
        register("a", A, 1),
        register("a", A2, 2),
        register("b", A, 1),
        register(":.c:a", A, 1),
        get(
            "/schemas",
            [
                {"subject": ":.c:a", "version": 1},
                {"subject": "a", "version": 1},
                {"subject": "a", "version": 2},
                {"subject": "b"},
            ],
        ),
        get("/schemas?subjectPrefix=a", [{"subject": "a", "version": 1}, {"subject": "a", "version": 2}]),
        get(
            "/schemas?latestOnly=true&subjectPrefix=", [{"subject": "a", "version": 2}, {"subject": "b", "version": 1}]
        ),
        get("/schemas?subjectPrefix=:.c:", [{"subject": ":.c:a"}]),
        get("/schemas?subjectPrefix=:*:a&latestOnly=true", [{"subject": ":.c:a"}, {"subject": "a", "version": 2}]),
        get("/contexts/.c/schemas", [{"subject": ":.c:a"}]),
        get("/schemas?offset=1&limit=2", [{"subject": "a", "version": 1}, {"subject": "a", "version": 2}]),
        delete("/subjects/a/versions/2", 2),
        get("/schemas?subjectPrefix=a", [{"subject": "a", "version": 1}]),
        get("/schemas?subjectPrefix=a&deleted=true", [{"version": 1}, {"version": 2, "deleted": True}]),
        get("/schemas?subjectPrefix=a&deletedOnly=true", [{"version": 2}]),
        get("/schemas?ruleType=CEL", []),
    ],
    "subjects": [
        register("b", A, 1),
        register("a", A, 1),
        register(":.c:d", A, 1),
        get("/subjects", [":.c:d", "a", "b"]),
        get("/subjects?subjectPrefix=", ["a", "b"]),
        get("/subjects?subjectPrefix=b", ["b"]),
        get("/subjects?subjectPrefix=:.c:", [":.c:d"]),
        get("/subjects?subjectPrefix=:*:", [":.c:d", "a", "b"]),
        get("/subjects?offset=1&limit=1", ["a"]),
        get("/subjects?limit=0", []),
        get("/subjects?limit=-1", [":.c:d", "a", "b"]),
        refused("GET", "/subjects?offset=-1", 400),
        refused("GET", "/subjects?offset=x", 400),
        refused("GET", "/subjects?deleted=maybe", 400),
        delete("/subjects/a", [1]),
        get("/subjects", [":.c:d", "b"]),
        get("/subjects?deleted=true", [":.c:d", "a", "b"]),
        get("/subjects?deletedOnly=true", ["a"]),
        get("/subjects?deletedOnly=true&deleted=true", ["a"]),
    ],
    "looking up": [
        register("a", A, 1),
        post("/subjects/a", {"schema": A}, {"subject": "a", "version": 1, "id": 1, "schema": A}),
        post("/subjects/a", {"schema": json.dumps(json.loads(A), indent=2)}, {"id": 1}),
        refused("POST", "/subjects/a", 40403, {"schema": B}),
        refused("POST", "/subjects/none", 40401, {"schema": A}),
        refused("POST", "/subjects/a", 42201, {"schema": "{"}),
        refused("POST", "/subjects/a", 42201, {"schema": A, "schemaType": "THRIFT"}),
        delete("/subjects/a", [1]),
        refused("POST", "/subjects/a", 40401, {"schema": A}),
        post("/subjects/a?deleted=true", {"schema": A}, {"version": 1, "deleted": True}),
    ],
    "normalized lookups": [
        post("/subjects/a/versions?normalize=true", {"schema": A}, {"id": 1, "schema": A_NORMALIZED}),
        refused("POST", "/subjects/a", 40403, {"schema": A}),
        post("/subjects/a?normalize=true", {"schema": A}, {"id": 1}),
        put("/config/a", {"normalize": True}, {"normalize": True}),
        post("/subjects/a", {"schema": A}, {"id": 1}),
    ],
    "versions": [
        register("a", A, 1, 1),
        register("a", A2, 2, 2),
        get("/subjects/a/versions", [1, 2]),
        get("/subjects/a/versions?offset=1", [2]),
        get("/subjects/a/versions/1", {"subject": "a", "version": 1, "id": 1, "schema": A}),
        get("/subjects/a/versions/latest", {"version": 2}),
        get("/subjects/a/versions/-1", {"version": 2}),
        refused("GET", "/subjects/a/versions/3", 40402),
        refused("GET", "/subjects/a/versions/0", 42202),
        refused("GET", "/subjects/a/versions/-2", 42202),
        refused("GET", "/subjects/a/versions/x", 42202),
        refused("GET", "/subjects/a/versions/2147483648", 42202),
        refused("GET", "/subjects/none/versions", 40401),
        refused("GET", "/subjects/none/versions/1", 40401),
        refused("GET", "/subjects/none/versions/latest", 40401),
        delete("/subjects/a/versions/2", 2),
        get("/subjects/a/versions", [1]),
        get("/subjects/a/versions?deleted=true", [1, 2]),
        get("/subjects/a/versions?deletedOnly=true", [2]),
        get("/subjects/a/versions?deletedAsNegative=true", [1, -2]),
        get("/subjects/a/versions/latest", {"version": 1}),
        refused("GET", "/subjects/a/versions/2", 40402),
        get("/subjects/a/versions/2?deleted=true", {"version": 2, "deleted": True}),
        refused("GET", "/subjects/a/versions/2/schema", 40402),
    ],
    "deleting versions": [
        register("a", A, 1),
        register("a", A2, 2),
        refused("DELETE", "/subjects/a/versions/1?permanent=true", 40407),
        delete("/subjects/a/versions/latest", 2),
        refused("DELETE", "/subjects/a/versions/2", 40406),
        delete("/subjects/a/versions/2?permanent=true", 2),
        refused("DELETE", "/subjects/a/versions/2", 40402),
        refused("DELETE", "/subjects/a/versions/9", 40402),
        refused("DELETE", "/subjects/none/versions/1", 40401),
        refused("DELETE", "/subjects/a/versions/zero", 42202),
        refused("GET", "/schemas/ids/2", 40403),
        register("a", A2, 3, 2),
    ],
    "deleting subjects": [
        register("a", A, 1),
        refused("DELETE", "/subjects/none", 40401),
        refused("DELETE", "/subjects/a?permanent=true", 40405),
        put("/config/a", {"compatibility": "NONE"}, {"compatibility": "NONE"}),
        put("/mode/a", {"mode": "READWRITE"}, {"mode": "READWRITE"}),
        delete("/subjects/a", [1]),
        refused("DELETE", "/subjects/a", 40404),
        get("/config/a", {"compatibilityLevel": "NONE"}),
        delete("/subjects/a?permanent=true", [1]),
        refused("DELETE", "/subjects/a?permanent=true", 40401),
        refused("GET", "/config/a", 40408),
        refused("GET", "/mode/a", 40409),
        register("a", A, 2, 1),
    ],
    "references hold what they refer to": [
        register("a", A, 1),
        register("u", USES_A, 2, references=REFERENCE),
        get("/subjects/a/versions/1/referencedby", [2]),
        get("/subjects/u/versions/1/referencedby", []),
        refused("GET", "/subjects/a/versions/2/referencedby", 40402),
        get("/subjects/u/versions/1", {"references": REFERENCE, "schema": USES_A}),
        get("/schemas/ids/2", {"references": REFERENCE}),
        refused("DELETE", "/subjects/a", 42206),
        refused("DELETE", "/subjects/a/versions/1", 42206),
        delete("/subjects/u", [1]),
        get("/subjects/a/versions/1/referencedby", []),
        get("/subjects/a/versions/1/referencedby?deleted=true", [2]),
        delete("/subjects/a", [1]),
        refused("DELETE", "/subjects/a?permanent=true", 42206),
        delete("/subjects/u?permanent=true", [1]),
        delete("/subjects/a?permanent=true", [1]),
    ],
    "configs": [
        put("/config", {"compatibility": "full"}, {"compatibility": "FULL"}),
        get("/config", {"compatibilityLevel": "FULL"}),
        refused("GET", "/config/a", 40408),
        get("/config/a?defaultToGlobal=true", {"compatibilityLevel": "FULL"}),
        put("/config/a", {"normalize": True}, {"normalize": True}),
        put(
            "/config/a",
            {"compatibilityGroup": "g", "alias": "b"},
            {"normalize": True, "compatibilityGroup": "g", "alias": "b"},
        ),
        get("/config/a?defaultToGlobal=true", {"compatibilityLevel": "FULL", "normalize": True}),
        put("/config/a", {"normalize": None}, {"compatibilityGroup": "g"}),
        refused("PUT", "/config", 42203, {"compatibility": "SOMETIMES"}),
        refused("PUT", "/config/a", 42203, {"compatibilityPolicy": "LAX"}),
        refused("PUT", "/config/a", 42210, {"defaultRuleSet": {"domainRules": [{"name": "1"}]}}),
        refused("PUT", "/config/__GLOBAL", 42208, {"compatibility": "NONE"}),
        refused("PUT", "/config/a", 400, {"normalize": "perhaps"}),
        delete("/config/a", {"compatibilityGroup": "g"}),
        refused("DELETE", "/config/a", 40401),
        delete("/config", {"compatibilityLevel": "FULL"}),
        get("/config", {"compatibilityLevel": "BACKWARD"}),
        delete("/config", {"compatibilityLevel": "BACKWARD"}),
    ],
    "configs of contexts": [
        put("/config/:.c:", {"compatibility": "NONE"}, {"compatibility": "NONE"}),
        get("/contexts/.c/config", {"compatibilityLevel": "NONE"}),
        get("/config/:.c:a?defaultToGlobal=true", {"compatibilityLevel": "NONE"}),
        get("/config/a?defaultToGlobal=true", {"compatibilityLevel": "BACKWARD"}),
        put("/contexts/.c/config/a", {"compatibility": "FULL"}, {"compatibility": "FULL"}),
        get("/config/:.c:a", {"compatibilityLevel": "FULL"}),
        register(":.c:x", A, 1),
        register(":.c:x", B, 2),
    ],
    "a subject may stand for another": [
        register("a", A, 1),
        put("/config/b", {"alias": "a"}, {"alias": "a"}),
        get("/subjects/b/versions", [1]),
        get("/subjects/b/versions/latest", {"subject": "a"}),
        register("b", A2, 2, 2),
        get("/subjects/a/versions", [1, 2]),
        get("/schemas/ids/1?subject=b", {"subject": "a"}),
        get("/schemas?subjectPrefix=b", []),
        get(
            "/schemas?subjectPrefix=b&aliases=true&latestOnly=true", [{"subject": "a", "version": 2, "aliases": ["b"]}]
        ),
        get("/config/b", {"alias": "a"}),
    ],
    "modes": [
        put("/mode", {"mode": "readonly"}, {"mode": "READONLY"}),
        refused("POST", "/subjects/a/versions", 42205, {"schema": A}),
        refused("PUT", "/config/a", 42205, {"compatibility": "NONE"}),
        put("/mode/a", {"mode": "READWRITE"}, {"mode": "READWRITE"}),
        register("a", A, 1),
        get("/mode/a", {"mode": "READWRITE"}),
        refused("GET", "/mode/b", 40409),
        get("/mode/b?defaultToGlobal=true", {"mode": "READONLY"}),
        refused("DELETE", "/subjects/b", 40401),
        put("/mode", {"mode": "READONLY_OVERRIDE"}, {"mode": "READONLY_OVERRIDE"}),
        refused("DELETE", "/subjects/a", 42205),
        refused("DELETE", "/subjects/a/versions/1", 42205),
        delete("/mode", {"mode": "READONLY_OVERRIDE"}),
        delete("/mode/a", {"mode": "READWRITE"}),
        refused("DELETE", "/mode/a", 40401),
        get("/mode", {"mode": "READWRITE"}),
        refused("PUT", "/mode", 42204, {"mode": "OFTEN"}),
        refused("PUT", "/mode", 42204, {}),
        refused("PUT", "/mode/__EMPTY", 42208, {"mode": "READONLY"}),
    ],
    "modes are taken away with what they are in": [
        put("/mode/:.c:", {"mode": "READONLY"}, {"mode": "READONLY"}),
        put("/mode/:.c:a", {"mode": "IMPORT"}, {"mode": "IMPORT"}),
        put("/mode/b", {"mode": "IMPORT"}, {"mode": "IMPORT"}),
        delete("/mode/:.c:?recursive=true", {"mode": "READONLY"}),
        refused("GET", "/mode/:.c:a", 40409),
        get("/mode/b", {"mode": "IMPORT"}),
        delete("/mode?recursive=true", {"mode": "READWRITE"}),
        refused("GET", "/mode/b", 40409),
    ],
    "imports": [
        register("a", A, 1),
        refused("PUT", "/mode", 42205, {"mode": "IMPORT"}),
        delete("/subjects/a", [1]),
        IMPORT_MODE,
        get("/subjects?deleted=true", []),
        register("a", A2, 40, 7, id=40, version=7),
        register("a", A2, 40, 7, id=40, version=7),
        refused("POST", "/subjects/a/versions", 42205, {"schema": A}),
        refused("POST", "/subjects/b/versions", 42205, {"schema": B, "id": 40}),
        refused("POST", "/subjects/a/versions", 42207, {"schema": A2, "id": 41, "version": 8}),
        delete("/mode", {"mode": "IMPORT"}),
        register("a", record("A", "a", "b=", "c="), 41, 8),
        refused("POST", "/subjects/a/versions", 42205, {"schema": A, "id": 1}),
        put("/mode/a?force=true", {"mode": "IMPORT"}, {"mode": "IMPORT"}),
        register("a", B, 50, 9, id=50),
    ],
    "contexts": [
        register(":.c:a", A, 1),
        register(":.d:a", A, 1),
        get("/contexts", [".", ".c", ".d"]),
        get("/contexts?offset=1&limit=1", [".c"]),
        get("/contexts/.c/subjects", [":.c:a"]),
        get("/contexts/c/subjects", [":.c:a"]),
        get("/contexts/:.c:/subjects/a/versions/1", {"subject": ":.c:a"}),
        get("/contexts/.c/subjects/:.d:a/versions/1", {"subject": ":.d:a"}),
        get("/contexts/.c/schemas/ids/1", {"subject": ":.c:a", "schema": A}),
        refused("GET", "/contexts/.e/schemas/ids/1", 40403),
        get("/contexts/.e/subjects", []),
        get("/contexts/:.:/subjects", []),
        post("/contexts/.c/subjects/b/versions", {"schema": B}, {"id": 2}),
        post("/contexts/.c/compatibility/subjects/a/versions/latest", {"schema": A2}, {"is_compatible": True}),
        refused("GET", "/contexts/a:b/subjects", 400),
        refused("DELETE", "/contexts/.c", 42211),
        delete("/contexts/.c/subjects/a", [1]),
        delete("/contexts/.c/subjects/a?permanent=true", [1]),
        delete("/contexts/.c/subjects/b", [1]),
        refused("DELETE", "/contexts/.c", 42211),
        delete("/contexts/.c/subjects/b?permanent=true", [1]),
        delete("/contexts/.c", None, 204),
        refused("DELETE", "/contexts/.c", 404),
        refused("DELETE", "/contexts/:.:", 404),
        get("/contexts", [".", ".d"]),
        register(":.c:a", A, 3),
    ],
    "unqualified names and ids are found in other contexts": [
        register(":.c:a", A, 1),
        get("/schemas/ids/1", {"schema": A}),
        get("/schemas/ids/1?subject=a", {"subject": ":.c:a"}),
        get("/subjects/a/versions/1", {"subject": ":.c:a"}),
        post("/subjects/a", {"schema": A}, {"subject": ":.c:a"}),
        refused("GET", "/subjects/a/versions", 40401),
        register("a", B, 1),
        get("/schemas/ids/1", {"schema": B}),
        get("/subjects/a/versions/1", {"subject": "a"}),
        refused("GET", "/schemas/ids/1?subject=:.d:a", 40403),
    ],
    "compatibility": [
        post("/compatibility/subjects/a/versions/latest", {"schema": A}, {"is_compatible": True}),
        post("/compatibility/subjects/a/versions", {"schema": A}, {"is_compatible": True}),
        refused("POST", "/compatibility/subjects/a/versions/1", 40402, {"schema": A}),
        register("a", A, 1),
        post("/compatibility/subjects/a/versions/latest", {"schema": A2}, {"is_compatible": True}),
        post("/compatibility/subjects/a/versions/1", {"schema": B}, {"is_compatible": False}),
        post("/compatibility/subjects/a/versions/latest", {"schema": B}, {"is_compatible": False}),
        refused("POST", "/subjects/a/versions", 409, {"schema": B}),
        refused("POST", "/compatibility/subjects/a/versions/2", 40402, {"schema": A}),
        refused("POST", "/compatibility/subjects/a/versions/x", 42202, {"schema": A}),
        refused("POST", "/compatibility/subjects/a/versions/latest", 42201, {"schema": "{"}),
        post("/compatibility/subjects/a/versions/latest?verbose=true", {"schema": "{"}, {"is_compatible": False}),
        refused("POST", "/compatibility/subjects/a/versions/latest", 42201, {}),
        post(
            "/compatibility/subjects/a/versions/latest",
            {"schema": '{"type":"object"}', "schemaType": "JSON"},
            {"is_compatible": False},
        ),
        put("/config/a", {"compatibility": "NONE"}, {"compatibility": "NONE"}),
        post("/compatibility/subjects/a/versions/latest", {"schema": B}, {"is_compatible": True}),
    ],
    "plain levels ask the latest, transitive ones all": [
        put("/config", {"compatibility": "NONE"}, {"compatibility": "NONE"}),
        register("a", record("A", "a", "b="), 1),
        register("a", record("A", "a"), 2),
        put("/config", {"compatibility": "FORWARD"}, {"compatibility": "FORWARD"}),
        post("/compatibility/subjects/a/versions", {"schema": record("A", "a", "c")}, {"is_compatible": True}),
        put("/config", {"compatibility": "BACKWARD"}, {"compatibility": "BACKWARD"}),
        post("/compatibility/subjects/a/versions", {"schema": record("A", "a")}, {"is_compatible": True}),
        delete("/subjects/a/versions/2", 2),
        register("a", record("A", "a", "b=", "c="), 3),
        put("/config", {"compatibility": "NONE"}, {"compatibility": "NONE"}),
        register("b", '{"type":"fixed","name":"F","size":1}', 4),
        register("b", '{"type":"fixed","name":"F","size":2}', 5),
        put("/config", {"compatibility": "BACKWARD_TRANSITIVE"}, {"compatibility": "BACKWARD_TRANSITIVE"}),
        post(
            "/compatibility/subjects/b/versions",
            {"schema": '{"type":"fixed","name":"F","size":2,"a":1}'},
            {"is_compatible": False},
        ),
        post(
            "/compatibility/subjects/b/versions/2",
            {"schema": '{"type":"fixed","name":"F","size":2,"a":1}'},
            {"is_compatible": True},
        ),
        post(
            "/compatibility/subjects/b/versions/latest",
            {"schema": '{"type":"fixed","name":"F","size":2,"a":1}'},
            {"is_compatible": True},
        ),
        refused("POST", "/subjects/b/versions", 409, {"schema": '{"type":"fixed","name":"F","size":2,"a":1}'}),
    ],
    "groups are compared within themselves": [
        put("/config/a", {"compatibilityGroup": "app"}, {"compatibilityGroup": "app"}),
        register("a", A, 1, metadata={"properties": {"app": "1"}}),
        register("a", B, 2, metadata={"properties": {"app": "2"}}),
        refused(
            "POST", "/subjects/a/versions", 409, {"schema": record("A", "c"), "metadata": {"properties": {"app": "2"}}}
        ),
        register("a", A2, 3, metadata={"properties": {"app": "1"}}),
    ],
    "reserved fields": [
        put("/config/a", {"validateFields": True}, {"validateFields": True}),
        register("a", A, 1, metadata={"properties": {"confluent:reserved": "x, y"}}),
        refused(
            "POST",
            "/subjects/a/versions",
            409,
            {"schema": record("A", "a", "x="), "metadata": {"properties": {"confluent:reserved": "x,y"}}},
        ),
        refused(
            "POST", "/subjects/a/versions", 409, {"schema": A2, "metadata": {"properties": {"confluent:reserved": "x"}}}
        ),
        register("a", A2, 2, metadata={"properties": {"confluent:reserved": "x,y,z"}}),
    ],
    "metadata": [
        register(
            "a", A, 1, metadata={"properties": {"k": "1", "l": "1"}, "tags": {"t": ["y", "x"]}, "sensitive": ["l"]}
        ),
        register("a", A2, 2, metadata={"properties": {"k": "2"}}),
        get(
            "/subjects/a/versions/1",
            {"metadata": {"properties": {"k": "1", "l": "1"}, "tags": {"t": ["x", "y"]}, "sensitive": ["l"]}},
        ),
        get("/subjects/a/metadata?key=k&value=1", {"version": 1}),
        get("/subjects/a/metadata?key=k&value=1&key=l&value=1", {"version": 1}),
        get("/subjects/a/metadata", {"version": 2}),
        refused("GET", "/subjects/a/metadata?key=k&value=3", 40403),
        refused("GET", "/subjects/a/metadata?key=k", 400),
        refused("GET", "/subjects/none/metadata?key=k&value=1", 40401),
        delete("/subjects/a/versions/1", 1),
        refused("GET", "/subjects/a/metadata?key=k&value=1", 40403),
        get("/subjects/a/metadata?key=k&value=1&deleted=true", {"version": 1}),
    ],
    "rule sets": [
        refused(
            "POST",
            "/subjects/a/versions",
            42210,
            {"schema": A, "ruleSet": {"domainRules": [{"name": "r", "type": "CEL", "mode": "UPGRADE"}]}},
        ),
        refused(
            "POST",
            "/subjects/a/versions",
            42210,
            {"schema": A, "ruleSet": {"domainRules": [{"name": "r", "type": "CEL", "kind": "X"}]}},
        ),
        register("a", A, 1, ruleSet={"domainRules": [{"name": "r", "type": "CEL", "mode": "WRITE"}]}),
        get("/schemas?ruleType=CEL", [{"subject": "a"}]),
        get("/schemas?ruleType=ENCRYPT", []),
        get(
            "/schemas/ids/1",
            {
                "ruleSet": {
                    "domainRules": [
                        {"name": "r", "kind": "TRANSFORM", "mode": "WRITE", "type": "CEL", "disabled": False}
                    ]
                }
            },
        ),
    ],
    "subjects may hold any character": [
        register("a%2Fb", A, 1),
        register("%20%C3%A9%F0%9F%98%80%25%3F%23", A, 1),
        register("a:b", A, 1),
        register("%2E%2E", A, 1),
        get("/subjects", [" \u00e9\U0001f600%?#", "..", "a/b", "a:b"]),
        get("/subjects/a%2Fb/versions/1", {"subject": "a/b"}),
        get("/schemas/ids/1?subject=a%2Fb", {"subject": "a/b"}),
        get("/subjects?subjectPrefix=a%2F", ["a/b"]),
        refused("GET", "/subjects/a/b/versions", 404),
        refused("POST", "/subjects//versions", 42208, {"schema": A}),
        refused("POST", "/subjects/__GLOBAL/versions", 42208, {"schema": A}),
        refused("POST", "/subjects/__EMPTY/versions", 42208, {"schema": A}),
        refused("POST", "/subjects/%00/versions", 42208, {"schema": A}),
        refused("POST", "/subjects/%0A/versions", 42208, {"schema": A}),
        refused("POST", "/subjects/%FF/versions", 42208, {"schema": A}),
        refused("GET", "/subjects/%FF/versions", 42208),
    ],
}


def holds(actual: JsonValue, expected: JsonValue) -> bool:
    """Whether ``actual`` is what was expected; objects may hold more."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(key in actual and holds(actual[key], value) for key, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(actual) == len(expected) and all(holds(*pair) for pair in zip(actual, expected, strict=True))
    return actual == expected


@pytest.mark.parametrize("name", STORIES)
def test_a_story(api: Api, name: str) -> None:
    for number, step in enumerate(STORIES[name], 1):
        status, answer = api(step.method, step.path, step.body)
        assert (status, holds(answer, step.answer)) == (step.status, True), (
            f"step {number}: {step} got {status} {answer}"
        )


def test_a_schema_is_read_as_raw_text(api: Api) -> None:
    api.register("a", A)
    for path in ("/schemas/ids/1/schema", "/subjects/a/versions/1/schema", "/subjects/a/versions/latest/schema"):
        answer = api.send("GET", path)
        assert (answer.status_code, answer.text) == (200, A)


def test_a_guid_leads_to_its_schema_and_ids(api: Api) -> None:
    api.register("a", A)
    api.register(":.c:x", B)
    api.register(":.c:a", A)
    guid = api("GET", "/schemas/ids/1")[1]["guid"]
    assert holds(api("GET", f"/schemas/guids/{guid}")[1], {"schema": A, "guid": guid})
    assert api("GET", f"/schemas/guids/{guid}/ids")[1] == [{"context": ".", "id": 1}, {"context": ".c", "id": 2}]


def test_refusals_name_path_rule_and_both_sides_with_a_message_that_proves_it(api: Api) -> None:
    api.register("a", A)
    _, answer = api("POST", "/compatibility/subjects/a/versions/latest?verbose=true", {"schema": B})
    assert isinstance(answer, dict)
    assert isinstance(answer["messages"], list)
    text = "\n".join(str(message) for message in answer["messages"])
    for part in ("avro-field-without-default-added at", "version 1", "the new schema", "b", "compatibility: BACKWARD"):
        assert part in text
    status, refusal = api("POST", "/subjects/a/versions", {"schema": B})
    assert status == 409
    assert isinstance(refusal, dict)
    assert str(answer["messages"][0]) in str(refusal["message"])


FORMATS = [
    ("AVRO", USES_A, "resolved", 200),
    ("AVRO", USES_A, "serialized", 422),
    ("JSON", '{"type":"object"}', "resolved", 422),
    ("PROTOBUF", 'syntax = "proto3"; message M { int32 a = 1; }', "serialized", 200),
    ("PROTOBUF", 'syntax = "proto3"; message M { int32 a = 1; }', "resolved", 422),
]


@pytest.mark.parametrize(("schema_type", "text", "form", "status"), FORMATS)
def test_forms_of_a_schema(api: Api, schema_type: str, text: str, form: str, status: int) -> None:
    api.register("a", A)
    references = REFERENCE if schema_type == "AVRO" else []
    number = api.register("u", text, schema_type, references=references)
    for path in (f"/schemas/ids/{number}", "/subjects/u/versions/1", f"/schemas/ids/{number}/schema"):
        assert api("GET", path)[0] == 200 if path.endswith("schema") is False else True
        assert api.send("GET", f"{path}?format={form}").status_code == status
    body = {"schema": text, "schemaType": schema_type, "references": references}
    assert api("POST", f"/subjects/u?format={form}", body)[0] == status


def test_profile_7_leaves_out_what_older_servers_do_not_send(serve: Callable[..., InProcess]) -> None:
    api = serve("memory:", settings=Settings(profile=7, ephemeral=True)).api
    assert api("POST", "/subjects/a/versions", {"schema": A})[1] == {"id": 1, "version": 1, "schema": A}
    assert api("GET", "/schemas/ids/1")[1] == {"schema": A}
    assert api("GET", "/subjects/a/versions/1")[1] == {"subject": "a", "version": 1, "id": 1, "schema": A}
    api.register("j", "true", "JSON")
    assert api("GET", "/subjects/j/versions/1")[1] == {
        "subject": "j",
        "version": 1,
        "id": 2,
        "schemaType": "JSON",
        "schema": "true",
    }


def test_profile_8_always_sends_everything(api: Api) -> None:
    api.register("a", A)
    _, version = api("GET", "/subjects/a/versions/1")
    assert isinstance(version, dict)
    assert set(version) == {"subject", "version", "id", "guid", "schemaType", "schema", "ts"}
    _, by_id = api("GET", "/schemas/ids/1")
    assert isinstance(by_id, dict)
    assert set(by_id) == {"guid", "schemaType", "schema", "ts"}


def test_the_code_of_a_conflict_is_a_setting(serve: Callable[..., InProcess]) -> None:
    api = serve("memory:", settings=Settings(incompatible_code=40901, ephemeral=True)).api
    api.register("a", A)
    status, answer = api("POST", "/subjects/a/versions", {"schema": B})
    assert (status, holds(answer, {"error_code": 40901})) == (409, True)


def test_unknown_headers_and_members_are_ignored(api: Api) -> None:
    status, _ = api(
        "POST",
        "/subjects/a/versions",
        {"schema": A, "propagateSchemaTags": False, "x": 1, "references": None, "metadata": None},
        Confluent_Accept_Unknown_Properties="true",
        Confluent_Client_Version="python/2",
    )
    assert status == 200
