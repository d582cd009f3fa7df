"""结算 Settlement document types."""

from hengcang.settlement.incoming_payment import INCOMING_PAYMENT
from hengcang.settlement.outgoing_payment import OUTGOING_PAYMENT

TYPES = (INCOMING_PAYMENT, OUTGOING_PAYMENT)
