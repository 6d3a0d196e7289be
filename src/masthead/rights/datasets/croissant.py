"""The manifest of a dataset: Croissant 1.1 with its provenance (PROV) and what may be done with it (ODRL). Pure.

Sources: docs.mlcommons.org/croissant (specification 1.1), www.w3.org/TR/prov-o, www.w3.org/TR/odrl-vocab,
www.w3.org/community/reports/tdmrep. Written as plain JSON-LD; `mlcroissant` checks it in tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from masthead.rights.datasets.writing import TYPES, Written

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
IN_COPYRIGHT = "https://rightsstatements.org/vocab/InC/1.0/"
ACTIONS = {
    "ai_train": "tdm:mine",
    "ai_input": "tdm:mine",
    "redistribute": "odrl:distribute",
    "analyse": "odrl:use",
    "combine": "odrl:aggregate",
    "display": "odrl:display",
    "store": "odrl:archive",
}
CR = "arrayShape citeAs column conformsTo containedIn equivalentProperty extract field fileObject fileProperty fileSet format"
CR += " includes isArray isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace"
CR += " samplingRate separator source subField transform"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of the records comes from, and how many."""

    platform: str
    obtained_via: str
    terms_version: str
    records: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Why records stayed out: the rule, what it says, where it stands, how many."""

    rule: str
    clause: str
    source_url: str
    records: int


@dataclass(frozen=True, slots=True)
class About:
    """Everything a manifest says. Times are ISO 8601. `to` and `until` come from the grant; "" without one."""

    name: str
    description: str
    publisher: str
    use: str
    purpose: str
    license: str
    made_at: str
    began_at: str
    version: str
    release: str
    to: str = ""
    until: str = ""
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By table (file name without its ending): the columns and what they mean."""
    files: Sequence[Written] = ()
    extra: Sequence[Written] = ()
    origins: Sequence[Origin] = ()
    refused: Sequence[Refused] = ()


def manifest(about: About) -> dict[str, Any]:
    """The JSON-LD document."""
    return {
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": about.name,
        "description": about.description,
        "license": about.license,
        "citeAs": f"{about.publisher}: {about.name}, {about.made_at[:10]}",
        "version": "1.0.0",
        "datePublished": about.made_at,
        "dateCreated": about.made_at,
        "creator": {"@type": "sc:Organization", "name": about.publisher},
        "publisher": {"@type": "sc:Organization", "name": about.publisher},
        "usageInfo": _policy(about),
        "distribution": [_file(one) for one in (*about.files, *about.extra)],
        "recordSet": [_record_set(one, about.fields[one.name.partition(".")[0]]) for one in about.files],
        "prov:wasGeneratedBy": _activity(about),
        "prov:wasDerivedFrom": [_origin(one) for one in about.origins],
        "mh:refused": [_refused(one) for one in about.refused],
        **_responsible(about),
    }


def context() -> dict[str, Any]:
    """The context of Croissant 1.1, and the words this manifest takes from elsewhere."""
    return {
        "@language": "en",
        "@vocab": "https://schema.org/",
        **{name: f"cr:{name}" for name in CR.split()},
        "conformsTo": "dct:conformsTo",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "dct": "http://purl.org/dc/terms/",
        "description": {"@container": "@language"},
        "name": {"@container": "@language"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "sc": "https://schema.org/",
        "prov": "http://www.w3.org/ns/prov#",
        "odrl": "http://www.w3.org/ns/odrl/2/",
        "tdm": "http://www.w3.org/ns/tdmrep#",
        "mh": "urn:masthead:",
    }


def _policy(about: About) -> dict[str, Any]:
    """An offer for everybody, an agreement with the one who has a grant; everything else stays reserved."""
    permission: dict[str, Any] = {"odrl:action": {"@id": ACTIONS[about.use]}, "mh:use": about.use}
    if about.until:
        permission["odrl:constraint"] = {
            "odrl:leftOperand": {"@id": "odrl:dateTime"},
            "odrl:operator": {"@id": "odrl:lt"},
            "odrl:rightOperand": about.until,
        }
    if about.to:
        permission["odrl:assignee"] = {"@type": "odrl:Party", "name": about.to}
    policy: dict[str, Any] = {
        "@type": "odrl:Agreement" if about.to else "odrl:Offer",
        "@id": f"urn:masthead:policy:{about.release}",
        "odrl:assigner": {"@type": "odrl:Party", "name": about.publisher},
        "odrl:permission": [permission],
    }
    if ACTIONS[about.use] != "tdm:mine":
        policy["odrl:prohibition"] = [{"odrl:action": {"@id": "tdm:mine"}, "mh:use": "ai_train"}]
    return policy


def _file(one: Written) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": one.name,
        "name": one.name,
        "contentUrl": one.name,
        "contentSize": f"{one.size} B",
        "encodingFormat": TYPES[one.form],
        "sha256": one.sha256,
    }


def _record_set(one: Written, fields: Mapping[str, str]) -> dict[str, Any]:
    stem = one.name.partition(".")[0]
    return {
        "@type": "cr:RecordSet",
        "@id": stem,
        "name": stem,
        "description": f"{one.rows} rows of {one.name}",
        "field": [_field(one, stem, name, meaning) for name, meaning in fields.items()],
    }


def _field(one: Written, stem: str, name: str, meaning: str) -> dict[str, Any]:
    extract = {"jsonPath": name} if one.form == "jsonl" else {"column": name}
    return {
        "@type": "cr:Field",
        "@id": f"{stem}/{name}",
        "name": name,
        "description": meaning,
        "dataType": "sc:DateTime" if name.endswith("_at") else "sc:Text",
        "source": {"fileObject": {"@id": one.name}, "extract": extract},
    }


def _activity(about: About) -> dict[str, Any]:
    return {
        "@type": "prov:Activity",
        "@id": f"urn:masthead:release:{about.release}",
        "prov:startedAtTime": about.began_at,
        "prov:endedAtTime": about.made_at,
        "prov:wasAssociatedWith": {
            "@type": "prov:SoftwareAgent",
            "name": "Masthead",
            "sc:softwareVersion": about.version,
        },
        "mh:purpose": about.purpose,
        "mh:use": about.use,
    }


def _origin(one: Origin) -> dict[str, Any]:
    return {
        "@type": "prov:Entity",
        "mh:platform": one.platform,
        "mh:obtainedVia": one.obtained_via,
        "mh:termsVersion": one.terms_version,
        "mh:records": one.records,
    }


def _refused(one: Refused) -> dict[str, Any]:
    row: dict[str, Any] = {"mh:rule": one.rule, "mh:clause": one.clause, "mh:records": one.records}
    return row | ({"mh:source": one.source_url} if one.source_url else {})


def _responsible(about: About) -> dict[str, str]:
    """The fields of Croissant's part for responsible AI that can be answered truly."""
    kept_in = sum(one.records for one in about.refused)
    return {
        "rai:dataCollection": "Posts of the publisher: written in Masthead, from its accounts' own archives, or read through APIs.",
        "rai:dataCollectionMissingData": f"{kept_in} records stayed out by a rule; refused.jsonl names each with its rule.",
        "rai:dataLimitations": "Records of other people are in it only where a rule, a wish or a grant allows this use.",
        "rai:personalSensitiveInformation": "Texts may name people. Authors are named by their handles.",
    }
