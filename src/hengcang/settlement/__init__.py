"""结算 Settlement document types."""

from hengcang.settlement.cash_transfer import CASH_TRANSFER
from hengcang.settlement.clearing import CLEARING
from hengcang.settlement.currency_exchange import CURRENCY_EXCHANGE
from hengcang.settlement.expense import EXPENSE
from hengcang.settlement.incoming_payment import INCOMING_PAYMENT
from hengcang.settlement.opening_cash import OPENING_CASH
from hengcang.settlement.opening_customer_advance import OPENING_CUSTOMER_ADVANCE
from hengcang.settlement.opening_payable import OPENING_PAYABLE
from hengcang.settlement.opening_receivable import OPENING_RECEIVABLE
from hengcang.settlement.opening_supplier_advance import OPENING_SUPPLIER_ADVANCE
from hengcang.settlement.other_income import OTHER_INCOME
from hengcang.settlement.outgoing_payment import OUTGOING_PAYMENT
from hengcang.settlement.party_statement import PARTY_STATEMENT
from hengcang.settlement.period_close import PERIOD_CLOSE

OPENINGS = (OPENING_RECEIVABLE, OPENING_PAYABLE, OPENING_CUSTOMER_ADVANCE, OPENING_SUPPLIER_ADVANCE, OPENING_CASH)
MOVING = (CASH_TRANSFER, CURRENCY_EXCHANGE)
TYPES = (INCOMING_PAYMENT, OUTGOING_PAYMENT, CLEARING, EXPENSE, OTHER_INCOME, *MOVING, PARTY_STATEMENT, *OPENINGS, PERIOD_CLOSE)
