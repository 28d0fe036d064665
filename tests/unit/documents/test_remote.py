"""The network is used only where the policy allows it, and never longer or for more than the limits say."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest

from treaty.documents.library import Library
from treaty.documents.limits import Limits
from treaty.documents.remote import RemotePolicy, permits
from treaty.documents.source import TextSource
from treaty.errors import DocumentError, DocumentTooLarge, UnresolvedReference

if TYPE_CHECKING:
    from collections.abc import Iterator

PERMITS: list[tuple[RemotePolicy, str, bool]] = [
    (False, "https://a.example/x", False),
    (True, "https://a.example/x", True),
    (True, "http://a.example/x", True),
    (True, "file:///etc/passwd", False),
    (True, "ftp://a.example/x", False),
    (True, "https:///x", False),
    (True, "http://[", False),
    (["https://a.example/s/"], "https://a.example/s/x.yaml", True),
    (["https://a.example/s"], "https://a.example/s/x.yaml", True),
    (["https://a.example"], "https://a.example/s/x.yaml", True),
    (["https://a.example/s"], "https://a.example/s", True),
    (["https://a.example/s"], "https://a.example/secret", False),
    (["https://a.example/s"], "https://a.example/s/../secret", False),
    (["https://a.example/s"], "https://a.example/s/%2e%2E/secret", False),
    (["https://a.example/s"], "http://a.example/s/x", False),
    (["https://a.example"], "https://a.example.evil.example/x", False),
    (["https://a.example"], "https://a.example@evil.example/x", False),
    (["https://a.example"], "https://a.example:8443/x", False),
    ([], "https://a.example/x", False),
]


@pytest.mark.parametrize(("policy", "url", "allowed"), PERMITS)
def test_permits(policy: RemotePolicy, url: str, allowed: bool) -> None:
    assert permits(policy, url) is allowed


class Handler(BaseHTTPRequestHandler):
    """Some documents, and some ways not to get one."""

    pages: ClassVar = {
        "/s/money.yaml": b"Amount: {type: integer}\nTax: {$ref: 'deep/tax.yaml#/Tax'}\n",
        "/s/deep/tax.yaml": b"Tax: {$ref: ../money.yaml#/Amount}\n",
        "/s/bad.yaml": b"a: [",
        "/s/big.yaml": b"a" * 2000,
    }
    asked: ClassVar[list[str]]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        if self.path == "/s/slow.yaml":
            self.send_response(200)
            self.end_headers()
            for _ in range(50):
                try:
                    self.wfile.write(b"#")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.02)
        elif self.path in ("/s/moved.yaml", "/s/away.yaml", "/s/odd.yaml", "/s/round.yaml"):
            target = {"/s/moved.yaml": "money.yaml", "/s/away.yaml": "/private/x", "/s/odd.yaml": "file:///etc/passwd"}
            self.send_response(302)
            self.send_header("Location", target.get(self.path, self.path))
            self.end_headers()
        elif self.path == "/s/nonsense.yaml":
            self.wfile.write(b"nonsense\r\n\r\n")
        else:
            body = self.pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    Handler.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def library(remote: RemotePolicy, reference: str = "", **limits: float) -> Library:
    source = TextSource({"x.yaml": f"a:\n  $ref: '{reference}'\n".encode()})
    return Library(
        source, remote=remote, limits=Limits(size=int(limits.get("size", 1000)), seconds=limits.get("seconds", 5))
    )


def test_followed_where_allowed(host: str) -> None:
    files = library([f"{host}/s/"], f"{host}/s/money.yaml#/Tax")
    found = files.follow(files.root("x.yaml").child("a"))
    assert found.value == {"type": "integer"}
    assert str(found.location) == f"{host}/s/money.yaml:1:1"
    assert files.open(f"{host}/s/money.yaml") is found.document
    assert Handler.asked == ["/s/money.yaml", "/s/deep/tax.yaml"]


def test_redirect(host: str) -> None:
    files = library([f"{host}/s/"])
    assert files.resolve(f"{host}/s/moved.yaml#/Amount", files.open("x.yaml")).value == {"type": "integer"}


REFUSED = [
    ("/private/x", "leads to the network"),
    ("/s/away.yaml", "redirects to {host}/private/x, which the policy does not allow"),
    ("/s/odd.yaml", "Redirection to url 'file:///etc/passwd' is not allowed"),
    ("/s/round.yaml", "answered 302"),
    ("/s/gone.yaml", "answered 404 Not Found"),
    ("/s/nonsense.yaml", "cannot be fetched"),
]


@pytest.mark.parametrize(("path", "problem"), REFUSED)
def test_refused(host: str, path: str, problem: str) -> None:
    reference = f"{host}{path}"
    files = library([f"{host}/s/"], reference)
    with pytest.raises(UnresolvedReference) as caught:
        files.follow(files.root("x.yaml").child("a"))
    assert problem.format(host=host) in caught.value.problem
    assert str(caught.value.location) == "x.yaml:2:3"
    assert "/private/x" not in Handler.asked


def test_never_asked_without_permission(host: str) -> None:
    files = library(False, f"{host}/s/money.yaml")
    with pytest.raises(UnresolvedReference, match="the policy does not allow that"):
        files.follow(files.root("x.yaml").child("a"))
    assert Handler.asked == []


def test_slow(host: str) -> None:
    files = library(True, f"{host}/s/slow.yaml", seconds=0.1)
    with pytest.raises(UnresolvedReference, match=r"did not answer within 0\.1 seconds"):
        files.follow(files.root("x.yaml").child("a"))


def test_large(host: str) -> None:
    files = library(True, f"{host}/s/big.yaml")
    with pytest.raises(DocumentTooLarge):
        files.follow(files.root("x.yaml").child("a"))


def test_broken(host: str) -> None:
    files = library(True, f"{host}/s/bad.yaml")
    with pytest.raises(DocumentError) as caught:
        files.follow(files.root("x.yaml").child("a"))
    assert str(caught.value.location) == f"{host}/s/bad.yaml:1:5"


def test_nobody_there() -> None:
    files = library(True, "http://127.0.0.1:9/x.yaml", seconds=0.5)
    with pytest.raises(UnresolvedReference, match=r"http://127\.0\.0\.1:9/x\.yaml cannot be fetched|did not answer"):
        files.follow(files.root("x.yaml").child("a"))
