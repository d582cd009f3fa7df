"""盘点差异表 Count differences: of every line of a plan what the books held at the freeze, what each pass counted, and the difference.

What was booked has the value that the books gave it; before that, the difference at the cost of today, for reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report
from hengcang.core.amounts import half_up, to_micro, to_text
from hengcang.core.errors import NotFound
from hengcang.documents import count_figures, count_results
from hengcang.documents.count_figures import PHASES, Figure
from hengcang.documents.scope import in_sight
from hengcang.ledger import counts
from hengcang.ledger import reports as books
from hengcang.meta import registry
from hengcang.meta.declarations import Choice, DocumentType, Field, Kind, ReportAction, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref
from hengcang.records.models import Document

SHOW = (Choice("differing", "有差异"), Choice("uncounted", "未盘"))
TO_CARD = {"report": "stock_card", "parameters": {"item": "item", "place": "place"}}
SUMS = ("book", "final", "difference", "value")
SECONDS = ("book_second", "final_second", "difference_second")


def plan_types() -> list[DocumentType]:
    """The types that list what is to be counted."""
    return [one for one in registry.documents().values() if one.counts]


def chosen(viewer: Viewer, number: str | None) -> tuple[DocumentType, dict[str, Any]] | None:
    """The plan of that number, else the newest that has started; none outside the viewer's scope."""
    types = {one.name: one for one in plan_types() if viewer.may(one.name, "view")}
    rows = Document.objects.filter(type__in=types, state__in=("posted", "closed")).order_by("-id")
    rows = rows.filter(number=number) if number else rows
    found = list(rows.values_list("id", "type")[: 1 if number else 50])
    seen = in_sight(viewer, [pk for pk, _ in found])
    first = next(((pk, name) for pk, name in found if pk in seen), None)
    return None if first is None else (types[first[1]], count_results.plan_of(types[first[1]], first[0]))


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """盘点差异 The rows of one plan."""
    plan = chosen(viewer, parameters.get("number"))
    if plan is None:
        return Report()
    figures = list(count_figures.figures(plan[1], places=viewer.scope("warehouse")).values())
    values = values_of(plan[1], figures)
    wanted = [at for at, one in enumerate(figures) if fits(one, parameters.get("show"))]
    rows = [row_of(plan[1], figures[at], values[at]) for at in wanted]
    totals = {name: sum(row[name] or 0 for row in rows) for name in SUMS}
    reference = document_ref(plan[1]["id"], plan[1]["type"], plan[1]["number"])
    names = items.item_columns({figures[at].line.item for at in wanted})
    shown = [
        {**names[figures[at].line.item], **row, **micro_texts(row), "document": reference} for at, row in zip(wanted, rows, strict=True)
    ]
    truncated = limit is not None and len(shown) > limit
    return Report(shown[:limit], {name: to_text(total) for name, total in totals.items()}, note(), truncated)


def note() -> str:
    """Where values come from."""
    return said("未过账的差异金额按现在的成本估算，供参考。", "Values of what is not booked yet are at the cost of today, for reference.")


def fits(one: Figure, show: str | None) -> bool:
    """Whether a row is asked for."""
    if show == "uncounted":
        return one.final is None
    return not show or (one.deciding != "" and one.differs(one.deciding))


def row_of(plan: Mapping[str, Any], one: Figure, value: int) -> dict[str, Any]:
    """One line, quantities in micro units."""
    final = None if one.final is None else to_micro(one.final)
    difference = None if final is None else final - to_micro(one.book)
    passes = {f"{phase}_count": to_micro(one.counted[phase]) if phase in one.counted else None for phase in PHASES}
    return {
        "id": one.line.id,
        "place": one.line.place,
        "place_name": one.line.place_name,
        "lot": one.line.lot_number,
        "book": to_micro(one.book),
        **passes,
        "final": final,
        "difference": difference,
        "value": None if difference is None else value,
        **seconds_of(one),
    }


def seconds_of(one: Figure) -> dict[str, int | None]:
    """Book, counted and difference in second units; nothing of an item that has none."""
    if one.book_second is None:
        return dict.fromkeys(SECONDS)
    final = one.second_of(one.deciding) if one.deciding else None
    counted = None if final is None else to_micro(final)
    book = to_micro(one.book_second)
    return dict(zip(SECONDS, (book, counted, None if counted is None else counted - book), strict=True))


def micro_texts(row: Mapping[str, Any]) -> dict[str, str | None]:
    """The numbers of a row for the wire."""
    return {name: None if row[name] is None else to_text(row[name]) for name in (*SUMS, *SECONDS, *(f"{phase}_count" for phase in PHASES))}


def values_of(plan: Mapping[str, Any], figures: Sequence[Figure]) -> list[int]:
    """The value of each difference: as booked, else estimated from the cost pool."""
    booked = counts.booked([one for one, _, state in count_figures.results_of(plan) if state in ("posted", "closed")])
    pools: dict[int, list[tuple[Any, ...]]] = {}
    for pool in books.pool_rows({one.line.item for one in figures}):
        pools.setdefault(pool[0], []).append(pool)
    found = []
    for one in figures:
        key = (one.line.item, one.line.place, one.line.lot or 0)
        found.append(booked[key] if key in booked else estimate(one, pools.get(one.line.item, [])))
    return found


def estimate(one: Figure, pools: Sequence[tuple[Any, ...]]) -> int:
    """A difference at the unit cost of the pools it lies in; nothing where these hold nothing."""
    own = [pool for pool in pools if pool[1] in (0, one.line.place) and pool[2] in (0, one.line.lot or 0)]
    quantity, value = sum(pool[3] for pool in own), sum(pool[4] for pool in own)
    if one.final is None or quantity <= 0:
        return 0
    cents = half_up(to_micro(one.final - one.book) * value, quantity * 10_000)
    return cents * 10_000


def settle(uncounted: str, viewer: Viewer, parameters: Mapping[str, Any], name: str, content: bytes) -> str:
    """生成盘点单 The plan becomes stock counts; what nobody counted is zero or left out."""
    plan = chosen(viewer, parameters.get("number"))
    if plan is None:
        raise NotFound(label=said("盘点方案", "Count plan"))
    made = count_results.settle(viewer, plan[0], plan[1]["id"], uncounted)["documents"]
    chinese = f"{plan[1]['number']} 已生成 {len(made)} 张盘点单草稿，请检查后审核。"
    return said(chinese, f"{plan[1]['number']} became {len(made)} stock counts, to be looked at and posted.")


COUNT_DIFFERENCES = ReportType(
    name="count_differences",
    label="盘点差异表",
    menu="inventory",
    parameters=(
        Field(name="number", label="方案单号", max_length=60, width=180, help="留空为最近开始的方案"),
        Field(name="show", label="只看", kind=Kind.CHOICE, choices=SHOW, width=110),
    ),
    columns=(
        Field(name="document", label="盘点方案", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        report.ITEM_CODE,
        report.ITEM_NAME,
        report.ITEM_SPEC,
        report.UNIT_NAME,
        Field(name="place_name", label="仓库", width=110),
        Field(name="lot", label="批次", width=110),
        report.quantity("book", "账面数量", drill=TO_CARD),
        report.quantity("first_count", "初盘", total=False),
        report.quantity("second_count", "复盘", total=False),
        report.quantity("sample_count", "抽盘", total=False),
        report.quantity("final", "实盘数"),
        report.quantity("difference", "差异数量"),
        report.second("book_second", "账面辅助数量"),
        report.second("final_second", "实盘辅助数量"),
        report.second("difference_second", "差异辅助数量"),
        report.SECOND_UNIT,
        report.value("value", "差异金额"),
    ),
    run=run,
    actions=(
        ReportAction("make_counts", "生成盘点单（须全部盘完）", partial(settle, "")),
        ReportAction("make_counts_zero", "生成盘点单（未盘按零）", partial(settle, count_results.ZERO_THEM)),
        ReportAction("make_counts_leave", "生成盘点单（未盘不处理）", partial(settle, count_results.LEAVE_OUT)),
    ),
)
