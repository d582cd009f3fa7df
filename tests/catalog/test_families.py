"""多规格 Families of items: axes and values, what is generated, what is retired, and that a combination stands once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer, system_viewer
from hengcang.base import audit
from hengcang.base.book import book, load_book
from hengcang.base.models import AuditLog
from hengcang.catalog import variants
from hengcang.catalog.declare import AXIS_VALUE, BILL_OF_MATERIALS, ITEM, ITEM_FAMILY, UNIT, VARIANT_AXIS
from hengcang.catalog.models import AxisValue, Item, ItemFamily, ItemUnit
from hengcang.catalog.variants import Wanted
from hengcang.core.errors import InUse, InvalidDocument, PermissionRefused, RevisionConflict
from hengcang.core.variant_errors import TooManyVariants
from hengcang.meta.dataset import dataset_of
from hengcang.meta.exchange import csv_lines
from hengcang.meta.importing import import_master
from hengcang.meta.masters import delete_master, get_master, save_master
from hengcang.meta.options import Wanted as Asked
from hengcang.meta.options import options
from hengcang.meta.query import Query, run, stream

pytestmark = pytest.mark.django_db
ALL = system_viewer(1, "系统")


def axis(name, *values):
    lines = [{"name": value.partition("=")[0], "code": value.partition("=")[2]} for value in values]
    return save_master(VARIANT_AXIS, {"name": name, "axis_values": lines}, ALL)


@pytest.fixture
def shop():
    unit, box = save_master(UNIT, {"name": "件"}, ALL), save_master(UNIT, {"name": "箱"}, ALL)
    colour, size = axis("颜色", "红=R", "蓝", "白"), axis("尺码", "S", "M", "L")
    raw = {
        **{"code": "T001", "name": "T恤", "axis_1": colour, "chosen_1": "红、蓝", "axis_2": size, "chosen_2": "L，m S"},
        **{"base_unit": unit, "purchase_price": "30", "sales_price": "59.9", "tax_rate": "0.06"},
        "units": [{"unit": box, "factor": "20", "sales_price": "1000"}],
    }
    return {"unit": unit, "box": box, "colour": colour, "size": size, "family": save_master(ITEM_FAMILY, raw, ALL)}


def rows(shop, **chosen):
    return variants.preview(shop["family"], ALL, {int(key[-1]): one for key, one in chosen.items()})["rows"]


def generate(shop, viewer=ALL, **wanted):
    new = [tuple(row["variants"]) for row in rows(shop) if row["state"] == "new"]
    return variants.change(shop["family"], viewer, Wanted(**(wanted or {"create": new})))


def value(name):
    return AxisValue.objects.get(name=name).pk


def test_the_preview_tells_codes_names_and_specs_in_the_order_of_the_axes_and_writes_nothing(shop):
    found = rows(shop)
    assert [(row["code"], row["name"], row["spec"], row["state"], row["taken"]) for row in found] == [
        ("T001-R-S", "T恤 红 S", "红 / S", "new", False),
        ("T001-R-M", "T恤 红 M", "红 / M", "new", False),
        ("T001-R-L", "T恤 红 L", "红 / L", "new", False),
        ("T001-蓝-S", "T恤 蓝 S", "蓝 / S", "new", False),
        ("T001-蓝-M", "T恤 蓝 M", "蓝 / M", "new", False),
        ("T001-蓝-L", "T恤 蓝 L", "蓝 / L", "new", False),
    ]
    assert Item.objects.count() == 0


def test_generating_copies_what_the_family_says_and_tells_the_log(shop):
    assert generate(shop) == {"created": 6, "retired": 0, "deleted": 0, "restored": 0, "changed": 0}
    one = Item.objects.get(code="T001-R-L")
    assert (one.name, one.spec, one.tax_rate, one.purchase_price, one.sales_price) == (
        "T恤 红 L", "红 / L", Decimal("0.06"), Decimal(30), Decimal("59.9"),
    )  # fmt: skip
    assert (one.family_id, one.variant_1_id, one.variant_2_id, one.variant_3_id) == (shop["family"], value("红"), value("L"), None)
    assert (one.costing_method, one.tracking, one.active, one.base_unit_id) == ("moving_average", "none", True, shop["unit"])
    unit = ItemUnit.objects.get(item=one)
    assert (unit.unit_id, unit.factor, unit.purchase_price, unit.sales_price) == (shop["box"], Decimal(20), None, Decimal(1000))
    told = audit.history("item", one.pk)
    assert [row["action"] for row in told] == ["create"]
    assert {"field": "code", "before": None, "after": "T001-R-L"} in told[0]["changes"]
    assert book().variants and get_master(ITEM, one.pk, ALL)["variant_1"]["label"] == "红"
    assert generate(shop) == {"created": 0, "retired": 0, "deleted": 0, "restored": 0, "changed": 0}


def test_a_value_added_later_offers_only_the_new_combinations(shop):
    generate(shop)
    save_master(ITEM_FAMILY, {"chosen_1": "红、蓝、白"}, ALL, shop["family"])
    assert [row["code"] for row in rows(shop) if row["state"] == "new"] == ["T001-白-S", "T001-白-M", "T001-白-L"]
    assert generate(shop)["created"] == 3 and Item.objects.count() == 9


def test_values_chosen_in_the_dialog_become_values_of_the_family(shop):
    generate(shop, create=[(value("白"), value("M"))])
    assert ItemFamily.objects.get().chosen_1 == "红、蓝、白"
    assert [row["state"] for row in rows(shop, chosen_1=[value("白")], chosen_2=[value("M"), value("L")])] == ["active", "new"]


def test_what_nothing_names_is_deleted_and_what_was_used_is_retired_and_can_come_back(shop):
    generate(shop)
    used, unused = Item.objects.get(code="T001-R-S"), Item.objects.get(code="T001-R-M")
    part = Item.objects.get(code="T001-R-L")
    save_master(BILL_OF_MATERIALS, {"item": used.pk, "components": [{"item": part.pk, "quantity": "1"}]}, ALL)
    done = generate(shop, retire=[used.pk, unused.pk, part.pk])
    assert done == {"created": 0, "retired": 2, "deleted": 1, "restored": 0, "changed": 0}
    assert [(row["code"], row["state"]) for row in rows(shop)][:3] == [
        ("T001-R-S", "retired"), ("T001-R-M", "new"), ("T001-R-L", "retired"),
    ]  # fmt: skip
    assert not ItemUnit.objects.filter(item=unused.pk).exists()
    assert [row["action"] for row in audit.history("item", unused.pk)] == ["create", "delete"]
    assert generate(shop, restore=[used.pk, part.pk])["restored"] == 2
    assert audit.history("item", used.pk)[-1]["changes"] == [{"field": "active", "before": False, "after": True}]


def test_who_may_not_delete_retires_and_who_may_not_create_generates_nothing(shop):
    generate(shop)
    changer = Viewer(2, "李", permissions=frozenset({("item", "view"), ("item", "change")}))
    assert generate(shop, changer, retire=[Item.objects.get(code="T001-R-S").pk]) == {
        "created": 0, "retired": 1, "deleted": 0, "restored": 0, "changed": 0,
    }  # fmt: skip
    with pytest.raises(PermissionRefused):
        generate(shop, changer, create=[(value("白"), value("M"))])
    with pytest.raises(PermissionRefused):
        variants.preview(shop["family"], Viewer(3, "王"), {})
    assert Item.objects.count() == 6


def test_more_than_two_thousand_combinations_are_refused_with_their_numbers(shop):
    many = save_master(VARIANT_AXIS, {"name": "花型", "axis_values": [{"name": f"F{n}"} for n in range(700)]}, ALL)
    text = "、".join(f"F{n}" for n in range(334))
    with pytest.raises(InvalidDocument) as refused:
        save_master(ITEM_FAMILY, {"axis_3": many, "chosen_3": text}, ALL, shop["family"])
    assert refused.value.errors[0].code == "too_many_variants"
    assert refused.value.message() == "2 × 3 × 334 会有 2004 个规格组合，一个款最多 2000 个。请减少规格值，或把款拆开。"


def test_more_than_two_thousand_are_refused_in_the_preview_as_well(shop):
    many = save_master(VARIANT_AXIS, {"name": "花型", "axis_values": [{"name": f"F{n}"} for n in range(700)]}, ALL)
    save_master(ITEM_FAMILY, {"axis_3": many}, ALL, shop["family"])
    ids = list(AxisValue.objects.filter(axis=many).values_list("pk", flat=True))
    with pytest.raises(TooManyVariants):
        variants.preview(shop["family"], ALL, {3: ids})


def test_a_family_with_faults_is_refused_field_by_field(shop):
    with pytest.raises(InvalidDocument) as refused:
        save_master(ITEM_FAMILY, {"axis_3": shop["size"], "chosen_1": "红、粉", "chosen_4": "甲"}, ALL, shop["family"])
    assert [(one.path, one.code) for one in refused.value.errors] == [
        ("chosen_1", "field_invalid"), ("axis_3", "duplicate_value"), ("chosen_4", "field_invalid"),
    ]  # fmt: skip
    assert "粉" in refused.value.errors[0].message() and ItemFamily.objects.get().chosen_1 == "红、蓝"


def test_the_axes_of_a_family_with_items_stand(shop):
    generate(shop)
    with pytest.raises(InvalidDocument) as refused:
        save_master(ITEM_FAMILY, {"axis_3": axis("面料", "棉")}, ALL, shop["family"])
    assert refused.value.message() == "“规格项3”不能再改：T001 已有 6 个规格商品。可在现有规格项下增加规格值，或另建一个款。"


def test_a_combination_stands_once_for_the_service_and_for_the_database(shop):
    generate(shop)
    raw = {"name": "另一件", "base_unit": shop["unit"], "family": shop["family"], "variant_1": value("红"), "variant_2": value("S")}
    with pytest.raises(InvalidDocument) as refused:
        save_master(ITEM, raw, ALL)
    assert refused.value.message() == "T001 已有规格“红 / S”的商品 T001-R-S，同一组合只能有一个。"
    other = Item.objects.get(code="T001-R-M")
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=other.pk).update(variant_2=value("S"))
    assert Item.objects.count() == 6


def test_an_item_has_one_value_of_each_axis_of_its_family_and_none_without(shop):
    raw = {"name": "T恤", "base_unit": shop["unit"], "family": shop["family"], "variant_1": value("红")}
    with pytest.raises(InvalidDocument) as refused:
        save_master(ITEM, raw, ALL)
    assert [(one.path, one.code) for one in refused.value.errors] == [("variant_2", "field_required")]
    with pytest.raises(InvalidDocument):
        save_master(ITEM, {**raw, "variant_2": value("蓝")}, ALL)
    with pytest.raises(InvalidDocument):
        save_master(ITEM, {**raw, "family": None}, ALL)
    made = Item.objects.get(pk=save_master(ITEM, {**raw, "variant_2": value("S")}, ALL))
    assert (made.spec, made.search_text.splitlines()[-2:]) == ("红 / S", ["t001", "t恤"])


def test_codes_that_others_have_are_shown_and_refused_and_nothing_is_made(shop):
    save_master(ITEM, {"code": "T001-蓝-S", "name": "别的", "base_unit": shop["unit"]}, ALL)
    assert [row["taken"] for row in rows(shop)] == [False, False, False, True, False, False]
    with pytest.raises(InvalidDocument) as refused:
        generate(shop)
    assert [one.params["value"] for one in refused.value.errors] == ["T001-蓝-S"] and Item.objects.count() == 1
    with pytest.raises(InvalidDocument):
        generate(shop, create=[(value("S"), value("红"))])
    with pytest.raises(InvalidDocument):
        generate(shop, retire=[Item.objects.get().pk])


def test_new_names_of_values_and_families_go_on_to_specs_texts_and_search(shop):
    generate(shop)
    lines = get_master(VARIANT_AXIS, shop["colour"], ALL)["axis_values"]
    lines[0] |= {"name": "大红"}
    save_master(VARIANT_AXIS, {"axis_values": lines}, ALL, shop["colour"])
    save_master(AXIS_VALUE, {"name": "加大"}, ALL, value("L"))
    save_master(ITEM_FAMILY, {"code": "K9"}, ALL, shop["family"])
    assert (ItemFamily.objects.get().chosen_1, ItemFamily.objects.get().chosen_2) == ("大红、蓝", "S、M、加大")
    assert Item.objects.get(code="T001-R-L").spec == "大红 / 加大"
    for text, count in (("k9", 6), ("大红", 3), ("加大", 2), ("大红 加大", 1)):
        assert len(options(ITEM, Asked(search=text), ALL)) == count, text


def test_a_value_in_use_stays_on_its_axis(shop):
    lines = get_master(VARIANT_AXIS, shop["colour"], ALL)["axis_values"]
    with pytest.raises(InvalidDocument) as refused:
        save_master(VARIANT_AXIS, {"axis_values": lines[1:]}, ALL, shop["colour"])
    assert refused.value.message() == "规格值“红”还在 T001 T恤 的规格值里，不能移除。请先从该款去掉，或把它停用。"
    generate(shop)
    save_master(ITEM_FAMILY, {"chosen_1": "蓝"}, ALL, shop["family"])
    with pytest.raises(InUse):
        save_master(VARIANT_AXIS, {"axis_values": lines[1:]}, ALL, shop["colour"])
    with pytest.raises(InvalidDocument):
        save_master(AXIS_VALUE, {"axis": shop["size"]}, ALL, value("红"))
    with pytest.raises(InUse):
        delete_master(ITEM_FAMILY, shop["family"], ALL)
    assert AxisValue.objects.filter(axis=shop["colour"]).count() == 3


def test_values_of_one_name_on_an_axis_are_refused_and_a_new_one_stands_last(shop):
    with pytest.raises(InvalidDocument) as refused:
        axis("材质", "棉", "麻", "棉")
    assert [one.path for one in refused.value.errors] == ["axis_values.2.name"]
    save_master(AXIS_VALUE, {"axis": shop["size"], "name": "XL"}, ALL)
    assert list(AxisValue.objects.filter(axis=shop["size"]).order_by("position").values_list("name", flat=True)) == ["S", "M", "L", "XL"]


def test_families_go_out_and_come_in_as_a_file(shop):
    columns = ("code", "name", "axis_1", "chosen_1", "axis_2", "chosen_2", "base_unit", "sales_price")
    fields, found = stream(dataset_of(ITEM_FAMILY), Query(columns=columns), ALL)
    file = b"".join(csv_lines(fields, found)).decode("utf-8-sig")
    assert file.splitlines()[1] == "T001,T恤,颜色,红、蓝,尺码,L，m S,件,59.9"
    more = file + "T002,衬衫,颜色,白、蓝,尺码,M,件,88\nT003,裤,颜色,绿,,,件,99\n"
    outcome = import_master(ITEM_FAMILY, "a.csv", more.encode(), ALL, dry_run=False)
    assert [(error["row"], error["column"]) for error in outcome.errors] == [(4, "规格值1")]
    outcome = import_master(ITEM_FAMILY, "a.csv", more.replace("绿", "白").encode(), ALL, dry_run=False)
    assert (outcome.created, outcome.updated, outcome.errors) == (2, 1, [])
    family = ItemFamily.objects.get(code="T002")
    assert [row["code"] for row in variants.preview(family.pk, ALL, {})["rows"]] == ["T002-蓝-M", "T002-白-M"]


def test_items_are_filtered_and_grouped_by_family_and_value_through_the_compiler(shop):
    generate(shop)
    save_master(ITEM, {"name": "单品", "base_unit": shop["unit"]}, ALL)
    where = [{"field": "family", "op": "eq", "value": shop["family"]}, {"field": "variant_1", "op": "eq", "value": value("红")}]
    page = run(dataset_of(ITEM), Query(columns=("code", "variant_2"), where=where, sort=("code",)), ALL)
    assert [(row["code"], row["variant_2"]["label"]) for row in page.rows] == [("T001-R-L", "L"), ("T001-R-M", "M"), ("T001-R-S", "S")]


def test_a_book_without_families_has_no_such_fields():
    save_master(UNIT, {"name": "件"}, ALL)
    assert not load_book().variants
    unit = UNIT and save_master(UNIT, {"name": "个"}, ALL)
    made = save_master(ITEM, {"name": "螺丝", "base_unit": unit}, ALL)
    assert not {"family", "variant_1"} & set(get_master(ITEM, made, ALL))
    assert "family" not in options(ITEM, Asked(), ALL)[0]


def test_statements_are_as_many_for_six_items_as_for_two_hundred(shop):
    generate(shop)
    many = save_master(VARIANT_AXIS, {"name": "花型", "axis_values": [{"name": f"F{n}"} for n in range(100)]}, ALL)
    raw = {"code": "W1", "name": "布", "axis_1": many, "chosen_1": "F0 F1 F2", "base_unit": shop["unit"]}
    few = save_master(ITEM_FAMILY, raw, ALL)
    text = " ".join(f"F{n}" for n in range(100))
    lots = save_master(ITEM_FAMILY, {**raw, "code": "W2", "chosen_1": text}, ALL)
    counts = []
    for family, size in ((few, 3), (lots, 100)):
        own = {"family": family}
        new = [tuple(row["variants"]) for row in rows(own)]
        seen = []
        for act in (
            lambda own=own: rows(own),
            lambda family=family, new=new: variants.change(family, ALL, Wanted(create=new)),
            lambda family=family: variants.change(
                family, ALL, Wanted(retire=list(Item.objects.filter(family=family).values_list("pk", flat=True)))
            ),
        ):
            with CaptureQueriesContext(connection) as statements:
                act()
            seen.append(len(statements))
        assert size == len(new) and not Item.objects.filter(family=family).exists()
        counts.append(seen)
    assert counts[0] == counts[1]
    assert counts[0][0] <= 5 and counts[0][1] <= 14


class Broken(Exception):
    """A statement that does not come back."""


def test_making_and_retiring_that_break_at_any_statement_leave_nothing_and_go_through_when_tried_again(shop):
    def breaking_at(step):
        done = iter(range(1_000))

        def pass_on(execute, sql, parameters, many, context):
            if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")) and next(done) == step:
                raise Broken
            return execute(sql, parameters, many, context)

        return pass_on

    def state():
        items = list(Item.objects.order_by("pk").values_list("code", "active", "version"))
        return items, ItemUnit.objects.count(), ItemFamily.objects.get().chosen_1, AuditLog.objects.count()

    new = [tuple(row["variants"]) for row in rows(shop)] + [(value("白"), value("M"))]
    for wanted in (lambda: Wanted(create=new), lambda: Wanted(retire=list(Item.objects.values_list("pk", flat=True)))):
        order, before, step = wanted(), state(), 0
        while True:
            try:
                with connection.execute_wrapper(breaking_at(step)):
                    variants.change(shop["family"], ALL, order)
                break
            except Broken:
                assert state() == before, step
                step += 1
        assert step > 5 and state() != before
    assert Item.objects.count() == 0


def repriced(shop, **values):
    """The family as it says now, and all its items made before."""
    generate(shop)
    save_master(ITEM_FAMILY, values, ALL, shop["family"])
    return variants.preview(shop["family"], ALL, {})


def test_prices_that_the_family_changed_go_to_the_items_named_and_to_no_others(shop):
    box = {"unit": shop["box"], "factor": "20", "sales_price": "1100"}
    seen = repriced(shop, sales_price="66", tax_rate="0.13", units=[box])
    assert [row["code"] for row in seen["unlike"]] == ["T001-R-L", "T001-R-M", "T001-R-S", "T001-蓝-L", "T001-蓝-M", "T001-蓝-S"]
    assert [(one["label"], one["before"], one["after"]) for one in seen["unlike"][0]["changes"]] == [
        ("税率", "0.06", "0.13"), ("销售价", "59.9", "66"), ("销售价（箱）", "1000", "1100"),
    ]  # fmt: skip
    chosen = [row["item"] for row in seen["unlike"][:2]]
    done = variants.change(shop["family"], ALL, Wanted(apply=chosen, version=seen["version"]))
    assert done == {"created": 0, "retired": 0, "deleted": 0, "restored": 0, "changed": 2}
    given = Item.objects.get(pk=chosen[0])
    assert (given.sales_price, given.tax_rate, given.purchase_price, given.version) == (Decimal(66), Decimal("0.13"), Decimal(30), 2)
    assert set(ItemUnit.objects.filter(item__in=chosen).values_list("sales_price", "factor")) == {(Decimal(1100), Decimal(20))}
    assert [row["code"] for row in variants.preview(shop["family"], ALL, {})["unlike"]] == [
        "T001-R-S",
        "T001-蓝-L",
        "T001-蓝-M",
        "T001-蓝-S",
    ]
    told = audit.history("item", chosen[0])[-1]
    assert told["action"] == "change" and told["changes"][:2] == [
        {"field": "tax_rate", "before": "0.06", "after": "0.13"}, {"field": "sales_price", "before": "59.9", "after": "66"},
    ]  # fmt: skip
    (units,) = told["changes"][2:]
    assert [[line["sales_price"] for line in units[side]] for side in ("before", "after")] == [["1000"], ["1100"]]
    assert variants.change(shop["family"], ALL, Wanted(apply=chosen))["changed"] == 0
    assert len(audit.history("item", chosen[0])) == 2


def test_a_price_that_is_masked_is_neither_shown_nor_given(shop):
    repriced(shop, sales_price="66", purchase_price="33")
    clerk = Viewer(2, "李", permissions=frozenset({("item", "view"), ("item", "change")}), masks=frozenset({"purchase_price"}))
    seen = variants.preview(shop["family"], clerk, {})["unlike"]
    assert {one["name"] for row in seen for one in row["changes"]} == {"sales_price"}
    assert variants.change(shop["family"], clerk, Wanted(apply=[seen[0]["item"]]))["changed"] == 1
    one = Item.objects.get(pk=seen[0]["item"])
    assert (one.sales_price, one.purchase_price) == (Decimal(66), Decimal(30))
    with pytest.raises(PermissionRefused):
        variants.change(shop["family"], Viewer(3, "王", permissions=frozenset({("item", "view")})), Wanted(apply=[one.pk]))


def test_a_family_that_changed_since_it_was_seen_gives_nothing(shop):
    seen = repriced(shop, sales_price="66")
    save_master(ITEM_FAMILY, {"sales_price": "99"}, ALL, shop["family"])
    with pytest.raises(RevisionConflict):
        variants.change(shop["family"], ALL, Wanted(apply=[row["item"] for row in seen["unlike"]], version=seen["version"]))
    other = save_master(ITEM, {"code": "X", "name": "别的", "base_unit": shop["unit"]}, ALL)
    with pytest.raises(InvalidDocument):
        variants.change(shop["family"], ALL, Wanted(apply=[other]))
    assert set(Item.objects.filter(family=shop["family"]).values_list("sales_price", flat=True)) == {Decimal("59.9")}


def test_giving_prices_takes_as_many_statements_for_two_items_as_for_two_hundred(shop):
    def statements(ids):
        with CaptureQueriesContext(connection) as captured:
            assert variants.change(shop["family"], ALL, Wanted(apply=ids))["changed"] == len(ids)
        return len([one for one in captured.captured_queries if "pg_attribute" not in one["sql"]])

    many = axis("号", *(f"N{at}" for at in range(34)))
    save_master(ITEM_FAMILY, {"axis_3": many, "chosen_3": "、".join(f"N{at}" for at in range(34))}, ALL, shop["family"])
    repriced(shop, sales_price="66", units=[{"unit": shop["box"], "factor": "20", "sales_price": "1100"}])
    ids = list(Item.objects.order_by("pk").values_list("pk", flat=True))
    assert len(ids) == 204
    assert statements(ids[:2]) == statements(ids[2:])
