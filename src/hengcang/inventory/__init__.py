"""库存 Inventory document types."""

from hengcang.inventory.assembly import ASSEMBLY
from hengcang.inventory.cost_adjustment import COST_ADJUSTMENT
from hengcang.inventory.count_plan import COUNT_PLAN
from hengcang.inventory.count_schedule import COUNT_SCHEDULE
from hengcang.inventory.disassembly import DISASSEMBLY
from hengcang.inventory.lot_adjustment import LOT_ADJUSTMENT
from hengcang.inventory.opening_stock import OPENING_STOCK
from hengcang.inventory.other_issue import OTHER_ISSUE
from hengcang.inventory.other_receipt import OTHER_RECEIPT
from hengcang.inventory.stock_count import STOCK_COUNT
from hengcang.inventory.stock_scrap import STOCK_SCRAP
from hengcang.inventory.stock_transfer import STOCK_TRANSFER
from hengcang.inventory.transfer_difference import TRANSFER_DIFFERENCE
from hengcang.inventory.transfer_in import TRANSFER_IN
from hengcang.inventory.transfer_out import TRANSFER_OUT

TYPES = (
    OPENING_STOCK,
    OTHER_RECEIPT,
    OTHER_ISSUE,
    STOCK_SCRAP,
    STOCK_TRANSFER,
    TRANSFER_OUT,
    TRANSFER_IN,
    TRANSFER_DIFFERENCE,
    LOT_ADJUSTMENT,
    COUNT_PLAN,
    COUNT_SCHEDULE,
    STOCK_COUNT,
    ASSEMBLY,
    DISASSEMBLY,
    COST_ADJUSTMENT,
)
