"""The configuration file of a server: read, checked with the line of every mistake, and turned into settings."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from treaty.documents.location import JsonValue
from treaty.errors import DocumentError, UsageError
from treaty_registry.access.roles import Grant, Role
from treaty_registry.model.settings import Config
from treaty_registry.server.settings import Settings
from treaty_registry.stores.store import DEFAULT_URL

if TYPE_CHECKING:
    from treaty.documents.document import Document
    from treaty.documents.location import Pointer
    from treaty_registry.access.door import Access, Account
    from treaty_registry.access.oidc import Provider

STORE_VARIABLE = "TREATY_REGISTRY_STORE"

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

JsonObject = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM; with ``client_authority`` clients may, or must, present a certificate of it."""

    certificate: Path
    key: Path
    client_authority: Path | None = None
    client_required: bool = True


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a server listens, with how many processes; the ``X-Forwarded-For`` of ``proxies`` is believed."""

    host: str = "127.0.0.1"
    port: int = 8081
    workers: int = 1
    tls: Tls | None = None
    proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything a server is told; ``access`` is None where everybody may do everything."""

    store: str = DEFAULT_URL
    listen: Listen = field(default_factory=Listen)
    settings: Settings = field(default_factory=Settings)
    access: Access | None = None
    log_format: str | None = None
    log_level: str = "info"


@cache
def configuration_schema() -> dict[str, JsonValue]:
    """The published JSON Schema of the file."""
    schema: dict[str, JsonValue] = json.loads(Path(__file__).with_name("configuration.schema.json").read_text("utf-8"))
    return schema


def load_configuration(path: Path | None) -> Configuration:
    """The configuration in ``path``, or the one of no file, with the store of the environment where the file names
    none.

    Paths in the file are relative to it. Raises UsageError with line and column for whatever is wrong.
    """
    file = _read(path, configuration_schema()) if path is not None else None
    store = os.environ.get(STORE_VARIABLE, DEFAULT_URL)
    if file is None:
        return Configuration(store=store)
    tree, log = file.tree, file.part("log")
    configured = tree.get("store")
    return Configuration(
        store=file.expanded(configured, ("store",)) if isinstance(configured, str) else store,
        listen=_listen(file),
        settings=_settings(file),
        access=_access(file),
        log_format=str(log["format"]) if "format" in log else None,
        log_level=str(log.get("level", "info")),
    )


@dataclass(frozen=True, slots=True)
class _File:
    document: Document
    tree: JsonObject
    folder: Path

    def part(self, *names: str) -> JsonObject:
        part: JsonValue = self.tree
        for name in names:
            part = part.get(name) if isinstance(part, dict) else None
        return part if isinstance(part, dict) else {}

    def parts(self, *names: str) -> list[JsonObject]:
        parts = self.part(*names[:-1]).get(names[-1])
        return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []

    def path(self, text: JsonValue) -> Path:
        return self.folder / str(text)

    def wrong(self, problem: str, pointer: Pointer, advice: str | None = None) -> UsageError:
        return UsageError(problem, location=self.document.locate(pointer), advice=advice)

    def expanded(self, text: str, pointer: Pointer) -> str:
        """``text`` with ``${NAME}`` replaced from the environment, for secrets do not belong in files."""

        def value(match: re.Match[str]) -> str:
            found = os.environ.get(match[1])
            if found is None:
                raise self.wrong(f"the environment has no variable {match[1]}", pointer)
            return found

        return _VARIABLE.sub(value, text)


def _read(path: Path, schema: dict[str, JsonValue]) -> _File:
    from treaty.documents.document import read_document
    from treaty.documents.validation import violations

    try:
        document = read_document(path.read_bytes(), path.name, str(path))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except DocumentError as error:
        raise UsageError(error.problem, location=error.location, advice=error.advice) from error
    for violation in violations(document.tree, schema):
        raise UsageError(violation.message, location=document.locate(violation.pointer), advice=violation.advice)
    tree = document.tree
    return _File(document, tree if isinstance(tree, dict) else {}, path.parent)


def _listen(file: _File) -> Listen:
    listen, tls = file.part("listen"), file.part("listen", "tls")
    authority, proxies = tls.get("client_authority"), listen.get("proxies")
    return Listen(
        host=str(listen.get("host", "127.0.0.1")),
        port=_integer(listen.get("port"), 8081),
        workers=_integer(listen.get("workers"), 1),
        tls=Tls(
            certificate=file.path(tls["certificate"]),
            key=file.path(tls["key"]),
            client_authority=file.path(authority) if authority is not None else None,
            client_required=bool(tls.get("client_required", True)),
        )
        if tls
        else None,
        proxies=tuple(str(address) for address in proxies) if isinstance(proxies, list) else (),
    )


def _settings(file: _File) -> Settings:
    api, limits = file.part("api"), file.part("limits")
    return Settings(
        profile=_integer(api.get("profile"), 8),
        incompatible_code=_integer(api.get("incompatible_code"), 409),
        defaults=Config(
            level=str(api.get("compatibility", "BACKWARD")),
            policy=str(api["policy"]) if "policy" in api else None,
            normalize=True if api.get("normalize") else None,
        ),
        max_request_bytes=_integer(limits.get("request_bytes"), Settings().max_request_bytes),
        cluster=str(api.get("cluster", "treaty")),
    )


def _access(file: _File) -> Access | None:
    from treaty_registry.access.door import Access

    if "access" not in file.tree and "rate" not in file.part("limits"):
        return None
    access, rate = file.part("access"), file.part("limits", "rate")
    accounts = access.get("accounts")
    further = _read(file.path(accounts), _accounts_schema()) if accounts is not None else None
    users, tokens = _accounts(file, "access", "users"), _accounts(file, "access", "tokens")
    if further is not None:
        users += _accounts(further, "users")
        tokens += _accounts(further, "tokens")
    grants: dict[str, tuple[Grant, ...]] = {}
    for entry in file.parts("access", "grants"):
        holder = str(entry["to"])
        grants[holder] = (*grants.get(holder, ()), _grant(entry))
    # A file that only limits the rate leaves the door open for everything else.
    anonymous = str(access.get("anonymous", "none")) if "access" in file.tree else "admin"
    per_second = rate.get("per_second")
    return Access(
        users=tuple(users),
        tokens=tuple(tokens),
        provider=_provider(file),
        grants=grants,
        anonymous=() if anonymous == "none" else (Grant(Role[anonymous.upper()]),),
        rate=(_number(per_second), _number(rate.get("burst", per_second))) if per_second is not None else None,
    )


def _accounts(file: _File, *names: str) -> list[Account]:
    from treaty_registry.access.door import Account
    from treaty_registry.access.secrets import is_hash

    accounts = []
    for index, entry in enumerate(file.parts(*names)):
        kept = file.expanded(str(entry["hash"]), (*names, index, "hash"))
        if not is_hash(kept):
            raise file.wrong(
                "this is neither an argon2 hash nor a sha256 one",
                (*names, index, "hash"),
                "make it with `treaty registry credential`",
            )
        accounts.append(Account(str(entry["name"]), kept))
    return accounts


def _accounts_schema() -> dict[str, JsonValue]:
    accounts: JsonValue = {"type": "array", "items": {"$ref": "#/$defs/account"}}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {"users": accounts, "tokens": accounts},
        "$defs": configuration_schema()["$defs"],
    }


def _provider(file: _File) -> Provider | None:
    from treaty_registry.access.oidc import Provider, check_provider

    oidc = file.part("access", "oidc")
    if not oidc:
        return None
    jwks = str(oidc["jwks"])
    return check_provider(
        Provider(
            issuer=str(oidc["issuer"]),
            audience=str(oidc["audience"]),
            jwks=jwks if "://" in jwks else str(file.path(jwks)),
            name_claim=str(oidc.get("name_claim", "sub")),
            groups_claim=str(oidc.get("groups_claim", "groups")),
        )
    )


def _grant(entry: JsonObject) -> Grant:
    return Grant(Role[str(entry["role"]).upper()], str(entry.get("subjects", "*")), str(entry.get("contexts", "*")))


def _integer(value: JsonValue, default: int) -> int:
    return value if isinstance(value, int) else default


def _number(value: JsonValue) -> float:
    return float(value) if isinstance(value, int | float) else 1.0
