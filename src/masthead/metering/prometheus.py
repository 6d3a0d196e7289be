"""The text of /metrics, read from the database when asked, so that it is the same from whichever process answers.

Other domains add their own figures with `also`: a function that yields prometheus_client metric families.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connection
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
CALLS = """select platform, operation, error, sum(calls), sum(weight), sum(seconds) from metering_callcount
group by platform, operation, error order by platform, operation, error"""
SPEND = """select platform, purpose, currency, sum(micros) from metering_callday where currency <> ''
group by platform, purpose, currency order by platform, purpose, currency"""
PAUSES = "select split_part(key, ':', 1), count(*) from metering_pause where until > now() group by 1 order by 1"
SOURCES: list[Callable[[], Iterable[Metric]]] = []


def also(source: Callable[[], Iterable[Metric]]) -> Callable[[], Iterable[Metric]]:
    """Register a domain's figures (a decorator); registering twice counts once."""
    if source not in SOURCES:
        SOURCES.append(source)
    return source


def text() -> bytes:
    """All metrics in Prometheus' text format (see CONTENT_TYPE)."""
    registry = CollectorRegistry(auto_describe=False)
    for source in SOURCES:
        registry.register(_Families(source))
    return generate_latest(registry)


class _Families(Collector):
    def __init__(self, source: Callable[[], Iterable[Metric]]) -> None:
        self.source = source

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        return self.source()


@also
def calls() -> Iterable[Metric]:
    """Platform calls, their weight and their duration since counting began; `error` is empty for success."""
    labels = ["platform", "operation", "error"]
    number = CounterMetricFamily("masthead_platform_calls", "Calls to platforms.", labels=labels)
    weight = CounterMetricFamily("masthead_platform_call_weight", "Weight of calls in quotas.", labels=labels)
    seconds = CounterMetricFamily("masthead_platform_call_seconds", "Seconds spent in calls.", labels=labels)
    for platform, operation, error, *sums in rows(CALLS):
        for family, value in zip((number, weight, seconds), sums, strict=True):
            family.add_metric([platform, operation, error], float(value))
    return number, weight, seconds


@also
def spend() -> Iterable[Metric]:
    """Money that the price catalogue puts on the calls, in units of the currency, since counting began."""
    labels = ["platform", "purpose", "currency"]
    family = CounterMetricFamily("masthead_platform_spend", "Price of calls to platforms.", labels=labels)
    for platform, purpose, currency, micros in rows(SPEND):
        family.add_metric([platform, purpose, currency], float(micros) / 1_000_000)
    return (family,)


@also
def pauses() -> Iterable[Metric]:
    """Pauses that platforms asked for and that still last."""
    family = GaugeMetricFamily("masthead_pauses", "Pauses asked for by platforms.", labels=["kind"])
    for kind, number in rows(PAUSES):
        family.add_metric([kind], float(number))
    return (family,)


def rows(sql: str) -> list[tuple]:
    """The rows of a query over Django's connection."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
