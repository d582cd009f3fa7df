"""信用占用表 Credit exposure: what every customer with a limit uses of it, those beyond it first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.report import Report
from hengcang.core.amounts import to_micro, to_text
from hengcang.documents.credit import credit_orders
from hengcang.ledger import credit
from hengcang.meta import registry
from hengcang.meta.dataset import dataset_of
from hengcang.meta.declarations import Field, Kind, Mask, ReportType
from hengcang.meta.query import visible_rows

COLUMNS = ("id", "code", "name", "credit_limit")
SUMS = ("receivable", "unbilled", "advance", "ordered", "exposure")


def used(viewer: Viewer, parties: Collection[int] | None = None) -> list[tuple[tuple[Any, ...], credit.Exposure]]:
    """Every customer with a limit that the viewer may see (or those among some), with what he uses; three statements."""
    rows = visible_rows(dataset_of(registry.masters()["customer"]), viewer).filter(credit_limit__isnull=False)
    if parties is not None:
        rows = rows.filter(pk__in=parties)
    found = list(rows.order_by("code").values_list(*COLUMNS))
    exposures = credit.exposures([row[0] for row in found], credit_orders()) if found else {}
    return [((*row[:3], to_micro(row[3])), exposures[row[0]]) for row in found]


def over_credit(viewer: Viewer, parties: Collection[int] | None = None) -> list[int]:
    """超信用客户 The customers (or those among some) who use more than their limit."""
    return [row[0] for row, exposure in used(viewer, parties) if exposure.total > row[3]]


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """信用占用 The rows; only those beyond the limit where that is asked for."""
    asked = None if parameters.get("party") is None else [parameters["party"]]
    found = [one for one in used(viewer, asked) if not parameters.get("over") or one[1].total > one[0][3]]
    found.sort(key=lambda one: one[0][3] - one[1].total)
    rows = [
        {
            "id": party,
            "party": party,
            "party_code": code,
            "party_name": name,
            "credit_limit": to_text(bound),
            "receivable": to_text(exposure.receivable),
            "unbilled": to_text(exposure.unbilled),
            "advance": to_text(exposure.advance),
            "ordered": to_text(exposure.ordered),
            "exposure": to_text(exposure.total),
            "left": to_text(bound - exposure.total),
        }
        for (party, code, name, bound), exposure in found[:limit]
    ]
    sums = (sum(getattr(one[1], "total" if name == "exposure" else name) for one in found) for name in SUMS)
    return Report(rows, {name: to_text(total) for name, total in zip(SUMS, sums, strict=True)}, truncated=len(found) > len(rows))


def price(name: str, label: str) -> Field:
    """An amount that is made of sales prices."""
    return Field(name=name, label=label, kind=Kind.MONEY, scale=2, total=name in SUMS, mask=Mask.SALES_PRICE, width=120)


CREDIT_EXPOSURE = ReportType(
    name="credit_exposure",
    label="信用占用",
    menu="sales",
    parameters=(report.PARTY_PARAMETER, Field(name="over", label="只看超信用", kind=Kind.BOOLEAN, width=100)),
    columns=(
        Field(name="party_code", label="编码", width=90),
        Field(name="party_name", label="客户", width=200, drill={"report": "party_ledger", "parameters": {"party": "party"}}),
        price("credit_limit", "信用额度"),
        price("receivable", "应收"),
        price("unbilled", "未开票"),
        price("advance", "预收"),
        price("ordered", "未出库订单"),
        price("exposure", "信用占用"),
        price("left", "剩余额度"),
    ),
    run=run,
)
