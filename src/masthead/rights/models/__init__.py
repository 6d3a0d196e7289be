"""Everything this domain keeps, one file per part."""

from masthead.rights.models.archive import Import, Record

__all__ = ["Import", "Record"]
