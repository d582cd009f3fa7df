"""科目表读取 The chart as the reports use it: every account with its place in the tree, and the account of each leg."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hengcang.accounting import standard
from hengcang.accounting.models import AccountRule, ChartAccount
from hengcang.core import accounts
from hengcang.core.accounts import Leg
from hengcang.core.posting import ACCOUNT_LABELS, Account
from hengcang.meta.english import word


@dataclass(frozen=True, slots=True)
class Node:
    """科目 An account of the chart; `path` are the accounts from the top down to it. Id None: booked, but not in the chart."""

    id: int | None
    code: str
    name: str
    kind: str
    direction: str
    path: tuple[str, ...]


@dataclass(slots=True)
class Chart:
    """科目表 The accounts by code, and the rules. `of` remembers what it found."""

    nodes: dict[str, Node]
    codes: Mapping[int, str]
    rules: list[accounts.AccountRule]
    found: dict[Leg, Node] = field(default_factory=dict)

    def of(self, leg: Leg) -> Node:
        """The user's account of a leg."""
        node = self.found.get(leg)
        if node is None:
            target = accounts.target_of(self.rules, leg)
            code = leg.account if target is None else self.codes[target]
            node = self.found[leg] = self.nodes.get(code) or self.booked(code)
        return node

    def booked(self, code: str) -> Node:
        """An account that is posted to and not in the chart."""
        above = standard.parent_code(code)
        path = self.nodes[above].path if above in self.nodes else ()
        name = standard.own_name(ACCOUNT_LABELS[Account(code)])
        node = Node(None, code, name, standard.KINDS[code[0]], standard.direction(code), (*path, code))
        self.nodes[code] = node
        return node

    def under(self, code: str) -> set[str]:
        """The codes of an account and of all below it."""
        return {node.code for node in self.nodes.values() if code in node.path}

    def booked_under(self, code: str) -> list[str]:
        """The booked accounts whose legs may be shown on an account or below it."""
        below = self.under(code)
        targets = {rule.account for rule in self.rules if self.codes[rule.target] in below}
        return sorted({one.value for one in Account} & (below | targets))

    def full_name(self, node: Node) -> str:
        """Its name with those above it."""
        return "—".join(self.shown_name(self.nodes[code]) for code in node.path)

    def shown_name(self, node: Node) -> str:
        """Its own name; in English for accounts the books post to."""
        known = next((one for one in Account if one.value == node.code), None)
        return node.name if known is None else word(node.name, known.value)


def read() -> Chart:
    """读取 The chart and its rules: two statements."""
    rows = {
        row[0]: row for row in ChartAccount.objects.order_by("code").values_list("id", "code", "name", "parent_id", "kind", "direction")
    }
    nodes = {}
    for pk, code, name, _, kind, direction in rows.values():
        nodes[code] = Node(pk, code, name, kind, direction, path_of(rows, pk))
    names = ("id", "booked_account", "account_id", "account_class", "item_category__path", "cash_account_id", "expense_category_id")
    rules = AccountRule.objects.filter(active=True).values_list(*names, "party_category_id")
    made = [accounts.AccountRule(*row[:4], *(value or empty for value, empty in zip(row[4:], ("", 0, 0, 0), strict=True))) for row in rules]
    return Chart(nodes, {pk: row[1] for pk, row in rows.items()}, made)


def path_of(rows: Mapping[int, tuple[object, ...]], pk: int) -> tuple[str, ...]:
    """The codes from the top down to an account."""
    path: list[str] = []
    at: object = pk
    while isinstance(at, int):
        path.append(str(rows[at][1]))
        at = rows[at][3]
    return tuple(reversed(path))


def leaves(nodes: Iterable[Node]) -> dict[str, Node]:
    """Nodes by code, in order of code."""
    return {node.code: node for node in sorted(nodes, key=lambda node: node.code)}
