"""Random trading histories through the document service: every act happens whole or is refused by name."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hengcang.base import clock
from hengcang.base.book import change_book
from hengcang.core.errors import HengcangError
from hengcang.documents import drafts
from hengcang.meta import registry
from hengcang.records.models import Document, GoodsLine
from tests import make
from tests.make import Company, day

METHODS = ("moving_average", "fifo", "specific_cost", "monthly_average")
QUANTITIES = ("1", "2", "3", "5", "7", "0.5", "2.333333", "10")
PRICES = ("10", "12", "0.01", "3.33", "16.67", "0", "99.99")
ACTS = (
    "receipt", "receipt", "receipt", "receipt", "receipt", "receipt", "delivery", "delivery", "delivery", "sales_return",
    "purchase_return", "transfer", "transfer",
    "count", "other_in", "other_out", "order", "deliver_order", "pay", "unpost", "unpost", "post_again", "reverse", "close", "reopen",
    "bill", "bill", "charge", "charge", "close_period", "reopen_period", "reopen_period",
    "adjust", "adjust", "protect", "send", "arrive", "arrive", "miss", "receive_to_inspect", "inspect", "inspect", "return_rejected",
)  # fmt: skip
BINS = {"A": ("A-01", "A-02"), "B": ("B-01",)}
GOODS = {"purchase_receipt": "target_place", "sales_delivery": "source_place"}


@dataclass
class History:
    """One history: its company, its settings, and what has been made so far."""

    seed: int
    log: list[str] = field(default_factory=list)
    happened: int = 0
    now: datetime = datetime(2026, 4, 14, tzinfo=timezone(timedelta(hours=8)))

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        pick = self.random.choice
        self.company: Company = make.company(negative_stock=pick(("forbid", "allow", "warn")))
        self.setting = (pick(("company", "warehouse")), pick(METHODS), self.company.places["A"].negative_stock)
        change_book(pool_kind=self.setting[0])
        chance = self.random.random()
        tracking = "serial" if self.seed % 3 == 2 else "lot" if self.setting[1] == "specific_cost" or chance < 0.2 else "none"
        self.company.item("X", costing_method=self.setting[1], tracking=tracking, tax_rate=Decimal("0.13"))
        self.company.item("Y", tax_rate=Decimal("0.03"))
        self.tracking = {"X": tracking, "Y": "none"}
        self.bins: dict[int, list[int]] = {}
        if self.seed % 4 == 3:
            self.bins = {self.company.places[name].pk: [one.pk for one in self.company.bins(name, *codes)] for name, codes in BINS.items()}
        self.dollar, self.dollars = None, None
        if self.seed % 2:
            self.dollar, self.dollars = make.dollars(self.company, {1: "7.10", 15: "7.2345", 31: "6.9"})

    def step(self) -> None:
        """One random act; a refusal is noted and is fine."""
        act = self.random.choice(ACTS)
        try:
            with clock.standing_at(self.now):
                text = getattr(self, act)()
        except HengcangError as error:
            self.log.append(f"{act}: refused: {error}")
            return
        self.happened += text is not None
        self.log.append(f"{act}: {text}")

    # what may be drawn

    def line(self, code: str | None = None, **more: Any) -> dict[str, Any]:
        """A random goods line."""
        code = code or self.random.choice(("X", "X", "X", "Y"))
        line = {"item": self.company.item(code).pk, "quantity": self.random.choice(QUANTITIES), **more}
        if self.tracking[code] == "lot":
            line["lot"] = self.random.choice(("L1", "L2"))
        if self.tracking[code] == "serial":
            line["serials"] = self.random.sample([f"S{at}" for at in range(8)], self.random.choice((1, 1, 2, 3)))
            line["quantity"] = str(len(line["serials"]))
        return line

    def lines(self, price: bool = True) -> list[dict[str, Any]]:
        """One to three lines."""
        count = self.random.choice((1, 1, 2, 3))
        return [self.line(**({"unit_price_net": self.random.choice(PRICES)} if price else {})) for _ in range(count)]

    def place(self) -> int:
        """A warehouse."""
        return self.company.places[self.random.choice("AAB")].pk

    def a(self, state: str, *types: str) -> Document | None:
        """A random document of a state (and types)."""
        found = Document.objects.filter(state=state, reverses=None, **({"type__in": types} if types else {})).order_by("id")
        rows = list(found)
        return self.random.choice(rows) if rows else None

    def on(self) -> Any:
        """A random day."""
        return day(self.random.randint(1, 50))

    def posted(self, type_name: str, lines: list[dict[str, Any]], on: Any = None, **header: Any) -> str:
        """A posted document; gives what it is."""
        on = on or self.on()
        if self.dollar is not None and "currency" in {one.name for one in registry.document(type_name).fields}:
            header.update(self.currency(type_name, lines))
        if self.bins:
            self.shelve(type_name, lines, header)
        document = self.company.draft(type_name, on, lines, **header)
        self.company.act(document)
        return f"{document.type} {document.pk} on {on} {lines}"

    def shelve(self, type_name: str, lines: list[dict[str, Any]], header: dict[str, Any]) -> None:
        """Lets some lines take from, or put into, bins of the header's warehouses; now and then a transfer stays in one."""
        table = registry.document(type_name).goods
        fields = {one.name for one in table.fields if one.ref == "places"} if table is not None else set()
        inside = fields == {"source_place", "target_place"} and self.random.random() < 0.5
        if inside:
            header["target_place"] = header["source_place"]
        for line in lines:
            for name in sorted(fields):
                if header.get(name) and (self.random.random() < 0.6 or (inside and name == "target_place")):
                    line.setdefault(name, self.random.choice(self.bins[header[name]]))

    def currency(self, type_name: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
        """The currency of what the lines name, else any, at a rate of that day or another; cash goes to an account in it."""
        assert self.dollar is not None and self.dollars is not None
        named = [line["source_line"] for line in lines if line.get("source_line")]
        cleared = [line["cleared_document"] for line in lines if line.get("cleared_document")]
        currency = self.random.choice((None, self.dollar.pk))
        if named and type_name != "landed_cost":
            currency = GoodsLine.objects.get(pk=named[0]).document.currency_id
        elif cleared:
            currency = Document.objects.get(pk=cleared[0]).currency_id
        if currency is None:
            return {}
        for line in lines:
            if "cash_account" in line:
                line["cash_account"] = self.dollars.pk
        return {"currency": currency, "currency_rate": self.random.choice((None, "7.1234", "6.8"))}

    # acts

    def receipt(self) -> str:
        return self.posted("purchase_receipt", self.lines(), party=self.company.supplier.pk, target_place=self.place())

    def delivery(self) -> str:
        return self.posted("sales_delivery", self.lines(), party=self.company.customer.pk, source_place=self.place())

    def back(self, source: Document | None, type_name: str, place: str, party: int) -> str | None:
        """A return that names some lines of a document."""
        if source is None:
            return None
        lines = []
        for row in source.goods_lines.filter(revision=source.revision):
            if self.random.random() < 0.7:
                part = (row.base_quantity * Decimal(self.random.choice(("0.5", "1", "0.333333")))).quantize(Decimal("0.000001"))
                line = {"item": row.item_id, "quantity": str(part), "unit_price_net": str(row.unit_price_net), "source_line": row.pk}
                if row.serials:
                    line |= {"serials": row.serials[: self.random.randint(1, len(row.serials))]}
                    line["quantity"] = str(len(line["serials"]))
                lines.append(line | ({"lot": row.lot_id} if row.lot_id else {}))
        if not lines:
            return None
        on = max(source.document_date, self.on())
        return self.posted(type_name, lines, on, party=party, **{place: self.place()})

    def sales_return(self) -> str | None:
        return self.back(self.a("posted", "sales_delivery"), "sales_return", "target_place", self.company.customer.pk)

    def purchase_return(self) -> str | None:
        return self.back(self.a("posted", "purchase_receipt"), "purchase_return", "source_place", self.company.supplier.pk)

    def transfer(self) -> str:
        source, target = self.random.sample("AB", 2)
        places = {"source_place": self.company.places[source].pk, "target_place": self.company.places[target].pk}
        return self.posted("stock_transfer", self.lines(price=False), **places)

    def values(self, *amounts: str) -> list[dict[str, Any]]:
        """Lines of value alone."""
        lines = [self.line() for _ in range(self.random.choice((1, 2)))]
        return [{**{name: line[name] for name in ("item", "lot") if name in line}, "amount": self.random.choice(amounts)} for line in lines]

    def adjust(self) -> str:
        return self.posted("cost_adjustment", self.values("5", "-3", "0.01", "12.34"), source_place=self.place())

    def protect(self) -> str:
        header = {"party": self.company.supplier.pk, "source_place": self.place(), "charge_tax": "0.39"}
        return self.posted("price_protection", self.values("3", "0.05", "200"), **header)

    def send(self) -> str:
        """Goods sent to another warehouse, under way from now on."""
        source, target = self.random.sample("AB", 2)
        places = {"source_place": self.company.places[source].pk, "target_place": self.company.places[target].pk}
        return self.posted("transfer_out", self.lines(price=False), **places)

    def follow(self, source: Document | None, type_name: str, more: Callable[[], dict[str, Any]] = dict, **header: Any) -> str | None:
        """Parts of a document's lines, as they stand, in one that follows it."""
        if source is None:
            return None
        lines = [line | ({"lot": lot} if lot else {}) for line, lot in zip(self.parts(source, more), self.lots_of(source), strict=True)]
        return self.posted(type_name, lines, max(source.document_date, self.on()), **header)

    def lots_of(self, source: Document) -> list[int | None]:
        """The lots of a document's lines."""
        return list(source.goods_lines.filter(revision=source.revision).values_list("lot", flat=True))

    def arrive(self) -> str | None:
        source = self.a("posted", "transfer_out")
        places = {} if source is None else {"source_place": source.source_place_id, "target_place": source.target_place_id}
        return self.follow(source, "transfer_in", **places)

    def miss(self) -> str | None:
        """Part of what was sent is lost or goes back."""
        source = self.a("posted", "transfer_out")
        place = None if source is None else source.source_place_id
        return self.follow(source, "transfer_difference", source_place=place, reason=self.random.choice(("lost", "returned")))

    def receive_to_inspect(self) -> str:
        header = {"party": self.company.supplier.pk, "target_place": self.place(), "inspect": True}
        return self.posted("purchase_receipt", self.lines(), **header)

    def inspect(self) -> str | None:
        """Part of a receipt is found good or rejected."""
        found = Document.objects.filter(type="purchase_receipt", state="posted", reverses=None, ext__inspect=True).order_by("id")
        source = self.random.choice(list(found)) if found else None
        place = None if source is None else source.target_place_id
        return self.follow(source, "inspection", lambda: {"result": self.random.choice(("accepted", "rejected"))}, source_place=place)

    def return_rejected(self) -> str | None:
        source = self.a("posted", "purchase_receipt")
        place = None if source is None else source.target_place_id
        header = {"party": self.company.supplier.pk, "source_place": place, "from_rejected": True}
        return self.follow(source, "purchase_return", lambda: {"unit_price_net": "3"}, **header)

    def count(self) -> str:
        return self.posted("stock_count", [self.line()], source_place=self.place())

    def other_in(self) -> str:
        return self.posted("other_receipt", self.lines(price=self.random.random() < 0.5), target_place=self.place())

    def other_out(self) -> str:
        return self.posted("other_issue", self.lines(price=False), source_place=self.place())

    def order(self) -> str:
        lines = [self.line("Y", unit_price_net="5")]
        reserve = self.random.random() < 0.7
        return self.posted("sales_order", lines, party=self.company.customer.pk, source_place=self.place(), reserve=reserve)

    def deliver_order(self) -> str | None:
        return self.back(self.a("posted", "sales_order"), "sales_delivery", "source_place", self.company.customer.pk)

    def pay(self) -> str | None:
        """A collection that clears some of a delivery, sometimes more than is due."""
        document = self.a("posted", "sales_delivery")
        if document is None or not document.amount_gross:
            return None
        amount = (document.amount_gross * Decimal(self.random.choice(("0.5", "1", "0.25")))).quantize(Decimal("0.01"))
        if not amount:
            return None
        lines = [
            {"cash_account": self.company.bank.pk, "amount": str(amount + self.random.choice((0, 10)))},
            {"cleared_document": document.pk, "amount": str(amount)},
        ]
        return self.posted("incoming_payment", lines, max(document.document_date, self.on()), party=self.company.customer.pk)

    def bill(self) -> str | None:
        """An invoice over parts of a receipt, at another price."""
        source = self.a("posted", "purchase_receipt")
        if source is None:
            return None
        lines = self.parts(source, lambda: {"unit_price_net": self.random.choice(PRICES)})
        return self.posted("purchase_invoice", lines, max(source.document_date, self.on()), party=self.company.supplier.pk)

    def charge(self) -> str | None:
        """Freight, or a rebate, over the lines of one or two receipts."""
        found = list(Document.objects.filter(type="purchase_receipt", state="posted", reverses=None).order_by("id"))
        if not found:
            return None
        sources = self.random.sample(found, min(len(found), self.random.choice((1, 2))))
        lines = [line for source in sources for line in self.parts(source, dict)]
        on = max([self.on(), *(source.document_date for source in sources)])
        amount, basis = self.random.choice(("20", "0.05", "-3", "7.77")), self.random.choice(("amount", "quantity"))
        header = {"party": self.company.supplier.pk, "charge_amount": amount, "charge_tax": "0.13", "basis": basis}
        return self.posted("landed_cost", lines, on, **header)

    def parts(self, source: Document, more: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
        """Lines that name parts of a document's lines."""
        return [
            {
                "item": row.item_id,
                "quantity": str((row.base_quantity * share).quantize(Decimal("0.000001"))),
                "source_line": row.pk,
                **more(),
            }
            for row in source.goods_lines.filter(revision=source.revision)
            for share in (Decimal(self.random.choice(("0.5", "1", "0.333333"))),)
        ]

    def close_period(self) -> str | None:
        """Close March, once nothing waits in it."""
        end = day(31)
        for waiting in Document.objects.filter(document_date__lte=end, state="draft"):
            if waiting.number is None:
                drafts.delete(self.company.viewer, registry.document(waiting.type), waiting.pk)
            else:
                self.company.act(waiting, "void", reason="随机")
        return self.posted("period_close", [], end)

    def reopen_period(self) -> str | None:
        return self.change(self.a("posted", "period_close"), "unpost")

    def change(self, document: Document | None, name: str) -> str | None:
        """A transition of a document."""
        if document is None:
            return None
        self.company.act(document, name, reason="随机")
        return f"{name} {document.type} {document.pk} of {document.document_date}"

    def unpost(self) -> str | None:
        return self.change(self.a("posted"), "unpost")

    def post_again(self) -> str | None:
        return self.change(self.a("draft"), "post")

    def reverse(self) -> str | None:
        return self.change(self.a("posted"), "reverse")

    def close(self) -> str | None:
        return self.change(self.a("posted", "sales_order"), "close")

    def reopen(self) -> str | None:
        return self.change(self.a("closed", "sales_order"), "reopen")
