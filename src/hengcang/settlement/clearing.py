"""核销单 Clearing: lets what is open on both sides of a party meet, moves debts to another party, writes off what is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from hengcang.core.errors import ClearingUnbalanced, ControlUnfit, FieldRequired, SameParty, WriteOffTooLarge
from hengcang.core.posting import CONTROL_OF_ACCOUNT, Account, Clear, Control, DocumentFacts, Entry, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import clear_of, settling
from hengcang.meta.declarations import Choice, DocumentType, Field, Kind, Total
from hengcang.settlement.lines import clearing_lines, total_field

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ClearingKind:
    """核销类型 What may be cleared, and where a difference goes: nowhere, to a party (named in `target`), or to accounts."""

    label: str
    controls: tuple[Control, ...] = tuple(Control)
    target: str = ""
    loss: Account | None = None
    gain: Account | None = None


OWED, OWING = (Control.RECEIVABLE, Control.OTHER_RECEIVABLE), (Control.PAYABLE, Control.OTHER_PAYABLE)
KINDS = {
    "advance_receivable": ClearingKind("预收冲应收", (Control.CUSTOMER_ADVANCE, *OWED)),
    "advance_payable": ClearingKind("预付冲应付", (Control.SUPPLIER_ADVANCE, *OWING)),
    "receivable_payable": ClearingKind("应收冲应付", (*OWED, *OWING)),
    "receivable_transfer": ClearingKind("应收转应收", OWED, target="target_customer"),
    "payable_transfer": ClearingKind("应付转应付", OWING, target="target_supplier"),
    "bad_debt": ClearingKind("坏账核销", loss=Account.NON_OPERATING_EXPENSE, gain=Account.NON_OPERATING_INCOME),
    "rounding": ClearingKind("尾差核销", loss=Account.FINANCE_COST, gain=Account.FINANCE_COST),
}


def posting(document: DocumentFacts) -> Posting:
    """An entry of the party on each account meets what is cleared there; the difference goes where the kind says."""
    kind = KINDS[str(document.ext["kind"])]
    for line in document.money:
        if line.control and line.control not in kind.controls:
            words = {"kind": kind.label, "control": line.control.label}
            raise ControlUnfit(path=f"money_lines.{line.line_number - 1}.control", line=line.line_number, **words)
    clears = [clear_of(document, line) for line in document.money]
    rest = moved(document, kind, clears) if kind.target else difference(document, kind, clears)
    return Posting(entries=[*settling(document, clears), *rest], clears=clears)


def moved(document: DocumentFacts, kind: ClearingKind, clears: Sequence[Clear]) -> list[Entry]:
    """转入 Every debt again, as old as it is, with the party that takes it over. Raises FieldRequired, SameParty."""
    party = document.ext.get(kind.target)
    if party is None:
        raise FieldRequired(path=kind.target, where="", label=TARGETS[kind.target])
    if party == document.party:
        raise SameParty(path=kind.target)
    return [
        Entry(clear.account, clear.amount, party=party, due_date=line.due_date, opens=True)
        for line, clear in zip(document.money, clears, strict=True)
    ]


def difference(document: DocumentFacts, kind: ClearingKind, clears: Sequence[Clear]) -> list[Entry]:
    """差额 None where both sides are equal; else what is written off, with a reason, up to the book's limit.

    Raises ClearingUnbalanced, FieldRequired, WriteOffTooLarge.
    """
    left, limit = sum((clear.amount for clear in clears), ZERO), document.write_off_limit
    account = kind.loss if left > 0 else kind.gain
    if account is None and left:
        debit = sum((clear.amount for clear in clears if CONTROL_OF_ACCOUNT[clear.account].sign > 0), ZERO)
        raise ClearingUnbalanced(path="money_lines", debit=debit, credit=debit - left, difference=abs(left))
    if account is None:
        return []
    if not str(document.ext.get("reason") or "").strip():
        raise FieldRequired(path="reason", where="", label="冲销原因")
    if abs(left) > limit:
        raise WriteOffTooLarge(path="money_lines", amount=abs(left), limit=limit, excess=abs(left) - limit)
    return [Entry(account, left)]


TARGETS = {"target_customer": "转入客户", "target_supplier": "转入供应商"}
CHOICES = tuple(Choice(name, kind.label) for name, kind in KINDS.items())
CLEARING = DocumentType(
    name="clearing",
    collection="clearings",
    label="核销单",
    number_pattern="HX-{yyyymmdd}-{seq:04}",
    opens=(*OWED, *OWING),
    clears=tuple(Control),
    total=Total.CLEARED,
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        Field(name="kind", label="核销类型", kind=Kind.CHOICE, column="ext:kind", choices=CHOICES, required=True, sortable=False),
        Field(name="party", label="往来单位", kind=Kind.REF, ref="parties", required=True, width=200),
        f.DATE,
        replace(f.CUSTOMER, name="target_customer", label="转入客户", column="ext:target_customer", required=False, sortable=False),
        replace(f.SUPPLIER, name="target_supplier", label="转入供应商", column="ext:target_supplier", required=False, sortable=False),
        Field(name="reason", label="冲销原因", column="ext:reason", max_length=200, sortable=False, help="坏账、尾差核销须填写", width=200),
        f.HANDLER,
        f.DEPARTMENT,
        *f.CURRENCIES,
        total_field("核销合计"),
        *f.FOOT,
    ),
    money=clearing_lines("核销明细"),
    list=f.document_list("kind", "party", "amount_gross", filters=("kind", "party")),
)
