"""Running jobs: documents in, files out, compiled before a byte is written."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from treaty.errors import CannotCheck, TreatyError
from treaty_codegen.outcome import Emitted, JobOutcome
from treaty_codegen.ownership import Folder, read_lock, with_manifest, write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from treaty.documents.library import Library, Node
    from treaty_codegen.jobs import Job

__all__ = ["generate", "run"]

# A further target is one more row: a function that gets a job, its documents and the name lock.
_EMITTERS = {
    "models": "treaty_codegen.models.package:emit_models",
    "python-sdk": "treaty_codegen.sdk.package:emit_sdk",
    "events": "treaty_codegen.events.package:emit_events",
}


def generate(job: Job, lock: Mapping[str, str]) -> Emitted:
    """What ``job`` emits, in memory. Raises TreatyError; CannotCheck when what was emitted is not Python."""
    from treaty.documents.collection import collection_paused

    with collection_paused():
        return _generate(job, lock)


def _generate(job: Job, lock: Mapping[str, str]) -> Emitted:
    library, roots = _open(job)
    module, _, name = _EMITTERS[job.target].partition(":")
    emit: Callable[[Job, Library, list[Node], Mapping[str, str]], Emitted] = getattr(
        importlib.import_module(module), name
    )
    emitted = emit(job, library, roots, lock)
    for path, text in emitted.files.items():
        if path.endswith(".py"):
            _compile(path, text, job)
    return emitted


def _open(job: Job) -> tuple[Library, list[Node]]:
    from treaty.documents.open import open_argument

    opened = open_argument(str(job.documents[0]))
    roots = [opened.library.root(opened.path)]
    roots.extend(opened.library.root(open_argument(str(path)).path) for path in job.documents[1:])
    return opened.library, roots


def _compile(path: str, text: str, job: Job) -> None:
    """Nothing that does not compile is ever written; compiling runs nothing."""
    try:
        compile(text, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise CannotCheck(
            f"{job.contract}: the generated {path} is not valid Python: {error}",
            advice="this is a defect of the generator, and nothing was written: please report it with the contract",
        ) from None


def run(jobs: Sequence[Job], *, check: bool = False) -> list[JobOutcome]:
    """Carry out all jobs, or none; with ``check`` only find out what would change. Raises TreatyError."""
    outcomes: list[JobOutcome] = []
    writes = []
    for job in jobs:
        try:
            emitted = generate(job, read_lock(job.out))
        except TreatyError as error:
            error.add_note(f"{job.contract} → {job.target}")
            raise
        folder = Folder(job.out, with_manifest(emitted.files, emitted.names))
        changes = folder.changes()
        outcomes.append(JobOutcome(job, emitted, changes))
        writes.append((folder, changes))
    if not check:
        write_all(writes)
    return outcomes
