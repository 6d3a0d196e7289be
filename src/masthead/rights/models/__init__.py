"""Everything this domain keeps, one file per part."""

from masthead.rights.models.archive import Import, Record
from masthead.rights.models.releases import Refusal, Release

__all__ = ["Import", "Record", "Refusal", "Release"]
