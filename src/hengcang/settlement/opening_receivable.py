"""期初应收 Opening receivable: what customers owed when the books began, party by party. 借 应收账款 贷 期初余额."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Control
from hengcang.documents import fields as f
from hengcang.settlement.lines import LINE_DUE
from hengcang.settlement.opening import opening_of

OPENING_RECEIVABLE = opening_of(
    Control.RECEIVABLE, "期初应收", "QCYS", f.CUSTOMER, header=(replace(f.SALESPERSON, default=None),), lines=(LINE_DUE,)
)
