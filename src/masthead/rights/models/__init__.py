"""Everything this domain keeps, one file per part."""

from masthead.rights.models.archive import Import, Record
from masthead.rights.models.audits import Audit, Finding
from masthead.rights.models.datasets import Dataset, HandedOn
from masthead.rights.models.exports import ArchiveExport
from masthead.rights.models.grants import AppPurpose, Grant, LicenceRequest
from masthead.rights.models.keys import MarkKey, SigningKey
from masthead.rights.models.people import Erasure, Hold
from masthead.rights.models.releases import Refusal, Release
from masthead.rights.models.removals import Leftover, Removal

__all__ = [
    "AppPurpose",
    "ArchiveExport",
    "Audit",
    "Dataset",
    "Erasure",
    "Finding",
    "Grant",
    "HandedOn",
    "Hold",
    "Import",
    "Leftover",
    "LicenceRequest",
    "MarkKey",
    "Record",
    "Refusal",
    "Release",
    "Removal",
    "SigningKey",
]
