"""行数上限 A report that shows only its first rows says so, sums all of them, and gives all of them as a file."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from hengcang.analytics import report
from hengcang.meta import registry
from tests.analytics.test_reports_equal_books import TODAY, history, number
from tests.api.documents_world import world
from tests.ledger.histories import History
from tests.make import day

__all__ = ["history"]
SPAN = {"date_from": date(2026, 3, 1), "date_to": TODAY}
LIMIT = 3


def asked(history: History) -> list[tuple[str, dict[str, Any], int]]:
    """Every report, with parameters under which a history has many rows, and how many rows stand before the first."""
    company = history.company
    busiest = next(iter(company.items.values())).pk
    one_place = company.places["A"].pk
    return [
        ("stock_on_hand", {"by": "lot"}, 0),
        ("stock_card", {"item": busiest, **SPAN}, 1),
        ("stock_card", {"item": busiest, "place": one_place, **SPAN}, 1),
        ("stock_summary", SPAN, 0),
        ("party_ledger", {"party": company.customer.pk, "side": "customer", **SPAN}, 1),
        ("party_ledger", {"party": company.supplier.pk, "side": "supplier", **SPAN}, 1),
        ("open_items", {"side": "supplier"}, 0),
        ("open_items", {"side": "customer"}, 0),
        ("document_register", SPAN, 0),
    ]


@pytest.mark.django_db
def test_a_cut_report_has_the_sums_of_the_whole_and_a_file_has_every_row(history: History) -> None:
    cut = []
    for name, parameters, ahead in asked(history):
        run = registry.reports()[name].run
        whole = run(history.company.viewer, parameters)
        rows = list(whole.rows)
        assert not whole.truncated
        for limit in (1, LIMIT, len(rows) - ahead, len(rows)):
            part = run(history.company.viewer, parameters, limit)
            assert list(part.rows) == rows[: limit + ahead], (history.seed, name, limit)
            assert part.truncated == (len(rows) - ahead > limit)
            assert (part.totals, part.note) == (whole.totals, whole.note), (history.seed, name, limit)
        assert list(run(history.company.viewer, parameters, None).rows) == rows, (history.seed, name)
        cut += [name] if len(rows) > LIMIT + ahead else []
    assert {"stock_card", "party_ledger", "open_items", "document_register"} <= set(cut)


@pytest.mark.django_db
def test_the_closing_balance_of_a_cut_card_is_that_of_the_last_row_of_the_whole_one(history: History) -> None:
    for name, parameters, _ in asked(history):
        run = registry.reports()[name].run
        balances = [column for column in ("quantity", "value", "balance") if name in ("stock_card", "party_ledger")]
        last = list(run(history.company.viewer, parameters, None).rows)[-1] if balances else {}
        totals = run(history.company.viewer, parameters, 1).totals
        for column in balances:
            assert number(totals.get(column)) == number(last.get(column)), (history.seed, name, column)


@pytest.mark.django_db(transaction=True)  # a file is read by its own cursor, outside of any transaction
def test_the_wire_says_that_rows_were_left_out_and_both_files_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "ROW_LIMIT", LIMIT)
    one = world()
    for number_of_day in range(1, 9):
        one.company.receipt(day(number_of_day), "2", "5")
    item = one.company.item().pk
    path = f"/reports/stock_card?item={item}&date_from={day(1)}&date_to={day(9)}"
    shown = one.boss.get(path)
    assert (shown["truncated"], shown["limit"], shown["next"]) == (True, 3, None)
    assert [row["quantity"] for row in shown["rows"]] == ["0", "2", "4", "6"]
    assert shown["totals"] == {
        "quantity_in": "16", "quantity_out": "0", "value_in": "80", "value_out": "0", "quantity": "16", "value": "80",
    }  # fmt: skip

    _, text = one.boss.call("GET", f"{path}&format=csv")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert [Decimal(row["结存数量"]) for row in rows] == [2 * number_of_rows for number_of_rows in range(9)]
    _, content = one.boss.call("GET", f"{path}&format=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(sheet) == 10 and sheet[0][-2:] == ["结存数量", "结存金额"] and sheet[9][-2:] == [16, 80]

    few = one.boss.get(f"/reports/stock_card?item={item}&date_from={day(8)}&date_to={day(9)}")
    assert (few["truncated"], len(few["rows"]), few["totals"]["quantity"]) == (False, 2, "16")
