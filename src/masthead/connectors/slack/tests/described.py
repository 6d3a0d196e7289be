"""Slack's description of 2021 with what its pages added since: metadata, and refusals of any word with status 200."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from masthead.connectors.tests.described import Described

TEXT = {"type": "string"}
NEWER_FIELDS = {"/chat.postMessage": {"metadata": TEXT}, "/chat.update": {"metadata": TEXT}}
"""https://docs.slack.dev/messaging/message-metadata, read 2026-11-24."""
REFUSAL = {
    "type": "object",
    "properties": {"ok": {"const": False}, "error": TEXT},
    "required": ["ok", "error"],
    "additionalProperties": True,
}


class SlackDescribed(Described):
    """`Described` for a description that has grown old. Tokens go in a header, which is not described as we send it."""

    @cached_property
    def _document(self) -> dict[str, Any]:
        told: dict[str, Any] = unioned(super()._document)
        for path, methods in told["paths"].items():
            for operation in methods.values():
                renewed(operation, NEWER_FIELDS.get(path, {}))
        message = told["definitions"]["objs_message"]["properties"]
        message["metadata"] = {"type": "object", "required": ["event_type", "event_payload"]}
        told["definitions"]["objs_file"]["properties"]["alt_txt"] = TEXT
        history = told["paths"]["/conversations.history"]["get"]["responses"]["200"]["content"]["application/json"]
        history["schema"]["anyOf"][0]["properties"] |= {"response_metadata": {"type": "object"}}
        history["schema"]["anyOf"][0]["properties"]["messages"].pop("minItems")
        replies = told["paths"]["/conversations.replies"]["get"]["responses"]["200"]["content"]["application/json"]
        replies["schema"] = {"type": "object", "required": ["ok"]}  # described as a list of lists, which it never was
        return told


def renewed(operation: dict[str, Any], newer: dict[str, Any]) -> None:
    """Newer fields of the form, no token among the parameters, and refusals with status 200."""
    operation["parameters"] = [one for one in operation["parameters"] if one["name"] != "token"]
    for taken in operation.get("requestBody", {}).get("content", {}).values():
        taken["schema"]["properties"] = taken["schema"]["properties"] | newer
    for told in operation["responses"].get("200", {}).get("content", {}).values():
        told["schema"] = {"anyOf": [told["schema"], REFUSAL]}


def unioned(node: Any) -> Any:
    """Slack writes "one of these" as a list of items; in JSON Schema that is anyOf."""
    if isinstance(node, list):
        return [unioned(one) for one in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("items"), list):
        return {"anyOf": unioned(node["items"])}
    return {key: unioned(value) for key, value in node.items()}
