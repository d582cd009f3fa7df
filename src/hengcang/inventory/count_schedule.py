"""循环盘点 Count schedules: what is counted every so many days, whole or by class, so that every shelf is counted in its turn."""

from __future__ import annotations

from decimal import Decimal

from hengcang.inventory.count_plan import OBJECTS, RANKS
from hengcang.meta.declarations import Field, Kind, ListView, MasterType
from hengcang.meta.master_fields import ACTIVE, code_field, name_field

COUNT_SCHEDULE = MasterType(
    name="count_schedule",
    collection="count_schedules",
    label="循环盘点计划",
    model="records.CountSchedule",
    code_pattern="XHPD{seq:03}",
    fields=(
        code_field(drawn=True),
        name_field(),
        Field(name="place", label="盘点仓库", kind=Kind.REF, ref="warehouses", help="留空盘全部仓库"),
        Field(name="category", label="商品分类", kind=Kind.REF, ref="item_categories", help="含下级分类；留空不限"),
        Field(name="abc_class", label="ABC 分类", kind=Kind.CHOICE, choices=RANKS, width=90, help="按最近十二个月的出库成本分类；留空不限"),
        Field(name="objects_counted", label="盘点对象", kind=Kind.CHOICE, choices=OBJECTS, default="stock"),
        Field(name="blind", label="盲盘", kind=Kind.BOOLEAN, default=True, width=70),
        Field(name="second_required", label="差异须复盘", kind=Kind.BOOLEAN, default=False, width=100),
        Field(
            name="every_days", label="每隔(天)", kind=Kind.INTEGER, default="30", required=True, minimum=Decimal(1), maximum=Decimal(3650)
        ),
        Field(name="starts_on", label="首次盘点日", kind=Kind.DATE, required=True, default="@today"),
        Field(name="handler", label="负责人", kind=Kind.REF, ref="users"),
        Field(name="note", label="备注", max_length=300, width=220),
        ACTIVE,
    ),
    list=ListView(
        columns=("code", "name", "place", "category", "abc_class", "every_days", "starts_on", "handler", "active"),
        filters=("code", "name", "place", "active"),
        sort="code",
    ),
)
