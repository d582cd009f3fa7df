"""记账凭证 Vouchers: the double entry of every posting in the user's accounts, one by one or summed by document or day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.accounting import chart as charts
from hengcang.accounting import journal
from hengcang.accounting.chart import Chart
from hengcang.accounting.vouchers import Voucher, vouchers
from hengcang.analytics import report
from hengcang.analytics.cash_ledger import span_of
from hengcang.analytics.report import Report
from hengcang.core.amounts import to_text
from hengcang.documents.scope import document_limits
from hengcang.ledger.account_reports import Legs
from hengcang.meta.declarations import Choice, Field, FileForm, Kind, ReportType
from hengcang.meta.english import said, word
from hengcang.meta.refs import document_ref

BY = (Choice("posting", "逐笔"), Choice("document", "按单据汇总"), Choice("day", "按日汇总"))


def kept_from(viewer: Viewer) -> Report | None:
    """An empty report with the reason, for who may not see every document and every price: accounts are made of all."""
    if not viewer.masks and not document_limits(viewer):
        return None
    reason = "科目账由全部单据的成本和价格汇成，限定了数据范围或字段权限的人不能查看。"
    return Report([], None, said(reason, "Accounts are made of all documents and prices: who may not see them all sees none of this."))


def shown(voucher: Voucher, by: str, only: set[str] | None) -> Iterator[dict[str, Any]]:
    """The lines for the wire; on some accounts only where they are asked for."""
    for line in voucher.ordered():
        if only is not None and line.node.code not in only:
            continue
        first = line.first
        named = by != "day"
        yield {
            "document_date": str(first.day),
            "voucher": f"{word('记', 'voucher')}-{first.posting}" if by == "posting" else None,
            "document": document_ref(first.document, first.type, first.number) if named else None,
            "remark": first.remark if named else said("按日汇总", "All of the day"),
            "account": line.node.id,
            "account_code": line.node.code,
            "account_name": voucher.chart.full_name(line.node),
            "party_name": line.party,
            "debit": to_text(line.debit) if line.debit else None,
            "credit": to_text(line.credit) if line.credit else None,
        }


def code_of(chart: Chart, account: int | None) -> str | None:
    """The code of the account that is asked for."""
    return None if account is None else chart.codes[account]


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """记账凭证 Sums are those of all vouchers of the span."""
    if kept := kept_from(viewer):
        return kept
    chart, by = charts.read(), parameters.get("by") or "posting"
    code = code_of(chart, parameters.get("account"))
    only = None if code is None else chart.under(code)
    span = span_of(parameters)
    # On the accounts asked for a voucher is read in part, so that what is shown of it need not balance.
    legs = Legs(span, None if code is None else chart.booked_under(code))
    made = chain.from_iterable(shown(one, by, only) for one in vouchers(legs, by, chart, streamed=True))
    if limit is None:
        return Report(made)
    rows = list(islice(made, limit + 1))
    sums = [(debit, credit) for leg, debit, credit in legs.totals() if only is None or chart.of(leg).code in only]
    totals = {"debit": to_text(sum(one[0] for one in sums)), "credit": to_text(sum(one[1] for one in sums))}
    return Report(rows[:limit], totals, None, len(rows) > limit)


ACCOUNT = Field(name="account", label="会计科目", kind=Kind.REF, ref="accounts", width=180)
FROM = replace(report.FROM_PARAMETER, help="留空为本月一日")
COLUMNS = (
    Field(name="document_date", label="日期", kind=Kind.DATE, width=105),
    Field(name="voucher", label="凭证号", width=90),
    Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
    Field(name="remark", label="摘要", width=180),
)


def journal_of(form: str) -> Callable[[Mapping[str, Any]], Iterator[str]]:
    """The journal of a form over the months that are asked for."""
    return lambda parameters: journal.lines(form, journal.months_of(span_of(parameters)))


FILES = {
    "hledger": FileForm("hledger", "journal", journal_of("hledger")),
    "beancount": FileForm("beancount", "beancount", journal_of("beancount")),
}
VOUCHERS = ReportType(
    name="voucher_list",
    label="记账凭证",
    menu="accounting",
    parameters=(
        Field(name="by", label="汇总", kind=Kind.CHOICE, choices=BY, default="posting", width=120),
        FROM,
        report.TO_PARAMETER,
        ACCOUNT,
    ),
    columns=(
        *COLUMNS,
        Field(name="account_code", label="科目编码", width=100),
        Field(name="account_name", label="科目", width=240),
        Field(name="party_name", label="往来单位", width=160),
        report.money("debit", "借方"),
        report.money("credit", "贷方"),
    ),
    run=run,
    files=FILES,
)
