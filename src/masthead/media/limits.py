"""A limit that holds while a request still comes in, so that nobody can fill the disk with what will be refused."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MARK = "masthead.file_too_large"


class SizeLimit(FileUploadHandler):
    """Drops a file that grows beyond MAX_UPLOAD_BYTES and marks the request; the view says so in words."""

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        """Keep hold of the request's variables for the mark."""
        self.meta = META

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Count anew."""
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the piece on while the file is within the limit."""
        self.received += len(raw_data)
        if self.received > settings.MAX_UPLOAD_BYTES:
            self.meta[MARK] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""
        return
