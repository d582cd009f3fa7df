"""多规格的拒绝 Refusals of families of items."""

from __future__ import annotations

from hengcang.core.errors import HengcangError


class TooManyVariants(HengcangError):
    """规格组合过多 The chosen values of a family make more items than one family may have."""

    code = "too_many_variants"
    zh = "{sizes} 会有 {count} 个规格组合，一个款最多 {most} 个。请减少规格值，或把款拆开。"
    en = "{sizes} make {count} combinations; a family has at most {most}. Choose fewer values, or split the family."


class VariantTaken(HengcangError):
    """规格组合重复 Another item of the family has the same values."""

    code = "variant_taken"
    zh = "{family} 已有规格“{spec}”的商品 {item}，同一组合只能有一个。"
    en = "{family} already has an item {item} for {spec}; a combination stands once only."


class AxesFixed(HengcangError):
    """规格项已用 The axes of a family that has items stand."""

    code = "axes_fixed"
    zh = "“{label}”不能再改：{family} 已有 {count} 个规格商品。可在现有规格项下增加规格值，或另建一个款。"
    en = "{label} cannot be changed: {family} already has {count} items. Add values to its axes, or make another family."


class AxisValueChosen(HengcangError):
    """规格值在用 A value that families name cannot leave its axis."""

    code = "axis_value_chosen"
    zh = "规格值“{name}”还在 {family} 的规格值里，不能移除。请先从该款去掉，或把它停用。"
    en = "The value {name} stands among those of {family}; take it out there first, or deactivate it."
