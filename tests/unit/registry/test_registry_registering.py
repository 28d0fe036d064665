"""Registration: what is found again, what becomes a version, and what is refused, with which code."""

from __future__ import annotations

import json

import pytest
from tests.unit.registry.small_registry import SmallRegistry, avro, ref, scope

from treaty_registry.errors import RegistryError
from treaty_registry.facts import ConfigSet, ModeSet
from treaty_registry.model.governance import Metadata, RuleSet
from treaty_registry.model.members import Members
from treaty_registry.model.settings import Config, Mode

A = avro("A", "a")
B = avro("B", "b")
STRING_SCHEMA = '{"type": "string"}'


def configure(registry: SmallRegistry, subject: str, **settings: object) -> None:
    registry.state.apply([ConfigSet(scope(subject), Config(**settings))])


def refused_code(
    registry: SmallRegistry, subject: str, text: str | None, schema_type: str = "AVRO", **more: object
) -> int:
    with pytest.raises(RegistryError) as refused:
        registry.register(subject, text, schema_type, **more)
    return refused.value.code


class TestIdentity:
    def test_the_same_schema_has_one_id_in_every_subject_of_a_context(self, registry: SmallRegistry) -> None:
        ids = [registry.register(subject, A).version.id for subject in ("s", "t", "s")]
        assert ids == [1, 1, 1]
        assert registry.versions("s") == registry.versions("t") == [(1, 1, False)]

    def test_each_context_counts_for_itself(self, registry: SmallRegistry) -> None:
        assert registry.register("s", A).version.id == 1
        assert registry.register(":.c:s", B).version.id == 1
        assert registry.register(":.c:s2", A).version.id == 2
        assert registry.state.contexts() == [".", ".c"]

    def test_white_space_is_nothing_but_attribute_order_is_something(self, registry: SmallRegistry) -> None:
        assert (
            registry.register("s", A).version.id
            == registry.register("t", json.dumps(json.loads(A), indent=4)).version.id
        )
        swapped = json.dumps({"name": "A", **json.loads(A)})
        assert registry.register("u", swapped).version.id == 2

    def test_normalized_it_is_nothing_either(self, registry: SmallRegistry) -> None:
        swapped = json.dumps({"name": "A", **json.loads(A)})
        first = registry.register("u", A, normalize=True).version.id
        assert registry.register("t", swapped, normalize=True).version.id == first

    def test_a_config_may_ask_for_normalization(self, registry: SmallRegistry) -> None:
        configure(registry, "", normalize=True)
        swapped = json.dumps({"name": "A", **json.loads(A)})
        assert registry.register("u", A).version.id == registry.register("t", swapped).version.id

    def test_metadata_and_rules_make_another_schema(self, registry: SmallRegistry) -> None:
        metadata = Metadata(properties=(("owner", "me"),))
        rules = RuleSet.read(Members.of({"domainRules": [{"name": "r", "type": "CEL", "mode": "WRITE"}]}))
        assert registry.register("s", A).version.id == 1
        assert registry.register("s", A, metadata=metadata).version.id == 2
        assert registry.register("s", A, metadata=metadata, rules=rules).version.id == 3

    def test_the_same_text_of_two_types_is_two_schemas(self, registry: SmallRegistry) -> None:
        assert registry.register("a", '{"type":"array","items":"string"}').version.id == 1
        assert registry.register("j", '{"type":"array","items":true}', "JSON").version.id == 2


class TestFindingAgain:
    def test_an_older_version_is_found_and_nothing_written(self, registry: SmallRegistry) -> None:
        configure(registry, "s", level="NONE")
        first = registry.register("s", A)
        registry.register("s", B)
        assert registry.register("s", A) == first

    def test_a_soft_deleted_one_becomes_a_new_version_with_the_same_id(self, registry: SmallRegistry) -> None:
        registry.register("s", A)
        registry.hide("s")
        again = registry.register("s", A)
        assert (again.version.number, again.version.id) == (2, 1)
        assert registry.versions("s") == [(1, 1, True), (2, 1, False)]

    def test_the_id_of_a_schema_that_is_gone_is_never_given_again(self, registry: SmallRegistry) -> None:
        registry.register("s", A)
        registry.hide("s")
        registry.remove("s")
        assert registry.register("s", A).version.id == 2

    def test_an_inlined_schema_is_found_where_it_was_registered_by_reference(self, registry: SmallRegistry) -> None:
        registry.register("inner", avro("Inner", "x"))
        outer = {"type": "record", "name": "Outer", "fields": [{"name": "i", "type": "Inner"}]}
        first = registry.register("outer", json.dumps(outer), references=(ref("Inner", "inner"),))
        inlined = {**outer, "fields": [{"name": "i", "type": json.loads(avro("Inner", "x"))}]}
        assert registry.register("outer", json.dumps(inlined)).version == first.version

    def test_metadata_of_the_latest_is_kept_when_none_is_sent(self, registry: SmallRegistry) -> None:
        metadata = Metadata(properties=(("owner", "me"),))
        first = registry.register("s", A, metadata=metadata)
        assert registry.register("s", A) == first
        second = registry.register("s", avro("A", "a", "b="))
        assert second.schema.metadata == metadata

    def test_a_missing_schema_copies_the_latest_with_new_metadata(self, registry: SmallRegistry) -> None:
        registry.register("s", A)
        copied = registry.register("s", None, metadata=Metadata(properties=(("owner", "me"),)))
        assert (copied.version.number, copied.schema.text) == (2, registry.register("t", A).schema.text)

    def test_without_a_latest_there_is_nothing_to_copy(self, registry: SmallRegistry) -> None:
        assert refused_code(registry, "s", None) == 42201
        assert refused_code(registry, "s", "  ") == 42201


class TestVersions:
    def test_a_version_number_must_be_the_next_one(self, registry: SmallRegistry) -> None:
        registry.register("s", A)
        assert refused_code(registry, "s", avro("A", "a", "b="), version=3) == 42201
        assert refused_code(registry, "s", avro("A", "a", "b="), version=1) == 42201
        assert registry.register("s", avro("A", "a", "b="), version=2).version.number == 2

    def test_minus_one_takes_the_latest_if_it_is_equal(self, registry: SmallRegistry) -> None:
        configure(registry, "s", level="NONE")
        registry.register("s", A)
        second = registry.register("s", B)
        assert registry.register("s", B, version=-1) == second
        # The first one is equal too, but it is not the latest.
        third = registry.register("s", A, version=-1)
        assert third.version.number == 3
        assert third.schema.metadata == Metadata(properties=(("confluent:version", "3"),))

    def test_the_number_in_the_metadata_does_not_make_another_schema_to_clients(self, registry: SmallRegistry) -> None:
        metadata = Metadata(properties=(("confluent:version", "7"),))
        first = registry.register("s", A, metadata=metadata)
        assert first.schema.metadata == Metadata(properties=(("confluent:version", "1"),))
        assert registry.register("s", A, metadata=metadata) == first
        assert registry.register("s", A) == first


class TestModes:
    @pytest.mark.parametrize("mode", [Mode.READONLY, Mode.READONLY_OVERRIDE])
    def test_read_only_refuses(self, registry: SmallRegistry, mode: Mode) -> None:
        registry.state.apply([ModeSet(scope(""), mode)])
        assert refused_code(registry, "s", A) == 42205

    def test_a_narrower_mode_wins_except_over_the_override(self, registry: SmallRegistry) -> None:
        registry.state.apply([ModeSet(scope(""), Mode.READONLY), ModeSet(scope("s"), Mode.READWRITE)])
        registry.register("s", A)
        registry.state.apply([ModeSet(scope(""), Mode.READONLY_OVERRIDE)])
        assert refused_code(registry, "s", B) == 42205

    def test_a_context_mode_holds_for_its_subjects(self, registry: SmallRegistry) -> None:
        registry.state.apply([ModeSet(scope(":.c:"), Mode.READONLY)])
        assert refused_code(registry, ":.c:s", A) == 42205
        registry.register("s", A)

    def test_an_id_is_given_in_import_mode_and_only_there(self, registry: SmallRegistry) -> None:
        assert refused_code(registry, "s", A, id=5) == 42205
        registry.state.apply([ModeSet(scope(""), Mode.IMPORT)])
        assert refused_code(registry, "s", A) == 42205
        imported = registry.register("s", A, id=5, version=3)
        assert (imported.version.number, imported.version.id) == (3, 5)
        registry.state.apply([ModeSet(scope(""), None)])
        assert registry.register("t", B).version.id == 6

    def test_an_import_is_not_asked_about_compatibility(self, registry: SmallRegistry) -> None:
        registry.state.apply([ModeSet(scope(""), Mode.IMPORT)])
        registry.register("s", A, id=1)
        assert registry.register("s", B, id=2).version.number == 2

    def test_imports_may_come_in_any_order_and_twice(self, registry: SmallRegistry) -> None:
        registry.state.apply([ModeSet(scope(""), Mode.IMPORT)])
        for _ in range(2):
            registry.register("s", B, id=7, version=2)
            registry.register("s", A, id=4, version=1)
        assert registry.versions("s") == [(1, 4, False), (2, 7, False)]

    def test_an_id_cannot_be_taken_from_its_schema(self, registry: SmallRegistry) -> None:
        registry.state.apply([ModeSet(scope(""), Mode.IMPORT)])
        registry.register("s", A, id=4)
        assert refused_code(registry, "t", B, id=4) == 42205

    def test_a_version_cannot_be_taken_from_its_id(self, registry: SmallRegistry) -> None:
        registry.state.apply([ModeSet(scope(""), Mode.IMPORT)])
        registry.register("s", A, id=4, version=1)
        assert refused_code(registry, "s", B, id=5, version=1) == 42205

    def test_a_schema_may_be_imported_under_a_second_id_but_not_within_one_subject(
        self, registry: SmallRegistry
    ) -> None:
        registry.state.apply([ModeSet(scope(""), Mode.IMPORT)])
        registry.register("s", A, id=4)
        registry.register("t", A, id=9)
        assert refused_code(registry, "s", A, id=9, version=2) == 42207
        registry.state.apply([ModeSet(scope(""), None)])
        assert registry.register("u", A).version.id == 4
        assert registry.register("t", A).version.id == 9

    def test_the_last_id_ends_the_counter_and_not_the_server(self, registry: SmallRegistry) -> None:
        registry.state.apply([ModeSet(scope(""), Mode.IMPORT)])
        registry.register("s", A, id=2**31 - 1)
        registry.state.apply([ModeSet(scope(""), None)])
        assert refused_code(registry, "t", B) == 42205


class TestReferences:
    def test_they_resolve_through_others_and_across_contexts(self, registry: SmallRegistry) -> None:
        registry.register(":.c:a", avro("A", "x"))
        b = {"type": "record", "name": "B", "fields": [{"name": "a", "type": "A"}]}
        registry.register("b", json.dumps(b), references=(ref("A", ":.c:a"),))
        c = {"type": "record", "name": "C", "fields": [{"name": "b", "type": "B"}, {"name": "a", "type": "A"}]}
        registry.register("c", json.dumps(c), references=(ref("B", "b"),))
        assert registry.versions("c") == [(1, 2, False)]

    def test_unqualified_they_stay_in_the_context_of_their_schema(self, registry: SmallRegistry) -> None:
        registry.register("a", avro("A", "x"))
        b = json.dumps({"type": "record", "name": "B", "fields": [{"name": "a", "type": "A"}]})
        assert refused_code(registry, ":.c:b", b, references=(ref("A", "a"),)) == 42201

    @pytest.mark.parametrize("reference", [("A", "a", 2), ("A", "none", 1), ("", "a", 1), ("A", "", 1), ("A", "a", 0)])
    def test_one_that_leads_nowhere_is_refused(self, registry: SmallRegistry, reference: tuple[str, str, int]) -> None:
        registry.register("a", avro("A", "x"))
        assert refused_code(registry, "b", B, references=(ref(*reference),)) == 42201

    def test_minus_one_is_pinned_to_the_latest(self, registry: SmallRegistry) -> None:
        registry.register("a", avro("A", "x"))
        registry.register("a", avro("A", "x", "y="), version=2)
        b = json.dumps({"type": "record", "name": "B", "fields": [{"name": "a", "type": "A"}]})
        assert registry.register("b", b, references=(ref("A", "a", -1),)).schema.references == (ref("A", "a", 2),)

    def test_a_soft_deleted_version_cannot_be_referred_to_anew(self, registry: SmallRegistry) -> None:
        registry.register("a", avro("A", "x"))
        b = json.dumps({"type": "record", "name": "B", "fields": [{"name": "a", "type": "A"}]})
        registry.register("b", b, references=(ref("A", "a"),))
        registry.hide("b")
        registry.hide("a")
        assert refused_code(registry, "b2", b, references=(ref("A", "a"),)) == 42201


class TestGovernance:
    def test_what_the_config_adds_is_merged_and_stored(self, registry: SmallRegistry) -> None:
        configure(
            registry,
            "s",
            default_metadata=Metadata(properties=(("a", "default"), ("b", "default"))),
            override_metadata=Metadata(properties=(("c", "override"),)),
        )
        registered = registry.register("s", A, metadata=Metadata(properties=(("b", "mine"), ("c", "mine"))))
        assert registered.schema.metadata == Metadata(properties=(("a", "default"), ("b", "mine"), ("c", "override")))
        assert registry.register("s", A, metadata=Metadata(properties=(("b", "mine"),))) == registered

    def test_rules_are_checked_unless_the_config_says_otherwise(self, registry: SmallRegistry) -> None:
        rules = RuleSet.read(Members.of({"domainRules": [{"name": "r", "mode": "WRITE"}]}))
        assert refused_code(registry, "s", A, rules=rules) == 42210
        configure(registry, "s", validate_rules=False)
        registry.register("s", A, rules=rules)


INVALID = [
    ("AVRO", "{"),
    ("AVRO", '{"type":"record"}'),
    ("AVRO", '{"type":"nothing"}'),
    ("AVRO", avro("A-B", "x")),
    ("AVRO", '"not.defined"'),
    ("AVRO", '{"type":"enum","name":"E","symbols":["A","A"]}'),
    ("JSON", "{"),
    ("JSON", "[]"),
    ("JSON", '"string"'),
    ("JSON", '{"type":"strin"}'),
    ("JSON", '{"$ref":"other.json"}'),
    ("JSON", '{"$ref":"#/definitions/none"}'),
    ("JSON", '{"a":1,"a":2}'),
    ("THRIFT", "struct"),
    ("avro", '"string"'),
]


@pytest.mark.parametrize(("schema_type", "text"), INVALID)
def test_a_schema_nobody_can_read_is_42201(registry: SmallRegistry, schema_type: str, text: str) -> None:
    assert refused_code(registry, "s", text, schema_type) == 42201


def test_an_invalid_default_is_refused_unless_the_config_says_otherwise(registry: SmallRegistry) -> None:
    text = json.dumps({"type": "record", "name": "R", "fields": [{"name": "a", "type": "int", "default": "x"}]})
    assert refused_code(registry, "s", text) == 42201
    configure(registry, "s", validate_new_schemas=False)
    registry.register("s", text)
