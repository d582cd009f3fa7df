"""账套接口 The book's settings over the wire."""

from __future__ import annotations

import pytest

from hengcang.base.models import AuditLog, Setting
from tests import make
from tests.api.conftest import person

pytestmark = pytest.mark.django_db


def test_the_book_is_read_by_everybody_and_changed_by_who_may(admin):
    li = person("li")
    assert li.get("/book")["name"] == "我的账套"
    assert li.call("PUT", "/book", {"name": "偷改"})[0] == 403
    status, changed = admin.call("PUT", "/book", {"name": "明达贸易", "taxpayer": "small_scale_taxpayer"})
    assert status == 200 and (changed["name"], changed["taxpayer"], changed["pool_kind"]) == ("明达贸易", "small_scale_taxpayer", "company")
    assert admin.get("/meta")["book"]["name"] == "明达贸易"
    assert AuditLog.objects.filter(object_type="book").count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"taxpayer": "none"},
        {"name": ""},
        {"pool_kind": "shelf"},
        {"approvals": ["nothing"]},
        {"closed_through": "2026-01-01"},
        {"bank_days": -1},
        {"bank_fee_limit": "-1"},
    ],
)
def test_what_cannot_be_set_here_is_refused_and_changes_nothing(admin, body):
    assert admin.call("PUT", "/book", body)[0] == 422
    assert Setting.objects.count() == 0 and admin.get("/book")["closed_through"] is None


def test_the_limits_of_the_bank_are_set_here(admin):
    assert (admin.get("/book")["bank_days"], admin.get("/book")["bank_fee_limit"]) == (5, "20")
    status, changed = admin.call("PUT", "/book", {"bank_days": 3, "bank_fee_limit": "35.5"})
    assert (status, changed["bank_days"], changed["bank_fee_limit"]) == (200, 3, "35.5")
    names = {one["name"] for one in admin.get("/book/form")["fields"]}
    assert {"bank_days", "bank_fee_limit"} <= names and admin.get("/book/form")["values"]["bank_fee_limit"] == "35.5"


def test_the_cost_pools_are_chosen_before_anything_moved_and_stand_from_then_on(admin):
    assert admin.call("PUT", "/book", {"pool_kind": "warehouse"})[1]["pool_kind"] == "warehouse"
    company = make.company()
    company.receipt(make.day(1), "1", "1")
    status, refused = admin.call("PUT", "/book", {"pool_kind": "company"})
    assert status == 422 and refused["errors"][0]["path"] == "pool_kind"
    assert refused["message"] == "“成本核算范围”的值“company”不可用：已有库存业务，成本核算范围不能再改。"
    assert admin.get("/book")["pool_kind"] == "warehouse"


def test_a_type_is_put_under_approval_and_meta_shows_its_steps(admin):
    assert admin.call("PUT", "/book", {"approvals": ["sales_order"]})[1]["approvals"] == ["sales_order"]
    documents = admin.get("/meta")["documents"]
    assert [one["name"] for one in documents["sales_order"]["transitions"]][:3] == ["submit", "approve", "reject"]
    assert "submit" not in [one["name"] for one in documents["sales_delivery"]["transitions"]]
