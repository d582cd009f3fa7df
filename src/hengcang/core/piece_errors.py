"""批次与序列号的拒绝 Refusals about lots and serial numbers: one class per cause, as in `errors`."""

from __future__ import annotations

from hengcang.core.errors import HengcangError, StockShort


class SerialCount(HengcangError):
    """序列号数量不符 A line whose serial numbers are not as many as its quantity."""

    code = "serial_count"
    zh = "第 {line} 行：{item} 按序列号管理，数量 {wanted} 应有 {wanted} 个序列号，现有 {found} 个，{difference}。"
    en = "Line {line}: {item} is tracked by serial number; quantity {wanted} needs as many numbers, there are {found}."


class SerialTwice(HengcangError):
    """序列号重复 One serial number twice in a document."""

    code = "serial_twice"
    zh = "第 {line} 行：序列号 {serial} 已在第 {first} 行填过，请删去一个。"
    en = "Line {line}: serial number {serial} is already in line {first}; remove one."


class SerialUnknown(HengcangError):
    """没有此序列号 A piece that never came in cannot go out."""

    code = "serial_unknown"
    zh = "第 {line} 行：{item} 没有序列号 {serial}，请核对。"
    en = "Line {line}: {item} has no serial number {serial}."


class SerialOfOther(HengcangError):
    """序列号不是源单的 A return of a piece that the line it names did not move."""

    code = "serial_of_other"
    zh = "第 {line} 行：序列号 {serial} 不在源单行里，请改选源单或序列号。"
    en = "Line {line}: serial number {serial} is not of the source line; pick another source or number."


class SerialElsewhere(StockShort):
    """序列号不在此仓 A piece that does not stand where it would leave from. Where it stands is told to who may see stock."""

    code = "serial_elsewhere"
    told = "where"
    kept = ("line", "serial")
    zh = "第 {line} 行：序列号 {serial} 不在 {place}，现在 {where}。请核对序列号或仓库。"
    en = "Line {line}: serial number {serial} is not at {place}; it is at {where}."
    covered_zh = "第 {line} 行：序列号 {serial} 不在发货仓库。请核对序列号或仓库。"
    covered_en = "Line {line}: serial number {serial} is not at the warehouse it would leave."


class SerialGone(HengcangError):
    """序列号不在库 A piece that would leave although it is with nobody of ours."""

    code = "serial_gone"
    zh = "第 {line} 行：序列号 {serial} 现在不在库，不能从 {place} 发出。请核对序列号。"
    en = "Line {line}: serial number {serial} is not in stock; it cannot leave {place}."


class SerialInStock(StockShort):
    """序列号已在库 A piece that comes in although it is there."""

    code = "serial_in_stock"
    told = "where"
    kept = ("line", "serial")
    zh = "第 {line} 行：序列号 {serial} 已在 {where}，不能再次入库。请核对序列号。"
    en = "Line {line}: serial number {serial} is already at {where}; it cannot come in again."
    covered_zh = "第 {line} 行：序列号 {serial} 已在库，不能再次入库。请核对序列号。"
    covered_en = "Line {line}: serial number {serial} is already in stock; it cannot come in again."


class SerialOutOfOrder(HengcangError):
    """序列号前后不接 An entry before later moves of a piece that do not follow from it."""

    code = "serial_out_of_order"
    zh = "第 {line} 行：序列号 {serial} 在 {date} 另有 {number}，这样补录后前后接不上。请改日期，或先反审核 {number}。"
    en = "Line {line}: serial number {serial} has {number} on {date}, which does not follow from this; change the date."


class SerialUndone(HengcangError):
    """撤销后序列号不接 Undoing would take away what a later move of a piece stands on."""

    code = "serial_undone"
    zh = "序列号 {serial} 之后在 {date} 还有 {number}，不能反审核。请先处理 {number}。"
    en = "Serial number {serial} moved later by {number} on {date}; undo that first."


class SerialCounted(HengcangError):
    """序列号已盘点 An entry before a count that says which pieces were there."""

    code = "serial_counted"
    zh = "{item} 之后已按序列号盘点（{number}），不能在盘点之前补录或反审核。请先反审核 {number}。"
    en = "{item} was counted by serial number later ({number}); unpost that count first."


class LotDiffers(HengcangError):
    """批次资料不符 A line that says of a lot another date than the one it has."""

    code = "lot_differs"
    zh = "{where}批次 {lot} 的{label}已是 {kept}，本行填的是 {value}。请核对批号；确要更正，请改批次资料。"
    en = "{where}lot {lot} has {kept}; this line says {value}. Check the lot, or correct its record."


class LotExpired(HengcangError):
    """批次已过期 A lot past its expiry date is shipped."""

    code = "lot_expired"
    zh = "第 {line} 行：{item} 批次 {lot} 已于 {expiry} 到期，不能出库。请换批次，或办报损、退货。"
    en = "Line {line}: lot {lot} of {item} expired on {expiry}; ship another lot."


class LotExpiredWarning(HengcangError):
    """批次已过期（提示） A lot past its expiry date was shipped, where that is only said."""

    code = "lot_expired_warning"
    zh = "第 {line} 行：{item} 批次 {lot} 已于 {expiry} 到期，请留意。"
    en = "Line {line}: lot {lot} of {item} expired on {expiry}."


class LotNearExpiry(HengcangError):
    """批次近效期 A lot that expires soon was shipped."""

    code = "lot_near_expiry"
    zh = "第 {line} 行：{item} 批次 {lot} 将于 {expiry} 到期，还有 {days} 天。"
    en = "Line {line}: lot {lot} of {item} expires on {expiry}, in {days} days."


class AdjustmentOfPieces(HengcangError):
    """逐件计价不能调整 Pieces that cost each their own have no stock whose value could be adjusted as a whole."""

    code = "adjustment_of_pieces"
    zh = "第 {line} 行：{item} 按序列号个别计价，没有可以整体调整的成本。请用采购发票或费用分摊改那一件的入库成本。"
    en = "Line {line}: each piece of {item} has a cost of its own; change it by an invoice or a landed cost."
