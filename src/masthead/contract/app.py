"""The developer app a platform wants before anybody can sign in: what to ask, how to get one, what it costs, what the terms say."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.contract.capabilities import Source


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the connect form. `kind` is text, password or url; `initial` is a first answer to keep or change."""

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    placeholder: str = ""
    required: bool = True
    initial: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """A right the app asks for, and why Masthead needs it."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class AppRule:
    """How to get a developer app. `fields` are asked once per workspace or installation; `environment` names the variable
    that gives each of them for the whole installation.

    `steps` are sentences in order; "{callback}" in one stands for our call-back address. `warning` is what the platform's
    terms say about using an app of one's own, in plain words, with `warning_source`.
    """

    fields: tuple[Field, ...]
    environment: tuple[tuple[str, str], ...]
    console: Source
    steps: tuple[str, ...]
    scopes: tuple[Scope, ...]
    cost: str
    cost_source: Source
    warning: str = ""
    warning_source: Source | None = None
