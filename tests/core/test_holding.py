"""逐行占用 What lines let go of, take and hand over, one after the other, and what they hold after deliveries."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from hengcang.core.allocation import Supply, held_back, take_own_first
from hengcang.core.holding import Holding, Part, changed, hand_over, let_go, take_more
from hengcang.core.holding_errors import HandedElsewhere, HeldLess, HeldMore

D = Decimal
LINE = Holding(1, 10, "XSDD-1", 1, 5, "螺丝", "个", 7, 0, ordered=D(10), done=D(2), held=D(6), wanted=D(8))
OTHER = replace(LINE, line=2, document=11, number="XSDD-2", ordered=D(5), done=D(0), held=D(1), wanted=D(1))


def test_a_line_has_room_for_what_is_open_and_not_held_back() -> None:
    assert (LINE.open, LINE.room, OTHER.room) == (D(8), D(2), D(4))
    assert (replace(LINE, done=D(11), held=D(0)).open, replace(LINE, done=D(11), held=D(0)).room) == (D(0), D(0))


def test_what_is_left_follows_deliveries_and_their_undoing_and_nothing_left_stays_nothing() -> None:
    part = let_go(LINE, D("1.5"))
    assert (part.held, part.wanted) == (D("4.5"), D("6.5"))
    assert [held_back(part.wanted, done, live=True) for done in (D(0), D(2), D(6), D(7))] == [D("6.5"), D("4.5"), D("0.5"), D(0)]
    assert held_back(part.wanted, D(0), live=False) == D(0)
    assert (let_go(LINE, None).held, let_go(LINE, None).wanted) == (D(0), D(0))
    assert (take_more(LINE, None).held, take_more(LINE, None).wanted) == (D(8), D(10))


def test_parts_come_one_after_the_other_each_with_what_it_came_to() -> None:
    lines = {1: LINE, 2: OTHER}
    after, amounts = changed(lines, "reassign", [Part(1, D(1), 2), Part(1, None, 2)])
    assert (after[1].held, after[2].held, amounts) == (D(2), D(5), [D(1), D(3)])
    after, amounts = changed(lines, "release", [Part(1, D(4)), Part(1)])
    assert (after[1].held, after[1].wanted, amounts) == (D(0), D(0), [D(4), D(2)])
    assert lines == {1: LINE, 2: OTHER}


def test_what_does_not_fit_is_refused_with_its_numbers_and_where() -> None:
    with pytest.raises(HeldLess) as less:
        changed({1: LINE}, "release", [Part(1, D(4), path="lines.0"), Part(1, D(3), path="lines.1")])
    assert (less.value.path, less.value.params["held"], less.value.params["quantity"]) == ("lines.1.quantity", "2", "3")
    with pytest.raises(HeldMore) as more:
        take_more(LINE, D("2.5"), "lines.0.quantity")
    assert (more.value.params["room"], more.value.params["open"], more.value.path) == ("2", "8", "lines.0.quantity")
    for wrong in ({"item": 6}, {"place": 8}, {"lot": 3}, {"line": 1}):
        with pytest.raises(HandedElsewhere):
            hand_over(LINE, replace(OTHER, **wrong), Part(1, D(1), 2))


def test_lots_are_shared_with_one_s_own_first_and_what_others_hold_left_alone() -> None:
    def supply() -> list[Supply]:
        return [Supply(1, "L1", None, D(4), kept=D(6)), Supply(2, "L2", None, D(9), kept=D(1))]

    def lots(wanted: str, own: str, lot: int) -> tuple[list[tuple[int, Decimal]], Decimal]:
        taken, missing = take_own_first(D(wanted), D(own), lot, supply())
        return [(one.lot, quantity) for one, quantity in taken], missing

    assert lots("9", "0", 0) == ([(1, D(4)), (2, D(5))], D(0))
    assert lots("9", "3", 1) == ([(1, D(7)), (2, D(2))], D(0))
    assert lots("2", "3", 1) == ([(1, D(2))], D(0))
    assert lots("20", "8", 1) == ([(1, D(10)), (2, D(9))], D(1))
    assert lots("3", "5", 9) == ([(1, D(3))], D(0))
