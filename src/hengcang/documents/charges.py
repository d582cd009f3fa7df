"""费用带出 Charges: what a document's header says that somebody is paid (freight) becomes a line of money, once.

The line names the document, as one that clears names what it clears: so the chain shows it, the document cannot be undone
under it, and two lines can never both be its charge: whoever posts holds the named document's lock and looks for another.
A draft counts when one is made of the document, so that nobody does the work twice; it does not when one is posted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hengcang.base import bulk
from hengcang.core.errors import FieldInvalid
from hengcang.core.lifecycle import LIVE
from hengcang.core.shipping_errors import FreightBilled, FreightMismatch
from hengcang.documents import drafts
from hengcang.documents.facts import Opened, header_value, unchargeable
from hengcang.meta import registry
from hengcang.meta.declarations import Charge, DocumentType
from hengcang.meta.refs import document_label
from hengcang.places.models import ExpenseCategory
from hengcang.records.models import Document

Draft = dict[str, Any]
FINISHED = "'posted','closed'"
UNDONE = "'void','reversed'"
BILLS_SQL = """
SELECT DISTINCT m.cleared_document_id, d.type, d.id, COALESCE(d.number, '') FROM records_moneyline m
JOIN records_document d ON d.id=m.document_id AND d.revision=m.revision
WHERE m.cleared_document_id {chosen} AND m.category_id IS NOT NULL AND d.reverses_id IS NULL AND d.state {states} ORDER BY 1, 3
"""


def bills(documents: Collection[int], *, drafts: bool) -> dict[tuple[int, str], dict[int, str]]:
    """费用单据 By document and type of bill, the bills of its charges (id: number or 草稿 #id): posted ones, or also `drafts`."""
    chosen, wanted = bulk.among(sorted(documents))
    states = f"NOT IN ({UNDONE})" if drafts else f"IN ({FINISHED})"
    found: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    for document, type_name, bill, number in bulk.fetch(BILLS_SQL.format(chosen=chosen, states=states), [wanted]):
        found[document, type_name][bill] = document_label(number or None, bill)
    return found


def named(standing: Mapping[int, str]) -> str:
    """The bills as a refusal names them."""
    return "、".join(list(standing.values())[:5])


def content(sources: Sequence[Document], charge: Charge, declaration: DocumentType, target: DocumentType) -> Draft:
    """带出 The draft that bears the charges of some documents, a line for each: four statements at most.

    Raises FieldInvalid where they are owed to several parties, FreightBilled where one of them is billed already.
    """
    party = next(one for one in declaration.fields if one.name == charge.party)
    parties = {said(one, declaration, charge.party) for one in sources}
    if len(parties) > 1:
        raise FieldInvalid(path="also", where="", label=party.label, value="", reason=f"合并下推的单据须属于同一{party.label}")
    standing = bills([one.pk for one in sources], drafts=True)
    for source in sources:
        if (source.pk, target.name) in standing:
            raise FreightBilled(where="", number=source.number or "", bills=named(standing[source.pk, target.name]), verb="再次带出")
    return bill_of(parties.pop(), [(one, declaration, charge) for one in sources], target)


def bill_of(party: int, sources: Sequence[tuple[Document, DocumentType, Charge]], target: DocumentType) -> Draft:
    """费用草稿 The draft of a party that bears the charges of documents of any types: one statement."""
    assert target.money is not None
    names = {name for _, _, charge in sources for name in charge.categories.values()}
    categories = categories_of(target.money.role, names)
    lines = [line_of(source, charge, declaration, categories) for source, declaration, charge in sources]
    return {"party": party, target.money.name: lines}


def line_of(source: Document, charge: Charge, declaration: DocumentType, categories: Mapping[str, int]) -> Draft:
    """The line that is the charge of one document."""
    amount: Decimal = said(source, declaration, charge.amount)
    category = charge.categories[said(source, declaration, charge.by) or ""]
    line = {"amount": f"{amount:f}", "charged_document": source.pk, "remark": str(said(source, declaration, charge.remark) or "")[:200]}
    return {**line, **({"category": categories[category]} if category in categories else {})}


def said(source: Document, declaration: DocumentType, name: str) -> Any:
    """What a document says in the header field of that name; of a reference its id."""
    return drafts.value_of(source, next(one.path for one in declaration.fields if one.name == name))


def categories_of(direction: str, names: Collection[str]) -> dict[str, int]:
    """收支项目 The category of each name; where a book calls its own otherwise, its first of that direction with 运费 in the name, else
    its first. Nothing where it has none."""
    rows = list(ExpenseCategory.objects.filter(direction=direction, active=True).order_by("code").values_list("name", "pk"))
    if not rows:
        return {}
    usual = next((pk for name, pk in rows if "运费" in name), rows[0][1])
    return {name: dict(reversed(rows)).get(name, usual) for name in names}


def check(opened: Opened) -> None:
    """核对费用 Every line that names a document is a charge of it, with this party, and the only one. No statement where none does.

    Raises FreightMismatch, FreightBilled.
    """
    lines = [row for row in opened.money if row.cleared_document is not None] if opened.declaration.charged_by is not None else []
    if not lines:
        return
    standing = bills({row.cleared_document or 0 for row in lines}, drafts=False)
    seen: dict[int, int] = {}
    for row in lines:
        document = row.cleared_document or 0
        source = opened.sources.get(document, opened.header)
        number = document_label(source["number"], document)
        path = f"money_lines.{row.line_number - 1}.charged_document"
        reason = misfit(opened, source)
        if document in seen:
            reason = f"第 {seen[document]} 行已经是它的运费"
        if reason:
            raise FreightMismatch(path=path, line=row.line_number, number=number, reason=reason)
        others = {bill: name for bill, name in standing.get((document, opened.declaration.name), {}).items() if bill != opened.id}
        if others:
            raise FreightBilled(path=path, where=f"第 {row.line_number} 行：", number=number, bills=named(others), verb="再次记账")
        seen[document] = row.line_number


def misfit(opened: Opened, source: Mapping[str, Any]) -> str:
    """Why a document has no charge that this one can be; nothing where it has."""
    declaration = registry.document(source["type"])
    charge = next((one.charge for one in declaration.conversions if one.target == opened.declaration.name and one.charge), None)
    if charge is None:
        return f"{declaration.label}没有这种费用"
    if source["state"] not in LIVE or source["reverses_id"] is not None:
        return "它还没有审核，或已反审核、红冲、作废"
    wrong = unchargeable(declaration, charge, source)
    if wrong:
        return f"它的{wrong}不符（没有填，或不由我方支付）"
    party = next(one for one in declaration.fields if one.name == charge.party)
    if header_value(source, party) != opened.header["party_id"]:
        return f"它的{party.label}不是本单的往来单位"
    return ""
