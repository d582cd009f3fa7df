"""占用接口 What an order's lines hold back, and the lines and parts that a command on it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from hengcang.api.request import reply, viewer_of_request
from hengcang.core.errors import FieldInvalid
from hengcang.core.holding import Part
from hengcang.documents import holding, notes
from hengcang.documents.fields import QUANTITY
from hengcang.meta import values
from hengcang.meta.declarations import DocumentType

MOST = 500


def holding_endpoints(router: Router, declaration: DocumentType) -> None:
    """For types that hold stock back: the lines that do or could, and which lines may take over what they hold."""
    if not declaration.reserves:
        return

    @router.get("/{int:document}/holdings", operation_id=f"{declaration.collection}_holdings", summary=f"{declaration.label}占用明细")
    def holdings(request: HttpRequest, document: int) -> HttpResponse:
        viewer = viewer_of_request(request)
        notes.require_visible(viewer, declaration, document)
        return reply(holding.holdings_json(viewer, document))


def parts_of(body: Mapping[str, Any], *, to_line: bool) -> list[Part]:
    """所选行 `{lines?: [{line, quantity?, taker?}]}`, quantities in base units; without `lines` the whole document.

    `taker` is the line that each goes to, where it goes to one. Raises FieldInvalid.
    """
    lines = body.get("lines")
    if lines is None:
        return []
    if not isinstance(lines, list) or not 0 < len(lines) <= MOST:
        raise FieldInvalid(
            path="lines", where="", label="所选行", value=str(lines)[:40], reason=f"应为 1 到 {MOST} 行的列表；整单办理则不填"
        )
    found = []
    for at, one in enumerate(lines):
        where = values.Where(f"lines.{at}", f"第 {at + 1} 行：")
        if not isinstance(one, dict) or not is_id(one.get("line")) or not (is_id(one.get("taker")) if to_line else "taker" not in one):
            words = {"path": where.path, "where": where.text, "label": "所选行", "value": str(one)[:40]}
            raise FieldInvalid(**words, reason="应为 {line, quantity, taker}" if to_line else "应为 {line, quantity}")
        quantity = None if one.get("quantity") in (None, "") else values.parse(QUANTITY, one["quantity"], where)
        found.append(Part(one["line"], quantity, one.get("taker"), where.path))
    return found


def is_id(value: object) -> bool:
    """Whether it can be the id of a row."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
