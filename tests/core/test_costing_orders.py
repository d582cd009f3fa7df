"""生产归集 What a production order gathers: issues go in, products take their part, returns and products taken back come out."""

from __future__ import annotations

from hengcang.core.costing import Move
from tests.core.cases import AT_COST, COST_OF, MOVING_AVERAGE, SUM_OF, A, B, differences, money, move, receipt, replay, values


def product(one: int, day: int, quantity: int, fee: int = 0) -> Move:
    """Some of the 10 that the order makes."""
    return move(one, day, quantity, None, B, SUM_OF, group=-1, part=money(quantity), whole=money(10), given=fee)


def order() -> list[Move]:
    """100 go in; 4 of 10 are finished; 60 more go in, 10 of them come back; the other 6 are finished with a fee of 5."""
    return [
        receipt(1, 1, 20, 200),
        move(2, 2, 10, A, None, AT_COST, group=-1),
        product(3, 3, 4),
        move(4, 4, 6, A, None, AT_COST, group=-1),
        move(5, 5, 1, None, A, COST_OF, named=4, group=-1),
        product(6, 6, 6, 5),
    ]


def test_each_receipt_takes_its_part_of_what_the_order_holds_by_then_and_the_last_one_the_rest() -> None:
    answer = replay(order(), MOVING_AVERAGE, MOVING_AVERAGE)
    assert [values(answer)[one] for one in (2, 3, 4, 5, 6)] == [100, 40, 60, 10, 115]


def test_a_late_cost_of_the_material_reaches_every_receipt() -> None:
    before = replay(order(), MOVING_AVERAGE, MOVING_AVERAGE)
    dearer = [order()[0]._replace(given=money(220)), *order()[1:]]
    after = replay(dearer, MOVING_AVERAGE, MOVING_AVERAGE)
    assert differences(before, after) == {1: "+20.00", 2: "+10.00", 3: "+4.00", 4: "+6.00", 5: "+1.00", 6: "+11.00"}


def test_what_is_issued_after_the_last_receipt_stays_with_the_order() -> None:
    late = [*order(), move(7, 7, 1, A, None, AT_COST, group=-1)]
    assert values(replay(late, MOVING_AVERAGE, MOVING_AVERAGE))[6] == 115


def test_a_product_taken_back_gives_its_cost_and_its_part_free_but_not_its_fee() -> None:
    moves = [
        receipt(1, 1, 20, 200),
        move(2, 2, 10, A, None, AT_COST, group=-1),
        product(3, 3, 4, 8),
        move(4, 4, 4, B, None, COST_OF, named=3, group=-1, part=money(4), given=-8),
        product(5, 5, 5),
        product(6, 6, 5),
    ]
    answer = values(replay(moves, MOVING_AVERAGE, MOVING_AVERAGE))
    assert [answer[one] for one in (3, 4, 5, 6)] == [48, 48, 50, 50]


def test_more_than_planned_takes_what_is_there_and_never_less_than_nothing() -> None:
    moves = [
        receipt(1, 1, 20, 200),
        move(2, 2, 10, A, None, AT_COST, group=-1),
        product(3, 3, 10),
        move(4, 4, 1, None, A, COST_OF, named=2, group=-1),
        product(5, 5, 2, 3),
        move(6, 6, 2, A, None, AT_COST, group=-1),
        product(7, 7, 1),
    ]
    answer = values(replay(moves, MOVING_AVERAGE, MOVING_AVERAGE))
    assert [answer[one] for one in (3, 5, 7)] == [100, 3, 10]
