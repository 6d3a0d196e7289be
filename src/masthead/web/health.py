"""Health and metrics: what machines ask."""

from __future__ import annotations

import hmac
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from masthead.kit.clock import now
from masthead.metering import prometheus
from masthead.posts.models import Heartbeat
from masthead.web import figures

ALIVE_S = 30
FIGURES = figures.__name__  # importing it registers the figures


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while this process answers. Touches nothing else."""
    return JsonResponse({"live": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has every migration; 503 otherwise. Says how many workers are alive."""
    state = standing()
    return JsonResponse(state, status=200 if state["ready"] else 503)


def standing() -> dict[str, Any]:
    """What /health/ready says, as data: ready, database, migrated, workers; or the remedy."""
    try:
        if missing_migrations():
            return {"ready": False, "database": True, "migrated": False, "remedy": _("Run: masthead migrate")}
        return {"ready": True, "database": True, "migrated": True, "workers": workers()}
    except DatabaseError:
        return {"ready": False, "database": False, "remedy": _("The database does not answer. Run: masthead doctor")}


@cache
def _known() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {key for one in loader.disk_migrations.values() for key in one.replaces}
    return frozenset(set(loader.disk_migrations) - replaced)


def missing_migrations() -> set[tuple[str, str]]:
    """Migrations on disk that the database has not had: (app, name)."""
    if "django_migrations" not in connection.introspection.table_names():
        return set(_known())
    with connection.cursor() as cursor:
        cursor.execute("select app, name from django_migrations")
        return set(_known()) - set(cursor.fetchall())


def workers() -> dict[str, Any]:
    """How many workers beat within ALIVE_S seconds, and the age of the last beat in seconds (None: never)."""
    beats = [(now() - beat).total_seconds() for beat in Heartbeat.objects.values_list("beat_at", flat=True)]
    return {
        "alive": sum(age < ALIVE_S for age in beats),
        "last_beat_s": round(max(min(beats), 0), 1) if beats else None,
    }


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; 404 unless the setting METRICS is on, 401 without the bearer token where one is set."""
    if not settings.METRICS:
        raise Http404
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if settings.METRICS_TOKEN and not hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), wanted.encode()
    ):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(prometheus.text(), content_type=prometheus.CONTENT_TYPE)
