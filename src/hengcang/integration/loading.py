"""装载 Loading: what every loader shares — in whose name it acts, masters by code, moments, batches of documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.hashers import make_password as hashed
from django.db import connection
from django.utils import timezone

from hengcang.access.models import Role, User
from hengcang.access.services import administrator
from hengcang.access.viewer import Viewer, system_viewer
from hengcang.base import audit, bulk
from hengcang.core.errors import HengcangError
from hengcang.documents import many
from hengcang.meta import masters, registry
from hengcang.records.models import Document

OPENING_HOUR = time(9, 0)
TRANSACTIONS_PER_VACUUM = 8
Say = Callable[[str], None]


class BookNotEmpty(HengcangError):
    """账套非空 A data set goes into a book without documents."""

    code = "book_not_empty"
    zh = "账套中已有 {count} 张单据；数据集须装入空账套，请换一个数据库。"
    en = "The book already has {count} documents; load this data set into an empty book."


class SourceMissing(HengcangError):
    """缺少源文件 The folder does not hold what the loader reads."""

    code = "source_missing"
    zh = "在 {folder} 中没有找到 {name}。"
    en = "{name} was not found in {folder}."


def require_empty() -> None:
    """须为空账套 Raises BookNotEmpty."""
    count = Document.objects.count()
    if count:
        raise BookNotEmpty(count=count)


def loading_viewer() -> Viewer:
    """装载人 In whose name documents are loaded: the first administrator, else a user made for it who cannot log in."""
    if (found := administrator()) is not None:
        return found
    user = user_named("loader", "数据导入")
    return system_viewer(user.pk, user.display_name)


def user_named(username: str, display_name: str, roles: Sequence[str] = ()) -> User:
    """用户 The user of that name, made with an unusable password where missing: an administrator may set one."""
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found
    user = User(username=username, display_name=display_name, password=hashed(None))
    user.save(force_insert=True)
    user.roles.set(Role.objects.filter(name__in=roles))
    changes = audit.diff({}, {"username": username, "display_name": display_name}, ("username", "display_name"))
    audit.record(audit.Actor(None, "系统"), "create", "user", user.pk, changes)
    return user


def save(viewer: Viewer, collection: str, raw: Mapping[str, Any]) -> int:
    """存资料 One master record through its service; gives its id."""
    return masters.save_master(registry.master_by_collection(collection), raw, viewer)


def at_opening(day: date) -> datetime:
    """开门时刻 Nine o'clock of a day in the book's time zone."""
    return timezone.make_aware(datetime.combine(day, OPENING_HOUR))


def seal() -> None:
    """封印 Chain the whole audit log: what was loaded bears old times, and would look as if nobody had sealed it."""
    while audit.seal(everything=True):
        pass


def tend_tables(transactions: int) -> None:
    """照料数据表 What PostgreSQL's own daemon does too late for a load, or not at all where it is switched off.

    After 1, 2, 4, 8 … transactions it looks at its tables anew, since they grow from nothing; every few it clears away
    the old versions of the balances that every posting writes. Inside a transaction the latter must wait.
    """
    if not bulk.is_postgresql():
        return
    if transactions % TRANSACTIONS_PER_VACUUM == 0 and not connection.in_atomic_block:
        bulk.execute("VACUUM (SKIP_LOCKED)")
    if transactions & (transactions - 1) == 0:
        bulk.execute("ANALYZE")


@dataclass(slots=True)
class Batch:
    """批 Documents waiting to be made and posted together, in order, inside the caller's transaction.

    `done` keeps by the caller's key what was made, so that later documents can name it.
    """

    viewer: Viewer
    done: dict[Any, many.Inserted] = field(default_factory=dict)
    waiting: list[tuple[Any, many.Draft]] = field(default_factory=list)

    def add(self, key: Any, draft: many.Draft) -> None:
        """加入 One more document."""
        self.waiting.append((key, draft))

    def flush(self) -> int:
        """过账 Make and post all that waits; gives how many."""
        wanted, keys = [draft for _, draft in self.waiting], [key for key, _ in self.waiting]
        self.waiting = []
        if wanted:
            inserted = many.insert(wanted)
            many.post(wanted, inserted)
            self.done.update(zip(keys, inserted, strict=True))
        return len(wanted)
