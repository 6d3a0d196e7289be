"""Programs' way in: tokens with scopes, and the workspace a token belongs to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import HttpBearer

from masthead.workspaces.models import ApiToken, Member
from masthead.workspaces.roles import May, allows
from masthead.workspaces.tokens import authenticate

NEEDS = {"read": May.SEE, "write": May.WRITE, "publish": May.PUBLISH}


class Forbidden(Exception):
    """The token or its owner's role does not reach that far."""


class Scoped(HttpBearer):
    """A bearer token with a scope; its owner must still be a member whose role allows it."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token's row, with workspace and member put on the request; None for 401."""
        found = authenticate(token)
        member = (
            found
            and Member.objects.select_related("workspace", "user")
            .filter(workspace_id=found.workspace_id, user_id=found.user_id, user__is_active=True)
            .first()
        )
        if not found or not member:
            return None
        if self.scope not in found.scopes:
            raise Forbidden(f"This token lacks the scope “{self.scope}”.")
        if not allows(member.role, NEEDS[self.scope]):
            raise Forbidden(f"The role “{member.role}” of this token's owner does not allow it.")
        request.user, request.workspace, request.member = member.user, member.workspace, member  # type: ignore[attr-defined]
        return found


READ, WRITE, PUBLISH = Scoped("read"), Scoped("write"), Scoped("publish")
router = Router(tags=["workspaces"])


class WorkspaceOut(Schema):
    """A workspace."""

    id: int
    name: str
    slug: str
    time_zone: str
    language: str
    role: str


@router.get("/workspaces", response=list[WorkspaceOut], auth=READ, summary="The workspace of this token")
def workspaces(request: HttpRequest) -> list[dict[str, Any]]:
    """A token belongs to one workspace; the list has one entry."""
    one, member = request.workspace, request.member  # type: ignore[attr-defined]
    return [
        {
            "id": one.pk,
            "name": one.name,
            "slug": one.slug,
            "time_zone": one.time_zone,
            "language": one.language,
            "role": member.role,
        }
    ]
