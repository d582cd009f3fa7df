"""期初应付 Opening payable: what suppliers were owed when the books began, party by party. 借 期初余额 贷 应付账款."""

from __future__ import annotations

from hengcang.core.posting import Control
from hengcang.documents import fields as f
from hengcang.settlement.lines import LINE_DUE
from hengcang.settlement.opening import opening_of

OPENING_PAYABLE = opening_of(Control.PAYABLE, "期初应付", "QCYF", f.SUPPLIER, lines=(LINE_DUE,))
