"""商品表 What is bought, kept and sold, with its units, barcodes, limits and lots."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from hengcang.base.fields import ScaledField
from hengcang.parties.models import Party
from hengcang.places.models import Place


class ItemCategory(models.Model):
    """商品分类 A node of the category tree; `path` is the chain of ids, such as `/1/7/`."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    path = models.CharField(max_length=200, default="/", db_index=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class Brand(models.Model):
    """品牌 A brand."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class Unit(models.Model):
    """计量单位 A unit of measure and the decimals its quantities may have."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=20)
    decimals = models.IntegerField(default=2)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class VariantAxis(models.Model):
    """规格项 An axis on which items of a family differ: 颜色, 尺码."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=40)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class AxisValue(models.Model):
    """规格值 A value of an axis, in its order; `code` is what the codes of items are built with (empty: the name)."""

    axis = models.ForeignKey(VariantAxis, on_delete=models.PROTECT, related_name="axis_values")
    position = models.IntegerField(default=0)
    code = models.CharField(max_length=20, default="", blank=True)
    name = models.CharField(max_length=40)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["axis", "name"], name="axis_value_name_once"),
            models.UniqueConstraint(fields=["axis", "code"], name="axis_value_code_once", condition=~models.Q(code="")),
        ]


class ItemTraits(models.Model):
    """商品特性 What an item and its family have alike: an item takes all of it over from its family when it is made."""

    category = models.ForeignKey(ItemCategory, on_delete=models.PROTECT, null=True, blank=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, blank=True)
    base_unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    tax_rate = ScaledField(default="0.13")
    purchase_price = ScaledField(null=True, blank=True)
    sales_price = ScaledField(null=True, blank=True)
    reference_cost = ScaledField(null=True, blank=True)
    tracking = models.CharField(max_length=10, default="none")
    shelf_life_days = models.IntegerField(null=True, blank=True)
    weight = ScaledField(null=True, blank=True)
    volume = ScaledField(null=True, blank=True)
    costing_method = models.CharField(max_length=20, default="moving_average")
    account_class = models.CharField(max_length=20, default="goods")
    negative_stock = models.CharField(max_length=10, default="", blank=True)
    expired_lots = models.CharField(max_length=10, default="", blank=True)
    default_supplier = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True)
    default_warehouse = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        abstract = True


class ItemFamily(ItemTraits):
    """商品款 Items that differ on up to five axes alone. What stands here is copied to each when it is made.

    `chosen_1` are the values of the first axis that it comes in, by name or code, as typed: 红、蓝.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    separator = models.CharField(max_length=3, default="-", blank=True)
    axis_1 = models.ForeignKey(VariantAxis, on_delete=models.PROTECT, related_name="+")
    chosen_1 = models.TextField(default="", blank=True)
    axis_2 = models.ForeignKey(VariantAxis, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    chosen_2 = models.TextField(default="", blank=True)
    axis_3 = models.ForeignKey(VariantAxis, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    chosen_3 = models.TextField(default="", blank=True)
    axis_4 = models.ForeignKey(VariantAxis, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    chosen_4 = models.TextField(default="", blank=True)
    axis_5 = models.ForeignKey(VariantAxis, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    chosen_5 = models.TextField(default="", blank=True)
    note = models.CharField(max_length=300, default="", blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class FamilyUnit(models.Model):
    """款的多单位 A further unit that every item of the family gets."""

    family = models.ForeignKey(ItemFamily, on_delete=models.CASCADE, related_name="units")
    position = models.IntegerField(default=0)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    factor = ScaledField()
    purchase_price = ScaledField(null=True, blank=True)
    sales_price = ScaledField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["family", "unit"], name="family_unit_once")]


class Item(ItemTraits):
    """商品 An item. Prices are net of tax per base unit.

    One of a family has a value on each axis of it, and no other has the same ones; its `spec` is made of them.

    With a `second_unit` it is counted in that beside its base unit, at a ratio that differs each time; `second_factor` is
    how many base units one of it is as a rule.

    `search_text` is what the picker searches by substring: code, name, pinyin, spec and every barcode in lower case.
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=120, default="", blank=True)
    spec = models.CharField(max_length=120, default="", blank=True)
    barcode = models.CharField(max_length=60, default="", blank=True)
    image = models.CharField(max_length=200, default="", blank=True)
    second_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    second_factor = ScaledField(null=True, blank=True)
    note = models.CharField(max_length=300, default="", blank=True)
    search_text = models.CharField(max_length=1000, default="", blank=True)
    family = models.ForeignKey(ItemFamily, on_delete=models.PROTECT, related_name="items", null=True, blank=True, db_index=False)
    variant_1 = models.ForeignKey(AxisValue, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    variant_2 = models.ForeignKey(AxisValue, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    variant_3 = models.ForeignKey(AxisValue, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    variant_4 = models.ForeignKey(AxisValue, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    variant_5 = models.ForeignKey(AxisValue, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    ext = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="item_name"),
            models.Index(fields=["pinyin"], name="item_pinyin", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["barcode"], name="item_barcode", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["barcode"], name="item_barcode_once", condition=~models.Q(barcode="")),
            models.UniqueConstraint(
                models.F("family"),
                *(Coalesce(models.F(f"variant_{at}"), 0, output_field=models.BigIntegerField()) for at in range(1, 6)),
                name="item_variant_once",
                condition=models.Q(family__isnull=False),
            ),
        ]


class ItemUnit(models.Model):
    """多单位 A further unit of an item: `factor` base units, with prices and barcode of its own."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="units")
    position = models.IntegerField(default=0)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    factor = ScaledField()
    barcode = models.CharField(max_length=60, default="", blank=True)
    purchase_price = ScaledField(null=True, blank=True)
    sales_price = ScaledField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "unit"], name="item_unit_once"),
            models.UniqueConstraint(fields=["barcode"], name="unit_barcode_once", condition=~models.Q(barcode="")),
        ]


class Barcode(models.Model):
    """条码 A further barcode of an item, in one of its units."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="barcodes")
    position = models.IntegerField(default=0)
    code = models.CharField(max_length=60, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)


class StockLimit(models.Model):
    """库存上下限 Lower and upper limit and safety stock of an item at a warehouse, in base units."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="limits")
    position = models.IntegerField(default=0)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    stock_min = ScaledField(null=True, blank=True)
    stock_max = ScaledField(null=True, blank=True)
    safety_stock = ScaledField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "place"], name="limit_once")]


class BillOfMaterials(models.Model):
    """物料清单 What `quantity` base units of an item are made of; one edition of several may be the item's default."""

    code = models.CharField(max_length=60, unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="bills_of_materials")
    edition = models.CharField(max_length=30, default="", blank=True)
    quantity = ScaledField(default="1")
    is_default = models.BooleanField(default=False)
    note = models.CharField(max_length=300, default="", blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class BomComponent(models.Model):
    """组件 A component: base units for the whole quantity of its bill, and the part that is lost on the way (损耗率)."""

    bill = models.ForeignKey(BillOfMaterials, on_delete=models.CASCADE, related_name="components")
    position = models.IntegerField(default=0)
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    quantity = ScaledField()
    scrap_rate = ScaledField(default="0")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bill", "item"], name="component_once")]


class Lot(models.Model):
    """批次 A lot of an item; `attributes` is what else tells it from others, in words: 色号 12、产地 新疆."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(max_length=60)
    production_date = models.DateField(null=True, blank=True)
    expiry_date = models.DateField(null=True, blank=True)
    supplier_lot = models.CharField(max_length=60, default="", blank=True)
    attributes = models.CharField(max_length=200, default="", blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="lot_once")]


class Serial(models.Model):
    """序列号 One piece of an item that is kept by serial number. Made when it first comes in, never deleted."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="serials", db_index=False)
    number = models.CharField(max_length=60)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="serial_once")]
        indexes = [models.Index(fields=["number"], name="serial_number")]
