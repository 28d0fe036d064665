"""Who may do what: anonymous, passwords, tokens, bearer tokens, certificates; roles by subject and context; limits."""

from __future__ import annotations

import base64
import datetime
import json
import logging
import ssl
import time
from typing import TYPE_CHECKING

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from tests.integration.registry.live_server import Api, InProcess, OwnProcess

from treaty_registry.access.door import Access, Account, Door
from treaty_registry.access.oidc import Provider
from treaty_registry.access.rates import RateLimit
from treaty_registry.access.roles import Grant, Principal, Role
from treaty_registry.access.secrets import hash_password, hash_token, is_hash, matches, new_token
from treaty_registry.names import GLOBAL, parse_subject
from treaty_registry.server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMA = '"string"'
TOKEN = new_token()
PASSWORD_HASH = hash_password("open sesame")


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


ANNA, CI, NOBODY = basic("anna", "open sesame"), bearer(TOKEN), {}


def door(**access: object) -> Door:
    settings = {
        "users": (Account("anna", PASSWORD_HASH),),
        "tokens": (Account("ci", hash_token(TOKEN)),),
        "grants": {
            "anna": (Grant(Role.ADMIN),),
            "token:ci": (Grant(Role.WRITER, "orders-*", "."), Grant(Role.READER, "*", ".shared")),
        },
        **access,
    }
    return Door(Access(**settings))


@pytest.fixture
def guarded(serve: Callable[..., InProcess]) -> Api:
    api = serve("memory:", settings=Settings(ephemeral=True), door=door()).api
    for subject in ("orders-value", "users-value", ":.shared:money"):
        assert api("POST", f"/subjects/{subject}/versions", {"schema": SCHEMA}, **ANNA)[0] == 200
    return api


REQUESTS = [
    # method, path, body, status for nobody, for the token, for the admin
    ("GET", "/subjects", None, 401, 200, 200),
    ("GET", "/subjects/orders-value/versions/1", None, 401, 200, 200),
    ("GET", "/subjects/users-value/versions/1", None, 401, 403, 200),
    ("GET", "/subjects/users-value/versions", None, 401, 403, 200),
    ("GET", "/subjects/:.shared:money/versions/1", None, 401, 200, 200),
    ("GET", "/schemas/ids/1", None, 401, 200, 200),
    ("POST", "/subjects/orders-value", {"schema": SCHEMA}, 401, 200, 200),
    ("POST", "/subjects/users-value", {"schema": SCHEMA}, 401, 403, 200),
    ("POST", "/subjects/orders-value/versions", {"schema": SCHEMA}, 401, 200, 200),
    ("POST", "/subjects/users-value/versions", {"schema": SCHEMA}, 401, 403, 200),
    ("POST", "/subjects/:.shared:money/versions", {"schema": SCHEMA}, 401, 403, 200),
    ("POST", "/compatibility/subjects/orders-value/versions", {"schema": SCHEMA}, 401, 200, 200),
    ("POST", "/compatibility/subjects/users-value/versions", {"schema": SCHEMA}, 401, 403, 200),
    ("GET", "/config", None, 401, 200, 200),
    ("GET", "/config/users-value?defaultToGlobal=true", None, 401, 403, 200),
    ("PUT", "/config", {"compatibility": "NONE"}, 401, 403, 200),
    ("PUT", "/config/orders-value", {"compatibility": "NONE"}, 401, 403, 200),
    ("PUT", "/mode/orders-value", {"mode": "READWRITE"}, 401, 403, 200),
    ("DELETE", "/subjects/orders-value?permanent=true", None, 401, 403, 404),
    ("DELETE", "/contexts/.shared", None, 401, 403, 422),
    ("POST", "/-/reset", None, 401, 403, 204),
    ("GET", "/metrics", None, 401, 200, 200),
    ("GET", "/-/health", None, 200, 200, 200),
    ("GET", "/-/ready", None, 200, 200, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "nobody", "token", "admin"), REQUESTS)
def test_each_request_needs_its_role(
    guarded: Api, method: str, path: str, body: object, nobody: int, token: int, admin: int
) -> None:
    for _ in range(2):  # a second time, when the answer may come from memory
        assert guarded.send(method, path, body, **NOBODY).status_code == nobody
        assert guarded.send(method, path, body, **CI).status_code == token
    assert guarded.send(method, path, body, **ANNA).status_code == admin


def test_lists_show_what_may_be_read(guarded: Api) -> None:
    assert guarded("GET", "/subjects", **ANNA)[1] == [":.shared:money", "orders-value", "users-value"]
    assert guarded("GET", "/subjects", **CI)[1] == [":.shared:money", "orders-value"]
    assert [entry["subject"] for entry in guarded("GET", "/schemas", **CI)[1]] == [":.shared:money", "orders-value"]
    assert guarded("GET", "/schemas/ids/1/subjects", **CI)[1] == ["orders-value"]
    assert guarded("GET", "/schemas/ids/1/subjects", **ANNA)[1] == ["orders-value", "users-value"]
    assert guarded("GET", "/contexts", **CI)[1] == [".", ".shared"]


def test_a_schema_held_only_by_others_is_not_read_by_its_id(guarded: Api) -> None:
    secret = '{"type":"fixed","name":"Secret","size":1}'
    number = guarded("POST", "/subjects/users-value-2/versions", {"schema": secret}, **ANNA)[1]["id"]
    guid = guarded("GET", f"/schemas/ids/{number}", **ANNA)[1]["guid"]
    for path in (f"/schemas/ids/{number}", f"/schemas/ids/{number}/schema", f"/schemas/guids/{guid}"):
        assert guarded("GET", path, **CI)[0] == 403
    assert guarded("GET", f"/schemas/ids/{number}/versions", **CI)[1] == []


WRONG = [
    basic("anna", "wrong"),
    basic("nobody", "open sesame"),
    basic("", ""),
    {"Authorization": "Basic !!!"},
    {"Authorization": "Basic " + base64.b64encode(b"anna").decode()},
    {"Authorization": "Basic"},
    {"Authorization": "Digest x"},
    {"Authorization": ""},
    bearer("trt_" + "x" * 43),
    bearer("a.b.c"),
    {"Authorization": "Bearer \u00e9"},
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_wrong_credentials_are_401_and_tell_nothing(guarded: Api, number: int) -> None:
    answer = guarded.http.request(
        "GET", "/subjects", headers=[(k, v.encode("latin-1")) for k, v in WRONG[number].items()]
    )
    assert (answer.status_code, answer.json()["error_code"]) == (401, 401)
    assert answer.headers.get_list("www-authenticate") == ['Basic realm="treaty registry", charset="UTF-8"', "Bearer"]
    assert "anna" not in answer.text


def test_a_token_also_comes_as_a_password(guarded: Api) -> None:
    assert guarded("GET", "/subjects/orders-value/versions", **basic("ci", TOKEN))[0] == 200


def test_anonymous_reading_is_a_setting(serve: Callable[..., InProcess]) -> None:
    api = serve("memory:", settings=Settings(ephemeral=True), door=door(anonymous=(Grant(Role.READER),))).api
    assert api("POST", "/subjects/a/versions", {"schema": SCHEMA})[0] == 403
    assert api("POST", "/subjects/a/versions", {"schema": SCHEMA}, **ANNA)[0] == 200
    for _ in range(2):
        assert api("GET", "/schemas/ids/1")[0] == 200
        assert api("GET", "/subjects", **basic("anna", "wrong"))[0] == 401
    answer = api.send("GET", "/schemas/ids/1")
    assert "public" not in answer.headers["cache-control"]


def test_guessing_passwords_ends_in_429(guarded: Api) -> None:
    statuses = [guarded("GET", "/subjects", **basic("anna", f"guess {number}"))[0] for number in range(25)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    answer = guarded.send("GET", "/subjects", **basic("anna", "guess"))
    assert int(answer.headers["retry-after"]) >= 1
    # Who is known already is not held up by who guesses.
    assert guarded("GET", "/subjects", **ANNA)[0] == 200


def test_a_rate_is_limited_by_client_and_says_when_to_come_back(serve: Callable[..., InProcess]) -> None:
    limited = door(rate=(5.0, 10.0), anonymous=(Grant(Role.READER),))
    api = serve("memory:", settings=Settings(ephemeral=True), door=limited).api
    statuses = [api("GET", "/subjects")[0] for _ in range(12)]
    assert statuses[:10] == [200] * 10
    answer = api.send("GET", "/subjects")
    assert (answer.status_code, answer.json()["error_code"], answer.headers["retry-after"]) == (429, 429, "1")
    assert api("GET", "/subjects", **ANNA)[0] == 200
    time.sleep(0.5)
    assert api("GET", "/subjects")[0] == 200


class TestBearerTokens:
    ISSUER, AUDIENCE = "https://id.example", "treaty"

    @pytest.fixture
    def key(self) -> ECKey:
        return ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"})

    @pytest.fixture
    def jwks(self, tmp_path: Path, key: ECKey) -> Path:
        path = tmp_path / "jwks.json"
        path.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
        return path

    @pytest.fixture
    def api(self, serve: Callable[..., InProcess], jwks: Path) -> Api:
        provider = Provider(self.ISSUER, self.AUDIENCE, str(jwks))
        grants = {"group:schema-admins": (Grant(Role.ADMIN),), "service-a": (Grant(Role.READER, "a-*"),)}
        return serve("memory:", settings=Settings(ephemeral=True), door=door(provider=provider, grants=grants)).api

    def token(self, key: object, header: dict[str, str] | None = None, **claims: object) -> dict[str, str]:
        now = int(time.time())
        all_claims = {"iss": self.ISSUER, "aud": self.AUDIENCE, "sub": "service-a", "exp": now + 60, **claims}
        present = {name: value for name, value in all_claims.items() if value is not None}
        return bearer(jwt.encode(header or {"alg": "ES256", "kid": "one"}, present, key, algorithms=["ES256", "HS256"]))

    def test_a_signed_token_speaks_for_its_subject_and_groups(self, api: Api, key: ECKey) -> None:
        assert api("GET", "/subjects/a-1/versions", **self.token(key))[0] == 404
        assert api("GET", "/subjects/b/versions", **self.token(key))[0] == 403
        admin = self.token(key, groups=["schema-admins"])
        assert api("PUT", "/config", {"compatibility": "NONE"}, **admin)[0] == 200

    def test_what_is_not_signed_for_us_is_refused(self, api: Api, key: ECKey) -> None:
        other = ECKey.generate_key("P-256", {"kid": "one"})
        secret = OctKey.import_key(b"x" * 32)
        unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode() + ".e30."
        for headers in [
            self.token(other),
            self.token(key, exp=int(time.time()) - 3600),
            self.token(key, exp=None),
            self.token(key, iss="https://other.example"),
            self.token(key, aud="other"),
            self.token(key, aud=None),
            self.token(key, nbf=int(time.time()) + 3600),
            self.token(key, sub=None),
            self.token(secret, {"alg": "HS256", "kid": "one"}),
            bearer(unsigned),
        ]:
            assert api("GET", "/subjects/a-1/versions", **headers)[0] == 401

    def test_a_new_key_is_found(self, api: Api, key: ECKey, jwks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("treaty_registry.access.oidc.RETRY_SECONDS", 0.0)
        assert api("GET", "/subjects/a-1/versions", **self.token(key))[0] == 404
        second = ECKey.generate_key("P-256", {"kid": "two"})
        jwks.write_text(json.dumps(KeySet([second]).as_dict(private=False)))
        assert api("GET", "/subjects/a-1/versions", **self.token(second, {"alg": "ES256", "kid": "two"}))[0] == 404
        jwks.unlink()
        # The provider is away: the keys known so far go on working.
        assert api("GET", "/subjects/a-2/versions", **self.token(second, {"alg": "ES256", "kid": "two"}))[0] == 404


class Authority:
    """A certificate authority for one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.certificate = self._sign(self._name, self._key, authority=True)
        self.file = self._write("authority", self.certificate, self._key)[0]

    def issue(self, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return self._write(name, self._sign(subject, key, authority=False), key)

    def _sign(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, authority: bool) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder(self._name, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        )
        return builder.sign(self._key, hashes.SHA256())

    def _write(self, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> tuple[Path, Path]:
        paths = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        paths[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return paths


CONFIGURATION = """
listen:
  tls: {{certificate: server.pem, key: server.key, client_authority: authority.pem, client_required: {required}}}
access:
  anonymous: reader
  grants:
    - {{to: "cert:orders service", role: writer, subjects: "orders-*"}}
"""


@pytest.mark.parametrize("required", [True, False])
def test_tls_and_client_certificates(tmp_path: Path, required: bool) -> None:
    authority = Authority(tmp_path)
    authority.issue("server")
    (tmp_path / "registry.yaml").write_text(CONFIGURATION.format(required=str(required).lower()))
    server = OwnProcess("sqlite:///registry.db", "--config", "registry.yaml", folder=tmp_path)
    url = f"https://localhost:{server.port}"
    plain, known = ssl.create_default_context(cafile=authority.file), ssl.create_default_context(cafile=authority.file)
    known.load_cert_chain(*authority.issue("orders service"))
    stranger = ssl.create_default_context(cafile=authority.file)
    (tmp_path / "other").mkdir()
    stranger.load_cert_chain(*Authority(tmp_path / "other").issue("orders service"))
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                httpx2.get(f"{url}/-/ready", verify=known)
                break
            except httpx2.TransportError:
                assert time.monotonic() < deadline, server.errors()
                time.sleep(0.05)
        body = {"schema": SCHEMA}
        assert httpx2.post(f"{url}/subjects/orders-1/versions", json=body, verify=known).status_code == 200
        assert httpx2.post(f"{url}/subjects/users-1/versions", json=body, verify=known).status_code == 403
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"{url}/subjects", verify=stranger)
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"http://localhost:{server.port}/subjects")
        if required:
            with pytest.raises(httpx2.TransportError):
                httpx2.get(f"{url}/subjects", verify=plain)
        else:
            assert httpx2.get(f"{url}/subjects", verify=plain).json() == ["orders-1"]
            assert httpx2.post(f"{url}/subjects/orders-2/versions", json=body, verify=plain).status_code == 403
    finally:
        server.stop()


def test_secrets_are_never_logged(serve: Callable[..., InProcess], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api = serve("memory:", settings=Settings(ephemeral=True), door=door()).api
    for headers in (ANNA, CI, basic("anna", "wrong horse"), bearer("trt_stolen"), bearer("x.y.z")):
        api("POST", "/subjects/orders-1/versions", {"schema": SCHEMA}, **headers)
    logged = "\n".join(str(vars(record)) for record in caplog.records)
    assert "principal" in logged
    for secret in (
        "open sesame",
        TOKEN,
        "wrong horse",
        "trt_stolen",
        PASSWORD_HASH,
        base64.b64encode(b"anna:").decode()[:6],
    ):
        assert secret not in logged


def test_a_secret_is_kept_as_a_hash_only_it_matches() -> None:
    assert matches("open sesame", PASSWORD_HASH)
    assert matches(TOKEN, hash_token(TOKEN))
    for kept in (PASSWORD_HASH, hash_token(TOKEN), "$argon2id$broken", "", "plain"):
        assert not matches("guess", kept)
    assert [is_hash(kept) for kept in (PASSWORD_HASH, hash_token(TOKEN), "sha256:12", "plain", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert new_token() != new_token()


GRANTED = [
    (Grant(Role.READER), "a", True, False),
    (Grant(Role.ADMIN, "a*"), "abc", True, True),
    (Grant(Role.ADMIN, "a*"), "b", False, False),
    (Grant(Role.WRITER, "*", ".c"), "a", False, False),
    (Grant(Role.WRITER, "*", ".c"), ":.c:a", True, True),
    (Grant(Role.WRITER, "*", ".c*"), ":.cd:a", True, True),
    (Grant(Role.WRITER, "*", ".c"), ":.c:", True, True),
    (Grant(Role.WRITER, "a*", ".c"), ":.c:", False, False),
    (Grant(Role.WRITER, "[ab]-?"), "a-1", True, True),
]


@pytest.mark.parametrize(("grant", "scope", "reads", "writes"), GRANTED)
def test_a_grant_covers_what_its_patterns_say(grant: Grant, scope: str, reads: bool, writes: bool) -> None:
    principal = Principal("p", (grant,))
    assert principal.may(Role.READER, parse_subject(scope)) is reads
    assert principal.may(Role.WRITER, parse_subject(scope)) is writes
    assert principal.may_everywhere(Role.READER) is (grant == Grant(Role.READER))
    assert not Principal("nobody").may(Role.READER, GLOBAL)


def test_a_bucket_fills_with_time() -> None:
    now = [0.0]
    limit = RateLimit(2.0, 3.0, lambda: now[0])
    assert [limit.take("c") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert limit.take("other") == 0.0
    now[0] = 0.5
    assert limit.wait("c") == 0.0
    assert (limit.take("c"), limit.take("c")) == (0.0, 0.5)
    now[0] = 100.0
    assert [limit.take("c") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
