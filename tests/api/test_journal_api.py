"""导出分录接口: the journal as a file of the voucher report, for who may see all of it."""

from __future__ import annotations

from tests import make
from tests.api.conftest import Browser, person
from tests.make import day

SPAN = "date_from=2026-03-01&date_to=2026-03-31"


def test_the_voucher_report_gives_a_journal_to_who_may_export_it(admin: Browser) -> None:
    make.company().receipt(day(1), "10", "5")
    assert {one["format"] for one in admin.get("/meta")["reports"]["voucher_list"]["files"]} == {"hledger", "beancount"}
    text = admin.get(f"/reports/voucher_list?{SPAN}&format=beancount").decode()
    assert "Assets:1405-库存商品  50.00 CNY" in text and "2026-04-01 balance Assets:1405-库存商品  50.00 ~ 0.00 CNY" in text
    assert admin.call("GET", f"/reports/trial_balance?{SPAN}&format=hledger")[0] == 422
    reader = person("reader", [("voucher_list", "view")])
    assert reader.call("GET", f"/reports/voucher_list?{SPAN}&format=hledger")[0] == 403
    masked = person("masked", [("voucher_list", "view"), ("voucher_list", "export")], masks=["cost"])
    status, body = masked.call("GET", f"/reports/voucher_list?{SPAN}&format=hledger")
    assert status == 422 and "1405" not in str(body)
