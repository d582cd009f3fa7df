"""新类型的权限 A role of an existing book gains the rights to new types that it has to the old ones beside them."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from hengcang.access.models import Permission, Role


@pytest.mark.django_db
def test_who_may_transfer_may_transfer_in_two_steps_and_nobody_else_gains_anything() -> None:
    role, other = Role.objects.create(name="库管"), Role.objects.create(name="文员")
    Permission.objects.bulk_create(
        [
            *(Permission(role=role, subject="stock_transfer", action=action) for action in ("view", "post")),
            Permission(role=role, subject="sales_order", action="close"),
            Permission(role=other, subject="party", action="view"),
        ]
    )
    for _ in range(2):
        import_module("hengcang.access.migrations.0007_rights_like").forwards(apps, None)
    mine = set(Permission.objects.filter(role=role).values_list("subject", "action"))
    moving = ("stock_transfer", "transfer_out", "transfer_in", "transfer_difference", "lot_adjustment")
    assert mine == {(subject, action) for subject in moving for action in ("view", "post")} | {
        ("sales_order", "close"),
        ("sales_order", "release"),
    }
    assert set(Permission.objects.filter(role=other).values_list("subject", "action")) == {("party", "view")}


@pytest.mark.django_db
def test_rights_to_money_and_its_reports_stand_beside_those_of_old() -> None:
    role, other = Role.objects.create(name="会计"), Role.objects.create(name="文员")
    had = [("clearing", "view"), ("clearing", "post"), ("cash_account", "change"), ("open_items", "export"), ("sales_order", "view")]
    Permission.objects.bulk_create([Permission(role=role, subject=subject, action=action) for subject, action in had])
    Permission.objects.create(role=other, subject="party", action="view")
    for _ in range(2):
        import_module("hengcang.access.migrations.0011_rights_beside").forwards(apps, None)
    gained = set(Permission.objects.filter(role=role).values_list("subject", "action")) - set(had)
    assert gained == {
        ("party_statement", "view"),
        ("party_statement", "post"),
        ("statement_changes", "view"),
        ("currency", "change"),
        ("account", "change"),
        ("account_rule", "change"),
        ("bank_reconciliation", "change"),
        ("ageing", "export"),
        ("earliest_delivery", "view"),
        ("credit_exposure", "view"),
    }
    assert set(Permission.objects.filter(role=other).values_list("subject", "action")) == {("party", "view")}


@pytest.mark.django_db
def test_who_may_release_may_hand_over_and_who_sees_what_can_be_promised_sees_who_holds_it() -> None:
    role, other = Role.objects.create(name="销售"), Role.objects.create(name="文员")
    had = [("sales_order", "release"), ("promises", "view"), ("earliest_delivery", "export")]
    Permission.objects.bulk_create([Permission(role=role, subject=subject, action=action) for subject, action in had])
    Permission.objects.create(role=other, subject="sales_order", action="hold")
    for _ in range(2):
        import_module("hengcang.access.migrations.0016_holding_rights").forwards(apps, None)
    gained = set(Permission.objects.filter(role=role).values_list("subject", "action")) - set(had)
    assert gained == {("sales_order", "reassign"), ("held_stock", "view"), ("held_stock", "export")}
    assert set(Permission.objects.filter(role=other).values_list("subject", "action")) == {("sales_order", "hold")}
