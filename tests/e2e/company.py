"""测试公司 A small company in the database of HENGCANG_HOME; run as a program, after `hengcang migrate`."""

from __future__ import annotations

import os
from typing import Any

START = "2026-03-01"


def main() -> None:
    """Masters through their services, and an opening stock."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hengcang.config.settings")
    import django

    import hengcang.config.settings  # substitutes the SQLite library before Django's back end loads

    assert hengcang.config.settings.HOME
    django.setup()
    fill()


def fill() -> None:
    """The company: two warehouses, a supplier, two customers, goods with units, barcodes and prices."""
    from hengcang.access.models import User
    from hengcang.access.viewer import system_viewer
    from hengcang.integration.loading import save

    boss = User.objects.get(username="admin")
    viewer = system_viewer(boss.pk, boss.display_name)

    def made(collection: str, **values: Any) -> int:
        return save(viewer, collection, values)

    piece, box, pack = (made("units", code=code, name=name, decimals=0) for code, name in (("GE", "个"), ("HE", "盒"), ("BAO", "包")))
    main_store = made("warehouses", code="A", name="主仓库")
    made("warehouses", code="B", name="门店仓")
    made("cash_accounts", code="B1", name="基本户", kind="bank")
    made("suppliers", code="S1", name="明达五金", payment_terms="days", payment_days=30)
    made("suppliers", code="S2", name="永兴纸业", payment_terms="days", payment_days=30)
    made("customers", code="C1", name="顺达商行", payment_terms="days", payment_days=30)
    goods = {"base_unit": piece, "tax_rate": "0.13"}
    made(
        "items",
        code="M6",
        name="六角螺栓",
        spec="M6×20",
        barcode="6901234567892",
        purchase_price="10",
        sales_price="20",
        units=[{"unit": box, "factor": "100", "purchase_price": "950"}],
        **goods,
    )
    made("items", code="M8", name="六角螺母", spec="M8", barcode="6901234567908", purchase_price="2", sales_price="5", **goods)
    made("items", code="D1", name="平垫圈", spec="10", purchase_price="0.5", sales_price="1", **goods)
    made("items", code="Z1", name="打印纸", spec="A4 70g", base_unit=pack, tax_rate="0.13", purchase_price="18", sales_price="25")
    open_stock(viewer, main_store)


def open_stock(viewer: Any, place: int) -> None:
    """Five nuts and eighty packs of paper to start with."""
    from hengcang.catalog.models import Item
    from hengcang.documents import drafts, services
    from hengcang.documents.commands import Key
    from hengcang.meta import registry

    ids = dict(Item.objects.values_list("code", "pk"))
    declaration = registry.document("opening_stock")
    lines = [{"item": ids["M8"], "quantity": "5", "unit_price_net": "2"}, {"item": ids["Z1"], "quantity": "80", "unit_price_net": "18"}]
    raw = {"document_date": START, "target_place": place, "goods_lines": lines}
    draft = drafts.create(viewer, declaration, raw)["document"]
    services.transition(viewer, declaration, services.Order(draft, "post", None, ""), Key())


if __name__ == "__main__":
    main()
