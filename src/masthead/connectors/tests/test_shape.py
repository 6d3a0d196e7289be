"""What holds for every connector's data and folder, without any server: sources, quotas, options, terms, imports."""

from __future__ import annotations

import ast
import importlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from masthead.connectors import PLATFORMS
from masthead.connectors.tests.kit import package_of
from masthead.contract.listing import sources
from masthead.contract.platform import Platform


@pytest.fixture(params=sorted(PLATFORMS))
def listed(request: pytest.FixtureRequest) -> Platform:
    """A platform for what needs no server."""
    return PLATFORMS[request.param]


def test_limits_have_a_source_and_a_date(listed: Platform) -> None:
    found = [listed.home, *sources(listed.capabilities)]
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
    wanted = {
        "__init__.py",
        "capabilities.py",
        "connect.py",
        "publish.py",
        "operations.py",
        "wire.py",
        "errors.py",
        "terms.py",
        "README.md",
    }
    assert wanted <= {path.name for path in folder(listed).iterdir()}


def test_connectors_know_no_django_and_no_each_other(listed: Platform) -> None:
    others = [package_of(one) for one in PLATFORMS.values() if one.key != listed.key]
    for path in folder(listed).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            assert not [name for name in names if name.split(".")[0] == "django"], path
            assert not [name for name in names if name.startswith(tuple(others))], path
