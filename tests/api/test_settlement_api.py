"""结算接口 The documents of money over the wire: what each takes, books, shows, lets undo and refuses."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hengcang.parties.models import Party
from tests.api.documents_world import World, faults, world
from tests.faults.test_every_statement import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> World:
    return world()


def cash(at: World, amount: str) -> dict[str, Any]:
    """A line of cash."""
    return {"cash_account": at.company.bank.pk, "amount": amount}


def booked(at: World, collection: str, document: Any) -> dict[str, str]:
    """What a document booked, by account: debit positive."""
    found: dict[str, Any] = {}
    for posting in at.boss.get(f"/{collection}/{document['id']}/postings"):
        for entry in posting["entries"]:
            found.setdefault(entry["account"], []).append(entry["amount"])
    return {account: "+".join(amounts) for account, amounts in found.items()}


def act(at: World, collection: str, document: Any, name: str, status: int = 200) -> Any:
    """A transition."""
    answer = at.boss.call("POST", f"/{collection}/{document['id']}/{name}", {"reason": "试"})
    assert answer[0] == status, answer
    return answer[1]


def clearing(at: World, *lines: tuple[Any, str, str], **header: Any) -> dict[str, Any]:
    """The body of a clearing of (document, control account, amount)."""
    body = {"document_date": "2026-03-09", "party": at.company.customer.pk, "kind": "advance_receivable", **header}
    named = [{"cleared_document": one["id"], "control": control, "amount": amount} for one, control, amount in lines]
    return {**body, "money_lines": named}


def open_items(at: World, side: str = "customer") -> list[tuple[int, str, str]]:
    """Document, control account and what can be cleared of each open item."""
    rows = at.boss.get(f"/reports/open_items?side={side}")["rows"]
    return [(row["document"]["id"], row["control"], row["clearable"]) for row in rows]


def test_an_advance_is_offered_cleared_against_a_later_delivery_and_given_back(at: World) -> None:
    at.posted("purchase_receipts", [at.line("10")])
    advance = at.posted("incoming_payments", [cash(at, "8")], on=2)
    sold = at.posted("sales_deliveries", on=3)
    assert sorted(open_items(at)) == sorted([(advance["id"], "customer_advance", "8"), (sold["id"], "receivable", "10")])
    status, made = at.boss.call("POST", "/clearings", clearing(at, (advance, "customer_advance", "8"), (sold, "receivable", "8")))
    assert status == 201 and made["amount_gross"] == "8" and made["label"].startswith("草稿"), made
    preview = at.boss.get(f"/clearings/{made['id']}/preview")
    assert preview["refusal"] is None and len(preview["postings"][0]["entries"]) == 2
    posted = act(at, "clearings", made, "post")
    assert (posted["number"], posted["kind"]) == ("HX-20260309-0001", "advance_receivable")
    assert booked(at, "clearings", posted) == {"2203": "8", "1122": "-8"}
    assert open_items(at) == [(sold["id"], "receivable", "2")]
    chain = at.boss.get(f"/clearings/{made['id']}/trace")
    assert {one["id"] for one in chain["documents"]} >= {advance["id"], sold["id"], made["id"]}
    refused = act(at, "incoming_payments", advance, "unpost", 422)
    assert refused["code"] == "named_by_documents" and "HX-20260309-0001" in refused["message"]
    red = act(at, "clearings", made, "reverse")
    assert red["state"] == "reversed"
    assert sorted(open_items(at)) == sorted([(advance["id"], "customer_advance", "8"), (sold["id"], "receivable", "10")])
    act(at, "incoming_payments", advance, "unpost")
    rows = at.boss.get("/clearings?totals=1&sort=id")
    assert [(row["number"], row["state"], row["amount_gross"]) for row in rows["rows"]] == [
        ("HX-20260309-0001", "reversed", "8"),
        (at.boss.get("/clearings?sort=-id")["rows"][0]["number"], "posted", "-8"),
    ]
    assert rows["totals"]["amount_gross"] == "0"


def test_a_clearing_that_cannot_be_says_why_and_does_nothing(at: World) -> None:
    at.posted("purchase_receipts", [at.line("10")])
    advance = at.posted("incoming_payments", [cash(at, "8")], on=2)
    sold = at.posted("sales_deliveries", on=3)
    foreign = Party.objects.create(code="C2", name="别家", is_customer=True)
    wanted = [
        (clearing(at, (advance, "customer_advance", "8"), (sold, "receivable", "7.5")), "clearing_unbalanced", "money_lines"),
        (clearing(at, (advance, "customer_advance", "9"), (sold, "receivable", "9")), "over_clearing", "money_lines.0.amount"),
        (clearing(at, (sold, "customer_advance", "8")), "clearing_mismatch", "money_lines.0.cleared_document"),
        (clearing(at, (sold, "receivable", "8"), party=foreign.pk), "clearing_mismatch", "money_lines.0.cleared_document"),
        (clearing(at, (sold, "receivable", "8"), kind="advance_payable"), "control_unfit", "money_lines.0.control"),
        (clearing(at, (sold, "receivable", "8"), kind="bad_debt"), "field_required", "reason"),
        (clearing(at, (sold, "receivable", "8"), kind="receivable_transfer"), "field_required", "target_customer"),
        (clearing(at, (sold, "receivable", "8"), document_date="2026-03-02"), "dated_before_source", "document_date"),
    ]
    for body, code, path in wanted:
        status, made = at.boss.call("POST", "/clearings", body)
        assert status == 201, made
        before = everything()
        refused = act(at, "clearings", made, "post", 422)
        assert (refused["code"], faults(refused)) == (code, [(path, code)]), refused
        assert everything() == before
    status, problem = at.boss.call("POST", "/clearings", {**clearing(at), "money_lines": [{"amount": "1"}], "kind": "x"})
    assert status == 422 and faults(problem) == [
        ("kind", "field_invalid"),
        ("money_lines.0.cleared_document", "field_required"),
        ("money_lines.0.control", "field_required"),
    ]


def test_the_limit_of_write_offs_is_a_setting_of_the_book(at: World) -> None:
    at.posted("purchase_receipts", [at.line("10")])
    sold = at.posted("sales_deliveries", on=3)
    assert at.boss.get("/book")["write_off_limit"] == "100"
    assert at.boss.call("PUT", "/book", {"write_off_limit": "-1"})[0] == 422
    assert at.boss.call("PUT", "/book", {"write_off_limit": "9.99"})[1]["write_off_limit"] == "9.99"
    body = clearing(at, (sold, "receivable", "10"), kind="bad_debt", reason="倒闭")
    made = at.boss.call("POST", "/clearings", body)[1]
    refused = act(at, "clearings", made, "post", 422)
    assert (refused["code"], refused["params"]) == ("write_off_too_large", {"amount": "10", "limit": "9.99", "excess": "0.01"})
    assert at.boss.call("PUT", "/book", {"write_off_limit": "10"})[0] == 200
    act(at, "clearings", made, "post")
    assert booked(at, "clearings", made) == {"1122": "-10", "5711": "10"} and open_items(at) == []


def category(at: World, name: str) -> int:
    """The id of a seeded category of expense or income."""
    rows = at.boss.get(f"/expense_categories/options?search={name}")["rows"]
    return int(next(row["id"] for row in rows if row["label"] == name))


def test_an_expense_is_paid_in_part_and_the_rest_by_the_payment_it_is_converted_to(at: World) -> None:
    rent, freight = category(at, "房租"), category(at, "运费")
    lines = [{"category": freight, **cash(at, "20")}, {"category": rent, "amount": "1000", "remark": "十一月"}]
    body = {"document_date": "2026-03-05", "party": at.company.supplier.pk, "money_lines": lines}
    status, made = at.boss.call("POST", "/expenses", body)
    assert status == 201 and (made["amount_gross"], made["due_date"]) == ("1020", "2026-04-04")
    assert [(line["category"]["label"], line["cash_account"] and line["cash_account"]["label"]) for line in made["money_lines"]] == [
        ("运费", "基本户"),
        ("房租", None),
    ]
    posted = act(at, "expenses", made, "post")
    assert booked(at, "expenses", posted) == {"5601": "20", "1002": "-20", "5602": "1000", "2241": "-1000"}
    assert open_items(at, "supplier") == [(made["id"], "other_payable", "1000")]
    where = quote(f'[{{"field": "money_lines.category", "op": "eq", "value": {rent}}}]')
    assert [row["id"] for row in at.boss.get(f"/expenses?where={where}")["rows"]] == [made["id"]]
    status, payment = at.boss.call("POST", f"/expenses/{made['id']}/convert/outgoing_payment", {})
    assert status == 201 and [line["amount"] for line in payment["money_lines"]] == ["1000", "1000"]
    act(at, "outgoing_payments", payment, "post")
    assert booked(at, "outgoing_payments", payment) == {"1002": "-1000", "2241": "1000"} and open_items(at, "supplier") == []
    ledger = at.boss.get(f"/reports/party_ledger?side=supplier&party={at.company.supplier.pk}&date_from=2026-03-01&date_to=2026-12-31")
    assert [(row["account"], row.get("debit"), row.get("credit"), row["balance"]) for row in ledger["rows"][1:]] == [
        ("其他应付款", None, "1000", "-1000"),
        ("其他应付款", "1000", None, "0"),
    ]


def test_income_that_nobody_owes_and_expenses_of_the_wrong_kind_are_refused(at: World) -> None:
    interest = category(at, "利息收入")
    body = {"document_date": "2026-03-05", "money_lines": [{"category": interest, "amount": "3"}]}
    status, problem = at.boss.call("POST", "/expenses", body)
    assert (status, faults(problem)) == (422, [("money_lines.0.category", "field_invalid")])
    made = at.boss.call("POST", "/other_incomes", body)[1]
    before = everything()
    refused = act(at, "other_incomes", made, "post", 422)
    assert faults(refused) == [("money_lines.0.cash_account", "owed_to_nobody")] and everything() == before
    status, saved = at.boss.call(
        "PUT", f"/other_incomes/{made['id']}", {"version": 1, "money_lines": [{"category": interest, **cash(at, "3")}]}
    )
    assert status == 200
    act(at, "other_incomes", saved, "post")
    assert booked(at, "other_incomes", saved) == {"5603.01": "-3", "1002": "3"}


def test_categories_book_to_accounts_of_their_direction_and_stay_while_they_are_used(at: World) -> None:
    status, problem = at.boss.call("POST", "/expense_categories", {"name": "卖废品", "direction": "income", "account": "5602"})
    assert (status, faults(problem)) == (422, [("account", "field_invalid")])
    assert "这个方向的项目可记入：其他业务收入、营业外收入、财务费用—利息" in problem["message"]
    status, made = at.boss.call("POST", "/expense_categories", {"name": "快递费", "direction": "expense", "account": "5601"})
    assert status == 201 and made["code"] == "SZ20"
    at.posted("expenses", [{"category": made["id"], **cash(at, "7")}])
    assert at.boss.call("DELETE", f"/expense_categories/{made['id']}")[1]["code"] == "in_use"
    english = at.boss.get("/meta", **{"Accept-Language": "en"})["masters"]["expense_category"]
    assert [one["label"] for one in english["fields"][3]["choices"]][:3] == ["Selling", "Administration", "Finance cost"]


def test_expenses_are_imported_from_a_file(at: World) -> None:
    rows = ("1,2026-03-02,,办公费,12.5,基本户,笔", "1,,,运费,30,B1,", "2,2026/3/3,S1,房租,900,,")
    text = "\n".join(("单据序号,单据日期,往来单位,收支项目,金额,结算账户,行备注", *rows))
    file = SimpleUploadedFile("费用.csv", text.encode())
    token = at.boss.client.cookies["csrftoken"].value
    answer = at.boss.client.post("/api/v1/expenses/import", {"file": file}, headers={"X-CSRFToken": token}).json()
    assert (answer["created"], answer["errors"]) == (2, [])
    made = at.boss.get("/expenses?sort=id&columns=amount_gross,party")["rows"]
    assert [(row["amount_gross"], row["party"] and row["party"]["code"]) for row in made] == [("42.5", None), ("900", "S1")]


def test_cash_is_transferred_with_a_fee_that_may_be_left_empty(at: World) -> None:
    till = at.boss.call("POST", "/cash_accounts", {"name": "现金", "kind": "cash"})[1]["id"]
    lines = [{"cash_account": at.company.bank.pk, "target_account": till, "amount": "30", "fee": fee} for fee in ("0.5", None, "")]
    made = at.posted("cash_transfers", lines)
    assert (made["number"], made["amount_gross"]) == ("ZJZZ-20260301-0001", "90")
    assert booked(at, "cash_transfers", made) == {"1001": "30+30+30", "5603.04": "0.5", "1002": "-30.5+-30+-30"}
    assert [line["fee"] for line in made["money_lines"]] == ["0.5", "0", "0"]
    same = at.made("cash_transfers", [{"cash_account": till, "target_account": till, "amount": "1"}])
    before = everything()
    refused = act(at, "cash_transfers", same, "post", 422)
    assert faults(refused) == [("money_lines.0.target_account", "same_account")] and everything() == before
    act(at, "cash_transfers", made, "unpost")
    act(at, "cash_transfers", made, "post")
    red = act(at, "cash_transfers", made, "reverse")
    assert red["state"] == "reversed" and at.boss.get("/cash_transfers?totals=1")["totals"]["amount_gross"] == "1"
    rows = at.boss.get("/cash_transfers?sort=-id")["rows"]
    lines = at.boss.get(f"/cash_transfers/{rows[0]['id']}")["money_lines"]
    assert [(line["amount"], line["fee"]) for line in lines] == [("-30", "-0.5"), ("-30", "0"), ("-30", "0")]


def test_a_picker_offers_what_its_own_field_takes(at: World) -> None:
    Party.objects.create(code="SC", name="两头", is_supplier=True, is_customer=True)

    def offered(path: str) -> list[str]:
        return [row["code"] for row in at.boss.get(path)["rows"]]

    parties = "/parties/options?document_type=clearing"
    assert offered(parties) == offered(f"{parties}&field=party") == ["C1", "S1", "SC"]
    assert offered(f"{parties}&field=target_customer") == ["C1", "SC"]
    assert offered(f"{parties}&field=target_supplier") == ["S1", "SC"]
    assert offered("/parties/options?document_type=expense&field=party") == ["S1", "SC"]
    categories = "/expense_categories/options?limit=50&document_type="
    assert [len(offered(categories + name)) for name in ("expense", "other_income", "nothing")] == [14, 5, 19]


def imported(at: World, collection: str, head: str, *rows: str) -> Any:
    """The answer to a CSV of these rows."""
    file = SimpleUploadedFile("期初.csv", "\n".join((head, *rows)).encode())
    token = at.boss.client.cookies["csrftoken"].value
    return at.boss.client.post(f"/api/v1/{collection}/import", {"file": file}, headers={"X-CSRFToken": token}).json()


def test_opening_debts_are_imported_posted_paid_and_shown_by_party(at: World) -> None:
    Party.objects.create(code="C2", name="利民超市", is_customer=True, payment_days=10)
    head = "单据序号,单据日期,客户,金额,原单号,原单日期,到期日,行备注"
    answer = imported(
        at, "opening_receivables", head, "1,2026-02-28,C1,300,A-1,2026/1/5,,老账", "1,,利民超市,40.5,,,", "1,,C1,20,,,2026-03-09"
    )
    assert (answer["created"], answer["errors"]) == (1, [])
    [row] = at.boss.get("/opening_receivables")["rows"]
    made = at.boss.get(f"/opening_receivables/{row['id']}")
    assert made["amount_gross"] == "360.5" and [(line["party"]["code"], line["due_date"]) for line in made["money_lines"]] == [
        ("C1", "2026-02-04"),
        ("C2", "2026-03-10"),
        ("C1", "2026-03-09"),
    ]
    posted = act(at, "opening_receivables", made, "post")
    assert booked(at, "opening_receivables", posted) == {"1122": "300+40.5+20", "3103.99": "-360.5"}
    lines = [cash(at, "310"), {"cleared_document": made["id"], "amount": "310"}]
    at.posted("incoming_payments", lines, on=2)
    rows = at.boss.get("/reports/open_items?side=customer")["rows"]
    assert [(row["party_code"], row["due_date"], row["open"]) for row in rows] == [("C1", "2026-03-09", "10"), ("C2", "2026-03-10", "40.5")]
    ledger = at.boss.get(f"/reports/party_ledger?party={at.company.customer.pk}&date_from=2026-02-01&date_to=2026-12-31")
    assert [(row["balance"], row.get("remark")) for row in ledger["rows"]] == [("0", None), ("300", "老账"), ("320", ""), ("10", "")]
    assert {one["name"]: one["value"] for one in at.boss.get("/home")["figures"]}["receivable"] == "50.5"
    where = quote(f'[{{"field": "money_lines.party", "op": "eq", "value": {at.company.customer.pk}}}]')
    assert [row["id"] for row in at.boss.get(f"/opening_receivables?where={where}")["rows"]] == [made["id"]]
    refused = imported(at, "opening_payables", "单据序号,供应商,金额", "1,C1,5")
    assert refused["created"] == 0 and refused["errors"][0]["code"] == "field_invalid"


def test_opening_advances_and_cash_stand_where_they_belong(at: World) -> None:
    customer, supplier = at.company.customer.pk, at.company.supplier.pk
    wanted = (
        ("opening_payables", {"party": supplier, "amount": "70"}, {"2202": "-70", "3103.99": "70"}, "supplier", "payable"),
        ("opening_customer_advances", {"party": customer, "amount": "8"}, {"2203": "-8", "3103.99": "8"}, "customer", "customer_advance"),
        ("opening_supplier_advances", {"party": supplier, "amount": "9"}, {"1123": "9", "3103.99": "-9"}, "supplier", "supplier_advance"),
        ("opening_cash", cash(at, "500"), {"1002": "500", "3103.99": "-500"}, "", ""),
    )
    for collection, line, books, side, control in wanted:
        made = at.posted(collection, [line])
        assert booked(at, collection, made) == books
        if side:
            assert (made["id"], control, line["amount"]) in open_items(at, side)
        assert act(at, collection, made, "unpost")["state"] == "draft"
        act(at, collection, made, "post")
        assert act(at, collection, made, "reverse")["state"] == "reversed"
    assert open_items(at) == open_items(at, "supplier") == []


def test_ageing_and_cash_are_shown_to_whom_they_concern_and_lead_to_the_documents(at: World) -> None:
    at.posted("purchase_receipts", [at.line("10")])
    at.posted("sales_deliveries", on=2)
    at.posted("opening_cash", [cash(at, "100")])
    ageing = at.boss.get("/reports/ageing?side=customer&day=2026-05-20")
    [row] = ageing["rows"]
    assert (row["party_name"], row["owed"], row["days_60"], ageing["totals"]["net"]) == ("顺达商行", "10", "10", "10")
    drill = next(one["drill"] for one in ageing["columns"] if one["name"] == "owed")
    path = "&".join(f"{name}={row[key]}" for name, key in drill["parameters"].items() if row[key] is not None)
    [item] = at.boss.get(f"/reports/{drill['report']}?{path}")["rows"]
    assert (item["open"], item["overdue_days"], item["document"]["type"]) == ("10", 49, "sales_delivery")
    [balance] = at.boss.get("/reports/cash_balances?date_from=2026-03-01&date_to=2026-03-31")["rows"]
    assert (balance["account_name"], balance["opening"], balance["amount_in"], balance["balance"]) == ("基本户", "0", "100", "100")
    file = at.boss.client.get("/api/v1/reports/ageing?side=customer&format=csv&day=2026-05-20")
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("编码,往来单位,未结合计,未到期,逾期 1–30 天") and lines[1].startswith("C1,顺达商行,10,")
    buyer = at.worker("li", "采购员")
    assert "销售价" in buyer.get("/reports/ageing?side=customer")["note"]
    assert [row["owed"] for row in buyer.get("/reports/ageing?side=supplier")["rows"]] == ["50"]
    assert buyer.call("GET", f"/reports/cash_ledger?cash_account={at.company.bank.pk}")[0] == 403
    assert at.boss.call("GET", "/reports/cash_ledger")[0] == 422


def test_clearings_are_imported_filtered_by_kind_and_printed_like_all_documents_of_money(at: World) -> None:
    at.posted("purchase_receipts", [at.line("10")])
    advance = at.posted("incoming_payments", [cash(at, "8")], on=2)
    sold = at.posted("sales_deliveries", on=3)
    head = "单据序号,核销类型,往来单位,单据日期,冲销原因,核销单据,往来科目,核销金额"
    first = f"1,预收冲应收,C1,2026-03-09,,{advance['number']},预收账款,8"
    answer = imported(
        at, "clearings", head, first, f"1,,,,,{sold['number']},应收账款,8", f"2,坏账核销,C1,2026-03-09,倒闭,{sold['number']},应收账款,2"
    )
    assert (answer["created"], answer["errors"]) == (2, [])
    where = quote('[{"field": "kind", "op": "eq", "value": "advance_receivable"}]')
    [row] = at.boss.get(f"/clearings?where={where}")["rows"]
    assert row["amount_gross"] == "8" and act(at, "clearings", row, "post")["state"] == "posted"
    for collection in (
        "clearings", "expenses", "other_incomes", "cash_transfers", "currency_exchanges", "opening_receivables", "opening_payables",
        "opening_customer_advances", "opening_supplier_advances", "opening_cash",
    ):  # fmt: skip
        made = at.made(collection, on=4)
        pdf = at.boss.client.get(f"/api/v1/{collection}/{made['id']}/print/standard")
        assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF"), collection
        copied = at.boss.call("POST", f"/{collection}/{made['id']}/copy")
        assert copied[0] == 201 and copied[1]["amount_gross"] == made["amount_gross"], collection
