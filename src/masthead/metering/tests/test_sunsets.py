"""The file of known ends: whole, dated, of platforms that exist, and with every version that a connector speaks."""

from __future__ import annotations

import pytest

from masthead.connectors import PLATFORMS
from masthead.metering.sunsets import known, median_notice, read, version

ROW = """[[sunset]]
key = "one"
platform = "sandbox"
scope = "feature"
announced_on = 2026-01-01
ends_on = 2026-01-11
source = "https://example.org"
evidence = "P"
"""


def test_all_rows_are_of_platforms_that_exist():
    assert len(known()) >= 16
    assert {one.platform for one in known()} <= set(PLATFORMS)
    assert all(one.announced_on is None or one.announced_on <= one.ends_on for one in known())
    assert list(known()) == sorted(known(), key=lambda one: (one.ends_on, one.key))


def test_notice_is_short_in_most_cases():
    assert read(ROW)[0].notice == 10
    assert median_notice(read(ROW)) == 10
    assert median_notice(()) == 0
    assert {one.key: one.notice for one in known()}["reddit-free-api-2023"] == 74
    assert median_notice(known()) < 40


@pytest.mark.parametrize("platform", [one for one in PLATFORMS.values() if one.api_version], ids=lambda one: one.key)
def test_every_version_that_a_connector_speaks_has_its_end(platform):
    row = version(platform.key, platform.api_version)
    assert row is not None, f"Say in sunsets.toml when {platform.name} ends {platform.api_version}."


def test_a_bad_row_is_named():
    with pytest.raises(ValueError, match="twice"):
        read(ROW + ROW)
    with pytest.raises(ValueError, match="evidence"):
        read(ROW.replace('"P"', '"hearsay"'))
    with pytest.raises(ValueError, match="source"):
        read(ROW.replace("https://example.org", "somebody"))
