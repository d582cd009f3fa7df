"""历史对照 Random histories: the store that replays windows always agrees with the oracle that replays everything."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengcang.core.costing import Method
from tests.core.agreement import check
from tests.core.world import OPERATIONS, Draw, Setting, World

COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("moderate", max_examples=150, derandomize=True, **COMMON)  # type: ignore[arg-type]
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


@given(setting=SETTINGS, draws=st.lists(DRAWS, min_size=1, max_size=14))
def test_after_every_step_the_store_agrees_with_a_fresh_replay(setting: Setting, draws: list[Draw]) -> None:
    world = World(setting)
    for draw in draws:
        before = (dict(world.store.moves), list(world.store.rows), dict(world.store.pools))
        if world.run(draw):
            check(world.store)
        else:
            assert before == (world.store.moves, world.store.rows, world.store.pools)
