"""What is to be generated: the `generate:` of `treaty.yaml`, or one contract named on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.errors import PolicyError, UsageError
from treaty_codegen.naming import module_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from treaty.documents.location import JsonValue
    from treaty.govern.policy import Policy

__all__ = ["TARGETS", "Job", "job_for_file", "jobs_for_contract", "jobs_of_policy"]

TARGETS = ("models", "python-sdk", "events")
_MAJOR = re.compile(r"v\d+")


@dataclass(frozen=True, slots=True)
class Job:
    """One target of one contract.

    ``documents`` are the files it is made from, ``shown`` what they are called in the output (never depending on the
    working directory), ``out`` the folder it goes to.
    """

    contract: str
    target: str
    documents: tuple[Path, ...]
    shown: str
    out: Path
    package: str
    distribution: str
    client: str | None = None
    tests: bool = True


def jobs_of_policy(policy: Policy, names: Sequence[str] = (), target: str | None = None) -> list[Job]:
    """The jobs of `generate:`, those of the contracts ``names`` (all, when empty) and of ``target``.

    Raises PolicyError with line and column for what is wrong there, UsageError for a name or target it does not have.
    """
    _check_names(policy)
    for name in names:
        if name not in policy.contracts:
            known = ", ".join(policy.contracts)
            raise UsageError(f"no contract is called {name!r}", advice=f"treaty.yaml has {known}; or name a file")
        if name not in policy.generate:
            raise UsageError(
                f"treaty.yaml does not say what to generate from {name}",
                advice=f"add it below `generate:`, or: treaty generate {name} --target models --out DIR",
            )
    jobs: list[Job] = []
    for contract, targets in policy.generate.items():
        if names and contract not in names:
            continue
        for each, options in targets.items() if isinstance(targets, dict) else ():
            if target in (None, each) and isinstance(options, dict):
                jobs.extend(_jobs(policy, contract, each, options))
    if not jobs:
        what = f" for the target {target}" if target else ""
        raise UsageError(
            f"treaty.yaml has nothing to generate{what}",
            advice="add `generate:` (docs/codegen.md), or name a file with --target and --out",
        )
    _check_folders(jobs)
    return jobs


def _check_names(policy: Policy) -> None:
    document = policy.document
    for name in policy.generate:
        if name not in policy.contracts:
            location = document.locate(("generate", name)) if document is not None else None
            raise PolicyError(
                f"no contract is called `{name}`", location=location, advice=f"there are {', '.join(policy.contracts)}"
            )


def _jobs(policy: Policy, contract: str, target: str, options: Mapping[str, JsonValue]) -> list[Job]:
    """One job per major version."""
    groups = _by_major(policy, contract)
    return [_job(policy, contract, target, options, major, paths) for major, paths in groups.items()]


def jobs_for_contract(policy: Policy, contract: str, target: str, out: Path, package: str | None = None) -> list[Job]:
    """The jobs for a contract of the catalogue, whatever `generate:` says: one in ``out``, several in its folders.

    Raises UsageError for a contract there is none of, or one name for several packages.
    """
    if contract not in policy.contracts:
        known = ", ".join(policy.contracts)
        raise UsageError(
            f"{contract} is neither a file nor a contract of treaty.yaml", advice=f"treaty.yaml has {known}"
        )
    groups = _by_major(policy, contract)
    if package is not None and len(groups) > 1:
        raise UsageError(
            f"{contract} has {len(groups)} majors, and --package is one name", advice="name one file of them"
        )
    options: dict[str, JsonValue] = {"out": str(out.absolute() / "{major}" if len(groups) > 1 else out.absolute())}
    if package is not None:
        options["package"] = package
    return [_job(policy, contract, target, options, major, paths) for major, paths in groups.items()]


def _by_major(policy: Policy, contract: str) -> dict[str, list[Path]]:
    """The documents of a contract by major: files of one folder belong together."""
    groups: dict[str, list[Path]] = {}
    for glob in policy.contracts[contract].paths:
        for path in sorted(policy.root.glob(glob)):
            if path.is_file():
                groups.setdefault(_major(path, policy.root), []).append(path)
    if not groups:
        globs = ", ".join(policy.contracts[contract].paths)
        raise UsageError(f"no file matches {globs}", advice=f"correct the path of {contract} in treaty.yaml")
    return dict(sorted(groups.items()))


def _job(
    policy: Policy, contract: str, target: str, options: Mapping[str, JsonValue], major: str, paths: list[Path]
) -> Job:
    def filled(text: JsonValue) -> str:
        return str(text).replace("{contract}", contract).replace("{major}", major)

    plain_major = major or "v1"
    default = module_name(f"{contract} {plain_major}")
    package = filled(options["package"]) if "package" in options else default
    package = re.sub(r"\W", "_", package)
    shown = paths[0].relative_to(policy.root).as_posix()
    client = options.get("client")
    return Job(
        contract=f"{contract} {major}".strip(),
        target=target,
        documents=tuple(paths),
        shown=shown if len(paths) == 1 else f"{shown.rpartition('/')[0]}/",
        out=policy.root / filled(options["out"]),
        package=package,
        distribution=filled(options.get("distribution", package.replace("_", "-"))),
        client=client if isinstance(client, str) else None,
        tests=options.get("tests") is not False,
    )


def _major(path: Path, root: Path) -> str:
    return next((part for part in path.relative_to(root).parts if _MAJOR.fullmatch(part)), "")


def _check_folders(jobs: list[Job]) -> None:
    seen: dict[Path, Job] = {}
    for job in jobs:
        for folder, other in seen.items():
            if folder == job.out or folder in job.out.parents or job.out in folder.parents:
                raise UsageError(
                    f"{other.contract} and {job.contract} would be written into each other's folder, {job.out}",
                    advice="give each a folder of its own; {contract} and {major} in `out` do that",
                )
        seen[job.out] = job


def job_for_file(path: Path, target: str, out: Path, package: str | None = None) -> Job:
    """The job for one contract file, without a `treaty.yaml`."""
    folder = next((part for part in path.absolute().parts[::-1] if _MAJOR.fullmatch(part)), "")
    stem = re.sub(r"(\.(openapi|asyncapi|schema|api))?\.(json|ya?ml|avsc)$", "", path.name)
    generic = stem in ("openapi", "asyncapi", "api", "index")
    parents = [part for part in path.absolute().parts[:-1][::-1] if not _MAJOR.fullmatch(part) and part.strip("/")]
    name = parents[0] if generic and parents else stem
    package = package or module_name(f"{name} {folder}".strip())
    if not package.isidentifier():
        raise UsageError(f"{package!r} cannot be the name of a package", advice="use letters, digits and underscores")
    return Job(
        contract=path.name,
        target=target,
        documents=(path,),
        shown=path.name,
        out=out,
        package=package,
        distribution=package.replace("_", "-"),
    )
