"""Programs' way to audits: what is offered, start one, follow it, read what was found, stop it, remove it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from masthead.kit.clock import now
from masthead.posts.compose import Invalid
from masthead.rights.audits import ask
from masthead.rights.audits.corpora import NotOffered, named, roots, words_of
from masthead.rights.audits.forms import FORMS, own_posts
from masthead.rights.audits.views import audit_of, findings, note
from masthead.rights.models import Audit, Finding
from masthead.workspaces.api import PUBLISH, READ, Forbidden
from masthead.workspaces.roles import May, allows

router = Router(tags=["audits"])
MOST = 100


class AuditIn(Schema):
    """Which corpus (a name out of `GET /corpora`, and what below it), which of the own posts, and how the corpus is read.

    `form` is jsonl, lines, text, parquet or warc; empty for what a file's ending says. `target` is the share of wrong attributions
    that is accepted. `account` is "platform/handle"; days are YYYY-MM-DD.
    """

    name: str = Field(min_length=1, max_length=120)
    corpus: str = Field(min_length=1, max_length=1000)
    below: str = Field("", max_length=1000)
    fields: list[str] = Field(["text"], min_length=1, max_length=20)
    form: str = ""
    target: float = Field(0.05, ge=0.001, le=0.5)
    account: str = Field("", max_length=300)
    since: str = Field("", max_length=10)
    until: str = Field("", max_length=10)


class AuditOut(Schema):
    """An audit. `state`: waiting, running, finished, failed or stopped; `why` it failed.

    `progress` while it runs: phase, done and total bytes, rate (bytes a second), left (seconds), matches. `counts` once it is finished:
    what was read and found, by strength (`tiers`) and verdict (`standings`), `population` and `twins`. `files`: name, size, SHA-256.
    """

    id: int
    name: str
    corpus: str
    state: str
    why: str
    progress: dict[str, Any]
    counts: dict[str, Any]
    files: dict[str, Any]
    target: float
    created_at: datetime
    finished_at: datetime | None


class FindingOut(Schema):
    """A post whose words stand in the corpus, with its best place: `start` and `end` are bytes of the document."""

    number: int
    item: str
    standing: str
    tier: str
    q: float | None
    words: int
    post_words: int
    bits: float
    places: int
    source: str
    document: int
    doc_start: int
    start: int
    end: int
    sha256: str
    text: str


def _out(row: Audit) -> dict[str, Any]:
    names = ("name", "state", "why", "progress", "counts", "files", "target", "created_at", "finished_at")
    return {name: getattr(row, name) for name in names} | {"id": row.pk, "corpus": words_of(row.corpus)}


def _found(one: Finding) -> dict[str, Any]:
    names = [name for name in FindingOut.model_fields if name != "text"]
    return {name: getattr(one, name) for name in names} | {"text": "".join(text for text, mark in one.place if mark)}


def _mine(request: HttpRequest, audit_id: int) -> Audit:
    """For owners and admins: an audit of the token's workspace."""
    _must(request)
    return audit_of(request, audit_id)


def _must(request: HttpRequest) -> None:
    if not allows(request.member.role, May.CONNECT):  # type: ignore[attr-defined]
        raise Forbidden("The role of this token's owner does not allow it: owners and admins may.")


@router.get("/corpora", response=list[str], auth=READ)
def corpora(request: HttpRequest) -> list[str]:
    """The names of the corpora that the operator offers."""
    return [one.name for one in roots()]


@router.get("/audits", response=list[AuditOut], auth=READ)
def audits(request: HttpRequest) -> list[dict[str, Any]]:
    """The latest audits."""
    return [_out(one) for one in ask.audits(request.workspace)[:MOST]]  # type: ignore[attr-defined]


@router.post("/audits", response={201: AuditOut}, auth=PUBLISH)
def start(request: HttpRequest, body: AuditIn) -> Status:
    """Start an audit. For owners and admins."""
    _must(request)
    if body.form and body.form not in FORMS:
        raise Invalid("form", "This form is not known.", f"Give one of {', '.join(FORMS)}, or none.")
    try:
        corpus = named(body.corpus, body.below)
    except NotOffered as error:
        raise Invalid("corpus", str(error), "Give a name out of GET /corpora.") from error
    given = {name: getattr(body, name) for name in ("name", "fields", "form", "target")}
    given |= {"corpus": corpus, "wanted": own_posts(body.account, body.since, body.until)}
    row = ask.ask_for(request.workspace, given, by=request.user, now=now())  # type: ignore[attr-defined,misc]
    note(request, "audit.asked", row, corpus=corpus)
    return Status(201, _out(row))


@router.get("/audits/{audit_id}", response=AuditOut, auth=READ)
def one_audit(request: HttpRequest, audit_id: int) -> dict[str, Any]:
    """How far an audit is, or what came of it."""
    return _out(audit_of(request, audit_id))


@router.get("/audits/{audit_id}/findings", response=list[FindingOut], auth=READ)
def found(request: HttpRequest, audit_id: int, standing: str = "", after: int = -1) -> list[dict[str, Any]]:
    """A hundred findings behind the number `after`, the surest first; of one standing where one is named."""
    rows = findings(audit_of(request, audit_id), standing).filter(number__gt=max(after, -1))
    return [_found(one) for one in rows[:MOST]]


@router.post("/audits/{audit_id}/stop", response=AuditOut, auth=PUBLISH)
def stop(request: HttpRequest, audit_id: int) -> dict[str, Any]:
    """Stop it; what was read is kept."""
    row = _mine(request, audit_id)
    if ask.stop(row, now=now()):
        note(request, "audit.stopped", row)
    row.refresh_from_db()
    return _out(row)


@router.post("/audits/{audit_id}/go-on", response=AuditOut, auth=PUBLISH)
def go_on(request: HttpRequest, audit_id: int) -> dict[str, Any]:
    """Go on where it was stopped; begin anew where it failed."""
    row = _mine(request, audit_id)
    if not ask.go_on(row, now=now()):
        raise Invalid("audit", "There is nothing to go on with.", "Start another audit.")
    note(request, "audit.gone_on", row)
    row.refresh_from_db()
    return _out(row)


@router.delete("/audits/{audit_id}", response={204: None}, auth=PUBLISH)
def remove_one(request: HttpRequest, audit_id: int) -> Status:
    """Remove it with its report; one that runs ends."""
    row = _mine(request, audit_id)
    note(request, "audit.deleted", row)
    ask.remove(row)
    return Status(204, None)
