"""Importing an archive of a million posts: how fast, in how much memory, and what a second import adds.

Writes a made-up export, reads it in a process of its own into an embedded PostgreSQL, then reads it again. Memory is the most that
the reading process ever held (its high-water mark). Run: .venv/bin/python benchmarks/imports.py [--quick] [--posts N]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(__file__))

import stage

READ = """
import sys, resource, time, json, os
import django
django.setup()
from pathlib import Path
from masthead.rights.archive.imports.from_disk import bring_file
began, worked = time.perf_counter(), time.process_time()
row = bring_file(Path(sys.argv[1]), sys.argv[2])
print(json.dumps({"state": row.state, "seen": row.seen, "added": row.added, "troubled": row.troubled,
    "s": time.perf_counter() - began, "cpu_s": time.process_time() - worked,
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
WORDS = [
    "The",
    "first",
    "rhubarb",
    "tarts",
    "of",
    "the",
    "year",
    "are",
    "in",
    "the",
    "window",
    "and",
    "the",
    "oven",
    "is",
    "warm",
    "again",
]
AT_ONCE = 50_000


def write(place: Path, posts: int, first: int = 0) -> None:
    """A zip as a platform packs it: posts in files of 50,000, each some 700 bytes."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        account = [{"account": {"username": "ada", "accountId": "7", "accountDisplayName": "Ada"}}]
        archive.writestr("data/account.js", "window.YTD.account.part0 = " + json.dumps(account))
        for part, start in enumerate(range(first, first + posts, AT_ONCE)):
            items = ",\n".join(_post(number) for number in range(start, min(start + AT_ONCE, first + posts)))
            name = f"data/tweets-part{part}.js" if part else "data/tweets.js"
            archive.writestr(name, f"window.YTD.tweets.part{part} = [{items}]")


def _post(number: int) -> str:
    text = " ".join(WORDS[(number * 7 + step * step) % len(WORDS)] for step in range(20))
    made = {
        "edit_info": {"initial": {"editTweetIds": [str(number)], "editableUntil": "2023-02-18T13:33:11.000Z"}},
        "id_str": str(1627000000000000000 + number),
        "full_text": f"{number} {text} &amp; more",
        "created_at": "Sat Feb 18 12:33:11 +0000 2023",
        "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
        "favorite_count": "3",
        "retweet_count": "1",
        "lang": "en",
        "source": '<a href="https://mobile.twitter.com" rel="nofollow">Web</a>',
        "display_text_range": ["0", "120"],
        "favorited": False,
        "retweeted": False,
        "truncated": False,
    }
    return json.dumps({"tweet": made})


def read(place: Path, dsn: str) -> dict[str, float]:
    """Read the archive in a process of its own; its figures."""
    command = [sys.executable, "-c", READ, str(place), "bench"]
    told = subprocess.run(command, env=os.environ | {"DATABASE_URL": dsn}, check=True, capture_output=True, text=True)
    return dict(json.loads(told.stdout.splitlines()[-1]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20,000 posts, under 50 s")
    parser.add_argument("--posts", type=int, default=1_000_000)
    asked = parser.parse_args()
    posts = 20_000 if asked.quick else asked.posts
    with tempfile.TemporaryDirectory() as folder, stage.database() as dsn:
        place, small = Path(folder) / "archive.zip", Path(folder) / "small.zip"
        write(place, posts)
        write(small, posts // 10, first=10**10)
        load, began = os.getloadavg()[0], time.perf_counter()
        tenth, first = read(small, dsn), read(place, dsn)
        second = read(place, dsn)
        print(f"a tenth: {tenth}\nall: {first}\nagain: {second}\n{time.perf_counter() - began:.0f} s")
        asyncio.run(stage.execute(dsn, "analyze rights_record"))
    rate = first["seen"] / first["s"]
    figures = {
        "posts": posts,
        "posts_per_s": round(rate),
        "posts_per_cpu_s": round(first["seen"] / first["cpu_s"]),
        "minutes_per_million": round(1_000_000 / rate / 60, 2),
        "peak_mb": round(first["peak_mb"]),
        "peak_mb_of_a_tenth": round(tenth["peak_mb"]),
        "second_added": second["added"],
        "second_posts_per_s": round(second["seen"] / second["s"]),
    }
    fine = first["seen"] == first["added"] == posts and figures["minutes_per_million"] < 10 and second["added"] == 0
    print(json.dumps(figures | {"load": round(load, 1), "ok": fine}))


if __name__ == "__main__":
    main()
