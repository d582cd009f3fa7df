"""下推 Every conversion that is declared makes a draft, and what it cannot know is asked for before posting."""

from __future__ import annotations

from typing import Any

import pytest

from hengcang.meta import registry
from hengcang.meta.declarations import Charge
from hengcang.parties.models import Party
from hengcang.places.models import ExpenseCategory
from tests.api.documents_world import World, faults, world

pytestmark = pytest.mark.django_db
Shown = dict[str, Any]


@pytest.fixture
def at() -> World:
    return world()


def call(at: World, path: str, body: Any = None) -> Shown:
    """What a command answers, which it does not refuse."""
    status, answer = at.boss.call("POST", path, body or {})
    assert status in (200, 201), (path, answer)
    return dict(answer)


def converted(at: World, source: Shown, target: str, **filled: Any) -> Shown:
    """A posted document of the target type, its header completed."""
    draft = call(at, f"/{collection(source['type'])}/{source['id']}/convert/{target}")
    path = f"/{collection(target)}/{draft['id']}"
    known = {one.name for one in registry.document(target).fields}
    status, saved = at.boss.call("PUT", path, {"version": draft["version"], **{name: one for name, one in filled.items() if name in known}})
    assert status == 200, saved
    return call(at, f"{path}/post", {"version": saved["version"]})


def collection(name: str) -> str:
    """Where documents of a type live."""
    return registry.document(name).collection


def on_credit(at: World, kind: str, direction: str, **header: Any) -> Shown:
    """Money owed without goods."""
    line = {"category": ExpenseCategory.objects.filter(direction=direction)[0].pk, "amount": "10"}
    return at.posted(kind, [line], **header)


def sources(at: World) -> dict[str, Shown]:
    """A posted document of every type that converts, with something left open of it."""
    receipt, delivery = at.posted("purchase_receipts", [at.line("9")]), at.posted("sales_deliveries", [at.line("3")], on=2)
    waiting = at.posted("purchase_receipts", inspect=True)
    return {
        "transfer_out": at.posted("transfer_outs", on=2),
        "inspection": rejected(at, waiting),
        "price_protection": at.posted("price_protections", [{"item": at.company.item().pk, "amount": "1"}], on=3),
        "purchase_order": at.posted("purchase_orders"),
        "purchase_receipt": receipt,
        "purchase_return": returned(at, receipt, "purchase_return"),
        "purchase_invoice": billed(at, at.posted("purchase_receipts"), "purchase_invoice"),
        "landed_cost": converted(at, receipt, "landed_cost", charge_amount="6"),
        "purchase_credit_note": billed(at, returned(at, at.posted("purchase_receipts"), "purchase_return"), "purchase_credit_note"),
        "sales_order": at.posted("sales_orders"),
        "sales_delivery": delivery,
        "sales_return": returned(at, delivery, "sales_return"),
        "sales_invoice": billed(at, at.posted("sales_deliveries", on=2), "sales_invoice"),
        "sales_credit_note": billed(at, returned(at, at.posted("sales_deliveries", on=2), "sales_return"), "sales_credit_note"),
        "incoming_payment": at.posted("incoming_payments"),
        "outgoing_payment": at.posted("outgoing_payments"),
        **made_goods(at),
        "expense": on_credit(at, "expenses", "expense", party=at.company.supplier.pk),
        "other_income": on_credit(at, "other_incomes", "income", party=at.company.customer.pk),
    }


def made_goods(at: World) -> dict[str, Shown]:
    """Documents of making whose fee is owed, and the chain of a production order."""
    at.posted("purchase_receipts", [at.line("30")])
    owed = {
        "party": at.company.supplier.pk,
        "fee": "6",
        "source_place": at.company.places["A"].pk,
        "target_place": at.company.places["B"].pk,
    }
    one, two = ({"item": at.company.item(code).pk, "quantity": "1"} for code in ("M6", "P1"))
    order = bare(at, "production_orders", product_lines=[two], component_lines=[one], **owed)
    assembly = bare(at, "assemblies", product_lines=[two], component_lines=[one], **owed)
    return {
        "production_order": order,
        "material_issue": converted(
            at, bare(at, "production_orders", product_lines=[two], component_lines=[one], **owed), "material_issue"
        ),
        "finished_receipt": converted(at, bare(at, "production_orders", product_lines=[two], **owed), "finished_receipt", **owed),
        "assembly": assembly,
        "disassembly": bare(at, "disassemblies", product_lines=[one], component_lines=[{**two, "ratio": "1"}], basis="ratio", **owed),
        "lot_adjustment": bare(at, "lot_adjustments", source_lines=[one], target_lines=[two], **owed),
    }


def bare(at: World, where: str, **body: Any) -> Shown:
    """A posted document of exactly this body, without the fields its type does not have."""
    known = {one.name for one in registry.document_by_collection(where).fields} | {
        one.name for one in registry.document_by_collection(where).tables
    }
    made = call(at, f"/{where}", {"document_date": "2026-03-02", **{name: value for name, value in body.items() if name in known}})
    return call(at, f"/{where}/{made['id']}/post", {"version": made["version"]})


def part(source: Shown) -> Shown:
    """The conversion of one piece of the first line."""
    return {"lines": [{"id": source["goods_lines"][0]["id"], "quantity": "1"}]}


def returned(at: World, source: Shown, target: str) -> Shown:
    """One piece goes back."""
    draft = call(at, f"/{collection(source['type'])}/{source['id']}/convert/{target}", part(source))
    return call(at, f"/{collection(target)}/{draft['id']}/post")


def rejected(at: World, source: Shown) -> Shown:
    """All of a receipt is found bad."""
    draft = call(at, f"/purchase_receipts/{source['id']}/convert/inspection")
    lines = [{"id": line["id"], "result": "rejected"} for line in draft["goods_lines"]]
    path = f"/inspections/{draft['id']}"
    assert at.boss.call("PUT", path, {"version": draft["version"], "goods_lines": lines})[0] == 200
    return call(at, f"{path}/post")


def billed(at: World, source: Shown, target: str) -> Shown:
    """A bill at another price, so that more is owed."""
    draft = call(at, f"/{collection(source['type'])}/{source['id']}/convert/{target}")
    path = f"/{collection(target)}/{draft['id']}"
    lines = [{"id": line["id"], "unit_price_net": "7"} for line in draft["goods_lines"]]
    status, saved = at.boss.call("PUT", path, {"version": draft["version"], "goods_lines": lines})
    assert status == 200, saved
    return call(at, f"{path}/post")


def carried(at: World, name: str, source: Shown, charge: Charge) -> None:
    """A carrier took the goods, at the cost of whom the charge is about."""
    sf, _ = Party.objects.get_or_create(code="SF", defaults={"name": "顺丰", "is_supplier": True})
    borne = next(one.choices for one in registry.document(name).fields if one.name == charge.by)
    values = [one.value for one in borne if one.value in charge.categories]
    payer = "advanced" if "advanced" in values else values[0]
    call(at, f"/{collection(name)}/{source['id']}/ship", {"carrier": sf.pk, "freight": "18", "freight_payer": payer})


def test_every_declared_conversion_makes_a_draft(at: World) -> None:
    found = sources(at)
    declared = {one.name: one.conversions for one in registry.documents().values() if one.conversions}
    assert set(found) == set(declared)
    for name, conversions in declared.items():
        for one in conversions:
            source = at.posted(collection(name), **one.when) if one.when else found[name]
            if one.charge:
                carried(at, name, source, one.charge)
            draft = call(at, f"/{collection(name)}/{source['id']}/convert/{one.target}")
            assert (draft["type"], draft["state"]) == (one.target, "draft")


def test_what_a_conversion_cannot_know_is_asked_for_when_the_draft_is_saved_and_when_it_is_posted(at: World) -> None:
    receipt = at.posted("purchase_receipts", [at.line("9")])
    draft = call(at, f"/purchase_receipts/{receipt['id']}/convert/landed_cost")
    assert draft["charge_amount"] is None and [line["quantity"] for line in draft["goods_lines"]] == ["9"]
    path = f"/landed_costs/{draft['id']}"
    for method, target, body in (("POST", f"{path}/post", {}), ("PUT", path, {"version": draft["version"], "charge_amount": None})):
        status, problem = at.boss.call(method, target, body)
        assert status == 422 and faults(problem) == [("charge_amount", "field_required")]
        assert "费用金额" in problem["message"]
    status, saved = at.boss.call("PUT", path, {"version": draft["version"], "charge_amount": "3"})
    assert status == 200
    assert call(at, f"{path}/post", {"version": saved["version"]})["state"] == "posted"


def test_goods_of_several_suppliers_leave_open_whom_the_freight_is_owed(at: World) -> None:
    other = at.boss.call("POST", "/suppliers", {"code": "S9", "name": "宏远物流"})[1]
    first, second = at.posted("purchase_receipts"), at.posted("purchase_receipts", party=other["id"])
    draft = call(at, f"/purchase_receipts/{first['id']}/convert/landed_cost", {"also": [second["id"]]})
    assert draft["party"] is None and len(draft["goods_lines"]) == 2
    alone = call(at, f"/purchase_receipts/{first['id']}/convert/landed_cost")
    assert alone["party"]["id"] == at.company.supplier.pk
