"""加工字段 Fields that documents of making share."""

from __future__ import annotations

from decimal import Decimal

from hengcang.documents.fields import MOST
from hengcang.documents.making import BASES
from hengcang.meta.declarations import Field, Kind, Mask

BILL = Field(
    name="bill_of_materials", label="物料清单", kind=Kind.REF, ref="bills_of_materials", column="ext:bill_of_materials", width=160,
    sortable=False, fills={"item": "item"}, help="留空时用产品的默认物料清单",
)  # fmt: skip
BASIS = Field(
    name="basis",
    label="成本分摊方式",
    kind=Kind.CHOICE,
    column="ext:basis",
    choices=BASES,
    default=BASES[0].value,
    width=130,
    sortable=False,
)
RATIO = Field(
    name="ratio", label="分摊比例", kind=Kind.QUANTITY, column="ext:ratio", mask=Mask.COST, minimum=Decimal(0), maximum=MOST, scale=6,
    width=90, sortable=False, help="分摊方式为“分摊比例”时填写",
)  # fmt: skip
