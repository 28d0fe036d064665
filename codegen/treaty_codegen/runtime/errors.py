"""Everything the client raises, as one tree.

::

    ApiError
    ├── NotSent                    the request was never sent: a setting or an argument is wrong
    ├── ConnectionFailed           no answer: the outcome is unknown unless `sent` is False
    │   └── DeadlineExceeded       the time for the whole call, retries included, is over
    ├── AnswerInvalid              an answer that is not what the contract promises; `response` has it
    ├── SignatureInvalid           a webhook delivery that must not be trusted
    └── StatusError                the server refused: one class per status, and one per `code` of the contract
        ├── BadRequest 400 · Unauthorized 401 · Forbidden 403 · NotFound 404 · Conflict 409 · Gone 410
        ├── PreconditionFailed 412 · Unprocessable 422 · TooManyRequests 429
        └── ServerError 5xx
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2

__all__ = [
    "AnswerInvalid",
    "ApiError",
    "BadRequest",
    "Conflict",
    "ConnectionFailed",
    "DeadlineExceeded",
    "Forbidden",
    "Gone",
    "NotFound",
    "NotSent",
    "PreconditionFailed",
    "ServerError",
    "SignatureInvalid",
    "StatusError",
    "TooManyRequests",
    "Unauthorized",
    "Unprocessable",
    "status_error",
]


class ApiError(Exception):
    """The root of the tree. ``request`` and ``idempotency_key`` are those of the call, where there is one."""

    request: httpx2.Request | None = None
    idempotency_key: str | None = None


class NotSent(ApiError):
    """The request cannot be made as it was asked for; nothing was sent."""


class ConnectionFailed(ApiError):
    """No answer came. With ``sent`` False the server never saw the request; otherwise repeat it with the same key."""

    sent: bool = True


class DeadlineExceeded(ConnectionFailed):
    """The time for the whole call is over, retries and pauses included."""


class AnswerInvalid(ApiError):
    """The server answered, and the answer is not what the contract says. The operation may well have happened."""

    def __init__(self, message: str, response: httpx2.Response) -> None:
        super().__init__(message)
        self.response = response


class SignatureInvalid(ApiError):
    """A delivery is not signed with the secret, or too long ago. Answer 401 and do nothing else."""


class StatusError(ApiError):
    """The server refused.

    ``code`` and ``message`` are those of the error model, ``retryable`` whether the same call may succeed later,
    ``trace_id`` what to quote to the other side, ``body`` the decoded answer.
    """

    status: ClassVar[int | None] = None

    def __init__(
        self,
        response: httpx2.Response,
        *,
        code: str | None = None,
        message: str = "",
        retryable: bool = False,
        trace_id: str | None = None,
        body: Any = None,
    ) -> None:
        parts = [
            f"{response.status_code}",
            *([code] if code else []),
            *([message] if message else []),
        ]
        super().__init__(" ".join(parts) + (f" (trace {trace_id})" if trace_id else ""))
        self.response = response
        self.request = response.request
        self.status_code = response.status_code
        self.code = code
        self.message = message
        self.retryable = retryable
        self.trace_id = trace_id
        self.body = body


class BadRequest(StatusError):
    """400: the request does not match the contract."""

    status = 400


class Unauthorized(StatusError):
    """401: no valid credentials."""

    status = 401


class Forbidden(StatusError):
    """403: the credentials do not allow it."""

    status = 403


class NotFound(StatusError):
    """404: no such resource."""

    status = 404


class Conflict(StatusError):
    """409: it does not fit the state of the resource, or an earlier call with the same key."""

    status = 409


class Gone(StatusError):
    """410: it is not there any more."""

    status = 410


class PreconditionFailed(StatusError):
    """412: the resource has changed since it was read."""

    status = 412


class Unprocessable(StatusError):
    """422: well formed, but not allowed."""

    status = 422


class TooManyRequests(StatusError):
    """429: over the rate limit."""

    status = 429


class ServerError(StatusError):
    """5xx: the server failed."""


_BY_STATUS: dict[int, type[StatusError]] = {
    kind.status: kind for kind in StatusError.__subclasses__() if kind.status is not None
}
_combined: dict[tuple[type[StatusError], type[StatusError]], type[StatusError]] = {}
RETRYABLE = frozenset({408, 429, 500, 502, 503, 504})


def status_error(
    response: httpx2.Response,
    codes: Mapping[str, type[StatusError]],
    trace_header: str | None = None,
) -> StatusError:
    """The error for an answer that is no success: of the class of its status, and of its code where that has one."""
    body = _decoded(response)
    fields = body if isinstance(body, dict) else {}
    nested = fields.get("error")
    if isinstance(nested, dict):
        fields = {**nested, **{key: value for key, value in fields.items() if key != "error"}}
    code = _text(fields, "code", "error", "type")
    status = response.status_code
    retryable = fields.get("retryable")
    kind = _BY_STATUS.get(status, ServerError if status >= 500 else StatusError)
    named = codes.get(code) if code is not None else None
    trace_id = _text(fields, "trace_id", "traceId", "request_id", "requestId")
    if trace_id is None and trace_header is not None:
        trace_id = response.headers.get(trace_header) or response.request.headers.get(trace_header)
    return _class_of(kind, named)(
        response,
        code=code,
        message=_text(fields, "message", "detail", "error_description", "title")
        or response.reason_phrase,
        retryable=retryable if isinstance(retryable, bool) else status in RETRYABLE,
        trace_id=trace_id,
        body=body,
    )


def _class_of(kind: type[StatusError], named: type[StatusError] | None) -> type[StatusError]:
    """One class that both ``except Conflict`` and ``except Duplicate`` catch."""
    if named is None or issubclass(kind, named):
        return kind
    if issubclass(named, kind):
        return named
    if (named, kind) not in _combined:
        _combined[named, kind] = type(
            named.__name__,
            (named, kind),
            {"__doc__": named.__doc__, "__module__": named.__module__},
        )
    return _combined[named, kind]


def _decoded(response: httpx2.Response) -> Any:
    if "json" not in response.headers.get("content-type", "json"):
        return response.text
    try:
        return response.json()
    except ValueError:
        return response.text


def _text(fields: Mapping[str, Any], *names: str) -> str | None:
    return next(
        (value for name in names if isinstance(value := fields.get(name), str) and value), None
    )
