"""对账单 Party statement: what stands between a party and us in a period, sent to the other side and answered by it.

It moves nothing. Posting it sends it; opened again (反审核) it keeps its figures and takes the answer.
"""

from __future__ import annotations

from dataclasses import replace

from hengcang.documents import fields as f
from hengcang.meta.declarations import FOREIGN, Choice, DocumentType, Field, Kind, Lines, Mask, Total
from hengcang.settlement.statements import fill

SIDES = (Choice("customer", "应收（客户）"), Choice("supplier", "应付（供应商）"))
CURRENCIES = (Choice("all", "全部币别，折本位币"), Choice("own_currency", "只列本位币"))
RESULTS = (Choice("waiting", "待回复"), Choice("confirmed", "已确认", "success"), Choice("different", "有差异", "error"))


def money(name: str, label: str, *, readonly: bool = True, column: str = "", total: bool = False) -> Field:
    """A column of money of the statement."""
    kept = column or f"ext:{name}"
    return Field(
        name=name, label=label, kind=Kind.MONEY, column=kept, readonly=readonly, scale=2, width=120, total=total,
        sortable=False,
    )  # fmt: skip


PARTY_STATEMENT = DocumentType(
    name="party_statement",
    collection="party_statements",
    label="对账单",
    number_pattern="DZD-{yyyymmdd}-{seq:04}",
    total=Total.LINES,
    fill=fill,
    agrees=True,
    side_masks={"customer": Mask.SALES_PRICE, "supplier": Mask.PURCHASE_PRICE},
    menu="settlement",
    fields=(
        f.NUMBER,
        Field(name="party", label="往来单位", kind=Kind.REF, ref="parties", required=True, width=200),
        Field(name="side", label="方向", kind=Kind.CHOICE, column="ext:side", choices=SIDES, default="customer", required=True, width=140),
        Field(name="date_from", label="开始日期", kind=Kind.DATE, column="ext:date_from", required=True, width=110),
        Field(name="date_to", label="结束日期", kind=Kind.DATE, column="ext:date_to", required=True, default="@last_month_end", width=110),
        replace(f.CURRENCY, help="选了就只列这一币别的往来，金额以它计；留空看币别范围"),
        Field(
            name="currencies", label="币别范围", kind=Kind.CHOICE, column="ext:currencies", choices=CURRENCIES, default="all", width=140,
            feature=FOREIGN, sortable=False,
        ),
        f.DATE,
        f.HANDLER,
        money("opening", "期初余额"),
        replace(money("amount_gross", "本期发生", column="amount_gross"), sortable=True),
        money("closing", "期末余额"),
        replace(money("closing_book", "期末折本位币"), feature=FOREIGN),
        Field(name="result", label="对账结果", kind=Kind.CHOICE, column="ext:result", choices=RESULTS, readonly=True, width=90),
        Field(name="confirmed_by", label="对方确认人", column="ext:confirmed_by", max_length=60, width=110),
        Field(name="confirmed_on", label="确认日期", kind=Kind.DATE, column="ext:confirmed_on", width=110),
        money("their_closing", "对方期末余额", readonly=False),
        *f.FOOT,
    ),
    money=Lines(
        name="money_lines",
        label="对账明细",
        model="records.MoneyLine",
        parent="document",
        matches={"revision": "revision"},
        role="statement",
        fields=(
            Field(name="entry_date", label="日期", kind=Kind.DATE, column="ext:entry_date", readonly=True, width=110),
            Field(name="document_label", label="单据", column="ext:document_label", readonly=True, width=220),
            money("amount", "我方金额", column="amount", total=True),
            money("balance", "余额"),
            replace(money("book_amount", "折本位币", column="book_amount", total=True), feature=FOREIGN),
            money("their_amount", "对方金额", readonly=False),
            Field(name="reason", label="差异原因", column="ext:reason", max_length=100, width=180),
            Field(name="remark", label="备注", readonly=True, max_length=200, width=160),
        ),
    ),
    list=f.document_list("party", "side", "date_from", "date_to", "currency", "closing", "result", filters=("party", "result")),
)  # fmt: skip
