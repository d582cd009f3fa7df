"""已对账提示 A warning where a posting changes a period that the party has confirmed. It is told, not refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hengcang.core.errors import ConfirmedPeriod, HengcangError
from hengcang.meta import registry
from hengcang.meta.declarations import DocumentType
from hengcang.parties.models import Party
from hengcang.records.models import Document

NEWEST = 60


def warnings(declaration: DocumentType, header: Mapping[str, Any], day: date) -> list[HengcangError]:
    """提示 For each confirmed statement of the document's party and currency whose period holds the day; none where the party was sent
    no statement."""
    if declaration.posting is None or not header["stated"]:
        return []
    types = [one.name for one in registry.documents().values() if one.agrees]
    live = Document.objects.filter(party=header["party_id"], type__in=types, state="posted").order_by("-document_date")
    found = [
        (number, ext)
        for number, currency, ext in live.values_list("number", "currency", "ext")[:NEWEST]
        if ext.get("result") == "confirmed"
        and ext["date_from"] <= day.isoformat() <= ext["date_to"]
        and header["currency_id"] in listed(currency, ext, header["currency_id"])
    ]
    if not found:
        return []
    name = Party.objects.filter(pk=header["party_id"]).values_list("name", flat=True).get()
    return [ConfirmedPeriod(party=name, number=number, first=ext["date_from"], last=ext["date_to"]) for number, ext in found]


def listed(currency: int | None, ext: Mapping[str, Any], asked: int | None) -> tuple[int | None, ...]:
    """币别 Which currencies a statement lists: its own, the book's (none), or whichever is asked for."""
    return (currency,) if currency is not None or ext.get("currencies") == "own_currency" else (asked,)
