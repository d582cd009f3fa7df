"""按款看库存 Stock of families: columns and filters by family and value, rows added up by family, alike to the cent."""

from __future__ import annotations

from typing import Any

import pytest

from hengcang.analytics.stock_on_hand import STOCK_ON_HAND
from hengcang.analytics.stock_summary import STOCK_SUMMARY
from hengcang.catalog import variants
from hengcang.catalog.declare import ITEM_FAMILY, VARIANT_AXIS
from hengcang.catalog.models import AxisValue, Item
from hengcang.catalog.variants import Wanted
from hengcang.meta.masters import save_master
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def shop() -> tuple[Company, int]:
    """T001 in 红 and 蓝, S and L: 10 红 S and 4 蓝 L at 30, 2 红 S sold; and 5 M6 at 7."""
    company = make.company()
    axes = [
        save_master(VARIANT_AXIS, {"name": name, "axis_values": [{"name": one} for one in values]}, company.viewer)
        for name, values in (("颜色", "红蓝"), ("尺码", "SL"))
    ]
    raw = {"code": "T001", "name": "T恤", "axis_1": axes[0], "chosen_1": "红、蓝", "axis_2": axes[1], "chosen_2": "S、L"}
    family = save_master(ITEM_FAMILY, {**raw, "base_unit": company.unit.pk, "tax_rate": "0"}, company.viewer)
    rows = variants.preview(family, company.viewer, {})["rows"]
    variants.change(family, company.viewer, Wanted(create=[tuple(row["variants"]) for row in rows]))
    company.items |= {one.code: one for one in Item.objects.filter(family=family)}
    company.receipt(day(1), "10", "30", "T001-红-S")
    company.receipt(day(1), "4", "30", "T001-蓝-L")
    company.receipt(day(1), "5", "7")
    company.delivery(day(2), "2", "T001-红-S")
    return company, family


def asked(company: Company, **parameters: Any) -> list[dict[str, Any]]:
    return list(STOCK_ON_HAND.run(company.viewer, parameters).rows)


def test_rows_tell_family_and_values_and_are_filtered_by_them() -> None:
    company, family = shop()
    found = asked(company, family=family)
    names = ("item_code", "item_spec", "family_name", "variant_1", "variant_2", "quantity")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("T001-红-S", "红 / S", "T001 T恤", "红", "S", "8"),
        ("T001-蓝-L", "蓝 / L", "T001 T恤", "蓝", "L", "4"),
    ]  # fmt: skip
    blue = AxisValue.objects.get(name="蓝").pk
    assert [row["item_code"] for row in asked(company, variant=blue)] == ["T001-蓝-L"]
    assert [row["item_code"] for row in asked(company, variant=AxisValue.objects.get(name="S").pk)] == ["T001-红-S"]
    assert [row["item_code"] for row in asked(company, search="t恤")] == ["T001-红-S", "T001-蓝-L"]
    summary = list(STOCK_SUMMARY.run(company.viewer, {"date_from": day(1), "date_to": day(3), "family": family}).rows)
    assert [(row["variant_1"], row["quantity_in"], row["quantity_out"], row["closing_value"]) for row in summary] == [
        ("红", "10", "2", "240"), ("蓝", "4", "0", "120"),
    ]  # fmt: skip


def test_by_family_rows_are_the_sums_of_their_items_and_totals_stay() -> None:
    company, family = shop()
    found = asked(company, by="family")
    assert [(row["item_code"], row["item_name"], row["quantity"], row["value"], row["unit_cost"]) for row in found] == [
        ("M6", "商品M6", "5", "35", "7"), ("T001", "T恤", "12", "360", "30"),
    ]  # fmt: skip
    assert found[1]["family"] == family and found[1]["item"] is None
    totals = [STOCK_ON_HAND.run(company.viewer, {"by": by}).totals for by in ("item", "family", "place")]
    assert totals[0] == totals[1] == totals[2] and totals[0]["value"] == "395"
    past = asked(company, by="family", day=day(1), family=family)
    assert [(row["item_code"], row["quantity"], row["value"]) for row in past] == [("T001", "14", "420")]
