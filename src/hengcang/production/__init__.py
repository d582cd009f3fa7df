"""生产 Production document types."""

from hengcang.production.finished_receipt import FINISHED_RECEIPT
from hengcang.production.material_issue import MATERIAL_ISSUE
from hengcang.production.material_return import MATERIAL_RETURN
from hengcang.production.production_order import PRODUCTION_ORDER

TYPES = (PRODUCTION_ORDER, MATERIAL_ISSUE, MATERIAL_RETURN, FINISHED_RECEIPT)
