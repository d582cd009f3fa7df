"""计价案例 Worked cases of costing: every row of the table in the design, with exact numbers."""

from __future__ import annotations

from datetime import date

import pytest

from hengcang.core.amounts import SCALE, to_micro
from hengcang.core.costing import Books, Method, Move, Named, Needs, Piece, PoolState, Rule, Valuation, value_moves
from hengcang.core.costing_months import month_of
from hengcang.core.counting import Count, count_corrections
from hengcang.core.stock import Delta, NegativeStock, check_stock

A, B = 1, 2
GIVEN, AT_COST, COST_OF, SUM_OF = Rule.GIVEN, Rule.AT_COST, Rule.COST_OF, Rule.SUM_OF
MOVING_AVERAGE, FIFO, SPECIFIC, MONTHLY = Method
JANUARY = date(2024, 1, 1).toordinal()
END_OF_JANUARY, END_OF_FEBRUARY = date(2024, 1, 31).toordinal(), date(2024, 2, 29).toordinal()


def money(value: object) -> int:
    return to_micro(str(value))


def move(
    one: int, day: int, quantity: object, source: int | None, target: int | None, rule: Rule, **more: object
) -> Move:
    """A move in units and currency; its number is its sequence too unless one is given."""
    amounts = {name: money(value) for name, value in more.items() if name in ("given", "fallback", "net", "variance")}
    rest = {name: value for name, value in more.items() if name not in amounts}
    values = {"sequence": one, **rest, **amounts}
    return Move(id=one, day=day, quantity=money(quantity), source_pool=source, target_pool=target, rule=rule, **values)  # type: ignore[arg-type]


def receipt(one: int, day: int, quantity: object, amount: object, pool: int = A) -> Move:
    return move(one, day, quantity, None, pool, GIVEN, given=amount)


def issue(one: int, day: int, quantity: object, pool: int = A, **more: object) -> Move:
    return move(one, day, quantity, pool, None, AT_COST, **more)


def replay(moves: list[Move], *methods: Method, reference: object = None, run_through: int | None = None) -> Valuation:
    """A fresh replay of pools A, B, … with the given methods."""
    cost = None if reference is None else money(reference)
    pools = {number: PoolState(method, reference=cost) for number, method in enumerate(methods, start=1)}
    ordered = sorted(moves, key=lambda one: (one.day, one.sequence, one.id))
    answer = value_moves(Books(pools, dict.fromkeys(pools, (0, 0, 0)), ordered, run_through=run_through))
    assert isinstance(answer, Valuation)
    return answer


def differences(before: Valuation, after: Valuation) -> dict[int, str]:
    """Changes of net values in currency, two decimals."""
    return {
        one: f"{(after.values[one] - value) / SCALE:+.2f}"
        for one, value in before.values.items()
        if after.values[one] != value
    }


def values(answer: Valuation) -> dict[int, float]:
    return {one: value / SCALE for one, value in answer.values.items()}


def holding(answer: Valuation, pool: int) -> tuple[float, float]:
    state = answer.pools[pool]
    return state.quantity / SCALE, state.value / SCALE


def trade() -> list[Move]:
    """Receipt 10@10 on day 1, issue 6 on day 5, A→B 2 on day 6, return of 1 on day 7, B issues 1 on day 9."""
    return [
        receipt(1, 1, 10, 100),
        issue(2, 5, 6),
        move(3, 6, 2, A, B, AT_COST),
        move(4, 7, 1, None, A, COST_OF, named=2),
        issue(5, 9, 1, B),
    ]


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


def test_a_window_asks_for_the_pool_that_a_changed_transfer_leads_to() -> None:
    before = replay(trade(), MOVING_AVERAGE, MOVING_AVERAGE)
    recorded = [one._replace(net=before.values[one.id]) for one in trade()]
    moves = sorted([*recorded[1:4], receipt(6, 3, 10, "166.70")], key=lambda one: one[1:3])
    start = PoolState(MOVING_AVERAGE, money(10), money(100))
    answer = value_moves(Books({A: start}, {A: (3, 6, 6)}, moves))
    assert answer == Needs({B: (6, 3, 3)})
    answer = value_moves(
        Books({A: start, B: PoolState(MOVING_AVERAGE)}, {A: (3, 6, 6), B: (0, 0, 0)}, [*moves, recorded[4]])
    )
    assert isinstance(answer, Valuation)
    assert values(answer) == {6: 166.7, 2: 80.01, 3: 26.67, 4: 13.34, 5: 13.34}


def test_a_window_in_which_nothing_changes_asks_for_nothing() -> None:
    before = replay(trade(), MOVING_AVERAGE, MOVING_AVERAGE)
    moves = [one._replace(net=before.values[one.id]) for one in trade()][:4]
    answer = value_moves(Books({A: PoolState(MOVING_AVERAGE)}, {A: (0, 0, 0)}, moves))
    assert isinstance(answer, Valuation)
    assert values(answer) == {1: 100, 2: 60, 3: 20, 4: 10}


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
    assert [(layer.move, layer.quantity, layer.value, layer.age) for layer in answer.pools[A].layers] == [
        (4, money(1), money(10), 4)
    ]


def test_a_customer_return_without_its_delivery_comes_in_at_the_pools_cost() -> None:
    answer = replay([receipt(1, 1, 3, 10), move(2, 2, 2, None, A, AT_COST, fallback=99)], MOVING_AVERAGE)
    assert values(answer)[2] == 6.67
    empty = replay([move(2, 2, 2, None, A, AT_COST, fallback=99)], MOVING_AVERAGE)
    assert values(empty)[2] == 99


def test_customer_returns_add_up_to_the_delivery_to_the_cent() -> None:
    moves = [receipt(1, 1, 3, 10), issue(2, 2, 3)]
    moves += [move(one, one, 1, None, A, COST_OF, named=2) for one in (3, 4, 5)]
    assert [values(replay(moves, MOVING_AVERAGE))[one] for one in (3, 4, 5)] == [3.33, 3.34, 3.33]


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


def test_a_returned_delivery_outside_the_window_is_split_with_what_was_taken_before() -> None:
    books = Books(
        {A: PoolState(MOVING_AVERAGE, money(5), money(50))},
        {A: (5, 0, 0)},
        [move(7, 6, 1, None, A, COST_OF, named=2), move(8, 7, 1, None, A, COST_OF, named=2)],
        named={2: Named(money("10.00"), money(3), money(1), money("3.33"))},
    )
    answer = value_moves(books)
    assert isinstance(answer, Valuation)
    assert values(answer) == {7: 3.34, 8: 3.33}


def test_a_fifo_transfer_whose_total_stays_but_whose_layers_change_asks_for_the_other_pool() -> None:
    start = PoolState(FIFO)
    moves = [receipt(1, 1, 1, 10), receipt(2, 2, 1, 10), move(3, 3, 1, A, B, AT_COST, net=10)]
    recorded = {3: (Piece(money(1), money(10), 2),)}
    answer = value_moves(Books({A: start}, {A: (0, 0, 0)}, moves, pieces=recorded))
    assert answer == Needs({B: (3, 3, 3)})
    same = {3: (Piece(money(1), money(10), 1),)}
    assert isinstance(value_moves(Books({A: start}, {A: (0, 0, 0)}, moves, pieces=same)), Valuation)


def test_an_empty_pool_remembers_its_last_known_cost_across_windows() -> None:
    before = replay([receipt(1, 1, 3, 10), issue(2, 2, 3)], MOVING_AVERAGE).pools[A]
    answer = value_moves(Books({A: before}, {A: (3, 0, 0)}, [issue(3, 3, 2)]))
    assert isinstance(answer, Valuation)
    assert values(answer) == {3: 6.67}
    assert (answer.pools[A].last_quantity, answer.pools[A].last_value) == (money(3), money(10))


def test_a_later_return_outside_the_window_is_asked_for_when_an_earlier_one_takes_its_share() -> None:
    books = Books(
        {A: PoolState(MOVING_AVERAGE, money(5), money(50))},
        {A: (5, 0, 0)},
        [move(7, 6, 1, None, A, COST_OF, named=2)],
        named={2: Named(money(10), money(3), money(1), money("3.33"))},
        followers={2: ((B, (8, 8, 8)), (3, (4, 4, 4)))},
    )
    assert value_moves(books) == Needs({B: (8, 8, 8)})
    undone = Books(
        {A: PoolState(MOVING_AVERAGE, money(5), money(50))},
        {A: (5, 0, 0)},
        [],
        followers={2: ((B, (8, 8, 8)), (3, (4, 4, 4)))},
        released={2: (6, 7, 7)},
    )
    assert value_moves(undone) == Needs({B: (8, 8, 8)})


def test_every_return_after_the_first_loaded_one_is_asked_for_from_its_earliest_position() -> None:
    books = Books(
        {A: PoolState(MOVING_AVERAGE, money(5), money(50))},
        {A: (5, 0, 0)},
        [move(7, 6, 1, None, A, COST_OF, named=2), move(9, 9, 1, None, A, COST_OF, named=2)],
        named={2: Named(money(10), money(9), money(2), money("3.33"))},
        followers={2: ((B, (8, 8, 8)), (B, (7, 5, 5)))},
    )
    assert value_moves(books) == Needs({B: (7, 5, 5)})


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


def test_layers_that_come_from_a_pool_outside_the_window_are_taken_as_recorded_or_asked_for() -> None:
    moves = [move(3, 3, 2, A, B, AT_COST, net=25), issue(4, 4, 1, B)]
    recorded = {3: (Piece(money(1), money(10), 1), Piece(money(1), money(15), 2))}
    answer = value_moves(Books({B: PoolState(FIFO)}, {B: (0, 0, 0)}, moves, pieces=recorded))
    assert isinstance(answer, Valuation)
    assert values(answer) == {3: 25, 4: 10}
    assert [tuple(layer) for layer in answer.pools[B].layers] == [(3, 1, money(1), money(15), 2)]
    assert value_moves(Books({B: PoolState(FIFO)}, {B: (0, 0, 0)}, moves)) == Needs({A: (3, 3, 3)})


def test_a_variance_that_is_gone_is_told_and_one_that_arose_elsewhere_is_kept() -> None:
    gone = [receipt(1, 1, 5, 50), move(2, 2, 1, None, A, AT_COST, net=10, variance=3)]
    assert replay(gone, MOVING_AVERAGE).variances == {2: 0}
    elsewhere = [move(2, 2, 1, A, B, AT_COST, net=10, variance=3)]
    state = PoolState(MOVING_AVERAGE, money(5), money(50))
    answer = value_moves(Books({A: state}, {A: (2, 0, 0)}, elsewhere))
    assert isinstance(answer, Valuation)
    assert answer.variances == {2: money(3)}


def test_a_changed_delivery_asks_for_the_pool_of_its_return_outside_the_window() -> None:
    moves = [receipt(1, 1, 4, 60), issue(2, 2, 2, net=20)]
    followers = {2: ((B, (5, 5, 5)),)}
    answer = value_moves(Books({A: PoolState(MOVING_AVERAGE)}, {A: (0, 0, 0)}, moves, followers=followers))
    assert answer == Needs({B: (5, 5, 5)})
    moves[1] = moves[1]._replace(net=money(30))
    answer = value_moves(Books({A: PoolState(MOVING_AVERAGE)}, {A: (0, 0, 0)}, moves, followers=followers))
    assert isinstance(answer, Valuation)


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


def test_a_return_of_a_delivery_of_an_earlier_month_comes_in_at_that_deliverys_cost() -> None:
    moves = [*month(), move(8, JANUARY + 45, 2, None, A, COST_OF, named=2)]
    answer = replay(moves, MONTHLY, run_through=END_OF_FEBRUARY)
    assert values(answer)[8] == 30
    assert answer.averages[A][1] == (END_OF_FEBRUARY, money(19), money(345))


def test_the_month_of_december_ends_with_the_year() -> None:
    first, last = month_of(date(2024, 12, 15).toordinal())
    assert (date.fromordinal(first), date.fromordinal(last)) == (date(2024, 12, 1), date(2024, 12, 31))
    assert month_of(JANUARY + 15) == (JANUARY, END_OF_JANUARY)


def test_where_months_are_valued_as_a_whole_a_tangle_reaches_to_the_end_of_the_run() -> None:
    moves = [
        receipt(1, JANUARY, 9, 90, B),
        move(2, JANUARY + 1, 1, B, None, AT_COST, group=1),
        move(3, JANUARY + 1, 2, None, A, SUM_OF, group=1, sequence=2),
        issue(4, JANUARY + 2, 1),
        issue(5, JANUARY + 3, 1, 3, fallback=7),
        move(6, JANUARY + 4, 1, B, 3, AT_COST),
    ]
    answer = replay(moves, MONTHLY, MOVING_AVERAGE, MOVING_AVERAGE, run_through=END_OF_JANUARY)
    assert values(answer) == {1: 90, 2: 10, 3: 10, 4: 5, 5: 10, 6: 10}
    end = (END_OF_JANUARY + 1, 0, 0)
    assert [tuple(tangle) for tangle in answer.tangles] == [
        (A, (JANUARY, 0, 0), end, 4),
        (3, (JANUARY + 3, 5, 5), end, 5),
    ]


def test_a_new_move_into_a_pool_that_is_not_loaded_asks_for_it() -> None:
    start = PoolState(MOVING_AVERAGE, money(5), money(50))
    answer = value_moves(Books({A: start}, {A: (5, 0, 0)}, [move(7, 6, 1, A, B, AT_COST)]))
    assert answer == Needs({B: (6, 7, 7)})
    answer = value_moves(Books({A: start}, {A: (5, 0, 0)}, [move(7, 6, 1, B, A, AT_COST)]))
    assert answer == Needs({B: (6, 7, 7)})


def test_goods_sold_short_and_named_by_nobody_leave_a_tangle_that_only_a_return_can_touch() -> None:
    moves = [receipt(1, 1, 9, 90, B), issue(2, 2, 1, fallback=7), move(3, 3, 4, B, A, AT_COST)]
    answer = replay(moves, MOVING_AVERAGE, MOVING_AVERAGE)
    assert values(answer)[2] == 10
    assert [tuple(tangle) for tangle in answer.tangles] == [(A, (2, 2, 2), (3, 3, 3), 2)]


def test_a_short_issue_that_went_to_a_pool_outside_the_window_asks_for_it_before_internal_goods_cover() -> None:
    moves = [move(2, 2, 1, A, 3, AT_COST, fallback=7, net=10), move(3, 3, 4, B, A, AT_COST, net=40)]
    answer = value_moves(Books({A: PoolState(MOVING_AVERAGE)}, {A: (0, 0, 0)}, moves))
    assert answer == Needs({3: (2, 2, 2)})


def month() -> list[Move]:
    """January: 10@10, issue 10, 10@20, the customer returns 3. February: 3 go out, 4@30 come in, 5 go out."""
    return [
        receipt(1, JANUARY + 1, 10, 100),
        issue(2, JANUARY + 4, 10),
        receipt(3, JANUARY + 19, 10, 200),
        move(4, JANUARY + 24, 3, None, A, COST_OF, named=2),
        issue(5, JANUARY + 31, 3),
        receipt(6, JANUARY + 40, 4, 120),
        issue(7, JANUARY + 50, 5),
    ]


def test_before_any_run_monthly_issues_stand_at_the_pools_current_rate() -> None:
    answer = replay(month(), MONTHLY)
    assert [values(answer)[one] for one in (2, 4, 5, 7)] == [100, 30, 53.08, 106.04]


def test_a_run_month_values_every_issue_at_the_average_of_the_month() -> None:
    answer = replay(month(), MONTHLY, run_through=END_OF_JANUARY)
    assert [values(answer)[one] for one in (2, 4)] == [150, 45]
    assert answer.averages == {A: [(END_OF_JANUARY, money(20), money(300))]}
    assert [values(answer)[one] for one in (5, 7)] == [45, 75]
    assert answer.pools[A].average == (money(20), money(300))


def test_the_next_run_replaces_provisional_costs_and_closes_exactly() -> None:
    answer = replay(month(), MONTHLY, run_through=END_OF_FEBRUARY)
    assert [values(answer)[one] for one in (5, 7)] == [55.59, 92.65]
    assert holding(answer, A) == (9, 166.76)


def test_a_kit_taken_apart_in_the_month_it_was_built_does_not_move_the_average() -> None:
    moves = [
        receipt(1, JANUARY, 10, 100),
        move(2, JANUARY + 1, 4, A, None, AT_COST, group=1, sequence=2),
        move(3, JANUARY + 1, 1, None, B, SUM_OF, group=1, given=6, sequence=2),
        move(4, JANUARY + 2, 1, B, None, AT_COST, group=2, sequence=3),
        move(5, JANUARY + 2, 4, None, A, SUM_OF, group=2, sequence=3),
        issue(6, JANUARY + 3, 2),
    ]
    answer = replay(moves, MONTHLY, MOVING_AVERAGE, run_through=END_OF_JANUARY)
    assert values(answer) == {1: 100, 2: 40, 3: 46, 4: 46, 5: 46, 6: 20}
    assert answer.variances == {5: money(6)}
    assert holding(answer, A) == (8, 80)
    assert answer.pools[A].average == (money(10), money(100))


def test_a_month_that_closes_negative_stays_provisional() -> None:
    moves = [receipt(1, JANUARY, 2, 20), issue(2, JANUARY + 1, 3), receipt(3, JANUARY + 32, 5, 60)]
    answer = replay(moves, MONTHLY, run_through=END_OF_JANUARY)
    assert answer.averages == {A: []}
    assert values(answer) == {1: 20, 2: 20 + 12, 3: 60}


def test_a_window_that_starts_inside_a_run_month_asks_for_the_whole_month() -> None:
    books = Books(
        {A: PoolState(MONTHLY, money(10), money(100))},
        {A: (JANUARY + 9, 5, 5)},
        [issue(5, JANUARY + 9, 1)],
        run_through=END_OF_JANUARY,
    )
    assert value_moves(books) == Needs({A: (JANUARY, 0, 0)})


def test_provisional_monthly_issues_never_take_more_than_the_pool_has() -> None:
    moves = [receipt(1, JANUARY, 1, 100), issue(2, JANUARY + 1, 1), receipt(3, JANUARY + 40, 4, 40)]
    answer = replay([*moves, issue(4, JANUARY + 41, 2)], MONTHLY, run_through=END_OF_JANUARY)
    assert values(answer)[4] == 20
