"""期初预付 Opening supplier advance: what suppliers had been paid ahead when the books began. 借 预付账款 贷 期初余额."""

from __future__ import annotations

from hengcang.core.posting import Control
from hengcang.documents import fields as f
from hengcang.settlement.opening import opening_of

OPENING_SUPPLIER_ADVANCE = opening_of(Control.SUPPLIER_ADVANCE, "期初预付", "QCYFK", f.SUPPLIER)
