"""What a person declared about the use of what they publish, read from what they can declare it with; pure.

Three states: allow, deny, or nothing said. Several declarations are joined by the most restrictive one. What is not
understood says nothing, except that a preference which is there and cannot be read counts as a no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from masthead.contract.terms import Use

Preference = dict[Use, str]

AI_RECORD: Final = "community.lexicon.preference.ai"
INTENTS_RECORD: Final = "org.user-intents.declaration"
AI_USES: Mapping[str, tuple[Use, ...]] = {
    "training": ("ai_train",),
    "inference": ("ai_input",),
    "syntheticContent": ("ai_train", "ai_input"),
    "embedding": ("analyse",),
}
INTENT_USES: Mapping[str, tuple[Use, ...]] = {
    "syntheticContentGeneration": ("ai_train", "ai_input"),
    "bulkDataset": ("redistribute",),
    "publicAccessArchive": (),
    "protocolBridging": (),
}
USAGE_USES: Mapping[str, tuple[Use, ...]] = {"train-ai": ("ai_train",), "search": ()}
"""Sources: the lexicon's four categories (github.com/lexicon-community/lexicon), proposal 0008 on user intents, and the vocabulary of
the IETF's AIPREF group, of which our uses know training. An embedding is for search and grouping, so that is to analyse."""

ENTITY, COLLECTION = f"{AI_RECORD}#entityScope", f"{AI_RECORD}#collectionScope"
MEMBER = re.compile(r"[ \t]*([a-z*][a-z0-9_.*-]*)(?:=([^;,]*))?((?:;[^;,]*)*)[ \t]*")


def combined(preferences: Iterable[Mapping[Use, str]]) -> Preference:
    """Several declarations as one: a single no wins, and silence is overruled by either."""
    found: Preference = {}
    for one in preferences:
        for use, verdict in one.items():
            found[use] = "deny" if "deny" in (verdict, found.get(use)) else verdict
    return found


def from_record(record: Mapping[str, Any], *, collection: str = "", reader: str = "") -> Preference:
    """What a record of the person's repository says; `collection` is that of the post, `reader` the id of whoever asks.

    A scope that is narrower than the whole account counts where it fits; an unknown one counts only for what it denies.
    """
    if record.get("$type") == INTENTS_RECORD:
        return _said(record, INTENT_USES)
    if record.get("$type") != AI_RECORD:
        return {}
    said = record.get("preferences")
    if not isinstance(said, Mapping):
        return {}
    found = _said(said, AI_USES)
    if _fits(record.get("scope"), collection, reader):
        return found
    return {use: verdict for use, verdict in found.items() if verdict == "deny"} if _unknown(record) else {}


def _fits(scope: Any, collection: str, reader: str) -> bool:
    kind = scope.get("$type", "") if isinstance(scope, Mapping) else f"{AI_RECORD}#globalScope"
    if kind == COLLECTION:
        return bool(collection) and scope.get("collection") == collection
    if kind == ENTITY:
        return bool(reader) and reader in (scope.get("entity"), scope.get("did"))
    return bool(kind == f"{AI_RECORD}#globalScope")


def _unknown(record: Mapping[str, Any]) -> bool:
    kind = (record.get("scope") or {}).get("$type", "")
    return kind not in (ENTITY, COLLECTION, f"{AI_RECORD}#globalScope")


def _said(fields: Mapping[str, Any], uses: Mapping[str, tuple[Use, ...]]) -> Preference:
    """`allow` true or false; without it nothing is said, and anything else is a no."""
    states: list[Preference] = []
    for name, mine in uses.items():
        one = fields.get(name)
        if isinstance(one, Mapping) and one.get("allow") is not None:
            verdict = "allow" if one["allow"] is True else "deny"
            states.append(dict.fromkeys(mine, verdict))
    return combined(states)


def from_content_usage(*values: str) -> Preference:
    """What `Content-Usage` says (a header, or the value of a rule in robots.txt): a dictionary of structured fields.

    Each of several values is read for itself and joined. A value that is no dictionary says nothing, as RFC 9651 has it.
    """
    return combined(_usage(one) for one in values)


def _usage(value: str) -> Preference:
    """The last of two members with one name counts; `y` allows, `n` denies, and what is neither says nothing."""
    members: dict[str, str] = {}
    for part in value.split(",") if value.strip() else []:
        match = MEMBER.fullmatch(part)
        if match is None:
            return {}
        members[match[1]] = (match[2] or "").strip()
    found: Preference = {}
    for name, mine in USAGE_USES.items():
        verdict = {"y": "allow", "n": "deny"}.get(members.get(name, ""))
        if verdict:
            found.update(dict.fromkeys(mine, verdict))
    return found
