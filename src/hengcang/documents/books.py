"""记账视图 What a document did to the books, row by row, and what posting it would do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from hengcang.access.viewer import Viewer
from hengcang.base import bulk
from hengcang.core.errors import HengcangError
from hengcang.core.posting import ACCOUNT_LABELS, Account
from hengcang.documents import services
from hengcang.documents.commands import NO_KEY, Answer, run
from hengcang.ledger import queries
from hengcang.meta.declarations import DocumentType, Mask
from hengcang.meta.english import said, word
from hengcang.meta.values import plain
from hengcang.places.virtual import shown_name

KIND_LABELS = {
    "opening": "期初",
    "purchase": "采购入库",
    "purchase_return": "采购退货",
    "sale": "销售出库",
    "sales_return": "销售退货",
    "transfer": "调拨",
    "shelving": "移库",
    "count": "盘点",
    "other_in": "其他入库",
    "other_out": "其他出库",
    "scrap": "报损",
    "inspection": "验收",
    "assembly": "组装",
    "disassembly": "拆卸",
    "adjustment": "形态转换",
    "material_issue": "领料",
    "material_return": "退料",
    "finished": "完工入库",
    "cost_adjustment": "成本调整",
    "price_protection": "价保",
    "cost_variance": "成本差异",
}
ENTRY_KIND_LABELS = {
    "move": "",
    "revaluation": "成本重算",
    "count": "盘点更正",
    "reversal": "反审核",
    "variance": "成本差异",
    "charge": "费用分摊",
}
POSTING_LABELS = {"post": "审核", "unpost": "反审核", "freeze": "冻结账面"}


def postings_json(viewer: Viewer, declaration: DocumentType, document: int) -> list[dict[str, Any]]:
    """记账视图 The postings that concern a document, oldest first; what goods cost only for who may see cost.

    Money shows only to who may see the document's prices; what follows from the cost of a line only to who sees both.
    """
    prices = declaration.price_mask is None or declaration.price_mask not in viewer.masks
    costs = prices and Mask.COST not in viewer.masks
    found: dict[int, dict[str, Any]] = {}
    for move in queries.moves_of(document):
        posting_of(found, move)["moves"].append(move_json(viewer, move))
    for entry in queries.entries_of(document):
        shows = prices if entry["line"] is None else costs
        posting_of(found, entry)["entries"].append(entry_json(entry, shows=shows))
    return [found[key] for key in sorted(found)]


def posting_of(found: dict[int, dict[str, Any]], row: Mapping[str, Any]) -> dict[str, Any]:
    """The posting a row belongs to, made at its first row."""
    key = row["posting"]
    if key not in found:
        found[key] = {
            "id": key,
            "kind": row["posting_kind"],
            "label": word(POSTING_LABELS.get(row["posting_kind"], row["posting_kind"]), row["posting_kind"]),
            "posted_at": timezone.localtime(bulk.read_instant(row["posted_at"])).isoformat(timespec="seconds"),
            "posted_by": row["posted_by"],
            "moves": [],
            "entries": [],
        }
    return found[key]


def move_json(viewer: Viewer, move: Mapping[str, Any]) -> dict[str, Any]:
    """A stock row; 借 is the account of where goods went, 贷 of where they came from."""
    shown = {
        "id": move["id"],
        "line": move["position"],
        "item": {"id": move["item"], "code": move["item_code"], "label": move["item_name"]},
        "lot": move["lot"],
        "source": shown_name(move["source"], move["source_kind"]),
        "target": shown_name(move["target"], move["target_kind"]),
        "quantity": plain(move["quantity"]),
        "kind": move["kind"],
        "kind_label": kind_label(move["kind"], move["entry_kind"]),
        "document_date": str(move["document_date"]),
        "corrects": move["corrects"],
    }
    if Mask.COST not in viewer.masks:
        shown["value"] = plain(move["value"])
        shown["debit_account"] = account_label(move["target_account"])
        shown["credit_account"] = account_label(move["source_account"])
    return shown


def kind_label(kind: str, entry_kind: str) -> str:
    """业务类型 What a row of stock is, and what it corrects if it does."""
    label, correction = word(KIND_LABELS.get(kind, kind), kind), word(ENTRY_KIND_LABELS.get(entry_kind, ""), entry_kind)
    return label + said(f"（{correction}）", f" ({correction})") if correction else label


def entry_json(entry: Mapping[str, Any], *, shows: bool) -> dict[str, Any]:
    """A money row as 借 or 贷, with its amounts where they may be shown."""
    amount = entry["amount"]
    shown = {
        "id": entry["id"],
        "account": entry["account"],
        "account_label": account_label(entry["account"]),
        "party": entry["party_name"],
        "cash_account": entry["cash_account"],
        "document_date": str(entry["document_date"]),
    }
    if shows:
        shown["amount"] = plain(amount)
        shown["debit"] = plain(amount) if amount > 0 else None
        shown["credit"] = plain(-amount) if amount < 0 else None
    return shown


def account_label(account: str) -> str:
    """科目 Number and name of an account."""
    one = Account(account)
    return f"{account} {word(ACCOUNT_LABELS[one], one.name.lower())}"


class Preview(Exception):
    """Carries the effects of a posting out of a transaction that is then rolled back."""

    def __init__(self, effects: dict[str, Any]) -> None:
        super().__init__("preview")
        self.effects = effects


def preview(viewer: Viewer, declaration: DocumentType, document: int) -> dict[str, Any]:
    """记账预览 What posting would do, by doing it and rolling back: moves, entries, warnings, or the refusal."""

    def command(exclusive: bool) -> Answer:
        answer = services.apply(viewer, declaration, services.Order(document, "post"), exclusive)
        rows = postings_json(viewer, declaration, document)
        raise Preview({"postings": rows, "warnings": answer["warnings"], "refusal": None})

    try:
        run(viewer, NO_KEY, command)
    except Preview as seen:
        return seen.effects
    except HengcangError as refusal:
        return {"postings": [], "warnings": [], "refusal": refusal_json(refusal)}
    raise AssertionError("a preview never commits")


def refusal_json(refusal: HengcangError) -> dict[str, Any]:
    """A refusal with the errors it holds."""
    errors = getattr(refusal, "errors", None) or [refusal]
    return {
        "code": refusal.code,
        "message": refusal.message(),
        "params": refusal.params,
        "errors": [{"path": one.path, "code": one.code, "message": one.message()} for one in errors],
    }
