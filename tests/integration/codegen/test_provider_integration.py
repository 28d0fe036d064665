"""A provider's integration, written with the generated SDK, against a platform over real HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import ssl
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from tests.integration.codegen.certificates import issue
from tests.integration.codegen.provider_platform import Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from treaty_codegen.outcome import Emitted

SECRET = b"a secret of the handshake"


@pytest.fixture
def platform() -> Iterator[Platform]:
    server = Platform(SECRET)
    yield server
    server.close()


def settings(provider: ModuleType, platform: Platform, **more: Any) -> dict[str, Any]:
    return {
        "base_url": platform.url,
        "oauth2": provider.ClientCredentials("studio", "pw", token_url=f"{platform.url}/oauth2/token"),
        "body_signature": provider.HmacKey(SECRET),
        "brand_id": "br_northstar",
        "region": "eu-mt",
        "provider_id": "prv_studio",
        **more,
    }


@pytest.fixture
def client(provider: ModuleType, platform: Platform) -> Iterator[Any]:
    with provider.ProviderAPI(**settings(provider, platform)) as made:
        yield made


def authorization(provider: ModuleType, bet_id: str = "b_001", amount: str = "5.00") -> Any:
    models = provider.models
    money = models.Money(amount=Decimal(amount), currency="EUR")
    return models.BetAuthorizeRequest(session_id="s_1", bet_id=bet_id, round_id="r_1", amount=money)


def test_session_authorize_settle(provider: ModuleType, platform: Platform, client: Any) -> None:
    models = provider.models
    session = client.sessions.create(
        models.SessionCreateRequest(
            player_id="p_demo_1", game_id="studio:slot_forge_02", currency="EUR", locale="en-GB", constraints=None
        )
    )
    held = client.bets.authorize(authorization(provider), idempotency_key="b_001:authorize:5.00EUR")
    assert (session.session_id, held.status, held.hold_id) == ("s_1", "authorized", "h_1")
    assert held.expires_at.tzinfo is not None
    win = models.Money(amount=Decimal("14.6"), currency="EUR")
    with pytest.warns(
        DeprecationWarning, match=r"bets\.settle is deprecated since 1\.7\.0, removed in 2\.0\.0"
    ) as told:
        settled = client.bets.settle(models.BetSettleRequest(bet_id="b_001", round_id="r_1", win=win))
    assert [warning.filename for warning in told] == [__file__]
    assert settled.settlement_id == "st_1"
    assert json.loads(platform.requests[-1][3]) == {
        "bet_id": "b_001",
        "round_id": "r_1",
        "win": {"amount": "14.6", "currency": "EUR"},
    }
    assert platform.tokens == 1
    assert {headers["x-region"] for _, _, headers, _ in platform.requests} == {"eu-mt"}


def test_a_503_is_repeated_with_the_same_key(provider: ModuleType, platform: Platform, client: Any) -> None:
    platform.faults = [(503, {"Retry-After": "1"})]
    begun = time.monotonic()
    client.bets.authorize(authorization(provider))
    assert time.monotonic() - begun >= 1.0
    keys = [headers["x-idempotency-key"] for _, _, headers, _ in platform.requests]
    traces = {headers["x-trace-id"] for _, _, headers, _ in platform.requests}
    assert (len(keys), len(set(keys)), len(traces)) == (2, 1, 1)
    assert platform.effects == ["/v1/bets/authorize"]


def test_an_answer_lost_on_the_way_has_one_effect(provider: ModuleType, platform: Platform, client: Any) -> None:
    client.bets.authorize(authorization(provider, "b_first"))
    platform.lost_answers = 1
    held = client.bets.authorize(authorization(provider, "b_002"))
    assert held.status == "authorized"
    assert platform.effects == ["/v1/bets/authorize"] * 2
    assert len(platform.requests) == 3


def test_the_key_again_with_other_parameters(provider: ModuleType, platform: Platform, client: Any) -> None:
    client.bets.authorize(authorization(provider), idempotency_key="the-same-key")
    client.bets.authorize(authorization(provider), idempotency_key="the-same-key")
    with pytest.raises(provider.errors.IdempotencyMismatch) as raised:
        client.bets.authorize(
            authorization(provider, amount="7.50"), idempotency_key="the-same-key", trace_id="trace-01"
        )
    error = raised.value
    assert isinstance(error, provider.errors.Conflict)
    assert (error.status_code, error.code, error.retryable) == (409, "IDEMPOTENCY_MISMATCH", False)
    assert (error.idempotency_key, error.trace_id) == ("the-same-key", "trace-01")
    with pytest.raises(provider.errors.Duplicate):
        client.bets.authorize(authorization(provider))
    assert platform.effects == ["/v1/bets/authorize"]


def test_a_wrong_signature_is_refused(provider: ModuleType, platform: Platform) -> None:
    given = settings(provider, platform, body_signature=provider.HmacKey("wrong"))
    with provider.ProviderAPI(**given) as client, pytest.raises(provider.errors.AuthFailed) as raised:
        client.bets.authorize(authorization(provider))
    assert isinstance(raised.value, provider.errors.Unauthorized)
    assert platform.effects == []


def test_a_body_signed_with_a_private_key(provider: ModuleType, platform: Platform) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    platform.public_key = private.public_key()
    given = settings(provider, platform, body_signature=provider.Ed25519Key(private.private_bytes_raw()))
    with provider.ProviderAPI(**given) as client:
        assert client.bets.authorize(authorization(provider)).status == "authorized"
    given["body_signature"] = provider.Ed25519Key(Ed25519PrivateKey.generate().private_bytes_raw())
    with provider.ProviderAPI(**given) as client, pytest.raises(provider.errors.AuthFailed):
        client.bets.authorize(authorization(provider, "b_002"))


def test_mutual_tls(provider: ModuleType, tmp_path: Path) -> None:
    """The second alternative of the contract: a certificate instead of a token."""
    files = issue(tmp_path, "server", "studio")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=files["authority"])
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_cert_chain(files["server"])
    platform = Platform(SECRET, tls)
    certificate = provider.ClientCertificate(files["studio"], ca=files["authority"])
    given = settings(provider, platform, oauth2=None, mutual_tls=certificate, max_retries=0)

    async def run() -> Any:
        async with provider.AsyncProviderAPI(**given) as client:
            return await client.bets.authorize(authorization(provider, "b_async"))

    try:
        with provider.ProviderAPI(**given) as client:
            assert client.bets.authorize(authorization(provider)).status == "authorized"
        assert asyncio.run(run()).status == "authorized"
        assert platform.tokens == 0
        stranger = httpx2.Client(verify=ssl.create_default_context(cafile=files["authority"]))
        given["mutual_tls"] = None
        with (
            stranger,
            provider.ProviderAPI(**given, http_client=stranger) as client,
            pytest.raises(provider.errors.ConnectionFailed),
        ):
            client.bets.authorize(authorization(provider, "b_003"))
        assert len(platform.effects) == 2
    finally:
        platform.close()


def test_settling_what_was_never_authorised(provider: ModuleType, client: Any) -> None:
    win = provider.models.Money(amount=Decimal(0), currency="EUR")
    request = provider.models.BetSettleRequest(bet_id="b_404", round_id="r_1", win=win)
    with pytest.warns(DeprecationWarning, match="settle"), pytest.raises(provider.errors.InvalidState):
        client.bets.settle(request)


def test_lists_and_the_values_of_tomorrow(provider: ModuleType, client: Any) -> None:
    bets = list(client.bets.iterate(status="authorized", limit=2))
    assert [bet.bet_id for bet in bets] == [f"b_{page}_{index}" for page in range(3) for index in range(2)]
    assert bets[0].status == "a_status_of_tomorrow"
    assert bets[0].to_wire()["a_property_of_tomorrow"] == {"kept": True}
    assert client.health.get().version == "1.7.2"


def test_without_blocking(provider: ModuleType, platform: Platform) -> None:
    async def run() -> list[str]:
        async with provider.AsyncProviderAPI(**settings(provider, platform)) as client:
            answers = await asyncio.gather(
                *(client.bets.authorize(authorization(provider, f"b_{number}")) for number in range(8))
            )
            return [answer.status for answer in answers] + [bet.bet_id async for bet in client.bets.iterate()]

    found = asyncio.run(run())
    assert found[:8] == ["authorized"] * 8
    assert len(found) == 14
    assert len(platform.effects) == 8


def test_no_platform_at_all(provider: ModuleType, platform: Platform) -> None:
    given = settings(provider, platform, base_url="http://127.0.0.1:1", oauth2=provider.BearerToken("token-1"))
    client = provider.ProviderAPI(**given, timeout=0.4)
    with client, pytest.raises(provider.errors.ConnectionFailed) as raised:
        client.bets.authorize(authorization(provider))
    assert raised.value.sent is False
    assert raised.value.idempotency_key


DELIVERY = {
    "event_id": "0192f3c1-7a52-7c3e-9d1b-5f6f0a4be210",
    "event_type": "bet.settled",
    "schema_version": "1.2.0",
    "occurred_at": "2026-11-21T09:30:00.125Z",
    "tenant_id": "t_acme",
    "region": "eu-mt",
    "player_id": "p_demo_1",
    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    "idempotency_key": "b_001:settle:14.60EUR",
    "payload": {
        "session_id": "s_1",
        "game_id": "g_1",
        "round_id": "r_1",
        "bet_id": "b_1",
        "settlement_id": "st_1",
        "bet": {"amount": "5.00", "currency": "EUR"},
        "win": {"amount": "14.60", "currency": "EUR"},
        "in_bonus": False,
    },
}


def signed(body: bytes, moment: float | None = None, secret: bytes = SECRET) -> dict[str, str]:
    timestamp = str(int(time.time() if moment is None else moment))
    digest = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"x-signature": f"sha256={digest}", "X-Timestamp": timestamp}


def test_a_delivery(provider: ModuleType) -> None:
    body = json.dumps(DELIVERY).encode()
    event = provider.webhooks.receive(body, signed(body), provider.HmacKey(SECRET))
    assert isinstance(event, provider.models.BetSettled)
    assert event.payload.win.amount == Decimal("14.60")


def test_a_delivery_of_tomorrow(provider: ModuleType) -> None:
    body = json.dumps({**DELIVERY, "event_type": "bet.cancelled"}).encode()
    event = provider.webhooks.receive(body, signed(body), provider.HmacKey(SECRET))
    assert type(event).__name__ == "UnknownVariant"
    assert event.to_wire()["event_type"] == "bet.cancelled"


BODY = json.dumps(DELIVERY).encode()

# What is wrong, how a good delivery is made so, and the reason given. Made when the test runs: it is about time.
FORGERIES: list[tuple[str, Callable[[], tuple[bytes, dict[str, str]]], str]] = [
    ("no headers", lambda: (BODY, {}), "has no X-Signature"),
    ("no timestamp", lambda: (BODY, {"x-signature": signed(BODY)["x-signature"]}), "has no X-Timestamp"),
    ("another secret", lambda: (BODY, signed(BODY, secret=b"other")), "not made with this key"),
    ("another body", lambda: (BODY + b" ", signed(BODY)), "not made with this key"),
    ("too old", lambda: (BODY, signed(BODY, time.time() - 330)), "more than 300 seconds"),
    ("too new", lambda: (BODY, signed(BODY, time.time() + 330)), "more than 300 seconds"),
    ("another timestamp", lambda: (BODY, moved(signed(BODY))), "not made with this key"),
    (
        "not hexadecimal",
        lambda: (BODY, {**signed(BODY), "x-signature": "sha256=" + "z" * 64}),
        "not made with this key",
    ),
    ("another algorithm", lambda: (BODY, {**signed(BODY), "x-signature": "md5=" + "0" * 32}), "not made with this key"),
    ("timestamp of letters", lambda: (BODY, {**signed(BODY), "X-Timestamp": "now"}), "in Unix seconds"),
    ("endless timestamp", lambda: (BODY, {**signed(BODY), "X-Timestamp": "9" * 400}), "in Unix seconds"),
]


def moved(headers: dict[str, str]) -> dict[str, str]:
    return {**headers, "X-Timestamp": str(int(headers["X-Timestamp"]) - 1)}


@pytest.mark.parametrize(("forge", "reason"), [row[1:] for row in FORGERIES], ids=[row[0] for row in FORGERIES])
def test_a_forged_delivery(
    provider: ModuleType, forge: Callable[[], tuple[bytes, dict[str, str]]], reason: str
) -> None:
    body, headers = forge()
    with pytest.raises(provider.errors.SignatureInvalid, match=reason):
        provider.webhooks.receive(body, headers, provider.HmacKey(SECRET))


@pytest.mark.parametrize("body", [b"no json", b"[]", b'{"event_type": "bet.settled"}', b"\xff"])
def test_a_signed_delivery_that_breaks_the_contract(provider: ModuleType, body: bytes) -> None:
    with pytest.raises(provider.webhooks.DeliveryInvalid):
        provider.webhooks.receive(body, signed(body), provider.HmacKey(SECRET))


def test_editors_and_readers_are_told(provider: ModuleType, provider_emitted: Emitted) -> None:
    """PEP 702 on the methods; what the contract says about refusals and servers, where it is looked for."""
    from importlib import import_module

    bets = import_module(f"{provider.__name__}.resources.bets")
    for kind in (bets.Bets, bets.AsyncBets):
        assert kind.settle.__deprecated__.startswith("bets.settle is deprecated since 1.7.0, removed in 2.0.0")
        assert not hasattr(kind.authorize, "__deprecated__")
    assert "Conflict: The key or the id was used before for something else." in provider.errors.__doc__
    assert "Raises:" not in bets.Bets.authorize.__doc__  # it says about errors what all say
    readme = provider_emitted.files["README.md"]
    assert "| `https://sandbox.platform.example` | Sandbox, with the schemas" in readme
    assert "| `ServerError` | 500: The platform failed" in readme
    assert "except errors.Duplicate as error:" in readme


def test_credentials_are_asked_for(provider: ModuleType, platform: Platform) -> None:
    given = settings(provider, platform, body_signature=None)
    wanted = "oauth2 and body_signature, or mutual_tls and body_signature"
    with provider.ProviderAPI(**given) as client, pytest.raises(provider.errors.NotSent, match=wanted):
        client.bets.authorize(authorization(provider))
    assert platform.requests == []
