"""查看者 The viewer: who asks, what he may do, which records and which fields he may see. Deny by default.

Rights of several roles add up: a permission of any active role counts; a dimension is limited only where every role
limits it, and then to all of their keys; a class of fields is masked only where every role masks it. Who has no role
may do nothing. In a scope the key 0 stands for the user himself. Administrators may do and see everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from hengcang.access.labels import SHOWING, is_kept, permission_label
from hengcang.access.models import User
from hengcang.base import bulk
from hengcang.base.audit import Actor
from hengcang.base.book import book
from hengcang.core.errors import PermissionRefused

SELF = 0
PERSONAL_DIMENSIONS = frozenset({"salesperson", "own"})


class Maskable(Protocol):
    """A declared field, as far as sight goes."""

    @property
    def mask(self) -> str | None:
        """The class of fields it belongs to, or None."""

    @property
    def feature(self) -> str:
        """The setting of the book without which it is not there, or nothing."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """查看者 A user with his rights, as they were when his request began."""

    user_id: int
    name: str
    address: str = ""
    administrator: bool = False
    permissions: frozenset[tuple[str, str]] = frozenset()
    scopes: Mapping[str, frozenset[int]] = field(default_factory=dict)
    masks: frozenset[str] = frozenset()

    def may(self, subject: str, action: str) -> bool:
        """可否 Whether he may do `action` to `subject`; `*` on either side of a permission stands for all.

        Who may make or change a record may view it: the answer to his act is the record.
        """
        if self.administrator:
            return True
        wanted = ((subject, action), (subject, "*"), ("*", action), ("*", "*"))
        if any(pair in self.permissions for pair in wanted):
            return True
        acts = action == "view" and is_kept(subject)
        return acts and any(done in SHOWING and owner in (subject, "*") for owner, done in self.permissions)

    def require(self, subject: str, action: str) -> None:
        """须有权限 Raises PermissionRefused with the permission's Chinese name."""
        if not self.may(subject, action):
            raise PermissionRefused(permission=permission_label(subject, action), subject=subject, action=action)

    def sees(self, one: Maskable) -> bool:
        """可见 Whether he may see this field at all."""
        unmasked = one.mask is None or one.mask not in self.masks
        return unmasked and (not one.feature or bool(getattr(book(), one.feature)))

    def scope(self, dimension: str) -> frozenset[int] | None:
        """数据范围 The keys of a dimension he is limited to, or None where he is not limited."""
        return self.scopes.get(dimension)

    @property
    def actor(self) -> Actor:
        """操作人 He, for the audit log."""
        return Actor(self.user_id, self.name, self.address)


RIGHTS = """
WITH mine AS (
    SELECT r.id FROM access_role r JOIN access_user_roles u ON u.role_id = r.id WHERE u.user_id = %s AND r.active
)
SELECT 'role', id, '', '', 0 FROM mine
UNION ALL
SELECT 'permission', p.role_id, p.subject, p.action, 0 FROM access_permission p JOIN mine ON mine.id = p.role_id
UNION ALL SELECT 'scope', s.role_id, s.dimension, '', s.key FROM access_datascope s JOIN mine ON mine.id = s.role_id
UNION ALL
SELECT 'scope', s.role_id, s.dimension, '', b.id FROM access_datascope s JOIN mine ON mine.id = s.role_id
  JOIN places_place b ON b.warehouse_id = s.key AND b.kind = 'bin' WHERE s.dimension = 'warehouse'
UNION ALL SELECT 'mask', m.role_id, m.mask, '', 0 FROM access_fieldmask m JOIN mine ON mine.id = m.role_id
"""


def viewer_of(user: User, address: str = "") -> Viewer:
    """查看者 The viewer of a logged-in user: one statement, none for an administrator."""
    if user.is_administrator:
        return Viewer(user.pk, user.display_name, address, administrator=True)
    rows = bulk.fetch(RIGHTS, [user.pk])
    roles = {row[1] for row in rows if row[0] == "role"}
    return Viewer(
        user.pk,
        user.display_name,
        address,
        permissions=frozenset((row[2], row[3]) for row in rows if row[0] == "permission"),
        scopes=_scopes(user.pk, roles, [row for row in rows if row[0] == "scope"]),
        masks=_masks(roles, [row for row in rows if row[0] == "mask"]),
    )


def system_viewer(user_id: int, name: str) -> Viewer:
    """系统 A viewer with every right, for loaders and the command line, acting in the name of a user."""
    return Viewer(user_id, name, "", administrator=True)


Rows = Iterable[tuple[Any, ...]]


def _scopes(user_id: int, roles: set[int], rows: Rows) -> dict[str, frozenset[int]]:
    limits: dict[str, dict[int, set[int]]] = {}
    for _, role, dimension, _, key in rows:
        own = user_id if key == SELF and dimension in PERSONAL_DIMENSIONS else key
        limits.setdefault(dimension, {}).setdefault(role, set()).add(own)
    return {dimension: frozenset().union(*by_role.values()) for dimension, by_role in limits.items() if set(by_role) == roles}


def _masks(roles: set[int], rows: Rows) -> frozenset[str]:
    masking: dict[str, set[int]] = {}
    for _, role, mask, _, _ in rows:
        masking.setdefault(mask, set()).add(role)
    return frozenset(mask for mask, by_role in masking.items() if by_role == roles)
