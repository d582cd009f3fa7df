"""接口模型 Wire schemas: a real pydantic model per declared type, made from its fields, for OpenAPI 3.1.

They describe; parsing and refusing is `meta.values`, in the trade's words and under the viewer's masks. Names are those
of the type in CamelCase: `Item`, `ItemInput`, `ItemRow`, `ItemUnits`, `ItemUnitsInput`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.json_schema import models_json_schema

from hengcang.meta.declarations import NUMBERS, REFERENCES, Kind, Lines
from hengcang.meta.declarations import Field as Declared
from hengcang.meta.marks import KEY

Model = type[BaseModel]
DecimalText = Annotated[str, Field(pattern=r"^-?\d{1,13}(\.\d{1,6})?$", examples=["12.5"])]


class Reference(BaseModel):
    """引用 What a reference is read as."""

    model_config = ConfigDict(extra="allow")
    id: int
    code: str | None = None
    label: str


class ReferenceInput(BaseModel):
    """引用 What a reference may be written as, beside its bare id."""

    model_config = ConfigDict(extra="allow")
    id: int


class Fault(BaseModel):
    """字段错误 One field's fault."""

    path: str
    code: str
    message: str


class Problem(BaseModel):
    """问题 An error answer (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    message: str
    params: dict[str, Any]
    errors: list[Fault]


class ImportOutcome(BaseModel):
    """导入结果 What an import did, or would do."""

    rows: int
    created: int
    updated: int
    errors: list[dict[str, Any]]


class MarkLink(BaseModel):
    """标记去处 The report that tells of a row, with its parameters."""

    kind: str
    name: str
    parameters: dict[str, str]


class Alert(BaseModel):
    """行上的预警 What a row is to be looked at for: its kind, the word and its tone, what to do, and where."""

    kind: str
    label: str
    tone: Literal["error", "warning", "default"]
    help: str
    link: MarkLink | None = None


class Option(Reference):
    """选项 A record as a picker shows it; the alerts on it, where there are any."""

    alerts: list[Alert] = []


class Options(BaseModel):
    """选项 What a picker shows."""

    rows: list[Option]


def camel(name: str) -> str:
    """purchase_receipt → PurchaseReceipt."""
    return "".join(part.capitalize() for part in name.split("_"))


def type_of(one: Declared, *, written: bool) -> Any:
    """类型 The Python type of a field as it is read or written."""
    if one.kind in REFERENCES:
        return (int | ReferenceInput) if written else Reference
    if one.kind is Kind.SERIALS:
        return (list[str] | str) if written else list[str]
    if one.kind is Kind.CHOICE:
        return Literal[tuple(choice.value for choice in one.choices)] if one.choices else str
    if one.kind in (Kind.TEXT, Kind.LONGTEXT) and one.max_length:
        return Annotated[str, Field(max_length=one.max_length)]
    if one.kind in NUMBERS:
        return DecimalText
    simple: dict[Kind, Any] = {
        Kind.INTEGER: int,
        Kind.BOOLEAN: bool,
        Kind.DATE: date,
        Kind.DATETIME: datetime,
    }
    return simple.get(one.kind, str)


def read_model(name: str, fields: Sequence[Declared], lines: Sequence[Lines] = (), **more: Any) -> Model:
    """读取模型 A record as it is read. A field may be absent where this user may not see it, so that none is required."""
    shape: dict[str, Any] = {"id": (int, ...), **more}
    for one in fields:
        shape[one.name] = (type_of(one, written=False) | None, Field(default=None, title=one.label))
    for table in lines:
        shape[table.name] = (list[read_model(name + camel(table.name), table.fields)], Field(default=[], title=table.label))  # type: ignore[misc]
    return create_model(name, __config__=ConfigDict(extra="allow"), **shape)


def write_model(name: str, fields: Sequence[Declared], lines: Sequence[Lines] = (), **more: Any) -> Model:
    """写入模型 A record as it is written: nothing else is taken; an absent field is unchanged, or its default."""
    shape: dict[str, Any] = dict(more)
    for one in fields:
        if not one.readonly:
            shape[one.name] = (type_of(one, written=True) | None, Field(default=None, title=one.label))
    for table in lines:
        line = write_model(f"{name.removesuffix('Input')}{camel(table.name)}Input", table.fields, id=(int | None, None))
        shape[table.name] = (list[line], Field(default=[], title=table.label))  # type: ignore[valid-type]
    return create_model(name, __config__=ConfigDict(extra="forbid"), **shape)


def page_model(name: str, fields: Sequence[Declared], *, marked: bool) -> Model:
    """列表模型 A page of a list; its rows have alerts where they can be `marked`."""
    alerts: dict[str, Any] = {KEY: (list[Alert], Field(default=[], title="预警"))} if marked else {}
    row = read_model(f"{name}Row", fields, (), **alerts)
    return create_model(
        f"{name}Page",
        rows=(list[row], ...),  # type: ignore[valid-type]
        next=(str | None, None),
        count=(int, ...),
        count_capped=(bool, ...),
        totals=(dict[str, str] | None, None),
    )


def schema_of(name: str, fields: Sequence[Declared], lines: Sequence[Lines] = (), *, marked: bool = False) -> dict[str, Model]:
    """一类的模型 The models of one type: `read`, `write` (with its version), `page`."""
    title = camel(name)
    return {
        "read": read_model(title, fields, lines, version=(int | None, None)),
        "write": write_model(f"{title}Input", fields, lines, version=(int | None, None)),
        "page": page_model(title, fields, marked=marked),
    }


class Components:
    """组件 The models that operations refer to, and their JSON schemas."""

    def __init__(self) -> None:
        self.models: dict[str, Model] = {}

    def ref(self, model: Model) -> dict[str, str]:
        """A reference to a model, which is kept for the schema."""
        self.models[model.__name__] = model
        return {"$ref": f"#/components/schemas/{model.__name__}"}

    def schemas(self) -> dict[str, Any]:
        """Every kept model's JSON schema."""
        pairs: Any = [(model, "validation") for model in self.models.values()]
        _, found = models_json_schema(pairs, ref_template="#/components/schemas/{model}")
        return dict(found.get("$defs", {}))

    def answers(self, model: Model | None, status: int = 200) -> dict[Any, Any]:
        """`responses` of an operation: its model and the problem."""
        content = {"application/json": {"schema": self.ref(model)}} if model else {}
        refused = {"description": "拒绝", "content": {"application/problem+json": {"schema": self.ref(Problem)}}}
        return {status: {"description": "成功", "content": content}, "default": refused}

    def described(self, answer: Model | None = None, body: Model | None = None, status: int = 200) -> dict[str, Any]:
        """`openapi_extra` of an operation."""
        extra: dict[str, Any] = {"responses": self.answers(answer, status)}
        if body:
            extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": self.ref(body)}}}
        return extra


components = Components()
