"""信用检查 The check of a customer's credit when what uses it is posted: refused, told, or let through, as the book says.

Who holds the right to release (超信用放行) may post beyond the limit for a reason; every posting beyond it leaves a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.base import clock
from hengcang.base.book import Book
from hengcang.core.amounts import to_decimal
from hengcang.core.credit import OverCredit
from hengcang.ledger import credit
from hengcang.meta import registry
from hengcang.meta.declarations import DocumentType, Mask
from hengcang.records.models import CreditOverride

RELEASE = "override_credit"


def credit_orders() -> dict[str, str]:
    """占用信用的订单 The types of order that use credit before they are delivered, each with its purpose of delivery."""
    types = registry.documents().values()
    return {one.name: one.progress_purpose for one in types if one.uses_credit and one.closable and one.progress_purpose}


def check(viewer: Viewer, declaration: DocumentType, header: Mapping[str, Any], book: Book, reason: str) -> Sequence[OverCredit]:
    """信用检查 After the effects were appended: what the customer uses now, against his limit. Gives the warning, if any.

    Raises OverCredit where the book forbids it and nobody who may releases it for a reason.
    """
    if not declaration.uses_credit or book.credit_check == "allow" or header["party_id"] is None:
        return ()
    customer = credit.lock_customer(header["party_id"])
    if customer is None:
        return ()
    exposure = credit.exposures([header["party_id"]], credit_orders(), header["id"])[header["party_id"]].total
    if exposure <= customer.limit:
        return ()
    may = viewer.may(declaration.name, RELEASE)
    told = refusal(viewer, customer, exposure, may_override=may)
    if book.credit_check == "forbid" and not (may and reason):
        raise told
    CreditOverride.objects.create(
        document_id=header["id"],
        revision=header["revision"],
        party_id=header["party_id"],
        exposure=to_decimal(exposure),
        credit_limit=to_decimal(customer.limit),
        reason=reason,
        created_by_id=viewer.user_id,
        created_at=clock.now(),
    )
    return (told,)


def refusal(viewer: Viewer, customer: credit.Customer, exposure: int, *, may_override: bool) -> OverCredit:
    """What is said: amounts only to who may see sales prices."""
    if Mask.SALES_PRICE in viewer.masks:
        return OverCredit(path="party", party=customer.name, may_override=may_override)
    amounts = {"exposure": exposure, "limit": customer.limit, "over": exposure - customer.limit}
    shown = {name: f"{to_decimal(amount):,.2f}" for name, amount in amounts.items()}
    return OverCredit(path="party", party=customer.name, may_override=may_override, **shown)
