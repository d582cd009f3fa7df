"""规格商品 Items of a family: which combinations there are and could be, made and retired in one action, and as a matrix.

Every combination of the chosen values is one item. Making them is one transaction of a constant number of statements:
the rows go in as sets, with what they take over from the family. What is no longer wanted is deleted where nothing
names it, else it is retired (停用), so that what was booked keeps its item. Prices and tax that the family changed later
go to items that are named, on request (`family_prices`); else each is an item of its own once it is made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from hengcang.access.viewer import Viewer
from hengcang.base import audit, bulk
from hengcang.base.pinyin import initials
from hengcang.catalog import family_prices, rules
from hengcang.catalog.families import (
    AXES,
    JOINED,
    MOST_VARIANTS,
    Value,
    read_chosen,
    refuse_too_many,
    search_text_of,
    spec_of,
    values_of,
)
from hengcang.catalog.family_types import COPIED
from hengcang.catalog.models import Barcode, FamilyUnit, Item, ItemFamily, ItemUnit, StockLimit, VariantAxis
from hengcang.core.errors import DuplicateValue, FieldInvalid, HengcangError, InUse, InvalidDocument, NotFound, RevisionConflict
from hengcang.core.variant_errors import TooManyVariants
from hengcang.meta import options, registry

SUBJECT = "item"
OWN = (ItemUnit, Barcode, StockLimit)
VARIANTS = tuple(f"variant_{at}" for at in AXES)
Combination = tuple[int, ...]


class Axis(NamedTuple):
    """规格项 An axis of a family: its number there, its values, and those the family comes in."""

    at: int
    id: int
    name: str
    values: list[Value]
    chosen: list[Value]


class Made(NamedTuple):
    """规格商品 An item that there is."""

    id: int
    code: str
    name: str
    spec: str
    active: bool
    combination: Combination


@dataclass(frozen=True, slots=True)
class Wanted:
    """所求 Combinations (one value for each axis, in order) to make; items to retire, to take into use again, and to give the prices
    and the tax of the family as it was seen in `version` (None: whatever it is)."""

    create: Sequence[Combination] = ()
    retire: Sequence[int] = ()
    restore: Sequence[int] = ()
    apply: Sequence[int] = ()
    version: int | None = None


@dataclass(slots=True)
class Family:
    """款 A family as read: its record, its axes, and the items there are."""

    record: ItemFamily
    axes: list[Axis]
    items: list[Made] = field(default_factory=list)

    def code_of(self, combination: Sequence[Value]) -> str:
        """编码规则 款号 and the short words of the values, by the family's separator: T001-红-L."""
        return self.record.separator.join([self.record.code, *(one.short for one in combination)])

    def name_of(self, combination: Sequence[Value]) -> str:
        """名称 T恤 红 L."""
        return " ".join([self.record.name, *(one.name for one in combination)])


def read_family(family_id: int, *, locked: bool = False) -> Family:
    """读取款 A family with its axes and items: four statements. Raises NotFound."""
    rows = ItemFamily.objects.filter(pk=family_id)
    if locked and bulk.is_postgresql():
        rows = rows.select_for_update(no_key=True)
    record = rows.first()
    if record is None:
        raise NotFound(label="商品款")
    ids = {at: getattr(record, f"axis_{at}_id") for at in AXES}
    names = dict(VariantAxis.objects.filter(pk__in=[one for one in ids.values() if one]).values_list("pk", "name"))
    values = values_of(names.keys())
    axes = [
        Axis(at, axis, names[axis], values[axis], read_chosen(getattr(record, f"chosen_{at}"), values[axis])[0])
        for at, axis in ids.items()
        if axis
    ]
    columns = [f"variant_{axis.at}_id" for axis in axes]
    found = Item.objects.filter(family=record).order_by("code").values_list("pk", "code", "name", "spec", "active", *columns)
    return Family(record, axes, [Made(row[0], row[1], row[2], row[3], row[4], tuple(row[5:])) for row in found])


def preview(family_id: int, viewer: Viewer, chosen: Mapping[int, Collection[int]]) -> dict[str, Any]:
    """预览 `{axes, rows, unlike, version, most}`: every combination of the values chosen (those of the family where an axis has none
    here), and the items outside of them. A row is new, active or retired; `taken`: another item has its code. `unlike` are the
    items whose prices or tax are not the family's, with what would change. Raises TooManyVariants.
    """
    viewer.require(SUBJECT, "view")
    family = read_family(family_id)
    picked = [
        axis if axis.at not in chosen else axis._replace(chosen=[one for one in axis.values if one.id in chosen[axis.at]])
        for axis in family.axes
    ]
    refuse_too_many([len(axis.chosen) for axis in picked])
    made = {one.combination: one for one in family.items}
    wanted = {tuple(one.id for one in values): values for values in product(*(axis.chosen for axis in picked))}
    codes = {family.code_of(values): key for key, values in wanted.items() if key not in made}
    taken = set(Item.objects.filter(code__in=list(codes)).values_list("code", flat=True))
    rows = [_row_of(family, values, made.get(key), taken) for key, values in wanted.items()]
    known = {one.id: one for axis in family.axes for one in axis.values}
    rows += [_row_of(family, [known[one] for one in key if one], item, taken) for key, item in made.items() if key not in wanted]
    return {
        "axes": [
            {
                "at": axis.at,
                "id": axis.id,
                "label": axis.name,
                "values": [
                    {"id": one.id, "code": one.short, "label": one.name, "chosen": one in axis.chosen}
                    for one in axis.values
                    if one.active or one in axis.chosen
                ],
            }
            for axis in picked
        ],
        "rows": rows,
        "unlike": unlike_of(family, viewer),
        "version": family.record.version,
        "most": MOST_VARIANTS,
    }


def unlike_of(family: Family, viewer: Viewer) -> list[dict[str, Any]]:
    """与款不同 The items whose prices or tax are not the family's: `{item, code, name, changes}`, in the order of their codes."""
    found = {one.item: one for one in (family_prices.unlike(family.record, viewer) if family.items else [])}
    return [
        {"item": one.id, "code": one.code, "name": one.name, "changes": family_prices.changes_of(found[one.id], viewer)}
        for one in family.items
        if one.id in found
    ]


def _row_of(family: Family, values: Sequence[Value], item: Made | None, taken: Collection[str]) -> dict[str, Any]:
    code = item.code if item else family.code_of(values)
    return {
        "variants": [one.id for one in values],
        "code": code,
        "name": item.name if item else family.name_of(values),
        "spec": spec_of(one.name for one in values),
        "state": "new" if item is None else "active" if item.active else "retired",
        "item": item.id if item else None,
        "taken": item is None and code in taken,
    }


def change(family_id: int, viewer: Viewer, wanted: Wanted) -> dict[str, int]:
    """生成规格 Make, retire and restore items of a family, and give them its prices, in one act; gives how many were created, retired,
    deleted, restored, changed.

    Raises PermissionRefused, NotFound, TooManyVariants, InvalidDocument (each combination that cannot be), InUse, RevisionConflict.
    """
    viewer.require(SUBJECT, "create" if wanted.create else "change")
    if wanted.retire or wanted.restore or wanted.apply:
        viewer.require(SUBJECT, "change")
    try:
        with transaction.atomic():
            family = read_family(family_id, locked=True)
            if wanted.version not in (None, family.record.version):
                raise RevisionConflict(seen=wanted.version, current=family.record.version)
            combinations = _checked(family, wanted)
            _insert(family, combinations, viewer)
            changed = family_prices.give(family.record, viewer, wanted.apply)
            _keep_chosen(family, combinations, viewer)
            own = {one.id: one for one in family.items}
            retired, deleted = _retire(sorted({one for one in wanted.retire if own[one].active}), viewer)
            restored = sorted({one for one in wanted.restore if not own[one].active})
            _switch(restored, True, viewer)
    except IntegrityError as error:
        raise InUse(label="规格商品", name=str(family_id)) from error
    return {"created": len(combinations), "retired": retired, "deleted": deleted, "restored": len(restored), "changed": changed}


def _checked(family: Family, wanted: Wanted) -> list[list[Value]]:
    """The combinations to make, as values. Raises what is wrong with them, all at once."""
    known = {one.id: (axis.at, one) for axis in family.axes for one in axis.values}
    made = {one.combination for one in family.items}
    faults: list[HengcangError] = []
    combinations: dict[Combination, list[Value]] = {}
    for at, key in enumerate(wanted.create):
        named = [known[one] for one in key if one in known]
        if [axis for axis, _ in named] != [axis.at for axis in family.axes] or not all(one.active for _, one in named):
            reason = "每个规格项要有一个启用的规格值"
            faults.append(FieldInvalid(path=f"create.{at}", where=f"第 {at + 1} 个组合：", label="规格", value="", reason=reason))
        elif key not in made:
            combinations[key] = [one for _, one in named]
    own = {one.id for one in family.items}
    if any(one not in own for one in (*wanted.retire, *wanted.restore, *wanted.apply)):
        faults.append(FieldInvalid(path="retire", label="规格商品", value="", reason=f"不是款 {family.record.code} 的商品"))
    total = len(family.items) + len(combinations)
    if total > MOST_VARIANTS:
        faults.append(TooManyVariants(path="create", sizes=family.record.code, count=total, most=MOST_VARIANTS))
    faults += _code_faults(family, list(combinations.values()))
    if faults:
        raise InvalidDocument(faults)
    return list(combinations.values())


def _code_faults(family: Family, combinations: Sequence[Sequence[Value]]) -> list[HengcangError]:
    """Codes that are too long, built twice, or another item's already."""
    longest = {one.name: one.max_length or 0 for one in Item._meta.fields if one.name in ("code", "name", "spec")}
    built = [family.code_of(values) for values in combinations]
    taken = set(Item.objects.filter(code__in=built).values_list("code", flat=True)) if built else set()
    faults: list[HengcangError] = []
    seen: set[str] = set()
    for values, code in zip(combinations, built, strict=True):
        for name, text in (("code", code), ("name", family.name_of(values)), ("spec", spec_of(one.name for one in values))):
            if len(text) > longest[name]:
                faults.append(FieldInvalid(path="create", label=name, value=text, reason=f"最长 {longest[name]} 个字"))
        if code in taken or code in seen:
            faults.append(DuplicateValue(path="create", label="编码", value=code))
        seen.add(code)
    return faults


def _insert(family: Family, combinations: Sequence[Sequence[Value]], viewer: Viewer) -> None:
    """The items and their further units, as sets, and a row of the log for each."""
    if not combinations:
        return
    columns = list(Item._meta.concrete_fields)
    attributes = {one.name: one.attname for one in columns}
    copied = {name: getattr(family.record, attributes[name]) for name in COPIED}
    ids = bulk.draw_ids("catalog_item", len(combinations))
    rows, told = [], {}
    for pk, values in zip(ids, combinations, strict=True):
        code, name, spec = family.code_of(values), family.name_of(values), spec_of(one.name for one in values)
        pinyin = initials(name)
        made = Item(id=pk, code=code, name=name, spec=spec, pinyin=pinyin, family=family.record)
        made.search_text = search_text_of([code, name, pinyin, spec, family.record.code, family.record.name])
        for axis, one in zip(family.axes, values, strict=True):
            setattr(made, f"variant_{axis.at}_id", one.id)
        for name_of_field, value in copied.items():
            setattr(made, attributes[name_of_field], value)
        rows.append(tuple("{}" if one.name == "ext" else one.get_prep_value(getattr(made, one.attname)) for one in columns))
        after = {"code": code, "name": name, "spec": spec, "family": family.record.pk, **copied}
        told[pk] = audit.diff({}, after, list(after))
    bulk.insert_rows("catalog_item", [str(one.column) for one in columns], rows)
    _insert_units(family, ids)
    audit.record_many(viewer.actor, "create", "item", told)


def _insert_units(family: Family, ids: Sequence[int]) -> None:
    names = ("position", "unit", "factor", "purchase_price", "sales_price")
    units = list(FamilyUnit.objects.filter(family=family.record).order_by("position", "id"))
    fields = [one for one in ItemUnit._meta.concrete_fields if one.name in names]
    prepared = [[one.get_prep_value(getattr(unit, one.attname)) for one in fields] for unit in units]
    rows = [(pk, *own, "") for pk in ids for own in prepared]
    bulk.insert_rows("catalog_itemunit", ["item_id", *(str(one.column) for one in fields), "barcode"], rows)


def _keep_chosen(family: Family, combinations: Sequence[Sequence[Value]], viewer: Viewer) -> None:
    """What was made beyond the values of the family becomes one of them."""
    changed: dict[str, str] = {}
    for index, axis in enumerate(family.axes):
        used = {values[index].id for values in combinations} | {one.id for one in axis.chosen}
        if used != {one.id for one in axis.chosen}:
            changed[f"chosen_{axis.at}"] = JOINED.join(one.name for one in axis.values if one.id in used)
    if changed:
        before = {name: getattr(family.record, name) for name in changed}
        ItemFamily.objects.filter(pk=family.record.pk).update(**changed, version=family.record.version + 1)
        audit.record(viewer.actor, "change", "item_family", family.record.pk, audit.diff(before, changed, list(changed)))


def _retire(ids: Sequence[int], viewer: Viewer) -> tuple[int, int]:
    """Used items are retired, others deleted by who may delete; gives how many of each."""
    if not ids:
        return 0, 0
    kept = used(ids) if viewer.may(SUBJECT, "delete") else set(ids)
    gone = [one for one in ids if one not in kept]
    _switch(sorted(kept), False, viewer)
    if gone:
        codes = dict(Item.objects.filter(pk__in=gone).values_list("pk", "code"))
        for model in OWN:
            model.objects.filter(item__in=gone).delete()
        chosen, wanted = bulk.among(gone)
        bulk.execute(f"DELETE FROM catalog_item WHERE id {chosen}", [wanted])
        audit.record_many(viewer.actor, "delete", "item", {pk: audit.diff({"code": code}, {}, ["code"]) for pk, code in codes.items()})
    return len(kept), len(gone)


def used(ids: Collection[int]) -> set[int]:
    """已用商品 Those of some items that anything names: one statement per table that may name items."""
    found: set[int] = set()
    for relation in Item._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many or relation.one_to_one) or not relation.auto_created or relation.related_model in OWN:
            continue
        name = relation.field.name  # type: ignore[union-attr]
        rows = relation.related_model._default_manager.filter(**{f"{name}__in": ids})  # type: ignore[union-attr]
        found.update(rows.values_list(name, flat=True).distinct())
    return found


def _switch(ids: Sequence[int], active: bool, viewer: Viewer) -> None:
    """Items taken into use or out of it, with what follows."""
    if not ids:
        return
    chosen, wanted = bulk.among(ids)
    bulk.execute(f"UPDATE catalog_item SET active=%s, version=version+1 WHERE id {chosen}", [active, wanted])
    told = audit.diff({"active": not active}, {"active": active}, ["active"])
    audit.record_many(viewer.actor, "change", "item", dict.fromkeys(ids, told))
    rules.follow_limits(ids)


def matrix(family_id: int, viewer: Viewer, parameters: Mapping[str, str]) -> dict[str, Any]:
    """矩阵 `{family, axes, items}`: the family's items in use as a picker shows them (units, stock, prices), with their values.

    They stand in the order of these; axes have the values that items have. Statements are constant in the number of items.
    Raises PermissionRefused, NotFound.
    """
    viewer.require(SUBJECT, "view")
    family, master = read_family(family_id), registry.masters()[SUBJECT]
    own = {one.id: one for one in family.items if one.active}
    usable = set(options.usable_rows(master, viewer, parameters).filter(family=family_id).values_list("pk", flat=True))
    place = {one.id: at for axis in family.axes for at, one in enumerate(axis.values)}
    ids = sorted((one for one in own if one in usable), key=lambda one: [place[value] for value in own[one].combination])
    shown = options.shown_options(master, ids, viewer, parameters)
    held = [{own[one].combination[index] for one in ids} for index in range(len(family.axes))]
    return {
        "family": {"id": family.record.pk, "code": family.record.code, "label": family.record.name},
        "axes": [
            {
                "at": axis.at,
                "label": axis.name,
                "values": [{"id": one.id, "code": one.short, "label": one.name} for one in axis.values if one.id in held[index]],
            }
            for index, axis in enumerate(family.axes)
        ],
        "items": [{**row, "variants": list(own[row["id"]].combination)} for row in shown],
    }
