"""What the exports of Meta's platforms share: broken letters, lists that are sometimes under a name, messages.

Letters: the files hold each byte of UTF-8 as a character of its own (ø as \\u00c3\\u00b8). It is undone for each string alone; where
that fails, the string was right already and stays as it is. The folders changed over the years, so that files are found by how
their paths end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any

from masthead.contract.archive import (
    ArchivedFile,
    Entry,
    Owner,
    Part,
    Source,
    Trouble,
    dated,
    file,
    made_id,
    matching,
    moment,
    without,
)
from masthead.contract.archive_json import JsonStream

MESSAGES = r"messages/(?:inbox|archived_threads|filtered_threads|message_requests|e2ee_cutover)/[^/]+/message_\d+\.json"
PROFILE = r"personal_information/personal_information\.json|account_information/personal_information\.json"
FILES = ("photos", "videos", "audio_files", "files", "gifs")
Entries = Callable[[Any], Iterable[Entry | Trouble]]


def repaired(text: str) -> str:
    """A string with its letters right."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def repair(value: Any) -> Any:
    """A value with all its strings right."""
    if isinstance(value, str):
        return repaired(value)
    if isinstance(value, list):
        return [repair(one) for one in value]
    if isinstance(value, dict):
        return {repaired(name): repair(one) for name, one in value.items()}
    return value


def items(source: Source, name: str, lists: Sequence[str] = ()) -> Iterator[Any]:
    """The items of a file: those of its list, or of the lists under these names; a single item may stand without a list."""
    with closing(source.open(name)) as opened:
        stream = JsonStream(opened, name, source.longest)
        if stream.peek() == "[":
            yield from map(repair, stream.values())
            return
        alone: dict[str, Any] = {}
        for key in stream.fields():
            if key in lists and stream.peek() == "[":
                yield from map(repair, stream.values())
            else:
                alone[key] = stream.value()
        if alone.keys() & {"timestamp", "creation_timestamp", "media"}:
            yield repair(alone)


def part(source: Source, name: str, entries: Entries, lists: Sequence[str] = ()) -> Part:
    """A file as a part of the archive."""
    return Part(name, lambda: items(source, name, lists), entries, source.size(name))


def parts(source: Source, pattern: str, entries: Entries, lists: Sequence[str] = ()) -> list[Part]:
    """Every file whose path ends as the pattern says."""
    return [part(source, name, entries, lists) for name in matching(source, pattern)]


def whole(source: Source, pattern: str) -> dict[str, Any]:
    """The one small object in a file; empty where there is none."""
    for name in matching(source, pattern):
        with closing(source.open(name)) as opened:
            found = repair(JsonStream(opened, name, source.longest).value())
            return found if isinstance(found, dict) else {}
    return {}


def media(source: Source, found: Iterable[Mapping[str, Any]]) -> tuple[ArchivedFile, ...]:
    """Files by their `uri`; the address of one that the archive does not hold is kept."""
    made = []
    for one in found:
        uri = str(one.get("uri") or "")
        if uri:
            outside = uri.startswith(("https://", "http://"))
            held = file(source, "" if outside else uri, url=uri if outside else "", alt=_alt(one))
            made.append(held)
    return tuple(made)


def _alt(one: Mapping[str, Any]) -> str:
    told = one.get("media_metadata") or {}
    return str(one.get("alt_text") or (told.get("photo_metadata") or {}).get("alt_text") or "")


def base(uri: object) -> str:
    """The last part of a path: what stays the same when the folders change."""
    return str(uri or "").rpartition("/")[2]


def values(raw: Any) -> dict[str, Mapping[str, Any]]:
    """The labelled values of an item. Labels are in the account's language, so that they are asked only where nothing else helps."""
    told = raw.get("string_map_data") if isinstance(raw, dict) else None
    return {str(name): one for name, one in told.items() if isinstance(one, dict)} if isinstance(told, dict) else {}


def time_in(found: Mapping[str, Mapping[str, Any]]) -> Any:
    """The first time among labelled values."""
    return next((moment(one["timestamp"]) for one in found.values() if one.get("timestamp")), None)


def listed(raw: Mapping[str, Any], word: str) -> Iterator[Entry]:
    """A reaction as an item with a title and a list of addresses."""
    for one in raw.get("string_list_data") or ():
        address = str(one.get("href") or "")
        yield Entry(
            "reaction",
            made_id(word, address, one.get("timestamp")),
            moment(one.get("timestamp")),
            author=str(raw.get("title") or ""),
            url=address,
            raw={"reaction": word, "value": str(one.get("value") or "")},
        )


def message_parts(source: Source, owner: str, inside: Callable[[str], bool]) -> list[Part]:
    """The conversations. `owner` is the name under which the account writes."""
    return [
        Part(name, partial(_said, source, name), _message(source, owner, name), source.size(name))
        for name in matching(source, MESSAGES)
        if inside(name)
    ]


def _said(source: Source, name: str) -> Iterator[Any]:
    """(the conversation's folder, message); its title stands behind the messages and is left alone."""
    thread = name.split("/")[-2]
    with closing(source.open(name)) as opened:
        stream = JsonStream(opened, name, source.longest)
        for key in stream.fields():
            if key == "messages" and stream.peek() == "[":
                for item in stream.values():
                    yield item if isinstance(item, Trouble) else (thread, repair(item))


def _message(source: Source, owner: str, name: str) -> Entries:
    def entries(item: Any) -> Iterator[Entry | Trouble]:
        thread, told = item
        sender, text = str(told.get("sender_name") or ""), str(told.get("content") or "")
        files = media(source, [one for kind in FILES for one in told.get(kind) or ()])
        names = [base(one.get("uri")) for kind in FILES for one in told.get(kind) or ()]
        raw = {"conversation": thread, "mine": bool(owner) and sender == owner}
        entry = Entry(
            "message",
            made_id(thread, told.get("timestamp_ms"), sender, text, names),
            moment(told.get("timestamp_ms")),
            text,
            sender,
            visibility="private",
            media=files,
            raw=raw | without(told, "sender_name", "content", "timestamp_ms", "is_geoblocked_for_viewer", *FILES),
        )
        yield from dated(entry, name)

    return entries


def person(source: Source) -> Owner:
    """Whose export it is, where the person is told in labelled values, as Instagram does for Threads too."""
    told = whole(source, PROFILE)
    for one in told.get("profile_user") or ():
        found = values(one)
        texts = [str(value.get("value") or "") for value in found.values()]
        handle = str((found.get("Username") or {}).get("value") or "") or next((t for t in texts if _is_handle(t)), "")
        return Owner(handle, "", str((found.get("Name") or {}).get("value") or ""))
    old = whole(source, r"profile\.json")
    return Owner(str(old.get("username") or ""), "", str(old.get("name") or ""))


def _is_handle(text: str) -> bool:
    return (
        text.isascii()
        and text == text.lower()
        and text.replace("_", "").replace(".", "").isalnum()
        and not text.isdigit()
    )
