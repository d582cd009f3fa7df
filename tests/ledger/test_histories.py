"""Random histories: after every act, allowed or refused, every invariant holds."""

from __future__ import annotations

import os

import pytest

from hengcang.base import audit
from hengcang.ledger import check
from tests.ledger.histories import History

FIRST = int(os.environ.get("HENGCANG_FIRST_HISTORY", "0"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("HENGCANG_HISTORIES", "12")))
STEPS = 40


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_every_invariant_holds_after_every_act(seed: int) -> None:
    history = History(seed)
    for _ in range(STEPS):
        history.step()
        audit.seal()
        faults = check.run()
        assert not faults, "\n".join([f"seed {seed} {history.setting}", *history.log, *(str(fault) for fault in faults)])
    assert history.happened > STEPS // 8, "a history in which little happens proves little"
