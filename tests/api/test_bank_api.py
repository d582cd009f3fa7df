"""银行对账接口: a bank's file goes in, proposals are taken, by who may change the report."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from hengcang.accounting.models import BankLine
from tests import make
from tests.api.conftest import Browser, person
from tests.make import day

FILE = "交易日期,收入,支出,对方户名\n2026-03-10,200.00,,顺达商行\n"


def send(browser: Browser, account: int, content: bytes, key: str = "") -> tuple[int, object]:
    """An upload as the browser makes it."""
    token = browser.client.cookies["csrftoken"].value
    answer = browser.client.post(
        f"/api/v1/reports/bank_reconciliation/import_lines?cash_account={account}",
        {"file": SimpleUploadedFile("a.csv", content)},
        headers={"X-CSRFToken": token, **({"Idempotency-Key": key} if key else {})},
    )
    return answer.status_code, answer.json()


def test_a_bank_file_is_taken_and_its_proposals_become_drafts(admin: Browser) -> None:
    company = make.company()
    company.receipt(day(1), "100", "5")
    sale = company.delivery(day(2), "10")
    account = company.bank.pk
    actions = admin.get("/meta")["reports"]["bank_reconciliation"]["actions"]
    assert [(one["name"], one["file"]) for one in actions] == [("import_lines", True), ("confirm", False)]
    assert send(admin, account, FILE.encode("gbk")) == (200, {"message": "读到 1 笔流水，新增 1 笔，0 笔已有。"})
    (row,) = admin.get(f"/reports/bank_reconciliation?cash_account={account}")["rows"]
    assert (row["state"], row["document"]["id"], row["amount_in"]) == ("proposed", sale.pk, "200")
    reader = person("reader", [("bank_reconciliation", "view"), ("cash_account", "view")])
    assert reader.get("/meta")["reports"]["bank_reconciliation"]["actions"] == []
    assert reader.call("POST", f"/reports/bank_reconciliation/confirm?cash_account={account}", {})[0] == 403
    status, body = admin.call("POST", f"/reports/bank_reconciliation/confirm?cash_account={account}", {})
    assert status == 200 and "1 张收付款草稿" in body["message"]
    (row,) = admin.get(f"/reports/bank_reconciliation?cash_account={account}")["rows"]
    assert (row["state"], row["document"]["type"]) == ("settled", "incoming_payment")
    assert send(admin, account, b"x,y\n1,2\n")[0] == 422


def test_what_is_sent_twice_with_its_key_takes_effect_once(admin: Browser) -> None:
    company = make.company()
    company.receipt(day(1), "100", "5")
    company.delivery(day(2), "10")
    account = company.bank.pk
    first = send(admin, account, FILE.encode(), "k1")
    assert send(admin, account, FILE.encode(), "k1") == first == (200, {"message": "读到 1 笔流水，新增 1 笔，0 笔已有。"})
    assert send(admin, account, FILE.replace("200", "300").encode(), "k1")[0] == 422
    path = f"/reports/bank_reconciliation/confirm?cash_account={account}"
    told = admin.call("POST", path, {}, key="k2")
    assert admin.call("POST", path, {}, key="k2") == told and "1 张收付款草稿" in told[1]["message"]


def test_who_is_kept_from_the_bank_takes_none_of_its_actions(admin: Browser) -> None:
    company = make.company()
    company.receipt(day(1), "100", "5")
    company.delivery(day(2), "10")
    account = company.bank.pk
    send(admin, account, FILE.encode())
    rights = [("bank_reconciliation", "*"), ("cash_account", "view"), ("incoming_payment", "*")]
    for who in (person("masked", rights, masks=("cost",)), person("limited", rights, scopes=[("warehouse", company.places["A"].pk)])):
        assert who.get(f"/reports/bank_reconciliation?cash_account={account}")["rows"] == []
        status, problem = who.call("POST", f"/reports/bank_reconciliation/confirm?cash_account={account}", {})
        assert (status, problem["code"]) == (403, "kept_from_viewer") and "不能办理“确认全部建议”" in problem["message"], problem
        assert send(who, account, FILE.replace("200", "300").encode())[0] == 403
    assert BankLine.objects.filter(document=None).count() == BankLine.objects.count() == 1
