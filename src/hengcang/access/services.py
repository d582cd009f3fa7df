"""用户服务 Services for users: making one, passwords, logging in, the first administrator."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import check_password as matches
from django.contrib.auth.hashers import make_password as hashed
from django.db import transaction

from hengcang.access.models import LoginAttempt, Role, User
from hengcang.access.passwords import check_password, make_password
from hengcang.access.viewer import Viewer, system_viewer
from hengcang.base import audit, clock
from hengcang.base.audit import Actor
from hengcang.core.errors import DuplicateValue, LoginRefused, NotFound, PasswordRefused, TooManyAttempts

FAILURES_PER_USER = 5
FAILURES_PER_ADDRESS = 50
REMEMBERED = timedelta(minutes=15)
SYSTEM = Actor(None, "系统")


def create_user(username: str, display_name: str, password: str, roles: tuple[str, ...] = (), actor: Actor = SYSTEM) -> User:
    """新建用户 A user with roles by name. Raises DuplicateValue, PasswordRefused."""
    made = User(username=username, display_name=display_name)
    check_password(password, made, "password")
    made.password = hashed(password)
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise DuplicateValue(path="username", label="用户名", value=username)
        made.save(force_insert=True)
        made.roles.set(Role.objects.filter(name__in=roles))
        changes = audit.diff({}, {"username": username, "display_name": display_name}, ("username", "display_name"))
        audit.record(actor, "create", "user", made.pk, changes)
    return made


def change_password(user: User, old: str, new: str, actor: Actor) -> None:
    """修改密码 Change one's own password. Raises PasswordRefused where the old one is wrong or the new one too weak."""
    if not matches(old, user.password):
        raise PasswordRefused(path="old", reason="原密码不正确")
    if old == new:
        raise PasswordRefused(path="new", reason="新密码不能与原密码相同")
    check_password(new, user)
    _set_password(user, new, must_change=False, actor=actor)


def reset_password(viewer: Viewer, user_id: int) -> str:
    """重置密码 Give a user a made password that he must change; gives it, for the only time. Needs 用户·修改."""
    viewer.require("user", "change")
    made = make_password()
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound(label="用户")
    _set_password(user, made, must_change=True, actor=viewer.actor)
    return made


def _set_password(user: User, password: str, must_change: bool, actor: Actor) -> None:
    user.password, user.must_change_password = hashed(password), must_change
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password"])
        audit.record(actor, "password", "user", user.pk)


def administrator() -> Viewer | None:
    """系统管理员 In whose name the command line acts: the first active administrator; none in a book that has none."""
    found = User.objects.filter(is_administrator=True, is_active=True).order_by("pk").first()
    return None if found is None else system_viewer(found.pk, found.display_name)


def ensure_administrator(password: str | None = None, username: str = "admin") -> str | None:
    """首个管理员 Make the administrator of a new book; nothing where there is one.

    Gives the made password, which must be changed at the first login; None when one was given or nothing was done.
    """
    if User.objects.filter(is_administrator=True, is_active=True).exists():
        return None
    chosen = password or make_password()
    with transaction.atomic():
        user = create_user(username, "管理员", chosen)
        user.is_administrator, user.must_change_password = True, password is None
        user.save(update_fields=["is_administrator", "must_change_password"])
    return None if password else chosen


def log_in(username: str, password: str, address: str) -> User:
    """核对登录 The user of that name and password. Raises TooManyAttempts, LoginRefused.

    After 5 refusals of a name from an address, or 50 from an address, within 15 minutes, it refuses without looking.
    An unknown name costs the same time as a wrong password.
    """
    since = clock.now() - REMEMBERED
    recent = LoginAttempt.objects.filter(address=address, at__gte=since)
    names = list(recent.order_by("-at").values_list("username", flat=True)[:FAILURES_PER_ADDRESS])
    if len(names) >= FAILURES_PER_ADDRESS or names.count(username[:60]) >= FAILURES_PER_USER:
        raise TooManyAttempts(minutes=int(REMEMBERED.total_seconds() // 60))
    username = username.replace("\x00", "")
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        hashed(password)
    if user is None or not matches(password, user.password):
        _note_refusal(username, address)
        raise LoginRefused()
    if names:
        recent.filter(username=username[:60]).delete()
    return user


def _note_refusal(username: str, address: str) -> None:
    now = clock.now()
    with transaction.atomic():
        LoginAttempt.objects.filter(at__lt=now - timedelta(hours=1)).delete()
        LoginAttempt.objects.create(username=username[:60], address=address, at=now)
