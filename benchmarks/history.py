"""The page of past posts with a full history: list, search, filters, order by a number, one post. Times as a browser would wait.

1,000 past posts on each of 5 channels with 30 samples each, through the whole of Django on an embedded PostgreSQL. Run:
.venv/bin/python benchmarks/history.py [--quick]
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
import django.apps
import django.conf
import django.db
import django.test
import stage

FILL = """
insert into channels_channel (workspace_id, platform, server, remote_id, handle, name, url, avatar_url, limits, time_zone,
    condition, condition_why, connected_at)
  select w.id, 'sandbox', 'http://127.0.0.1:1', i::text, '@h' || i, '', '', '', '{{}}', '', 'connected', '', now()
  from workspaces_workspace w, generate_series(1, {channels}) i;
insert into posts_historyimport (channel_id, cursor, begun_at, finished_at, oldest_at, looked_at, seen, metrics, next_at, held_until, why)
  select id, '', now(), now(), now(), now(), {posts}, '["bookmarks","likes","replies","reposts","smiles","views"]', now(), now(), ''
  from channels_channel;
insert into posts_pastpost (workspace_id, channel_id, remote_id, kind, text, url, posted_at, media, reply_to, language, metrics, raw,
    platform, operation, obtained_at, read_at, changed_at, next_read_at)
  select c.workspace_id, c.id, i::text, case when i % 7 = 0 then 'reply' else 'post' end,
    'Post ' || i || ' about ' || (array['bread', 'rye', 'walnuts', 'coffee', 'ovens', 'flour'])[1 + i % 6] || ', '
      || repeat(md5(i::text || c.id) || ' ', 6),
    'https://example.org/' || i, now() - i * interval '13 hours', '[]', '', 'en',
    jsonb_build_object('views', i * 7919 % 5000, 'likes', i * 104729 % 400, 'replies', i % 30, 'reposts', i % 50, 'bookmarks', i % 9),
    jsonb_build_object('content', repeat(md5(i::text), 40)), 'sandbox', 'list', now(), now(), now(), now() + interval '1 day'
  from channels_channel c, generate_series(1, {posts}) i;
insert into posts_sample (past_post_id, metric, native, value, observed_at)
  select p.id, 'likes', 'likes', n, p.posted_at + n * interval '6 hours' from posts_pastpost p, generate_series(1, {samples}) n;
analyze;
"""
PLACES = {
    "list": "",
    "search": "?q=walnuts",
    "search_rare": "?q=post+777",
    "sort": "?sort=views",
    "search_sort": "?q=bread&sort=likes",
    "filter": "?channel={channel}&kind=reply&from=2025-01-01",
    "last_page": "?page=last",
    "one": "{post}/",
}


def client() -> Any:
    """A member who is signed in. Django is set up by now, so its models may be looked up."""
    models = django.apps.apps
    user = models.get_model("workspaces", "User").objects.create_user("bench@example.org", "a long pass phrase")
    workspace = models.get_model("workspaces", "Workspace").objects.get()
    models.get_model("workspaces", "Member").objects.create(workspace=workspace, user=user, role="owner")
    made = django.test.Client()
    made.force_login(user)
    return made


def measure(turns: int, work: list[float]) -> dict[str, list[float]]:
    """Milliseconds of each page, in turn, after a first round that warms up; `work` gets those of this process's CPU."""
    browser = client()
    channel = django.apps.apps.get_model("channels", "Channel").objects.first()
    post = django.apps.apps.get_model("posts", "PastPost").objects.first()
    found: dict[str, list[float]] = {name: [] for name in PLACES}
    for turn in range(turns + 1):
        for name, place in PLACES.items():
            address = "/w/bench/past-posts/" + place.format(channel=channel.pk, post=post.pk)
            began, worked = time.perf_counter(), time.process_time()
            answer = browser.get(address)
            took = 1000 * (time.perf_counter() - began)
            assert answer.status_code == 200, (name, answer.status_code)
            if turn:
                found[name].append(took)
                work.append(1000 * (time.process_time() - worked))
    return found


def p95(times: list[float]) -> float:
    """The time that 95 of 100 do not exceed, in milliseconds."""
    return round(statistics.quantiles(times, n=20, method="inclusive")[18], 1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer turns, under 50 s")
    turns = 12 if parser.parse_args().quick else 200
    sizes = {"channels": 5, "posts": 1000, "samples": 30}
    with stage.database() as dsn:
        django.setup()
        django.conf.settings.ALLOWED_HOSTS = ["*"]
        asyncio.run(stage.execute(dsn, FILL.format(**sizes)))
        work: list[float] = []
        load, found = os.getloadavg()[0], measure(turns, work)
        django.db.connection.close()
    every = [one for times in found.values() for one in times]
    for name, times in found.items():
        print(f"{name}: median {statistics.median(times):.1f} ms, p95 {p95(times)} ms")
    worst = max(p95(times) for times in found.values())
    figures = {
        **sizes,
        "turns": turns,
        "p50_ms": round(statistics.median(every), 1),
        "p95_ms": p95(every),
        "worst_p95_ms": worst,
    }
    figures["cpu_p50_ms"] = round(statistics.median(work), 1)
    print(json.dumps(figures | {"load": round(load, 1), "ok": worst < 100}))


if __name__ == "__main__":
    main()
