"""报表 What a report says of itself."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Route, expect

from tests.e2e.screen import Screen


def cut(route: Route) -> None:
    """The server's answer as it would be if there were more rows than are shown."""
    answer = route.fetch()
    route.fulfill(response=answer, body=json.dumps({**answer.json(), "truncated": True, "limit": 20000}))


def test_a_report_that_leaves_rows_out_says_so_and_how_to_get_them(screen: Screen) -> None:
    page = screen.page
    receipt = screen.receipt("M8", "12", "0.5")
    path = f"/reports/stock_card?item={receipt['goods_lines'][0]['item']['id']}"
    screen.open(path)
    report = page.get_by_test_id("report-stock_card")
    expect(report.get_by_role("link", name=receipt["number"])).to_be_visible()
    expect(report.get_by_test_id("report-truncated")).to_have_count(0)
    foot = report.locator(".hc-table-foot")
    last = report.get_by_role("row").filter(has_text=receipt["number"]).get_by_role("gridcell")
    assert foot.get_by_role("gridcell").all_inner_texts()[-2:] == last.all_inner_texts()[-2:]  # the card closes at its last row

    page.route(re.compile(r"/api/v1/reports/stock_card"), cut)
    screen.open(path)
    expect(report.get_by_test_id("report-truncated")).to_have_text(
        "只显示前 20,000 行，请缩小期间等条件，或用“导出”取得全部行。合计与期末结存按全部行计算。"
    )
    expect(report.locator(".hc-status")).to_have_text(re.compile(r"\d+\+ 行"))
