"""Every call this connector may make."""

from __future__ import annotations

from masthead.contract.operations import Operation, listed

CHANGES = "changes"

ACCOUNT = Operation("account", "GET", "/ads/account", seconds=15.0)
CREATE_CAMPAIGN = Operation("create_campaign", "POST", "/ads/campaigns", creates=True, bucket=CHANGES)
CREATE_GROUP = Operation("create_group", "POST", "/ads/groups", creates=True, bucket=CHANGES)
UPLOAD = Operation("upload", "POST", "/ads/assets", creates=True, bucket=CHANGES, seconds=60.0)
CREATE_CREATIVE = Operation("create_creative", "POST", "/ads/creatives", creates=True, bucket=CHANGES)
CREATE_AD = Operation("create_ad", "POST", "/ads/ads", creates=True, bucket=CHANGES)
LIST = Operation("list", "GET", "/ads/{kind}", seconds=15.0)
SHOW = Operation("show", "GET", "/ads/{kind}/{id}", seconds=15.0)
CHANGE = Operation("change", "PATCH", "/ads/{kind}/{id}", bucket=CHANGES)
REMOVE = Operation("remove", "DELETE", "/ads/{kind}/{id}", bucket=CHANGES)
RESULTS = Operation("results", "GET", "/ads/results", seconds=30.0, max_bytes=16_000_000)

OPERATIONS = listed(
    ACCOUNT,
    CREATE_CAMPAIGN,
    CREATE_GROUP,
    UPLOAD,
    CREATE_CREATIVE,
    CREATE_AD,
    LIST,
    SHOW,
    CHANGE,
    REMOVE,
    RESULTS,
)
