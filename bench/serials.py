"""一万个序列号 Ten thousand pieces on one document: the seconds that posting, and taking it back, takes under two costing methods."""

from __future__ import annotations

from typing import Any

from bench.measure import timed
from bench.world import World
from hengcang.catalog.models import Item
from hengcang.documents import drafts, services
from hengcang.meta import registry

PIECES = 10_000


def transition(made: World, name: str, document: int, act: str) -> float:
    """Seconds of one transition."""
    order = services.Order(document, act)
    return timed(lambda: services.transition(made.viewer, registry.document(name), order))  # type: ignore[misc]


def draft(made: World, name: str, item: int, on: str, numbers: list[str]) -> int:
    """A draft of one line with all the pieces."""
    receipt = name == "purchase_receipt"
    line: dict[str, Any] = {"item": item, "quantity": str(len(numbers)), "unit_price_net": "10", "serials": numbers}
    header = {"party": made.supplier if receipt else made.customer, "target_place" if receipt else "source_place": made.places[0]}
    raw = {"document_date": on, **header, "goods_lines": [line]}
    return int(drafts.create(made.viewer, registry.document(name), raw)["document"])


def serials_workload(made: World) -> list[str]:
    """A line per method: seconds of receiving and delivering all pieces, and of undoing the delivery."""
    lines = []
    numbers = [f"SN{at:06}" for at in range(PIECES)]
    for method in ("moving_average", "specific_cost"):
        item = Item.objects.create(
            code=f"SN-{method}", name=method, base_unit_id=made.unit, tax_rate=0, tracking="serial", costing_method=method
        ).pk
        seconds = {}
        for name, on in (("purchase_receipt", "2027-01-01"), ("sales_delivery", "2027-01-02")):
            document = draft(made, name, item, on, numbers)
            seconds[name] = transition(made, name, document, "post")
        seconds["unpost"] = transition(made, "sales_delivery", document, "unpost")
        told = "，".join(f"{label} {seconds[key]:.2f} s" for key, label in zip(seconds, ("入库", "出库", "反审核出库"), strict=True))
        lines.append(f"{PIECES} 个序列号（{method}）：{told}")
    return lines
