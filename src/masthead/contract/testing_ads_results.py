"""What the sandbox's ad market tells of past days: results by ad and day, and the single clicks behind them.

Conversions count on the day of their click, and come late: a day is told anew for a week. `tell` lets a test say the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from masthead.contract import testing_ads_model as model
from masthead.contract.testing_ads import AdAccount, AdMarket, Row
from masthead.contract.testing_ads_spend import weekday_of

SPENT = """select ad, day, ad_group, spend, sum(spend) over (partition by ad_group, day) as whole
from ad_spend where ad_group in ({places}) and day between ? and ? order by day, ad"""
COUNTED = ("spend", "impressions", "clicks", "conversions", "value")


def results(
    market: AdMarket, account: AdAccount, groups: Sequence[str], since: str, until: str, *, by_place: bool
) -> list[Row]:
    """Results of ad groups by ad and day, both ends included, as they stand now."""
    told = _told(market, account, groups, since, until, by_place=by_place)
    if told is not None:
        return told
    return [row for one in _spent(market, groups, since, until) for row in _rows(market, account, one, by_place)]


def _spent(market: AdMarket, groups: Sequence[str], since: str, until: str) -> list[Row]:
    sql = SPENT.format(places=", ".join("?" for _ in groups))
    return market.store.rows(sql, *groups, since, until)


def _rows(market: AdMarket, account: AdAccount, one: Row, by_place: bool) -> Iterator[Row]:
    curve, seed, ad, day, spend = account.curve, market.seed, one["ad"], one["day"], _known(market, account, one)
    had = [found for found, at in _conversions(market, account, one) if at <= market.now()]
    counted = {
        "spend": spend,
        "impressions": model.impressions(curve, seed, ad, day, spend),
        "clicks": model.clicks(curve, seed, ad, day, spend),
        "conversions": len(had),
        "value": sum(found.value for found in had),
    }
    group = market.store.row("select details from ad_piece where id = ?", one["ad_group"])
    places = tuple(group["details"]["places"] if group else ()) if by_place else ()
    parts = model.shares(places, seed, ad, day) if places else [1.0]
    spread = {name: model.spread(whole, parts) for name, whole in counted.items()}
    for number, place in enumerate(places or ("",)):
        row = {"day": day, "group": one["ad_group"], "ad": ad, "place": place}
        yield row | {name: spread[name][number] for name in COUNTED}


def _known(market: AdMarket, account: AdAccount, one: Row) -> int:
    """What is told of a day's spend: nothing of today and half of yesterday where the account tells late."""
    if not account.knobs.get("late"):
        return int(one["spend"])
    age = int((market.now() - account.begins(one["day"])) // model.DAY)
    return int(one["spend"]) // 2 * min(age, 2) if age < 2 else int(one["spend"])


def _conversions(market: AdMarket, account: AdAccount, one: Row) -> list[tuple[model.Conversion, float]]:
    """Each with the moment at which it comes."""
    found = model.conversions(
        account.curve, market.seed, one["ad"], one["day"], weekday_of(one["day"]), one["spend"], one["whole"]
    )
    return [(each, _clicked_at(market, account, one, each.click) + each.after) for each in found]


def _clicked_at(market: AdMarket, account: AdAccount, one: Row, number: int) -> float:
    """Clicks are spread evenly over the day, as far as it has gone."""
    begins = account.begins(one["day"])
    gone = min(market.now(), account.begins(one["day"], 1)) - begins
    return begins + gone * (number + 0.5) / max(
        1, model.clicks(account.curve, market.seed, one["ad"], one["day"], one["spend"])
    )


def clicks(market: AdMarket, account: AdAccount, day: str) -> list[Row]:
    """Every click of a day with the address it led to, in order, and what came of it: for tests that walk the same way.

    `at` and `converts_at` are seconds since the epoch, `converts_at` None where nothing comes of it.
    """
    groups = [
        row["id"]
        for row in market.store.rows("select id from ad_piece where account = ? and kind = 'groups'", account.id)
    ]
    found = [click for one in _spent(market, groups, day, day) for click in _clicks(market, account, one)]
    return sorted(found, key=lambda click: float(click["at"]))


def _clicks(market: AdMarket, account: AdAccount, one: Row) -> Iterator[Row]:
    led_to = {each.click: (at, each.value) for each, at in _conversions(market, account, one)}
    url = _url(market, one["ad"])
    for number in range(model.clicks(account.curve, market.seed, one["ad"], one["day"], one["spend"])):
        id_ = f"{one['ad']}-{one['day']}-{number}"
        at, value = led_to.get(number, (None, 0))
        joint = "&" if "?" in url else "?"
        yield {
            "id": id_,
            "ad": one["ad"],
            "group": one["ad_group"],
            "url": f"{url}{joint}sbclid={id_}",
            "at": _clicked_at(market, account, one, number),
            "converts_at": at,
            "value": value,
        }


def _url(market: AdMarket, ad: str) -> str:
    sql = "select c.details from ad_piece a join ad_piece c on c.id = a.details ->> 'creative' where a.id = ?"
    row = market.store.row(sql, ad)
    return str(row["details"]["url"]) if row else ""


def tell(market: AdMarket, account: AdAccount, rows: Sequence[Mapping[str, Any]]) -> None:
    """From now on these are the account's results, whatever was spent."""
    market.store.change("delete from ad_told where account = ?", account.id)
    for row in rows:
        keys = {name: row[name] for name in ("day", "ad", "place")}
        market.store.insert("ad_told", {"account": account.id, **keys, "details": dict(row)})


def _told(
    market: AdMarket, account: AdAccount, groups: Sequence[str], since: str, until: str, *, by_place: bool
) -> list[Row] | None:
    """What a test wants to be told, None where none does; without places, those of a day are summed up."""
    if not market.store.row("select 1 as one from ad_told where account = ?", account.id):
        return None
    sql = "select details from ad_told where account = ? and day between ? and ? order by day, ad, place"
    rows = [one["details"] for one in market.store.rows(sql, account.id, since, until)]
    rows = [one for one in rows if one["group"] in groups]
    return rows if by_place else _summed(rows)


def _summed(rows: Sequence[Row]) -> list[Row]:
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        one = found.setdefault((row["day"], row["ad"]), {**row, "place": "", **dict.fromkeys(COUNTED, 0)})
        one |= {name: one[name] + row[name] for name in COUNTED}
    return list(found.values())
