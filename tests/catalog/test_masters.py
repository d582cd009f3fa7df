"""基础资料 Saving, changing and deleting masters through their one service."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hengcang.access.models import User
from hengcang.access.viewer import Viewer, system_viewer
from hengcang.base import audit
from hengcang.base.book import book
from hengcang.base.models import AuditLog
from hengcang.catalog import rules
from hengcang.catalog.declare import ITEM, ITEM_CATEGORY, LOT, UNIT
from hengcang.catalog.models import Barcode, Item, ItemCategory, ItemUnit
from hengcang.core.errors import (
    DuplicateValue,
    InUse,
    InvalidDocument,
    LastAdministrator,
    NotFound,
    PermissionRefused,
    RevisionConflict,
)
from hengcang.meta import options
from hengcang.meta.masters import delete_master, draw_codes, get_master, save_master
from hengcang.meta.people import ROLE, USER
from hengcang.parties.declare import CUSTOMER, PARTY, SUPPLIER
from hengcang.parties.models import Contact, Party
from hengcang.places.declare import DEPARTMENT, WAREHOUSE
from hengcang.places.models import Department, Place

pytestmark = pytest.mark.django_db
ALL = system_viewer(1, "系统")


@pytest.fixture
def units():
    return {name: save_master(UNIT, {"name": name}, ALL) for name in ("个", "箱", "托")}


@pytest.fixture
def screw(units):
    return save_master(
        ITEM,
        {
            "name": "不锈钢螺丝 M6",
            "spec": "304/20mm",
            "base_unit": units["个"],
            "barcode": "6901234567892",
            "purchase_price": "0.1234",
            "units": [{"unit": units["箱"], "factor": "144.123456", "barcode": "16901234567899"}],
            "barcodes": [{"code": "X-1"}, {"code": "X-2", "unit": {"id": units["箱"]}}],
        },
        ALL,
    )


def paths(refusal):
    return sorted(error.path for error in refusal.value.errors)


def test_a_new_item_draws_its_code_makes_its_initials_and_reads_back(units, screw):
    item = get_master(ITEM, screw, ALL)
    assert (item["code"], item["pinyin"], item["version"], item["tax_rate"]) == ("SP00001", "bxglsm6", 1, "0.13")
    assert item["base_unit"] == {"id": units["个"], "code": "DW01", "label": "个"}
    assert item["units"][0]["factor"] == "144.123456" and item["units"][0]["unit"]["label"] == "箱"
    assert [line["code"] for line in item["barcodes"]] == ["X-1", "X-2"] and item["limits"] == []
    text = Item.objects.get().search_text
    assert all(part in text for part in ("sp00001", "不锈钢", "bxglsm6", "304/20mm", "6901234567892", "16901234567899", "x-2"))


def test_reading_takes_four_statements_and_saving_a_constant_number(units, screw, django_assert_num_queries):
    with django_assert_num_queries(4):
        get_master(ITEM, screw, ALL)
    many = [{"code": f"Z-{number}"} for number in range(200)]
    for lines in ([{"code": "Z"}], many):
        with django_assert_num_queries(12):
            save_master(ITEM, {"name": "甲", "barcodes": lines}, ALL, screw)


def test_a_change_touches_only_what_is_sent_and_keeps_the_lines_ids(units, screw):
    before = get_master(ITEM, screw, ALL)
    kept = before["barcodes"][1]
    save_master(ITEM, {"name": "螺丝", "barcodes": [{"id": kept["id"]}, {"code": "N-1"}]}, ALL, screw, version=1)
    after = get_master(ITEM, screw, ALL)
    assert (after["name"], after["pinyin"], after["version"]) == ("螺丝", "ls", 2)
    assert after["barcodes"][0] == kept and after["barcodes"][1]["code"] == "N-1"
    assert after["units"] == before["units"] and after["purchase_price"] == "0.1234"
    assert "x-1" not in Item.objects.get().search_text


def test_the_log_tells_each_field_before_and_after(screw):
    save_master(ITEM, {"name": "螺丝", "sales_price": "2.50", "barcodes": []}, ALL, screw)
    last = audit.history("item", screw)[-1]
    assert (last["by"], last["action"]) == ("系统", "change")
    assert [change["field"] for change in last["changes"]] == ["name", "sales_price", "barcodes"]
    assert last["changes"][1] == {"field": "sales_price", "before": None, "after": "2.5"}


def test_somebody_elses_change_in_between_is_a_conflict_and_changes_nothing(screw):
    save_master(ITEM, {"name": "甲"}, ALL, screw, version=1)
    with pytest.raises(RevisionConflict) as refusal:
        save_master(ITEM, {"name": "乙"}, ALL, screw, version=1)
    assert (refusal.value.params["seen"], refusal.value.params["current"]) == (1, 2)
    assert Item.objects.get().name == "甲"


def test_every_fault_of_an_item_is_told_with_its_path_and_nothing_is_saved(units, screw):
    bad = {
        "name": "",
        "code": "SP00001",
        "base_unit": 999,
        "tax_rate": "-1",
        "purchase_price": "x",
        "units": [{"unit": units["箱"], "factor": "no"}, {"factor": "1"}],
        "colour": "red",
    }
    with pytest.raises(InvalidDocument) as refusal:
        save_master(ITEM, bad, ALL)
    assert paths(refusal) == [
        "base_unit", "colour", "name", "purchase_price", "tax_rate", "units.0.factor", "units.1.unit",
    ]  # fmt: skip
    contradicting = {
        "name": "乙",
        "base_unit": units["个"],
        "code": "SP00001",
        "units": [{"unit": units["个"], "factor": "0"}],
        "barcodes": [{"code": "A"}, {"code": "A"}, {"code": "B", "unit": units["托"]}],
    }
    with pytest.raises(InvalidDocument) as refusal:
        save_master(ITEM, contradicting, ALL)
    assert paths(refusal) == ["barcodes.1.code", "barcodes.2.unit", "units.0.factor", "units.0.unit"]
    with pytest.raises(InvalidDocument) as refusal:
        save_master(ITEM, {"name": "乙", "base_unit": units["个"], "code": "SP00001"}, ALL)
    assert paths(refusal) == ["code"] and refusal.value.errors[0].code == "duplicate_value"
    assert (Item.objects.count(), ItemUnit.objects.count(), AuditLog.objects.filter(object_type="item").count()) == (
        1,
        1,
        1,
    )


@pytest.mark.parametrize("code", ["6901234567892", "16901234567899", "X-2"])
def test_a_barcode_belongs_to_one_item_wherever_it_stands(units, screw, code):
    for other, path in (
        ({"barcode": code}, "barcode"),
        ({"barcodes": [{"code": code}]}, "barcodes.0.code"),
        ({"units": [{"unit": units["箱"], "factor": 2, "barcode": code}]}, "units.0.barcode"),
    ):
        with pytest.raises(InvalidDocument) as refusal:
            save_master(ITEM, {"name": "乙", "base_unit": units["个"], **other}, ALL)
        assert paths(refusal) == [path] and refusal.value.errors[0].code == "duplicate_value"
    save_master(ITEM, {"name": "改名"}, ALL, screw)
    assert Item.objects.count() == 1 and Barcode.objects.count() == 2


def test_stock_limits_stand_once_per_warehouse_and_in_order(units, screw):
    main = save_master(WAREHOUSE, {"name": "主仓"}, ALL)
    wrong = [{"place": main, "stock_min": "5", "stock_max": "4"}, {"place": main}]
    with pytest.raises(InvalidDocument) as refusal:
        save_master(ITEM, {"limits": wrong}, ALL, screw)
    assert paths(refusal) == ["limits.0.stock_min", "limits.1.place"]
    save_master(ITEM, {"limits": [{"place": main, "stock_min": "4", "stock_max": "5"}]}, ALL, screw)
    assert get_master(ITEM, screw, ALL)["limits"][0]["place"]["label"] == "主仓"


def test_costing_and_base_unit_stand_once_an_item_has_moved(units, screw, monkeypatch):
    save_master(ITEM, {"costing_method": "fifo"}, ALL, screw)
    monkeypatch.setattr(rules, "has_moved", [lambda item: item == screw])
    with pytest.raises(InvalidDocument) as refusal:
        save_master(ITEM, {"costing_method": "specific_cost", "base_unit": units["箱"], "units": []}, ALL, screw)
    assert paths(refusal) == ["base_unit", "costing_method"]
    save_master(ITEM, {"name": "仍可改名"}, ALL, screw)
    assert Item.objects.values_list("costing_method", "name").get() == ("fifo", "仍可改名")


def test_an_inactive_reference_is_refused_unless_it_was_there_before(units, screw):
    save_master(UNIT, {"active": False}, ALL, units["个"])
    with pytest.raises(InvalidDocument, match="已停用"):
        save_master(ITEM, {"name": "乙", "base_unit": units["个"]}, ALL)
    save_master(ITEM, {"base_unit": units["个"], "name": "丙"}, ALL, screw)
    assert Item.objects.get().name == "丙"


def test_what_is_masked_can_neither_be_read_nor_written(units, screw):
    rights = frozenset({("item", "*")})
    masked = Viewer(9, "李", permissions=rights, masks=frozenset({"purchase_price", "cost"}))
    item = get_master(ITEM, screw, masked)
    assert "purchase_price" not in item and "purchase_price" not in item["units"][0] and "sales_price" in item
    for body in ({"purchase_price": "1"}, {"units": [{"id": item["units"][0]["id"], "purchase_price": "1"}]}):
        with pytest.raises(InvalidDocument) as refusal:
            save_master(ITEM, body, masked, screw)
        assert refusal.value.errors[0].code == "field_unknown"
    save_master(ITEM, {"name": "新名", "units": [{"id": item["units"][0]["id"]}]}, masked, screw)
    assert Item.objects.values_list("name", "purchase_price").get() == ("新名", Decimal("0.1234"))


def test_without_the_right_nothing_is_made_changed_or_deleted(units, screw):
    viewer = Viewer(9, "李", permissions=frozenset({("item", "view")}))
    for act in (
        lambda: save_master(ITEM, {"name": "乙", "base_unit": units["个"]}, viewer),
        lambda: save_master(ITEM, {"name": "乙"}, viewer, screw),
        lambda: delete_master(ITEM, screw, viewer),
    ):
        with pytest.raises(PermissionRefused):
            act()
    assert list(Item.objects.values_list("name", flat=True)) == ["不锈钢螺丝 M6"]


def test_what_is_in_use_is_not_deleted_and_what_is_not_goes_with_its_lines(units, screw):
    with pytest.raises(InUse, match="个"):
        delete_master(UNIT, units["个"], ALL)
    with pytest.raises(InUse):
        delete_master(UNIT, units["箱"], ALL)
    delete_master(UNIT, units["托"], ALL)
    lot = save_master(LOT, {"item": screw, "number": "L1"}, ALL)
    with pytest.raises(InUse):
        delete_master(ITEM, screw, ALL)
    assert (Item.objects.count(), Barcode.objects.count(), ItemUnit.objects.count()) == (1, 2, 1)
    delete_master(LOT, lot, ALL)
    delete_master(ITEM, screw, ALL)
    assert (Item.objects.count(), Barcode.objects.count(), ItemUnit.objects.count()) == (0, 0, 0)
    assert audit.history("item", screw)[-1]["action"] == "delete"
    with pytest.raises(NotFound):
        get_master(ITEM, screw, ALL)


def test_a_lot_number_stands_once_per_item(screw):
    save_master(LOT, {"item": screw, "number": "L1"}, ALL)
    with pytest.raises(DuplicateValue):
        save_master(LOT, {"item": screw, "number": "L1"}, ALL)


def test_codes_continue_above_the_highest_and_foreign_codes_do_not_disturb():
    for code in ("SP00007", "SPX", "SP9", "Z1"):
        Item.objects.create(code=code, name=code, base_unit_id=save_master(UNIT, {"name": code}, ALL))
    assert draw_codes(ITEM, 2) == ["SP00008", "SP00009"]
    Item.objects.filter(code="SP00007").update(code="SP99999")
    assert draw_codes(ITEM, 1) == ["SP100000"]


def test_categories_keep_their_path_when_moved_and_cannot_stand_under_themselves():
    top, other = (save_master(ITEM_CATEGORY, {"name": name}, ALL) for name in ("五金", "电工"))
    middle = save_master(ITEM_CATEGORY, {"name": "螺丝", "parent": top}, ALL)
    leaf = save_master(ITEM_CATEGORY, {"name": "不锈钢", "parent": middle}, ALL)
    assert ItemCategory.objects.get(pk=leaf).path == f"/{top}/{middle}/{leaf}/"
    save_master(ITEM_CATEGORY, {"parent": other}, ALL, middle)
    assert ItemCategory.objects.get(pk=leaf).path == f"/{other}/{middle}/{leaf}/"
    for below in (middle, leaf):
        with pytest.raises(InvalidDocument, match="自己"):
            save_master(ITEM_CATEGORY, {"parent": below}, ALL, middle)
    assert ItemCategory.objects.get(pk=middle).parent_id == other


def test_departments_cannot_stand_in_a_circle():
    first = save_master(DEPARTMENT, {"name": "甲"}, ALL)
    second = save_master(DEPARTMENT, {"name": "乙", "parent": first}, ALL)
    with pytest.raises(InvalidDocument):
        save_master(DEPARTMENT, {"parent": second}, ALL, first)
    assert Department.objects.get(pk=first).parent_id is None


def test_a_warehouse_has_bins_and_virtual_places_are_none_of_them():
    made = save_master(WAREHOUSE, {"name": "主仓", "bins": [{"code": "A-01", "name": "A 排 1"}]}, ALL)
    main = get_master(WAREHOUSE, made, ALL)
    assert (main["code"], main["bins"][0]["code"]) == ("CK01", "A-01")
    assert Place.objects.get(code="A-01").kind == "bin" and Place.objects.get(code="A-01").warehouse_id == made
    assert Place.objects.filter(kind="supplier").values_list("code", flat=True).get() == "@supplier"
    with pytest.raises(NotFound):
        get_master(WAREHOUSE, Place.objects.get(code="@supplier").pk, ALL)
    delete_master(WAREHOUSE, made, ALL)
    assert not Place.objects.filter(code__in=["A-01", "CK01"]).exists()


def test_a_party_is_a_supplier_a_customer_or_both_and_each_view_shows_its_own():
    with pytest.raises(InvalidDocument, match="至少选一项"):
        save_master(PARTY, {"name": "无名"}, ALL)
    seller = save_master(SUPPLIER, {"name": "深圳明达五金"}, ALL)
    buyer = save_master(CUSTOMER, {"name": "重庆长江贸易"}, ALL)
    assert Party.objects.values_list("code", "pinyin", "is_supplier", "is_customer").order_by("code")[1] == (
        "WL00002", "cqcjmy", False, True,
    )  # fmt: skip
    with pytest.raises(NotFound):
        get_master(CUSTOMER, seller, ALL)
    assert get_master(PARTY, buyer, ALL)["name"] == "重庆长江贸易"


def test_personal_data_is_open_to_who_may_change_covered_for_others_and_hidden_in_the_log():
    contacts = [{"name": "王芳芳", "phone": "13812345678"}]
    made = save_master(CUSTOMER, {"name": "甲", "bank_account": "6222020200001234567", "contacts": contacts}, ALL)
    assert get_master(CUSTOMER, made, ALL)["contacts"][0]["phone"] == "13812345678"
    reader = Viewer(9, "李", permissions=frozenset({("party", "view")}))
    shown = get_master(CUSTOMER, made, reader)
    assert (shown["bank_account"], shown["contacts"][0]["phone"]) == ("622****67", "138****78")
    log = AuditLog.objects.values_list("changes", flat=True).get()
    assert "138" not in log and "6222" not in log and "王芳" not in log and "•••" in log
    assert Contact.objects.count() == 1


def test_who_is_limited_to_his_customers_makes_his_own_and_cannot_give_them_away():
    li, wang = (User.objects.create(username=name, display_name=name, password="!") for name in ("li", "wang"))
    seller = Viewer(
        li.pk, "李", permissions=frozenset({("party", "*")}), scopes={"salesperson": frozenset({li.pk})}
    )  # fmt: skip
    mine = save_master(CUSTOMER, {"name": "我的客户"}, seller)
    foreign = save_master(CUSTOMER, {"name": "别人的", "salesperson": wang.pk}, ALL)
    assert Party.objects.get(pk=mine).salesperson_id == li.pk
    with pytest.raises(InvalidDocument, match="数据权限"):
        save_master(CUSTOMER, {"salesperson": wang.pk}, seller, mine)
    for act in (
        lambda: get_master(CUSTOMER, foreign, seller),
        lambda: save_master(CUSTOMER, {"name": "x"}, seller, foreign),
        lambda: delete_master(CUSTOMER, foreign, seller),
    ):
        with pytest.raises(NotFound):
            act()
    assert Party.objects.get(pk=foreign).name == "别人的" and Party.objects.get(pk=mine).salesperson_id == li.pk


def test_users_get_roles_and_a_role_in_use_stays():
    role = save_master(ROLE, {"name": "门店", "permissions": [{"subject": "item", "action": "view"}]}, ALL)
    user = save_master(USER, {"username": "li", "display_name": "李明", "roles": [{"role": role}]}, ALL)
    assert get_master(USER, user, ALL)["roles"][0]["role"]["label"] == "门店"
    assert not User.objects.get(pk=user).check_password("")
    assert not User.objects.get(pk=user).is_administrator
    with pytest.raises(InUse):
        delete_master(ROLE, role, ALL)
    save_master(USER, {"is_administrator": True}, ALL, user)
    assert not User.objects.get(pk=user).is_administrator


def test_the_last_administrator_can_be_neither_deactivated_nor_deleted():
    only = User.objects.create(username="root", display_name="R", password="!", is_administrator=True)
    with pytest.raises(InvalidDocument, match="唯一"):
        save_master(USER, {"active": False}, ALL, only.pk)
    with pytest.raises(LastAdministrator):
        delete_master(USER, only.pk, ALL)
    other = User.objects.create(username="two", display_name="T", password="!", is_administrator=True)
    save_master(USER, {"active": False}, ALL, only.pk)
    with pytest.raises(LastAdministrator):
        delete_master(USER, other.pk, ALL)
    assert list(User.objects.filter(is_active=True).values_list("username", flat=True)) == ["two"]


def test_a_second_unit_is_shown_from_the_first_item_on_and_stands_once_it_moved(units, monkeypatch):
    assert not book().second_units
    raw = {"name": "土鸡", "base_unit": units["个"], "second_unit": units["箱"], "second_factor": "2.5"}
    item = save_master(ITEM, raw, ALL)
    assert book().second_units
    (option,) = options.options(ITEM, options.Wanted(search="土鸡"), ALL)
    assert (option["second_unit"], option["second_factor"], option["second_decimals"]) == ("箱", "2.5", 2)
    monkeypatch.setattr(rules, "has_moved", [lambda item: True])
    with pytest.raises(InvalidDocument) as refusal:
        save_master(ITEM, {**raw, "second_unit": units["托"], "version": 1}, ALL, item)
    assert paths(refusal) == ["second_unit"]
    assert Item.objects.get(pk=item).second_unit_id == units["箱"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"second_unit": None}, "second_factor"),
        ({"second_unit": "个"}, "second_unit"),
        ({"tracking": "serial"}, "second_unit"),
        ({"second_factor": "0"}, "second_factor"),
    ],
)
def test_a_second_unit_that_contradicts_the_item_is_refused(units, changes, path):
    raw = {"name": "土鸡", "base_unit": units["个"], "second_unit": units["箱"], "second_factor": "2.5"}
    changes = {name: units.get(value, value) for name, value in changes.items()}
    with pytest.raises(InvalidDocument) as refusal:
        save_master(ITEM, raw | changes, ALL)
    assert paths(refusal) == [path]
    assert not book().second_units
