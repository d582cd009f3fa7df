"""地基 The services of the ground floor."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from hengcang.base import append_only, audit, clock, crypto, idempotency, outbox, plugins
from hengcang.base.book import book, change_book, forget_book, load_book
from hengcang.base.models import AuditLog, AuditSeal, IdempotencyKey, OutboxEvent, Setting
from hengcang.core.errors import IdempotencyMismatch

pytestmark = [pytest.mark.django_db, pytest.mark.tampers]  # its events and keys name documents that are not there
WANG = audit.Actor(7, "王芳", "10.0.0.8")


@pytest.fixture(autouse=True)
def fresh_book():
    forget_book()
    yield
    forget_book()


def test_a_new_book_has_defaults_and_a_change_is_seen_at_once(django_assert_num_queries):
    assert (book().currency, book().pool_kind, book().closed_through) == ("CNY", "company", None)
    change_book(name="明达贸易", closed_through=date(2026, 10, 31))
    assert (book().name, book().closed_through) == ("明达贸易", date(2026, 10, 31))
    with django_assert_num_queries(0):
        book()
    with django_assert_num_queries(1):
        assert load_book().name == "明达贸易"
    assert sorted(Setting.objects.values_list("name", flat=True)) == ["closed_through", "name"]


def test_a_change_of_another_process_is_seen_at_the_next_load():
    assert book().name == "我的账套"
    Setting.objects.create(name="name", value="别处改的")
    assert book().name == "我的账套"
    assert load_book().name == "别处改的"


def test_an_unknown_pool_kind_is_a_programming_error_and_changes_nothing():
    with pytest.raises(AssertionError):
        change_book(pool_kind="galaxy")
    assert Setting.objects.count() == 0


def test_a_key_used_again_gives_the_stored_answer():
    digest = idempotency.request_hash("POST", "/api/v1/items", {"code": "A", "name": "甲"})
    with transaction.atomic():
        assert idempotency.begin(7, "k1", digest) is None
        idempotency.finish(7, "k1", {"id": 17})
    with transaction.atomic():
        assert idempotency.begin(7, "k1", digest) == {"id": 17}
        assert idempotency.begin(8, "k1", digest) is None
    assert idempotency.request_hash("POST", "/api/v1/items", {"name": "甲", "code": "A"}) == digest


def test_a_key_used_for_another_request_is_refused_and_nothing_changes():
    idempotency.begin(7, "k1", "a" * 64)
    idempotency.finish(7, "k1", {"id": 17})
    with pytest.raises(IdempotencyMismatch):
        idempotency.begin(7, "k1", "b" * 64)
    assert list(IdempotencyKey.objects.values_list("request_hash", "answer")) == [("a" * 64, {"id": 17})]


def test_old_keys_are_forgotten():
    idempotency.begin(7, "old", "a" * 64)
    assert idempotency.forget(clock.now() - timedelta(days=1)) == 0
    assert idempotency.forget(clock.now() + timedelta(days=1)) == 1


def test_a_record_is_one_statement_and_reads_back(django_assert_num_queries):
    changes = audit.diff({"name": "甲", "phone": "1"}, {"name": "乙", "phone": "2"}, ("name", "phone"), hidden=("phone",))
    with django_assert_num_queries(1):
        audit.record(WANG, "change", "party", 3, changes)
    (row,) = audit.history("party", 3)
    assert row["by"] == "王芳" and row["action"] == "change"
    assert row["changes"] == [
        {"field": "name", "before": "甲", "after": "乙"},
        {"field": "phone", "before": "•••", "after": "•••"},
    ]


def test_sealing_chains_rows_and_verification_finds_every_tampering():
    for number in range(5):
        audit.record(WANG, "post", "purchase_receipt", number)
    assert audit.seal() == 5 and audit.seal() == 0
    assert list(AuditSeal.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert audit.verify() == []
    third = AuditLog.objects.order_by("id")[2].pk
    with append_only.lifted(["base_auditlog", "base_auditseal"]):
        AuditLog.objects.filter(pk=third).update(user_name="别人")
    assert len(audit.verify()) == 1 and "内容" in audit.verify()[0]
    with append_only.lifted(["base_auditlog", "base_auditseal"]):
        AuditSeal.objects.filter(pk=third).delete()
    faults = audit.verify()
    assert any("缺少第 3 号" in fault for fault in faults) and any("断开" in fault for fault in faults)


def test_a_row_left_unsealed_for_an_hour_is_a_fault():
    audit.record(WANG, "post", "purchase_receipt", 1)
    assert audit.verify() == []
    assert len(audit.verify(clock.now() + timedelta(hours=2))) == 1


@pytest.mark.parametrize("table", ["base_auditlog", "base_auditseal"])
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1}={1}", "DELETE FROM {0}"])
def test_the_log_can_be_neither_changed_nor_deleted(table, act):
    audit.record(WANG, "post", "purchase_receipt", 1)
    audit.seal()
    statement = act.format(table, "hash" if table == "base_auditlog" else "chain")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (AuditLog.objects.count(), AuditSeal.objects.count()) == (1, 1)


class Receiver:
    """A plug-in that keeps what it gets and fails when told to."""

    def __init__(self):
        self.got, self.failing = [], False

    @plugins.hookimpl
    def deliver_event(self, event):
        if self.failing:
            raise ConnectionError("对方没有应答")
        self.got.append(("any", event.id, event.object_id))

    @plugins.hookimpl
    def document_posted(self, event):
        self.got.append(("posted", event.id, event.object_id))


@pytest.fixture
def receiver():
    one = Receiver()
    plugins.manager().register(one)
    yield one
    plugins.manager().unregister(one)


def test_an_event_is_delivered_once_and_the_log_is_sealed_after_it(receiver):
    audit.record(WANG, "post", "purchase_receipt", 17)
    outbox.add("document_posted", "purchase_receipt", 17, posting=4, payload={"number": "CGRK-1"})
    event = OutboxEvent.objects.get()
    assert outbox.deliver() == 1 and outbox.deliver() == 0
    assert receiver.got == [("any", event.pk, 17), ("posted", event.pk, 17)]
    assert AuditSeal.objects.count() == 1


def test_a_failed_delivery_keeps_its_error_and_comes_again_later(receiver):
    outbox.add("document_posted", "purchase_receipt", 17)
    receiver.failing = True
    assert outbox.deliver() == 0
    event = OutboxEvent.objects.get()
    assert (event.attempts, event.delivered_at, event.last_error) == (1, None, "ConnectionError: 对方没有应答")
    receiver.failing = False
    assert outbox.deliver() == 0
    with clock.standing_at(datetime.now(UTC) + timedelta(minutes=2)):
        assert outbox.deliver() == 1
    event.refresh_from_db()
    assert (event.attempts, event.last_error) == (2, "") and event.delivered_at is not None


def test_two_deliverers_do_not_take_the_same_event(receiver):
    outbox.add("document_posted", "purchase_receipt", 17)
    event = OutboxEvent.objects.get()
    assert outbox._claim(event.pk, 0) is True
    assert outbox._claim(event.pk, 0) is False


def test_a_sealed_text_opens_only_in_its_own_place_and_with_an_old_secret(settings):
    settings.FIELD_SECRETS = {"1": "first"}
    stored = crypto.encrypt("13812345678", "parties.contact.phone")
    assert stored.startswith("1:") and "13812345678" not in stored
    assert stored != crypto.encrypt("13812345678", "parties.contact.phone")
    settings.FIELD_SECRETS = {"2": "second", "1": "first"}
    assert crypto.decrypt(stored, "parties.contact.phone") == "13812345678"
    assert crypto.encrypt("x", "parties.contact.phone").startswith("2:")
    with pytest.raises(crypto.SecretLost):
        crypto.decrypt(stored, "parties.contact.email")
    settings.FIELD_SECRETS = {"2": "second"}
    with pytest.raises(crypto.SecretLost):
        crypto.decrypt(stored, "parties.contact.phone")
    assert crypto.covered("13812345678") == "138****78" and crypto.covered("王芳") == "王**"
