"""What machines are told about training on these pages: AIPREF, TDMRep and RSL, all from one setting.

Sources: draft-ietf-aipref-attach (Content-Usage, in the header and in robots.txt), the W3C community group's TDM Reservation Protocol
(/.well-known/tdmrep.json and the header tdm-reservation; Article 4(3) of the EU's directive 2019/790), rslstandard.org/rsl (RSL 1.0).
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

LICENSE = "license.xml"


def headers() -> dict[str, str]:
    """The headers of every answer."""
    allowed = settings.AI_TRAINING
    told = {"Content-Usage": f"train-ai={'y' if allowed else 'n'}", "tdm-reservation": "0" if allowed else "1"}
    return told | {"Link": f'<{_license_url()}>; rel="license"; type="application/rsl+xml"'}


def _license_url() -> str:
    return f"{settings.PUBLIC_URL}/{LICENSE}"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines; and what may be done with what is found all the same."""
    lines = [
        "User-agent: *",
        "Disallow: /",
        f"Content-Usage: {headers()['Content-Usage']}",
        f"License: {_license_url()}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def tdmrep(request: HttpRequest) -> JsonResponse:
    """The reservation for all of the site, with the address of the terms."""
    rule: dict[str, object] = {"location": "/", "tdm-reservation": 0 if settings.AI_TRAINING else 1}
    if not settings.AI_TRAINING:
        rule["tdm-policy"] = _license_url()
    return JsonResponse([rule], safe=False)


@require_safe
def license_xml(request: HttpRequest) -> HttpResponse:
    """The same as an RSL document."""
    verb = "permits" if settings.AI_TRAINING else "prohibits"
    content = quoteattr(f"{settings.PUBLIC_URL}/")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rsl xmlns="https://rslstandard.org/rsl">\n'
        f'  <content url={content}>\n    <license>\n      <{verb} type="usage">ai-train</{verb}>\n'
        "    </license>\n  </content>\n</rsl>\n"
    )
    return HttpResponse(text, content_type="application/rsl+xml; charset=utf-8")
