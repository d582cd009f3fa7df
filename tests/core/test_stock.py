"""库存检查案例 Worked cases of the stock check and of what can be promised."""

from __future__ import annotations

from hengcang.core.stock import AvailableFormula, Delta, NegativeStock, Shortage, StockCheck, available, check_stock

FORBID, WARN, ALLOW = NegativeStock
SCREWS, NUTS = 1, 2


def test_an_issue_of_more_than_there_is_is_refused_by_line_day_and_quantity() -> None:
    check = check_stock({SCREWS: 5}, [], [Delta(SCREWS, 3, 9, -8, line=2)], {SCREWS: FORBID})
    assert check == StockCheck(refused=(Shortage(SCREWS, day=3, short=3, line=2),), warned=())


def test_an_issue_of_all_there_is_passes() -> None:
    assert check_stock({SCREWS: 8}, [], [Delta(SCREWS, 3, 9, -8, line=2)], {}) == StockCheck((), ())


def test_a_key_without_policy_is_forbidden_one_on_notice_warns_and_an_allowed_one_is_silent() -> None:
    posting = [Delta(SCREWS, 1, 1, -1), Delta(NUTS, 1, 1, -1), Delta(3, 1, 1, -1)]
    check = check_stock({}, [], posting, {NUTS: WARN, 3: ALLOW})
    assert [one.key for one in check.refused] == [SCREWS]
    assert [one.key for one in check.warned] == [NUTS]


def test_a_back_dated_issue_that_starves_a_later_one_is_refused_with_the_later_day() -> None:
    later = [Delta(SCREWS, 5, 2, -6), Delta(SCREWS, 9, 3, 10)]
    check = check_stock({SCREWS: 8}, later, [Delta(SCREWS, 4, 7, -3, line=1)], {})
    assert check.refused == (Shortage(SCREWS, day=5, short=1, line=1),)


def test_goods_that_arrive_later_do_not_help_an_earlier_issue() -> None:
    later = [Delta(SCREWS, 9, 3, 10)]
    check = check_stock({}, later, [Delta(SCREWS, 4, 7, -3, line=1)], {})
    assert check.refused == (Shortage(SCREWS, day=4, short=3, line=1),)


def test_a_position_is_a_whole_posting_so_one_document_may_bring_in_and_send_out() -> None:
    posting = [Delta(SCREWS, 4, 7, -3, line=1), Delta(SCREWS, 4, 7, 3, line=2)]
    assert check_stock({}, [], posting, {}) == StockCheck((), ())


def test_two_postings_on_one_day_are_two_positions() -> None:
    later = [Delta(SCREWS, 4, 8, 3)]
    check = check_stock({}, later, [Delta(SCREWS, 4, 7, -3, line=1)], {})
    assert check.refused == (Shortage(SCREWS, day=4, short=3, line=1),)


def test_an_old_deficit_does_not_block_a_posting_that_leaves_it_as_it_is() -> None:
    later = [Delta(SCREWS, 9, 3, -20)]
    assert check_stock({SCREWS: 5}, later, [Delta(SCREWS, 4, 7, 2, line=1)], {}) == StockCheck((), ())


def test_only_what_the_posting_adds_to_an_old_deficit_is_called_short() -> None:
    check = check_stock({SCREWS: -4}, [], [Delta(SCREWS, 4, 7, -2, line=1)], {})
    assert check.refused == (Shortage(SCREWS, day=4, short=2, line=1),)


def test_the_worst_position_is_reported_and_of_equals_the_first() -> None:
    later = [Delta(SCREWS, 5, 2, -1), Delta(SCREWS, 6, 3, -2), Delta(SCREWS, 7, 4, -2), Delta(SCREWS, 8, 5, 9)]
    check = check_stock({SCREWS: 6}, later, [Delta(SCREWS, 4, 9, -6, line=3)], {})
    assert check.refused == (Shortage(SCREWS, day=7, short=5, line=3),)
    check = check_stock({SCREWS: 6}, later[:1], [Delta(SCREWS, 4, 9, -8, line=3)], {})
    assert check.refused == (Shortage(SCREWS, day=5, short=3, line=3),)
    check = check_stock({}, [Delta(SCREWS, 5, 2, 0)], [Delta(SCREWS, 4, 9, -1, line=3)], {})
    assert check.refused == (Shortage(SCREWS, day=4, short=1, line=3),)


def test_the_line_with_which_stock_runs_out_is_named() -> None:
    posting = [Delta(SCREWS, 4, 7, -5, line=1), Delta(SCREWS, 4, 7, -5, line=2), Delta(SCREWS, 4, 7, -1, line=3)]
    check = check_stock({SCREWS: 7}, [], posting, {})
    assert check.refused == (Shortage(SCREWS, day=4, short=4, line=2),)


def test_a_posting_with_several_dates_is_short_on_the_date_and_line_that_cause_it() -> None:
    posting = [Delta(SCREWS, 4, 7, -2, line=1), Delta(SCREWS, 6, 7, -2, line=2), Delta(SCREWS, 8, 7, -9, line=3)]
    later = [Delta(SCREWS, 7, 8, 20)]
    check = check_stock({SCREWS: 3}, later, posting, {})
    assert check.refused == (Shortage(SCREWS, day=6, short=1, line=2),)


def test_a_later_dated_line_that_stands_first_is_not_blamed_for_an_earlier_shortage() -> None:
    posting = [Delta(SCREWS, 8, 7, -9, line=1), Delta(SCREWS, 4, 7, -5, line=2)]
    check = check_stock({SCREWS: 3}, [Delta(SCREWS, 7, 8, 20)], posting, {})
    assert check.refused == (Shortage(SCREWS, day=4, short=2, line=2),)


def test_keys_are_checked_apart_and_reported_in_order() -> None:
    posting = [Delta(NUTS, 4, 7, -5, line=1), Delta(SCREWS, 4, 7, -5, line=2)]
    check = check_stock({SCREWS: 4, NUTS: 3}, [Delta(99, 5, 8, -5)], posting, {})
    assert [(one.key, one.short, one.line) for one in check.refused] == [(SCREWS, 1, 2), (NUTS, 2, 1)]


def test_available_is_what_is_on_hand_less_what_is_reserved() -> None:
    assert available(10, reserved=3, incoming=5, outgoing=2) == 7


def test_the_formula_may_count_incoming_and_outgoing_too() -> None:
    assert available(10, 3, 5, 2, AvailableFormula(plus_incoming=True)) == 12
    assert available(10, 3, 5, 2, AvailableFormula(less_outgoing=True)) == 5
    assert available(10, 3, 5, 2, AvailableFormula(less_reserved=False, plus_incoming=True, less_outgoing=True)) == 13
