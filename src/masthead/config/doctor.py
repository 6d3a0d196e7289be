"""`masthead doctor`: looks at everything that can be wrong, and says what to do about it."""

from __future__ import annotations

import io
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.apps import apps
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, models

from masthead.channels.models import Channel
from masthead.channels.outside import files_are_outside
from masthead.channels.secrets import SecretField
from masthead.config import migrate
from masthead.connectors import PLATFORMS
from masthead.kit.clock import now
from masthead.kit.secrets import NoKey, key_file, keyring, keys_from

OLDEST_SERVER = 140000
LARGEST_SKEW = timedelta(seconds=5)
LATEST_BEAT = timedelta(seconds=60)
SCARCE_BYTES, LITTLE_BYTES = 500_000_000, 2_000_000_000


@dataclass(frozen=True)
class Line:
    """One finding: `level` is ok, warn or fail; `advice` says what to do."""

    level: str
    text: str
    advice: str = ""


def examine() -> bool:
    """Print all findings; False where one has failed."""
    findings = list(look())
    for line in findings:
        print(f"{line.level:<5} {line.text}" + (f"\n      {line.advice}" if line.advice else ""))
    return all(line.level != "fail" for line in findings)


def look() -> Iterator[Line]:
    """All findings; what needs the database is left out when it does not answer."""
    reach = check_database()
    yield reach
    checks: tuple[Callable[[], Line], ...] = (check_migrations, check_secrets, check_clock, check_worker)
    for check in (
        *(checks if reach.level != "fail" else ()),
        check_keys,
        check_disk,
        check_media,
        check_public_url,
        check_fetching,
    ):
        try:
            yield check()
        except DatabaseError as error:
            subject = check.__name__.removeprefix("check_")
            yield Line("fail", f"{subject}: {_first_line(error)}", "Run `masthead migrate`.")


def check_database() -> Line:
    """Reachable, and new enough."""
    try:
        connection.ensure_connection()
    except (DatabaseError, OSError) as error:
        return Line("fail", f"Database: {_first_line(error)}", "Check DATABASE_URL and that the server runs.")
    number = connection.connection.info.server_version
    shown = f"Database: PostgreSQL {number // 10000}.{number % 10000}"
    return Line("ok", shown) if number >= OLDEST_SERVER else Line("fail", shown, "PostgreSQL 14 or newer is needed.")


def check_migrations() -> Line:
    """Neither behind nor ahead of this version."""
    try:
        migrate.refuse_newer()
    except migrate.NewerSchema as newer:
        return Line("fail", "Schema: newer than this program", str(newer))
    waiting = migrate.pending()
    if waiting:
        return Line("fail", f"Schema: {len(waiting)} migrations wait", "Run `masthead migrate`.")
    return Line("ok", "Schema: up to date")


def check_keys() -> Line:
    """Present, well formed and private."""
    advice = f"Put the key file back at {key_file()}, or set MASTHEAD_KEYS."
    try:
        keys = keys_from(os.environ.get("MASTHEAD_KEYS", ""), key_file())
        for key in keys:
            Fernet(key)
    except (OSError, ValueError) as error:
        return Line("fail", f"Keys: {_first_line(error)}", advice)
    if not keys:
        return Line("fail", "Keys: none", advice)
    if not os.environ.get("MASTHEAD_KEYS") and key_file().stat().st_mode & 0o077:
        return Line("warn", f"Keys: others can read {key_file()}", f"Run `chmod 600 {key_file()}`.")
    return Line("ok", f"Keys: {len(keys)}. Keep a copy outside this machine; backups hold none unless asked.")


def check_secrets() -> Line:
    """Every stored secret opens with the keys."""
    shut, total = 0, 0
    for model, text in stored_secrets():
        total += 1
        try:
            keyring().open(text, model._meta.db_table)
        except (NoKey, OSError, ValueError):
            shut += 1
    if shut:
        return Line("fail", f"Secrets: {shut} of {total} do not open", "Add their key to the key file.")
    return Line("ok", f"Secrets: all {total} open")


def stored_secrets() -> Iterator[tuple[type[models.Model], str]]:
    """Model and ciphertext of every stored secret."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SecretField):
                table, column = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(field.column)
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")
                    yield from ((model, row[0]) for row in cursor.fetchall())


def check_clock() -> Line:
    """This machine's clock against the database's."""
    with connection.cursor() as cursor:
        before = now()
        cursor.execute("SELECT clock_timestamp()")
        skew = abs(cursor.fetchone()[0] - (before + (now() - before) / 2))
    shown = f"Clock: {skew.total_seconds():.1f} s apart from the database's"
    if skew < LARGEST_SKEW:
        return Line("ok", shown)
    return Line("fail", shown, "Let both machines follow a time server (NTP).")


def check_worker() -> Line:
    """At least one worker is alive."""
    beats = apps.get_model("posts", "Heartbeat").objects.order_by("-beat_at")
    alive = beats.filter(beat_at__gte=now() - LATEST_BEAT).count()
    if alive:
        return Line("ok", f"Workers: {alive} alive")
    last = beats.values_list("beat_at", flat=True).first()
    seen = f"last seen {last:%Y-%m-%d %H:%M} UTC" if last else "none was ever seen"
    return Line("warn", f"Workers: none alive, {seen}", "Nothing is published without one: run `masthead up`.")


def check_disk() -> Line:
    """Room where the data lies."""
    free = shutil.disk_usage(settings.HOME).free
    shown = f"Disk: {free / 1e9:.1f} GB free at {settings.HOME}"
    level = "fail" if free < SCARCE_BYTES else "warn" if free < LITTLE_BYTES else "ok"
    return Line(level, shown, "" if level == "ok" else "Make room: the database stops when the disk is full.")


def check_media() -> Line:
    """Files can be written, read and deleted."""
    name, content = f"doctor/{uuid.uuid4().hex}", b"masthead"
    try:
        saved = default_storage.save(name, File(io.BytesIO(content), name=name))
        with default_storage.open(saved) as file:
            same = file.read() == content
        default_storage.delete(saved)
    except Exception as error:  # whatever a storage of any kind raises is the finding
        return Line("fail", f"Media: {_first_line(error)}", "Check the media folder's rights, or the S3_ settings.")
    return Line("ok", "Media: can be written") if same else Line("fail", "Media: reads back something else")


def check_public_url() -> Line:
    """An address that platforms can call back and browsers trust."""
    parts, shown = urlsplit(settings.PUBLIC_URL), f"Public address: {settings.PUBLIC_URL}"
    near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return Line("fail", f"{shown} is none", "Set MASTHEAD_PUBLIC_URL, such as https://social.example.org.")
    if parts.scheme == "http" and not near:
        return Line("fail", f"{shown} is not encrypted", "Put a TLS proxy in front and use https://.")
    if near:
        return Line("warn", f"{shown} works on this machine only", "Set MASTHEAD_PUBLIC_URL for others.")
    return Line("ok", shown)


def check_fetching() -> Line:
    """Platforms that fetch files by themselves can reach them."""
    if files_are_outside():
        return Line("ok", "Public media: platforms can fetch files by signed links")
    keys = [key for key, one in PLATFORMS.items() if one.capabilities.public_media]
    waiting = Channel.objects.filter(platform__in=keys, condition=Channel.Condition.CONNECTED).values_list("platform")
    names = sorted({PLATFORMS[key].name for (key,) in waiting})
    if not names:
        return Line("ok", "Public media: not reachable from the internet, and no connected channel needs it")
    return Line(
        "warn",
        f"Public media: {', '.join(names)} cannot fetch pictures and videos from {settings.PUBLIC_URL}",
        "Set MASTHEAD_PUBLIC_URL to an address that the internet can reach, or keep media on S3.",
    )


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
