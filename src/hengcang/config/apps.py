"""登记一切 The one place that knows every room: fills the registry at start-up."""

from __future__ import annotations

from collections.abc import Collection

from django.apps import AppConfig

from hengcang.meta import registry
from hengcang.meta.declarations import Menu, MenuEntry

MENU_LABELS = {
    "purchasing": "采购",
    "sales": "销售",
    "inventory": "库存",
    "production": "生产",
    "settlement": "结算",
    "accounting": "账务",
    "analytics": "报表",
}
MASTER_MENUS = {
    "masters": (
        "基础资料",
        (
            *("item", "item_family", "variant_axis", "item_category", "brand", "unit", "lot", "bill_of_materials", "count_schedule"),
            *("supplier", "customer", "party_category"),
            *("warehouse", "bin", "currency", "cash_account", "expense_category", "account", "account_rule"),
        ),
    ),
    "system": ("系统", ("department", "user", "role", "alert_rule")),
}


class HengcangConfig(AppConfig):
    """衡仓 The program."""

    name = "hengcang.config"
    label = "hengcang_config"

    def ready(self) -> None:
        """Register every declaration, then those of plugins."""
        declare()


def declare() -> None:
    """Fill the registry, once per process."""
    if registry.documents():
        return
    from hengcang import analytics, inventory, production, purchasing, sales, settlement
    from hengcang.accounting import bank
    from hengcang.accounting import declare as accounting
    from hengcang.analytics import alert_marks, alerts, pickers
    from hengcang.base import plugins
    from hengcang.catalog import declare as catalog
    from hengcang.catalog import rules
    from hengcang.documents import afterwards, exchanging
    from hengcang.ledger import queries
    from hengcang.meta import people
    from hengcang.parties import declare as parties
    from hengcang.places import declare as places

    registry.register(*people.MASTERS)
    for masters in (places, parties, catalog, accounting):
        masters.declare()
    for room in (purchasing, sales, inventory, production, settlement):
        registry.register(*room.TYPES)
    registry.register(*analytics.REPORTS, alerts.ALERT_RULE)
    pickers.declare()
    alert_marks.declare()
    rules.has_moved.append(queries.moved)
    rules.limits_changed.append(alerts_of_items)
    afterwards.followers += (exchanging.unlikely, bank.follow)
    plugins.manager().hook.register_types(registry=registry)
    for menu in menus():
        registry.register_menu(menu)


def alerts_of_items(items: Collection[int]) -> None:
    """商品限额变化 The alerts of items follow, with nobody posting beside until the transaction ends."""
    from hengcang.documents import gate
    from hengcang.ledger import stock_alerts

    gate.enter(exclusive=True)
    stock_alerts.of_items(items)


def menus() -> list[Menu]:
    """The menu: documents and reports by the group they name, the page of who counts, then masters."""
    found = []
    for name, label in MENU_LABELS.items():
        entries = [MenuEntry("document", one.name) for one in registry.documents().values() if one.menu == name]
        entries += [MenuEntry("report", one.name) for one in registry.reports().values() if one.menu == name]
        entries += [MenuEntry("page", "counting") for one in registry.documents().values() if one.menu == name and one.counts]
        found.append(Menu(name, label, entries))
    for name, (label, masters) in MASTER_MENUS.items():
        known = [one for one in masters if one in registry.masters()]
        pages = [MenuEntry("page", "settings")] if name == "system" else []
        found.append(Menu(name, label, [*(MenuEntry("master", one) for one in known), *pages]))
    return found
