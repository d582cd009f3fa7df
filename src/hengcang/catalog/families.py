"""多规格规则 Rules of axes, values and families: what a family names, what an item of one must have, what follows a new name.

A family keeps the values it comes in as the text that was typed (红、蓝), so that it is imported and exported like any
other column; the text is read against the values of its axis by name or code. What items there are is told by the
items alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from django.db.models import Max, Q

from hengcang.base import bulk
from hengcang.base.book import book, change_book
from hengcang.catalog.models import AxisValue, Barcode, Item, ItemFamily, ItemUnit
from hengcang.core.errors import DuplicateValue, FieldInvalid, FieldRequired, HengcangError, InvalidDocument
from hengcang.core.variant_errors import AxesFixed, AxisValueChosen, TooManyVariants, VariantTaken

Record = Mapping[str, Any]
AXES = (1, 2, 3, 4, 5)
MOST_VARIANTS = 2_000
LONGEST_SEARCH_TEXT = 1_000
SEPARATORS = re.compile(r"[、,，;；\n\t]+")
JOINED = "、"
SPEC_JOINED = " / "


class Value(NamedTuple):
    """规格值 A value of an axis; `short` is what the code of an item is built with."""

    id: int
    axis: int
    code: str
    name: str
    active: bool

    @property
    def short(self) -> str:
        """The code, or the name where it has none."""
        return self.code or self.name


def values_of(axes: Collection[int]) -> dict[int, list[Value]]:
    """规格值表 The values of axes, in their order: one statement."""
    found: dict[int, list[Value]] = {axis: [] for axis in axes}
    rows = AxisValue.objects.filter(axis__in=axes).order_by("position", "id")
    for row in rows.values_list("id", "axis_id", "code", "name", "active"):
        found[row[1]].append(Value(*row))
    return found


def read_chosen(text: str, values: Sequence[Value]) -> tuple[list[Value], list[str]]:
    """读规格值 The values that a text names, in the order of their axis, and the words that name none.

    Words stand apart by 、 ， ； or a line's end, and by blanks where the whole is not a name itself.
    """
    known: dict[str, Value] = {}
    for one in values:
        known[one.name.casefold()] = one
    for one in values:
        known.setdefault(one.code.casefold(), one) if one.code else None
    named: set[int] = set()
    unknown: list[str] = []
    for part in filter(None, (piece.strip() for piece in SEPARATORS.split(text))):
        for word in [part] if part.casefold() in known else part.split():
            one_named = known.get(word.casefold())
            named.add(one_named.id) if one_named else unknown.append(word)
    return [one for one in values if one.id in named], unknown


def spec_of(names: Iterable[str]) -> str:
    """商品规格 The spec of an item of a family: 红 / L."""
    return SPEC_JOINED.join(names)


def search_text_of(parts: Iterable[str]) -> str:
    """搜索文本 What the picker looks into, in one lower-case text."""
    return "\n".join(part for part in parts if part).lower()[:LONGEST_SEARCH_TEXT]


def check_family(before: Record | None, after: Record) -> None:
    """核对款 Each axis once, values of their axis, not too many combinations, no other axes once items are made. Raises InvalidDocument."""
    faults: list[HengcangError] = []
    axes = [after[f"axis_{at}"] for at in AXES]
    values = values_of({axis for axis in axes if axis})
    sizes: list[int] = []
    for at, axis in zip(AXES, axes, strict=True):
        label, text = f"规格值{at}", after[f"chosen_{at}"] or ""
        if axis and axis in axes[: at - 1]:
            faults.append(DuplicateValue(path=f"axis_{at}", label=f"规格项{at}", value=at))
        if not axis and text:
            faults.append(FieldInvalid(path=f"chosen_{at}", label=label, value=text, reason=f"没有选“规格项{at}”"))
        if axis:
            chosen, unknown = read_chosen(text, values[axis])
            sizes.append(len(chosen))
            if unknown:
                reason = "不在规格项的规格值里，请先在“规格项”中添加"
                faults.append(FieldInvalid(path=f"chosen_{at}", label=label, value=JOINED.join(unknown), reason=reason))
    try:
        refuse_too_many(sizes)
    except TooManyVariants as error:
        faults.append(error)
    faults += _fixed_axes(before, after)
    if faults:
        raise InvalidDocument(faults)


def refuse_too_many(sizes: Sequence[int]) -> None:
    """组合上限 Raises TooManyVariants where the values of the axes make more than 2,000 combinations."""
    counted = [size for size in sizes if size]
    if prod(counted) > MOST_VARIANTS:
        raise TooManyVariants(path="chosen_1", sizes=" × ".join(map(str, counted)), count=prod(counted), most=MOST_VARIANTS)


def _fixed_axes(before: Record | None, after: Record) -> list[HengcangError]:
    changed = [] if before is None else [at for at in AXES if before[f"axis_{at}"] != after[f"axis_{at}"]]
    count = Item.objects.filter(family=after["id"]).count() if changed else 0
    words = {"family": after["code"], "count": count}
    return [AxesFixed(path=f"axis_{at}", label=f"规格项{at}", **words) for at in changed] if count else []


def family_saved(before: Record | None, after: Record) -> None:
    """款已存 The book shows families from the first on; the items of one are found by its new name."""
    if not book().variants:
        change_book(variants=True)
    if before is not None and (before["code"], before["name"]) != (after["code"], after["name"]):
        refresh(Item.objects.filter(family=after["id"]).values_list("pk", flat=True))


def prepare_axis(values: dict[str, Any]) -> dict[str, Any]:
    """整理规格项 No two values of one name or code. Raises InvalidDocument."""
    faults: list[HengcangError] = []
    seen: set[str] = set()
    for index, line in enumerate(values["axis_values"]):
        for name, label in (("name", "名称"), ("code", "编码")):
            key = f"{name} {(line[name] or '').casefold()}"
            if line[name] and key in seen:
                words = {"label": label, "value": line[name], "where": f"规格值第 {index + 1} 行："}
                faults.append(DuplicateValue(path=f"axis_values.{index}.{name}", **words))
            seen.add(key)
    if faults:
        raise InvalidDocument(faults)
    return {}


def check_axis(before: Record | None, after: Record) -> None:
    """核对规格项 No family names a value that is taken out. Raises AxisValueChosen."""
    if before is None:
        return
    staying = {line.get("id") for line in after["axis_values"]}
    old = [_value(before["id"], line) for line in before["axis_values"]]
    removed = {one.id for one in old if one.id not in staying}
    for family, chosen in _chosen_on(before["id"], old) if removed else ():
        gone = [one for one in chosen if one.id in removed]
        if gone:
            raise AxisValueChosen(path="axis_values", name=gone[0].name, family=f"{family.code} {family.name}")


def axis_saved(before: Record | None, after: Record) -> None:
    """规格项已存 New names of values go on to the families that name them and to their items."""
    if before is not None:
        follow_names(before["id"], [_value(before["id"], line) for line in before["axis_values"]])


def check_value(before: Record | None, after: Record) -> None:
    """核对规格值 A value stays on its axis. Raises FieldInvalid."""
    if before is not None and before["axis"] != after["axis"]:
        raise FieldInvalid(path="axis", label="规格项", value=after["name"], reason="规格值不能改到别的规格项，请在那里另建")


def value_saved(before: Record | None, after: Record) -> None:
    """规格值已存 A new one stands last on its axis; a new name goes on."""
    if before is None:
        last = AxisValue.objects.filter(axis=after["axis"]).aggregate(last=Max("position"))["last"] or 0
        AxisValue.objects.filter(pk=after["id"]).update(position=last + 1)
        return
    old = [
        one if one.id != before["id"] else one._replace(name=before["name"], code=before["code"])
        for one in values_of({after["axis"]})[after["axis"]]
    ]
    follow_names(after["axis"], old)


def _value(axis: int, line: Record) -> Value:
    return Value(line["id"], axis, line["code"] or "", line["name"], line["active"])


def _chosen_on(axis: int, values: Sequence[Value]) -> list[tuple[ItemFamily, list[Value]]]:
    """The families with that axis, and what each names on it."""
    met = Q()
    for at in AXES:
        met |= Q(**{f"axis_{at}": axis})
    found = []
    for family in ItemFamily.objects.filter(met).order_by("code"):
        at = next(at for at in AXES if getattr(family, f"axis_{at}_id") == axis)
        found.append((family, read_chosen(getattr(family, f"chosen_{at}"), values)[0]))
    return found


def follow_names(axis: int, old: Sequence[Value]) -> None:
    """规格值改名 Texts of families name the values by their new names; specs and search texts of items follow."""
    now = {one.id: one for one in values_of({axis})[axis]}
    renamed = [one for one in old if one.id in now and (one.name, one.code) != (now[one.id].name, now[one.id].code)]
    if not renamed:
        return
    families = []
    for family, chosen in _chosen_on(axis, old):
        at = next(at for at in AXES if getattr(family, f"axis_{at}_id") == axis)
        setattr(family, f"chosen_{at}", JOINED.join(now[one.id].name for one in chosen if one.id in now))
        families.append(family)
    ItemFamily.objects.bulk_update(families, [f"chosen_{at}" for at in AXES])
    met = Q()
    for at in AXES:
        met |= Q(**{f"variant_{at}__in": [one.id for one in renamed]})
    refresh(Item.objects.filter(met).values_list("pk", flat=True))


SPEC_SQL = "UPDATE catalog_item SET spec=v.c1, search_text=v.c2 FROM {source} WHERE catalog_item.id=v.c0"


def refresh(items: Iterable[int]) -> None:
    """规格随款 Make the spec and the search text of items of families anew: four statements for any number of items."""
    ids = list(items)
    if not ids:
        return
    barcodes: dict[int, list[str]] = {}
    further = Barcode.objects.filter(item__in=ids).values_list("item_id", "code")
    for item, code in ItemUnit.objects.filter(item__in=ids).values_list("item_id", "barcode").union(further, all=True):
        barcodes.setdefault(item, []).append(code)
    names = [f"variant_{at}__name" for at in AXES]
    own = ("pk", "code", "name", "pinyin", "barcode", "family__code", "family__name")
    rows = []
    for row in Item.objects.filter(pk__in=ids, family__isnull=False).values_list(*own, *names):
        spec = spec_of(name for name in row[7:] if name)
        rows.append((row[0], spec, search_text_of([*row[1:4], spec, row[4], *barcodes.get(row[0], ()), *row[5:7]])))
    source, parameters = bulk.table_of(rows, ["bigint", "text", "text"])
    bulk.execute(SPEC_SQL.format(source=source), parameters)


def variant_faults(after: Record) -> list[HengcangError]:
    """核对规格 What is wrong with the values of an item on the axes of its family; three statements, none without a family."""
    chosen = {at: after[f"variant_{at}"] for at in AXES}
    if after["family"] is None:
        reason = "没有选“款”的商品不能有规格值"
        return [FieldInvalid(path=f"variant_{at}", label=f"规格{at}", value="", reason=reason) for at, one in chosen.items() if one]
    family = ItemFamily.objects.get(pk=after["family"])
    axes = {at: getattr(family, f"axis_{at}_id") for at in AXES}
    named = [int(one) for one in chosen.values() if one]
    values = dict(AxisValue.objects.filter(pk__in=named).values_list("pk", "axis_id"))
    faults: list[HengcangError] = []
    for at in AXES:
        label, one = f"规格{at}", chosen[at]
        if axes[at] and not one:
            faults.append(FieldRequired(path=f"variant_{at}", label=label))
        elif one and values.get(one) != axes[at]:
            faults.append(FieldInvalid(path=f"variant_{at}", label=label, value="", reason=f"不是款 {family.code} 在这一规格项上的值"))
    same = {f"variant_{at}": one for at, one in chosen.items()}
    other = Item.objects.filter(family=family, **same).exclude(pk=after.get("id") or 0).first()
    if other is not None and not faults:
        faults.append(VariantTaken(path="variant_1", family=family.code, spec=other.spec, item=other.code))
    return faults
