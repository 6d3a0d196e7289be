"""Every call the Misskey connector makes: all are POST. An uploaded file lies in the account's drive, where nobody else sees it."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

ME = Operation("me", "POST", "/api/i", scopes=("read:account",))
META = Operation("meta", "POST", "/api/meta")
UPLOAD = Operation("upload", "POST", "/api/drive/files/create", bucket="files", scopes=("write:drive",), seconds=300)
CREATE_NOTE = Operation(
    "create_note", "POST", "/api/notes/create", creates=True, bucket="notes", scopes=("write:notes",), seconds=30
)
SHOW_NOTE = Operation("show_note", "POST", "/api/notes/show")
OWN_NOTES = Operation("own_notes", "POST", "/api/users/notes", max_bytes=16_000_000)
DELETE_NOTE = Operation("delete_note", "POST", "/api/notes/delete", bucket="deletes", scopes=("write:notes",))

OPERATIONS = listed(ME, META, UPLOAD, CREATE_NOTE, SHOW_NOTE, OWN_NOTES, DELETE_NOTE)
SCOPES = tuple(dict.fromkeys(scope for one in OPERATIONS.values() for scope in one.scopes))
