"""变异检验 Mutations: thirty mistakes, drawn with a fixed seed, are all noticed by the fast tests."""

from __future__ import annotations

import pytest

from tests.core.mutants import EQUIVALENT, MODULES, SEED, candidates, shuffled, survivors

COUNT = 30


@pytest.mark.mutation
def test_thirty_planted_mistakes_are_all_noticed() -> None:
    mutants = [mutant for module in MODULES for mutant in candidates(module) if mutant.key() not in EQUIVALENT]
    assert [mutant.key() for mutant in survivors(shuffled(mutants, SEED)[:COUNT])] == []


def test_every_mistake_that_is_called_harmless_still_exists() -> None:
    keys = {mutant.key() for module in MODULES for mutant in candidates(module)}
    assert EQUIVALENT.keys() - keys == set()
