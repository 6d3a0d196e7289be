"""PDF documents: taken by their bytes, passed on untouched, never shown inline."""

from __future__ import annotations

from dataclasses import replace

import pytest
from asgiref.sync import async_to_sync

from masthead.contract.capabilities import MediaRule
from masthead.contract.errors import Refused
from masthead.contract.values import MediaKind
from masthead.media.attach import attachments
from masthead.media.models import Asset, Rendition
from masthead.media.queries import as_json
from masthead.media.tests.pictures import Piece
from masthead.media.tests.test_fit import HERE, RULE
from masthead.media.upload import store
from masthead.workspaces.tests.people import Company

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
PAPER = MediaRule(MediaKind.DOCUMENT, ("application/pdf",), 1000, 1, HERE)


def bring(company: Company, content: bytes = PDF, name: str = "menu.docx") -> Asset:
    return store(company.workspace, None, Piece(content), name)


def test_a_document_is_known_by_its_bytes_and_goes_on_as_it_came(company: Company) -> None:
    asset = bring(company)
    assert (asset.kind, asset.mime, asset.file_name) == ("document", "application/pdf", "menu.pdf")
    (one,) = attachments(company.workspace.pk, [{"asset": asset.pk, "alt": "The menu"}], [PAPER])
    assert (one.kind, one.file_name, async_to_sync(one.load)()) == (MediaKind.DOCUMENT, "menu.pdf", PDF)
    assert not Rendition.objects.exists()


@pytest.mark.parametrize("content", [PDF[:-7], b"%PDF-1.7 and then nothing"])
def test_a_document_cut_short_is_refused(company: Company, content: bytes) -> None:
    with pytest.raises(Refused, match="cut short"):
        bring(company, content)


def test_it_goes_nowhere_else_and_not_when_too_large(company: Company) -> None:
    stored = [{"asset": bring(company).pk, "alt": ""}]
    with pytest.raises(Refused, match="Document"):
        attachments(company.workspace.pk, stored, [RULE])
    with pytest.raises(Refused, match="cannot be made to fit"):
        attachments(company.workspace.pk, stored, [replace(PAPER, max_bytes=10)])


def test_its_pages_work_and_never_show_it_inline(company: Company) -> None:
    asset, client = bring(company), company.client("author")
    place = f"/w/{company.slug}/media/{asset.pk}/"
    served = client.get(f"{place}file/")
    assert served["Content-Disposition"].startswith("attachment")
    assert served["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{place}thumb/").status_code == 404
    assert "menu.pdf" in client.get(f"/w/{company.slug}/media/?kind=document").content.decode()
    page = client.get(place).content.decode()
    assert "stays inside" in page
    assert as_json(asset)["thumb_url"] == ""
    assert company.client("stranger").get(f"{place}file/").status_code == 404
