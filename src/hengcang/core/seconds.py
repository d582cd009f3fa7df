"""辅助数量 Second quantities: goods that are sold by weight and counted by head, at a ratio that differs each time.

The second quantity is kept beside the quantity and never decides what is available. It has the sign of the quantity, the
decimals of its unit, and is zero only with it. Where a posting leaves a place (and lot) without goods, its last move there
takes what is left of the second quantity, so that nothing is left of neither. Left out: what several moves between places
that all end at zero cannot settle among themselves; a count does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO = Decimal(0)


def rounded(quantity: Decimal, decimals: int) -> Decimal:
    """取整 At the decimals of the second unit (six at most), half up."""
    return quantity.quantize(Decimal(1).scaleb(-min(decimals, 6)), ROUND_HALF_UP)


def suggested(base_quantity: Decimal, factor: Decimal | None, decimals: int) -> Decimal | None:
    """建议数 The second quantity by the item's usual ratio (base units in one second unit); at least one step of its decimals.

    None where no ratio is known.
    """
    if not base_quantity:
        return ZERO
    if factor is None:
        return None
    step = Decimal(1).scaleb(-min(decimals, 6))
    amount = max(rounded(abs(base_quantity) / factor, decimals), step)
    return amount if base_quantity > 0 else -amount


def misfit(base_quantity: Decimal, second: Decimal, decimals: int) -> str:
    """不合之处 What is wrong with a typed second quantity, in the words of a refusal; nothing where it is right."""
    if second != rounded(second, decimals):
        return f"辅助单位最多 {min(decimals, 6)} 位小数" if decimals else "辅助单位没有小数"
    if bool(second) is not bool(base_quantity):
        return "数量不为 0，辅助数量也不能为 0" if base_quantity else "数量为 0，辅助数量也应为 0"
    return "应与数量同号" if second * base_quantity < 0 else ""


def open_part(left: Decimal, open_quantity: Decimal, wanted: Decimal, decimals: int) -> Decimal | None:
    """未执行份额 What `wanted` of an open quantity takes of the open second quantity `left`: its share, the last part all that is left.

    None where that comes to nothing: then it is suggested or typed.
    """
    part = left if wanted >= open_quantity else rounded(left * wanted / open_quantity, decimals)
    return part if part > 0 else None


def spread(second: Decimal, whole: Decimal, parts: Sequence[Decimal], decimals: int) -> list[Decimal]:
    """分摊 A line's second quantity over the moves it makes: by quantity, and where they are the whole of it the last takes the rest."""
    found = [rounded(second * part / whole, decimals) if whole else ZERO for part in parts]
    if found and sum(parts, ZERO) == whole:
        found[-1] = second - sum(found[:-1], ZERO)
    return found


class Leg(NamedTuple):
    """一笔 The places (balances) that a new row takes from and brings to, None for outside, and its second quantity in micro."""

    source: int | None
    target: int | None
    second: int


def settle(legs: Sequence[Leg], before: Mapping[int, int], empty: Collection[int]) -> list[int]:
    """清零 The second quantities of the rows of one posting, so that balances left without goods have none.

    `before` are the balances' second quantities, less what counts take up; `empty` those that have no goods afterwards. The
    last row at such a balance takes the remainder, before others one that comes from or goes to outside.
    """
    found = [leg.second for leg in legs]
    sums = defaultdict(int, before)
    rows: dict[int, list[int]] = defaultdict(list)
    for at, leg in enumerate(legs):
        for key, sign in ((leg.source, -1), (leg.target, 1)):
            if key is not None:
                sums[key] += sign * leg.second
                rows[key].append(at)
    for _ in range(len(empty)):
        waiting = [key for key in sorted(empty) if sums[key] and rows[key]]
        if not waiting:
            break
        for key in waiting:
            outward = [at for at in rows[key] if None in legs[at][:2]]
            at = (outward or rows[key])[-1]
            change = sums[key] if legs[at].source == key else -sums[key]
            found[at] += change
            for other, sign in ((legs[at].source, -1), (legs[at].target, 1)):
                if other is not None:
                    sums[other] += sign * change
    return found
