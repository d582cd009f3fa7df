"""登记一切 The one place that knows every room: fills the registry at start-up."""

from __future__ import annotations

from django.apps import AppConfig

from hengcang.meta import registry
from hengcang.meta.declarations import Menu, MenuEntry

MENU_LABELS = {"purchasing": "采购", "sales": "销售", "inventory": "库存", "settlement": "结算", "analytics": "报表"}


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
    from hengcang import inventory, purchasing, sales, settlement

    for room in (purchasing, sales, inventory, settlement):
        registry.register(*room.TYPES)
    for name, label in MENU_LABELS.items():
        entries = [MenuEntry("document", one.name) for one in registry.documents().values() if one.menu == name]
        entries += [MenuEntry("report", one.name) for one in registry.reports().values() if one.menu == name]
        registry.register_menu(Menu(name, label, entries))
