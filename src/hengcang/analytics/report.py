"""报表结果 What a report gives, and the fields that several reports share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import Any, TypeVar

from hengcang.access.viewer import Viewer
from hengcang.base import clock
from hengcang.base.book import book
from hengcang.core.amounts import to_decimal, to_text
from hengcang.core.currency_errors import CurrencyAndOwn
from hengcang.meta.declarations import FOREIGN, SECOND_UNITS, VARIANTS, Choice, Field, Kind, Mask
from hengcang.places.houses import with_bins
from hengcang.places.models import Currency

Row = TypeVar("Row")
ROW_LIMIT = 20_000
ROWS_PER_PART = 2_000


@dataclass(slots=True)
class Report:
    """报表 Rows ready for the wire, sums, and a note where something needs saying.

    `truncated`: more rows exist than are given. Sums, and the closing balance of a ledger, are always those of all rows.
    A file (limit None) has every row, made as it is written, and no sums. `unused` names the declared columns that the question
    asked has none of: neither a screen nor a file shows them.
    """

    rows: Iterable[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, Any] | None = None
    note: str | None = None
    truncated: bool = False
    unused: Collection[str] = ()


def shown(rows: Sequence[Row], limit: int | None, show: Callable[[Sequence[Row]], list[dict[str, Any]]]) -> Iterable[dict[str, Any]]:
    """列示 The first `limit` rows as `show` gives them; for a file all of them, part by part."""
    if limit is not None:
        return show(rows[:limit])
    return chain.from_iterable(show(rows[at : at + ROWS_PER_PART]) for at in range(0, len(rows), ROWS_PER_PART))


def sums(rows: Iterable[Mapping[str, int]], names: Sequence[str]) -> dict[str, str]:
    """合计 Sums of columns that are still micro integers."""
    totals = dict.fromkeys(names, 0)
    for row in rows:
        for name in names:
            totals[name] += row[name]
    return {name: to_text(total) for name, total in totals.items()}


def told(amount: int) -> str:
    """话中的数 An amount or a quantity in micro as a sentence says it: with thousands, without needless zeros."""
    return f"{to_decimal(amount):,f}"


def percent(part: int, whole: int, decimals: int = 1) -> str | None:
    """百分比 A share in percent, half up; None of nothing."""
    return str((Decimal(part) * 100 / whole).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)) if whole else None


def month_start() -> date:
    """The first day of this month."""
    return clock.today().replace(day=1)


def visible_places(viewer: Viewer, place: int | None) -> set[int] | None:
    """可见仓库 The places a report may show: the asked one with its bins, inside the viewer's scope; None for all."""
    scope = viewer.scope("warehouse")
    if place is None:
        return None if scope is None else set(scope)
    return with_bins({place}) if scope is None or place in scope else set()


ITEM_PARAMETER = Field(name="item", label="商品", kind=Kind.REF, ref="items", width=240)
PLACE_PARAMETER = Field(name="place", label="仓库", kind=Kind.REF, ref="warehouses", width=140)
SHELF_PARAMETER = Field(name="place", label="仓库/库位", kind=Kind.REF, ref="places", width=140)
CATEGORY_PARAMETER = Field(name="category", label="商品分类", kind=Kind.REF, ref="item_categories", width=140)
PARTY_PARAMETER = Field(name="party", label="往来单位", kind=Kind.REF, ref="parties", width=200)
SEARCH_PARAMETER = Field(name="search", label="商品名称/编码/条码", max_length=60, width=180)
FROM_PARAMETER = Field(name="date_from", label="开始日期", kind=Kind.DATE, width=120)
TO_PARAMETER = Field(name="date_to", label="结束日期", kind=Kind.DATE, default="@today", width=120)
DAY_PARAMETER = Field(name="day", label="截至日期", kind=Kind.DATE, width=120, help="留空为现在")
CURRENCIES = (Choice("all", "全部币别，折本位币"), Choice("own_currency", "只列本位币"))
CURRENCY_PARAMETERS = (
    Field(name="currency", label="币别", kind=Kind.REF, ref="currencies", feature=FOREIGN, width=100, help="留空看币别范围"),
    Field(name="currencies", label="币别范围", kind=Kind.CHOICE, choices=CURRENCIES, default="all", feature=FOREIGN, width=150),
)
NUMBER_PARAMETER = Field(name="number", label="单据编号", max_length=60, width=160)
LOT_PARAMETER = Field(name="lot", label="批次", kind=Kind.REF, ref="lots", width=140)
OVERDUE_PARAMETER = Field(
    name="overdue_days", label="逾期超过(天)", kind=Kind.INTEGER, minimum=Decimal(0), maximum=Decimal(36_500), width=110
)
FAMILY_PARAMETER = Field(name="family", label="款", kind=Kind.REF, ref="item_families", feature=VARIANTS, width=160)
VARIANT_PARAMETER = Field(name="variant", label="规格值", kind=Kind.REF, ref="axis_values", feature=VARIANTS, width=120)
FAMILY_PARAMETERS = (FAMILY_PARAMETER, VARIANT_PARAMETER)
ITEM_CODE = Field(name="item_code", label="商品编码", width=110)
ITEM_NAME = Field(name="item_name", label="商品名称", width=200)
ITEM_SPEC = Field(name="item_spec", label="规格", width=120)
UNIT_NAME = Field(name="unit", label="单位", width=60)
SECOND_UNIT = Field(name="second_unit", label="辅助单位", feature=SECOND_UNITS, width=84)
VARIANT_COLUMNS = (
    Field(name="family_name", label="款", feature=VARIANTS, width=140),
    *(Field(name=f"variant_{at}", label=f"规格{at}", feature=VARIANTS, width=80) for at in range(1, 6)),
)


def quantity(name: str, label: str, *, total: bool = True, drill: Mapping[str, Any] | None = None, width: int = 110) -> Field:
    """A quantity column."""
    return Field(name=name, label=label, kind=Kind.QUANTITY, scale=6, total=total, width=width, drill=drill)


def second(name: str, label: str) -> Field:
    """A column of second quantities."""
    return Field(name=name, label=label, kind=Kind.QUANTITY, scale=6, feature=SECOND_UNITS, width=100)


def value(name: str, label: str) -> Field:
    """A column of stock money, masked with the cost."""
    return Field(name=name, label=label, kind=Kind.MONEY, scale=2, total=True, mask=Mask.COST, width=120)


def money(name: str, label: str, *, total: bool = True, drill: Mapping[str, Any] | None = None) -> Field:
    """A column of document money."""
    return Field(name=name, label=label, kind=Kind.MONEY, scale=2, total=total, width=120, drill=drill)


ABROAD = (
    Field(name="currency", label="币别", feature=FOREIGN, width=70),
    Field(name="foreign_amount", label="外币金额", kind=Kind.MONEY, scale=2, feature=FOREIGN, width=120),
)


def asked_currency(parameters: Mapping[str, Any]) -> int | None:
    """所问币别 The id of the only currency that is asked for, 0 for the book's own; none for all. Raises CurrencyAndOwn."""
    own, currency = parameters.get("currencies") == "own_currency", parameters.get("currency")
    if currency and own:
        raise CurrencyAndOwn(path="currencies")
    return int(currency) if currency else 0 if own else None


def code_of(currency: int | None) -> str | None:
    """币别代码 The code of a currency that is asked for, the book's for 0; none for all. One statement at most."""
    if not currency:
        return None if currency is None else book().currency
    return Currency.objects.values_list("code", flat=True).get(pk=currency)


def abroad(currency: str | None, amount: int) -> dict[str, Any]:
    """外币 The cells of an amount in a foreign currency, signed; empty for the book's own."""
    if currency is None or currency == book().currency:
        return {}
    return {"currency": currency, "foreign_amount": to_text(amount)}
