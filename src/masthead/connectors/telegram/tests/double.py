"""A strict Telegram for tests: real HTTP, state, rules, troubles to ask for. All that passes is held against the Bot API's description."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from masthead.connectors.telegram.tests.botapi import BotApi
from masthead.connectors.telegram.tests.memory import Chat, Fail, Memory, Message
from masthead.connectors.tests.checked import Checked, Declining
from masthead.connectors.tests.described import Told
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled

TELEGRAM = BotApi("Telegram", "telegram-botapi-10.1.json")
FILES = {
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendAudio": "audio",
    "sendDocument": "document",
}
STRUCTURED = ("media", "reply_parameters", "link_preview_options", "options")
LATER = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 120"}
ANSWERS = {
    Trouble.FAIL_BEFORE: Said(502, {"ok": False, "error_code": 502, "description": "Bad Gateway"}),
    Trouble.LIMITED: Said(429, LATER | {"parameters": {"retry_after": 120}}),
    Trouble.REFUSED: Said(400, {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"}),
}
NOT_UNDERSTOOD = Said(400, {"ok": False, "error_code": 400, "description": "Bad Request: wrong parameters"})


class TelegramDouble:
    """The server; `seen` keeps method and what it was told."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.serving = Serving()
        self.url = self.serving.url
        app = Starlette(routes=[Route("/bot{token}/{method}", self._answer, methods=["POST"])])
        self.troubled = Troubled(Checked(Declining(app, NOT_UNDERSTOOD), TELEGRAM), _creates, ANSWERS)

    def start(self) -> None:
        """Listen on a free port, in a thread of its own."""
        self.serving.start(self.troubled)

    def stop(self) -> None:
        """Stop listening and end the thread."""
        self.serving.stop()

    def asked(self, method: str) -> list[dict[str, Any]]:
        """What the calls of a method were told."""
        return [told for name, told in self.seen if name == method]

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        told, files = await _told(request)
        self.seen.append((method, told))
        try:
            bot = self.memory.owner(request.path_params["token"])
            return JSONResponse({"ok": True, "result": self._result(method, bot, told, files)})
        except Fail as fail:
            return JSONResponse(fail.body, fail.status)

    def _result(self, method: str, bot: int, told: dict[str, Any], files: Mapping[str, bytes]) -> Any:
        if method == "getMe":
            return _user(bot)
        chat = self.memory.place(told.get("chat_id"))
        if method in FILES:
            told["file"] = FILES[method]
            assert files[FILES[method]]
            return _shown(chat, self.memory.send(chat, told, told.get("caption", ""), FILES[method]))
        return PAGES[method](self, bot, chat, told, files)


def _creates(method: str, path: str) -> bool:
    return "/send" in path


async def _told(request: Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What a call is told, and its files. What a form holds as JSON is held against the description as well."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return await request.json(), {}
    form = await request.form(max_part_size=64_000_000)
    told: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for name, value in form.items():
        if isinstance(value, str):
            plain = name in ("caption", "text", "question")
            told[name] = value if plain else json.loads(value)
        else:
            files[name] = await value.read()
    album = {} if "media" in told else dict.fromkeys(files, "attach://file")
    TELEGRAM.check_request(Told("POST", request.url.path, (), told | album, "application/json"))
    return told, files


def _user(bot: int) -> dict[str, Any]:
    return {"id": bot, "is_bot": True, "first_name": "Baker", "username": f"baker{bot}_bot"}


def _chat(one: Chat) -> dict[str, Any]:
    named = {"username": one.username} if one.username else {}
    return {"id": one.id, "type": one.type, "title": one.title} | named


def _shown(chat: Chat, one: Message) -> dict[str, Any]:
    told: dict[str, Any] = {"message_id": one.id, "date": int(one.at.timestamp()), "chat": _chat(chat)}
    told |= {"media_group_id": one.group} if one.group else {}
    photo = [{"file_id": "A", "file_unique_id": "B", "width": 48, "height": 32}]
    told |= {"photo": photo} if one.file == "photo" else {}
    return told | ({"caption" if one.file else "text": one.text} if one.text and "options" not in one.told else {})


def get_chat(double: TelegramDouble, bot: int, chat: Chat, told: Any, files: Any) -> Any:
    """A chat."""
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    return _chat(chat) | {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_member(double: TelegramDouble, bot: int, chat: Chat, told: Any, files: Any) -> Any:
    """What the bot is in a chat."""
    if told["user_id"] != bot or chat.status == "left":
        return {"status": "left", "user": _user(bot)}
    if chat.status != "administrator":
        return {"status": "member", "user": _user(bot)}
    rights = (
        "be_edited",
        "manage_chat",
        "delete_messages",
        "manage_video_chats",
        "restrict_members",
        "promote_members",
    )
    more = ("change_info", "invite_users", "post_stories", "edit_stories", "delete_stories")
    told = {f"can_{name}": False for name in (*rights, *more)} | {"is_anonymous": False}
    return {"status": "administrator", "user": _user(bot), "can_post_messages": chat.may_post} | told


def send_message(double: TelegramDouble, bot: int, chat: Chat, told: Any, files: Any) -> Any:
    """Send a text."""
    return _shown(chat, double.memory.send(chat, told, told["text"]))


def send_poll(double: TelegramDouble, bot: int, chat: Chat, told: Any, files: Any) -> Any:
    """Send a poll."""
    if len(told["question"]) > 300 or any(len(one["text"]) > 100 for one in told["options"]):
        raise Fail(400, "Bad Request: poll is too long")
    return _shown(chat, double.memory.send(chat, told, told["question"]))


def send_group(double: TelegramDouble, bot: int, chat: Chat, told: Any, files: Any) -> Any:
    """Send an album of 2 to 10."""
    if not 2 <= len(told["media"]) <= 10:
        raise Fail(400, "Bad Request: wrong number of media")
    assert all(files[one["media"].removeprefix("attach://")] for one in told["media"])
    group = str(len(chat.messages) + 1)
    made = [double.memory.send(chat, told, one.get("caption", ""), one["type"], group) for one in told["media"]]
    return [_shown(chat, one) for one in made]


def edit(double: TelegramDouble, bot: int, chat: Chat, told: Any, files: Any) -> Any:
    """Change a text or a caption."""
    found = double.memory.message(chat, told["message_id"], "edit")
    if bool(found.file) != ("caption" in told):
        raise Fail(400, "Bad Request: there is no text in the message to edit")
    new = told.get("caption", told.get("text", ""))
    if new == found.text:
        raise Fail(400, "Bad Request: message is not modified: specified new message content is exactly the same")
    found.text = new
    return _shown(chat, found)


def delete(double: TelegramDouble, bot: int, chat: Chat, told: Any, files: Any) -> Any:
    """Delete a message."""
    double.memory.delete(chat, told["message_id"])
    return True


PAGES: dict[str, Callable[..., Any]] = {
    "getChat": get_chat,
    "getChatMember": get_member,
    "sendMessage": send_message,
    "sendPoll": send_poll,
    "sendMediaGroup": send_group,
    "editMessageText": edit,
    "editMessageCaption": edit,
    "deleteMessage": delete,
}
