"""基础资料接口 Masters over the wire."""

from __future__ import annotations

import io
from urllib.parse import quote

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from hengcang.access.models import User
from hengcang.base.models import AuditLog, IdempotencyKey
from hengcang.catalog.models import Item, Unit
from tests.api.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db):
    return Unit.objects.create(code="U1", name="个").pk


@pytest.fixture
def screw(admin, unit):
    body = {"name": "螺丝", "spec": "M6", "base_unit": {"id": unit}, "purchase_price": "0.10", "sales_price": "0.25"}
    status, made = admin.call("POST", "/items", body)
    assert status == 201
    return made


def test_an_item_is_made_read_changed_and_deleted(admin, screw):
    path = f"/items/{screw['id']}"
    assert (screw["code"], screw["purchase_price"], screw["version"], screw["units"]) == ("SP00001", "0.1", 1, [])
    status, changed = admin.call("PUT", path, {**screw, "name": "铜螺丝"})
    assert status == 200 and (changed["name"], changed["version"], changed["spec"]) == ("铜螺丝", 2, "M6")
    assert admin.get(path) == changed
    history = admin.get(f"{path}/history")
    assert [(row["label"], row["by"]) for row in history] == [("新建", "管理员"), ("修改", "管理员")]
    assert history[1]["changes"] == [{"field": "name", "label": "名称", "before": "螺丝", "after": "铜螺丝"}]
    assert admin.call("DELETE", path)[0] == 200
    assert admin.call("GET", path)[0] == 404


def test_the_same_key_makes_one_item_and_gives_the_same_answer(admin, unit):
    body = {"name": "螺母", "base_unit": unit}
    first, second = (admin.call("POST", "/items", body, key="k1") for _ in range(2))
    assert first == second and first[0] == 201 and Item.objects.count() == 1
    status, refusal = admin.call("POST", "/items", {**body, "name": "别的"}, key="k1")
    assert (status, refusal["code"], Item.objects.count()) == (422, "idempotency_mismatch", 1)
    assert admin.call("POST", "/items", body, key="k2")[0] == 201 and Item.objects.count() == 2


def test_a_refused_request_leaves_neither_a_record_nor_its_key(admin, unit):
    status, refusal = admin.call("POST", "/items", {"name": "", "base_unit": 99}, key="k1")
    assert (status, refusal["code"]) == (422, "invalid_document")
    assert sorted(error["path"] for error in refusal["errors"]) == ["base_unit", "name"]
    assert (Item.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
    assert admin.call("POST", "/items", {"name": "好的", "base_unit": unit}, key="k1")[0] == 201


def test_a_conflict_shows_the_record_as_it_is_now(admin, screw):
    path = f"/items/{screw['id']}"
    admin.call("PUT", path, {"version": 1, "name": "先改"})
    status, refusal = admin.call("PUT", path, {"version": 1, "name": "后改"})
    assert (status, refusal["code"]) == (409, "revision_conflict")
    assert (refusal["current"]["name"], refusal["current"]["version"]) == ("先改", 2)
    status, refusal = admin.call("PUT", path, {"name": "没有版本"})
    assert (status, refusal["errors"][0]["path"]) == (422, "version")
    assert Item.objects.get().name == "先改"


def test_what_is_in_use_is_not_deleted(admin, screw, unit):
    status, refusal = admin.call("DELETE", f"/units/{unit}")
    assert (status, refusal["code"]) == (422, "in_use") and Unit.objects.count() == 1


def test_a_list_takes_a_constant_number_of_statements(admin, screw, unit, django_assert_num_queries):
    where = quote(orjson.dumps([{"field": "code", "op": "starts", "value": "SP"}]))
    path = f"/items?columns=code,name,base_unit&where={where}&sort=-code&search=螺丝&limit=2&totals=1"
    with django_assert_num_queries(7):  # session, user, book, rows, count, alert rules, alerts
        page = admin.get(path)
    assert page["rows"] == [{"id": screw["id"], "code": "SP00001", "name": "螺丝", "base_unit": {"id": unit, "code": "U1", "label": "个"}}]
    assert (page["next"], page["count"], page["count_capped"], page["totals"]) == (None, 1, False, {})
    Item.objects.bulk_create([Item(code=f"SP9{at}", name=f"螺丝{at}", search_text=f"螺丝{at}", base_unit_id=unit) for at in range(30)])
    with django_assert_num_queries(7):
        assert len(admin.get(path)["rows"]) == 2


def test_reading_saving_and_meta_take_a_constant_number_of_statements(admin, screw, django_assert_num_queries):
    with django_assert_num_queries(7):  # session, user, book, item, three tables
        admin.get(f"/items/{screw['id']}")
    with django_assert_num_queries(3):
        admin.get("/meta")
    with django_assert_num_queries(20):
        assert admin.call("PUT", f"/items/{screw['id']}", {"version": 1, "name": "改"}, key="k")[0] == 200
    li = person("li", [("*", "view")])
    with django_assert_num_queries(4):
        li.get("/meta")


def test_what_is_masked_is_absent_everywhere_and_cannot_be_asked_about(admin, screw):
    li = person("li", [("item", "*")], masks=["purchase_price", "cost"])
    path = f"/items/{screw['id']}"
    item = li.get(path)
    assert "purchase_price" not in item and "reference_cost" not in item and item["sales_price"] == "0.25"
    fields = {field["name"] for field in li.get("/meta")["masters"]["item"]["fields"]}
    assert "purchase_price" not in fields and "sales_price" in fields
    assert "purchase_price" not in li.get("/meta")["masters"]["item"]["list"]["columns"]
    assert "purchase_price" not in li.get("/items/options?search=sp")["rows"][0]
    where = quote('[{"field": "purchase_price", "op": "gt", "value": "0"}]')
    for query in ("columns=purchase_price", f"where={where}", "sort=purchase_price"):
        for call in (f"/items?{query}", f"/items/export?{query}&format=csv"):
            status, refusal = li.call("GET", call)
            assert (status, refusal["code"]) == (422, "query_refused")
    status, refusal = li.call("PUT", path, {"version": 1, "purchase_price": "9"})
    assert (status, refusal["errors"][0]["code"]) == (422, "field_unknown")
    admin.call("PUT", path, {"version": 1, "purchase_price": "7", "name": "改"})
    assert [change["field"] for change in li.get(f"{path}/history")[-1]["changes"]] == ["name"]
    conflict = li.call("PUT", path, {"version": 1, "name": "x"})[1]
    assert "purchase_price" not in conflict["current"]
    assert str(Item.objects.get().purchase_price) == "7"


def test_a_permission_that_is_lacking_is_named(admin, screw):
    li = person("li", [("item", "view")])
    for method, path, body in (
        ("POST", "/items", {"name": "x"}),
        ("PUT", f"/items/{screw['id']}", {"version": 1}),
        ("DELETE", f"/items/{screw['id']}", None),
        ("GET", "/items/export", None),
        ("GET", "/roles", None),
    ):
        status, refusal = li.call(method, path, body)
        assert (status, refusal["code"]) == (403, "permission_refused"), path
        assert "权限" in refusal["message"]
    assert "role" not in li.get("/meta")["masters"]
    assert li.get("/meta")["masters"]["item"]["permissions"] == {
        "create": False, "change": False, "delete": False, "export": False, "import": False,
    }  # fmt: skip


def test_a_limited_salesperson_sees_his_customers_only(admin):
    seller = person("li", roles=["销售员"], permissions=[("party", "export")], scopes=[("salesperson", 0)])
    user = User.objects.get(username="li")
    mine = seller.call("POST", "/customers", {"name": "我的客户"})[1]
    foreign = admin.call("POST", "/customers", {"name": "别人的"})[1]
    assert mine["salesperson"]["id"] == user.pk
    assert [row["name"] for row in seller.get("/customers")["rows"]] == ["我的客户"]
    assert [row["label"] for row in seller.get("/parties/options")["rows"]] == ["我的客户"]
    assert seller.call("GET", f"/customers/{foreign['id']}")[0] == 404
    seller.call("GET", "/customers/export?format=csv&columns=name")
    assert seller.content.decode("utf-8-sig").split() == ["名称", "我的客户"]


def test_a_list_is_exported_as_excel_and_who_did_is_noted(admin, screw):
    status, content = admin.call("GET", "/items/export?columns=code,sales_price")
    assert status == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows == [["编码", "销售价"], ["SP00001", 0.25]]
    assert AuditLog.objects.filter(action="export", object_type="item").count() == 1
    assert "attachment" in admin.last.headers["Content-Disposition"]


def test_a_file_is_imported_after_a_dry_run(admin, unit):
    def send(query):
        file = SimpleUploadedFile("items.csv", "名称,基本单位\n垫片,个\n".encode())
        token = admin.client.cookies["csrftoken"].value
        return admin.client.post(f"/api/v1/items/import{query}", {"file": file}, headers={"X-CSRFToken": token}).json()

    assert send("?dry_run=1") == {"rows": 1, "created": 1, "updated": 0, "errors": []} and Item.objects.count() == 0
    assert send("")["created"] == 1 and Item.objects.get().name == "垫片"


def test_options_take_parameters(admin, screw):
    assert admin.get("/items/options?search=ls")["rows"][0]["code"] == "SP00001"
    assert admin.get("/items/options?barcode=none")["rows"] == []


def test_the_schema_describes_every_type(admin):
    schema = admin.get("/openapi.json")
    assert schema["openapi"].startswith("3.1")
    item = schema["components"]["schemas"]["ItemInput"]
    assert item["additionalProperties"] is False and "purchase_price" in item["properties"] and "pinyin" not in item["properties"]
    created = schema["paths"]["/api/v1/items"]["post"]["responses"]
    assert created["201"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Item"}
    assert {"/api/v1/warehouses", "/api/v1/cash_accounts/{record_id}", "/api/v1/parties/options"} <= set(schema["paths"])


def test_meta_has_what_the_screens_need(admin):
    meta = admin.get("/meta")
    assert set(meta["book"]) >= {"name", "currency", "taxpayer", "today"}
    item = meta["masters"]["item"]
    fields = {field["name"]: field for field in item["fields"]}
    assert (fields["base_unit"]["kind"], fields["base_unit"]["ref"], fields["tax_rate"]["default"]) == ("ref", "units", "0.13")
    assert [choice["value"] for choice in fields["tracking"]["choices"]] == ["none", "lot", "serial"]
    assert [table["name"] for table in item["lines"]] == ["units", "barcodes", "limits"]
    receipt = meta["documents"]["purchase_receipt"]
    assert [one["name"] for one in receipt["transitions"]] == ["post", "unpost", "reverse", "void"]
    assert [one["value"] for one in receipt["states"]] == ["draft", "posted", "reversed", "void"]
    for group in meta["menu"]:
        for entry in group["entries"]:
            assert entry["name"] in meta[f"{entry['kind']}s"]
