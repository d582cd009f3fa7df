"""银行对账: files of banks are kept once; proposals become marks and drafts, and posting these pays what is open."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.accounting import bank, bank_files
from hengcang.accounting.models import BankLine
from hengcang.base.book import change_book
from hengcang.base.models import AuditLog
from hengcang.core.errors import HengcangError, ImportRefused
from hengcang.documents import drafts
from hengcang.ledger.models import OpenItem
from hengcang.meta import registry
from hengcang.places.models import CashAccount
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
ICBC = """账号,6222
交易日期,摘要,借方发生额,贷方发生额,余额,对方户名,对方账号,交易流水号
2026-03-10,货款,,500.00,"1,500.00",顺达商行,622200001,A1
2026-03-11,付款,"120.00",,1380.00,明达五金,,A2
2026-03-12 09:30:00,货款,0.00,95.00,1475.00,顺达商行,,A3
合计,,120.00,595.00,,,,
"""
SIGNED = """记账日,交易金额（元）,借贷标志,对方名称,用途
20260310,500.00,贷,顺达商行,货款
20260311,120,借,明达五金,材料款
20260310,500.00,贷,顺达商行,货款
"""


def kept() -> list[tuple[Any, ...]]:
    """The lines that are kept."""
    rows = BankLine.objects.order_by("day", "id")
    return [(row.day.isoformat(), row.amount, row.name, row.account, row.text, row.serial, row.balance) for row in rows]


def test_a_file_is_kept_once_in_either_encoding() -> None:
    company = make.company()
    assert bank.import_lines(company.viewer, company.bank.pk, "a.csv", ICBC.encode("gbk")) == (3, 3)
    assert bank.import_lines(company.viewer, company.bank.pk, "a.csv", ICBC.encode()) == (3, 0)
    longer = ICBC.replace("合计", "2026-03-12,利息,,1.00,1476.00,,,A4\n合计")
    assert bank.import_lines(company.viewer, company.bank.pk, "b.csv", longer.encode()) == (4, 1)
    assert kept()[:3] == [
        ("2026-03-10", Decimal(500), "顺达商行", "622200001", "货款", "A1", Decimal(1500)),
        ("2026-03-11", Decimal(-120), "明达五金", "", "付款", "A2", Decimal(1380)),
        ("2026-03-12", Decimal(95), "顺达商行", "", "货款", "A3", Decimal(1475)),
    ]


def test_signed_amounts_and_lines_alike_without_numbers() -> None:
    company = make.company()
    assert bank.import_lines(company.viewer, company.bank.pk, "c.csv", SIGNED.encode()) == (3, 3)
    assert bank.import_lines(company.viewer, company.bank.pk, "c.csv", SIGNED.encode()) == (3, 0)
    assert [row[:3] for row in kept()] == [
        ("2026-03-10", Decimal(500), "顺达商行"), ("2026-03-10", Decimal(500), "顺达商行"), ("2026-03-11", Decimal(-120), "明达五金"),
    ]  # fmt: skip


def test_an_excel_file_reads_alike() -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    date_form = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, cell in enumerate(("交易时间", "收入金额", "支出金额", "账户余额", "对方户名", "对方账号")):
        sheet.write(0, at, cell)
    sheet.write_datetime(1, 0, make.START, date_form)
    sheet.write_row(1, 1, [12.34, "", 100.5, "顺达商行", 6222000011112222])
    book.close()
    (line,) = bank_files.read("a.xlsx", file.getvalue())
    assert (line.day, line.amount, line.balance, line.account) == (make.START, Decimal("12.34"), Decimal("100.50"), "6222000011112222")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("甲,乙\n1,2\n", "找不到表头"),
        ("交易日期,收入,支出\n三月,5,\n", "第 2 行的日期“三月”看不懂"),
        ("交易日期,收入,支出\n2026-03-01,五元,\n", "第 2 行的收入“五元”不是金额"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_row_and_nothing_is_kept(text: str, told: str) -> None:
    company = make.company()
    with pytest.raises(ImportRefused) as refused:
        bank.import_lines(company.viewer, company.bank.pk, "a.csv", text.encode())
    assert told in refused.value.message()
    assert kept() == []


def report(company: Company, **more: Any) -> list[tuple[Any, ...]]:
    """State, documents and confidence by line."""
    shown = registry.reports()["bank_reconciliation"].run(company.viewer, {"cash_account": company.bank.pk, **more})
    return [(row["state"], row.get("documents"), row.get("confidence")) for row in shown.rows]


def traded(company: Company) -> tuple[Document, Document, Document]:
    """A sale of 500, one of 100, a payment to the supplier that is booked."""
    company.receipt(day(1), "100", "5")
    sales = [company.delivery(day(2), quantity, price="10") for quantity in ("50", "10")]
    paid = company.posted("outgoing_payment", day(9), [{"cash_account": company.bank.pk, "amount": "120"}], party=company.supplier.pk)
    return sales[0], sales[1], paid


def test_what_has_one_explanation_is_proposed_and_taken() -> None:
    company = make.company()
    large, small, paid = traded(company)
    bank.import_lines(company.viewer, company.bank.pk, "a.csv", ICBC.encode())
    assert report(company) == [("proposed", large.number, 98), ("proposed", "", 100), ("proposed", small.number, 90)]
    assert bank.confirm(company.viewer, company.bank.pk) == (1, 2)
    assert [row[0] for row in report(company)] == ["settled"] * 3
    lines = {line.serial: line for line in BankLine.objects.all()}
    assert (lines["A2"].document_id, lines["A2"].rule) == (paid.pk, "booked")
    for serial in ("A1", "A3"):
        draft = lines[serial].document
        assert draft is not None and draft.state == "draft"
        company.act(draft)
    assert lines["A3"].document is not None and lines["A3"].document.discount_amount == 5
    assert [item.open for item in OpenItem.objects.filter(document__in=[large, small])] == [0, 0]
    assert bank.confirm(company.viewer, company.bank.pk) == (0, 0), "once"


def test_what_is_deleted_or_undone_is_open_again_and_unknown_payers_wait() -> None:
    company = make.company()
    traded(company)
    bank.import_lines(company.viewer, company.bank.pk, "a.csv", ICBC.replace("顺达商行,622200001", "王小明,").encode())
    assert report(company)[0][0] == "waiting"
    bank.confirm(company.viewer, company.bank.pk)
    draft = BankLine.objects.get(serial="A3").document
    assert draft is not None
    drafts.delete(company.viewer, registry.document(draft.type), draft.pk)
    assert report(company)[2][0] == "proposed"
    paid = BankLine.objects.get(serial="A2").document
    assert paid is not None
    company.act(paid, "reverse")
    assert report(company)[1][0] == "waiting"


def test_a_payment_that_is_opened_again_frees_its_line_once_it_is_posted_anew_or_voided() -> None:
    company = make.company()
    traded(company)
    bank.import_lines(company.viewer, company.bank.pk, "a.csv", ICBC.encode())
    bank.confirm(company.viewer, company.bank.pk)
    line = BankLine.objects.select_related("document").get(serial="A2")
    paid, draft = line.document, BankLine.objects.select_related("document").get(serial="A1").document
    assert paid is not None and draft is not None and (line.revision, paid.revision) == (0, 0)
    company.act(paid, "unpost")
    assert report(company)[1] == ("settled", None, None), "in hand: nobody is to draft a second one"
    money = list(paid.money_lines.filter(revision=paid.revision).values("id", "cash_account"))
    raw = {"money_lines": [{"id": one["id"], "amount": "130"} for one in money]}
    drafts.save(company.viewer, registry.document(paid.type), paid.pk, {"version": paid.version, **raw})
    paid.refresh_from_db()
    company.act(paid)
    assert report(company)[1][0] == "waiting", "130 is not the 120 that the bank says"
    company.act(paid, "unpost")
    assert report(company)[1][0] == "waiting", "it stood against the first revision"
    company.act(draft)
    company.act(draft, "unpost")
    assert report(company)[0][0] == "settled"
    company.act(draft)
    assert report(company)[0] == ("proposed", "", 100), "as booked money"
    assert bank.confirm(company.viewer, company.bank.pk) == (1, 0)
    kept_line = BankLine.objects.get(serial="A1")
    assert (kept_line.document_id, kept_line.revision, kept_line.rule) == (draft.pk, 1, "booked")
    company.act(draft, "unpost")
    company.act(draft, "void")
    assert report(company)[0][0] == "proposed"


@pytest.mark.parametrize(
    ("changed", "posted"),
    [
        ([{"amount": "400"}], "400"),
        ([{"amount": "500", "cash_account": "T1"}], "0"),
    ],
)
def test_a_drafted_payment_that_moves_another_amount_does_not_settle_its_line(changed: list[dict[str, str]], posted: str) -> None:
    company = make.company()
    till = CashAccount.objects.create(code="T1", name="现金", kind="cash")
    traded(company)
    bank.import_lines(company.viewer, company.bank.pk, "a.csv", ICBC.encode())
    bank.confirm(company.viewer, company.bank.pk)
    draft = BankLine.objects.select_related("document").get(serial="A1").document
    assert draft is not None
    lines = [{"cash_account": till.pk if "cash_account" in one else company.bank.pk, "amount": one["amount"]} for one in changed]
    drafts.save(company.viewer, registry.document(draft.type), draft.pk, {"version": draft.version, "money_lines": lines})
    (told,) = company.act(draft)["warnings"]
    assert told["code"] == "bank_line_freed"
    assert f"“基本户”2026-03-10 的一笔流水（顺达商行 500），审核的金额却是 {posted}，" in told["message"].replace("生成的", "", 1)
    line = BankLine.objects.get(serial="A1")
    assert (line.document_id, line.rule, line.revision) == (None, "", 0)
    assert report(company)[0][0] == "proposed", "the sale of 500 is still open"
    kept = AuditLog.objects.filter(object_type="bank_reconciliation").latest("id").changes
    assert json.loads(kept)[0]["after"] == {"lines": [line.pk]}
    company.act(draft, "unpost")
    assert report(company)[0][0] == "proposed"


def test_an_amount_in_two_parts_and_another_day_still_settle_the_line() -> None:
    company = make.company()
    traded(company)
    bank.import_lines(company.viewer, company.bank.pk, "a.csv", ICBC.encode())
    bank.confirm(company.viewer, company.bank.pk)
    draft = BankLine.objects.select_related("document").get(serial="A1").document
    assert draft is not None
    lines = [{"cash_account": company.bank.pk, "amount": amount} for amount in ("300", "200")]
    raw = {"version": draft.version, "document_date": "2026-03-12", "money_lines": lines}
    drafts.save(company.viewer, registry.document(draft.type), draft.pk, raw)
    assert company.act(draft)["warnings"] == []
    assert report(company)[0] == ("settled", None, None)


def test_how_far_days_and_fees_may_go_is_the_books_to_say() -> None:
    company = make.company()
    traded(company)
    bank.import_lines(company.viewer, company.bank.pk, "a.csv", ICBC.encode())
    assert [row[0] for row in report(company)] == ["proposed"] * 3
    change_book(bank_fee_limit=Decimal("4.99"), bank_days=2)
    assert [row[0] for row in report(company)] == ["proposed", "proposed", "waiting"]
    change_book(bank_fee_limit=Decimal("5"), bank_days=1)
    assert [row[0] for row in report(company)] == ["proposed", "waiting", "proposed"]


def test_an_account_in_dollars_is_matched_in_dollars() -> None:
    company = make.company()
    dollar, account = make.dollars(company, {1: "7"})
    company.receipt(day(1), "100", "5")
    line = {"item": company.item().pk, "quantity": "10", "unit_price_net": "10"}
    header = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    own = company.posted("sales_delivery", day(2), [{**line, "unit_price_net": "70"}], **header)
    sold = company.posted("sales_delivery", day(3), [{**line, "quantity": "20"}], currency=dollar.pk, **header)
    paid = company.posted(
        "outgoing_payment", day(9), [{"cash_account": account.pk, "amount": "120"}], party=company.supplier.pk, currency=dollar.pk
    )
    file = "交易日期,收入,支出,对方户名\n2026-03-10,700,,顺达商行\n2026-03-10,200,,顺达商行\n2026-03-11,,120,明达五金\n"
    bank.import_lines(company.viewer, account.pk, "a.csv", file.encode())
    assert report(company, cash_account=account.pk) == [("waiting", "", None), ("proposed", sold.number, 98), ("proposed", "", 100)]
    assert bank.confirm(company.viewer, account.pk) == (1, 1)
    marked, drafted = (BankLine.objects.select_related("document").get(amount=amount).document for amount in (-120, 200))
    assert marked == paid and drafted is not None and drafted.currency_id == dollar.pk
    company.act(drafted)
    assert {item.document_id: item.open for item in OpenItem.objects.filter(document__in=[own, sold])} == {own.pk: 700, sold.pk: 0}


def test_a_state_is_asked_for_before_the_page_is_cut() -> None:
    company = make.company()
    traded(company)
    bank.import_lines(company.viewer, company.bank.pk, "a.csv", ICBC.encode())
    bank.confirm(company.viewer, company.bank.pk)
    rows = "".join(f"2026-03-{at + 13},{at + 1}.50,,王小明\n" for at in range(3))
    bank.import_lines(company.viewer, company.bank.pk, "b.csv", f"交易日期,收入,支出,对方户名\n{rows}".encode())
    run = registry.reports()["bank_reconciliation"].run
    for state, found, total in (("waiting", 3, "7.5"), ("settled", 3, "595"), ("", 6, "602.5")):
        page = run(company.viewer, {"cash_account": company.bank.pk, "state": state}, 2)
        assert (len(page.rows), page.truncated, page.totals["amount_in"]) == (2, True, total)
        assert len(list(run(company.viewer, {"cash_account": company.bank.pk, "state": state}, None).rows)) == found
    page = run(company.viewer, {"cash_account": company.bank.pk, "state": "waiting", "date_to": day(14)}, 2)
    assert (len(page.rows), page.truncated) == (2, False)


def test_matching_takes_as_few_statements_however_many_lines_there_are() -> None:
    company = make.company()
    traded(company)
    counts = []
    for count in (1, 60):
        rows = "".join(f"2026-03-{at % 28 + 1:02},{at + 1}.50,,顺达商行\n" for at in range(count))
        bank.import_lines(company.viewer, company.bank.pk, "a.csv", f"交易日期,收入,支出,对方户名\n{rows}".encode())
        with CaptureQueriesContext(connection) as captured:
            report(company)
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1] <= 6


def test_who_may_not_see_prices_sees_no_money_of_the_bank_and_may_not_pay() -> None:
    company = make.company()
    traded(company)
    bank.import_lines(company.viewer, company.bank.pk, "a.csv", ICBC.encode())
    masked = registry.reports()["bank_reconciliation"].run(Viewer(1, "甲", masks=frozenset({"cost"})), {"cash_account": company.bank.pk})
    assert list(masked.rows) == []
    with pytest.raises(HengcangError):
        bank.confirm(Viewer(company.viewer.user_id, "甲"), company.bank.pk)
    assert not BankLine.objects.exclude(document=None).exists()
