"""银行对账 Every line of a bank: what stands against it, what is proposed and why, or why a person must decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from hengcang.access.viewer import Viewer
from hengcang.accounting import bank
from hengcang.accounting.models import BankLine
from hengcang.analytics import report
from hengcang.analytics.report import Report, sums
from hengcang.analytics.vouchers import kept_from
from hengcang.core.amounts import to_micro, to_text
from hengcang.core.reconciling import Match, Proposal, Wait
from hengcang.meta.declarations import Choice, Field, Kind, ReportAction, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref

STATES = (Choice("settled", "已对账", "success"), Choice("proposed", "有建议", "processing"), Choice("waiting", "待人工", "warning"))
RULES = {
    Match.BOOKED: ("与已记的收付金额、单位、日期相符", "booked already: amount, party and day agree"),
    Match.NUMBERED: ("摘要写明单号", "its text names the document"),
    Match.SINGLE: ("金额与唯一一笔未结相同", "one open item of that amount"),
    Match.SEVERAL: ("几笔未结合计相同，别无其他组合", "several open items together, no other set"),
    Match.FEE: ("比未结少一笔手续费", "an open item less a fee"),
}
WAITS = {
    Wait.UNKNOWN_PAYER: ("付款人不是已知单位", "the payer is no known party"),
    Wait.OTHERS_DOCUMENT: ("摘要写的是别家的单据", "its text names somebody else's document"),
    Wait.NOTHING: ("没有相符的未结或已记收付", "nothing fits"),
    Wait.AMBIGUOUS: ("不止一种可能", "more than one way to explain it"),
    Wait.CONTESTED: ("另一笔流水也像是付这一笔", "another line seems to pay the same"),
}


def reason_of(answer: Any) -> str:
    """Why, in words."""
    if not isinstance(answer, Proposal):
        return said(*WAITS[answer.reason])
    text = said(*RULES[answer.rule])
    if answer.fee:
        text += said(f"（手续费 {to_text(answer.fee)}）", f" (fee {to_text(answer.fee)})")
    return text + (said("；户名有错字", "; a letter of the name is wrong") if answer.by_typo else "")


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """银行对账 Lines in order of day; those that nothing stands against with their answers, made anew."""
    if kept := kept_from(viewer):
        return kept
    account = parameters["cash_account"]
    matching = bank.match(account, list(bank.waiting_lines(account)))
    found = lines_of(parameters, matching)
    if limit is None:
        return Report(row_of(line, matching) for line in found)
    lines = list(found[: limit + 1])
    truncated = len(lines) > limit
    money = [line.amount for line in lines]
    if truncated:
        money = list(found.values_list("amount", flat=True)) if isinstance(found, QuerySet) else [line.amount for line in found]
    rows = [row_of(line, matching) for line in lines[:limit]]
    return Report(rows, sums(map(amounts, money), ("amount_in", "amount_out")), None, truncated)


def lines_of(parameters: Mapping[str, Any], matching: bank.Matching) -> list[BankLine] | QuerySet[BankLine]:
    """The lines that are asked for, in order of day."""
    first, last = parameters.get("date_from") or date.min, parameters.get("date_to") or date.max
    state = parameters.get("state")
    if state in ("proposed", "waiting"):
        return [line for line in matching.lines if first <= line.day <= last and state_of(matching.answers[line.pk]) == state]
    settled = bank.SETTLED if state == "settled" else Q()
    lines = BankLine.objects.filter(settled, cash_account=parameters["cash_account"], day__range=(first, last))
    return lines.select_related("document").order_by("day", "id")


def state_of(answer: Any) -> str:
    """How a line stands: settled where there was nothing to answer."""
    return "settled" if answer is None else "proposed" if isinstance(answer, Proposal) else "waiting"


def row_of(line: BankLine, matching: bank.Matching) -> dict[str, Any]:
    """A line for the wire."""
    answer = matching.answers.get(line.pk)
    return {**shown(line, to_micro(line.amount)), "state": state_of(answer), **against(line, answer, matching)}


def amounts(signed: Decimal) -> dict[str, int]:
    """In and out."""
    amount = to_micro(signed)
    return {"amount_in": max(amount, 0), "amount_out": max(-amount, 0)}


def shown(line: BankLine, amount: int) -> dict[str, Any]:
    """What the bank says."""
    return {
        "id": line.pk,
        "day": line.day.isoformat(),
        "counterparty": line.name,
        "text": line.text,
        "amount_in": to_text(amount) if amount > 0 else None,
        "amount_out": to_text(-amount) if amount < 0 else None,
        "bank_balance": None if line.balance is None else to_text(to_micro(line.balance)),
    }


def against(line: BankLine, answer: Any, matching: bank.Matching) -> dict[str, Any]:
    """What stands against it or is proposed."""
    if answer is None:
        document = line.document
        named = None if document is None else document_ref(document.pk, document.type, document.number)
        return {"document": named, "reason": said(*RULES[Match(line.rule)]) if line.rule else ""}
    debts = [matching.debts[one] for one in getattr(answer, "debts", ()) if one in matching.debts]
    first = document_ref(*debts[0][:3]) if debts else None
    numbers = "、".join(dict.fromkeys(number or "" for _, _, number, _ in debts))
    found = {"document": first, "documents": numbers, "reason": reason_of(answer)}
    return {**found, "confidence": answer.confidence} if isinstance(answer, Proposal) else found


def take_file(viewer: Viewer, parameters: Mapping[str, Any], name: str, content: bytes) -> str:
    """导入流水 Keep the lines of a file."""
    lines, new = bank.import_lines(viewer, parameters["cash_account"], name, content)
    return said(f"读到 {lines} 笔流水，新增 {new} 笔，{lines - new} 笔已有。", f"{lines} lines read, {new} new, {lines - new} known.")


def take_proposals(viewer: Viewer, parameters: Mapping[str, Any], name: str, content: bytes) -> str:
    """确认建议 Take every proposal."""
    marked, drafted = bank.confirm(viewer, parameters["cash_account"])
    chinese = f"{marked} 笔与已记收付对上，另生成 {drafted} 张收付款草稿，请检查后审核。"
    return said(chinese, f"{marked} lines are booked already; {drafted} payments were drafted, to be looked at and posted.")


BANK_RECONCILIATION = ReportType(
    name="bank_reconciliation",
    label="银行对账",
    menu="settlement",
    parameters=(
        Field(name="cash_account", label="结算账户", kind=Kind.REF, ref="cash_accounts", required=True, width=160),
        report.FROM_PARAMETER,
        replace(report.TO_PARAMETER, default=None),
        Field(name="state", label="状态", kind=Kind.CHOICE, choices=STATES, width=110),
    ),
    columns=(
        Field(name="day", label="日期", kind=Kind.DATE, width=105),
        Field(name="counterparty", label="对方户名", width=180),
        Field(name="text", label="摘要", width=180),
        report.money("amount_in", "收入"),
        report.money("amount_out", "支出"),
        report.money("bank_balance", "银行余额", total=False),
        Field(name="state", label="状态", kind=Kind.CHOICE, choices=STATES, width=90),
        Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="documents", label="核销单据", width=200),
        Field(name="reason", label="依据", width=240),
        Field(name="confidence", label="把握", kind=Kind.INTEGER, width=70),
    ),
    run=run,
    kept_from=kept_from,
    actions=(
        ReportAction("import_lines", "导入流水", take_file, file=True),
        ReportAction("confirm", "确认全部建议", take_proposals),
    ),
)
