"""A newcomer, a passkey and every page of people, in a real browser with our content security policy."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from masthead.notifications.tell import tell
from masthead.web.tests.browser import accessible, browser, page, screenshots, sign_in  # noqa: F401
from masthead.workspaces.audit import record
from masthead.workspaces.invite import invite
from masthead.workspaces.models import Workspace
from masthead.workspaces.roles import Role
from masthead.workspaces.tests.people import NOON, PASSWORD, Company, person
from masthead.workspaces.tokens import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def test_a_newcomer_begins(page, live_server):  # noqa: F811
    """Any address leads to welcome; the browser's time zone is chosen already."""
    page.goto(live_server.url)
    assert page.url.endswith("/welcome/")
    page.get_by_label("Your name").fill("Ada Marsh")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Name of the workspace").fill("Harbour")
    page.get_by_label("Time zone").select_option("Europe/Lisbon")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/w/harbour/")
    assert Workspace.objects.get().time_zone == "Europe/Lisbon"


def test_the_browsers_time_zone_is_proposed(browser, live_server):  # noqa: F811
    """And a choice made already is left alone."""
    context = browser.new_context(timezone_id="Asia/Tokyo")
    one = context.new_page()
    one.goto(f"{live_server.url}/welcome/")
    assert one.get_by_label("Time zone").input_value() == "Asia/Tokyo"
    context.close()


def test_a_passkey_is_added_and_signs_in(page, live_server):  # noqa: F811
    """With the browser's own virtual authenticator; scripts run under the policy."""
    person("ada@example.com", name="Ada")
    secure = live_server.url.replace("127.0.0.1", "localhost")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{secure}/account/login/?next=/account/2fa/webauthn/add/")
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    assert accessible(page) == []
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    assert screenshots(page, "people-recovery-codes") == []
    page.context.clear_cookies()
    page.goto(f"{secure}/account/login/?next=/profile/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/profile/")


OUTSIDE = {"sign-in": "/account/login/", "forgotten": "/account/password/reset/", "closed": "/account/signup/"}
INSIDE = {  # the others are looked at with the shell
    "e-mail": "/account/email/",
    "password": "/account/password/change/",
    "totp": "/account/2fa/totp/activate/",
    "passkeys": "/account/2fa/webauthn/",
    "choices": "/w/acme/notifications/choices/",
    "members": "/w/acme/members/",
    "audit": "/w/acme/audit/",
    "tokens": "/w/acme/tokens/",
    "notifications": "/w/acme/notifications/",
}


@pytest.fixture
def lively() -> Company:
    """A company in which something happened."""
    company = Company()
    owner = company.members[Role.OWNER]
    invite(owner.user, owner, "new@example.com", Role.VIEWER, NOON)
    make(owner.user, owner, "Website", ["read", "write"], None)
    record(owner.user, company.workspace, "post.submit", "post 7", channel="Acme News")
    tell(
        company.workspace,
        [owner.user],
        "failed",
        "Not published on Acme News",
        "The channel lost its permission.",
        "/w/acme/",
    )
    return company


def test_pages_outside_are_accessible(page, live_server, lively):  # noqa: F811
    """No serious finding of axe, light and dark."""
    for name, path in OUTSIDE.items():
        page.goto(live_server.url + path)
        assert screenshots(page, f"people-{name}") == []


def test_pages_inside_are_accessible(page, live_server, lively):  # noqa: F811
    """No serious finding of axe, light and dark."""
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_label("Email").fill("owner@acme.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{live_server.url}/account/reauthenticate/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    for name, path in INSIDE.items():
        page.goto(live_server.url + path)
        assert screenshots(page, f"people-{name}") == []


def test_a_viewer_is_told_why_not(page, live_server, lively):  # noqa: F811
    """The page for a role that may not."""
    sign_in(page, live_server, lively.members[Role.VIEWER].user)
    page.goto(f"{live_server.url}/w/acme/settings/")
    assert page.get_by_role("heading", name="Your role does not allow this").is_visible()
    assert screenshots(page, "people-refused") == []
