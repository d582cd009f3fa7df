"""历史对照 Random histories: the store that replays windows always agrees with the oracle that replays everything."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengcang.core.costing import Method
from hengcang.core.stock import Delta, check_stock
from tests.core.agreement import check, check_never_negative, figures
from tests.core.world import OPERATIONS, Draw, Setting, World

COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("moderate", max_examples=700, derandomize=True, **COMMON)  # type: ignore[arg-type]
settings.register_profile("thousands", max_examples=int(os.environ.get("HENGCANG_EXAMPLES", "3000")), **COMMON)  # type: ignore[arg-type]
settings.load_profile(os.environ.get("HENGCANG_HISTORIES", "moderate"))

SETTINGS = st.builds(
    Setting,
    method=st.sampled_from([str(method) for method in Method]),
    product_method=st.sampled_from([str(method) for method in Method]),
    warehouses=st.integers(1, 3),
    negative=st.booleans(),
    reference=st.booleans(),
)
DRAWS = st.builds(
    Draw,
    kind=st.integers(0, len(OPERATIONS) - 1),
    place=st.integers(0, 2),
    other=st.integers(0, 4),
    quantity=st.integers(0, 9),
    price=st.integers(0, 7),
    day=st.integers(0, 75),
    pick=st.integers(0, 20),
    flag=st.booleans(),
)


HISTORIES = st.lists(DRAWS, min_size=1, max_size=30)


@given(setting=SETTINGS, draws=HISTORIES)
def test_after_every_step_the_store_agrees_with_a_fresh_replay(setting: Setting, draws: list[Draw]) -> None:
    world = World(setting)
    for draw in draws:
        before = (dict(world.store.moves), list(world.store.rows), dict(world.store.pools))
        if world.run(draw):
            check(world.store)
            if not setting.negative:
                check_never_negative(world.store)
        else:
            assert before == (world.store.moves, world.store.rows, world.store.pools)


@given(setting=SETTINGS, draws=HISTORIES, last=DRAWS)
def test_undoing_a_posting_leaves_every_date_as_if_it_had_never_been(setting: Setting, draws: list[Draw], last: Draw) -> None:
    world = World(setting)
    for draw in draws:
        world.run(draw)
    before = figures(world.store)
    if world.run(last) and world.sequence in world.postings:
        assert figures(world.store) != before
        assert world.undo(world.sequence)
    else:
        return
    assert figures(world.store) == before


DELTAS = st.lists(
    st.builds(Delta, st.integers(1, 2), st.integers(1, 4), st.integers(1, 3), st.integers(-6, 6), st.integers(1, 9)),
    max_size=6,
)


@given(before=st.dictionaries(st.integers(1, 2), st.integers(-2, 9)), later=DELTAS, posting=DELTAS)
def test_the_stock_check_agrees_with_counting_position_by_position(
    before: dict[int, int], later: list[Delta], posting: list[Delta]
) -> None:
    expected = []
    for key in sorted({delta.key for delta in posting}):
        worst = (0, 0)
        for position in sorted({(delta.day, delta.sequence) for delta in [*later, *posting]}):
            without, added = (
                sum(d.quantity for d in deltas if d.key == key and (d.day, d.sequence) <= position) for deltas in (later, posting)
            )
            start = before.get(key, 0)
            worst = max(worst, (min(start + without, 0) - min(start + without + added, 0), -position[0]))
        if worst[0] > 0:
            expected.append((key, -worst[1], worst[0]))
    found = check_stock(before, later, posting, {}).refused
    assert [(one.key, one.day, one.short) for one in found] == expected
