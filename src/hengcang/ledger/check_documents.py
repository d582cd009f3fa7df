"""单据检查 Invariants between documents and the books: moves of lines, links and progress, amounts, numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hengcang.base import bulk
from hengcang.core.amounts import CENT, SCALE, half_up, split, to_decimal, to_micro
from hengcang.core.costing import Method
from hengcang.core.posting import Control
from hengcang.ledger.check_words import Check, Found, by_sql, closing_types, differing, named, quoted
from hengcang.meta import registry
from hengcang.meta.declarations import Total

LIVE = "'posted','closed','reversed'"
ROUNDED = CENT * SCALE


def moving_types() -> str:
    """The types whose goods lines move goods."""
    return quoted({one.name for one in registry.documents().values() if one.moves_goods})


def counting_types() -> str:
    """The types whose lines are counted quantities."""
    return quoted({one.name for one in registry.documents().values() if one.freezes})


def one_move_a_line() -> str:
    """I-14: a line of a live revision has exactly one move, of its quantity; any other line has none left standing.

    Individually costed pieces are one move each. The quantity of a count's move is what the count found (I-33).
    """
    return f"""
    SELECT x.line, x.document, x.type, x.moves, x.quantity, x.stored_quantity FROM (
      SELECT l.id AS line, d.id AS document, d.type, COALESCE(n.moves,0) AS moves, COALESCE(n.quantity,0) AS quantity,
        CASE WHEN d.type IN ({counting_types()}) THEN COALESCE(n.quantity,0) ELSE ABS(l.base_quantity) END AS stored_quantity,
        CASE WHEN i.tracking<>'serial' OR i.costing_method<>'{Method.SPECIFIC}' THEN 1
          WHEN d.type IN ({counting_types()}) THEN COALESCE(n.moves,0) ELSE ABS(l.base_quantity)/{SCALE} END AS wanted,
        CASE WHEN d.state IN ({LIVE}) AND l.revision=d.revision AND d.type IN ({moving_types()}) THEN 1 ELSE 0 END AS live,
        CASE WHEN d.type IN ({counting_types()}) AND d.reverses_id IS NOT NULL THEN 1 ELSE 0 END AS red_count
      FROM records_goodsline l JOIN records_document d ON d.id=l.document_id JOIN catalog_item i ON i.id=l.item_id LEFT JOIN (
        SELECT line_id, SUM(live) AS moves, CAST(SUM(quantity) AS bigint) AS quantity FROM (
          SELECT m.line_id, m.quantity, CASE WHEN m.corrects_id IS NULL THEN 1 WHEN m.entry_kind='reversal' THEN -1 ELSE 0 END AS live
          FROM ledger_stockmove m
        ) r GROUP BY line_id
      ) n ON n.line_id=l.id
    ) x WHERE (x.live=1 AND x.red_count=0 AND (x.moves<>x.wanted OR x.quantity<>x.stored_quantity))
      OR (x.live=0 AND (x.moves<>0 OR x.quantity<>0))
    """


EFFECT_OF_DRAFTS = """
SELECT d.id AS document, d.state, x.account, CAST(SUM(x.amount) AS bigint) AS amount FROM (
  SELECT p.document_id, p.revision, e.account, e.amount FROM ledger_moneyentry e JOIN ledger_posting p ON p.id=e.posting_id
  WHERE e.line_id IS NULL
) x JOIN records_document d ON d.id=x.document_id WHERE d.state NOT IN ('posted','closed','reversed') OR x.revision<>d.revision
GROUP BY d.id, d.state, x.revision, x.account HAVING SUM(x.amount)<>0
"""
STRAY = f"""
SELECT m.id AS move, d.id AS document, d.state FROM ledger_stockmove m JOIN records_goodsline l ON l.id=m.line_id
JOIN records_document d ON d.id=l.document_id JOIN ledger_posting p ON p.id=m.posting_id
WHERE m.corrects_id IS NULL AND ((p.document_id<>d.id OR p.revision<>l.revision OR p.kind<>'post')
  OR ((d.state NOT IN ({LIVE}) OR l.revision<>d.revision)
    AND m.id NOT IN (SELECT r.corrects_id FROM ledger_stockmove r WHERE r.entry_kind='reversal' AND r.corrects_id IS NOT NULL)))
"""
REVERSALS = """
SELECT x.move, x.reversals, x.quantity, x.value, x.variance_value FROM (
  SELECT corrects_id AS move, SUM(CASE WHEN entry_kind='reversal' THEN 1 ELSE 0 END) AS reversals,
    SUM(CASE WHEN entry_kind='variance' THEN 0 ELSE quantity END) AS quantity,
    SUM(CASE WHEN entry_kind='variance' THEN 0 ELSE value END) AS value,
    SUM(CASE WHEN entry_kind='variance' THEN value ELSE 0 END) AS variance_value
  FROM ledger_stockmove WHERE corrects_id IS NOT NULL GROUP BY corrects_id
) x JOIN ledger_stockmove m ON m.id=x.move
WHERE x.reversals>1 OR (x.reversals=1 AND (x.quantity<>-m.quantity OR x.value<>-m.value OR x.variance_value<>0))
"""
PARTLY_REVERSED = """
SELECT r.posting, w.moves, r.reversed FROM (
  SELECT m.posting_id AS posting, COUNT(*) AS reversed FROM ledger_stockmove x JOIN ledger_stockmove m ON m.id=x.corrects_id
  WHERE x.entry_kind='reversal' GROUP BY m.posting_id
) r JOIN (
  SELECT posting_id AS posting, COUNT(*) AS moves FROM ledger_stockmove WHERE corrects_id IS NULL GROUP BY posting_id
) w ON w.posting=r.posting WHERE r.reversed<>w.moves
"""
PROGRESS = differing(
    "line_id, purpose",
    "SELECT line_id, purpose, quantity AS amount FROM records_lineprogress",
    "SELECT source_id AS line_id, purpose, quantity AS amount FROM records_linelink",
)
PROGRESS_AMOUNT = differing(
    "line_id, purpose",
    "SELECT line_id, purpose, amount FROM records_lineprogress",
    "SELECT source_id AS line_id, purpose, amount FROM records_linelink",
)
DEAD_LINKS = f"""
SELECT k.id AS link, k.purpose, t.id AS target, t.state AS target_state, s.id AS source, s.state AS source_state FROM records_linelink k
JOIN records_goodsline g ON g.id=k.target_id JOIN records_document t ON t.id=g.document_id
JOIN records_goodsline o ON o.id=k.source_id JOIN records_document s ON s.id=o.document_id
WHERE t.state NOT IN ({LIVE}) OR g.revision<>t.revision OR s.state NOT IN ({LIVE}) OR o.revision<>s.revision OR g.item_id<>o.item_id
"""


IN_TRANSIT = differing(
    "item_id, place_id, lot_id",
    "SELECT b.item_id, b.place_id, COALESCE(b.lot_id,0) AS lot_id, b.quantity AS amount FROM ledger_stockbalance b "
    "JOIN places_place t ON t.id=b.place_id AND t.kind='transit'",
    "SELECT DISTINCT m.item_id, m.target_id AS place_id, COALESCE(m.lot_id,0) AS lot_id, l.id, "
    "l.base_quantity-COALESCE(p.quantity,0) AS amount FROM ledger_stockmove m "
    "JOIN places_place t ON t.id=m.target_id AND t.kind='transit' JOIN records_goodsline l ON l.id=m.line_id "
    "JOIN records_document d ON d.id=l.document_id AND d.revision=l.revision AND d.state='posted' AND d.reverses_id IS NULL "
    "LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose='received' WHERE m.corrects_id IS NULL",
)


def overfilled() -> Iterator[Found]:
    """I-17, I-18: more was taken of a line, under a purpose, than it has (and its taker's tolerance allows)."""
    tolerances: dict[str, Any] = {}
    for one in registry.documents().values():
        if one.consumes:
            tolerances[one.consumes] = max(one.tolerance, tolerances.get(one.consumes, one.tolerance))
    sql = (
        "SELECT p.line_id, p.purpose, p.quantity, l.base_quantity FROM records_lineprogress p JOIN records_goodsline l ON l.id=p.line_id "
        "WHERE p.quantity>l.base_quantity OR p.quantity<0"
    )
    for line, purpose, quantity, base in bulk.stream(sql):
        if quantity < 0 or quantity > base + to_micro(to_decimal(base) * tolerances.get(purpose, 0)):
            yield {"line": line, "purpose": purpose, "taken": to_decimal(quantity), "has": to_decimal(base)}


def progress_states() -> Iterator[Found]:
    """I-19: the progress a document shows is the one its links give."""
    purposes = {(one.name, one.progress_purpose, one.main_role) for one in registry.documents().values() if one.progress_purpose}
    for name, purpose, role in sorted(purposes):
        yield from named(
            "SELECT x.document, x.progress, x.wanted FROM (SELECT d.id AS document, d.progress, "
            "CASE WHEN COALESCE(MAX(p.quantity),0)<=0 THEN 'none' "
            "WHEN MIN(CASE WHEN COALESCE(p.quantity,0)>=l.base_quantity THEN 1 ELSE 0 END)=1 THEN 'complete' ELSE 'partial' END AS wanted "
            "FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision AND l.role=%s "
            "LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose=%s WHERE d.type=%s AND d.state IN ('posted','closed') "
            "AND d.reverses_id IS NULL GROUP BY d.id, d.progress) x WHERE x.progress<>x.wanted",
            [role, purpose, name],
        )


def units() -> Iterator[Found]:
    """I-13: base quantity = quantity × the line's frozen factor, half up at the sixth decimal."""
    sql = "SELECT id, quantity, factor, base_quantity FROM records_goodsline WHERE factor<>%s OR base_quantity<>quantity"
    for line, quantity, factor, base in bulk.stream(sql, [SCALE]):
        if half_up(quantity * factor, SCALE) != base:
            yield {"line": line, "quantity": to_decimal(quantity), "factor": to_decimal(factor), "base": to_decimal(base)}


LINE_SQL = """
SELECT id, quantity, price_basis, unit_price_net, unit_price_gross, discount, tax_rate, amount_net, tax_amount, amount_gross
FROM records_goodsline WHERE amount_net<>0 OR tax_amount<>0 OR amount_gross<>0 OR unit_price_net IS NOT NULL
"""


def line_amounts() -> Iterator[Found]:
    """I-20: amounts of lines from quantity, price, discount and tax rate, in whole numbers."""
    for line, quantity, basis, price_net, price_gross, discount, rate, *amounts in bulk.stream(LINE_SQL):
        price = price_gross if basis == "gross" else price_net
        base = half_up(quantity * (price or 0) * (SCALE - discount), ROUNDED * SCALE) * CENT
        if basis == "gross":
            gross, net = base, half_up(base * SCALE, (SCALE + rate) * CENT) * CENT
        else:
            net, gross = base, base + half_up(base * rate, ROUNDED) * CENT
        if amounts != [net, gross - net, gross]:
            yield {"line": line, "stored": [to_decimal(one) for one in amounts], "computed": [to_decimal(net), to_decimal(gross)]}


HEADERS = """
SELECT d.id AS document, d.amount_gross, d.amount_net, d.tax_amount, d.discount_amount, l.amount_gross AS lines_amount
FROM records_document d JOIN (
  SELECT document_id, revision, CAST(SUM(amount_gross) AS bigint) AS amount_gross, CAST(SUM(amount_net) AS bigint) AS amount_net
  FROM records_goodsline GROUP BY document_id, revision
) l ON l.document_id=d.id AND l.revision=d.revision
WHERE d.amount_gross<>l.amount_gross-d.discount_amount OR d.amount_gross<>d.amount_net+d.tax_amount
  OR (d.discount_amount=0 AND d.amount_net<>l.amount_net)
"""


def money_totals() -> str:
    """I-20: a document amounts to what its type counts of its money lines."""
    by_total = {total: quoted({one.name for one in registry.documents().values() if one.total is total}) for total in Total}
    debits = quoted({one.value for one in Control if one.sign > 0})
    return f"""
    SELECT x.document, x.type, x.amount_gross, x.lines_amount FROM (
      SELECT d.id AS document, d.type, d.amount_gross, CASE WHEN d.type IN ({by_total[Total.LINES]}) THEN l.every
        WHEN d.type IN ({by_total[Total.BOOK]}) THEN l.book
        WHEN d.type IN ({by_total[Total.CLEARED]}) THEN CASE WHEN ABS(l.debit)>=ABS(l.every-l.debit) THEN l.debit ELSE l.every-l.debit END
        ELSE l.cash END AS lines_amount
      FROM records_document d JOIN (
        SELECT document_id, revision, CAST(SUM(amount) AS bigint) AS every, CAST(COALESCE(SUM(book_amount),0) AS bigint) AS book,
          CAST(SUM(CASE WHEN cash_account_id IS NULL THEN 0 ELSE amount END) AS bigint) AS cash,
          CAST(SUM(CASE WHEN role IN ({debits}) THEN amount ELSE 0 END) AS bigint) AS debit
        FROM records_moneyline GROUP BY document_id, revision
      ) l ON l.document_id=d.id AND l.revision=d.revision
    ) x WHERE x.amount_gross<>x.lines_amount
    """


DISCOUNTED = """
SELECT d.id, d.discount_amount, d.amount_net, l.amount_gross, l.tax_rate FROM records_document d
JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision WHERE d.discount_amount<>0 ORDER BY d.id, l.position, l.id
"""


def discounted() -> Iterator[Found]:
    """I-20: a header discount is shared by gross amount, the remainder on the last of the largest, and net follows by line."""
    rows: dict[int, list[tuple[int, ...]]] = {}
    for document, *row in bulk.stream(DISCOUNTED):
        rows.setdefault(document, []).append(tuple(row))
    for document, lines in rows.items():
        shares = split(lines[0][0], [line[2] for line in lines])
        net = sum(half_up((line[2] - part) * SCALE, (SCALE + line[3]) * CENT) * CENT for line, part in zip(lines, shares, strict=True))
        if net != lines[0][1]:
            yield {"document": document, "stored": to_decimal(lines[0][1]), "computed": to_decimal(net)}


CLOSED = """
WITH c AS (
  SELECT d.document_date AS day, MAX(p.id) AS posting FROM records_document d
  JOIN ledger_posting p ON p.document_id=d.id AND p.revision=d.revision AND p.kind='post'
  WHERE d.type IN ({types}) AND d.state='posted' GROUP BY d.document_date
)
SELECT c.day AS closed, r.day AS dated, r.posting, r.what FROM c JOIN (
  SELECT document_date AS day, MAX(posting_id) AS posting, 'move' AS what FROM ledger_stockmove GROUP BY document_date
  UNION ALL SELECT document_date, MAX(posting_id), 'entry' FROM ledger_moneyentry GROUP BY document_date
  UNION ALL SELECT document_date, MAX(posting_id), 'clearing' FROM ledger_clearing GROUP BY document_date
) r ON r.day<=c.day AND r.posting>c.posting
"""


def closed_periods() -> Iterator[Found]:
    """I-29: nothing dated in a closed period was posted after its closing."""
    return named(CLOSED.format(types=closing_types()))


NUMBERED_DRAFT = """
SELECT id AS document, type, number, state FROM records_document
WHERE (state='draft' AND revision=0 AND number IS NOT NULL) OR (state NOT IN ('draft','void') AND number IS NULL)
"""


def numbers() -> Iterator[Found]:
    """I-27: of every series exactly the numbers 1 … last were given, each once."""
    last: dict[str, int] = dict(bulk.stream("SELECT series, last FROM records_numberseries"))
    given: dict[str, list[int]] = {series: [] for series in last}
    for (number,) in bulk.stream("SELECT number FROM records_document WHERE number IS NOT NULL"):
        cut = len(number) - 1
        while cut and not (number[:cut] in given and number[cut:].isdigit()):
            cut -= 1
        if not cut:
            yield {"number": number, "what": "of no series"}
            continue
        given[number[:cut]].append(int(number[cut:]))
    for series, found in given.items():
        if sorted(found) != list(range(1, last[series] + 1)):
            missing = sorted(set(range(1, last[series] + 1)) - set(found))
            yield {"series": series, "last": last[series], "missing": missing[:5], "count": len(found)}


OVERRIDES = """
SELECT c.document_id AS document, c.revision, c.party_id AS party
FROM records_creditoverride c JOIN records_document d ON d.id=c.document_id
WHERE c.revision>d.revision
  OR (c.revision=d.revision AND (COALESCE(d.party_id,0)<>c.party_id OR d.state NOT IN ('posted','closed','reversed')))
"""
DELIVERED = """
SELECT d.id AS document, d.delivery_state AS state, e.state AS written FROM records_document d LEFT JOIN (
  SELECT document_id, MAX(id) AS id FROM records_deliveryevent GROUP BY document_id
) n ON n.document_id=d.id LEFT JOIN records_deliveryevent e ON e.id=n.id
WHERE (e.id IS NOT NULL AND COALESCE(d.delivery_state,'')<>e.state)
  OR (e.id IS NULL AND d.delivery_state IN ('shipped','on_the_way','refused','exception'))
"""
CHARGED_TWICE = """
SELECT m.cleared_document_id AS document, d.type, COUNT(*) AS bills FROM records_moneyline m
JOIN records_document d ON d.id=m.document_id AND d.revision=m.revision
WHERE m.category_id IS NOT NULL AND m.cleared_document_id IS NOT NULL AND d.state IN ('posted','closed') AND d.reverses_id IS NULL
GROUP BY m.cleared_document_id, d.type HAVING COUNT(*)>1
"""
CHECKS = (
    by_sql("I-56", "物流状态与最后一条物流记录不符", DELIVERED),
    by_sql("I-57", "同一张单据的运费记了两次", CHARGED_TWICE),
    by_sql("I-36", "超信用放行与其单据不符", OVERRIDES),
    Check("I-13", "基本数量与数量乘换算率不符", units),
    by_sql("I-11", "在途数量与未到的调拨不符", IN_TRANSIT),
    by_sql("I-14", "单据行与库存移动不符", one_move_a_line),
    by_sql("I-14", "草稿、作废或旧版本仍有分录净额", EFFECT_OF_DRAFTS),
    by_sql("I-15", "库存移动的单据未审核", STRAY),
    by_sql("I-16", "冲回与原移动不符", REVERSALS),
    by_sql("I-16", "记账只冲回了一部分", PARTLY_REVERSED),
    Check("I-17", "执行数量超过源单数量", overfilled),
    Check("I-19", "执行状态与关联不符", progress_states),
    Check("I-20", "行金额与数量、单价、折扣、税率不符", line_amounts),
    by_sql("I-20", "单头金额与明细不符", HEADERS),
    by_sql("I-20", "款项金额与明细不符", money_totals),
    Check("I-20", "整单优惠的分摊不符", discounted),
    by_sql("I-27", "草稿已有单号，或已离开草稿而无单号", NUMBERED_DRAFT),
    Check("I-27", "单号有断号、重号", numbers),
    Check("I-29", "已结账期间内有结账后的记账", closed_periods),
    by_sql("I-53", "执行数量与关联之和不符", PROGRESS),
    by_sql("I-53", "执行金额与关联之和不符", PROGRESS_AMOUNT),
    by_sql("I-53", "关联指向未生效的单据", DEAD_LINKS),
)
