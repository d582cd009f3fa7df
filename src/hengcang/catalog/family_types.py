"""多规格声明 Axes, their values and families of items, declared."""

from __future__ import annotations

from dataclasses import replace

from hengcang.catalog import families
from hengcang.catalog.models import ItemTraits
from hengcang.meta.declarations import VARIANTS, Field, Kind, Lines, ListView, MasterType
from hengcang.meta.master_fields import ACTIVE, NOTE, code_field, name_field

VALUE_CODE = Field(name="code", label="编码", max_length=20, width=90, help="用来组成规格商品的编码；留空时用名称")
VALUE_NAME = Field(name="name", label="名称", max_length=40, required=True, width=140)

VARIANT_AXIS = MasterType(
    name="variant_axis",
    collection="variant_axes",
    label="规格项",
    model="catalog.VariantAxis",
    code_pattern="GG{seq:02}",
    subject="item",
    prepare=families.prepare_axis,
    check=families.check_axis,
    saved=families.axis_saved,
    fields=(code_field(drawn=True), name_field(40), ACTIVE),
    lines=(
        Lines(
            name="axis_values",
            label="规格值",
            model="catalog.AxisValue",
            parent="axis",
            fields=(VALUE_NAME, VALUE_CODE, ACTIVE),
        ),
    ),
    list=ListView(columns=("code", "name", "active"), filters=("code", "name", "active"), sort="code"),
)

AXIS_VALUE = MasterType(
    name="axis_value",
    collection="axis_values",
    label="规格值",
    model="catalog.AxisValue",
    subject="item",
    check=families.check_value,
    saved=families.value_saved,
    option_filters=("axis",),
    ref_fields={"axis": "axis"},
    fields=(Field(name="axis", label="规格项", kind=Kind.REF, ref="variant_axes", required=True), VALUE_CODE, VALUE_NAME, ACTIVE),
    list=ListView(columns=("axis", "code", "name", "active"), filters=("axis", "code", "name", "active"), sort="axis"),
)

COPIED = tuple(one.name for one in ItemTraits._meta.local_fields)
"""同款同设 The fields that an item takes over from its family when it is made."""


def axis_fields(at: int) -> tuple[Field, Field]:
    """规格项与规格值 An axis of a family, and the values it comes in."""
    axis = Field(name=f"axis_{at}", label=f"规格项{at}", kind=Kind.REF, ref="variant_axes", required=at == 1, group="多规格", width=90)
    hint = "规格值的名称或编码，用顿号隔开，如 红、蓝"
    return axis, Field(name=f"chosen_{at}", label=f"规格值{at}", max_length=20_000, group="多规格", width=180, help=hint, sortable=False)


def family_of(item: MasterType) -> MasterType:
    """商品款 The family of items of that declaration: its axes, and what its items take over."""
    own = {one.name: one for one in item.fields}
    units = next(one for one in item.lines if one.name == "units")
    return MasterType(
        name="item_family",
        collection="item_families",
        label="商品款",
        model="catalog.ItemFamily",
        code_pattern="K{seq:04}",
        subject="item",
        generates=item.collection,
        check=families.check_family,
        saved=families.family_saved,
        fields=(
            replace(code_field(40, drawn=True), label="款号"),
            name_field(80),
            Field(
                name="separator",
                label="编码分隔符",
                max_length=3,
                default="-",
                width=80,
                help="规格商品的编码＝款号＋各规格值的编码，用它隔开，如 T001-红-L",
            ),
            *(one for at in families.AXES for one in axis_fields(at)),
            *(own[name] for name in COPIED),
            NOTE,
            ACTIVE,
        ),
        lines=(
            replace(
                units,
                model="catalog.FamilyUnit",
                parent="family",
                fields=tuple(one for one in units.fields if one.name != "barcode"),
            ),
        ),
        list=ListView(
            columns=("code", "name", "axis_1", "chosen_1", "axis_2", "chosen_2", "category", "purchase_price", "sales_price", "active"),
            filters=("code", "name", "category", "brand", "active"),
            sort="code",
        ),
    )


FAMILY = Field(name="family", label="款", kind=Kind.REF, ref="item_families", group="多规格", feature=VARIANTS, width=120)


def variant_field(at: int) -> Field:
    """规格 The value of an item on one axis of its family."""
    return Field(name=f"variant_{at}", label=f"规格{at}", kind=Kind.REF, ref="axis_values", group="多规格", feature=VARIANTS, width=90)


ITEM_FIELDS = (FAMILY, *map(variant_field, families.AXES))
