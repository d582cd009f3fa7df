"""分录与核销 Entries, party balances, open items and clearings.

Open items are locked after the stock, in the order of their entries. A clearing pairs debits with credits of one party
on one account; the payment's own entry takes part like any other, and two of the documents it names may meet without
it. Undoing appends the negation of each row: 反审核 at its date, 红冲 at the counter-document's, which then clears what
it negates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.core.amounts import share, to_decimal, to_micro
from hengcang.core.clearing import Claim, exceeds, pair, spread
from hengcang.core.errors import NOWHERE, LineAt, OverClearing
from hengcang.core.exchange import Met, Worth, difference, exchange
from hengcang.core.posting import ZERO, Account, Clear, Entry, Posting, Unclear
from hengcang.ledger import queries
from hengcang.ledger.request import Header

ENTRY_COLUMNS = (
    "id", "posting_id", "line_id", "money_line_id", "account", "party_id", "cash_account_id", "department_id",
    "salesperson", "amount", "currency", "foreign_amount", "document_date", "due_date", "corrects_id",
    "adjusts_id",
)  # fmt: skip
OPEN_ITEM_SQL = """
SELECT o.entry_id, o.document_id, o.account, o.party_id, o.due_date, o.open, COALESCE(d.number,''),
  COALESCE(o.foreign_open, o.open) FROM ledger_openitem o
JOIN records_document d ON d.id=o.document_id WHERE o.document_id {chosen}{parties} ORDER BY o.entry_id {lock}
"""
OWN_ENTRIES_SQL = """
SELECT e.id, e.line_id, e.money_line_id, e.account, e.party_id, e.cash_account_id, e.department_id, e.salesperson,
  e.amount, e.currency, e.foreign_amount, e.document_date, e.due_date, e.adjusts_id
FROM ledger_moneyentry e JOIN ledger_posting p ON p.id=e.posting_id
WHERE (p.document_id=%s AND p.revision=%s AND p.kind='post' AND e.line_id IS NULL)
   OR e.line_id IN (SELECT id FROM records_goodsline WHERE document_id=%s AND revision=%s)
ORDER BY e.id
"""
SETTLED_SQL = """
SELECT m.line_id, m.document_date, CASE WHEN m.target_pool_id IS NULL THEN m.target_account ELSE m.source_account END,
  (m.value - CASE WHEN m.corrects_id IS NULL THEN m.settled ELSE 0 END) * CASE WHEN m.target_pool_id IS NULL THEN 1 ELSE -1 END
FROM ledger_stockmove m WHERE m.posting_id=%s AND m.settled IS NOT NULL AND m.entry_kind<>'reversal'
"""


class Open(NamedTuple):
    """未结项 An open item under lock."""

    entry: int
    document: int
    account: str
    party: int
    due: Any
    open: int
    number: str
    foreign: int


Books = tuple[str, int]
OWN = "CNY"


def entry_row(header: Header, sequence: int, entry_id: int, entry: Entry) -> tuple[Any, ...]:
    """An entry as a row."""
    amount = to_micro(entry.amount)
    due = entry.due_date.isoformat() if entry.due_date else None
    party = entry.party if entry.party is not None else None
    return (
        entry_id, sequence, entry.line, entry.money_line, str(entry.account), party, entry.cash_account, header.department,
        header.salesperson, amount, entry.currency or header.currency or OWN, amount if entry.foreign is None else to_micro(entry.foreign),
        header.document_date.isoformat(), due, None, entry.adjusts,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """核销要求 What a posting clears and gives back, the open items of those documents under lock, and the line numbers."""

    clears: Sequence[Clear]
    unclears: Sequence[Unclear]
    found: Mapping[tuple[int, str], Sequence[Open]]
    lines: Mapping[int, LineAt]


@dataclass(frozen=True, slots=True)
class Meeting:
    """对冲 The entries of a posting and what meets what. Own entries have the keys −1, −2 …, until they have ids.

    `taken` is what each key gives in its own currency, `gone` in the book's.
    """

    entries: Sequence[Entry]
    pairs: Sequence[Met]
    taken: Mapping[int, int]
    gone: Mapping[int, int]


def meet(header: Header, wanted: Sequence[Entry], asked: Asked) -> Meeting:
    """对冲 What the entries that settle and the open items named meet, for how much. Raises OverClearing.

    In a foreign currency an entry that settles is worth what it meets, and the exchange difference follows.
    """
    entries = [entry for entry in wanted if entry.amount or entry.foreign]
    claims, taken = claims_of(asked)
    for key, entry in enumerate(entries, start=1):
        if entry.opens and entry.settles:
            assert entry.party is not None
            taken[-key] = to_micro(entry.amount if entry.foreign is None else entry.foreign)
            claims.setdefault((str(entry.account), entry.party), []).append(Claim(-key, taken[-key]))
    pairs = [met for parts in claims.values() for met in pair(parts)]
    if header.currency is None:
        return Meeting(entries, [Met(*one, one.amount) for one in pairs], taken, taken)
    items = {item.entry: item for group in asked.found.values() for item in group if taken.get(item.entry)}
    worth = {key: Worth(taken[key], share(item.open, taken[key], item.foreign)) for key, item in items.items()}
    done = exchange(pairs, worth)
    entries = [
        replace(entry, amount=to_decimal(done.worth.get(-key, 0))) if -key in taken else entry for key, entry in enumerate(entries, start=1)
    ]
    entries += [
        Entry(Account(items[key].account), to_decimal(amount), items[key].party, foreign=ZERO, adjusts=key)
        for key, amount in done.adjusted.items()
    ]
    return Meeting([*entries, *difference(entries)], done.pairs, taken, gone_of(done.pairs))


def gone_of(pairs: Sequence[Met]) -> dict[int, int]:
    """What each key gives in the book's currency."""
    gone: dict[int, int] = defaultdict(int)
    for one in pairs:
        gone[one.debit] += one.book
        gone[one.credit] -= one.book
    return gone


def append_entries(header: Header, sequence: int, meeting: Meeting, ids: Sequence[int], asked: Asked) -> None:
    """Append the entries of a posting under their ids, its open items and its clearings."""
    entries = meeting.entries
    assert sum(entry.amount for entry in entries) == 0, "the entries of a posting must balance"
    bulk.insert_rows(
        "ledger_moneyentry", ENTRY_COLUMNS, [entry_row(header, sequence, own, entry) for own, entry in zip(ids, entries, strict=True)]
    )
    add_party_balances((entry.party, str(entry.account), to_micro(entry.amount)) for entry in entries)
    insert_open_items(header, ids, meeting)
    undone = [Met(one.debit, one.credit, -to_micro(foreign_of(one)), -to_micro(one.amount)) for one in asked.unclears]
    met = [one._replace(debit=key_of(one.debit, ids), credit=key_of(one.credit, ids)) for one in meeting.pairs]
    insert_clearings(header, sequence, undone + met)
    change_open_items(header, meeting, asked)


def append_plain(header: Header, sequence: int, entries: Sequence[Entry]) -> None:
    """Append entries that open and clear nothing, under fresh ids."""
    ids = bulk.draw_ids("ledger_moneyentry", len(entries))
    bulk.insert_rows(
        "ledger_moneyentry", ENTRY_COLUMNS, [entry_row(header, sequence, own, entry) for own, entry in zip(ids, entries, strict=True)]
    )
    add_party_balances((entry.party, str(entry.account), to_micro(entry.amount)) for entry in entries)


def key_of(key: int, ids: Sequence[int]) -> int:
    """The id of an entry by its key."""
    return ids[-key - 1] if key < 0 else key


def change_open_items(header: Header, meeting: Meeting, asked: Asked) -> None:
    """Write what is now open of the items that were cleared, given back or adjusted."""
    adjusted = {one.adjusts: to_micro(one.amount) for one in meeting.entries if one.adjusts is not None}
    changed = meeting.taken.keys() | given_back(asked.unclears).keys() | adjusted.keys()
    items = sorted(item for items in asked.found.values() for item in items if item.entry in changed)
    left = [
        (
            item.entry,
            item.open - meeting.gone.get(item.entry, 0) + adjusted.get(item.entry, 0),
            item.foreign - meeting.taken.get(item.entry, 0),
        )
        for item in items
    ]
    if header.currency is None:
        bulk.update_rows("ledger_openitem", ("open",), [row[:2] for row in left], key="entry_id")
    else:
        bulk.update_rows("ledger_openitem", ("open", "foreign_open"), left, key="entry_id")


def foreign_of(one: Unclear) -> Decimal:
    """What was cleared, in its own currency."""
    return one.amount if one.foreign is None else one.foreign


def given_back(unclears: Sequence[Unclear], amount_of: Callable[[Unclear], Decimal] = lambda one: one.amount) -> dict[int, int]:
    """By how much each entry is open again."""
    back: dict[int, int] = defaultdict(int)
    for one in unclears:
        back[one.debit] += to_micro(amount_of(one))
        back[one.credit] -= to_micro(amount_of(one))
    return back


def lock_open_items(posting: Posting) -> dict[tuple[int, str], list[Open]]:
    """Open items of the documents that are cleared, under lock in the order of their entries; what is given back is open."""
    back, foreign = given_back(posting.unclears), given_back(posting.unclears, foreign_of)
    documents = sorted({clear.document for clear in posting.clears}.union(*(one.documents for one in posting.unclears)))
    if not documents:
        return {}
    lock = "FOR NO KEY UPDATE OF o" if bulk.is_postgresql() else ""
    found: dict[tuple[int, str], list[Open]] = defaultdict(list)
    chosen, wanted = bulk.among(documents)
    parties, keys = of_parties(posting)
    for row in bulk.fetch(OPEN_ITEM_SQL.format(chosen=chosen, parties=parties, lock=lock), [wanted, *keys]):
        item = Open._make(row)
        still = item.foreign + foreign.get(item.entry, 0)
        found[item.document, item.account].append(item._replace(open=item.open + back.get(item.entry, 0), foreign=still))
    return found


def of_parties(posting: Posting) -> tuple[str, list[str]]:
    """The condition that leaves the open items of the parties a posting clears for: a document may have those of many."""
    parties = {clear.party for clear in posting.clears}
    if posting.unclears or None in parties:
        return "", []
    chosen, wanted = bulk.among(sorted(party for party in parties if party is not None))
    return f" AND o.party_id {chosen}", [wanted]


def items_of(asked: Asked, clear: Clear) -> list[Open]:
    """The open items that a clearing may take from, those due first first; what has no due day is due already."""
    items = [
        item
        for item in asked.found.get((clear.document, str(clear.account)), ())
        if clear.party in (None, item.party) and clear.entry in (None, item.entry)
    ]
    return sorted(items, key=lambda item: (str(item.due or ""), item.entry))


def claims_of(asked: Asked) -> tuple[dict[Books, list[Claim]], dict[int, int]]:
    """What each open item gives, by account and party, and by entry. Raises OverClearing."""
    claims: dict[Books, list[Claim]] = {}
    taken: dict[int, int] = defaultdict(int)
    for clear in asked.clears:
        items = items_of(asked, clear)
        amount = to_micro(clear.amount)
        left = sum(item.foreign - taken[item.entry] for item in items)
        if exceeds(amount, left):
            raise OverClearing(
                **asked.lines.get(clear.line, NOWHERE).named("amount"),
                number=items[0].number if items else "",
                open=abs(to_decimal(left)),
                amount=abs(to_decimal(amount)),
                excess=abs(to_decimal(amount)) - abs(to_decimal(left)) if amount * left >= 0 else abs(to_decimal(amount)),
            )
        books = {item.entry: (str(clear.account), item.party) for item in items}
        for part in spread(amount, [Claim(item.entry, item.foreign - taken[item.entry]) for item in items]):
            claims.setdefault(books[part.key], []).append(part)
            taken[part.key] += part.amount
    return claims, taken


def insert_open_items(header: Header, ids: Sequence[int], meeting: Meeting) -> None:
    """Open items of the entries that wait to be cleared."""
    rows = []
    for key, entry in enumerate(meeting.entries, start=1):
        if not entry.opens:
            continue
        amount = to_micro(entry.amount)
        due = entry.due_date.isoformat() if entry.due_date else None
        foreign = None if entry.foreign is None else to_micro(entry.foreign) - meeting.taken.get(-key, 0)
        left = amount - meeting.gone.get(-key, 0)
        rows.append((ids[key - 1], header.document, entry.party, str(entry.account), amount, left, foreign, due))
    columns = ("entry_id", "document_id", "party_id", "account", "amount", "open", "foreign_open", "due_date")
    bulk.insert_rows("ledger_openitem", columns, rows)


def insert_clearings(header: Header, sequence: int, pairs: Sequence[Met]) -> None:
    """Rows of what met what."""
    day, own = header.document_date.isoformat(), header.currency is None
    rows = [(sequence, debit, credit, book, None if own else foreign, day) for debit, credit, foreign, book in pairs]
    bulk.insert_rows("ledger_clearing", ("posting_id", "debit_id", "credit_id", "amount", "foreign_amount", "document_date"), rows)


def add_party_balances(amounts: Any) -> None:
    """Add to the balances of parties, in key order."""
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for party, account, amount in amounts:
        if party is not None:
            sums[party, account] += amount
    rows = [(*key, amount) for key, amount in sorted(sums.items())]
    bulk.add_rows("ledger_partybalance", ("party_id", "account"), ("balance",), rows)


def negate_entries(header: Header, sequence: int) -> None:
    """Append the negation of a posted revision's entries, give back what it cleared, and close its open items."""
    keys = [header.document, header.revision]
    rows = bulk.fetch(OWN_ENTRIES_SQL, keys + keys)
    ids = bulk.draw_ids("ledger_moneyentry", len(rows))
    negated = []
    for own, row in zip(ids, rows, strict=True):
        entry, line, money_line, account, party, cash, department, salesperson, amount, currency, foreign, day, due, adjusts = row
        negated.append(
            (own, sequence, line, money_line, account, party, cash, department, salesperson, -amount, currency, -foreign,
             str(day), None if due is None else str(due), entry, adjusts)
        )  # fmt: skip
    bulk.insert_rows("ledger_moneyentry", ENTRY_COLUMNS, negated)
    add_party_balances((row[4], row[3], -row[8]) for row in rows)
    undo_clearings(header, sequence, [row[0] for row in rows], [(row[13], -row[8]) for row in rows if row[13] is not None])


def undo_clearings(header: Header, sequence: int, entries: list[int], adjusted: Sequence[tuple[int, int]]) -> None:
    """Negate what the posted revision cleared and adjusted, reopen the other side, and take the revision's own open items away."""
    made, own = queries.clearings_of(header.document, header.revision), set(entries)
    back, foreign = given_back(made), given_back(made, foreign_of)
    for entry, amount in adjusted:
        back[entry] = back.get(entry, 0) + amount
    others = [(entry, amount, foreign.get(entry, 0)) for entry, amount in sorted(back.items()) if entry not in own]
    if others:
        lock = "FOR NO KEY UPDATE" if bulk.is_postgresql() else ""
        chosen, wanted = bulk.among([entry for entry, *_ in others])
        bulk.fetch(f"SELECT entry_id FROM ledger_openitem WHERE entry_id {chosen} ORDER BY entry_id {lock}", [wanted])
        source, parameters = bulk.table_of(others, ["bigint"] * 3)
        change = "UPDATE ledger_openitem SET open=open+v.c1, foreign_open=foreign_open+v.c2"
        bulk.execute(f"{change} FROM {source} WHERE entry_id=v.c0", parameters)
    undone = [Met(one.debit, one.credit, -to_micro(foreign_of(one)), -to_micro(one.amount)) for one in made]
    insert_clearings(header, sequence, undone)
    if not entries:
        return
    chosen, wanted = bulk.among(entries)
    bulk.execute(f"DELETE FROM ledger_openitem WHERE entry_id {chosen}", [wanted])


def append_settlements(header: Header, sequence: int) -> None:
    """进货价差 Where the other side settles a move for another amount, book value − settled to its variance account."""
    variance = str(Account.PURCHASE_PRICE_VARIANCE)
    found = bulk.fetch(SETTLED_SQL, [sequence])
    insert_settlements(header, sequence, [(line, str(day), variance, account, amount) for line, day, account, amount in found if amount])


def insert_settlements(header: Header, sequence: int, rows: Sequence[tuple[int, str, str, str, int]]) -> None:
    """结清分录 Entries (line, day, variance account, account, amount): debit the variance, credit the account."""
    if not rows:
        return
    entries = []
    for line, when, variance, account, amount in rows:
        for name, signed in ((variance, amount), (account, -amount)):
            entries.append(
                (sequence, line, None, name, None, None, header.department, header.salesperson, signed, OWN, signed, when, None, None, None)
            )
    ids = bulk.draw_ids("ledger_moneyentry", len(entries))
    bulk.insert_rows("ledger_moneyentry", ENTRY_COLUMNS, [(own, *row) for own, row in zip(ids, entries, strict=True)])
