"""`masthead rotate-key`: a new key, and every stored secret under it."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.fernet import Fernet
from django.apps import apps
from django.db import connection, models, transaction

from masthead.channels.secrets import SecretField
from masthead.kit.secrets import Keyring, key_file, keyring, keys_from

BATCH = 500


def rotate(*, drop_old: bool) -> None:
    """Put a new key first (unless MASTHEAD_KEYS gives them), encrypt everything anew, then forget old keys if asked."""
    given = os.environ.get("MASTHEAD_KEYS", "")
    keys = keys_from(given, key_file())
    if not given:
        keys = [Fernet.generate_key().decode(), *keys]
        rewrite(key_file(), keys)
    keyring.cache_clear()
    ring = Keyring(keys)
    done = sum(_anew(ring, model, field) for model in apps.get_models() for field in secret_fields(model))
    if drop_old and not given:
        rewrite(key_file(), keys[:1])
        keyring.cache_clear()
    print(f"{done} secrets are now under the newest key.")
    print(_afterwards(bool(given), drop_old))


def secret_fields(model: type[models.Model]) -> list[SecretField]:
    """The model's fields that hold ciphertext."""
    return [field for field in model._meta.local_fields if isinstance(field, SecretField)]


def rewrite(path: Path, keys: list[str]) -> None:
    """Replace the key file as a whole, mode 0600; a crash leaves the old one or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _anew(ring: Keyring, model: type[models.Model], field: SecretField) -> int:
    table, column, key = (
        connection.ops.quote_name(name) for name in (model._meta.db_table, field.column, model._meta.pk.column)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table} WHERE {column} IS NOT NULL ORDER BY {key}")
        ids = [row[0] for row in cursor.fetchall()]
    chosen = f"SELECT {key}, {column} FROM {table} WHERE {key} = ANY(%s) FOR UPDATE"
    for start in range(0, len(ids), BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(chosen, [ids[start : start + BATCH]])
            changed = [(ring.rotate(text), id_) for id_, text in cursor.fetchall()]
            cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", changed)
    return len(ids)


def _afterwards(given: bool, dropped: bool) -> str:
    if given:
        return "Every process must know the newest key; the older ones may now be taken out of MASTHEAD_KEYS."
    if dropped:
        return f"The old keys are forgotten: older backups need their own copy of the key file. Copy {key_file()} anew."
    return f"The old keys stay in {key_file()}, so that older backups still open. Copy that file anew."
