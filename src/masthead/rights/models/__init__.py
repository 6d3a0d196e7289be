"""Everything this domain keeps, one file per part."""

from masthead.rights.models.archive import Import, Record
from masthead.rights.models.datasets import Dataset, HandedOn
from masthead.rights.models.exports import ArchiveExport
from masthead.rights.models.keys import SigningKey
from masthead.rights.models.releases import Refusal, Release

__all__ = ["ArchiveExport", "Dataset", "HandedOn", "Import", "Record", "Refusal", "Release", "SigningKey"]
