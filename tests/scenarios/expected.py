"""期望 What a story expects, read from the books: each table as it is found and as it is wanted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Min, Sum

from hengcang.analytics.alerts import KINDS
from hengcang.analytics.deliveries import run_freight, run_tracking
from hengcang.analytics.internal_settlement import run as run_settlement
from hengcang.analytics.internal_settlement import run_lines as run_settlement_lines
from hengcang.base import bulk
from hengcang.catalog.models import Item
from hengcang.core.amounts import to_decimal
from hengcang.core.fulfilment import PROGRESS_LABELS, Progress
from hengcang.core.lifecycle import STATE_LABELS, State
from hengcang.core.posting import ACCOUNT_LABELS, Account
from hengcang.core.shipping import DELIVERY_LABELS
from hengcang.documents.progress import progress_json
from hengcang.ledger import queries
from hengcang.ledger.models import CostPool, MoneyEntry, OpenItem, PartyBalance, SerialPlace, StockAlert, StockBalance, StockMove
from hengcang.meta import registry
from hengcang.records.models import Document, GoodsLine
from tests.make import Company
from tests.scenarios.story import Row, Section, Story, day_of

CORRECTIONS = {"revaluation": "成本重算", "count": "盘点更正", "reversal": "冲回", "variance": "成本差异", "charge": "费用分摊"}
ALERTS = {one.name: one.label for one in KINDS}


def number(text: str) -> Decimal:
    """A number of a table; empty is zero, `13%` a fraction."""
    text = text.replace(",", "").replace("−", "-")
    if text.endswith("%"):
        return Decimal(text[:-1]) / 100
    return Decimal(text or "0")


class Books:
    """The books of a story being played: its company, and its documents by the names the story gives them."""

    story: Story
    company: Company
    documents: dict[str, Document]

    def compare(self, section: Section) -> None:
        """Every table of an expectation."""
        for heading, rows in section.tables.items():
            found, wanted = getattr(self, COMPARED[heading])(rows)
            assert sorted(found, key=str) == sorted(wanted, key=str), f"{self.story.title}：{heading}\n现为 {found}\n应为 {wanted}"

    def stock(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Balances that are not zero: warehouse, item, (lot,) quantity, reserved."""
        columns = ("place__name", "item__code", "lot__number", "quantity", "reserved")
        found = [row for row in StockBalance.objects.values_list(*columns) if row[3] or row[4]]
        wanted = [(row["仓库"], row["商品"], row.get("批次") or None, number(row["数量"]), number(row.get("占用", ""))) for row in rows]
        return found, wanted

    def seconds(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Second quantities that are not zero: warehouse, item, quantity."""
        found = StockBalance.objects.exclude(second_quantity=0).values_list("place__name", "item__code", "second_quantity")
        return list(found), [(row["仓库"], row["商品"], number(row["数量"])) for row in rows]

    def alerts(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Stock alerts that stand: kind, warehouse, item, quantity, bound."""
        columns = ("kind", "place__name", "item__code", "quantity", "bound")
        found = [(ALERTS[kind], *rest) for kind, *rest in StockAlert.objects.filter(live=True).values_list(*columns)]
        wanted = [(row["种类"], row["仓库"], row["商品"], number(row["数量"]), number(row["界限"])) for row in rows]
        return found, wanted

    def pools(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Pools that are not empty: name, item, quantity, value."""
        found = []
        columns = ("place__name", "lot__number", "serial__number", "item__code", "quantity", "value")
        for place, lot, serial, item, quantity, value in CostPool.objects.values_list(*columns):
            if quantity or value:
                found.append((serial or lot or place or "公司", item, quantity, value))
        return found, [(row["成本池"], row["商品"], number(row["数量"]), number(row["金额"])) for row in rows]

    def serials(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Where each piece stands; pieces with nobody of ours are left out."""
        found = list(SerialPlace.objects.exclude(place=None).values_list("serial__number", "place__name"))
        return found, [(row["序列号"], row["仓库"]) for row in rows]

    def costs(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Net quantity and value of each move of the documents named."""
        found = []
        for name in dict.fromkeys(row["单据"] for row in rows):
            document = self.documents[name]
            for move in queries.live_moves(document.pk, document.revision):
                found.append((name, Item.objects.get(pk=move["item"]).code, move["quantity"], move["value"]))
        return found, [(row["单据"], row["商品"], number(row["数量"]), number(row["成本"])) for row in rows]

    def internal(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """What the warehouses settle with each other this year: cost, price, margin, and what is missing."""
        columns = ("quantity", "cost", "amount", "difference", "missing_quantity", "missing_amount")
        report = run_settlement(self.company.viewer, {"date_from": date(2026, 1, 1)})
        found = [(row["source"], row["target"], row["item_code"], *(Decimal(row[name]) for name in columns)) for row in report.rows]
        words = ("数量", "成本", "结算金额", "内部差价", "短缺数量", "短缺金额")
        return found, [(row["调出方"], row["调入方"], row["商品"], *(number(row[name]) for name in words)) for row in rows]

    def internal_lines(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """The same line by line: document, quantity or what is missing, cost, amount."""
        names = {document.pk: name for name, document in self.documents.items()}
        report = run_settlement_lines(self.company.viewer, {"date_from": date(2026, 1, 1)})
        found = []
        for row in report.rows:
            numbers = (Decimal(row[name]) + Decimal(row[f"missing_{name}"]) for name in ("quantity", "cost", "amount"))
            found.append((names[row["document"]["id"]], *numbers))
        return found, [(row["单据"], number(row["数量"]), number(row["成本"]), number(row["结算金额"])) for row in rows]

    def corrections(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Rows that postings of a document appended to correct moves of others."""
        names = {document.pk: name for name, document in self.documents.items()}
        columns = ("posting__document", "corrects__line__document", "entry_kind", "quantity", "value", "document_date")
        causes = {row["由"] for row in rows}
        found = [
            (names[row[0]], names[row[1]], CORRECTIONS[row[2]], row[3], row[4])
            for row in StockMove.objects.exclude(corrects=None).values_list(*columns)
            if names[row[0]] in causes
        ]
        return found, [(row["由"], row["单据"], row["种类"], number(row.get("数量", "")), number(row["金额"])) for row in rows]

    def deliveries(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """What 发货跟踪 shows: document, state, carrier, tracking numbers."""
        names = {document.pk: name for name, document in self.documents.items()}
        report = run_tracking(self.company.viewer, {})
        found = [(names[row["id"]], row["delivery_state"], row["carrier_name"], row["tracking_numbers"] or "") for row in report.rows]
        states = {label: str(one) for one, label in DELIVERY_LABELS.items()}
        return found, [(row["单据"], states[row["状态"]], row["承运商"] or None, row["运单号"]) for row in rows]

    def deliveries_written(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """The states that the goods of the documents named came into, in order, and where they are now."""
        found = []
        for name in dict.fromkeys(row["单据"] for row in rows):
            document = Document.objects.get(pk=self.documents[name].pk)
            steps_of = document.delivery_events.order_by("id").values_list("state", "note", "document__delivery_state")
            found += [(name, DELIVERY_LABELS[state], note, DELIVERY_LABELS[now]) for state, note, now in steps_of]
        return found, [(row["单据"], row["记录"], row["说明"], row["现在"]) for row in rows]

    def freight(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """What 运费结算 shows, both ways: document, freight, the bill it became."""
        names = {document.pk: name for name, document in self.documents.items()}
        found = []
        for target in ("expense", "other_income"):
            for row in run_freight(self.company.viewer, {"bill_into": target, "billed": "all"}).rows:
                found.append((names[row["id"]], number(row["freight"]), names[row["billed_in"]["id"]] if row["billed_in"] else ""))
        return found, [(row["单据"], number(row["运费"]), row["结算单据"]) for row in rows]

    def accounts(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Balances of all accounts that are not zero, debit positive."""
        sql = (
            "SELECT account, CAST(SUM(amount) AS bigint) FROM (SELECT account, amount FROM ledger_moneyentry "
            "UNION ALL SELECT target_account, value FROM ledger_stockmove UNION ALL SELECT source_account, -value FROM ledger_stockmove"
            ") x GROUP BY account"
        )
        found = [(ACCOUNT_LABELS[Account(account)], to_decimal(int(amount))) for account, amount in bulk.fetch(sql) if amount]
        return found, [(row["科目"], number(row["余额"])) for row in rows]

    def foreign_cash(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Balances of cash accounts in their own currency and in the book's, where either is not zero."""
        sums = MoneyEntry.objects.exclude(cash_account=None).values("cash_account").order_by()
        found = [row for row in sums.values_list("cash_account__name", Sum("foreign_amount"), Sum("amount")) if row[1] or row[2]]
        return found, [(row["账户"], number(row["余额"]), number(row["折本位币"])) for row in rows]

    def cash(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Balances of cash accounts that are not zero."""
        sums = MoneyEntry.objects.exclude(cash_account=None).values("cash_account").order_by()
        found = [(name, amount) for name, amount in sums.values_list("cash_account__name", Sum("amount")) if amount]
        return found, [(row["账户"], number(row["余额"])) for row in rows]

    def parties(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """Balances of parties that are not zero, debit positive."""
        found = [
            (party, ACCOUNT_LABELS[Account(account)], balance)
            for party, account, balance in PartyBalance.objects.values_list("party__name", "account", "balance")
            if balance
        ]
        return found, [(row["单位"], row["科目"], number(row["余额"])) for row in rows]

    def open_items(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """What is open of each document, debit positive."""
        names = {document.pk: name for name, document in self.documents.items()}
        sums = OpenItem.objects.values("document", "account").order_by().values_list("document", "account", Sum("open"), Min("due_date"))
        dated = any("到期日" in row for row in rows)
        found = [
            (names[document], ACCOUNT_LABELS[Account(account)], amount, *([str(due)] if dated else ()))
            for document, account, amount, due in sums
            if amount
        ]
        return found, [(row["单据"], row["科目"], number(row["未结"]), *([row["到期日"]] if dated else ())) for row in rows]

    def progress(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """What was done of the lines of the documents named, by the words of the purposes; and whose the source line is."""
        found, wanted = [], []
        for name in dict.fromkeys(row["单据"] for row in rows):
            document = self.documents[name]
            words = [word for word in rows[0] if word not in ("单据", "商品", "数量")]
            for line in progress_json(self.company.viewer, registry.document(document.type), document.pk):
                told = {one["label"]: Decimal(one["done"]) for one in line["purposes"].values()}
                told["为谁"] = line["source"] and line["source"]["party"]
                found.append((name, line["item"]["code"], Decimal(line["quantity"]), *(told.get(word) for word in words)))
        for row in rows:
            more = [(text if word == "为谁" else number(text)) if text else None for word, text in list(row.items())[3:]]
            wanted.append((row["单据"], row["商品"], number(row["数量"]), *more))
        return found, wanted

    def reserved(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """What the lines of the documents named hold back, in base units."""
        found = []
        for name in dict.fromkeys(row["单据"] for row in rows):
            document = self.documents[name]
            lines = GoodsLine.objects.filter(document=document.pk, revision=F("document__revision")).values_list("pk", "item__code")
            held = queries.reserved_by_line([line for line, _ in lines])
            found += [(name, code, held[line]) for line, code in lines if held.get(line)]
        return found, [(row["单据"], row["商品"], number(row["占用"])) for row in rows]

    def single_items(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """What is open, one by one: document, party, amount (debit positive) and due day."""
        names = {document.pk: name for name, document in self.documents.items()}
        items = OpenItem.objects.exclude(open=0).values_list("document", "party__name", "open", "due_date")
        found = [(names[document], party, amount, str(due)) for document, party, amount, due in items]
        return found, [(row["单据"], row["单位"], number(row["未结"]), row["到期日"]) for row in rows]

    def foreign_items(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """What is open in a foreign currency, and what it is worth in the books, of every document that has any."""
        names = {document.pk: name for name, document in self.documents.items()}
        items = OpenItem.objects.exclude(foreign_open=None).exclude(foreign_open=0, open=0).order_by("entry_id")
        found = [(names[one.document_id], one.entry.currency, one.foreign_open, one.open) for one in items]
        return found, [(row["单据"], row["币别"], number(row["外币未结"]), number(row["未结"])) for row in rows if row["单据"]]

    def statements(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """The figures of the statements named, and what came of them."""
        results = {"waiting": "待回复", "confirmed": "已确认", "different": "有差异"}
        found, wanted = [], []
        for row in rows:
            document = Document.objects.get(pk=self.documents[row["单据"]].pk)
            booked = document.ext["closing_book"]
            amounts = [number(document.ext[name]) for name in ("opening", "closing")] + [None if booked is None else number(booked)]
            found.append((row["单据"], document.amount_gross, *amounts, results[document.ext["result"]]))
            booked = number(row["期末折本位币"]) if row["期末折本位币"] else None
            wanted.append((row["单据"], *(number(row[name]) for name in ("本期发生", "期初", "期末")), booked, row["结果"]))
        return found, wanted

    def stated_lines(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """The lines of the statements named: day, amount, balance, what it is worth in the book's currency."""
        found = []
        for name in dict.fromkeys(row["单据"] for row in rows):
            document = Document.objects.get(pk=self.documents[name].pk)
            for line in document.money_lines.filter(revision=document.revision):
                found.append((name, line.ext["entry_date"], line.amount, number(line.ext["balance"]), line.book_amount))
        wanted = []
        for row in rows:
            booked = number(row["折本位币"]) if row["折本位币"] else None
            wanted.append((row["单据"], day_of(row["日期"]).isoformat(), number(row["金额"]), number(row["余额"]), booked))
        return found, wanted

    def changed_since(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """What 对账后变动 shows: statement, currency, what was stated, what the books say."""
        names = {document.pk: name for name, document in self.documents.items()}
        report = registry.reports()["statement_changes"].run(self.company.viewer, {})
        found = [(names[row["document"]["id"]], row["currency"], number(row["closing"]), number(row["current"])) for row in report.rows]
        return found, [(row["单据"], row["币别"] or None, number(row["对账余额"]), number(row["账面余额"])) for row in rows if row["单据"]]

    def aged(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """What 账龄分析 shows of customers now: party, currency, in the book's and in its own."""
        report = registry.reports()["ageing"].run(self.company.viewer, {})
        found = [
            (row["party_name"], row.get("currency"), number(row["net"]), number(row.get("foreign_amount") or "0")) for row in report.rows
        ]
        return found, [(row["单位"], row["币别"] or None, number(row["净额"]), number(row["外币金额"])) for row in rows]

    def states(self, rows: list[Row]) -> tuple[list[Any], list[Any]]:
        """State, progress and number of the documents named."""
        found, wanted = [], []
        for row in rows:
            document = Document.objects.get(pk=self.documents[row["单据"]].pk)
            shown = {"状态": STATE_LABELS[State(document.state)], "执行": PROGRESS_LABELS[Progress(document.progress)]}
            shown.update({"单号": document.number or "", "价税合计": str(document.amount_gross), "税额": str(document.tax_amount)})
            shown["未税金额"] = str(document.amount_net)
            shown["物流"] = DELIVERY_LABELS[document.delivery_state] if document.delivery_state else ""
            named = [name for name in row if name != "单据"]
            same = {name for name in named if name in ("价税合计", "税额", "未税金额")}
            found.append((row["单据"], *(number(shown[name]) if name in same else shown[name] for name in named)))
            wanted.append((row["单据"], *(number(row[name]) if name in same else row[name] for name in named)))
        return found, wanted


COMPARED = {
    "预警": "alerts",
    "序列号": "serials",
    "库存": "stock",
    "辅助数量": "seconds",
    "成本池": "pools",
    "每笔成本": "costs",
    "内部结算": "internal",
    "内部结算明细": "internal_lines",
    "更正": "corrections",
    "科目余额": "accounts",
    "资金": "cash",
    "外币资金": "foreign_cash",
    "对账单": "statements",
    "对账明细": "stated_lines",
    "对账后变动": "changed_since",
    "账龄": "aged",
    "往来余额": "parties",
    "未结": "open_items",
    "逐笔未结": "single_items",
    "外币未结": "foreign_items",
    "单据": "states",
    "执行明细": "progress",
    "占用": "reserved",
    "发货跟踪": "deliveries",
    "物流记录": "deliveries_written",
    "运费结算": "freight",
}
