"""Every call the Telegram connector makes. The bot's token is part of each address, so addresses must never be logged."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed


def _reading(name: str, method: str) -> Operation:
    return Operation(name, "POST", f"/bot{{token}}/{method}")


def _sending(name: str, method: str, seconds: float = 60.0) -> Operation:
    return Operation(name, "POST", f"/bot{{token}}/{method}", creates=True, bucket="messages", seconds=seconds)


GET_ME = _reading("get_me", "getMe")
GET_CHAT = _reading("get_chat", "getChat")
GET_MEMBER = _reading("get_member", "getChatMember")
SEND_MESSAGE = _sending("send_message", "sendMessage")
SEND_POLL = _sending("send_poll", "sendPoll")
SEND_PHOTO = _sending("send_photo", "sendPhoto", 120)
SEND_VIDEO = _sending("send_video", "sendVideo", 300)
SEND_ANIMATION = _sending("send_animation", "sendAnimation", 300)
SEND_AUDIO = _sending("send_audio", "sendAudio", 300)
SEND_DOCUMENT = _sending("send_document", "sendDocument", 300)
SEND_GROUP = _sending("send_group", "sendMediaGroup", 300)
EDIT_TEXT = _reading("edit_text", "editMessageText")
EDIT_CAPTION = _reading("edit_caption", "editMessageCaption")
DELETE = _reading("delete", "deleteMessage")

OPERATIONS = listed(
    GET_ME,
    GET_CHAT,
    GET_MEMBER,
    SEND_MESSAGE,
    SEND_POLL,
    SEND_PHOTO,
    SEND_VIDEO,
    SEND_ANIMATION,
    SEND_AUDIO,
    SEND_DOCUMENT,
    SEND_GROUP,
    EDIT_TEXT,
    EDIT_CAPTION,
    DELETE,
)
