"""What Google refuses, and who must act: the field of a post, the developer app's owner, nobody."""

from __future__ import annotations

from typing import Any

import pytest

from masthead.connectors.google.business_profile import BUSINESS_PROFILE
from masthead.connectors.google.business_profile.errors import WAY
from masthead.connectors.google.business_profile.tests.rules import RULES, Fail
from masthead.connectors.google.errors import explaining
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TokenExpired, TryAgain, Unsupported
from masthead.contract.http import Answer

NO_ACCESS = {
    "error": {
        "code": 429,
        "message": "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'.",
        "status": "RESOURCE_EXHAUSTED",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "metadata": {"quota_limit_value": "0", "service": "mybusinessaccountmanagement.googleapis.com"},
            }
        ],
    }
}


def explained(status: int, body: Any) -> ConnectorError | None:
    return explaining(WAY.name, WAY.rows, renewable=True)(Answer(status, {}, body))


def refused(field: str, code: int = 3) -> ConnectorError | None:
    return explained(400, Fail(400, "INVALID_ARGUMENT", "Google's own words", field, code).body)


@pytest.mark.parametrize(
    ("field", "ours"),
    [
        ("summary", "text"),
        ("localPost.summary", "text"),
        ("media[0].source_url", "attachments"),
        ("languageCode", "language"),
        ("topic_type", "options.kind"),
        ("callToAction.url", "options.button_link"),
        ("call_to_action.action_type", "options.button"),
        ("event.title", "options.title"),
        ("event.schedule.end_date", "options.ends"),
        ("event.schedule.startDate", "options.starts"),
        ("offer.couponCode", "options.coupon"),
        ("offer.redeem_online_url", "options.redeem_link"),
        ("something_new", ""),
    ],
)
def test_a_refusal_names_the_field(field: str, ours: str) -> None:
    error = refused(field)
    assert isinstance(error, Refused) and error.field == ours
    assert "Google's own words" in error.message and error.remedy
    name = ours.removeprefix("options.")
    assert name == ours or name in {one.name for one in BUSINESS_PROFILE.capabilities.options}


def test_a_photo_that_could_not_be_fetched_is_the_photo_s_fault() -> None:
    error = refused("source", code=1001)
    assert isinstance(error, Refused) and error.field == "attachments"


def test_a_quota_of_nothing_is_missing_access_and_no_limit() -> None:
    error = explained(429, NO_ACCESS)
    assert isinstance(error, Unsupported) and "Basic API Access" in error.remedy
    NO_ACCESS["error"]["details"][0]["metadata"]["quota_limit_value"] = "300"  # type: ignore[index]
    assert isinstance(explained(429, NO_ACCESS), TryAgain)


def test_an_api_that_is_not_enabled_is_the_app_s_fault() -> None:
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}
    body = {"error": {"code": 403, "message": "It is disabled.", "status": "PERMISSION_DENIED", "details": [info]}}
    error = explained(403, body)
    assert isinstance(error, Unsupported) and "Enable" in error.remedy
    body["error"]["details"] = []
    assert isinstance(explained(403, body), NeedsReconnect)


def test_sign_ins_and_failures() -> None:
    assert isinstance(explained(401, Fail(401, "UNAUTHENTICATED", "Invalid").body), TokenExpired)
    assert explained(503, Fail(503, "UNAVAILABLE", "Away").body) is None
    assert explained(502, "<html>") is None


def test_each_rule_of_the_double_has_a_source() -> None:
    assert len(RULES) > 10
    assert all(rule.source.startswith("https://") and rule.words for rule in RULES)
