"""通用字段 Fields that many masters share."""

from __future__ import annotations

from hengcang.meta.declarations import Field, Kind

ACTIVE = Field(name="active", label="启用", kind=Kind.BOOLEAN, default=True, width=70)
NOTE = Field(name="note", label="备注", max_length=300, width=200)


def code_field(length: int = 30, drawn: bool = False) -> Field:
    """编码 A unique code; one that is drawn may be left empty."""
    hint = "留空自动编号" if drawn else ""
    return Field(name="code", label="编码", max_length=length, required=not drawn, unique=True, width=110, help=hint)


def name_field(length: int = 80) -> Field:
    """名称 A name that must be there."""
    return Field(name="name", label="名称", max_length=length, required=True, width=200)
