"""案例用语 Words of the worked cases: moves in units and currency, a fresh replay, and its figures."""

from __future__ import annotations

from datetime import date

from hengcang.core.amounts import SCALE, to_micro
from hengcang.core.costing import Books, Method, Move, PoolState, Rule, Valuation, value_moves

A, B = 1, 2
GIVEN, AT_COST, COST_OF, SUM_OF = Rule.GIVEN, Rule.AT_COST, Rule.COST_OF, Rule.SUM_OF
MOVING_AVERAGE, FIFO, SPECIFIC, MONTHLY = Method
JANUARY = date(2024, 1, 1).toordinal()
END_OF_JANUARY, END_OF_FEBRUARY = date(2024, 1, 31).toordinal(), date(2024, 2, 29).toordinal()


def money(value: object) -> int:
    return to_micro(str(value))


def move(one: int, day: int, quantity: object, source: int | None, target: int | None, rule: Rule, **more: object) -> Move:
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
    """A fresh replay of pools A, B, … with the given methods; `reference` is that of every move without one of its own."""
    cost = None if reference is None else money(reference)
    moves = [one if one.reference is not None else one._replace(reference=cost) for one in moves]
    pools = {number: PoolState(method) for number, method in enumerate(methods, start=1)}
    ordered = sorted(moves, key=lambda one: (one.day, one.sequence, one.id))
    answer = value_moves(Books(pools, dict.fromkeys(pools, (0, 0, 0)), ordered, run_through=run_through))
    assert isinstance(answer, Valuation)
    return answer


def differences(before: Valuation, after: Valuation) -> dict[int, str]:
    """Changes of net values in currency, two decimals."""
    return {one: f"{(after.values[one] - value) / SCALE:+.2f}" for one, value in before.values.items() if after.values[one] != value}


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
