"""Figures about publications for /metrics: waiting, due, late, by state, failures by reason, workers' last beats."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric

from masthead.metering.prometheus import also, rows

STATES = "select state, count(*) from posts_publication group by state order by state"
DUE = """select count(*), count(*) filter (where not_before < now() - interval '60 seconds'),
coalesce(extract(epoch from now() - min(not_before)), 0)
from posts_publication where state = 'scheduled' and not_before <= now()"""
REASONS = """select state, reason, count(*) from posts_publication
where state in ('failed', 'unconfirmed', 'expired') group by state, reason order by state, reason"""
BEATS = """select count(*) filter (where beat_at > now() - interval '30 seconds'),
coalesce(extract(epoch from now() - max(beat_at)), -1) from posts_heartbeat"""


@also
def publications() -> Iterable[Metric]:
    """Publications now, by state."""
    family = GaugeMetricFamily("masthead_publications", "Publications by state.", labels=["state"])
    for state, number in rows(STATES):
        family.add_metric([state], float(number))
    return (family,)


@also
def due() -> Iterable[Metric]:
    """Publications whose time has come: all, those over a minute late, and how late the oldest is (seconds)."""
    ((number, late, oldest),) = rows(DUE)
    return (
        GaugeMetricFamily("masthead_publications_due", "Publications whose time has come.", value=float(number)),
        GaugeMetricFamily("masthead_publications_late", "Due publications over a minute late.", value=float(late)),
        GaugeMetricFamily(
            "masthead_publication_lateness_seconds", "Lateness of the oldest due one.", value=float(oldest)
        ),
    )


@also
def troubles() -> Iterable[Metric]:
    """Publications that failed, expired or are unconfirmed, by reason."""
    family = GaugeMetricFamily("masthead_publication_troubles", "Troubles by kind.", labels=["state", "reason"])
    for state, reason, number in rows(REASONS):
        family.add_metric([state, reason], float(number))
    return (family,)


@also
def beats() -> Iterable[Metric]:
    """Workers that beat within 30 seconds, and the age of the last beat in seconds (-1: never)."""
    ((alive, age),) = rows(BEATS)
    return (
        GaugeMetricFamily("masthead_workers_alive", "Workers that beat within 30 seconds.", value=float(alive)),
        GaugeMetricFamily("masthead_worker_beat_age_seconds", "Age of the last beat.", value=float(age)),
    )
