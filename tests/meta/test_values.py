"""值 What comes over the wire becomes a Python value or a refusal that names its field."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest

from hengcang.access.viewer import Viewer, system_viewer
from hengcang.core.errors import FieldInvalid, FieldRequired, InvalidDocument
from hengcang.meta.declarations import Choice, Field, Kind, Lines, Mask
from hengcang.meta.values import Parsed, Where, parse, parse_lines, parse_record, plain, present, refuse

ALL = system_viewer(1, "系统")


def of(kind, **more):
    return Field(name="x", label="某项", kind=kind, **more)


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        (of(Kind.TEXT), "  a  b ", "a b"),
        (of(Kind.LONGTEXT), " a\n b ", " a\n b "),
        (of(Kind.TEXT), None, ""),
        (of(Kind.INTEGER), "12", 12),
        (of(Kind.INTEGER), 12, 12),
        (of(Kind.QUANTITY), "1.234567", Decimal("1.234567")),
        (of(Kind.MONEY), "12.50", Decimal("12.5")),
        (of(Kind.MONEY), 0.1, Decimal("0.1")),
        (of(Kind.MONEY), "", None),
        (of(Kind.RATE), "0.13", Decimal("0.13")),
        (of(Kind.DATE), "2026-02-28", date(2026, 2, 28)),
        (of(Kind.BOOLEAN), None, False),
        (of(Kind.CHOICE, choices=(Choice("a", "甲"),)), "a", "a"),
        (of(Kind.REF, ref="items"), 3, 3),
        (of(Kind.REF, ref="items"), {"id": 3, "code": "A", "label": "甲"}, 3),
        (of(Kind.LOT), {"number": "L-1"}, "L-1"),
        (of(Kind.LOT), {"id": 5}, 5),
    ],
)
def test_values(field, raw, value):
    assert parse(field, raw) == value


@pytest.mark.parametrize(
    ("field", "raw", "reason"),
    [
        (of(Kind.TEXT), 3, "应为文字"),
        (of(Kind.TEXT, max_length=3), "四个字符", "最多 3 个字，现有 4 个"),
        (of(Kind.TEXT), "a\x00", "不可用的字符"),
        (of(Kind.INTEGER), "1.5", "应为整数"),
        (of(Kind.INTEGER), True, "应为数字"),
        (of(Kind.QUANTITY), "1.2345678", "最多 6 位小数"),
        (of(Kind.MONEY), "1.005", "最多 2 位小数"),
        (of(Kind.MONEY), "NaN", "超出范围"),
        (of(Kind.MONEY), "1e30", "超出范围"),
        (of(Kind.QUANTITY, minimum=Decimal(0)), "-1", "不能小于 0"),
        (of(Kind.DATE), "2026-02-30", "应为日期"),
        (of(Kind.DATE), 20260228, "应为日期"),
        (of(Kind.DATETIME), "yesterday", "应为时间"),
        (of(Kind.BOOLEAN), "yes", "应为是或否"),
        (of(Kind.CHOICE, choices=(Choice("a", "甲"),)), "b", "不在可选范围内"),
        (of(Kind.REF, ref="items"), "3", "应从列表中选择"),
        (of(Kind.REF, ref="items"), True, "应从列表中选择"),
        (of(Kind.REF, ref="items"), -1, "应从列表中选择"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(field, raw, reason):
    with pytest.raises(FieldInvalid) as refusal:
        parse(field, raw, Where("goods_lines.1", "商品明细第 2 行："))
    assert refusal.value.path == "goods_lines.1.x" and reason in refusal.value.message()
    assert refusal.value.message().startswith("商品明细第 2 行：“某项”")


def test_a_required_field_may_not_be_blank():
    for raw in (None, "", "  "):
        with pytest.raises(FieldRequired):
            parse(of(Kind.TEXT, required=True), raw)


FIELDS = (
    Field(name="code", label="编码", required=True),
    Field(name="day", label="日期", kind=Kind.DATE, default="@today"),
    Field(name="rate", label="税率", kind=Kind.RATE, default="0.13"),
    Field(name="cost", label="成本", kind=Kind.PRICE, mask=Mask.COST),
    Field(name="total", label="合计", kind=Kind.MONEY, readonly=True),
)


def test_a_new_record_takes_defaults_and_an_old_one_only_what_is_sent():
    new = parse_record(FIELDS, {"code": "A", "total": "9"}, ALL, new=True)
    assert not new.errors and set(new.values) == {"code", "day", "rate", "cost"}
    assert new.values["rate"] == Decimal("0.13") and isinstance(new.values["day"], date)
    assert parse_record(FIELDS, {"id": 3, "version": 2, "rate": "0"}, ALL, new=False).values == {"rate": Decimal(0)}


def test_every_fault_is_told_at_once_and_what_is_masked_cannot_be_sent():
    masked = Viewer(1, "李", masks=frozenset({"cost"}))
    parsed = parse_record(FIELDS, {"rate": "x", "cost": "1", "nothing": 1}, masked, new=True)
    assert sorted((error.code, error.path) for error in parsed.errors) == [
        ("field_invalid", "rate"),
        ("field_required", "code"),
        ("field_unknown", "cost"),
        ("field_unknown", "nothing"),
    ]
    with pytest.raises(InvalidDocument) as refusal:
        refuse(parsed.errors)
    assert refusal.value.params["count"] == 4
    assert "cost" not in parsed.values


def test_lines_keep_their_ids_and_a_strange_id_is_refused():
    lines = Lines(name="units", label="多单位", fields=FIELDS)
    raw = [{"id": 7, "rate": "0.06"}, {"code": "B"}, {"id": 8, "code": "C"}, {"id": 7}, "junk"]
    parsed = parse_lines(lines, raw, ALL, known=[7])
    assert (parsed[0].id, parsed[0].values) == (7, {"rate": Decimal("0.06")})
    assert parsed[1].id is None and parsed[1].values["code"] == "B"
    assert [[error.path for error in line.errors] for line in parsed[2:]] == [
        ["units.2.id"],
        ["units.3.id"],
        ["units.4"],
    ]
    assert isinstance(parse_lines(lines, "junk", ALL)[0], Parsed) and parse_lines(lines, "junk", ALL)[0].errors


def test_numbers_go_out_without_needless_zeros():
    shown = [plain(Decimal(text)) for text in ("2.50", "100", "1E+2", "-0.010", "0", "-0", "0.000001")]
    assert shown == ["2.5", "100", "100", "-0.01", "0", "0", "0.000001"]
    assert present(of(Kind.MONEY), None) is None and present(of(Kind.DATE), date(2026, 1, 2)) == "2026-01-02"


JUNK = [None, True, 3, -1, 1.5, "", "x", "1", [], [1], {}, {"id": {}}, {"id": None}, {"number": []}, [{}], "\x00", 2**70, "9" * 50]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("raw", JUNK, ids=repr)
def test_whatever_comes_is_a_value_or_a_refusal(kind, raw):
    one = of(kind, choices=(Choice("x", "甲"),), ref="items" if kind is Kind.REF else "")
    with contextlib.suppress(FieldInvalid):
        parse(one, raw)
    lines = parse_lines(Lines(name="units", label="多单位", fields=(one,)), [{"id": raw, "x": raw}], ALL, known=[3])
    assert lines[0].errors or lines[0].id in (None, 3)
