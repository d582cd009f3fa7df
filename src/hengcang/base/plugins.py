"""插件 Plug-ins: the hooks a plug-in may implement, and the only file that touches pluggy.

A plug-in is a module or object named by an entry point of the group `hengcang`. Every hook is described in
docs/develop/plugins.md. The product uses them itself: sealing the audit log is a plug-in of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

import pluggy

from hengcang.base.events import Event

GROUP = "hengcang"
OWN = {"sealing": "hengcang.base.sealing"}
hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


class Hooks:
    """钩子 The hooks. Events come after commit, at least once; tell repeats by `event.id`."""

    @hookspec
    def register_types(self, registry: Any) -> None:
        """登记类型 At start-up: add document types, masters, reports and menus to the registry."""

    @hookspec
    def deliver_event(self, event: Event) -> None:
        """送达事件 Any event of the outbox. An exception makes the event come again later."""

    @hookspec
    def document_posted(self, event: Event) -> None:
        """单据已审核 An event of kind `document_posted`. An exception makes the event come again later."""

    @hookspec
    def document_unposted(self, event: Event) -> None:
        """单据已反审核 An event of kind `document_unposted`. An exception makes the event come again later."""

    @hookspec
    def events_delivered(self, events: Sequence[Event]) -> None:
        """一批送达完毕 After a round of deliveries, also an empty one: the place for periodic small work."""


HOOKS = tuple(name for name, value in vars(Hooks).items() if hasattr(value, f"{GROUP}_spec"))


@cache
def manager() -> pluggy.PluginManager:
    """插件管理器 The manager with the product's own plug-ins and every installed one."""
    made = pluggy.PluginManager(GROUP)
    made.add_hookspecs(Hooks)
    for name, module in OWN.items():
        made.register(import_module(module), name)
    made.load_setuptools_entrypoints(GROUP)
    made.check_pending()
    return made


def call(name: str, **arguments: Any) -> None:
    """调用钩子 Call a hook of that name in every plug-in; one that does not exist is nobody's."""
    caller = getattr(manager().hook, name, None)
    if caller is not None:
        caller(**arguments)
