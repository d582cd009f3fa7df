"""物料清单 Bills of materials: exploding to one level and to the bottom, circles, defaults, where an item is used."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.analytics.where_used import WHERE_USED
from hengcang.catalog import materials
from hengcang.catalog.models import BillOfMaterials
from hengcang.core.errors import ComponentsInCircle, FieldInvalid, InvalidDocument, NoBillOfMaterials
from hengcang.documents.exploding import EXPLODE, EXPLODE_DEEP
from hengcang.meta import masters, registry
from tests import make
from tests.make import Company

pytestmark = pytest.mark.django_db


def bill(company: Company, product: str, *components: tuple[str, str, str], **more: object) -> int:
    """A bill as a person saves it: components as (item, quantity, scrap rate)."""
    lines = [{"item": company.item(code).pk, "quantity": used, "scrap_rate": scrap} for code, used, scrap in components]
    raw = {"item": company.item(product).pk, "components": lines, **more}
    return int(masters.save_master(registry.masters()["bill_of_materials"], raw, company.viewer))


def needs(company: Company, own: int, quantity: str, *, bottom: bool = False) -> dict[str, str]:
    """What is needed, by item code."""
    codes = {item.pk: code for code, item in company.items.items()}
    return {codes[one.item]: f"{one.quantity.normalize():f}" for one in materials.explode(own, Decimal(quantity), bottom=bottom)}


def table(company: Company) -> int:
    """A table of a top and four legs; a leg of wood and two screws; the top of wood. Two tables a bill."""
    bill(company, "leg", ("wood", "0.7", "0"), ("screw", "2", "0"))
    bill(company, "top", ("wood", "3", "0.1"))
    return bill(company, "table", ("top", "2", "0"), ("leg", "8", "0.05"), quantity="2")


def test_a_bill_explodes_to_one_level_with_scrap_and_rounds_up_once() -> None:
    company = make.company()
    company.unit.decimals = 0
    company.unit.save()
    assert needs(company, table(company), "3") == {"top": "3", "leg": "13"}


def test_a_bill_explodes_to_the_bottom_and_sums_what_stands_at_several_places() -> None:
    company = make.company()
    assert needs(company, table(company), "3", bottom=True) == {"wood": "18.72", "screw": "25.2"}


def test_exploding_takes_one_statement_however_deep_it_goes() -> None:
    company = make.company()
    own = table(company)
    for bottom in (False, True):
        with CaptureQueriesContext(connection) as captured:
            materials.explode(own, Decimal(3), bottom=bottom)
        assert len(captured) == 1


def test_a_product_that_would_be_made_of_itself_is_refused_and_nothing_is_kept() -> None:
    company = make.company()
    table(company)
    for component, kind in (("table", ComponentsInCircle), ("wood", FieldInvalid)):
        with pytest.raises(InvalidDocument) as refused:
            bill(company, "wood", (component, "1", "0"))
        assert [type(one) for one in refused.value.errors] == [kind]
    assert BillOfMaterials.objects.count() == 3


@pytest.mark.parametrize("into", ["table", "leg"])
def test_bills_that_run_in_a_circle_after_all_are_told_instead_of_exploded_for_ever(into: str) -> None:
    company = make.company()
    own = table(company)
    leg = BillOfMaterials.objects.get(item=company.item("leg"))
    leg.components.filter(item=company.item("wood")).update(item=company.item(into))
    with pytest.raises(ComponentsInCircle) as refused:
        materials.explode(own, Decimal(3), bottom=True)
    assert refused.value.message() == "物料清单成环：组件（或组件的组件）用到了产品 table 商品table 自己，请去掉其中一处。"
    assert needs(company, own, "3") == {"top": "3", "leg": "12.6"}


def test_what_stands_at_many_places_of_many_levels_is_exploded_at_once() -> None:
    company = make.company()
    for level in range(25):
        parts = [(f"{level + 1}{side}", "1", "0") for side in ("a", "b")]
        for side in ("a", "b"):
            own = bill(company, f"{level}{side}", *parts)
    top = BillOfMaterials.objects.get(item=company.item("0a"))
    assert own != top.pk
    assert needs(company, top.pk, "1", bottom=True) == {"25a": str(2**24), "25b": str(2**24)}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="one writer at a time under SQLite")
def test_bills_are_checked_one_after_the_other() -> None:
    company = make.company()
    with CaptureQueriesContext(connection) as captured:
        bill(company, "leg", ("wood", "1", "0"))
    said = [one["sql"] for one in captured]
    lock = next(at for at, sql in enumerate(said) if "hashtext('bills of materials')" in sql)
    assert "down(item)" in said[lock + 1]


def test_one_bill_of_a_product_is_the_default_and_it_is_the_one_taken() -> None:
    company = make.company()
    first = bill(company, "leg", ("wood", "1", "0"))
    second = bill(company, "leg", ("steel", "1", "0"), edition="2.0")
    assert list(BillOfMaterials.objects.order_by("id").values_list("is_default", flat=True)) == [False, True]
    assert materials.bills_of([company.item("leg").pk]) == {company.item("leg").pk: second}
    BillOfMaterials.objects.filter(pk=second).update(active=False)
    assert materials.bills_of([company.item("leg").pk, company.item("wood").pk]) == {company.item("leg").pk: first}


def test_the_button_of_a_draft_gives_its_component_lines() -> None:
    company = make.company()
    table(company)
    declaration = registry.document("production_order")
    raw = {"product_lines": [{"item": company.item("table").pk, "quantity": "2"}]}
    for button, wanted in ((EXPLODE, [("top", "2"), ("leg", "8.4")]), (EXPLODE_DEEP, [("wood", "12.48"), ("screw", "16.8")])):
        lines = button.fill(company.viewer, declaration, raw)["component_lines"]
        assert [(line["item"]["code"], line["quantity"]) for line in lines] == wanted
        assert all(line["unit"]["id"] == company.unit.pk for line in lines)
    with pytest.raises(NoBillOfMaterials):
        EXPLODE.fill(company.viewer, declaration, {"product_lines": [{"item": company.item("wood").pk, "quantity": "2"}]})


def test_where_used_goes_up_level_by_level() -> None:
    company = make.company()
    table(company)
    rows = list(WHERE_USED.run(company.viewer, {"item": company.item("wood").pk}).rows)
    assert [(row["level"], row["item_code"], row["quantity"]) for row in rows] == [
        (1, "leg", "0.7"),
        (1, "top", "3"),
        (2, "table", "2"),
        (2, "table", "8"),
    ]
