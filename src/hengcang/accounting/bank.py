"""银行对账 The lines of a bank against our books: imported once, matched by `core.reconciling`, confirmed by a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from hengcang.access.viewer import Viewer
from hengcang.accounting import bank_files
from hengcang.accounting.models import BankLine
from hengcang.base import audit, clock
from hengcang.base.book import book
from hengcang.core import reconciling
from hengcang.core.amounts import to_decimal, to_micro, to_text
from hengcang.core.bank_errors import BankLineFreed
from hengcang.core.errors import HengcangError
from hengcang.core.posting import Control
from hengcang.core.reconciling import Answer, Booked, Debt, Limits, Payer, Proposal
from hengcang.documents import many
from hengcang.documents.facts import Opened
from hengcang.ledger.money_reports import booked_cash, cash_of
from hengcang.ledger.reports import OpenNow, Span, open_rows
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.places.models import CashAccount

PAYMENTS = {True: "incoming_payment", False: "outgoing_payment"}
OWED = {
    control.account.value: control.sign
    for control in (Control.RECEIVABLE, Control.OTHER_RECEIVABLE, Control.PAYABLE, Control.OTHER_PAYABLE)
}
UNDONE = ("reversed", "void")
SAME = Q(document__revision=F("revision"))
# Opened again, and not posted since: nobody is to draft a second one meanwhile.
IN_HAND = Q(document__revision=F("revision") + 1, document__state__in=("draft", "submitted", "approved", "rejected"))
SETTLED = SAME & ~Q(document__state__in=UNDONE) | IN_HAND
OPEN = Q(document=None) | Q(document__state__in=UNDONE) | ~SAME & ~IN_HAND
FEE_REMARK = "银行扣手续费"


def import_lines(viewer: Viewer, cash_account: int, name: str, content: bytes) -> tuple[int, int]:
    """导入流水 Keep the lines of a file that are not kept yet; gives how many it has and how many are new. Raises ImportRefused."""
    read = bank_files.read(name, content)
    now = clock.now()
    with transaction.atomic():
        marks = BankLine.objects.filter(cash_account=cash_account, fingerprint__in=[one.fingerprint for one in read])
        known = set(marks.values_list("fingerprint", flat=True))
        fresh = [one for one in read if one.fingerprint not in known]
        rows = [
            BankLine(
                cash_account_id=cash_account, fingerprint=one.fingerprint, day=one.day, amount=one.amount, balance=one.balance,
                name=one.name, account=one.account, text=one.text, serial=one.serial, created_at=now, created_by_id=viewer.user_id,
            )
            for one in fresh
        ]  # fmt: skip
        BankLine.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        told = {"field": "import", "before": None, "after": {"file": name, "lines": len(read), "new": len(fresh)}}
        audit.record(viewer.actor, "import", "bank_reconciliation", cash_account, [told])
    return len(read), len(fresh)


@dataclass(frozen=True, slots=True)
class Matching:
    """对账情况 The open lines of an account with their answers, and what these name.

    `debts` is (document, type, number, open in the account's currency) by open item, `entries` (document, revision) by entry;
    `currency` is the account's, none for the book's own.
    """

    lines: Sequence[BankLine]
    answers: dict[int, Answer]
    debts: dict[int, tuple[int, str, str | None, int]]
    entries: dict[int, tuple[int, int]]
    currency: int | None = None


def waiting_lines(cash_account: int) -> Any:
    """Lines that nothing stands against, or only what was reversed or voided since, or posted anew after it was opened again."""
    return BankLine.objects.filter(OPEN, cash_account=cash_account).order_by("day", "id")


def match(cash_account: int, lines: Sequence[BankLine]) -> Matching:
    """对账 The answers to the open lines, all in the account's currency; five statements however many they are, six in a book
    with a foreign one.
    """
    if not lines:
        return Matching([], {}, {}, {})
    currency, code = None, None
    if book().foreign:
        currency, code = CashAccount.objects.values_list("currency_id", "currency__code").get(pk=cash_account)
    limits = Limits(book().bank_days, to_micro(book().bank_fee_limit))
    days = timedelta(days=limits.days)
    span = Span(min(line.day for line in lines) - days, max(line.day for line in lines) + days)
    settled = BankLine.objects.filter(SETTLED, cash_account=cash_account, document__document_date__range=(span.first, span.last))
    pairs = list(settled.values_list("entry", "document"))
    used, drafted = {entry for entry, _ in pairs}, {document for entry, document in pairs if entry is None}
    booked = [row for row in booked_cash(cash_account, span) if row[0] not in used and row[4] not in drafted]
    debts = list(owed_in(code))
    parties = [
        Payer(pk, name, account or "") for pk, name, account in Party.objects.filter(active=True).values_list("id", "name", "bank_account")
    ]
    answers = reconciling.reconcile(
        [reconciling.BankLine(one.pk, one.day.toordinal(), to_micro(one.amount), one.name, one.account, one.text) for one in lines],
        parties,
        [Booked(row[0], ordinal(row[1]), row[2], row[3]) for row in booked],
        [Debt(item, party, amount, number or "") for item, party, _, _, number, amount in debts],
        limits,
    )
    return Matching(
        lines,
        {one.line: one for one in answers},
        {item: (document, kind, number, amount) for item, _, document, kind, number, amount in debts},
        {row[0]: (row[4], row[5]) for row in booked},
        currency,
    )


def owed_in(currency: str | None) -> Iterator[tuple[int, int, int, str, str | None, int]]:
    """未结项 (item, party, document, type, number, open in that currency) of what is owed in a currency, none for the book's own."""
    for row in open_rows(OpenNow(list(OWED)), None):
        amount = row[11] if currency is None else row[12]
        if row[13] == currency and amount and amount * OWED[row[9]] > 0:
            yield row[0], row[1], row[4], row[5], row[6], amount


def ordinal(day: Any) -> int:
    """The ordinal of a day as the database gives it."""
    return (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()


def confirm(viewer: Viewer, cash_account: int) -> tuple[int, int]:
    """确认 Take every proposal of an account: lines that are booked are marked, for the others payments are drafted.

    Gives how many of each. The proposals are made anew under the lock of the lines: what changed meanwhile counts.
    """
    with transaction.atomic():
        lines = list(waiting_lines(cash_account).select_for_update(of=("self",)))
        matching = match(cash_account, lines)
        taken = [(line, one) for line in lines if isinstance(one := matching.answers[line.pk], Proposal)]
        paying = [(line, one) for line, one in taken if one.entry is None]
        made = many.insert([payment_of(viewer, line, one, matching) for line, one in paying])
        drafts = {line.pk: one.document for (line, _), one in zip(paying, made, strict=True)}
        for line, one in taken:
            line.rule, line.entry = one.rule.value, one.entry
            line.document_id, line.revision = (drafts[line.pk], 0) if one.entry is None else matching.entries[one.entry]
        BankLine.objects.bulk_update([line for line, _ in taken], ["rule", "entry", "document", "revision"], batch_size=500)
        told = {"field": "confirm", "before": None, "after": {"marked": len(taken) - len(made), "drafted": len(made)}}
        audit.record(viewer.actor, "change", "bank_reconciliation", cash_account, [told])
    return len(taken) - len(made), len(made)


def payment_of(viewer: Viewer, line: BankLine, answer: Proposal, matching: Matching) -> many.Draft:
    """收付款草稿 A payment of the line that clears the open items; a fee that a bank kept is its discount."""
    declaration = registry.document(PAYMENTS[line.amount > 0])
    viewer.require(declaration.name, "create")
    by_document: dict[int, int] = {}
    for debt in answer.debts:
        document, _, _, amount = matching.debts[debt]
        by_document[document] = by_document.get(document, 0) + abs(amount)
    cleared = [{"cleared_document": document, "amount": str(to_decimal(amount))} for document, amount in sorted(by_document.items())]
    raw = {
        "document_date": line.day.isoformat(),
        "party": answer.party,
        **({"currency": matching.currency} if matching.currency is not None else {}),
        "discount_amount": str(to_decimal(answer.fee)),
        "remark": " ".join(filter(None, (line.text, FEE_REMARK if answer.fee else "")))[:500],
        "money_lines": [{"cash_account": line.cash_account_id, "amount": str(abs(line.amount)), "remark": line.serial}, *cleared],
    }
    return many.Draft(viewer, declaration, raw)


def follow(viewer: Viewer, opened: Opened) -> list[HengcangError]:
    """流水随单 A payment that was drafted for a line of a bank and is posted with another amount does not settle it: the line is open
    again, and that is told. One statement, none for what is no payment; four where one is freed.
    """
    if opened.declaration.name not in PAYMENTS.values():
        return []
    drafted = BankLine.objects.filter(document=opened.id, revision=opened.header["revision"], entry=None).order_by("id")
    lines = list(drafted.select_related("cash_account").select_for_update(of=("self",)))
    if not lines:
        return []
    moved = cash_of(opened.id, opened.header["revision"])
    freed = [line for line in lines if moved.get(line.cash_account_id, 0) != to_micro(line.amount)]
    if freed:
        BankLine.objects.filter(pk__in=[line.pk for line in freed]).update(document=None, revision=0, rule="")
        told = {"field": "free", "before": {"document": opened.id}, "after": {"lines": [line.pk for line in freed]}}
        audit.record(viewer.actor, "change", "bank_reconciliation", freed[0].cash_account_id, [told])
    return [warning_of(line, moved.get(line.cash_account_id, 0)) for line in freed]


def warning_of(line: BankLine, posted: int) -> BankLineFreed:
    """What is told of a line that is open again."""
    amount = to_micro(line.amount)
    return BankLineFreed(
        path="money_lines",
        account=line.cash_account.name,
        day=line.day.isoformat(),
        name=line.name,
        amount=to_text(amount),
        posted=to_text(posted),
        difference=to_text(abs(posted - amount)),
    )
