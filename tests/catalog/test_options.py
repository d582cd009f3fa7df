"""选择器 What a clerk types finds what he means, with what the line needs."""

from __future__ import annotations

import pytest

from hengcang.access.viewer import Viewer, system_viewer
from hengcang.catalog.declare import ITEM, UNIT, declare
from hengcang.core.errors import PermissionRefused
from hengcang.meta import options, registry
from hengcang.meta.masters import save_master
from hengcang.meta.options import Wanted
from hengcang.meta.people import USER
from hengcang.parties.declare import CUSTOMER, PARTY, SUPPLIER

pytestmark = pytest.mark.django_db
ALL = system_viewer(1, "系统")


@pytest.fixture
def goods(monkeypatch):
    monkeypatch.setattr(options, "_extras", {})
    monkeypatch.setattr(options, "_exacts", {})
    monkeypatch.setattr(registry, "register", lambda *declared: None)
    declare()
    each, box = (save_master(UNIT, {"name": name}, ALL) for name in ("个", "箱"))
    made = {}
    for name, spec, barcode in (
        ("不锈钢螺丝", "M6", "6901"), ("不锈钢螺母", "M6", "6902"), ("铜螺丝", "M8", "6903"), ("停用螺丝", "M6", ""),
    ):  # fmt: skip
        raw = {"name": name, "spec": spec, "barcode": barcode, "base_unit": each, "purchase_price": "2", "sales_price": "3"}
        made[name] = save_master(ITEM, raw, ALL)
    save_master(ITEM, {"active": False}, ALL, made["停用螺丝"])
    save_master(ITEM, {"units": [{"unit": box, "factor": "12", "barcode": "BOX-1"}]}, ALL, made["铜螺丝"])
    return made


def found(text, master=ITEM, who=ALL, **parameters):
    return [row["label"] for row in options.options(master, Wanted(search=text, parameters=parameters), who)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["不锈钢螺丝", "不锈钢螺母", "铜螺丝"]),
        ("bxgl", ["不锈钢螺丝", "不锈钢螺母"]),
        ("BXGLS", ["不锈钢螺丝"]),
        ("sp00003", ["铜螺丝"]),
        ("SP0000", ["不锈钢螺丝", "不锈钢螺母", "铜螺丝"]),
        ("6902", ["不锈钢螺母"]),
        ("螺丝", ["不锈钢螺丝", "铜螺丝"]),
        ("螺丝 m6", ["不锈钢螺丝"]),
        ("box-1", ["铜螺丝"]),
        ("没有", []),
        ("%", []),
        ("_", []),
    ],
)
def test_typed_text_finds(goods, text, names):
    assert sorted(found(text)) == sorted(names)


def test_an_option_has_what_a_line_needs_in_a_constant_number_of_statements(goods, django_assert_num_queries):
    with django_assert_num_queries(5):
        (row,) = options.options(ITEM, Wanted(search="铜螺丝"), ALL)
    assert (row["code"], row["label"], row["spec"], row["tax_rate"]) == ("SP00003", "铜螺丝", "M8", "0.13")
    assert row["unit"]["label"] == "个" and row["purchase_price"] == "2"
    assert [(unit["label"], unit["factor"]) for unit in row["units"]] == [("个", "1"), ("箱", "12")]
    with django_assert_num_queries(5):
        assert len(options.options(ITEM, Wanted(search="s"), ALL)) == 3


def test_a_barcode_is_found_exactly_with_its_unit(goods):
    (row,) = options.options(ITEM, Wanted(parameters={"barcode": "BOX-1"}), ALL)
    assert row["id"] == goods["铜螺丝"] and row["barcode_unit"] == row["units"][1]["id"]
    assert options.options(ITEM, Wanted(parameters={"barcode": "690"}), ALL) == []


def test_masked_prices_are_absent_and_the_extras_of_other_rooms_are_added(goods):
    options.extra("items", lambda ids, viewer, parameters: {pk: {"on_hand": parameters["place"]} for pk in ids})
    viewer = Viewer(9, "李", permissions=frozenset({("item", "view")}), masks=frozenset({"purchase_price", "cost"}))
    (row,) = options.options(ITEM, Wanted(search="sp00003", parameters={"place": "3"}), viewer)
    assert "purchase_price" not in row and row["sales_price"] == "3" and row["on_hand"] == "3"


def test_who_may_not_view_picks_nothing_but_colleagues_and_units(goods):
    nobody = Viewer(9, "李")
    with pytest.raises(PermissionRefused):
        found("铜", who=nobody)
    assert found("", master=UNIT, who=nobody) == ["个", "箱"]
    save_master(USER, {"username": "wang", "display_name": "王芳"}, ALL)
    (row,) = options.options(USER, Wanted(search="wan"), nobody)
    assert set(row) == {"id", "code", "label"}


def test_each_side_of_the_parties_offers_its_own():
    save_master(SUPPLIER, {"name": "深圳明达"}, ALL)
    save_master(CUSTOMER, {"name": "北京明远"}, ALL)
    assert found("m", master=SUPPLIER) == ["深圳明达"] and found("bjmy", master=CUSTOMER) == ["北京明远"]
    assert found("明", master=PARTY) == ["深圳明达", "北京明远"]
