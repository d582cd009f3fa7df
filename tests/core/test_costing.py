"""计价案例 Worked cases of costing: every row of the table in the design, with exact numbers."""

from __future__ import annotations

import pytest

from hengcang.core.amounts import SCALE
from hengcang.core.costing import Method, Move, Rule, unnamed
from hengcang.core.counting import Count, count_corrections
from hengcang.core.stock import Delta, NegativeStock, check_stock
from tests.core.cases import (
    AT_COST,
    COST_OF,
    END_OF_JANUARY,
    FIFO,
    JANUARY,
    MONTHLY,
    MOVING_AVERAGE,
    SPECIFIC,
    SUM_OF,
    A,
    B,
    differences,
    holding,
    issue,
    money,
    move,
    receipt,
    replay,
    trade,
    values,
)


def test_a_receipt_entered_late_flows_through_moving_average() -> None:
    before = replay(trade(), MOVING_AVERAGE, MOVING_AVERAGE)
    after = replay([*trade(), receipt(6, 3, 10, "166.70")], MOVING_AVERAGE, MOVING_AVERAGE)
    assert differences(before, after) == {2: "+20.01", 3: "+6.67", 4: "+3.34", 5: "+3.34"}
    assert holding(after, A) == (13, 173.36)
    assert holding(after, B) == (1, 13.33)


def test_a_receipt_entered_late_flows_through_first_in_first_out() -> None:
    before = replay(trade(), FIFO, FIFO)
    after = replay([*trade(), receipt(6, 0, 10, "166.70")], FIFO, FIFO)
    assert differences(before, after) == {2: "+40.02", 3: "+13.34", 4: "+6.67", 5: "+6.67"}
    assert holding(after, A) == (13, 150.01)
    assert holding(after, B) == (1, 16.67)


def test_uncovered_goods_leave_at_the_last_known_cost_and_what_covers_them_flows_into_the_issue() -> None:
    moves = [receipt(1, 1, 5, 50), issue(2, 2, 8), receipt(3, 3, 2, 24), receipt(4, 4, 9, 135)]
    short = replay(moves[:2], MOVING_AVERAGE)
    partly = replay(moves[:3], MOVING_AVERAGE)
    covered = replay(moves, MOVING_AVERAGE)
    assert holding(short, A) == (-3, -30)
    assert differences(short, partly) == {2: "+4.00"}
    assert holding(partly, A) == (-1, -10)
    assert differences(partly, covered) == {2: "+5.00"}
    assert holding(covered, A) == (8, 120)
    assert covered.variances == {}


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO, SPECIFIC])
def test_landed_cost_after_goods_left_flows_on(method: Method) -> None:
    before = replay([receipt(1, 1, 10, 100), issue(2, 2, 5)], method)
    after = replay([receipt(1, 1, 10, 120), issue(2, 2, 5)], method)
    assert differences(before, after) == {1: "+20.00", 2: "+10.00"}
    assert holding(after, A) == (5, 60)


@pytest.mark.parametrize(("method", "change"), [(MOVING_AVERAGE, "+25.00"), (FIFO, "+50.00")])
def test_undoing_a_receipt_revalues_the_issue_behind_it(method: Method, change: str) -> None:
    moves = [receipt(1, 1, 10, 100), receipt(2, 2, 10, 200), issue(3, 3, 5)]
    before, after = replay(moves, method), replay(moves[1:], method)
    assert f"{(after.values[3] - before.values[3]) / SCALE:+.2f}" == change
    assert holding(after, A) == (5, 100)


def test_undoing_a_receipt_is_refused_when_later_issues_would_starve() -> None:
    later = [Delta(A, 1, 1, money(10)), Delta(A, 2, 2, money(10)), Delta(A, 3, 3, -money(12))]
    undone = [Delta(A, 1, 1, -money(10), line=1)]
    refused = check_stock({}, later, undone, {A: NegativeStock.FORBID}).refused
    assert [(one.key, one.day, one.short) for one in refused] == [(A, 3, money(2))]


def test_an_entry_before_a_count_changes_the_count_and_what_comes_after() -> None:
    moves = [receipt(1, 1, 100, 1000), issue(2, 10, 2), issue(3, 12, 50)]
    before = replay(moves, MOVING_AVERAGE)
    late = receipt(4, 8, 5, 80)
    corrections = count_corrections([Count(2, A, 10, 2)], [Delta(A, 8, 4, late.quantity)])
    assert corrections == {2: money(5)}
    moves[1] = moves[1]._replace(quantity=moves[1].quantity + corrections[2])
    after = replay([*moves, late], MOVING_AVERAGE)
    assert differences(before, after) == {2: "+52.00", 3: "+14.29"}
    assert holding(after, A) == (48, 493.71)


def test_an_issue_without_stock_takes_the_lines_price_then_the_last_known_cost_then_the_reference() -> None:
    priced = replay([receipt(1, 1, 1, 10), issue(2, 2, 4, fallback=28)], MOVING_AVERAGE, reference=9)
    known = replay([receipt(1, 1, 1, 10), issue(2, 2, 4)], MOVING_AVERAGE, reference=9)
    reference = replay([issue(2, 2, 4)], MOVING_AVERAGE, reference=9)
    nothing = replay([issue(2, 2, 4)], MOVING_AVERAGE)
    assert values(priced)[2] == 10 + 21
    assert values(known)[2] == 40
    assert values(reference)[2] == 36
    assert values(nothing)[2] == 0


def test_the_last_known_cost_is_that_of_the_pool_when_it_last_held_stock() -> None:
    moves = [receipt(1, 1, 3, 10), issue(2, 2, 3), issue(3, 3, 2), receipt(4, 4, 2, 14), issue(5, 5, 1)]
    answer = replay(moves, MOVING_AVERAGE)
    assert values(answer) == {1: 10, 2: 10, 3: 14, 4: 14, 5: 3.33}
    assert holding(answer, A) == (-1, -3.33)
    assert answer.pools[A].last_quantity == money(3)
    assert answer.pools[A].last_value == money(10)


def test_shortages_are_covered_in_order_and_share_the_covering_cost() -> None:
    moves = [issue(1, 1, 2, fallback=20), issue(2, 2, 3, fallback=30), receipt(3, 3, 4, "50.01"), receipt(4, 4, 3, 39)]
    answer = replay(moves, MOVING_AVERAGE)
    assert values(answer) == {1: 25.01, 2: 25 + 13, 3: 50.01, 4: 39}
    assert holding(answer, A) == (2, 26)


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO])
def test_goods_that_come_back_cannot_pay_for_the_issue_they_came_from(method: Method) -> None:
    moves = [
        issue(1, 1, 1, B, fallback=3),
        move(2, 2, 4, A, B, AT_COST, fallback=40),
        receipt(3, 3, 4, 60, B),
        move(4, 4, 4, B, A, AT_COST),
    ]
    answer = replay(moves, method, method)
    returned = values(answer)[4]
    assert values(answer)[2] == 40
    assert answer.variances == {4: money(returned - 40)} if returned != 40 else {}
    assert holding(answer, A) == (0, 0)
    if method is MOVING_AVERAGE:
        assert returned == 51.43
        assert holding(answer, B) == (3, 38.57)
    else:
        assert returned == 45.0
        assert values(answer)[1] == 10


def test_goods_of_other_origin_pay_for_a_short_transfer_and_what_it_brought_is_revalued() -> None:
    moves = [
        receipt(1, 1, 10, 150, 3),
        move(2, 2, 4, A, B, AT_COST, fallback=40),
        issue(3, 3, 1, B),
        move(4, 4, 4, 3, A, AT_COST),
    ]
    answer = replay(moves, MOVING_AVERAGE, MOVING_AVERAGE, MOVING_AVERAGE)
    assert values(answer) == {1: 150, 2: 60, 3: 15, 4: 60}
    assert answer.variances == {}
    assert holding(answer, B) == (3, 45)
    assert [tuple(tangle) for tangle in answer.tangles] == [(A, (2, 2, 2), (4, 4, 4), None)]


def test_two_short_issues_cannot_pay_for_each_other_in_a_circle() -> None:
    moves = [
        move(1, 1, 1, A, B, AT_COST, fallback=10),
        move(2, 2, 1, A, 3, AT_COST, fallback=20),
        move(3, 3, 1, 3, A, AT_COST),
        move(4, 4, 1, B, A, AT_COST),
    ]
    answer = replay(moves, MOVING_AVERAGE, MOVING_AVERAGE, MOVING_AVERAGE)
    assert values(answer) == {1: 20, 2: 20, 3: 20, 4: 20}
    assert answer.variances == {}
    moves[1] = moves[1]._replace(fallback=money(25))
    moves[3] = moves[3]._replace(quantity=money(1))
    answer = replay([*moves[:2], receipt(9, 2, 1, 5, B), *moves[2:]], MOVING_AVERAGE, MOVING_AVERAGE, MOVING_AVERAGE)
    assert values(answer) == {1: 25, 2: 25, 9: 5, 3: 25, 4: 15}
    assert answer.variances == {4: money(-10)}


def test_a_return_to_the_supplier_takes_the_net_cost_of_its_receipt_charges_included() -> None:
    moves = [receipt(1, 1, 10, 120), receipt(2, 2, 10, 200), move(3, 3, 4, A, None, COST_OF, named=1)]
    average = replay(moves, MOVING_AVERAGE)
    layers = replay(moves, FIFO)
    unnamed = replay([*moves[:2], issue(3, 3, 4)], MOVING_AVERAGE)
    assert values(average)[3] == 48
    assert holding(average, A) == (16, 272)
    assert values(layers)[3] == 48
    assert values(unnamed)[3] == 64


def test_returns_to_the_supplier_add_up_to_the_receipt_to_the_cent() -> None:
    moves = [receipt(9, 0, 10, 500), receipt(1, 1, 3, 10)]
    moves += [move(one, one, 1, A, None, COST_OF, named=1) for one in (2, 3, 4)]
    assert [values(replay(moves, MOVING_AVERAGE))[one] for one in (2, 3, 4)] == [3.33, 3.34, 3.33]


def test_a_return_to_the_supplier_never_drives_the_value_below_zero() -> None:
    dear = [receipt(1, 1, 5, 100), receipt(2, 2, 5, 5), issue(3, 3, 8)]
    last = replay([*dear, move(4, 4, 2, A, None, COST_OF, named=1)], MOVING_AVERAGE)
    part = replay([*dear, move(4, 4, 1, A, None, COST_OF, named=1)], MOVING_AVERAGE)
    free = [receipt(1, 1, 5, 100), receipt(2, 2, 5, 0)]
    exact = replay([*free, move(4, 4, 5, A, None, COST_OF, named=1)], MOVING_AVERAGE)
    assert values(last)[4] == 21
    assert holding(last, A) == (0, 0)
    assert values(part)[4] == 20
    assert holding(part, A) == (1, 1)
    assert values(exact)[4] == 100
    assert holding(exact, A) == (5, 0)
    dear[2] = issue(3, 3, 8.5)
    capped = replay([*dear, move(4, 4, 1, A, None, COST_OF, named=1)], MOVING_AVERAGE)
    assert values(capped)[4] == 10.5


def test_first_in_first_out_returns_the_named_receipts_layers_then_the_oldest() -> None:
    moves = [receipt(1, 1, 4, 40), receipt(2, 2, 4, 80), issue(3, 3, 1), move(4, 4, 4, A, None, COST_OF, named=2)]
    moves += [move(5, 5, 2, A, None, COST_OF, named=2)]
    answer = replay(moves, FIFO)
    assert values(answer) == {1: 40, 2: 80, 3: 10, 4: 80, 5: 20}
    uses = [(use.layer_move, use.move, use.quantity // SCALE) for use in answer.uses]
    assert uses == [(1, 3, 1), (2, 4, 4), (1, 5, 2)]


def test_a_customer_return_takes_the_net_cost_of_its_delivery_as_a_new_layer_at_the_end() -> None:
    moves = [receipt(1, 1, 2, 20), issue(2, 2, 2), receipt(3, 3, 2, 30), move(4, 4, 1, None, A, COST_OF, named=2)]
    answer = replay([*moves, issue(5, 5, 2)], FIFO)
    assert values(answer) == {1: 20, 2: 20, 3: 30, 4: 10, 5: 30}
    assert [(layer.move, layer.quantity, layer.value, layer.age) for layer in answer.pools[A].layers] == [(4, money(1), money(10), 4)]


def test_a_customer_return_without_its_delivery_comes_in_at_the_pools_cost() -> None:
    answer = replay([receipt(1, 1, 3, 10), move(2, 2, 2, None, A, AT_COST, fallback=99)], MOVING_AVERAGE)
    assert values(answer)[2] == 6.67
    empty = replay([move(2, 2, 2, None, A, AT_COST, fallback=99)], MOVING_AVERAGE)
    assert values(empty)[2] == 99


def test_customer_returns_add_up_to_the_delivery_to_the_cent() -> None:
    moves = [receipt(1, 1, 3, 10), issue(2, 2, 3)]
    moves += [move(one, one, 1, None, A, COST_OF, named=2) for one in (3, 4, 5)]
    assert [values(replay(moves, MOVING_AVERAGE))[one] for one in (3, 4, 5)] == [3.33, 3.34, 3.33]


def test_every_issue_keeps_the_reference_it_was_posted_with() -> None:
    moves = [issue(2, 2, 4, reference=money(9)), issue(3, 3, 1, reference=money(12)), issue(4, 4, 2)]
    assert values(replay(moves, MOVING_AVERAGE)) == {2: 36, 3: 12, 4: 0}
    known = replay([receipt(1, 1, 1, 10), *moves], MOVING_AVERAGE)
    assert values(known) == {1: 10, 2: 40, 3: 10, 4: 20}


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO])
def test_a_return_that_was_taken_back_leaves_the_whole_cost_to_the_next(method: Method) -> None:
    wrong = [move(3, 3, 2, None, A, COST_OF, named=2), move(4, 6, 2, A, None, COST_OF, named=3)]
    answer = replay([receipt(1, 1, 3, 10), issue(2, 2, 3), *wrong, move(5, 4, 3, None, A, COST_OF, named=2)], method)
    assert values(answer) == {1: 10, 2: 10, 3: 6.67, 5: 10, 4: 6.67}
    assert holding(answer, A) == (3, 10)


def test_a_return_whose_delivery_is_gone_comes_in_and_goes_out_at_the_pools_cost() -> None:
    wrong = [move(3, 3, 2, None, A, COST_OF, named=2), move(4, 6, 2, A, None, COST_OF, named=3)]
    moves = [receipt(1, 1, 3, 10), *wrong, issue(5, 4, 1)]
    plain = unnamed(moves, {one.id: one.quantity for one in moves})
    assert [(one.id, one.rule, one.named) for one in plain if one not in moves] == [(3, AT_COST, None)]
    assert values(replay(plain, MOVING_AVERAGE)) == {1: 10, 3: 6.67, 5: 3.33, 4: 6.67}
    assert unnamed(moves, {2: 0, 3: money(2)}) == plain


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO])
def test_a_customer_return_first_cancels_its_deliverys_own_shortage(method: Method) -> None:
    moves = [issue(9, 0, 1, fallback=7), receipt(1, 1, 6, 60), issue(2, 2, 8, fallback=96)]
    returned = replay([*moves, move(3, 3, 4, None, A, COST_OF, named=2)], method)
    assert values(returned)[2] == 50 + 36
    assert values(returned)[3] == 36 + 10
    assert values(returned)[9] == 10
    assert holding(returned, A) == (1, 10)
    assert returned.variances == {}


def test_a_return_uses_the_deliverys_cost_after_later_goods_covered_it() -> None:
    moves = [issue(1, 1, 4, fallback=40), move(2, 2, 1, None, B, COST_OF, named=1), receipt(3, 3, 4, 60)]
    answer = replay(moves, MOVING_AVERAGE, MOVING_AVERAGE)
    assert values(answer) == {1: 60, 2: 15, 3: 60}


def test_first_in_first_out_transfers_carry_layers_with_cost_and_age() -> None:
    moves = [receipt(1, 1, 2, 20), receipt(2, 2, 2, 30), move(3, 5, 3, A, B, AT_COST), issue(4, 6, 1, B)]
    answer = replay(moves, FIFO, FIFO)
    assert values(answer) == {1: 20, 2: 30, 3: 35, 4: 10}
    assert [tuple(layer) for layer in answer.pools[B].layers] == [
        (3, 0, money(1), money(10), 1),
        (3, 1, money(1), money(15), 2),
    ]
    assert [(one.index, one.quantity_in, one.quantity_left) for one in answer.layers[B]] == [
        (0, money(2), money(1)),
        (1, money(1), money(1)),
    ]


def test_a_move_inside_one_pool_carries_no_value() -> None:
    answer = replay([receipt(1, 1, 2, 20), move(2, 2, 1, A, A, AT_COST)], MOVING_AVERAGE)
    assert values(answer)[2] == 0
    assert holding(answer, A) == (2, 20)


def test_the_last_issue_takes_what_is_left_and_an_empty_pool_is_worth_nothing() -> None:
    answer = replay([receipt(1, 1, 3, 10), *(issue(one, one, 1) for one in (2, 3, 4))], MOVING_AVERAGE)
    assert [values(answer)[one] for one in (2, 3, 4)] == [3.33, 3.34, 3.33]
    assert holding(answer, A) == (0, 0)


def test_half_a_cent_is_rounded_up() -> None:
    answer = replay([receipt(1, 1, 2, "0.01"), issue(2, 2, 1)], MOVING_AVERAGE)
    assert values(answer)[2] == 0.01
    assert holding(answer, A) == (1, 0)


def test_two_entries_on_one_day_follow_the_order_of_entry() -> None:
    moves = [receipt(1, 1, 1, 10), issue(2, 1, 1), receipt(3, 1, 1, 30)]
    assert values(replay(moves, MOVING_AVERAGE))[2] == 10
    swapped = [moves[0], moves[1]._replace(sequence=4), moves[2]]
    assert values(replay(swapped, MOVING_AVERAGE))[2] == 20


def test_a_count_gain_comes_in_at_the_pools_cost_and_a_loss_leaves_at_it() -> None:
    gain = replay([receipt(1, 1, 3, 10), issue(2, 2, -2)], MOVING_AVERAGE)
    assert values(gain)[2] == -6.67
    assert holding(gain, A) == (5, 16.67)
    loss = replay([receipt(1, 1, 3, 10), issue(2, 2, 2)], FIFO)
    assert values(loss)[2] == 6.67
    nothing = replay([receipt(1, 1, 3, 10), issue(2, 2, 0)], FIFO)
    assert values(nothing)[2] == 0


def test_a_product_takes_the_cost_of_its_components_and_the_fee() -> None:
    moves = [
        receipt(1, 1, 10, 100),
        receipt(2, 1, 4, 30, B),
        move(3, 2, 2, A, None, AT_COST, group=7, sequence=3),
        move(4, 2, 1, B, None, AT_COST, group=7, sequence=3),
        move(5, 2, 1, None, 3, SUM_OF, group=7, given=5, sequence=3),
    ]
    answer = replay(moves, MOVING_AVERAGE, MOVING_AVERAGE, MOVING_AVERAGE)
    assert values(answer)[5] == 20 + 7.5 + 5


def test_a_disassembly_shares_the_cost_and_the_last_product_takes_the_rest() -> None:
    moves = [
        receipt(1, 1, 1, 100),
        move(2, 2, 1, A, None, AT_COST, group=7, sequence=2),
        *(move(one, 2, 1, None, B, SUM_OF, group=7, part=1, whole=3, sequence=2) for one in (3, 4, 5)),
    ]
    answer = replay(moves, MOVING_AVERAGE, MOVING_AVERAGE)
    assert [values(answer)[one] for one in (3, 4, 5)] == [33.33, 33.34, 33.33]


def test_a_short_return_to_the_supplier_that_is_covered_later_leaves_less_for_the_next_return() -> None:
    moves = [
        receipt(1, 1, 10, 100),
        issue(2, 2, 5),
        move(3, 3, 6, A, None, COST_OF, named=1),
        receipt(4, 4, 10, 120),
        move(5, 5, 4, A, None, COST_OF, named=1),
    ]
    answer = replay(moves, MOVING_AVERAGE)
    assert values(answer) == {1: 100, 2: 50, 3: 62, 4: 120, 5: 38}
    assert holding(answer, A) == (5, 70)


def test_goods_from_a_pool_whose_value_hangs_on_the_short_return_cannot_pay_for_it() -> None:
    moves = [
        receipt(1, 1, 10, 100),
        receipt(2, 1, 10, 200, B),
        issue(3, 2, 10),
        move(4, 3, 5, A, None, COST_OF, named=1),
        move(5, 4, 5, B, None, COST_OF, named=1),
        move(6, 5, 5, B, A, AT_COST),
    ]
    answer = replay(moves, MOVING_AVERAGE, MOVING_AVERAGE)
    assert values(answer) == {1: 100, 2: 200, 3: 100, 4: 50, 5: 50, 6: 150}
    assert answer.variances == {6: money(100)}
    assert holding(answer, A) == holding(answer, B) == (0, 0)


def adjustment(one: int, day: int, amount: object, pool: int = A, *, out: bool = False) -> Move:
    """Value alone, put into a pool or taken out."""
    ends = (pool, None) if out else (None, pool)
    return move(one, day, 0, *ends, Rule.ADJUST, given=amount)


def test_value_put_in_is_borne_by_what_is_there_and_leaves_with_it() -> None:
    answer = replay([receipt(1, 1, 10, 100), issue(2, 2, 5), adjustment(3, 3, 10), issue(4, 4, 2)], MOVING_AVERAGE)
    assert values(answer) == {1: 100, 2: 50, 3: 10, 4: 24} and holding(answer, A) == (3, 36)


def test_layers_bear_what_is_put_in_by_quantity_and_what_is_taken_out_by_value() -> None:
    bought = [receipt(1, 1, 1, 10), receipt(2, 2, 3, 60)]
    more = replay([*bought, adjustment(3, 3, 2), issue(4, 4, 1)], FIFO)
    assert values(more)[4] == 10.5 and holding(more, A) == (3, 61.5)
    less = replay([*bought, adjustment(3, 3, 7, out=True), issue(4, 4, 1)], FIFO)
    assert values(less)[4] == 9 and holding(less, A) == (3, 54)
    assert [(use.move, use.quantity, use.value / SCALE) for use in less.uses] == [(3, 0, 1), (3, 0, 6), (4, SCALE, 9)]


def test_goods_that_are_not_there_bear_nothing_and_no_goods_are_worth_less_than_nothing() -> None:
    gone = replay([receipt(1, 1, 2, 10), issue(2, 2, 2), adjustment(3, 3, 5), adjustment(4, 3, 5, out=True)], MOVING_AVERAGE)
    assert values(gone) == {1: 10, 2: 10, 3: 0, 4: 0} and holding(gone, A) == (0, 0)
    owed = replay([issue(1, 1, 2, fallback=8), adjustment(2, 2, 5)], MOVING_AVERAGE)
    assert values(owed) == {1: 8, 2: 0} and holding(owed, A) == (-2, -8)
    little = replay([receipt(1, 1, 2, 10), adjustment(2, 2, 15, out=True), issue(3, 3, 1)], FIFO)
    assert values(little) == {1: 10, 2: 10, 3: 0} and holding(little, A) == (1, 0)


def test_a_month_that_is_run_takes_an_adjustment_into_its_average() -> None:
    moves = [receipt(1, JANUARY, 10, 100), issue(2, JANUARY + 1, 5), adjustment(3, JANUARY + 2, 10, out=True)]
    assert values(replay(moves, MONTHLY)) == {1: 100, 2: 50, 3: 10}
    run = replay(moves, MONTHLY, run_through=END_OF_JANUARY)
    assert values(run) == {1: 100, 2: 45, 3: 10} and holding(run, A) == (5, 45)
    beyond = replay([*moves, adjustment(4, JANUARY + 3, 200, out=True)], MONTHLY, run_through=END_OF_JANUARY)
    assert values(beyond) == {1: 100, 2: 0, 3: 10, 4: 90} and holding(beyond, A) == (5, 0)
