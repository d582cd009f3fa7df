"""期初预收 Opening customer advance: what customers had paid ahead when the books began. 借 期初余额 贷 预收账款."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Control
from hengcang.documents import fields as f
from hengcang.settlement.opening import opening_of

OPENING_CUSTOMER_ADVANCE = opening_of(
    Control.CUSTOMER_ADVANCE, "期初预收", "QCYSK", f.CUSTOMER, header=(replace(f.SALESPERSON, default=None),)
)
