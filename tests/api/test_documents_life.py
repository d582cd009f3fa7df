"""单据接口 The life of documents over the wire, with a real login and CSRF token: what each call answers and leaves behind."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from python_calamine import CalamineWorkbook

from hengcang.access.models import User
from hengcang.base.models import IdempotencyKey
from hengcang.catalog.models import Unit
from hengcang.documents import notes
from hengcang.records.models import Attachment, Comment, Document, GoodsLine, LineLink
from tests.api.conftest import Browser, person
from tests.api.documents_world import World, faults, world
from tests.faults.test_every_statement import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> World:
    return world()


def call(at: World, path: str, body: Any = None, method: str = "POST") -> Any:
    """The answer of a call that is taken."""
    status, answer = at.boss.call(method, path, body or {})
    assert status in (200, 201), answer
    return answer


def buttons(document: Any) -> set[str]:
    """What can be done with a document now."""
    return {one["name"] for one in document["allowed"] if one["enabled"]}


def test_a_draft_is_made_read_saved_refused_when_stale_and_deleted(at: World) -> None:
    made = at.made("purchase_receipts", [at.line("3", tax_rate="0.13"), at.line("1", unit_price_net="0.01")], remark="急")
    assert (made["state"], made["number"], made["version"], made["revision"], made["label"]) == ("draft", None, 1, 0, f"草稿 #{made['id']}")
    assert (made["amount_net"], made["tax_amount"], made["amount_gross"]) == ("15.01", "1.95", "16.96")
    assert buttons(made) == {"post", "save", "copy", "delete"}
    path = f"/purchase_receipts/{made['id']}"
    assert {**made, "warnings": []} == {**at.boss.get(path), "warnings": []}
    first, second = (line["id"] for line in made["goods_lines"])
    saved = call(at, path, {"version": 1, "goods_lines": [{"id": second, "quantity": "7"}, at.line("2")]}, "PUT")
    assert (saved["version"], saved["amount_gross"], saved["remark"]) == (2, "10.07", "急")
    assert [line["id"] == second for line in saved["goods_lines"]] == [True, False] and not GoodsLine.objects.filter(pk=first).exists()
    before = everything()
    for method, where, body in (("PUT", path, {"remark": "晚"}), ("POST", f"{path}/post", {})):
        status, conflict = at.boss.call(method, where, {"version": 1, **body})
        assert (status, conflict["code"], conflict["params"]) == (409, "revision_conflict", {"seen": 1, "current": 2})
        assert conflict["current"]["goods_lines"] == saved["goods_lines"] and conflict["current"]["version"] == 2
    status, problem = at.boss.call("PUT", path, {"remark": "没有版本"})
    assert (status, faults(problem)) == (422, [("version", "field_invalid")])
    assert everything() == before
    assert call(at, path, method="DELETE") == {} and at.boss.call("GET", path)[0] == 404 and Document.objects.count() == 0


def test_every_transition_goes_through_the_wire_and_leaves_its_mark_in_the_history(at: World) -> None:
    order = at.made("sales_orders")
    path = f"/sales_orders/{order['id']}"
    seen = []
    for act, body in (("post", {}), ("close", {"reason": "客户取消"}), ("reopen", {}), ("unpost", {}), ("void", {"reason": "重复录入"})):
        answer = call(at, f"{path}/{act}", body)
        seen.append((act, answer["state"], answer["number"], answer["revision"]))
    number = "XSDD-20260301-0001"
    assert seen == [
        ("post", "posted", number, 0), ("close", "closed", number, 0), ("reopen", "posted", number, 0), ("unpost", "draft", number, 1),
        ("void", "void", number, 1),
    ]  # fmt: skip
    history = at.boss.get(f"{path}/history")
    assert [row["action"] for row in history] == ["create", "post", "close", "reopen", "unpost", "void"]
    assert {"field": "reason", "label": "原因", "before": None, "after": "客户取消"} in history[2]["changes"]
    before = everything()
    for act in ("post", "unpost", "close", "reverse", "reopen", "void"):
        status, problem = at.boss.call("POST", f"{path}/{act}", {})
        assert (status, problem["code"]) == (422, "transition_refused") and "作废" in problem["message"]
    status, problem = at.boss.call("DELETE", path)
    assert (status, problem["code"]) == (422, "transition_refused") and everything() == before


def test_a_reversal_leaves_a_red_document_and_both_are_named(at: World) -> None:
    receipt = at.posted("purchase_receipts")
    reversed_ = call(at, f"/purchase_receipts/{receipt['id']}/reverse", {"reason": "送错"})
    red = Document.objects.get(reverses=receipt["id"])
    shown = at.boss.get(f"/purchase_receipts/{red.pk}")
    assert (reversed_["state"], shown["reverses"], shown["amount_gross"], shown["goods_lines"][0]["quantity"]) == (
        "reversed", receipt["id"], "-10", "-2",
    )  # fmt: skip
    assert buttons(shown).isdisjoint({"save", "delete"})
    for act in ("unpost", "reverse"):
        assert at.boss.call("POST", f"/purchase_receipts/{red.pk}/{act}", {"reason": "再试"})[1]["code"] == "transition_refused"


def test_orders_are_converted_in_parts_from_several_sources_and_never_beyond(at: World) -> None:
    at.posted("purchase_receipts", [at.line("30")])
    first, second = at.posted("sales_orders", [at.line("5"), at.line("4")]), at.posted("sales_orders", [at.line("6")])
    line = first["goods_lines"][0]["id"]
    part = call(at, f"/sales_orders/{first['id']}/convert/sales_delivery", {"lines": [{"id": line, "quantity": "2"}]})
    assert [(one["quantity"], one["source_line"]) for one in part["goods_lines"]] == [("2", line)] and part["state"] == "draft"
    assert part["goods_lines"][0]["source"] == {"id": first["id"], "label": first["number"]}
    call(at, f"/sales_deliveries/{part['id']}/post")
    assert at.boss.get(f"/sales_orders/{first['id']}")["progress"] == "partial"
    progress = at.boss.get(f"/sales_orders/{first['id']}/progress")
    assert [one["purposes"]["delivered"] for one in progress] == [
        {"label": "出库", "done": "2", "open": "3"}, {"label": "出库", "done": "0", "open": "4"},
    ]  # fmt: skip
    over = call(at, f"/sales_orders/{first['id']}/convert/sales_delivery", {"lines": [{"id": line, "quantity": "3.5"}]})
    before = everything()
    status, problem = at.boss.call("POST", f"/sales_deliveries/{over['id']}/post", {})
    assert (status, problem["code"], problem["params"]["open"], problem["params"]["excess"]) == (422, "over_fulfilment", "3", "0.5")
    assert everything() == before
    rest = call(at, f"/sales_orders/{first['id']}/convert/sales_delivery", {"also": [second["id"], first["id"]]})
    assert [one["quantity"] for one in rest["goods_lines"]] == ["3", "4", "6"]
    call(at, f"/sales_deliveries/{rest['id']}/post")
    assert [at.boss.get(f"/sales_orders/{one['id']}")["progress"] for one in (first, second)] == ["complete", "complete"]
    before = everything()
    status, problem = at.boss.call("POST", f"/sales_orders/{first['id']}/convert/sales_delivery", {})
    assert (status, problem["code"]) == (422, "transition_refused") and "已全部执行" in problem["message"]
    assert everything() == before and LineLink.objects.count() == 4
    assert at.boss.call("POST", f"/sales_orders/{first['id']}/unpost", {})[1]["code"] == "named_by_documents"


def test_documents_of_several_are_paid_together_each_once(at: World) -> None:
    at.posted("purchase_receipts", [at.line("30")])
    one, two = at.posted("sales_deliveries", on=2), at.posted("sales_deliveries", [at.line("4")], on=2)
    paid = call(at, f"/sales_deliveries/{one['id']}/convert/incoming_payment", {"also": [two["id"], one["id"]]})
    assert [(bool(line["cash_account"]), line["amount"]) for line in paid["money_lines"]] == [(True, "30"), (False, "10"), (False, "20")]
    call(at, f"/incoming_payments/{paid['id']}/post")
    assert at.boss.get("/reports/open_items")["rows"] == []
    status, problem = at.boss.call("POST", f"/sales_deliveries/{one['id']}/convert/incoming_payment", {})
    assert (status, problem["code"]) == (422, "transition_refused") and "已结清" in problem["message"]


def test_the_chain_and_the_books_of_a_document(at: World) -> None:
    order = at.posted("purchase_orders")
    receipt = call(at, f"/purchase_orders/{order['id']}/convert/purchase_receipt")
    call(at, f"/purchase_receipts/{receipt['id']}/post")
    back = call(at, f"/purchase_receipts/{receipt['id']}/convert/purchase_return")
    for path in (f"/purchase_orders/{order['id']}", f"/purchase_receipts/{receipt['id']}", f"/purchase_returns/{back['id']}"):
        chain = at.boss.get(f"{path}/trace")
        assert [(one["type"], one["state"], one["amount_gross"]) for one in chain["documents"]] == [
            ("purchase_order", "posted", "10"), ("purchase_receipt", "posted", "10"), ("purchase_return", "draft", "10"),
        ]  # fmt: skip
        assert [(link["source"], link["target"], link["purpose"]) for link in chain["links"]] == [
            (order["id"], receipt["id"], "received"), (receipt["id"], back["id"], "drafted"),
        ]  # fmt: skip
        assert sum(one["self"] for one in chain["documents"]) == 1
    [posting] = at.boss.get(f"/purchase_receipts/{receipt['id']}/postings")
    [move] = posting["moves"]
    assert (move["quantity"], move["value"], move["debit_account"][:4], move["credit_account"][:4]) == ("2", "10", "1405", "2202")
    assert sum(float(entry["amount"]) for entry in posting["entries"]) == 0
    call(at, f"/purchase_returns/{back['id']}/post")
    call(at, f"/purchase_returns/{back['id']}/unpost")
    assert [one["kind"] for one in at.boss.get(f"/purchase_returns/{back['id']}/postings")] == ["post", "unpost"]


def rows_of_every_table() -> dict[str, int]:
    """How many rows each table has."""
    counts = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names():
            cursor.execute(f'SELECT COUNT(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


def test_a_preview_tells_what_posting_does_and_changes_nothing_at_all(at: World) -> None:
    at.posted("purchase_receipts", [at.line("10")])
    at.posted("sales_deliveries", [at.line("4")], on=5)
    late = at.made("purchase_receipts", [at.line("10", unit_price_net="8")], on=3)
    short = at.made("sales_deliveries", [at.line("99")], on=6)
    before, counts = everything(), rows_of_every_table()
    preview = at.boss.get(f"/purchase_receipts/{late['id']}/preview")
    refused = at.boss.get(f"/sales_deliveries/{short['id']}/preview")
    assert (everything(), rows_of_every_table()) == (before, counts)
    assert preview["refusal"] is None and [move["value"] for move in preview["postings"][0]["moves"]] == ["80"]
    assert refused["refusal"]["code"] == "insufficient_stock" and refused["postings"] == []
    call(at, f"/purchase_receipts/{late['id']}/post")
    assert [move["value"] for move in at.boss.get(f"/purchase_receipts/{late['id']}/postings")[0]["moves"]] == ["80"]
    assert at.boss.get(f"/purchase_receipts/{late['id']}/preview")["refusal"]["code"] == "transition_refused"


def test_comments_are_kept_in_order_once_per_key(at: World) -> None:
    path = f"/sales_orders/{at.made('sales_orders')['id']}/comments"
    for _ in range(2):
        status, said = at.boss.call("POST", path, {"text": " 尽快 "}, key="c1")
        assert (status, [(one["text"], one["created_by"]) for one in said]) == (201, [("尽快", "老板")])
    call(at, path, {"text": "第二"})
    assert [one["text"] for one in at.boss.get(path)] == ["尽快", "第二"]
    for text in ("", "  ", None, "长" * 2001, 5):
        assert at.boss.call("POST", path, {"text": text})[0] == 422
    assert Comment.objects.count() == 2


def upload(browser: Browser, path: str, name: str, content: bytes, key: str = "", **more: str) -> tuple[int, Any]:
    """A file that is sent to a path."""
    headers = {"X-CSRFToken": browser.client.cookies["csrftoken"].value, **({"Idempotency-Key": key} if key else {})}
    answer = browser.client.post(f"/api/v1{path}", {"file": SimpleUploadedFile(name, content), **more}, headers=headers)
    return answer.status_code, answer.json()


def kept_files() -> set[Path]:
    """The files in the folder of attachments."""
    return {one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()}


def test_attachments_are_kept_by_content_and_named_without_folders(at: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/sales_orders/{at.made('sales_orders')['id']}/attachments"
    files = kept_files()
    assert upload(at.boss, path, "../../etc/passwd", b"one" + str(at.boss).encode())[0] == 201
    again = upload(at.boss, path, "合同 2026.pdf", b"one" + str(at.boss).encode())[1]
    assert [one["name"] for one in again] == ["passwd", "合同 2026.pdf"] and again[0]["sha256"] == again[1]["sha256"]
    assert len(kept_files() - files) == 1
    upload(at.boss, path, "空.txt", b"", key="a1")
    status, shown = upload(at.boss, path, "空.txt", b"", key="a1")
    assert status == 201 and [one["size"] for one in shown][2:] == [0]
    status, content = at.boss.call("GET", f"{path}/{shown[1]['id']}")
    assert content == b"one" + str(at.boss).encode() and "attachment" in at.boss.last.headers["Content-Disposition"]
    assert at.boss.call("GET", f"{path}/{10**9}")[0] == 404
    other = at.made("sales_orders")["id"]
    assert at.boss.call("GET", f"/sales_orders/{other}/attachments/{shown[1]['id']}")[0] == 404
    monkeypatch.setattr(notes, "LARGEST", 10)
    files, rows = kept_files(), Attachment.objects.count()
    status, problem = upload(at.boss, path, "大.bin", b"x" * 11)
    assert (status, faults(problem)) == (422, [("file", "field_invalid")]) and "50 MB" in problem["message"]
    assert (kept_files(), Attachment.objects.count()) == (files, rows)
    assert at.boss.call("POST", path, {})[0] in (400, 422)
    stranger = person("li")
    assert stranger.call("GET", path)[0] == 403 and upload(stranger, path, "x", b"x")[0] == 403


def test_a_document_prints_as_pdf_and_only_by_templates_that_are_there(at: World) -> None:
    path = f"/purchase_receipts/{at.posted('purchase_receipts')['id']}/print"
    status, pdf = at.boss.call("GET", f"{path}/standard")
    assert status == 200 and pdf.startswith(b"%PDF-") and at.boss.last.headers["Content-Type"] == "application/pdf"
    for name in ("nothing", "..", "standard.typ", "%2e%2e%2fstandard"):
        assert at.boss.call("GET", f"{path}/{name}")[0] == 404, name
    viewer = person("li", [("purchase_receipt", "view")])
    assert viewer.call("GET", f"{path}/standard")[1]["code"] == "permission_refused"


HEAD = "单据序号,供应商,单据日期,收货仓库,备注,商品,数量,不含税单价,行备注\n"


def test_documents_are_imported_by_group_whole_or_not_at_all(at: World) -> None:
    at.company.item()
    good = f"{HEAD}1,S1,2026-03-01,A,急,M6,2,5,甲\n1,,,,,M6,3,4,\n2,明达五金,2026/3/2,B仓,,M6,1,0.5,\n"
    path, before = "/purchase_receipts/import", everything()
    assert upload(at.boss, path, "x.csv", good.encode(), dry_run="1")[1] == {"rows": 3, "created": 2, "updated": 0, "errors": []}
    assert everything() == before
    wrong = f"{HEAD}1,S1,2026-03-01,A,,M6,2,5,\n1,,,,,M7,1,1,\n2,S9,2026-13-01,A,,M6,x,1,\n,S1,2026-03-01,A,,M6,1,1,\n"
    status, outcome = upload(at.boss, path, "x.csv", wrong.encode())
    assert status == 200 and everything() == before and outcome["created"] == 0
    assert sorted({(one["row"], one["column"]) for one in outcome["errors"]}) == [
        (3, "商品"), (4, "供应商"), (4, "单据日期"), (5, "单据序号"),
    ]  # fmt: skip
    late = f"{HEAD}1,S1,2026-03-01,A,,M6,2,5,\n2,S1,2026-03-01,A,,M6,1,5,\n2,,,,,M6,-1,5,\n"
    outcome = upload(at.boss, path, "x.csv", late.encode())[1]
    assert [(one["row"], one["code"]) for one in outcome["errors"]] == [(4, "field_invalid")] and everything() == before
    for _ in range(2):
        assert upload(at.boss, path, "x.csv", good.encode(), key="i1")[1]["created"] == 2
    made = [at.boss.get(f"/purchase_receipts/{pk}") for pk in Document.objects.order_by("id").values_list("pk", flat=True)]
    assert [(one["amount_gross"], one["remark"], one["target_place"]["code"], len(one["goods_lines"])) for one in made] == [
        ("22", "急", "A", 2), ("0.5", "", "B", 1),
    ]  # fmt: skip
    assert made[0]["goods_lines"][0]["remark"] == "甲" and made[0]["state"] == "draft"
    for content, reason in (
        (b"", "空"),
        ("供应商\nS1\n".encode(), "单据序号"),
        (f"{HEAD[:-1]},单号码\n".encode(), "单号码"),
        (b"\xff\xfe\x00", "编码"),
    ):
        status, problem = upload(at.boss, path, "x.csv", content)
        assert (status, problem["code"]) == (422, "import_refused") and reason in problem["message"]
    assert upload(at.boss, path, "x.xlsx", b"PK nonsense")[1]["code"] == "import_refused"


def test_an_export_is_exactly_the_list(at: World) -> None:
    for number in range(1, 4):
        at.posted("purchase_receipts", [at.line(str(number))], on=number)
    at.made("purchase_receipts", on=9, remark="=1+1")
    where = quote(orjson.dumps([{"field": "goods_lines.quantity", "op": "gte", "value": "2"}]))
    query = f"columns=number,document_date,party,amount_gross,state,remark&where={where}&sort=-amount_gross"
    listed = at.boss.get(f"/purchase_receipts?{query}&totals=1")
    assert [row["amount_gross"] for row in listed["rows"]] == ["15", "10", "10"] and listed["totals"] == {"amount_gross": "35"}
    at.boss.call("GET", f"/purchase_receipts/export?{query}&format=csv")
    rows = list(csv.reader(io.StringIO(at.boss.content.decode("utf-8-sig"))))
    assert rows[0] == ["单号", "单据日期", "供应商", "价税合计", "状态", "备注"]
    states = {"posted": "已审核", "draft": "草稿"}
    assert rows[1:] == [
        [
            row["number"] or "", row["document_date"], row["party"]["label"], row["amount_gross"], states[row["state"]],
            "'=1+1" if row["remark"] else "",
        ]
        for row in listed["rows"]
    ]  # fmt: skip
    at.boss.call("GET", f"/purchase_receipts/export?{query}&format=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(at.boss.content)).get_sheet_by_index(0).to_python()
    assert [row[3] for row in sheet[1:]] == [15.0, 10.0, 10.0] and len(sheet) == 4


def test_a_page_follows_a_page_without_gap_or_repeat(at: World) -> None:
    made = [at.made("sales_orders", on=number % 3 + 1)["id"] for number in range(7)]
    seen: list[int] = []
    cursor = ""
    while cursor is not None:
        page = at.boss.get(f"/sales_orders?limit=2&sort=document_date&cursor={quote(cursor)}")
        seen += [row["id"] for row in page["rows"]]
        assert page["count"] == 7
        cursor = page["next"]
    assert sorted(seen) == sorted(made) and len(seen) == 7


def test_a_key_has_one_effect_and_one_answer_is_refused_for_another_body_and_is_ones_own(at: World) -> None:
    body = at.body("purchase_receipts")
    answers = [at.boss.call("POST", "/purchase_receipts", body, key="k1") for _ in range(3)]
    assert answers[0][0] == 201 and answers[1] == answers[0] == answers[2] and Document.objects.count() == 1
    before = everything()
    for method, path, other in (
        ("POST", "/purchase_receipts", {**body, "remark": "别的"}), ("POST", "/purchase_orders", body),
        ("POST", f"/purchase_receipts/{answers[0][1]['id']}/post", {}),
    ):  # fmt: skip
        status, problem = at.boss.call(method, path, other, key="k1")
        assert (status, problem["code"]) == (422, "idempotency_mismatch")
    assert everything() == before
    colleague = person("li", [("*", "*")])
    assert colleague.call("POST", "/purchase_receipts", body, key="k1")[0] == 201 and Document.objects.count() == 2
    path = f"/purchase_receipts/{answers[0][1]['id']}"
    posted = [at.boss.call("POST", f"{path}/post", {"version": 1}, key="k2") for _ in range(2)]
    assert posted[0] == posted[1] and posted[0][1]["number"] == "CGRK-20260301-0001"
    copied = [at.boss.call("POST", f"{path}/copy", key="k3") for _ in range(2)]
    converted = [at.boss.call("POST", f"{path}/convert/purchase_return", {}, key="k4") for _ in range(2)]
    assert copied[0] == copied[1] and converted[0] == converted[1] and Document.objects.count() == 4
    drafted = at.made("purchase_receipts")
    for _ in range(2):
        assert at.boss.call("DELETE", f"/purchase_receipts/{drafted['id']}", key="k5") == (200, {})
    assert at.boss.call("PUT", path, {"version": 1}, key="k6")[0] == 409
    assert IdempotencyKey.objects.filter(key="k6").count() == 0
    for key in ("长", "x" * 81):
        assert at.boss.call("POST", "/purchase_receipts", body, **{"Idempotency-Key": key.encode().decode("latin-1")})[0] == 422


def test_a_copy_has_the_content_and_none_of_the_links_or_dates(at: World) -> None:
    order = at.posted("sales_orders", reserve=True, remark="照旧")
    delivered = call(at, f"/sales_orders/{order['id']}/convert/sales_delivery")
    copied = call(at, f"/sales_deliveries/{delivered['id']}/copy")
    assert "source" not in copied["goods_lines"][0] and copied["goods_lines"][0]["source_line"] is None
    again = call(at, f"/sales_orders/{order['id']}/copy")
    assert (again["remark"], again["reserve"], again["state"], again["number"], again["amount_gross"]) == (
        "照旧",
        True,
        "draft",
        None,
        "10",
    )
    assert again["document_date"] == at.boss.get("/meta")["book"]["today"]


def test_each_type_is_found_in_its_own_collection_only(at: World) -> None:
    receipt = at.posted("purchase_receipts")["id"]
    for view in ("", "/trace", "/postings", "/preview", "/progress", "/comments", "/attachments", "/history", "/print/standard"):
        assert at.boss.call("GET", f"/purchase_orders/{receipt}{view}")[0] in (404,), view
    for act in ("post", "copy", "convert/purchase_receipt"):
        assert at.boss.call("POST", f"/purchase_orders/{receipt}/{act}", {})[0] == 404
    assert User.objects.filter(username="boss").exists() and Unit.objects.count() == 1
