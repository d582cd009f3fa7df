"""常用筛选 Saved filters: one's own, of the lists one may see, one default for each."""

from __future__ import annotations

from typing import Any

from hengcang.access import saved_filters
from hengcang.access.models import Role, SavedFilter, User
from tests.api.conftest import Browser, person

CONTENT = {"search": "急", "quick": {"state": ["draft"]}, "columns": ["number", "party"], "sort": "-number"}


def kept(browser: Browser) -> list[tuple[str, str, bool]]:
    """List, name and default of one's own."""
    return [(one["list"], one["name"], one["is_default"]) for one in browser.get("/saved_filters")]


def save(browser: Browser, name: str = "急单", of: str = "purchase_order", **more: Any) -> int:
    """A filter that was saved; gives its id."""
    status, mine = browser.call("POST", "/saved_filters", {"list": of, "name": name, "content": CONTENT, **more})
    assert status == 201, mine
    return int(next(one["id"] for one in mine if (one["list"], one["name"]) == (of, name)))


def test_a_filter_is_kept_renamed_changed_and_deleted(admin):
    first = save(admin)
    assert admin.get("/saved_filters") == [{"id": first, "list": "purchase_order", "name": "急单", "content": CONTENT, "is_default": False}]
    other = {**CONTENT, "search": ""}
    status, mine = admin.call("PUT", f"/saved_filters/{first}", {"name": "全部", "content": other})
    assert status == 200 and [(one["name"], one["content"]) for one in mine] == [("全部", other)]
    assert admin.call("PUT", f"/saved_filters/{first}", {"is_default": True})[1][0]["content"] == other
    assert admin.call("DELETE", f"/saved_filters/{first}") == (200, [])


def test_one_filter_of_a_list_is_its_default(admin):
    first, second = save(admin, "一", is_default=True), save(admin, "二", is_default=True)
    save(admin, "一", of="item", is_default=True)
    assert kept(admin) == [("item", "一", True), ("purchase_order", "一", False), ("purchase_order", "二", True)]
    admin.call("PUT", f"/saved_filters/{first}", {"is_default": True})
    admin.call("PUT", f"/saved_filters/{second}", {"is_default": False})
    assert kept(admin)[1:] == [("purchase_order", "一", True), ("purchase_order", "二", False)]


def test_nobody_sees_or_touches_what_another_kept(admin):
    first = save(admin)
    li = person("li", [("purchase_order", "view")])
    assert kept(li) == []
    for method, body in (("PUT", {"name": "我的"}), ("DELETE", None)):
        status, problem = li.call(method, f"/saved_filters/{first}", body)
        assert (status, problem["code"]) == (404, "not_found")
    save(li)
    assert kept(li) == kept(admin) == [("purchase_order", "急单", False)]


def test_only_lists_one_may_see_have_filters_and_a_right_that_went_takes_them_along(admin):
    li = person("li", [("purchase_order", "view")])
    assert li.call("POST", "/saved_filters", {"list": "sales_order", "name": "x", "content": {}})[0] == 404
    for unknown in ("stock_card", "nothing", None, 5, ["item"]):
        assert li.call("POST", "/saved_filters", {"list": unknown, "name": "x", "content": {}})[0] == 404
    save(li)
    Role.objects.get(name="role of li").permissions.all().delete()
    assert kept(li) == [] and SavedFilter.objects.count() == 1
    User.objects.get(username="li").delete()
    assert SavedFilter.objects.count() == 0


def test_what_is_refused_says_why_and_changes_nothing(admin, monkeypatch):
    first, second = save(admin, "一"), save(admin, "二")
    for method, path, body, code in (
        ("POST", "", {"list": "purchase_order", "name": "一", "content": {}}, "duplicate_value"),
        ("PUT", f"/{second}", {"name": "一"}, "duplicate_value"),
        ("POST", "", {"list": "purchase_order", "name": " ", "content": {}}, "field_required"),
        ("POST", "", {"list": "purchase_order", "name": "长" * 41, "content": {}}, "field_invalid"),
        ("POST", "", {"list": "purchase_order", "name": "三"}, "field_invalid"),
        ("POST", "", {"list": "purchase_order", "name": "三", "content": [1]}, "field_invalid"),
        ("POST", "", {"list": "purchase_order", "name": "三", "content": {"x": "长" * 9000}}, "field_invalid"),
        ("POST", "", {"list": "purchase_order", "name": "三", "content": {}, "user": 1}, "field_unknown"),
    ):
        status, problem = admin.call(method, f"/saved_filters{path}", body)
        assert status == 422 and problem["errors"][0]["code"] == code, (body, problem)
    monkeypatch.setattr(saved_filters, "MOST_PER_LIST", 2)
    status, problem = admin.call("POST", "/saved_filters", {"list": "purchase_order", "name": "三", "content": {}})
    assert status == 422 and "最多保存 2 个" in problem["message"]
    assert kept(admin) == [("purchase_order", "一", False), ("purchase_order", "二", False)]
    assert admin.call("PUT", f"/saved_filters/{first}", {"name": "一"})[0] == 200


def test_a_retry_keeps_one_filter(admin):
    body = {"list": "item", "name": "常用", "content": {}}
    answers = [admin.call("POST", "/saved_filters", body, key="once-only") for _ in range(2)]
    assert answers[0] == answers[1] and answers[0][0] == 201 and SavedFilter.objects.count() == 1


def test_nobody_without_a_session_has_any(browser):
    assert browser.call("GET", "/saved_filters")[0] == 401
