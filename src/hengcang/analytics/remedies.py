"""一键处理 Remedies: what the chosen rows of an alert's list become — drafts, which a person looks through and posts.

The rows are read anew by their ids, inside the rights of who asks; what is no longer an alert is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from hengcang.access.viewer import Viewer, system_viewer
from hengcang.analytics import availability
from hengcang.base import bulk, clock
from hengcang.core.amounts import to_text
from hengcang.core.errors import NothingToDo
from hengcang.documents import many
from hengcang.documents.commands import Answer, Key, run
from hengcang.documents.scope import document_limits
from hengcang.ledger import alert_reports
from hengcang.ledger.reports import StockFilter, open_by_id
from hengcang.meta import registry
from hengcang.meta.declarations import Mask, Remedy, ReportType
from hengcang.places.houses import houses_of
from hengcang.places.models import CashAccount

Draft = dict[str, Any]
MOST_DRAFTS = 50


def make(viewer: Viewer, report: ReportType, remedy: Remedy, ids: Sequence[int], key: Key) -> Answer:
    """生成草稿 Drafts of the remedy's type from the chosen rows. Gives {documents, type, left}: `left` more than are made at once.

    Statements do not grow with the drafts, but for counts, each of which freezes the books of its own.
    Raises PermissionRefused, NothingToDo where none of the rows needs anything any more, InvalidDocument.
    """
    viewer.require(report.name, "view")
    viewer.require(remedy.target, "create")
    target = registry.document(remedy.target)

    def command(exclusive: bool) -> Answer:
        contents = remedy.drafts(viewer, ids)
        if not contents:
            raise NothingToDo(label=remedy.label)
        maker = system_viewer(viewer.user_id, viewer.name)
        made = many.insert([many.Draft(maker, target, one, complete=False) for one in contents[:MOST_DRAFTS]])
        return {"documents": [one.document for one in made], "type": target.name, "left": max(len(contents) - MOST_DRAFTS, 0)}

    return run(viewer, key, command)


def coming(items: Collection[int]) -> dict[tuple[int, int], int]:
    """待入 What is ordered and has not come yet, by item and place: from every type of order that becomes goods that come in."""
    return open_orders(items, inward=True)


def open_orders(items: Collection[int], *, inward: bool) -> dict[tuple[int, int], int]:
    """待入与待发 What unfinished orders will bring, or take away, by item and place."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    for one in availability.lines(StockFilter(items=items)):
        if one.inward is inward:
            found[one.item, one.place] += one.open
    return found


def wanting(held: int, on_way: int, high: int | None, low: int | None, safety: int | None) -> int:
    """建议数量 What fills an item up to its upper limit (else the higher of its lower bounds), counting what is on its way."""
    level = high if high is not None else max(low or 0, safety or 0)
    return max(level - held - on_way, 0)


def chosen(viewer: Viewer, kinds: Sequence[str], ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """The alerts of these ids that still stand and that the viewer may see."""
    return alert_reports.stock_rows(kinds, StockFilter(places=viewer.scope("warehouse")), None, ids)


def by(rows: Iterable[tuple[Any, Draft]]) -> dict[Any, list[Draft]]:
    """Lines by what they have in common."""
    found: dict[Any, list[Draft]] = defaultdict(list)
    for key, line in rows:
        found[key].append(line)
    return found


def filling(viewer: Viewer, ids: Sequence[int]) -> list[tuple[Any, Draft]]:
    """What is low, each with the line that fills it up; key (supplier, place)."""
    rows = chosen(viewer, ("below_min", "below_safety"), ids)
    on_way = coming({row[1] for row in rows})
    found = []
    for _, item, place, _, held, _, low, high, safety, supplier, _ in rows:
        missing = wanting(held, on_way.get((item, place), 0), high, low, safety)
        if missing:
            found.append(((supplier, place), {"item": item, "quantity": to_text(missing)}))
    return found


def buy(viewer: Viewer, ids: Sequence[int]) -> list[Draft]:
    """采购订单 What is low, up to its upper limit: an order for each default supplier and warehouse, at the item's purchase price."""
    groups = by(filling(viewer, ids))
    prices = purchase_prices({line["item"] for lines in groups.values() for line in lines})
    found = []
    for (supplier, place), lines in sorted(groups.items(), key=lambda group: (group[0][0] or 0, group[0][1])):
        priced = [{**line, "unit_price_net": prices[line["item"]]} if line["item"] in prices else line for line in lines]
        found.append({**({"party": supplier} if supplier else {}), "target_place": place, "goods_lines": priced})
    return found


def purchase_prices(items: Collection[int]) -> dict[int, str]:
    """The purchase prices of items that have one."""
    if not items:
        return {}
    condition, wanted = bulk.among(sorted(items))
    rows = bulk.fetch(f"SELECT id, purchase_price FROM catalog_item WHERE id {condition} AND purchase_price IS NOT NULL", [wanted])
    return {item: to_text(price) for item, price in rows}


def fetch(viewer: Viewer, ids: Sequence[int]) -> list[Draft]:
    """调入 What is low comes from another warehouse, which a person names."""
    groups = by((place, line) for (_, place), line in filling(viewer, ids))
    return [{"target_place": place, "goods_lines": lines} for place, lines in sorted(groups.items())]


def send_away(viewer: Viewer, ids: Sequence[int]) -> list[Draft]:
    """调出 What lies above the upper limit goes to another warehouse, which a person names."""
    rows = chosen(viewer, ("above_max",), ids)
    groups = by((row[2], {"item": row[1], "quantity": to_text(row[4] - row[5])}) for row in rows)
    return [{"source_place": place, "goods_lines": lines} for place, lines in sorted(groups.items())]


def on_shelf(house: int, shelf: int, lot: int | None, **line: Any) -> tuple[int, Draft]:
    """A line of goods that lie on a shelf, under the warehouse that its document names."""
    return house, {**line, **({"lot": lot} if lot else {}), **({"source_place": shelf} if shelf != house else {})}


def leaving(lines: Iterable[tuple[int, Draft]], **header: Any) -> list[Draft]:
    """A draft for each warehouse."""
    return [{"source_place": place, **header, "goods_lines": own} for place, own in sorted(by(lines).items())]


def count(viewer: Viewer, ids: Sequence[int]) -> list[Draft]:
    """盘点 What cannot be is counted where it lies: below zero the shelves that are, else all; zero until somebody has counted."""
    rows = chosen(viewer, ("negative", "over_reserved"), ids)
    below = {row[1:3] for row in rows if row[3] == "negative"}
    keys = {row[1:3] for row in rows}
    shelves = [row for row in alert_reports.shelves_of(keys) if row[4] < 0 or row[:2] not in below]
    empty = keys - {row[:2] for row in shelves}
    lines = [on_shelf(house, shelf, lot, item=item, quantity="0") for item, house, shelf, lot, _ in shelves]
    return leaving([*lines, *(on_shelf(house, house, None, item=item, quantity="0") for item, house in sorted(empty))])


def scrap(viewer: Viewer, ids: Sequence[int]) -> list[Draft]:
    """报损 What has expired or soon does leaves for good, lot by lot."""
    rows = alert_reports.expiring_rows(StockFilter(places=viewer.scope("warehouse")), date.max, None, ids)
    houses = houses_of({row[2] for row in rows})
    lines = (on_shelf(houses.get(row[2], row[2]), row[2], row[3], item=row[1], quantity=to_text(row[4])) for row in rows)
    return leaving(lines, reason="expired")


def move_slow(viewer: Viewer, ids: Sequence[int]) -> list[Draft]:
    """调拨 What lies goes to another warehouse, which a person names, from the shelves that hold it."""
    rows = alert_reports.slow_rows(StockFilter(places=viewer.scope("warehouse")), clock.today(), None, ids)
    shelves = alert_reports.shelves_of({row[1:3] for row in rows})
    lines = (
        on_shelf(house, shelf, lot, item=item, quantity=to_text(quantity)) for item, house, shelf, lot, quantity in shelves if quantity > 0
    )
    return leaving(lines)


SIDES = {"customer": (1, Mask.SALES_PRICE), "supplier": (-1, Mask.PURCHASE_PRICE)}


def settle(target: str) -> Callable[[Viewer, Sequence[int]], list[Draft]]:
    """收付款 Open items cleared in one payment of the target's type for each party and currency; the cash is what they come to.

    What is open against the side (an advance, a return) counts against it. Only accounts that the type clears; nothing for
    who may not see the prices of its side.
    """

    def settled(viewer: Viewer, ids: Sequence[int]) -> list[Draft]:
        declared = registry.document(target)
        sign, mask = SIDES[declared.party_role]
        if mask in viewer.masks:
            return []
        accounts = {str(control.account) for control in declared.clears}
        groups: dict[tuple[int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for party, document, account, amount, currency in open_by_id(ids, document_limits(viewer)):
            if account in accounts:
                groups[party, currency or 0][document] += sign * amount
        return payments(groups)

    return settled


def payments(groups: Mapping[tuple[int, int], Mapping[int, int]]) -> list[Draft]:
    """A payment for each party and currency, on the first account of that currency."""
    rows = CashAccount.objects.filter(active=True).order_by("-code").values_list("currency_id", "pk")
    accounts: dict[int | None, int] = dict(rows)
    return [
        payment(party, amounts, accounts.get(currency or None)) | ({"currency": currency} if currency else {})
        for (party, currency), amounts in sorted(groups.items())
    ]


def payment(party: int, amounts: Mapping[int, int], account: int | None) -> Draft:
    """A payment that clears the open amounts of some documents."""
    lines: list[Draft] = [{"cleared_document": document, "amount": to_text(amount)} for document, amount in sorted(amounts.items())]
    cash = sum(amounts.values())
    if account is not None and cash:
        lines.insert(0, {"cash_account": account, "amount": to_text(cash)})
    return {"party": party, "money_lines": lines}
