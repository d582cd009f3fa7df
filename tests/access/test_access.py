"""权限 Rights add up over roles; what nobody gave is denied."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hengcang.access import services
from hengcang.access.models import DataScope, FieldMask, LoginAttempt, Permission, Role, User
from hengcang.access.viewer import Viewer, system_viewer, viewer_of
from hengcang.base import clock
from hengcang.base.models import AuditLog
from hengcang.core.errors import DuplicateValue, LoginRefused, PasswordRefused, PermissionRefused, TooManyAttempts

pytestmark = pytest.mark.django_db
GOOD = "correct-horse-9"


def person(*roles, name="li"):
    return services.create_user(name, "李明", GOOD, roles)


def role(name, permissions=(), scopes=(), masks=()):
    made = Role.objects.create(name=name)
    for subject, action in permissions:
        Permission.objects.create(role=made, subject=subject, action=action)
    for dimension, key in scopes:
        DataScope.objects.create(role=made, dimension=dimension, key=key)
    for mask in masks:
        FieldMask.objects.create(role=made, mask=mask)
    return name


def test_who_has_no_role_may_do_nothing():
    viewer = viewer_of(person())
    assert not viewer.may("item", "view")
    with pytest.raises(PermissionRefused) as refusal:
        viewer.require("item", "view")
    assert refusal.value.params["action"] == "view" and "查看" in refusal.value.message()


def test_rights_are_read_in_one_statement_and_wildcards_stand_for_all(django_assert_num_queries):
    user = person(role("甲", [("item", "*"), ("*", "view")]), role("乙", [("sales_order", "post")]))
    with django_assert_num_queries(1):
        viewer = viewer_of(user)
    assert viewer.may("item", "delete") and viewer.may("anything", "view") and viewer.may("sales_order", "post")
    assert not viewer.may("sales_order", "unpost")


def test_an_inactive_role_gives_nothing():
    user = person(role("甲", [("*", "*")]))
    Role.objects.filter(name="甲").update(active=False)
    assert not viewer_of(user).may("item", "view")


def test_a_limit_holds_only_where_every_role_limits_and_a_mask_likewise():
    both = [("warehouse", 3), ("salesperson", 0)], ("cost", "purchase_price")
    limited = role("甲", [("item", "view")], *both)
    other = role("乙", [("item", "view")], [("warehouse", 5)], ("cost",))
    one, two = viewer_of(person(limited, name="a")), viewer_of(person(limited, other, name="b"))
    assert one.scope("warehouse") == {3} and one.scope("salesperson") == {one.user_id} and one.scope("own") is None
    assert one.masks == {"cost", "purchase_price"}
    assert two.scope("warehouse") == {3, 5} and two.scope("salesperson") is None and two.masks == {"cost"}


def test_an_administrator_and_the_system_may_do_everything(django_assert_num_queries):
    made = services.ensure_administrator()
    user = User.objects.get(username="admin")
    with django_assert_num_queries(0):
        assert viewer_of(user).may("book", "change")
    assert len(made) == 16 and user.must_change_password and user.check_password(made)
    assert services.ensure_administrator() is None and User.objects.count() == 1
    assert system_viewer(user.pk, "装载").may("x", "y")


def test_a_given_administrator_password_need_not_be_changed():
    assert services.ensure_administrator("given-secret-77") is None
    assert User.objects.get().must_change_password is False


def test_the_salesperson_of_a_new_book_sees_neither_cost_nor_foreign_customers():
    viewer = viewer_of(person("销售员"))
    assert viewer.may("sales_order", "post") and not viewer.may("purchase_order", "view")
    assert viewer.masks == {"cost", "purchase_price", "transfer_price"} and viewer.scope("salesperson") == {viewer.user_id}
    assert Role.objects.count() == 8


def test_passwords_are_argon2id_and_weak_ones_are_refused_with_reasons():
    assert person().password.startswith("argon2$argon2id")
    for weak, reason in (
        ("short", "长度"),
        ("1234567890123", "数字"),
        ("password123", "常见"),
        ("xx-li-li-yy", "用户名"),
    ):
        with pytest.raises(PasswordRefused, match=reason):
            services.create_user("li", "李", weak)
    assert User.objects.count() == 1


def test_a_taken_user_name_is_refused_and_nothing_is_made():
    person()
    with pytest.raises(DuplicateValue):
        person()
    assert User.objects.count() == 1 and AuditLog.objects.count() == 1


def test_a_password_changes_only_with_the_old_one():
    user = person()
    actor = Viewer(user.pk, "李明").actor
    for old, new in ((GOOD + "x", "another-good-8"), (GOOD, GOOD), (GOOD, "weak")):
        with pytest.raises(PasswordRefused):
            services.change_password(user, old, new, actor)
    services.change_password(user, GOOD, "another-good-8", actor)
    assert User.objects.get(pk=user.pk).check_password("another-good-8")


def test_a_reset_password_must_be_changed_and_needs_the_right():
    user = person()
    with pytest.raises(PermissionRefused):
        services.reset_password(Viewer(user.pk, "李明"), user.pk)
    made = services.reset_password(system_viewer(1, "管理员"), user.pk)
    user.refresh_from_db()
    assert user.check_password(made) and user.must_change_password


def test_five_refused_logins_stop_the_sixth_even_with_the_right_password():
    person()
    for _ in range(5):
        with pytest.raises(LoginRefused):
            services.log_in("li", "wrong", "10.0.0.8")
    with pytest.raises(TooManyAttempts):
        services.log_in("li", GOOD, "10.0.0.8")
    assert services.log_in("li", GOOD, "10.0.0.9").username == "li"
    with clock.standing_at(clock.now() + timedelta(minutes=16)):
        assert services.log_in("li", GOOD, "10.0.0.8").username == "li"


def test_a_login_clears_the_refusals_before_it_and_an_unknown_name_is_refused_alike():
    person()
    for name in ("li", "nobody"):
        with pytest.raises(LoginRefused):
            services.log_in(name, "wrong", "10.0.0.8")
    services.log_in("li", GOOD, "10.0.0.8")
    assert list(LoginAttempt.objects.values_list("username", flat=True)) == ["nobody"]


@pytest.mark.django_db
def test_the_command_line_acts_in_the_name_of_the_first_active_administrator() -> None:
    assert services.administrator() is None
    for name, active in (("gone", False), ("first", True), ("second", True)):
        User.objects.create(username=name, display_name=name.title(), password="!", is_administrator=True, is_active=active)
    found = services.administrator()
    assert found is not None and found.administrator and found.name == "First"
