"""Where the AsyncAPI specification says what the rules rest on."""

from __future__ import annotations

OPERATIONS = (
    "AsyncAPI 3.0.0, Operation Object (`action`, `channel`). In 2.6.0 the Channel Item Object says `publish` for what the "
    "application receives and `subscribe` for what it sends."
)
CHANNELS = "AsyncAPI 3.0.0, Channel Object (`address`); 2.6.0, Channels Object, where the key is the address."
PARAMETERS = "AsyncAPI 3.0.0 and 2.6.0, Parameters Object and Parameter Object."
MESSAGES = "AsyncAPI 3.0.0, Operation Object (`messages`) and Message Object; 2.6.0, Operation Object (`message`)."
CONTENT_TYPE = "AsyncAPI 3.0.0 and 2.6.0, Message Object (`contentType`) and `defaultContentType`."
SCHEMA_FORMAT = "AsyncAPI 3.0.0, Multi Format Schema Object (`schemaFormat`); 2.6.0, Message Object (`schemaFormat`, Schema formats table)."
CORRELATION = "AsyncAPI 3.0.0 and 2.6.0, Correlation ID Object (`location`)."
REPLIES = "AsyncAPI 3.0.0, Operation Reply Object and Operation Reply Address Object."
SERVERS = "AsyncAPI 3.0.0, Server Object (`host`, `pathname`, `protocol`); 2.6.0, Server Object (`url`, `protocol`)."
CHANNEL_SERVERS = "AsyncAPI 3.0.0, Channel Object (`servers`); 2.6.0, Channel Item Object (`servers`)."
BINDINGS = "AsyncAPI 3.0.0, Server, Channel, Operation and Message Bindings Objects; AsyncAPI protocol bindings."
