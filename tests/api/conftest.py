"""调用接口 A browser for tests: JSON in and out, with the CSRF token read anew at every request."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.test import Client

from hengcang.access import services
from hengcang.access.models import DataScope, FieldMask, Permission, Role

GOOD = "correct-horse-9"


class Browser:
    """A logged-in browser; `status` and the JSON are what a call gives."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def call(self, method: str, path: str, body: Any = None, key: str = "", **headers: str) -> tuple[int, Any]:
        cookie = self.client.cookies.get("csrftoken")
        sent = {"X-CSRFToken": cookie.value if cookie else "", **({"Idempotency-Key": key} if key else {}), **headers}
        data = b"" if body is None else orjson.dumps(body)
        answer = self.client.generic(method, f"/api/v1{path}", data, content_type="application/json", headers=sent)
        content = b"".join(answer) if answer.streaming else answer.content
        self.last = answer
        self.content = content
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status_code, orjson.loads(content) if is_json and content else content

    def get(self, path: str, **headers: str) -> Any:
        status, body = self.call("GET", path, **headers)
        assert status == 200, body
        return body

    def login(self, username: str, password: str = GOOD) -> Browser:
        self.call("GET", "/auth/session")
        status, body = self.call("POST", "/auth/login", {"username": username, "password": password})
        assert status == 200, body
        return self


@pytest.fixture
def browser(db) -> Browser:
    """A browser nobody has logged in with."""
    return Browser()


@pytest.fixture
def admin(db) -> Browser:
    """The administrator's browser."""
    services.ensure_administrator(GOOD)
    return Browser().login("admin")


def person(name: str, permissions=(), scopes=(), masks=(), roles=()) -> Browser:
    """The browser of somebody with exactly these rights."""
    made = Role.objects.create(name=f"role of {name}")
    Permission.objects.bulk_create([Permission(role=made, subject=s, action=a) for s, a in permissions])
    DataScope.objects.bulk_create([DataScope(role=made, dimension=d, key=k) for d, k in scopes])
    FieldMask.objects.bulk_create([FieldMask(role=made, mask=mask) for mask in masks])
    services.create_user(name, name.title(), GOOD, (made.name, *roles))
    return Browser().login(name)
