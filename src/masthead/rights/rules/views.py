"""The page Rights: what each platform's terms allow, and the question whether one may."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.contract.terms import KINDS, USES, Kind, Use
from masthead.kit.clock import now as clock
from masthead.rights.archive.words import KIND_WORDS
from masthead.rights.items import Via
from masthead.rights.models import Release, Removal
from masthead.rights.permit import Answer
from masthead.rights.rules.sheet import Sheet, may_i, sheet
from masthead.rights.rules.words import EVIDENCE_WORDS, LOOKS, USE_WORDS, VIA_WORDS, span
from masthead.workspaces.access import member_view
from masthead.workspaces.roles import May

LATEST = 10


@member_view(May.SEE)
@require_GET
def rules_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of the workspace's own channels first, the others folded below them."""
    now = clock()
    mine = set(Channel.objects.filter(workspace=request.workspace).values_list("platform", flat=True))
    sheets = [sheet(one, now) for one in sorted(PLATFORMS.values(), key=lambda one: one.name.lower())]
    return render(
        request,
        "rights/rules/rules.html",
        {
            "mine": [_shown(one) for one in sheets if one.platform.key in mine],
            "others": [_shown(one) for one in sheets if one.platform.key not in mine],
            "uses": [USE_WORDS[use] for use in USES],
            "asked": _asked(request.GET, mine, now),
            "releases": Release.objects.filter(workspace=request.workspace)[:LATEST],
            "removals": Removal.objects.filter(workspace=request.workspace)[:LATEST],
            **_choices(),
        },
    )


def _choices() -> dict[str, Any]:
    return {
        "platforms": sorted(((one.key, one.name) for one in PLATFORMS.values()), key=lambda one: one[1].lower()),
        "kinds": [(kind, KIND_WORDS[kind]) for kind in KINDS],
        "vias": list(VIA_WORDS.items()),
        "use_words": list(USE_WORDS.items()),
    }


def _asked(query: Mapping[str, str], mine: set[str], now: datetime) -> dict[str, Any]:
    """The question as it was asked, with its answer where it is whole; what is not known is as if not asked."""
    first = next(iter(sorted(mine & set(PLATFORMS))), next(iter(sorted(PLATFORMS))))
    about = {
        "platform": query.get("platform", "") if query.get("platform") in PLATFORMS else first,
        "kind": query.get("kind", "") if query.get("kind") in KINDS else "own_post",
        "via": query.get("via", "") if query.get("via") in VIA_WORDS else "api",
        "use": query.get("use", "") if query.get("use") in USES else "redistribute",
        "to": "others" if query.get("to") == "others" else "",
    }
    if "use" not in query:
        return about
    said = may_i(
        PLATFORMS[about["platform"]],
        cast(Kind, about["kind"]),
        cast(Via, about["via"]),
        cast(Use, about["use"]),
        to_others=bool(about["to"]),
        now=now,
    )
    return about | {"look": LOOKS[said.verdict], "reasons": _reasons(said)}


def _reasons(said: Answer) -> list[dict[str, Any]]:
    return [
        {"look": LOOKS[one.verdict], "clause": gettext(one.clause), "url": _web(one.source_url), "until": one.until}
        for one in said.reasons
    ]


def _web(url: str) -> str:
    return url if url.startswith("https://") else ""


def _shown(one: Sheet) -> dict[str, Any]:
    """A sheet with the words of the reader's language."""
    terms = one.platform.terms
    return {
        "key": one.platform.key,
        "name": one.platform.name,
        "terms": terms,
        "rows": [(KIND_WORDS[kind], [_cell(cell) for cell in cells]) for kind, cells in one.rows],
        "clauses": [
            {
                "number": clause.number,
                "text": gettext(clause.term.clause),
                "url": _web(clause.term.source.url),
                "on": clause.term.source.checked_on,
                "evidence": EVIDENCE_WORDS[clause.term.evidence],
                "doubtful": clause.term.evidence in ("report", "none"),
            }
            for clause in one.clauses
        ],
        "deletion": gettext(terms.deletion.clause) if terms.deletion else "",
        "handing": gettext(terms.redistribution.clause) if terms.redistribution else "",
        "handing_url": _web(terms.redistribution.source.url) if terms.redistribution else "",
        "deletion_url": _web(terms.deletion.source.url) if terms.deletion else "",
        "outcomes": [
            (VIA_WORDS[out.via], KIND_WORDS[out.kind], LOOKS[out.mine], LOOKS[out.theirs], LOOKS[out.trained])
            for out in one.outcomes
        ],
    }


def _cell(cell: Any) -> dict[str, Any]:
    return {
        "use": USE_WORDS[cell.use],
        "look": LOOKS[cell.term.verdict],
        "number": cell.number,
        "within": span(cell.term.within),
        "to_others": LOOKS[cell.term.to_others] if cell.term.to_others else None,
    }
