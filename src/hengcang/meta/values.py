"""值 Values: the one place where what came over the wire becomes Python values, and the other way round.

Numbers travel as decimal strings, dates as ISO text, references as a number or `{"id": …}`. Everything wrong in a
record is collected and refused at once, each fault with the path of its field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from hengcang.access.viewer import Viewer
from hengcang.base import clock
from hengcang.core.errors import FieldInvalid, FieldRequired, FieldUnknown, HengcangError, InvalidDocument
from hengcang.meta import refs
from hengcang.meta.declarations import NUMBERS, REFERENCES, Field, Kind, Lines

LARGEST = Decimal("9e12")
DECIMALS = {Kind.MONEY: 2}
TEXTS = frozenset({Kind.TEXT, Kind.LONGTEXT, Kind.CHOICE})
LINES_AT_MOST = 5_000
SERIALS_AT_MOST = 20_000
SERIAL_LENGTH = 60
SEPARATORS = re.compile(r"[\n\r\t,，;；、]+")


@dataclass(frozen=True, slots=True)
class Where:
    """位置 Where in the request a value stands: a path such as `goods_lines.0` and words such as 第 1 行."""

    path: str = ""
    text: str = ""

    def at(self, name: str) -> str:
        """The path of a field here."""
        return f"{self.path}.{name}" if self.path else name


HERE = Where()


class Unfit(Exception):
    """A value does not fit; the argument says why, in words that end a sentence."""


def _text(one: Field, raw: Any) -> str:
    if not isinstance(raw, str):
        raise Unfit("应为文字")
    text = raw if one.kind is Kind.LONGTEXT else " ".join(raw.split())
    if one.max_length and len(text) > one.max_length:
        raise Unfit(f"最多 {one.max_length} 个字，现有 {len(text)} 个")
    if "\x00" in text:
        raise Unfit("含有不可用的字符")
    return text


def _integer(one: Field, raw: Any) -> int:
    number = _decimal(one, raw)
    if number != int(number):
        raise Unfit("应为整数")
    if abs(number) > 2**31 - 1:
        raise Unfit("超出范围")
    return int(number)


def _decimal(one: Field, raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)) or len(str(raw)) > 40:
        raise Unfit("应为数字")
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise Unfit("应为数字") from None
    if not number.is_finite() or abs(number) > LARGEST:
        raise Unfit(f"超出范围（最多 {LARGEST:,.0f}）")
    decimals = DECIMALS.get(one.kind, 6)
    if number != round(number, decimals):
        raise Unfit(f"最多 {decimals} 位小数")
    if one.minimum is not None and number < one.minimum:
        raise Unfit(f"不能小于 {plain(one.minimum)}")
    if one.maximum is not None and number > one.maximum:
        raise Unfit(f"不能大于 {plain(one.maximum)}")
    return number


def _date(one: Field, raw: Any) -> date:
    try:
        day = date.fromisoformat(raw) if isinstance(raw, str) else raw
    except ValueError:
        day = None
    if isinstance(day, datetime) or not isinstance(day, date) or not 1900 <= day.year <= 9000:
        raise Unfit("应为日期，例如 2026-11-24")
    return day


def _datetime(one: Field, raw: Any) -> datetime:
    try:
        moment = parse_datetime(raw) if isinstance(raw, str) else raw
    except ValueError:
        moment = None
    if not isinstance(moment, datetime):
        raise Unfit("应为时间，例如 2026-11-24T09:30:00+08:00")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _boolean(one: Field, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise Unfit("应为是或否")
    return raw


def _choice(one: Field, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in {choice.value for choice in one.choices}:
        raise Unfit("不在可选范围内")
    return str(raw)


def _reference(one: Field, raw: Any) -> int | str:
    value = raw.get("id") if isinstance(raw, Mapping) else raw
    if one.kind is Kind.LOT and isinstance(raw, Mapping) and value is None:
        value = raw.get("number") or raw.get("code")
    if one.kind is Kind.LOT and isinstance(value, str):
        return _text(one, value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise Unfit("应从列表中选择")
    return value


def _serials(one: Field, raw: Any) -> list[str]:
    parts = SEPARATORS.split(raw) if isinstance(raw, str) else raw
    if not isinstance(parts, Sequence) or len(parts) > SERIALS_AT_MOST or not all(isinstance(part, str) for part in parts):
        raise Unfit(f"应为最多 {SERIALS_AT_MOST} 个序列号的列表")
    found = [part for part in (" ".join(part.split()) for part in parts) if part]
    longest = max(found, key=len, default="")
    if len(longest) > SERIAL_LENGTH or any("\x00" in part for part in found):
        raise Unfit(f"“{longest[:20]}…”超过 {SERIAL_LENGTH} 个字，或含有不可用的字符")
    return found


PARSERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.LONGTEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.SERIALS: _serials,
    **dict.fromkeys(NUMBERS, _decimal),
    **dict.fromkeys(REFERENCES, _reference),
}


def empty(one: Field) -> Any:
    """空值 What an empty field holds: an empty text, no, or nothing."""
    if one.kind in TEXTS:
        return ""
    if one.kind is Kind.SERIALS:
        return []
    return False if one.kind is Kind.BOOLEAN else None


def parse(one: Field, raw: Any, where: Where = HERE) -> Any:
    """解析 The Python value of what came over the wire: Decimal, date, datetime, int id, str, bool or None.

    A lot may come as its number (a text, or `{"number": …}`) and stays a text. Raises FieldRequired, FieldInvalid.
    """
    missing = raw is None or (isinstance(raw, str) and not raw.strip())
    if missing and not (one.kind is Kind.CHOICE and raw == "" and any(choice.value == "" for choice in one.choices)):
        if one.required:
            raise FieldRequired(path=where.at(one.name), where=where.text, label=one.label)
        return empty(one)
    try:
        return PARSERS[one.kind](one, raw)
    except Unfit as unfit:
        shown = str(raw)[:40]
        raise FieldInvalid(path=where.at(one.name), where=where.text, label=one.label, value=shown, reason=unfit.args[0]) from None


def default(one: Field, viewer: Viewer) -> Any:
    """默认值 The declared default as a Python value; `@today`, `@last_month_end` and `@user` are made here, `@first` is the browser's."""
    if one.default == "@last_month_end":
        return clock.today().replace(day=1) - timedelta(days=1)
    if one.default == "@today":
        return clock.today()
    if one.default == "@user":
        return viewer.user_id
    if one.default is None or one.default == "@first":
        return empty(one)
    return PARSERS[one.kind](one, one.default)


@dataclass(slots=True)
class Parsed:
    """已解析 A record (or a line) as Python values, with what was wrong in it. `id` is that of an existing line."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: list[HengcangError] = field(default_factory=list)
    where: Where = HERE
    id: int | None = None


def parse_record(
    fields: Iterable[Field],
    raw: Mapping[str, Any],
    viewer: Viewer,
    *,
    new: bool,
    complete: bool = True,
    where: Where = HERE,
    ignored: Iterable[str] = ("id", "version"),
) -> Parsed:
    """解析记录 Values by field name. For a new record absent fields take their default; else absent is unchanged.

    Not `complete`, a new record may lack what is required: somebody will fill it in.

    Read-only fields are left out without complaint (a client sends back what it got). A field the type does not have
    or the viewer may not see is FieldUnknown: what he cannot see he cannot overwrite.
    """
    parsed = Parsed(where=where)
    seen = {one.name: one for one in fields if viewer.sees(one)}
    for name in raw:
        if name not in seen and name not in ignored:
            parsed.errors.append(FieldUnknown(path=where.at(name), where=where.text, name=name))
    for one in fields:
        if one.readonly or (one.name not in raw and not new):
            continue
        try:
            if one.name in raw and one.name in seen:
                parsed.values[one.name] = parse(one, raw[one.name], where)
            elif one.name not in raw:
                parsed.values[one.name] = _absent(one, viewer, where, complete)
        except HengcangError as error:
            parsed.errors.append(error)
    return parsed


def _absent(one: Field, viewer: Viewer, where: Where, complete: bool) -> Any:
    value = default(one, viewer)
    if complete and one.required and value in (None, ""):
        raise FieldRequired(path=where.at(one.name), where=where.text, label=one.label)
    return value


def parse_lines(lines: Lines, raw: Any, viewer: Viewer, known: Iterable[int] = ()) -> list[Parsed]:
    """解析明细 The lines of a table, in order. An id must be among `known`, and stands for that line."""
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) > LINES_AT_MOST:
        reason = f"应为最多 {LINES_AT_MOST} 行的列表"
        fault = FieldInvalid(path=lines.name, label=lines.label, value="", reason=reason)
        return [Parsed(errors=[fault])]
    if lines.most and len(raw) > lines.most:
        fault = FieldInvalid(path=lines.name, label=lines.label, value=f"{len(raw)} 行", reason=f"最多 {lines.most} 行")
        return [Parsed(errors=[fault])]
    existing, parsed = set(known), []
    for index, one in enumerate(raw):
        where = Where(f"{lines.name}.{index}", f"{lines.label}第 {index + 1} 行：")
        if not isinstance(one, Mapping):
            words = {"where": where.text, "label": lines.label, "value": "", "reason": "应为一行"}
            fault = FieldInvalid(path=where.path, **words)
            parsed.append(Parsed(errors=[fault], where=where))
            continue
        line_id = one.get("id")
        line = parse_record(lines.fields, one, viewer, new=line_id is None, where=where)
        if line_id is not None:
            if isinstance(line_id, int) and line_id in existing:
                existing.discard(line_id)
                line.id = line_id
            else:
                fault = FieldInvalid(
                    path=where.at("id"), where=where.text, label="行", value=str(line_id)[:40], reason="这一行不存在或重复"
                )
                line.errors.append(fault)
        parsed.append(line)
    return parsed


def refuse(errors: Iterable[HengcangError]) -> None:
    """拒绝 Raises InvalidDocument when there are errors."""
    found = list(errors)
    if found:
        raise InvalidDocument(found)


def plain(number: Decimal) -> str:
    """数字文本 A decimal as plain text without needless zeros: 2.5, 100, -0.01."""
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def present(one: Field, value: Any) -> Any:
    """呈现 The wire form of a stored value of a field that is not a reference."""
    if value is None:
        return None
    if one.kind in NUMBERS:
        return plain(value if isinstance(value, Decimal) else Decimal(str(value)))
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


@dataclass(slots=True)
class Resolved:
    """已核对 What the references of many rows point at: shown values by collection and id, and what was wrong."""

    records: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    errors: list[HengcangError] = field(default_factory=list)


def resolve_refs(
    tables: Sequence[tuple[Iterable[Field], Sequence[Parsed]]],
    viewer: Viewer,
    kept: Mapping[str, Iterable[int]] | None = None,
) -> Resolved:
    """核对引用 Check every reference of a record and its lines: one statement per collection.

    Each must exist, be active, fit the field's `where`, and lie in the viewer's scope. `kept` are ids that the record
    already holds: those need only exist. References by text (a new lot) are the caller's.
    """
    asked: dict[str, list[tuple[Field, Parsed, int]]] = {}
    for fields, rows in tables:
        for one in fields:
            if one.kind not in REFERENCES:
                continue
            collection = one.ref or refs.DEFAULTS[one.kind]
            for row in rows:
                value = row.values.get(one.name)
                if isinstance(value, int):
                    asked.setdefault(collection, []).append((one, row, value))
    resolved = Resolved()
    for collection, uses in asked.items():
        allowed = set((kept or {}).get(collection, ()))
        _resolve_collection(resolved, collection, uses, viewer, allowed)
    return resolved


def _resolve_collection(resolved: Resolved, collection: str, uses: list[tuple[Field, Parsed, int]], viewer: Viewer, kept: set[int]) -> None:
    origin = refs.source(collection)
    manager = refs.model_of(origin.model)._default_manager
    conditions = sorted({name for one, _, _ in uses for name in one.where})
    columns = (*origin.columns, *filter(None, [origin.active]), *conditions)
    rows = manager.filter(pk__in={value for _, _, value in uses}).values_list(*columns)
    found = {row[0]: row for row in rows}
    visible = _visible(origin, set(found), viewer)
    width = len(origin.columns)
    resolved.records[collection] = {pk: refs.show(origin, row[:width]) or {} for pk, row in found.items()}
    for one, parsed, value in uses:
        reason = ""
        if value not in found or (value not in visible and value not in kept):
            reason = "不存在，或您无权使用"
        elif value not in kept:
            row = found[value]
            tested = dict(zip(columns[width:], row[width:], strict=True))
            if origin.active and not tested[origin.active]:
                reason = "已停用，请另选"
            elif any(tested[name] != wanted for name, wanted in one.where.items()):
                reason = "不能用在这里，请另选"
        if reason:
            name = resolved.records[collection].get(value, {}).get("label", value) if value in visible else value
            fault = FieldInvalid(path=parsed.where.at(one.name), where=parsed.where.text, label=one.label, value=name, reason=reason)
            resolved.errors.append(fault)


def _visible(origin: refs.RefSource, ids: set[int], viewer: Viewer) -> set[int]:
    limits = refs.scope_filter(origin.scope, viewer)
    if not ids or (not limits and not origin.base_filter):
        return ids
    manager = refs.model_of(origin.model)._default_manager
    return set(manager.filter(limits, pk__in=ids, **origin.base_filter).values_list("pk", flat=True))
