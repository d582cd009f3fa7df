"""记账规则用语 Pure pieces that the posting rules of several types share: the cost of a line, the entries of a debt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from hengcang.core.errors import OwedToNobody, PaymentUnbalanced
from hengcang.core.posting import (
    Account,
    AtCost,
    Clear,
    Control,
    CostOf,
    DocumentFacts,
    Entry,
    GoodsFacts,
    MoneyFacts,
    Move,
    PlaceKind,
    PlaceName,
    Posting,
    Value,
)

ZERO = Decimal(0)
End = PlaceKind | Callable[[GoodsFacts], PlaceName]


def cost_of_line(document: DocumentFacts, line: GoodsFacts) -> Decimal:
    """入库成本 What a bought line costs: net of tax for 一般纳税人, gross for 小规模纳税人 (进项税不得抵扣)."""
    return line.amount_net if document.taxpayer == "general_taxpayer" else line.amount_gross


def moves_of(
    document: DocumentFacts,
    kind: str,
    value: Callable[[GoodsFacts], Value],
    *,
    source: End | None = None,
    target: End | None = None,
    settled: Callable[[GoodsFacts], Decimal] | None = None,
) -> list[Move]:
    """逐行移动 One move per line, between the line's places; a place of a kind takes the side that is not ours, or what `source`
    and `target` say of a line."""
    return [
        Move(
            line=line.id,
            item=line.item,
            quantity=line.quantity,
            source=end_of(line, source, line.source_place),
            target=end_of(line, target, line.target_place),
            value=value(line),
            kind=kind,
            lot=line.lot,
            settled=None if settled is None else settled(line),
        )
        for line in document.goods
    ]


def end_of(line: GoodsFacts, said: End | None, own: int | None) -> PlaceName:
    """一端 Where a move of a line begins or ends: as the rule says, else the line's own place."""
    if said is None:
        return own or 0
    return said if isinstance(said, PlaceKind) else said(line)


def source_cost(line: GoodsFacts) -> Value:
    """退货成本 The net cost of the line it names; without one, the pool's cost."""
    return CostOf(line.source_line) if line.source_line is not None else AtCost()


def at_cost(line: GoodsFacts) -> Value:
    """出库成本 The pool's cost."""
    return AtCost()


def payment(document: DocumentFacts, *, advance: Account, discount: Account, sign: int) -> Posting:
    """收付款 Cash and discount clear open items; what is left over is an advance. `sign` +1 receives, −1 pays.

    Money lines with a cash account are cash; those with a document clear its open item: a debt counts, an earlier advance
    or a return counts against it. Money below zero goes the other way: it refunds what it names. Raises PaymentUnbalanced.
    """
    cash_lines = [line for line in document.money if line.cash_account is not None]
    clearing = [line for line in document.money if line.document is not None]
    cash = sum((line.amount for line in cash_lines), ZERO)
    given = document.discount_amount
    cleared = sum((line.amount for line in clearing), ZERO)
    left = cash + given - cleared
    if left < 0:
        raise PaymentUnbalanced(path="money_lines", cash=cash, discount=given, cleared=cleared, difference=-left)
    entries = [cash_entry(line, sign) for line in cash_lines]
    entries.append(Entry(discount, sign * given))
    clears = [clear_of(document, line, sign) for line in clearing]
    entries += settling(document, clears)
    entries.append(Entry(advance, -sign * left, party=document.party, due_date=document.due_date, opens=True))
    return Posting(entries=entries, clears=clears)


def cash_entry(line: MoneyFacts, sign: int) -> Entry:
    """Cash coming in (+1) or going out (−1) on an account."""
    return Entry(cash_control(line.cash_kind), sign * line.amount, cash_account=line.cash_account, money_line=line.id)


def cash_control(kind: str) -> Account:
    """资金科目 The account of a cash account of this kind."""
    return Account.CASH if kind == "cash" else Account.BANK


def by_category(document: DocumentFacts, control: Control, sign: int) -> Posting:
    """收支 Each line on the account of its category (+1 earned, −1 spent), against cash, or as a debt of the party.

    Raises OwedToNobody where a line has no cash account and the document no party.
    """
    entries, owed = [], ZERO
    for line in document.money:
        assert line.account is not None
        entries.append(Entry(line.account, -sign * line.amount, money_line=line.id))
        if line.cash_account is not None:
            entries.append(cash_entry(line, sign))
            continue
        if document.party is None:
            raise OwedToNobody(path=f"money_lines.{line.line_number - 1}.cash_account", line=line.line_number)
        owed += line.amount
    entries.append(Entry(control.account, sign * owed, party=document.party, due_date=document.due_date, opens=True))
    return Posting(entries=entries)


def opening(document: DocumentFacts, control: Control) -> Posting:
    """期初往来 What each party had open when the books began, line by line, against 期初余额."""
    entries = [
        Entry(control.account, control.sign * line.amount, line.party, due_date=line.due_date, opens=True, money_line=line.id)
        for line in document.money
    ]
    return Posting(entries=[*entries, Entry(Account.OPENING_BALANCE, -sum((entry.amount for entry in entries), ZERO))])


def clear_of(document: DocumentFacts, line: MoneyFacts, sign: int = 0) -> Clear:
    """What of which document's open item is cleared; the amount counts by `sign`, or as the account stands."""
    assert line.document is not None and line.control is not None
    return Clear(line.document, line.control.account, (sign or line.control.sign) * line.amount, line.id, document.party)


def settling(document: DocumentFacts, clears: Sequence[Clear]) -> list[Entry]:
    """对冲分录 The entries of the party that meet what is cleared, one for each account."""
    sums: dict[Account, Decimal] = {}
    for clear in clears:
        sums[clear.account] = sums.get(clear.account, ZERO) + clear.amount
    return [Entry(account, -amount, party=document.party, opens=True, settles=True) for account, amount in sums.items() if amount]
