"""网上零售源数据 Online Retail, read and planned: pure steps from the invoice lines to the documents to be loaded.

The plan is a function of the file alone (which document each line belongs to, which delivery a return names, what must
be bought before each month), so that a load that was cut off goes on exactly where it stopped.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from hengcang.integration.loading import SourceMissing
from hengcang.integration.source import to_cents

FILE = "online_retail.csv.gz"
CHARGES = re.compile(r"(?i)(POST|DOT|M|D|B|S|C2|CRUK|PADS|AMAZONFEE|BANK CHARGES|gift_.*)")
COST_SHARE = Decimal("0.6")
CENT = Decimal("0.01")
ZERO = Decimal(0)


class Line(NamedTuple):
    """源行 One line of an invoice, as the source has it."""

    code: str
    description: str
    quantity: int
    price: Decimal


@dataclass(slots=True)
class Invoice:
    """源单 An invoice with its lines in the source's order."""

    number: str
    moment: datetime
    customer: str
    country: str
    lines: list[Line] = field(default_factory=list)


class Origin(NamedTuple):
    """源行位置 Which line of which document a return takes back."""

    source: str
    at: int


@dataclass(slots=True)
class Wanted:
    """待装单据 A document to be loaded. `source` is its number in the source, unique; `origins` those of its lines."""

    source: str
    type: str
    invoice: Invoice
    lines: list[Line] = field(default_factory=list)
    origins: list[Origin | None] = field(default_factory=list)


@dataclass(slots=True)
class Month:
    """月份 What is bought before a month's sales, by code, and the documents of the month in order of time."""

    first: date
    needs: dict[str, int] = field(default_factory=dict)
    documents: list[Wanted] = field(default_factory=list)


def read(path: Path) -> list[Invoice]:
    """读入 The invoices in order of their first line. Raises SourceMissing."""
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise SourceMissing(folder=str(path), name=FILE)
    prices: dict[str, Decimal] = {}
    invoices: dict[str, Invoice] = {}
    with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            invoice = invoices.get(row["InvoiceNo"])
            if invoice is None:
                moment = datetime.fromisoformat(row["InvoiceDate"])
                invoice = Invoice(row["InvoiceNo"], moment, row["CustomerID"].split(".")[0], row["Country"])
                invoices[invoice.number] = invoice
            price = prices.get(row["UnitPrice"])
            if price is None:
                price = prices[row["UnitPrice"]] = Decimal(row["UnitPrice"])
            description = " ".join(row["Description"].split())
            invoice.lines.append(Line(row["StockCode"], description, int(row["Quantity"]), price))
    return list(invoices.values())


def is_charge(code: str) -> bool:
    """费用码 Whether a code is no goods: postage, discount, manual entry, fees, vouchers."""
    return CHARGES.fullmatch(code) is not None


def type_of(invoice: Invoice, line: Line) -> str:
    """单据类型 A sale, a return (cancelled, or a price below zero), or an issue (a quantity below zero, not cancelled)."""
    if line.price < 0 or invoice.number.startswith("C"):
        return "sales_return"
    return "sales_delivery" if line.quantity > 0 else "other_issue"


def documents_of(invoice: Invoice) -> list[Wanted]:
    """源单的单据 One document per kind of line; an invoice usually has one kind."""
    found: dict[str, Wanted] = {}
    for line in invoice.lines:
        kind = type_of(invoice, line)
        if kind not in found:
            source = invoice.number if not found else f"{invoice.number}/{len(found) + 1}"
            found[kind] = Wanted(source, kind, invoice)
        found[kind].lines.append(line)
    return list(found.values())


def link_returns(documents: Iterable[Wanted]) -> None:
    """退货关联 Each return line names the latest earlier delivery line of the same customer, code and price that has enough left."""
    sold: dict[tuple[str, str, Decimal], list[tuple[Origin, list[int]]]] = defaultdict(list)
    for document in documents:
        customer = document.invoice.customer
        if not customer:
            document.origins = [None] * len(document.lines)
            continue
        for index, line in enumerate(document.lines):
            key = (customer, line.code, line.price)
            origin = None
            if document.type == "sales_delivery":
                sold[key].append((Origin(document.source, index), [line.quantity]))
            elif document.type == "sales_return" and line.price > 0:
                origin = take(sold[key], abs(line.quantity))
            document.origins.append(origin)


def take(sold: list[tuple[Origin, list[int]]], quantity: int) -> Origin | None:
    """Take a quantity from the latest line that has enough left."""
    for origin, left in reversed(sold):
        if left[0] >= quantity:
            left[0] -= quantity
            return origin
    return None


def leaving(document: Wanted, line: Line) -> int:
    """出库数量 What leaves stock by the line; below zero comes in."""
    return -abs(line.quantity) if document.type == "sales_return" else abs(line.quantity)


def plan(invoices: Iterable[Invoice]) -> list[Month]:
    """计划 The documents by month, returns linked, and what each month needs at its start so that stock never goes below zero."""
    documents = [document for invoice in invoices for document in documents_of(invoice)]
    link_returns(documents)
    months: dict[date, Month] = {}
    for document in documents:
        first = document.invoice.moment.date().replace(day=1)
        months.setdefault(first, Month(first)).documents.append(document)
    stock: Counter[str] = Counter()
    for month in months.values():
        low: Counter[str] = Counter()
        for document in month.documents:
            for line in document.lines:
                stock[line.code] -= leaving(document, line)
                low[line.code] = min(low[line.code], stock[line.code])
        month.needs = {code: -least for code, least in sorted(low.items()) if least < 0}
        stock.update(month.needs)
    return list(months.values())


def costs(invoices: Iterable[Invoice]) -> dict[str, Decimal]:
    """采购单价 60 % of the mean price above zero of each code, at least a cent; zero for charges and what was never priced."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for invoice in invoices:
        for line in invoice.lines:
            total = sums[line.code]
            if line.price > 0:
                total[0] += line.price
                total[1] += 1
    return {
        code: ZERO if is_charge(code) or not count else max(to_cents(price / count * COST_SHARE), CENT)
        for code, (price, count) in sums.items()
    }


def names(invoices: Iterable[Invoice]) -> dict[str, str]:
    """名称 The most frequent description of each code among lines with a price; else any; else the code itself."""
    priced: dict[str, Counter[str]] = defaultdict(Counter)
    for invoice in invoices:
        for line in invoice.lines:
            found = priced[line.code]
            if line.description:
                found[line.description] += 1_000_000 if line.price > 0 else 1
    return {code: found.most_common(1)[0][0] if found else code for code, found in priced.items()}
