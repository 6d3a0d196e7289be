"""What is said about a dataset: its refusals as a file, counted by rule with its clause, and everything the manifest needs."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from masthead.connectors import PLATFORMS
from masthead.kit.clock import now as clock
from masthead.rights.datasets.croissant import About, Origin, Refused
from masthead.rights.datasets.rows import ID_FIELDS, RECORD_FIELDS
from masthead.rights.datasets.writing import Written, table
from masthead.rights.models import Dataset, Refusal, Release
from masthead.rights.permit import Grant


def refusals(release: Release, folder: Path) -> Written:
    """Every record that stayed in: its id and the rule, no text."""
    refused = table(folder, "refused", ["id", "rule", "verdict"], "jsonl")
    for item, rule, verdict in (
        Refusal.objects.filter(release=release).values_list("item", "rule", "verdict").iterator()
    ):
        refused.add({"id": item, "rule": rule, "verdict": verdict})
    return refused.close()


def counted(release: Release) -> list[Refused]:
    """How many stayed in by each rule, with what the rule says."""
    return [Refused(rule, *_clause(rule), number) for rule, number in release.by_rule.items()]


def _clause(rule: str) -> tuple[str, str]:
    """What a rule says and where, for rules of a platform's terms; others name themselves."""
    platform, _colon, rest = rule.partition(":")
    kind, _colon, use = rest.partition(":")
    terms = PLATFORMS[platform].terms if platform in PLATFORMS else None
    found = next((one for one in terms.rules if (one.kind, one.use) == (kind, use)), None) if terms else None
    return (found.clause, found.source.url) if found else ("", "")


def described(
    row: Dataset,
    release: Release,
    files: Sequence[Written],
    extra: Sequence[Written],
    origins: Sequence[Origin],
    refused: Sequence[Refused],
    grant: Grant | None,
) -> About:
    """Everything that the manifest says."""
    return About(
        name=row.name,
        description=row.description or row.purpose,
        publisher=row.workspace.name,
        use=row.use,
        purpose=row.purpose,
        license=row.license,
        began_at=release.begun_at.isoformat(),
        made_at=clock().isoformat(),
        version=version("masthead"),
        release=str(release.pk),
        to=release.to,
        until=grant.until.isoformat() if grant and grant.until else "",
        fields={"records": RECORD_FIELDS, "ids": ID_FIELDS},
        files=files,
        extra=extra,
        origins=origins,
        refused=refused,
    )
