"""选择器附加列 What a clerk wants to see while picking: stock of an item at the place, last price to this party, balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from hengcang.access.viewer import Viewer
from hengcang.analytics import availability
from hengcang.analytics.party_ledger import ACCOUNTS, SIDE_MASKS
from hengcang.analytics.report import visible_places
from hengcang.core.amounts import to_decimal, to_micro, to_text
from hengcang.core.stock import available
from hengcang.documents.scope import party_limits
from hengcang.ledger import queries, traces
from hengcang.ledger import reports as books
from hengcang.ledger.reports import StockFilter
from hengcang.meta import options, registry
from hengcang.meta.dataset import dataset_of
from hengcang.meta.query import visible_rows
from hengcang.meta.values import plain
from hengcang.parties.models import Party
from hengcang.places.houses import houses_of

ZERO = Decimal(0)


def stock_of(ids: Sequence[int], viewer: Viewer, parameters: Mapping[str, str]) -> dict[int, dict[str, Any]]:
    """现存与可用 On hand and available, by the book's formula, at `place` (or everywhere in the viewer's scope)."""
    if not viewer.may("stock_on_hand", "view"):
        return {}
    places = visible_places(viewer, number(parameters.get("place")))
    found = queries.on_hand(ids, places)
    wanted = StockFilter(items=ids, places=places)
    way = availability.by_item(availability.on_way(wanted))
    held_back = any(one["reserved"] for one in found.values())
    over = availability.added_up(availability.no_longer_held(wanted), "item") if held_back else {}
    shown, rule = {}, availability.formula()
    for item in ids:
        held, reserved = (found[item][name] if item in found else ZERO for name in ("on_hand", "reserved"))
        left = available(to_micro(held), to_micro(reserved) - over.get((item, 0, 0), 0), *way.get(item, (0, 0)), formula=rule)
        shown[item] = {"on_hand": plain(held), "available": plain(to_decimal(left))}
    return shown


def last_prices(ids: Sequence[int], viewer: Viewer, parameters: Mapping[str, str]) -> dict[int, dict[str, Any]]:
    """最近价 The last net price of each item with `party` in documents like `document_type`."""
    party, name = number(parameters.get("party")), parameters.get("document_type", "")
    declaration = registry.documents().get(name)
    if not party or declaration is None or not declaration.price_mask or declaration.price_mask in viewer.masks:
        return {}
    if not viewer.may(name, "view") or not visible_rows(dataset_of(registry.masters()["party"]), viewer).filter(pk=party).exists():
        return {}
    side = [one.name for one in registry.documents().values() if one.party_role == declaration.party_role and one.goods is not None]
    return {item: {"last_price": to_text(price)} for item, price in books.last_prices(ids, party, side).items()}


def balances(ids: Sequence[int], viewer: Viewer, parameters: Mapping[str, str]) -> dict[int, dict[str, Any]]:
    """往来余额 What a party owes us (above zero) or we owe it, in documents the viewer may see.

    A balance is made of prices: of a customer it shows only to who sees sales prices, of a supplier purchase prices.
    """
    if not viewer.may("open_items", "view"):
        return {}
    seen = {side: accounts for side, accounts in ACCOUNTS.items() if SIDE_MASKS[side] not in viewer.masks}
    shown = list(ids)
    if len(seen) < len(ACCOUNTS):
        masked = Q(**{f"is_{side}": True for side in ACCOUNTS.keys() - seen}, _connector=Q.OR)
        shown = list(Party.objects.filter(pk__in=ids).exclude(masked).values_list("pk", flat=True))
    accounts = [account for side in seen.values() for account in side]
    found = books.party_balances(shown, accounts, party_limits(viewer))
    return {party: {"balance": to_text(found.get(party, 0))} for party in shown}


def lots_at(viewer: Viewer, parameters: Mapping[str, str]) -> list[traces.LotOnHand]:
    """某仓批次 The lots of `item` that `place` holds: what expires first first, then what came first."""
    item, place = number(parameters.get("item")), number(parameters.get("place"))
    if item is None or place is None or not viewer.may("stock_on_hand", "view") or not visible_places(viewer, place):
        return []
    return sorted(traces.lots_on_hand([(item, place)]), key=lambda one: (one.expires or date.max, one.lot))


def first_lots(viewer: Viewer, parameters: Mapping[str, str]) -> list[int]:
    """先列在库批次 Lots in stock, in the order in which they should go out."""
    return [one.lot for one in lots_at(viewer, parameters)]


def stock_of_lots(ids: Sequence[int], viewer: Viewer, parameters: Mapping[str, str]) -> dict[int, dict[str, Any]]:
    """批次现存与可用 On hand of each lot at `place`, and what of it no order holds back: of a bin, of its warehouse's at most."""
    found = {one.lot: one for one in lots_at(viewer, parameters)}
    houses = houses_of({one.place for one in found.values()})
    whole = found
    if houses:
        keys = {(one.item, houses[one.place]) for one in found.values()}
        whole = {one.lot: one for one in traces.lots_on_hand(sorted(keys))}
    held_back = {one.item for one in whole.values() if one.reserved}
    over = availability.no_longer_held(StockFilter(items=held_back)) if held_back else {}
    less, shown = availability.formula().less_reserved, {}
    for lot in ids:
        if lot in found:
            one, every = found[lot], whole[lot]
            counts = every.reserved - to_decimal(over.get((every.item, every.place, lot), 0)) if less else ZERO
            shown[lot] = {"on_hand": plain(one.on_hand), "available": plain(min(one.on_hand, every.on_hand - counts))}
    return shown


def number(text: str | None) -> int | None:
    """A parameter that is an id."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def declare() -> None:
    """登记 Add the columns to the pickers."""
    options.extra("items", stock_of)
    options.extra("items", last_prices)
    options.extra("lots", stock_of_lots)
    options.first("lots", first_lots)
    for collection in ("parties", "suppliers", "customers"):
        options.extra(collection, balances)
