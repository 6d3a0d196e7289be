"""Every call the Discord connector makes. `permissions` are the bot's in the channel; Discord calls them by these names."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

SEE = ("VIEW_CHANNEL",)
READ = ("VIEW_CHANNEL", "READ_MESSAGE_HISTORY")
SEND = ("VIEW_CHANNEL", "SEND_MESSAGES", "ATTACH_FILES", "READ_MESSAGE_HISTORY")
MESSAGES = "/api/v10/channels/{channel}/messages"

ME = Operation("me", "GET", "/api/v10/users/@me", bucket="api")
GET_CHANNEL = Operation("get_channel", "GET", "/api/v10/channels/{channel}", bucket="api", scopes=SEE)
CREATE_MESSAGE = Operation("create_message", "POST", MESSAGES, creates=True, bucket="api", scopes=SEND, seconds=120)
LIST_MESSAGES = Operation("list_messages", "GET", MESSAGES, bucket="api", scopes=READ, max_bytes=16_000_000)
GET_MESSAGE = Operation("get_message", "GET", MESSAGES + "/{message}", bucket="api", scopes=READ)
EDIT_MESSAGE = Operation("edit_message", "PATCH", MESSAGES + "/{message}", bucket="api", scopes=SEND)
DELETE_MESSAGE = Operation("delete_message", "DELETE", MESSAGES + "/{message}", bucket="api", scopes=SEE)

OPERATIONS = listed(ME, GET_CHANNEL, CREATE_MESSAGE, LIST_MESSAGES, GET_MESSAGE, EDIT_MESSAGE, DELETE_MESSAGE)
