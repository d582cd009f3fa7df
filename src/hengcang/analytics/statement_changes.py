"""对账后变动 Statements beside what the books say now: what changed inside a period after it was stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.party_ledger import ACCOUNTS, LEDGER, SIDES
from hengcang.analytics.report import Report
from hengcang.analytics.vouchers import kept_from
from hengcang.core.amounts import to_micro, to_text
from hengcang.ledger.money_reports import Stated, statements
from hengcang.meta import registry
from hengcang.meta.declarations import Choice, Field, Kind, ReportType
from hengcang.meta.refs import document_ref

DRILLED = ("party", "side", "date_from", "date_to")
WHICH = (Choice("changed", "有变动的"), Choice("all", "全部"))
RESULTS = (Choice("waiting", "待回复"), Choice("confirmed", "已确认", "success"), Choice("different", "有差异", "error"))


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """对账后变动 Every statement that was sent, with the closing balance stated and that of the books; one statement."""
    if kept := kept_from(viewer):
        return kept
    types = [one.name for one in registry.documents().values() if one.agrees]
    asked = Stated(types, parameters.get("party"), changed=parameters.get("which") != "all")
    found = statements(asked, ACCOUNTS["customer"], ACCOUNTS["supplier"], None if limit is None else limit + 1)
    if limit is None:
        return Report(row_of(row) for row in found)
    rows = [row_of(row) for row in found]
    return Report(rows[:limit], truncated=len(rows) > limit)


def row_of(row: tuple[Any, ...]) -> dict[str, Any]:
    """A statement for the wire."""
    pk, name, number, party, code, party_name, side, first, last, result, closing, now, _, currency, currency_asked = row
    current = now if side == "customer" else -now
    return {
        "document": document_ref(pk, name, number),
        "party": party,
        "party_code": code,
        "party_name": party_name,
        "side": side,
        "date_from": first,
        "date_to": last,
        "result": result,
        "currency": currency,
        "currency_asked": currency_asked,
        "closing": closing,
        "current": to_text(current),
        "change": to_text(current - to_micro(closing)),
    }


STATEMENT_CHANGES = ReportType(
    name="statement_changes",
    label="对账后变动",
    menu="settlement",
    parameters=(report.PARTY_PARAMETER, Field(name="which", label="范围", kind=Kind.CHOICE, choices=WHICH, default="changed", width=110)),
    columns=(
        Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="party_code", label="编码", width=90),
        Field(
            name="party_name",
            label="往来单位",
            width=200,
            drill={**LEDGER, "parameters": {**{name: name for name in DRILLED}, "currency": "currency_asked"}},
        ),
        Field(name="side", label="方向", kind=Kind.CHOICE, choices=SIDES, width=120),
        Field(name="date_from", label="开始日期", kind=Kind.DATE, width=105),
        Field(name="date_to", label="结束日期", kind=Kind.DATE, width=105),
        Field(name="result", label="对账结果", kind=Kind.CHOICE, choices=RESULTS, width=90),
        report.ABROAD[0],
        report.money("closing", "对账余额", total=False),
        replace(report.money("current", "账面余额", total=False)),
        replace(report.money("change", "对账后变动", total=False)),
    ),
    run=run,
)
