"""The list, reading, and the page of choices."""

from __future__ import annotations

import pytest

from masthead.kit.clock import now
from masthead.notifications import personal_data, queries
from masthead.notifications.choose import choices_of
from masthead.notifications.kinds import Kind
from masthead.notifications.models import Choice, Notification
from masthead.notifications.tell import tell
from masthead.workspaces.roles import Role
from masthead.workspaces.tests.people import Company


@pytest.fixture
def company(db) -> Company:
    """A workspace with one member of every role."""
    return Company()


def told(company: Company, link: str = "/w/acme/members/") -> Notification:
    """Something the editor was told."""
    tell(
        company.workspace, [company.members[Role.EDITOR].user], "failed", "Not <b>out</b>", "Why\nand what to do", link
    )
    return Notification.objects.latest("pk")


def test_the_list_is_ones_own(company):
    """Escaped, with the count in the shell; nobody else sees it."""
    told(company)
    page = company.client(Role.EDITOR).get("/w/acme/notifications/").content.decode()
    assert "Not &lt;b&gt;out&lt;/b&gt;" in page and "Why<br>and" in page and 'class="bell-count"' in page
    assert "out&lt;" not in company.client(Role.OWNER).get("/w/acme/notifications/").content.decode()


def test_opening_marks_as_read_and_leads_there(company):
    """Also twice."""
    row = told(company)
    client = company.client(Role.EDITOR)
    for _time in range(2):
        assert client.post(f"/w/acme/notifications/{row.pk}/open/")["Location"] == "/w/acme/members/"
    assert queries.unread(row.user, company.workspace) == 0


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_links_stay_on_this_installation(company, link):
    """A stored link cannot lead away."""
    row = told(company, link)
    answer = company.client(Role.EDITOR).post(f"/w/acme/notifications/{row.pk}/open/")
    assert answer["Location"] == "/w/acme/notifications/"


def test_all_at_once(company):
    """Marks one's own, in this workspace only."""
    told(company), told(company)
    company.client(Role.OWNER).post("/w/acme/notifications/read/")
    assert Notification.objects.filter(read_at=None).count() == 2
    company.client(Role.EDITOR).post("/w/acme/notifications/read/")
    assert Notification.objects.filter(read_at=None).count() == 0


def test_choosing(company):
    """Every kind has two boxes; unticked means no."""
    client = company.client(Role.EDITOR)
    page = client.get("/w/acme/notifications/choices/").content.decode()
    assert page.count('type="checkbox"') == 2 * len(Kind) and page.count("checked") == 2 * len(Kind)
    assert client.post("/w/acme/notifications/choices/", {"failed.in_app": "on"}).status_code == 302
    chosen = choices_of(company.members[Role.EDITOR].user, company.workspace)
    assert (chosen["failed"].in_app, chosen["failed"].by_mail, chosen["mention"].in_app) == (True, False, False)


def test_personal_data(company):
    """Exported whole, erased whole, others untouched."""
    row = told(company)
    tell(company.workspace, [company.members[Role.OWNER].user], "failed", "Other")
    company.client(Role.EDITOR).post("/w/acme/notifications/choices/", {})
    row.read_at = now()
    row.save()
    held = personal_data.export(row.user)
    assert set(held) == set(personal_data.HELD)
    assert held["notifications"][0]["title"] == "Not <b>out</b>" and len(held["choices"]) == len(Kind)
    personal_data.erase(row.user)
    assert not Choice.objects.exists() and Notification.objects.get().title == "Other"
