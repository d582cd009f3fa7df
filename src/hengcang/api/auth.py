"""登录 Sessions: login, logout, password; and the guard of every other operation.

A session cookie is checked together with its CSRF token. Who was given a password must change it before anything else.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import Router, Schema
from ninja.security import APIKeyCookie

from hengcang.access import services
from hengcang.access.models import User
from hengcang.access.viewer import Viewer, viewer_of
from hengcang.api import errors
from hengcang.api.request import address_of, reply, viewer_of_request
from hengcang.base.book import load_book
from hengcang.core.errors import PasswordChangeRequired
from hengcang.meta.english import speak


class Guard(APIKeyCookie):
    """守卫 Session and CSRF; gives the Viewer. Reads the book once per request, so that all of it sees one book."""

    param_name = settings.SESSION_COOKIE_NAME
    changed_password_needed = True

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        """The viewer, or None where nobody is logged in. Raises PasswordChangeRequired."""
        user = request.user
        if not isinstance(user, User):
            return None
        if user.must_change_password and self.changed_password_needed:
            raise PasswordChangeRequired()
        load_book()
        speak(errors.language(request))
        return viewer_of(user, address_of(request))


class LooseGuard(Guard):
    """For changing one's own password and leaving."""

    changed_password_needed = False


class Anybody(APIKeyCookie):
    """未登录也可 CSRF only: for what must work before a login."""

    param_name = "anybody"

    def authenticate(self, request: HttpRequest, key: str | None) -> bool:
        """Everybody passes."""
        return True


class Login(Schema):
    """登录 What a login needs."""

    username: str
    password: str


class PasswordChange(Schema):
    """修改密码 The old and the new password."""

    old: str
    new: str


class SessionUser(Schema):
    """用户 Who is logged in."""

    id: int
    username: str
    display_name: str


class Session(Schema):
    """会话 Whether somebody is logged in, and who."""

    authenticated: bool
    user: SessionUser | None
    must_change_password: bool


router = Router(tags=["auth"])


def session_of(user: Any) -> dict[str, Any]:
    """会话 The session as the browser sees it."""
    if not isinstance(user, User):
        return {"authenticated": False, "user": None, "must_change_password": False}
    shown = {"id": user.pk, "username": user.username, "display_name": user.display_name}
    return {"authenticated": True, "user": shown, "must_change_password": user.must_change_password}


@router.get("/session", auth=Anybody(), response=Session, operation_id="session")
def session(request: HttpRequest) -> HttpResponse:
    """会话 Whether somebody is logged in; sets the CSRF cookie."""
    get_token(request)
    return reply(session_of(request.user))


@router.post("/login", auth=Anybody(), response=Session, operation_id="login")
def login(request: HttpRequest, given: Login) -> HttpResponse:
    """登录 Log in. 401 `login_refused`, 429 `too_many_attempts`."""
    user = services.log_in(given.username, given.password, address_of(request))
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return reply(session_of(user))


@router.post("/logout", auth=Anybody(), operation_id="logout")
def logout(request: HttpRequest) -> HttpResponse:
    """退出 End the session."""
    auth.logout(request)
    return reply({})


@router.post("/password", auth=LooseGuard(), response=Session, operation_id="change_password")
def change_password(request: HttpRequest, given: PasswordChange) -> HttpResponse:
    """修改密码 Change one's own password; other sessions of the user end."""
    user = request.user
    assert isinstance(user, User)
    services.change_password(user, given.old, given.new, viewer_of_request(request).actor)
    auth.update_session_auth_hash(request, user)
    return reply(session_of(user))


@router.post("/users/{int:user_id}/password", operation_id="reset_password")
def reset_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """重置密码 Make a new password for a user, shown this once; he must change it."""
    return reply({"password": services.reset_password(viewer_of_request(request), user_id)})
