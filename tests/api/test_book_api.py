"""账套接口 The book's settings over the wire."""

from __future__ import annotations

import pytest

from hengcang.base.models import AuditLog, Setting
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


@pytest.mark.parametrize("body", [{"taxpayer": "none"}, {"name": ""}, {"pool_kind": "warehouse"}, {"closed_through": "2026-01-01"}])
def test_what_cannot_be_set_here_is_refused_and_changes_nothing(admin, body):
    assert admin.call("PUT", "/book", body)[0] == 422
    assert Setting.objects.count() == 0 and admin.get("/book")["closed_through"] is None
