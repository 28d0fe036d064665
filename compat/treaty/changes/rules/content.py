"""Rules about request bodies, media types and encodings."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.sources import ACCEPT, CONTENT_TYPE, ENCODING, MEDIA_TYPE, REQUEST_BODY, SUFFIXES
from treaty.model.roles import Role, Standing

RULES: tuple[Rule, ...] = (
    Rule(
        id="required-request-body-added",
        effect=Effect.NARROWS,
        summary="A required request body was added.",
        message="a request body is now required",
        why=(
            "Requests that were complete without a body are refused with 400 from the first one on. Many HTTP clients "
            "cannot send a body with `GET` or `DELETE` at all."
        ),
        before="responses: {'200': {description: Done}}",
        after=(
            "requestBody:\n"
            "  required: true\n"
            "  content: {application/json: {schema: {type: object}}}\n"
            "responses: {'200': {description: Done}}"
        ),
        safe="Leave `required` out and let a request without a body mean what it meant so far.",
        source=REQUEST_BODY,
        reverse="request-body-removed",
    ),
    Rule(
        id="request-body-added",
        effect=Effect.WIDENS,
        summary="An optional request body was added.",
        message="a request body may now be sent",
        why=(
            "Nobody breaks: requests without a body mean what they meant. Proxies that drop the bodies of `GET` and "
            "`DELETE` will drop this one too."
        ),
        before="responses: {'200': {description: Done}}",
        after=(
            "requestBody:\n"
            "  content: {application/json: {schema: {type: object}}}\n"
            "responses: {'200': {description: Done}}"
        ),
        safe="Document what the operation does without it.",
        source=REQUEST_BODY,
        reverse="request-body-removed",
    ),
    Rule(
        id="request-body-removed",
        effect=Effect.NARROWS,
        summary="The request body was removed.",
        message="no request body is read any more",
        why=(
            "Clients go on sending what used to matter. A strict server answers 400 or 415; a lenient one drops the "
            "data without a word, and the client believes that it was stored."
        ),
        before=(
            "requestBody:\n"
            "  content: {application/json: {schema: {type: object}}}\n"
            "responses: {'200': {description: Done}}"
        ),
        after="responses: {'200': {description: Done}}",
        safe=(
            "Mark its properties `deprecated` first and tell callers where the data goes now. Remove the body in the "
            "next major."
        ),
        source=REQUEST_BODY,
        reverse="request-body-added",
    ),
    Rule(
        id="request-body-became-required",
        effect=Effect.NARROWS,
        summary="The request body must now be sent.",
        message="the request body became required",
        why=(
            "Callers who sent none, as the contract allowed, get 400. In OpenAPI a body is optional unless `required` "
            "is written, so many contracts allowed it without meaning to; what counts is what clients do."
        ),
        before=(
            "requestBody:\n"
            "  content: {application/json: {schema: {type: object}}}\n"
            "responses: {'200': {description: Done}}"
        ),
        after=(
            "requestBody:\n"
            "  required: true\n"
            "  content: {application/json: {schema: {type: object}}}\n"
            "responses: {'200': {description: Done}}"
        ),
        safe=(
            "Count requests without a body in production. If there never was one, waive this finding with that figure "
            "as its reason."
        ),
        source=REQUEST_BODY,
        reverse="request-body-became-optional",
    ),
    Rule(
        id="request-body-became-optional",
        effect=Effect.WIDENS,
        summary="The request body may now be left out.",
        message="the request body became optional",
        why="Nobody breaks. The server must be ready for requests that bring nothing.",
        before=(
            "requestBody:\n"
            "  required: true\n"
            "  content: {application/json: {schema: {type: object}}}\n"
            "responses: {'200': {description: Done}}"
        ),
        after=(
            "requestBody:\n"
            "  content: {application/json: {schema: {type: object}}}\n"
            "responses: {'200': {description: Done}}"
        ),
        safe="Test the operation with an empty request before you release it.",
        source=REQUEST_BODY,
        reverse="request-body-became-required",
    ),
    Rule(
        id="media-type-removed",
        effect=Effect.NARROWS,
        summary="A media type was removed.",
        message="the media type is no longer available",
        why=(
            "Clients that send it get 415 Unsupported Media Type. Clients that ask for it by `Accept` get 406, or an "
            "answer in a syntax their parser does not know."
        ),
        before=(
            "responses:\n"
            "  '200':\n"
            "    description: The bets\n"
            "    content:\n"
            "      application/json: {}\n"
            "      text/csv: {}"
        ),
        after="responses:\n  '200':\n    description: The bets\n    content:\n      application/json: {}",
        safe=(
            "Log `Accept` and `Content-Type` until you know who uses it, announce the end, and remove it with a major."
        ),
        source=f"{CONTENT_TYPE}; {ACCEPT}",
        reverse="media-type-added",
        deviations=(
            Deviation(
                Role.WRITES,
                Level.BREAKING,
                "A client that asks for it by `Accept` no longer gets it.",
                effect=Effect.NARROWS,
                standing=Standing.ANSWER,
            ),
        ),
    ),
    Rule(
        id="media-type-added",
        effect=Effect.WIDENS,
        summary="A media type was added.",
        message="the media type is now available",
        why=(
            "Nobody who says what they want notices. A client that sends no `Accept`, or `*/*`, may be answered in "
            "the new one if the server prefers it, so keep the old one the default."
        ),
        before="responses:\n  '200':\n    description: The bets\n    content:\n      application/json: {}",
        after=(
            "responses:\n"
            "  '200':\n"
            "    description: The bets\n"
            "    content:\n"
            "      application/json: {}\n"
            "      text/csv: {}"
        ),
        safe="Choose the new media type only for clients that name it.",
        source=f"{MEDIA_TYPE}; {ACCEPT}",
        reverse="media-type-removed",
        deviations=(
            Deviation(
                Role.WRITES,
                Level.ADDITIVE,
                "A client that does not ask for it does not get it.",
                effect=Effect.WIDENS,
                standing=Standing.ANSWER,
            ),
        ),
    ),
    Rule(
        id="media-type-renamed",
        effect=Effect.NONE,
        summary="The same syntax is sent under another media type.",
        message="the media type was {before} and is now {after}",
        why=(
            "The bytes stay what they were. Code that compares the name letter by letter, such as `== "
            '"application/json"`, takes the answer for something else, and frameworks that pick a parser by exact '
            "name may answer 415."
        ),
        before="responses:\n  '200':\n    description: The bets\n    content: {application/json: {}}",
        after="responses:\n  '200':\n    description: The bets\n    content: {application/vnd.bets+json: {}}",
        safe="Offer both names side by side, and drop the old one when nobody asks for it any more.",
        source=f"{SUFFIXES}; {CONTENT_TYPE}",
        reverse="media-type-renamed",
        deviations=(
            Deviation(
                Role.BOTH, Level.RISKY, "The syntax is the same; software that compares the name exactly notices."
            ),
        ),
    ),
    Rule(
        id="encoding-narrowed",
        effect=Effect.NARROWS,
        summary="A part of a multipart or form body may have fewer content types.",
        message="the part was {before} and is now only {after}",
        why=(
            "A part that is sent as one of the types no longer listed is refused, and with it the whole upload. It "
            "hits the clients that were happy with what you once offered."
        ),
        before=(
            "requestBody:\n"
            "  content:\n"
            "    multipart/form-data:\n"
            "      schema: {type: object, properties: {photo: {}}}\n"
            "      encoding: {photo: {contentType: 'image/png, image/jpeg'}}\n"
            "responses: {'200': {description: Done}}"
        ),
        after=(
            "requestBody:\n"
            "  content:\n"
            "    multipart/form-data:\n"
            "      schema: {type: object, properties: {photo: {}}}\n"
            "      encoding: {photo: {contentType: image/png}}\n"
            "responses: {'200': {description: Done}}"
        ),
        safe="Go on taking the old types and convert them on your side.",
        source=ENCODING,
        reverse="encoding-widened",
    ),
    Rule(
        id="encoding-widened",
        effect=Effect.WIDENS,
        summary="A part of a multipart or form body may have more content types.",
        message="the part was {before} and may now be {after}",
        why="Nobody who sends is refused. Where the part is sent to others, they may get a type they cannot read.",
        before=(
            "requestBody:\n"
            "  content:\n"
            "    multipart/form-data:\n"
            "      schema: {type: object, properties: {photo: {}}}\n"
            "      encoding: {photo: {contentType: image/png}}\n"
            "responses: {'200': {description: Done}}"
        ),
        after=(
            "requestBody:\n"
            "  content:\n"
            "    multipart/form-data:\n"
            "      schema: {type: object, properties: {photo: {}}}\n"
            "      encoding: {photo: {contentType: 'image/png, image/jpeg'}}\n"
            "responses: {'200': {description: Done}}"
        ),
        safe=(
            "Check what reads the part behind the server: a thumbnailer that knows only PNG fails later, and elsewhere."
        ),
        source=ENCODING,
        reverse="encoding-narrowed",
    ),
    Rule(
        id="encoding-changed",
        effect=Effect.REPLACES,
        summary="A part of a multipart or form body is encoded in another way.",
        message="the encoding was {before} and is now {after}",
        why=(
            "Old clients write the part in a form the server no longer reads, or the server writes one they do not. "
            "The form arrives, and a field in it is missing, one long string, or a file that cannot be opened."
        ),
        before=(
            "requestBody:\n"
            "  content:\n"
            "    multipart/form-data:\n"
            "      schema: {type: object, properties: {photo: {}}}\n"
            "      encoding: {photo: {contentType: image/png}}\n"
            "responses: {'200': {description: Done}}"
        ),
        after=(
            "requestBody:\n"
            "  content:\n"
            "    multipart/form-data:\n"
            "      schema: {type: object, properties: {photo: {}}}\n"
            "      encoding: {photo: {contentType: image/webp}}\n"
            "responses: {'200': {description: Done}}"
        ),
        safe=(
            "List the new content type beside the old one, and read both. For `style` and `explode`, add a part of "
            "another name."
        ),
        source=ENCODING,
        reverse="encoding-changed",
    ),
)
