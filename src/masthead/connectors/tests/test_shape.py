"""What holds for every connector's data and folder, without any server: sources, quotas, options, terms, imports."""

from __future__ import annotations

import ast
import importlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from masthead.connectors import AD_PLATFORMS, EVERY
from masthead.connectors.tests.kit import package_of
from masthead.contract.ads_rules import CALLS_TO_ACTION, AdRules, Goal, Kind
from masthead.contract.listing import sources
from masthead.contract.platform import Platform

OF_ALL = {"__init__.py", "connect.py", "operations.py", "wire.py", "errors.py", "terms.py", "README.md"}


@pytest.fixture(params=sorted(EVERY))
def listed(request: pytest.FixtureRequest) -> Platform:
    """A platform for what needs no server."""
    return EVERY[request.param]


def test_limits_have_a_source_and_a_date(listed: Platform) -> None:
    found = [listed.home, *sources(listed.ads.rules if listed.ads else listed.capabilities)]
    assert len(found) > 4
    for source in found:
        assert source.url.startswith(("https://", "http://127.0.0.1"))
        assert date(2024, 1, 1) < source.checked_on <= datetime.now(UTC).date()


def test_quotas_belong_to_operations(listed: Platform) -> None:
    buckets = {operation.bucket for operation in listed.operations.values()}
    assert {quota.bucket for quota in listed.capabilities.quotas} <= buckets
    assert {quota.scope for quota in listed.capabilities.quotas} <= {"account", "app"}
    assert any(operation.creates for operation in listed.operations.values())


def test_no_request_outlives_what_the_look_up_waits_for(listed: Platform) -> None:
    longest = max(operation.seconds for operation in listed.operations.values() if operation.creates)
    assert listed.max_request_seconds >= longest


def test_options_have_names_labels_and_choices(listed: Platform) -> None:
    options = listed.capabilities.options
    assert len({option.name for option in options}) == len(options)
    for option in options:
        assert option.kind in ("text", "choice", "flag")
        assert option.label
        assert bool(option.choices) == (option.kind == "choice" and not option.from_account)
        if option.choices and option.default:
            assert option.default in dict(option.choices)


def folder(listed: Platform) -> Path:
    module = importlib.import_module(package_of(listed))
    assert module.__file__
    return Path(module.__file__).parent


def test_every_listed_operation_is_used(listed: Platform) -> None:
    used: set[str] = set()
    for path in folder(listed).glob("*.py"):
        if path.name != "operations.py":
            tree = ast.parse(path.read_text())
            used |= {
                node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
            }
            used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    module = importlib.import_module(f"{package_of(listed)}.operations")
    names = {id(value): name for name, value in vars(module).items()}
    unused = [operation.name for operation in listed.operations.values() if names.get(id(operation)) not in used]
    assert not unused


def test_the_folder_has_its_fixed_shape(listed: Platform) -> None:
    own = {"rules.py"} if listed.ads else {"capabilities.py", "publish.py"}
    assert OF_ALL | own <= {path.name for path in folder(listed).iterdir()}


def test_connectors_know_no_django_and_no_each_other(listed: Platform) -> None:
    own = package_of(listed)  # what lies inside a connector's folder may share with it
    others = [other for other in map(package_of, EVERY.values()) if not f"{own}.".startswith(f"{other}.")]
    for path in folder(listed).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            assert not [name for name in names if name.split(".")[0] == "django"], path
            assert not [name for name in names if f"{name}.".startswith(tuple(f"{other}." for other in others))], path


@pytest.fixture(params=sorted(AD_PLATFORMS))
def rules(request: pytest.FixtureRequest) -> AdRules:
    """The rules of an ad platform."""
    part = AD_PLATFORMS[request.param].ads
    assert part
    return part.rules


def test_ads_say_what_is_created_and_where_the_money_stands(rules: AdRules) -> None:
    assert {Kind.CAMPAIGN, Kind.AD_GROUP, Kind.AD} & set(rules.kinds)
    assert len(set(rules.kinds)) == len(rules.kinds)
    assert {rules.budget.at, rules.budget.schedule_at} <= set(rules.kinds)
    assert rules.objectives and set(rules.objectives) <= set(Goal)
    assert 100 <= rules.budget.over_delivery_percent <= 300
    assert rules.budget.step > 0 and all(least > 0 for least in (rules.budget.minimum or {}).values())
    assert 0 <= rules.restated_days <= 90
    assert set(rules.calls_to_action or {}) <= set(CALLS_TO_ACTION)


def test_ad_texts_and_pictures_have_limits_that_can_be_met(rules: AdRules) -> None:
    assert len({one.part for one in rules.texts}) == len(rules.texts)
    for one in rules.texts:
        assert 0 <= one.least <= one.most and one.limit > 0 and one.shown <= one.limit
    if rules.assets:
        assert 0 <= rules.assets.least <= rules.assets.most and rules.assets.mimes
        assert (Kind.ASSET in rules.kinds) or rules.assets.most == 0
