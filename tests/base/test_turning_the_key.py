"""换密钥 Every sealed value is sealed anew with the current secret."""

from __future__ import annotations

import pytest

from hengcang.base import bulk, crypto
from hengcang.parties.models import Contact, Party
from hengcang.places.models import CashAccount

pytestmark = pytest.mark.django_db


def test_the_sealed_fields_are_those_of_people_and_banks():
    assert sorted(column.bound_to for column in crypto.encrypted_fields()) == [
        "accounting.bankline.account",
        "parties.contact.email",
        "parties.contact.name",
        "parties.contact.phone",
        "parties.party.bank_account",
        "places.cashaccount.account_number",
    ]


def test_after_resealing_the_old_secret_is_not_needed(settings):
    settings.FIELD_SECRETS = {"1": "first"}
    party = Party.objects.create(code="A", name="甲", bank_account="6222020200001234567")
    for number in range(7):
        Contact.objects.create(party=party, name=f"王{number}", phone="" if number else "13812345678")
    CashAccount.objects.create(code="B", name="银行", account_number="77")
    settings.FIELD_SECRETS = {"2": "second", "1": "first"}
    assert crypto.reseal(rows_at_once=3) == 10 and crypto.reseal() == 0
    settings.FIELD_SECRETS = {"2": "second"}
    assert list(Contact.objects.order_by("id").values_list("name", "phone"))[:2] == [("王0", "13812345678"), ("王1", "")]
    assert Party.objects.get().bank_account == "6222020200001234567"
    assert bulk.fetch("SELECT account_number FROM places_cashaccount")[0][0].startswith("2:")
