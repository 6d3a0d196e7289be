"""One reader for each form of corpus: it reads a task and gives batches of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from masthead.rights.audit.batch import Batch, Digest, Notes
    from masthead.rights.audit.corpus import Task

    Reader = Callable[[Task, Sequence[str], Notes, Digest], Iterator[Batch]]

FORMS: Final = {
    "jsonl": "masthead.rights.audit.readers.jsonl",
    "lines": "masthead.rights.audit.readers.text",
    "text": "masthead.rights.audit.readers.text",
    "parquet": "masthead.rights.audit.readers.columns",
    "warc": "masthead.rights.audit.readers.warc",
}
"""The forms of a corpus, and the module that reads each: loaded when such a file comes, because some load a lot."""


def reader(form: str) -> Reader:
    """The function `read(task, fields, notes, digest)` of a form."""
    return cast("Reader", import_module(FORMS[form]).read)
