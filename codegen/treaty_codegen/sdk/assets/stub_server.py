"""A server that answers with the examples of the contract and remembers what it was sent."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Answer:
    """What is answered: ``body`` is JSON where it is not bytes."""

    status: int = 200
    body: Any = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """What was sent; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path


class StubServer:
    """Serves ``answers``, by method and path template, on a free port until it is closed."""

    def __init__(self, answers: Mapping[tuple[str, str], Answer]) -> None:
        # Fixed paths come before templates that would take them too.
        ranked = sorted(answers, key=lambda method_path: method_path[1].count("{"))
        self._answers = {method_path: [answers[method_path]] for method_path in ranked}
        self.received: list[Received] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def last(self) -> Received:
        return self.received[-1]

    def script(self, method: str, path: str, *answers: Answer) -> None:
        """Answer the next calls one after the other; the last one stays."""
        self._answers[method, path] = list(answers)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, received: Received) -> Answer:
        self.received.append(received)
        for (method, template), answers in self._answers.items():
            pattern = "[^/]+".join(re.escape(part) for part in re.split(r"\{[^{}]*\}", template))
            sought = received.target if "?" in template else received.path
            if method == received.method and re.fullmatch(pattern, sought):
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return Answer(
            404,
            {
                "code": "NOT_FOUND",
                "message": "no such path",
                "retryable": False,
                "trace_id": "stub",
            },
        )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self._body()
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = stub._answer(Received(self.command, self.path, headers, body))
                is_bytes = isinstance(answer.body, bytes)
                content = (
                    answer.body
                    if is_bytes
                    else b""
                    if answer.body is None
                    else json.dumps(answer.body).encode()
                )
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if content:
                    self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = handle_any  # noqa: N815  # the names the base class calls
            do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = handle_any  # noqa: N815  # the names the base class calls

            def _body(self) -> bytes:
                if "chunked" not in self.headers.get("Transfer-Encoding", ""):
                    return self.rfile.read(int(self.headers.get("Content-Length") or 0))
                body = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *args: object) -> None:
                """Silent."""

        return Handler
