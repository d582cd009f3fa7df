"""加工规则用语 Rules that documents of making share: what goes in at cost, what comes out of it, the fee, the shares of a split.

The goods go through 生产成本: 借 生产成本 贷 库存商品 for what goes in, the other way for what comes out. The fee is booked there
too, 借 生产成本 贷 应付账款 where somebody outside is owed it, else 贷 应付职工薪酬 (《小企业会计准则》：直接人工计入生产成本),
so what comes out takes it along and nothing stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hengcang.core.allocation import share_amount
from hengcang.core.errors import CostUnshared
from hengcang.core.posting import ZERO, Account, DocumentFacts, Entry, GoodsFacts, Move, PlaceKind, SumOf, Value
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import Choice

MILLIONTH = Decimal("0.000001")
BY_REFERENCE, BY_QUANTITY, BY_RATIO = Choice("reference", "数量×参考成本"), Choice("quantity", "数量"), Choice("ratio", "分摊比例")
BASES = (BY_REFERENCE, BY_QUANTITY, BY_RATIO)


def only(document: DocumentFacts, role: str) -> DocumentFacts:
    """其中一表 The document with the goods lines of one role."""
    return replace(document, goods=[line for line in document.goods if line.role == role])


def fee_of(document: DocumentFacts) -> Decimal:
    """加工费 The fee of the document."""
    return Decimal(document.ext.get("fee") or 0)


def fee_entries(document: DocumentFacts) -> list[Entry]:
    """加工费分录 借 生产成本 贷 应付账款 (owed to the party) or 应付职工薪酬."""
    fee = fee_of(document)
    if document.party is None:
        owed = Entry(Account.PAYROLL_PAYABLE, -fee)
    else:
        owed = Entry(Account.PAYABLE, -fee, party=document.party, due_date=document.due_date, opens=True)
    return [Entry(Account.PRODUCTION_COST, fee), owed]


def put_in(document: DocumentFacts, role: str, kind: str) -> list[Move]:
    """投入 The lines of a role go in at the pool's cost."""
    return moves_of(only(document, role), kind, at_cost, target=PlaceKind.PRODUCTION)


def take_out(document: DocumentFacts, role: str, kind: str, value: Callable[[GoodsFacts], Value]) -> list[Move]:
    """产出 The lines of a role come out."""
    return moves_of(only(document, role), kind, value, source=PlaceKind.PRODUCTION)


def split_out(document: DocumentFacts, role: str, kind: str) -> list[Move]:
    """按比例产出 The lines of a role share what went in, and the fee, by the document's basis; the last of the largest is last.

    It takes what the others leave. Raises CostUnshared.
    """
    lines = only(document, role).goods
    basis = next((one for one in BASES if one.value == document.ext.get("basis")), BY_REFERENCE)
    weights = {line.id: weight_of(basis, line) for line in lines}
    whole = sum(weights.values(), ZERO)
    if not whole:
        raise CostUnshared(path="basis", basis=basis.label)
    fees = fee_shares(fee_of(document), lines, weights)
    moves = take_out(document, role, kind, lambda line: SumOf(fees[line.id], weights[line.id], whole))
    return sorted(moves, key=lambda move: weights[move.line])


def fee_shares(fee: Decimal, lines: Sequence[GoodsFacts], weights: dict[int, Decimal]) -> dict[int, Decimal]:
    """加工费分摊 The fee over the lines by weight, the remainder on the last of the largest."""
    parts = share_amount(fee, [weights[line.id] for line in lines]) if fee else [ZERO] * len(lines)
    return {line.id: part for line, part in zip(lines, parts, strict=True)}


def weight_of(basis: Choice, line: GoodsFacts) -> Decimal:
    """比重 What of a line counts when cost is shared."""
    if basis is BY_RATIO:
        return Decimal(line.ext.get("ratio") or 0)
    price = line.reference_cost if basis is BY_REFERENCE else Decimal(1)
    return (line.quantity * price).quantize(MILLIONTH, ROUND_HALF_UP)
