"""会话 Login, CSRF, passwords, and what comes back when something is wrong."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from hengcang.access import services
from hengcang.access.models import User
from tests.api.conftest import GOOD, Browser, person

pytestmark = pytest.mark.django_db


def test_a_new_browser_gets_a_token_logs_in_and_out(browser):
    services.ensure_administrator(GOOD)
    assert browser.get("/auth/session") == {"authenticated": False, "user": None, "must_change_password": False}
    before = browser.client.cookies["csrftoken"].value
    status, body = browser.call("POST", "/auth/login", {"username": "admin", "password": GOOD})
    assert status == 200 and body["user"] == {"id": User.objects.get().pk, "username": "admin", "display_name": "管理员"}
    assert browser.client.cookies["csrftoken"].value != before
    assert browser.get("/auth/session")["authenticated"] is True
    assert browser.call("POST", "/auth/logout")[0] == 200
    assert browser.get("/auth/session")["authenticated"] is False


def test_a_wrong_login_is_401_and_too_many_are_429(browser):
    services.ensure_administrator(GOOD)
    browser.get("/auth/session")
    for _ in range(5):
        status, body = browser.call("POST", "/auth/login", {"username": "admin", "password": "wrong"})
        assert (status, body["code"]) == (401, "login_refused")
    status, body = browser.call("POST", "/auth/login", {"username": "admin", "password": GOOD})
    assert (status, body["code"]) == (429, "too_many_attempts")


@pytest.mark.parametrize(("method", "path"), [("POST", "/items"), ("PUT", "/items/1"), ("DELETE", "/items/1"), ("POST", "/auth/login")])
def test_a_write_without_the_token_is_refused(admin, method, path):
    stranger = Client(enforce_csrf_checks=True, headers={})
    stranger.cookies["sessionid"] = admin.client.cookies["sessionid"].value
    answer = stranger.generic(method, f"/api/v1{path}", b"{}", content_type="application/json")
    assert answer.status_code == 403 and answer.json()["code"] == "csrf_failed"


def test_without_a_session_everything_is_401(browser):
    for path in ("/meta", "/items", "/items/1", "/items/options", "/items/export", "/users"):
        status, body = browser.call("GET", path)
        assert (status, body["code"]) == (401, "not_logged_in")
        assert browser.last.headers["Content-Type"] == "application/problem+json"


def test_a_made_password_must_be_changed_before_anything_else(browser):
    made = services.ensure_administrator()
    browser.login("admin", made)
    assert browser.get("/auth/session")["must_change_password"] is True
    assert browser.call("GET", "/meta")[1]["code"] == "password_change_required"
    status, body = browser.call("POST", "/auth/password", {"old": made, "new": "short"})
    assert (status, body["code"], body["errors"][0]["path"]) == (422, "password_refused", "new")
    status, body = browser.call("POST", "/auth/password", {"old": made, "new": "a-better-one-7"})
    assert status == 200 and body["must_change_password"] is False
    assert browser.call("GET", "/meta")[0] == 200


def test_an_administrator_gives_a_colleague_a_new_password(admin):
    li = person("li")
    user = User.objects.get(username="li")
    status, body = admin.call("POST", f"/auth/users/{user.pk}/password")
    assert status == 200
    assert li.call("GET", "/meta")[0] == 401
    assert Browser().login("li", body["password"]).get("/auth/session")["must_change_password"] is True
    assert person("wang").call("POST", f"/auth/users/{user.pk}/password")[0] == 403


def test_a_deactivated_user_is_out_at_once(admin):
    li = person("li", [("item", "view")])
    assert li.call("GET", "/items")[0] == 200
    User.objects.filter(username="li").update(is_active=False)
    assert li.call("GET", "/items")[0] == 401


def test_refusals_speak_the_language_of_the_request(admin):
    path = "/items/999"
    chinese, english = admin.call("GET", path)[1], admin.call("GET", path, **{"Accept-Language": "en-GB"})[1]
    assert chinese["message"] == "商品不存在，或您无权查看。" and english["message"] == "商品 does not exist, or you may not see it."
    assert chinese["status"] == 404 and chinese["type"] == "urn:hengcang:not_found"


@pytest.mark.parametrize("body", [b"not json", b"[1]", b'"text"', b"\xff"])
def test_what_is_no_object_is_refused(admin, body):
    token = admin.client.cookies["csrftoken"].value
    answer = admin.client.generic("POST", "/api/v1/items", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code in (400, 422) and answer.json()["code"] in ("unreadable", "field_invalid")


def test_an_unexpected_error_is_a_number_that_stands_in_the_log(admin, monkeypatch, caplog):
    monkeypatch.setattr("hengcang.api.masters.get_master", lambda *given: 1 / 0)
    admin.client.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        status, body = admin.call("GET", "/items/1")
    assert (status, body["code"]) == (500, "unexpected")
    assert body["params"]["id"] in caplog.text and "ZeroDivisionError" not in str(body)


def test_an_unknown_path_of_the_api_is_404_and_any_other_gives_the_program(browser):
    assert browser.client.get("/api/v1/nothing").status_code == 404
    for path in ("/", "/documents/purchase_receipts/17"):
        page = browser.client.get(path)
        assert page["Cache-Control"] == "no-cache" and "csrftoken" in page.cookies and "Content-Security-Policy" in page
        assert "<!doctype html>" in page.content.decode().lower()
