"""窗口案例 Worked cases of windows: what a replay asks for, and what it does not."""

from __future__ import annotations

from hengcang.core.costing import Books, Named, Needs, Piece, PoolState, Valuation, value_moves
from tests.core.cases import (
    AT_COST,
    COST_OF,
    END_OF_JANUARY,
    FIFO,
    JANUARY,
    MONTHLY,
    MOVING_AVERAGE,
    SUM_OF,
    A,
    B,
    issue,
    money,
    move,
    receipt,
    replay,
    trade,
    values,
)


def test_a_window_asks_for_the_pool_that_a_changed_transfer_leads_to() -> None:
    before = replay(trade(), MOVING_AVERAGE, MOVING_AVERAGE)
    recorded = [one._replace(net=before.values[one.id]) for one in trade()]
    moves = sorted([*recorded[1:4], receipt(6, 3, 10, "166.70")], key=lambda one: one[1:3])
    start = PoolState(MOVING_AVERAGE, money(10), money(100))
    answer = value_moves(Books({A: start}, {A: (3, 6, 6)}, moves))
    assert answer == Needs({B: (6, 3, 3)})
    answer = value_moves(Books({A: start, B: PoolState(MOVING_AVERAGE)}, {A: (3, 6, 6), B: (0, 0, 0)}, [*moves, recorded[4]]))
    assert isinstance(answer, Valuation)
    assert values(answer) == {6: 166.7, 2: 80.01, 3: 26.67, 4: 13.34, 5: 13.34}


def test_a_window_in_which_nothing_changes_asks_for_nothing() -> None:
    before = replay(trade(), MOVING_AVERAGE, MOVING_AVERAGE)
    moves = [one._replace(net=before.values[one.id]) for one in trade()][:4]
    answer = value_moves(Books({A: PoolState(MOVING_AVERAGE)}, {A: (0, 0, 0)}, moves))
    assert isinstance(answer, Valuation)
    assert values(answer) == {1: 100, 2: 60, 3: 20, 4: 10}


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


def test_a_window_that_starts_inside_a_run_month_asks_for_the_whole_month() -> None:
    books = Books(
        {A: PoolState(MONTHLY, money(10), money(100))},
        {A: (JANUARY + 9, 5, 5)},
        [issue(5, JANUARY + 9, 1)],
        run_through=END_OF_JANUARY,
    )
    assert value_moves(books) == Needs({A: (JANUARY, 0, 0)})
