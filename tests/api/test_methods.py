"""方法 What a path says to a method it does not take, to HEAD and to OPTIONS."""

from __future__ import annotations

import pytest

from hengcang.base.models import AuditLog
from tests.api.documents_world import world

pytestmark = pytest.mark.django_db


def test_a_method_that_a_path_does_not_take_is_a_problem_that_names_those_it_takes(admin):
    status, problem = admin.call("DELETE", "/items")
    assert status == 405 and admin.last.headers["Content-Type"] == "application/problem+json"
    assert admin.last.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert (problem["code"], problem["status"]) == ("method_not_allowed", 405)
    assert problem["message"] == "此路径不支持 DELETE，可用的方法：GET, HEAD, OPTIONS, POST。"
    assert problem["params"] == {"method": "DELETE", "allowed": "GET, HEAD, OPTIONS, POST"} and problem["errors"] == []
    english = admin.call("PATCH", "/items/1", **{"Accept-Language": "en"})[1]
    assert english["message"] == "This path does not take PATCH; it takes DELETE, GET, HEAD, OPTIONS, PUT."


def test_options_tells_the_methods_and_nothing_else(browser):
    for path, allowed in (("/auth/login", "OPTIONS, POST"), ("/items", "GET, HEAD, OPTIONS, POST")):
        status, body = browser.call("OPTIONS", path)
        assert (status, body, browser.last.headers["Allow"]) == (204, b"", allowed)
    assert browser.call("OPTIONS", "/nothing")[0] == 404


def test_head_is_get_without_its_body(admin):
    for path in ("/items", "/auth/session", "/reports/stock_on_hand"):
        assert admin.call("GET", path)[0] == 200
        plain = admin.last
        status, body = admin.call("HEAD", path)
        assert (status, body) == (200, b"") and admin.last.headers["Content-Length"] == str(len(plain.content))
        assert admin.last.headers["Content-Type"] == "application/json"
    assert admin.call("HEAD", "/items/999")[0] == 404
    assert admin.call("HEAD", "/auth/login")[0] == 405


def test_the_head_of_a_file_has_its_name_and_nothing_in_it():
    one = world()
    one.company.item()
    before = AuditLog.objects.filter(action="export").count()
    status, body = one.boss.call("HEAD", "/items/export?format=csv")
    assert (status, body) == (200, b"") and "filename" in one.boss.last.headers["Content-Disposition"]
    assert AuditLog.objects.filter(action="export").count() == before + 1


def test_who_is_not_logged_in_hears_so_from_head(browser):
    assert browser.call("HEAD", "/items")[0] == 401


def test_methods_of_the_program_itself_stay_what_they_are(browser):
    assert browser.client.head("/").headers["Content-Type"].startswith("text/html")
    assert browser.client.options("/").status_code == 405
