"""结算 Settlement document types."""

from hengcang.settlement.cash_transfer import CASH_TRANSFER
from hengcang.settlement.clearing import CLEARING
from hengcang.settlement.expense import EXPENSE
from hengcang.settlement.incoming_payment import INCOMING_PAYMENT
from hengcang.settlement.other_income import OTHER_INCOME
from hengcang.settlement.outgoing_payment import OUTGOING_PAYMENT
from hengcang.settlement.period_close import PERIOD_CLOSE

TYPES = (INCOMING_PAYMENT, OUTGOING_PAYMENT, CLEARING, EXPENSE, OTHER_INCOME, CASH_TRANSFER, PERIOD_CLOSE)
