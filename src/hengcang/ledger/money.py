"""分录与核销 Entries, party balances, open items and clearings.

Open items are locked after the stock, in the order of their entries. A clearing pairs debits with credits of one party
on one account; the payment's own entry takes part like any other, and two of the documents it names may meet without
it. Undoing appends the negation of each row: 反审核 at its date, 红冲 at the counter-document's, which then clears what
it negates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal, to_micro
from hengcang.core.clearing import Claim, Pair, exceeds, pair, spread
from hengcang.core.errors import NOWHERE, LineAt, OverClearing
from hengcang.core.posting import Account, Clear, Entry, Posting, Unclear
from hengcang.ledger import queries
from hengcang.ledger.request import Header

ENTRY_COLUMNS = (
    "id", "posting_id", "line_id", "money_line_id", "account", "party_id", "cash_account_id", "department_id",
    "salesperson", "amount", "currency", "foreign_amount", "document_date", "due_date", "corrects_id",
)  # fmt: skip
OPEN_ITEM_SQL = """
SELECT o.entry_id, o.document_id, o.account, o.party_id, o.due_date, o.open, COALESCE(d.number,'') FROM ledger_openitem o
JOIN records_document d ON d.id=o.document_id WHERE o.document_id {chosen}{parties} ORDER BY o.entry_id {lock}
"""
OWN_ENTRIES_SQL = """
SELECT e.id, e.line_id, e.money_line_id, e.account, e.party_id, e.cash_account_id, e.department_id, e.salesperson,
  e.amount, e.currency, e.foreign_amount, e.document_date, e.due_date
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


Books = tuple[str, int]


def entry_row(header: Header, sequence: int, entry_id: int, entry: Entry) -> tuple[Any, ...]:
    """An entry as a row."""
    amount = to_micro(entry.amount)
    due = entry.due_date.isoformat() if entry.due_date else None
    party = entry.party if entry.party is not None else None
    return (
        entry_id, sequence, entry.line, entry.money_line, str(entry.account), party, entry.cash_account, header.department,
        header.salesperson, amount, "CNY", amount, header.document_date.isoformat(), due, None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """核销要求 What a posting clears and gives back, the open items of those documents under lock, and the line numbers."""

    clears: Sequence[Clear]
    unclears: Sequence[Unclear]
    found: Mapping[tuple[int, str], Sequence[Open]]
    lines: Mapping[int, LineAt]


def append_entries(header: Header, sequence: int, entries: Sequence[Entry], ids: Sequence[int], asked: Asked) -> None:
    """Append the entries of a posting (none of zero) under their ids, its open items and its clearings. Raises OverClearing."""
    assert sum(entry.amount for entry in entries) == 0, "the entries of a posting must balance"
    bulk.insert_rows(
        "ledger_moneyentry", ENTRY_COLUMNS, [entry_row(header, sequence, own, entry) for own, entry in zip(ids, entries, strict=True)]
    )
    add_party_balances((entry.party, str(entry.account), to_micro(entry.amount)) for entry in entries)
    own = [(own, entry) for own, entry in zip(ids, entries, strict=True) if entry.opens]
    claims, taken = claims_of(asked)
    for own_id, entry in own:
        if entry.settles:
            assert entry.party is not None
            taken[own_id] = to_micro(entry.amount)
            claims.setdefault((str(entry.account), entry.party), []).append(Claim(own_id, taken[own_id]))
    pairs = [met for parts in claims.values() for met in pair(parts)]
    insert_open_items(header, own, taken)
    undone = [Pair(one.debit, one.credit, -to_micro(one.amount)) for one in asked.unclears]
    insert_clearings(header, sequence, undone + pairs)
    changed = taken.keys() | given_back(asked.unclears).keys()
    rows = [(item.entry, item.open - taken[item.entry]) for items in asked.found.values() for item in items if item.entry in changed]
    bulk.update_rows("ledger_openitem", ("open",), sorted(rows), key="entry_id")


def given_back(unclears: Sequence[Unclear]) -> dict[int, int]:
    """By how much each entry is open again."""
    back: dict[int, int] = defaultdict(int)
    for one in unclears:
        back[one.debit] += to_micro(one.amount)
        back[one.credit] -= to_micro(one.amount)
    return back


def lock_open_items(posting: Posting) -> dict[tuple[int, str], list[Open]]:
    """Open items of the documents that are cleared, under lock in the order of their entries; what is given back is open."""
    back = given_back(posting.unclears)
    documents = sorted({clear.document for clear in posting.clears}.union(*(one.documents for one in posting.unclears)))
    if not documents:
        return {}
    lock = "FOR NO KEY UPDATE OF o" if bulk.is_postgresql() else ""
    found: dict[tuple[int, str], list[Open]] = defaultdict(list)
    chosen, wanted = bulk.among(documents)
    parties, keys = of_parties(posting)
    for row in bulk.fetch(OPEN_ITEM_SQL.format(chosen=chosen, parties=parties, lock=lock), [wanted, *keys]):
        item = Open._make(row)
        found[item.document, item.account].append(item._replace(open=item.open + back.get(item.entry, 0)))
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
        left = sum(item.open - taken[item.entry] for item in items)
        if exceeds(amount, left):
            raise OverClearing(
                **asked.lines.get(clear.line, NOWHERE).named("amount"),
                number=items[0].number if items else "",
                open=abs(to_decimal(left)),
                amount=abs(to_decimal(amount)),
                excess=abs(to_decimal(amount)) - abs(to_decimal(left)) if amount * left >= 0 else abs(to_decimal(amount)),
            )
        books = {item.entry: (str(clear.account), item.party) for item in items}
        for part in spread(amount, [Claim(item.entry, item.open - taken[item.entry]) for item in items]):
            claims.setdefault(books[part.key], []).append(part)
            taken[part.key] += part.amount
    return claims, taken


def insert_open_items(header: Header, own: Sequence[tuple[int, Entry]], taken: Mapping[int, int]) -> None:
    """Open items of the entries that wait to be cleared."""
    rows = []
    for entry_id, entry in own:
        amount = to_micro(entry.amount)
        due = entry.due_date.isoformat() if entry.due_date else None
        rows.append((entry_id, header.document, entry.party, str(entry.account), amount, amount - taken.get(entry_id, 0), due))
    bulk.insert_rows("ledger_openitem", ("entry_id", "document_id", "party_id", "account", "amount", "open", "due_date"), rows)


def insert_clearings(header: Header, sequence: int, pairs: Sequence[Pair]) -> None:
    """Rows of what met what."""
    day = header.document_date.isoformat()
    rows = [(sequence, debit, credit, amount, day) for debit, credit, amount in pairs]
    bulk.insert_rows("ledger_clearing", ("posting_id", "debit_id", "credit_id", "amount", "document_date"), rows)


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
        entry, line, money_line, account, party, cash, department, salesperson, amount, currency, foreign, day, due = row
        negated.append(
            (own, sequence, line, money_line, account, party, cash, department, salesperson, -amount, currency, -foreign,
             str(day), None if due is None else str(due), entry)
        )  # fmt: skip
    bulk.insert_rows("ledger_moneyentry", ENTRY_COLUMNS, negated)
    add_party_balances((row[4], row[3], -row[8]) for row in rows)
    undo_clearings(header, sequence, [row[0] for row in rows])


def undo_clearings(header: Header, sequence: int, entries: list[int]) -> None:
    """Negate what the posted revision cleared, reopen the other side, and take the revision's own open items away."""
    made, own = queries.clearings_of(header.document, header.revision), set(entries)
    others = {entry: amount for entry, amount in sorted(given_back(made).items()) if entry not in own}
    if others:
        lock = "FOR NO KEY UPDATE" if bulk.is_postgresql() else ""
        chosen, wanted = bulk.among(others)
        bulk.fetch(f"SELECT entry_id FROM ledger_openitem WHERE entry_id {chosen} ORDER BY entry_id {lock}", [wanted])
        source, parameters = bulk.table_of(list(others.items()), ["bigint"] * 2)
        bulk.execute(f"UPDATE ledger_openitem SET open=open+v.c1 FROM {source} WHERE entry_id=v.c0", parameters)
    insert_clearings(header, sequence, [Pair(one.debit, one.credit, -to_micro(one.amount)) for one in made])
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
                (sequence, line, None, name, None, None, header.department, header.salesperson, signed, "CNY", signed, when, None, None)
            )
    ids = bulk.draw_ids("ledger_moneyentry", len(entries))
    bulk.insert_rows("ledger_moneyentry", ENTRY_COLUMNS, [(own, *row) for own, row in zip(ids, entries, strict=True)])
