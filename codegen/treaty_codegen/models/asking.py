"""What the model library is asked: only what it has to find out, each thing once, and nothing it cannot take."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from treaty.errors import CannotCheck
from treaty_codegen.models.datamodel import python_source
from treaty_codegen.models.expressions import ANY, AliasModel, TypeModel
from treaty_codegen.models.reading import read_models

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from treaty.documents.location import JsonValue
    from treaty_codegen.models.definitions import Definitions

__all__ = ["found_models"]

_PREFIX = "#/components/schemas/"
Schemas = dict[str, dict[str, "JsonValue"]]


def found_models(inputs: Schemas, definitions: Definitions) -> dict[str, TypeModel]:
    """The classes and aliases the model library makes of ``inputs``, schemas by id.

    A definition that is typed without it is a name to the library, no schema. Schemas it cannot take are typed as Any
    and noted. Raises CannotCheck when it takes none of them.
    """
    known = {each.id for each in definitions.by_id.values() if each.own is not None or each.same_as is not None}
    asked, twins = _without_twins(_with_names(inputs, known))
    if not asked:
        return {}
    try:
        source = python_source(asked)
    except CannotCheck as error:
        refused = _refused(asked, list(asked))
        if len(refused) == len(asked):
            raise
        for id_ in refused:
            definitions.note(f"{definitions.by_id[id_].key}: typed as Any, because {error.problem}")
        source = python_source(_part(asked, asked.keys() - refused))
    models = read_models(source, inputs.keys(), definitions.wire_names())
    for id_, twin in twins.items():
        model = models.get(twin, AliasModel(twin, ANY))
        models[id_] = (
            AliasModel(id_, model.type)
            if isinstance(model, AliasModel)
            else replace(model, id=id_, fields=[replace(each) for each in model.fields])
        )
    return models


def _with_names(inputs: Schemas, known: Collection[str]) -> Schemas:
    """``inputs`` without ``known`` definitions: references to them are the names of types that exist elsewhere.

    A part of an `allOf` cannot be such a name, so what stands there stays a schema.
    """
    merged: set[str] = set()

    def named(value: JsonValue, *, merging: bool = False) -> JsonValue:
        if isinstance(value, list):
            return [named(each, merging=merging) for each in value]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str):
            id_ = reference.removeprefix(_PREFIX)
            if id_ not in known:
                return value
            if not merging:
                return {"customTypePath": f"known.{id_}"}
            merged.add(id_)
            return value
        return {
            key: inside if key in ("discriminator", "required") else named(inside, merging=key == "allOf")
            for key, inside in value.items()
        }

    written: Schemas = {}
    for id_, schema in inputs.items():
        if id_ not in known:
            changed = named(schema)
            assert isinstance(changed, dict)
            written[id_] = changed
    # In the order of the contract, which is the order the library answers in.
    return {id_: written.get(id_, schema) for id_, schema in inputs.items() if id_ in written or id_ in merged}


def _without_twins(inputs: Schemas) -> tuple[Schemas, dict[str, str]]:
    """``inputs`` without those that nothing refers to and that say the same as another one: these, with the other."""
    referred: set[str] = set()
    for schema in inputs.values():
        _collect(schema, referred)
    asked: Schemas = {}
    twins: dict[str, str] = {}
    first: dict[str, str] = {}
    for id_, schema in inputs.items():
        if id_ in referred or "properties" in schema:
            asked[id_] = schema
            continue
        twin = first.setdefault(json.dumps(schema, sort_keys=True, default=str), id_)
        if twin == id_:
            asked[id_] = schema
        else:
            twins[id_] = twin
    return asked, twins


def _collect(value: JsonValue, into: set[str]) -> None:
    if isinstance(value, list):
        for each in value:
            _collect(each, into)
    elif isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str):
            into.add(reference.removeprefix(_PREFIX))
        for each in value.values():
            _collect(each, into)


def _refused(inputs: Schemas, ids: list[str]) -> set[str]:
    """Those of ``ids`` the library does not take even on their own, by halving."""
    try:
        python_source(_part(inputs, ids))
    except CannotCheck:
        if len(ids) == 1:
            return set(ids)
    else:
        return set()
    half = len(ids) // 2
    return _refused(inputs, ids[:half]) | _refused(inputs, ids[half:])


def _part(inputs: Schemas, ids: Collection[str]) -> Schemas:
    """Only ``ids`` of ``inputs``; a reference to another one says nothing."""
    kept = set(ids)

    def cut(value: JsonValue) -> JsonValue:
        if isinstance(value, list):
            return [cut(each) for each in value]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str):
            return value if reference.removeprefix(_PREFIX) in kept else {}
        return {key: cut(inside) for key, inside in value.items() if key != "discriminator" or _leads(inside, kept)}

    part: Schemas = {}
    for id_ in inputs:
        if id_ in kept:
            changed = cut(inputs[id_])
            assert isinstance(changed, dict)
            part[id_] = changed
    return part


def _leads(discriminator: JsonValue, kept: Collection[str]) -> bool:
    """Whether every value of a discriminator leads to a schema that is there."""
    mapping: Mapping[str, JsonValue] | JsonValue = (
        discriminator.get("mapping") if isinstance(discriminator, dict) else None
    )
    targets = mapping.values() if isinstance(mapping, dict) else ()
    return all(isinstance(each, str) and each.removeprefix(_PREFIX) in kept for each in targets)
