"""The timeline of the archive with a million records, 100,000 past posts and publications: lists, filters and searches.

Times as a browser would wait for a page, through the whole of Django in one process on an embedded PostgreSQL. A tenth of the
past posts and of the publications were brought in as well, so that copies are passed over. Run:
.venv/bin/python benchmarks/archive.py [--quick]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from typing import Any

sys.path.insert(0, os.path.dirname(__file__))

import django
import django.conf
import django.db
import django.test
import stage
from history import client, p95

CHANNELS = """
insert into channels_channel (workspace_id, platform, server, remote_id, handle, name, url, avatar_url, limits, time_zone,
    condition, condition_why, connected_at)
  select w.id, 'sandbox', 'http://127.0.0.1:1', i::text, '@h' || i, '', '', '', '{}', '', 'connected', '', now()
  from workspaces_workspace w, generate_series(1, 5) i;
"""
RECORDS = """
insert into rights_record (workspace_id, channel_id, platform, account, kind, author, remote_id, text, url, posted_at, reply_to,
    language, visibility, media, raw, obtained_via, obtained_at, terms_version, preference)
  select c.workspace_id, case when i % 5 < 2 then c.id end, 'sandbox', c.handle,
    case when i % 1000 = 1 then 'profile' when i % 100 = 0 then 'own_post' when i % 20 = 0 then 'reaction' when i % 10 = 0 then 'message'
      when i % 7 = 0 then 'others_post' else 'own_post' end,
    c.handle, case when i % 100 = 0 then 'p' || i / 100 else 'r' || i end,
    'Post ' || i || ' about ' || (array['bread', 'rye', 'walnuts', 'coffee', 'ovens', 'flour', 'nights'])[1 + i % 7]
      || case when i % 1000 = 7 then ' sourdough' else '' end || case when i between 600000 and 602000 then ' jubilee' else '' end
      || ', ' || md5(i::text) || ' ' || md5((i / 9)::text),
    'https://example.org/' || i, now() - i * interval '3 minutes', '', 'en', 'public',
    case when i % 9 = 0 then '[{{"kind": "image", "alt": "A loaf", "url": "https://example.org/a.png"}}]'::jsonb else '[]' end,
    jsonb_build_object('source', md5(i::text)), 'export', now(), '', '{{}}'
  from generate_series({first}, {last}) i join (select *, row_number() over (order by id) - 1 as n from channels_channel) c
    on c.n = i % 5;
"""
REST = """
insert into posts_pastpost (workspace_id, channel_id, remote_id, kind, text, url, posted_at, media, reply_to, language, metrics, raw,
    platform, operation, obtained_at, read_at, changed_at)
  select c.workspace_id, c.id, case when i % 10 = 0 then 'p' || i / 10 else 'q' || i end, 'post',
    'Seen ' || i || ' with ' || (array['bread', 'rye', 'walnuts'])[1 + i % 3], 'https://example.org/p' || i,
    now() - i * interval '30 minutes', '[]', '', 'en', '{{}}', '{{}}', 'sandbox', 'list', now(), now(), now()
  from generate_series(1, {past}) i join (select *, row_number() over (order by id) - 1 as n from channels_channel) c on c.n = i % 5;
insert into posts_post (workspace_id, title, segments, language, state, version, note, search_text, created_at, updated_at)
  select w.id, '', '[]', 'en', 'approved', 1, i::text, 'Written here ' || i || ' about bread', now(), now()
  from workspaces_workspace w, generate_series(1, {past}) i;
insert into posts_publication (workspace_id, post_id, channel_id, key, state, content, publish_at, not_before, expires_at, published_at,
    attempts, receipts, remote_url, reason, why, remedy, field, checks, created_at)
  select c.workspace_id, p.id, c.id, gen_random_uuid(), 'published',
    jsonb_build_object('segments', jsonb_build_array(jsonb_build_object('text', p.search_text, 'attachments', '[]'::jsonb)),
      'options', '{{}}'::jsonb, 'language', 'en'),
    now() - p.note::int * interval '30 minutes', now(), now(), now() - p.note::int * interval '30 minutes', 1,
    jsonb_build_array(jsonb_build_object('remote_id', 'w' || p.note, 'url', 'https://example.org/w' || p.note)),
    '', '', '', '', '', 0, now()
  from posts_post p join (select *, row_number() over (order by id) - 1 as n from channels_channel) c on c.n = p.note::int % 5;
"""
LISTS = {
    "newest": "",
    "far_back": "?after={far}",
    "channel": "?channel={channel}",
    "account": "?account=sandbox/@h3",
    "kind": "?kind=profile",
    "shelf": "?shelf=read",
    "media": "?media=1",
    "dates": "?from=2025-01-01&to=2025-01-31",
    "gone": "?gone=1",
}
SEARCHES = {
    "common": "?q=bread",
    "two_words": "?q=post+walnuts",
    "rare": "?q=post+777777",
    "one_in_1000": "?q=sourdough",
    "long_ago": "?q=jubilee",
    "beginning": "?q=a1",
    "none": "?q=nowhere",
    "with_filters": "?q=coffee&kind=own_post&channel={channel}",
}


def measure(turns: int, places: dict[str, str], names: dict[str, Any]) -> dict[str, list[float]]:
    """Milliseconds of each page, in turn, after a first round that warms up."""
    browser = client() if not hasattr(measure, "browser") else measure.browser  # type: ignore[attr-defined]
    measure.browser = browser  # type: ignore[attr-defined]
    found: dict[str, list[float]] = {name: [] for name in places}
    for turn in range(turns + 1):
        for name, place in places.items():
            began = time.perf_counter()
            answer = browser.get("/w/bench/archive/" + place.format(**names))
            took = 1000 * (time.perf_counter() - began)
            assert answer.status_code == 200, (name, answer.status_code)
            if turn:
                found[name].append(took)
    return found


def fill(dsn: str, records: int, past: int) -> None:
    """The rows, in portions, then what PostgreSQL does by itself after a while."""
    asyncio.run(stage.execute(dsn, CHANNELS))
    for first in range(1, records + 1, 100_000):
        asyncio.run(stage.execute(dsn, RECORDS.format(first=first, last=min(first + 99_999, records))))
    asyncio.run(stage.execute(dsn, REST.format(past=past)))
    for table in ("rights_record", "posts_pastpost", "posts_post", "posts_publication"):
        asyncio.run(stage.execute(dsn, f"vacuum analyze {table}"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows and fewer turns, under 50 s")
    quick = parser.parse_args().quick
    records, past, turns = (100_000, 10_000, 10) if quick else (1_000_000, 100_000, 40)
    with stage.database() as dsn:
        django.setup()
        django.conf.settings.ALLOWED_HOSTS = ["*"]
        began = time.monotonic()
        fill(dsn, records, past)
        print(f"filled in {time.monotonic() - began:.0f} s")
        load = os.getloadavg()[0]
        far = f"2024-06-01T00:00:00+00:00_0_{records}_0".replace("+", "%2B")
        names = {"channel": django.apps.apps.get_model("channels", "Channel").objects.first().pk, "far": far}
        lists, searches = measure(turns, LISTS, names), measure(turns, SEARCHES, names)
        django.db.connection.close()
    for name, times in (lists | searches).items():
        print(f"{name}: median {statistics.median(times):.1f} ms, p95 {p95(times)} ms")
    figures = {
        "records": records,
        "past_posts": past,
        "list_p95_ms": p95([one for times in lists.values() for one in times]),
        "search_p95_ms": p95([one for times in searches.values() for one in times]),
        "worst_p95_ms": max(p95(times) for times in (lists | searches).values()),
        "load": round(load, 1),
    }
    print(json.dumps(figures | {"ok": max(figures["list_p95_ms"], figures["search_p95_ms"]) < 150}))


if __name__ == "__main__":
    main()
