"""Sign-in with password, second factor and passkey; sessions; mail servers that fail; what every page looks like."""

from __future__ import annotations

import re
import smtplib

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.messages import get_messages
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from masthead.workspaces.tests.people import PASSWORD, person, signed_in

OUTSIDE = ["/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/inactive/"]
INSIDE = [
    "/profile/",
    "/workspaces/new/",
    "/account/email/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/add/",
    "/account/2fa/webauthn/",
    "/account/sessions/",
    "/account/3rdparty/",
    "/account/logout/",
    "/account/reauthenticate/",
]


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def ada(db):
    """Somebody with PASSWORD."""
    return person("ada@example.com", name="Ada")


def with_password(email: str = "ada@example.com") -> Client:
    """A browser that signed in through the form."""
    client = Client()
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    return client


def confirmed() -> Client:
    """The same, with the password given once more, as sensitive pages ask."""
    client = with_password()
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def code_for(secret: str) -> str:
    """The six digits an authenticator app would show."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def plain(page: str) -> None:
    """A page in our frame, with nothing that the content security policy would stop, one h1, and labelled fields."""
    assert "<!doctype html>" in page and page.count("<h1") == 1 and re.search(r"<h1[^>]*>\s*\S", page)
    assert "style=" not in page and "onclick=" not in page and "<style" not in page
    for tag in re.findall(r"<script\b[^>]*>", page):
        assert "src=" in tag or 'type="application/json"' in tag, tag
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    assert title and not title[1].strip().startswith("·")
    for field in re.findall(
        r'<(?:input|select|textarea)\b(?![^>]*type="(?:hidden|radio|checkbox)")[^>]*\bid="([^"]+)"', page
    ):
        assert f'for="{field}"' in page, field


@pytest.mark.parametrize("path", OUTSIDE)
def test_pages_outside(ada, path):
    """Each is in our frame and obeys the policy."""
    plain(Client().get(path).content.decode())


@pytest.mark.parametrize("path", INSIDE)
def test_pages_inside(ada, path):
    """Each is in our frame and obeys the policy; nobody without a session sees them."""
    answer = confirmed().get(path)
    assert answer.status_code == 200
    plain(answer.content.decode())
    if path not in ("/account/logout/",):
        assert Client().get(path).status_code == 302


def test_the_policy_is_sent(ada):
    """No inline script or style may run."""
    policy = Client().get("/account/login/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy


def test_sign_in_ignores_case_and_names_no_reason(ada):
    """Wrong passwords and unknown addresses read the same."""
    assert Client().post("/account/login/", {"login": "ADA@example.com", "password": PASSWORD})["Location"] == "/"
    wrong = Client().post("/account/login/", {"login": "ada@example.com", "password": "no"}).content.decode()
    unknown = Client().post("/account/login/", {"login": "bob@example.com", "password": "no"}).content.decode()
    said = "are not correct"
    assert said in wrong and said in unknown
    assert 'value="ada@example.com"' in wrong


def test_guessing_is_slowed(ada):
    """After five wrong passwords the right one has to wait as well."""
    client = Client()
    for _number in range(6):
        client.post("/account/login/", {"login": "ada@example.com", "password": "no"})
    answer = client.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
    assert "Too many failed" in answer.content.decode()


def test_next_stays_here(ada):
    """Sign-in leads back where one came from, never to another site."""
    client = Client()
    given = {"login": "ada@example.com", "password": PASSWORD}
    assert client.post("/account/login/?next=/profile/", {**given, "next": "/profile/"})["Location"] == "/profile/"
    assert Client().post("/account/login/", {**given, "next": "https://evil.example/"})["Location"] == "/"


def test_a_second_factor(ada):
    """Turn it on, sign in with it; its secret is sealed in the database; recovery codes exist."""
    client = with_password()
    assert client.get("/account/2fa/totp/activate/")["Location"].startswith("/account/reauthenticate/")
    client = confirmed()
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="([^"]+)"', page)[1]
    assert "data:image/svg+xml" in page
    assert client.post("/account/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert client.post("/account/2fa/totp/activate/", {"code": code_for(secret)}).status_code == 302
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    for path in (
        "/account/2fa/",
        "/account/2fa/recovery-codes/",
        "/account/2fa/recovery-codes/generate/",
        "/account/2fa/totp/deactivate/",
    ):
        plain(client.get(path).content.decode())
    cache.clear()
    other = with_password()
    assert other.get("/profile/").status_code == 302, "the password alone is not enough"
    plain(other.get("/account/2fa/authenticate/").content.decode())
    assert other.post("/account/2fa/authenticate/", {"code": code_for(secret)}).status_code == 302
    assert other.get("/profile/").status_code == 200


def test_passkeys_are_offered(ada):
    """On sign-in and in the account; the browser gets a challenge."""
    page = Client().get("/account/login/").content.decode()
    assert 'id="passkey_login"' in page and "mfa/js/webauthn.js" in page
    challenge = Client().get("/account/2fa/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"}).json()
    assert challenge["request_options"]["publicKey"]["challenge"]
    assert "creation_options" in confirmed().get("/account/2fa/webauthn/add/").content.decode()


def test_other_sessions_can_be_ended(ada):
    """One list, one button; the present session stays."""
    here, there = with_password(), with_password()
    assert there.get("/profile/").status_code == 200 and here.get("/profile/").status_code == 200
    page = here.get("/account/sessions/").content.decode()
    assert "End all other sessions" in page and page.count("127.0.0.1") == 2
    here.post("/account/sessions/")
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302


def test_a_new_password_ends_other_sessions(ada):
    """Whoever had the old one is out."""
    here, there = with_password(), with_password()
    new = "another good passphrase"
    answer = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert here.get("/profile/").status_code == 200 and there.get("/profile/").status_code == 302


def test_a_forgotten_password(ada):
    """The link in the e-mail leads to a new password, once."""
    client = Client()
    client.post("/account/password/reset/", {"email": "ada@example.com"})
    assert mail.outbox[-1].subject.startswith("[Masthead]")
    path = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    form = client.get(path, follow=True)
    plain(form.content.decode())
    new = "another good passphrase"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert Client().post("/account/login/", {"login": "ada@example.com", "password": new})["Location"] == "/"
    plain(Client().get(path, follow=True).content.decode())


def test_the_link_in_an_email_leads_home_whatever_host_was_asked(ada):
    """Who asks for another's new password does not choose where the secret link leads."""
    Client(headers={"host": "localhost:6666"}).post("/account/password/reset/", {"email": "ada@example.com"})
    text = mail.outbox[-1].body
    assert "http://localhost:8000/account/password/reset/key/" in text and "6666" not in text


class Broken(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        """Fail like smtplib."""
        raise smtplib.SMTPServerDisconnected("down")


def test_a_mail_server_that_is_down_breaks_no_page(ada, settings):
    """The person is told, in plain words."""
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    answer = Client().post("/account/password/reset/", {"email": "ada@example.com"})
    assert answer.status_code == 302
    assert "could not be sent" in " ".join(str(one) for one in get_messages(answer.wsgi_request))


def test_the_profile_is_saved(ada):
    """Name, zone and language; nonsense is refused beside its field."""
    client = signed_in(ada)
    assert client.post("/profile/", {"name": "Ada L", "time_zone": "Asia/Tokyo", "language": "de"}).status_code == 302
    ada.refresh_from_db()
    assert (ada.name, ada.time_zone, ada.language) == ("Ada L", "Asia/Tokyo", "de")
    assert client.post("/profile/", {"name": "x", "time_zone": "../etc", "language": ""}).status_code == 422


def test_a_zone_that_vanished_does_not_break_pages(ada):
    """Time zones are renamed now and then."""
    ada.time_zone = "Old/Zone"
    ada.save()
    assert signed_in(ada).get("/profile/").status_code == 200
