"""Every key to a person, in every table: the row is in the person's file, and without the name once they are erased."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from masthead.channels.secrets import SecretField
from masthead.posts.tests.scene import people
from masthead.web.person import DOMAINS
from masthead.workspaces.models import User, Workspace

pytestmark = pytest.mark.django_db
MADE: dict[type[models.Field[Any, Any]], Any] = {
    SecretField: {"a": "secret"},
    models.EmailField: "somebody@example.org",
    models.CharField: "x",
    models.TextField: "x",
    models.DateTimeField: lambda: timezone.now() + timedelta(days=1),
    models.DateField: timezone.localdate,
    models.IntegerField: 1,
    models.JSONField: dict,
}
"""What a field that must be filled is filled with, by the first that it is an instance of."""


def keys() -> list[tuple[type[models.Model], str]]:
    """Every model of ours and each of its keys to a person."""
    return [
        (model, field.name)
        for model in apps.get_models()
        if model.__module__.startswith("masthead.")
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.model is User
    ]


def made(model: type[models.Model], workspace: Workspace, **given: Any) -> models.Model:
    """A row with what must be filled, and the rows that it needs."""
    for field in model._meta.local_fields:
        if field.name in given or field.null or field.has_default() or field.primary_key or field.blank:
            continue
        given[field.name] = _value(field, workspace)
    return model._default_manager.create(**given)


def _value(field: Any, workspace: Workspace) -> Any:
    if field.remote_field:
        needed = field.remote_field.model
        return workspace if needed is Workspace else made(needed, workspace)
    value = next(value for kind, value in MADE.items() if isinstance(field, kind))
    return value() if callable(value) else value


def told(user: User) -> dict[str, Any]:
    """The person's file as JSON, by domain."""
    return {
        name: json.dumps(domain.export(user), cls=DjangoJSONEncoder, sort_keys=True) for name, domain in DOMAINS.items()
    }


@pytest.mark.parametrize(("model", "key"), keys(), ids=lambda one: one if isinstance(one, str) else one.__name__)
def test_a_row_with_a_name_is_in_the_file_and_loses_the_name(model: type[models.Model], key: str) -> None:
    workspace, _owner = people()
    ada, domain = User.objects.create_user("ada@example.org", "a-long-password-1"), model._meta.app_label
    before = told(ada)
    row = made(model, workspace, **{key: ada})
    after = told(ada)
    assert [name for name in DOMAINS if before[name] != after[name]] == [domain], f"{model.__name__}.{key} is not told"
    number = ada.pk
    DOMAINS[domain].erase(ada)
    assert row.pk and not model._default_manager.filter(**{f"{key}_id": number}).exists(), "the name is still there"


def test_there_are_many() -> None:
    assert {model._meta.app_label for model, _key in keys()} == set(DOMAINS)
