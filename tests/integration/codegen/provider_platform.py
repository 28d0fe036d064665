"""A platform that answers as the provider API promises, over HTTP on this machine, with faults on demand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature

if TYPE_CHECKING:
    import ssl

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

__all__ = ["Platform"]

_HEADERS = ("x-trace-id", "x-brand-id", "x-region", "x-provider-id")
_TIME = "2026-11-21T10:00:00Z"


class Platform:
    """Sessions, bets and settlements in memory. ``faults`` are answered first, before anything else happens."""

    def __init__(self, secret: bytes, tls: ssl.SSLContext | None = None) -> None:
        self.secret = secret
        self.public_key: Ed25519PublicKey | None = None
        self.tls = tls
        self.faults: list[tuple[int, dict[str, str]]] = []
        self.lost_answers = 0
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.tokens = 0
        self.effects: list[str] = []
        self.subscriptions: dict[str, dict[str, Any]] = {}
        self._answers: dict[str, tuple[bytes, int, Any]] = {}
        self._bets: dict[str, dict[str, Any]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls is not None:
            # The handshake is the business of the thread that reads, not of the one that accepts.
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        port = self._server.server_address[1]
        self.url = f"https://localhost:{port}" if tls is not None else f"http://127.0.0.1:{port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON and headers of one answer."""
        trace = headers.get("x-trace-id", "")
        if path == "/oauth2/token":
            self.tokens += 1
            return 200, {"access_token": f"token-{self.tokens}", "expires_in": 600}, {}
        if path == "/health":
            return 200, {"status": "ok", "version": "1.7.2", "time": _TIME, "new_field": 1}, {}
        self.requests.append((method, path, headers, body))
        if self.faults:
            status, more = self.faults.pop(0)
            return status, self._error("UNAVAILABLE", trace, retryable=True), more
        refusal = self._refusal(method, headers, body, trace)
        if refusal is not None:
            return refusal
        if method == "GET":
            return self._read(path, trace)
        return self._once(method, path, headers["x-idempotency-key"], body, trace)

    def _refusal(
        self, method: str, headers: dict[str, str], body: bytes, trace: str
    ) -> tuple[int, Any, dict[str, str]] | None:
        if any(name not in headers for name in _HEADERS):
            return 400, self._error("VALIDATION_FAILED", trace), {}
        if self.tls is None and not headers.get("authorization", "").startswith("Bearer token-"):
            return 401, self._error("AUTH_FAILED", trace), {}
        if method == "GET":
            return None
        if not self._signed(headers, body):
            return 401, self._error("AUTH_FAILED", trace), {}
        return None if "x-idempotency-key" in headers else (400, self._error("VALIDATION_FAILED", trace), {})

    def _signed(self, headers: dict[str, str], body: bytes) -> bool:
        content = headers.get("x-timestamp", "").encode() + b"." + body
        algorithm, _, signature = headers.get("x-signature", "").partition("=")
        if algorithm == "ed25519" and self.public_key is not None:
            try:
                self.public_key.verify(base64.b64decode(signature), content)
            except InvalidSignature:
                return False
            return True
        expected = hmac.new(self.secret, content, hashlib.sha256).hexdigest()
        return algorithm == "sha256" and hmac.compare_digest(signature, expected)

    def _once(self, method: str, path: str, key: str, body: bytes, trace: str) -> tuple[int, Any, dict[str, str]]:
        """The same key with the same body gives the first answer; with another body it is refused."""
        if key in self._answers:
            first, _, answer = self._answers[key]
            if first != body:
                return 409, self._error("IDEMPOTENCY_MISMATCH", trace), {}
            return 200, answer, {}
        status, answer, more = self._write(method, path, json.loads(body) if body else {}, trace)
        if status < 300:
            self._answers[key] = (body, status, answer)
            self.effects.append(path)
        return status, answer, more

    def _write(self, method: str, path: str, body: dict[str, Any], trace: str) -> tuple[int, Any, dict[str, str]]:
        if path == "/v1/sessions":
            return 201, {"session_id": "s_1", "expires_at": _TIME}, {"Location": "/v1/sessions/s_1"}
        if path == "/v1/bets/authorize":
            if body["bet_id"] in self._bets:
                return 409, self._error("DUPLICATE", trace), {}
            self._bets[body["bet_id"]] = body
            return 200, {"status": "authorized", "hold_id": "h_1", "expires_at": _TIME}, {}
        if path == "/v1/bets/settle":
            if body["bet_id"] not in self._bets:
                return 422, self._error("INVALID_STATE", trace), {}
            end = {"Deprecation": "@1794787200", "Sunset": "Wed, 30 Jun 2027 23:59:59 GMT"}
            return 200, {"status": "credited", "settlement_id": "st_1"}, end
        return 404, self._error("NOT_FOUND", trace), {}

    def _read(self, path: str, trace: str) -> tuple[int, Any, dict[str, str]]:
        if path.startswith("/v1/bets?") or path == "/v1/bets":
            cursor = int(path.partition("cursor=")[2].partition("&")[0] or 0)
            bets = [self._bet(f"b_{cursor}_{index}") for index in range(2)]
            more = cursor < 2
            return 200, {"items": bets, "next_cursor": str(cursor + 1) if more else None, "has_more": more}, {}
        return 404, self._error("NOT_FOUND", trace), {}

    def _bet(self, bet_id: str) -> dict[str, Any]:
        names = ("tenant_id", "brand_id", "player_id", "session_id", "game_id", "round_id")
        return {
            **{name: f"{name}-1" for name in names},
            "bet_id": bet_id,
            "region": "eu-mt",
            "amount": {"amount": "5.00", "currency": "EUR"},
            "status": "a_status_of_tomorrow",
            "occurred_at": _TIME,
            "expires_at": _TIME,
            "a_property_of_tomorrow": {"kept": True},
        }

    @staticmethod
    def _error(code: str, trace: str, *, retryable: bool = False) -> dict[str, Any]:
        return {"code": code, "message": f"refused: {code}", "retryable": retryable, "trace_id": trace}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, answer, more = platform.answer(self.command, self.path, headers, body)
                if platform.lost_answers:
                    platform.lost_answers -= 1
                    self.close_connection = True
                    return
                content = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = handle_any  # noqa: N815  # the names the base class calls

            def log_message(self, *args: object) -> None:
                """Silent."""

        return Handler
