"""期末结账单 Period close: posting it runs the month's costs and locks the month; unposting it opens the month again."""

from __future__ import annotations

from dataclasses import replace

from hengcang.documents import fields as f
from hengcang.meta.declarations import DocumentType

PERIOD_CLOSE = DocumentType(
    name="period_close",
    collection="period_closes",
    label="期末结账单",
    number_pattern="QMJZ-{yyyymmdd}-{seq:04}",
    closes=True,
    menu="settlement",
    fields=(
        f.NUMBER,
        replace(f.DATE, label="结账日期", default="@last_month_end", help="要结账的月份的最后一天"),
        *f.FOOT,
    ),
    list=f.document_list(),
)
