"""References: the versions they stand for, and the texts a schema needs to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_registry.errors import RegistryError
from treaty_registry.model.schemas import LATEST, Reference, Schema, SchemaKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from treaty_registry.model.schemas import Version
    from treaty_registry.state import State

MAX_REFERENCES = 1000
"""Texts one schema may draw in, directly and through others."""


def pinned(state: State, context: str, references: Iterable[Reference], *, live: bool = False) -> tuple[Reference, ...]:
    """``references`` with ``-1`` replaced by the latest version's number.

    With ``live`` they may not lead to soft-deleted versions. Raises RegistryError 42201 for one that leads nowhere.
    """
    return tuple(
        reference._replace(version=_target(state, context, reference, live=live).number) for reference in references
    )


def closure(state: State, context: str, references: Sequence[Reference]) -> tuple[tuple[str, str], ...]:
    """Name and text of every schema that ``references`` draw in, dependencies first.

    A name the schema itself refers to wins over the same name further away. Raises RegistryError 42201 for a reference
    that leads nowhere, and when there are too many.
    """
    if not references:
        return ()
    texts: dict[str, str] = {}
    own = {reference.name for reference in references}
    done: set[SchemaKey] = set()
    # (schema's context, reference, whether its own references are in already); a stack, for chains may be long.
    stack = [(context, reference, False) for reference in reversed(references)]
    while stack:
        where, reference, entered = stack.pop()
        key = SchemaKey(reference.target(where).context, _target(state, where, reference).id)
        schema = _schema(state, key)
        if entered:
            if where == context and reference in references:
                texts[reference.name] = schema.text
            elif reference.name not in own:
                texts.setdefault(reference.name, schema.text)
            continue
        stack.append((where, reference, True))
        if key not in done:
            done.add(key)
            if len(done) > MAX_REFERENCES:
                raise RegistryError(42201, f"The schema draws in more than {MAX_REFERENCES} others by reference")
            stack.extend((key.context, nested, False) for nested in reversed(schema.references))
    return tuple(texts.items())


def _target(state: State, context: str, reference: Reference, *, live: bool = False) -> Version:
    if not reference.name or not reference.subject:
        raise RegistryError(
            42201, f"The reference {reference.name or reference.subject!r} must have a name and a subject"
        )
    subject = state.subjects.get(reference.target(context))
    version = None
    if subject is not None and reference.version == LATEST:
        version = subject.latest()
    elif subject is not None:
        version = subject.version(reference.version, deleted=not live)
    if version is None:
        raise RegistryError(
            42201,
            f'No schema reference found for subject "{reference.subject}" and version {reference.version} '
            f"(reference {reference.name!r})",
            advice="register the schemas it refers to first",
        )
    return version


def _schema(state: State, key: SchemaKey) -> Schema:
    schema = state.schemas.get(key)
    if schema is None:
        raise RegistryError(50001, f"The schema with id {key.id} of context {key.context} is missing from the store")
    return schema
