"""`Idempotency-Key`: a POST repeated with the same key within a day gets the first answer and does nothing again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from masthead.api.models import KeptAnswer
from masthead.api.problems import problem
from masthead.kit.clock import now
from masthead.workspaces.tokens import authenticate

KEPT_FOR = timedelta(days=1)
GIVEN_UP_AFTER = timedelta(minutes=2)


class IdempotencyMiddleware:
    """Guards POST requests under /api/ that carry the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, from memory where the key is known."""
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key or not request.path.startswith("/api/"):
            return self.get_response(request)
        token = authenticate(request.headers.get("Authorization", "").removeprefix("Bearer ").strip())
        if token is None:
            return self.get_response(request)
        if len(key) > 200:
            return problem(
                400, "The Idempotency-Key is too long.", field="Idempotency-Key", remedy="Use at most 200 characters."
            )
        digest = _digest(request)
        KeptAnswer.objects.filter(created_at__lt=now() - KEPT_FOR).delete()
        KeptAnswer.objects.filter(status=0, created_at__lt=now() - GIVEN_UP_AFTER).delete()
        try:
            with transaction.atomic():
                mine = KeptAnswer.objects.create(token=token, key=key, digest=digest)
        except IntegrityError:
            return _again(KeptAnswer.objects.get(token=token, key=key), digest)
        return self._first(request, mine)

    def _first(self, request: HttpRequest, mine: KeptAnswer) -> HttpResponse:
        """Work and answer are written together, so that whoever is killed in between has done nothing and may be asked again."""
        with transaction.atomic():
            response = self.get_response(request)
            done = response.status_code < 500
            if done:
                mine.status, mine.body = response.status_code, response.content
                mine.save(update_fields=["status", "body"])
            transaction.set_rollback(not done)
        if not done:
            mine.delete()
        return response


def _digest(request: HttpRequest) -> str:
    """What was asked. A form with files counts by its parts: its boundary is another each time, and it may not fit into memory."""
    digest = hashlib.sha256(f"{request.path}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    digest.update(repr(sorted(request.POST.lists())).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"\n{name!r} {file.name!r} {file.size}\n".encode())
            for piece in file.chunks():
                digest.update(piece)
            file.seek(0)
    return digest.hexdigest()


def _again(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.digest != digest:
        return problem(
            422, "This Idempotency-Key was used for another request.", field="Idempotency-Key", remedy="Use a new key."
        )
    if not kept.status:
        return problem(409, "The first request with this key is still being answered.", remedy="Ask again in a moment.")
    kind = "application/json" if kept.status < 400 else "application/problem+json"
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kind)
    response["Idempotent-Replayed"] = "true"
    return response
