"""并发幂等 The same key from many at once has one effect, and all get its answer."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from hengcang.base import audit, idempotency
from hengcang.base.models import AuditLog, AuditSeal, IdempotencyKey

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.tampers]
MANY = 8


def together(act):
    """Run `act(number)` in many threads that start at the same moment; gives what they returned or raised."""
    gate, answers = threading.Barrier(MANY), []

    def one(number):
        gate.wait()
        try:
            answers.append(act(number))
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_key_from_many_threads_has_one_effect_and_one_answer():
    def command(number):
        with transaction.atomic():
            stored = idempotency.begin(7, "k1", "a" * 64)
            if stored is not None:
                return stored
            audit.record(audit.Actor(7, "王芳"), "post", "purchase_receipt", 17)
            idempotency.finish(7, "k1", {"by": number})
            return {"by": number}

    answers = together(command)
    assert len(answers) == MANY and all(answer == answers[0] for answer in answers), answers
    assert (IdempotencyKey.objects.count(), AuditLog.objects.count()) == (1, 1)


def test_a_first_try_that_fails_leaves_the_key_to_the_next():
    failed = []

    def command(number):
        with transaction.atomic():
            stored = idempotency.begin(7, "k1", "a" * 64)
            if stored is not None:
                return stored
            if not failed:
                failed.append(number)
                raise RuntimeError("fails once")
            idempotency.finish(7, "k1", {"by": number})
            return {"by": number}

    answers = together(command)
    done = [answer for answer in answers if isinstance(answer, dict)]
    assert len(done) == MANY - 1 and all(answer == done[0] for answer in done), answers
    assert failed and IdempotencyKey.objects.get().answer == done[0]


def test_many_sealers_make_one_chain():
    for number in range(50):
        audit.record(audit.Actor(7, "王芳"), "post", "purchase_receipt", number)
    assert sum(together(lambda number: audit.seal(limit=20))) == 50
    assert list(AuditSeal.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 51))
    assert audit.verify() == []
