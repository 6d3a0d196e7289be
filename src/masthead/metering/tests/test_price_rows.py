"""A file of the catalogue that cannot be right is refused by file, row and field."""

from __future__ import annotations

from datetime import date

import pytest

from masthead.metering.price_rows import CatalogueFault, read

HEAD = """
platform = "shop"
name = "Shop"
currency = "EUR"
default = "small"
source = "https://example.org/prices"
evidence = "P"
checked_on = 2026-11-01

[[plan]]
key = "small"
name = "Small"
fee = "10"
"""
ROW = """
[[price]]
plan = "small"
operation = "post.create"
unit = "request"
amount = "0.5"
from = 2026-01-01
"""


def fault_of(tmp_path, text: str) -> str:
    (tmp_path / "shop.toml").write_text(text)
    with pytest.raises(CatalogueFault) as caught:
        read(tmp_path)
    return str(caught.value)


def test_a_file_that_is_right_is_read(tmp_path):
    (tmp_path / "shop.toml").write_text(HEAD + ROW + 'per = 1000\nnote = "for a thousand"\nevidence = "S"\n')
    price = read(tmp_path).price("shop", "", "post.create", date(2026, 1, 1))
    assert (price.amount.micros, price.amount.currency, price.evidence, price.source) == (
        500,
        "EUR",
        "S",
        "https://example.org/prices",
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("platform = ", "shop.toml: not TOML"),
        (HEAD.replace('currency = "EUR"', ""), "shop.toml: currency: Field required"),
        (HEAD.replace("small\"\nsource", "large\"\nsource"), "shop.toml: default: 'large' is no plan of this file"),
        (HEAD + ROW.replace("amount", "usd"), "shop.toml: [[price]] 1 (post.create): amount: Field required"),
        (HEAD + ROW.replace('"0.5"', '"half"'), "shop.toml: [[price]] 1 (post.create): amount: 'half' is not a decimal"),
        (HEAD + ROW + "per = 3\n", "shop.toml: [[price]] 1 (post.create): amount: 0.5 for 3 is not a whole number"),
        (HEAD + ROW + "to = 2026-01-01\n", "shop.toml: [[price]] 1 (post.create): to: 2026-01-01 is not after"),
        (HEAD + ROW.replace("small", "big"), "shop.toml: [[price]] 1 (post.create): plan: 'big' is no plan of this file"),
        (HEAD + ROW + ROW.replace("2026-01", "2026-05"), "shop.toml: [[price]] 2 (post.create): from: holds at the same"),
        (HEAD + ROW.replace('"request"', '"bucket"'), "shop.toml: [[price]] 1 (post.create): unit: Input should be"),
        (HEAD + HEAD.partition("[[plan]]")[2].join(["[[plan]]", ""]), "shop.toml: [[plan]] 2 (small): from: holds"),
    ],
    ids=range(11),
)  # fmt: skip
def test_a_fault_names_file_row_and_field(tmp_path, text, fault):
    assert fault in fault_of(tmp_path, text)


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    (tmp_path / "other.toml").write_text("platform = 3")
    told = fault_of(tmp_path, HEAD + ROW.replace('"0.5"', '"x"') + ROW.replace('"0.5"', '"y"'))
    assert "other.toml: platform:" in told and "'x' is not" in told and "'y' is not" in told
