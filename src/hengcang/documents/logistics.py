"""物流字段 Logistics: who carries the goods of a document, under which numbers, and what that costs whom; declared once.

A type that hands goods over takes `fields_of(...)`, says in `delivery` in which state posting leaves them, and has the
conversions of freight it can have. Storekeepers write these facts down, before posting and after, so freight stands under
no mask. It is always in the book's currency: carriers are.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hengcang.core.shipping import DELIVERY_LABELS, DELIVERY_TONES
from hengcang.documents.fields import MOST
from hengcang.meta.declarations import Charge, Choice, Conversion, Field, Kind

SHIP = "ship"
GROUP = "物流"
STATES = tuple(Choice(one.value, label, DELIVERY_TONES[one]) for one, label in DELIVERY_LABELS.items())
STATE = Field(name="delivery_state", label="物流状态", kind=Kind.CHOICE, choices=STATES, readonly=True, width=90, after_posting=SHIP)
CARRIER = Field(name="carrier", label="承运商", kind=Kind.REF, ref="parties", where={"is_supplier": True}, width=160)
TRACKING = Field(name="tracking_numbers", label="运单号", max_length=500, width=180, help="可填多个，用空格或逗号分开")
PACKAGES = Field(name="packages", label="件数", kind=Kind.INTEGER, minimum=Decimal(0), width=80)
WEIGHT = Field(name="weight", label="重量(千克)", kind=Kind.QUANTITY, minimum=Decimal(0), maximum=MOST, scale=3, width=100)
PAYER = Field(name="freight_payer", label="运费承担", kind=Kind.CHOICE, width=120, help="留空为我方承担")
FREIGHT = Field(name="freight", label="运费", kind=Kind.MONEY, minimum=Decimal(0), maximum=MOST, scale=2, total=True, width=100,
    help="付给承运商的运费（本位币）")  # fmt: skip
IN_JSON = (TRACKING, PACKAGES, WEIGHT, PAYER)
BORNE = {"ours": "我方承担", "advanced": "我方代垫", "theirs": "对方承担（到付）", "pickup": "自提（无运费）"}
PAYERS = tuple(Choice(value, label) for value, label in BORNE.items())


def fields_of(*payers: str) -> tuple[Field, ...]:
    """物流 The fields of logistics; `payers` are the keys of `BORNE` that there can be."""
    payer = replace(PAYER, choices=tuple(Choice(one, BORNE[one]) for one in payers))
    kept = {one.name: {"column": f"ext:{one.name}", "sortable": False} for one in IN_JSON}
    ordered = (CARRIER, TRACKING, PACKAGES, WEIGHT, payer, FREIGHT, STATE)
    return tuple(replace(one, group=GROUP, after_posting=SHIP, **kept.get(one.name, {})) for one in ordered)  # type: ignore[arg-type]


TO_CARRIER = Conversion(
    target="expense",
    label="运费",
    purpose="freight",
    money=True,
    charge=Charge(
        amount="freight",
        party="carrier",
        by="freight_payer",
        remark="tracking_numbers",
        categories={"": "运费", "ours": "运费", "advanced": "代垫运费支出"},
    ),
)
FROM_CUSTOMER = Conversion(
    target="other_income",
    label="代垫运费",
    purpose="freight",
    money=True,
    charge=Charge(amount="freight", by="freight_payer", remark="tracking_numbers", categories={"advanced": "代垫运费收回"}),
)
