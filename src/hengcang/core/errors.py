"""拒绝 Refusals of the trade: one class per cause, a permanent code, numbers, and what to do next.

Programmer errors are assertions; what a user may cause is a `HengcangError`. The HTTP status is known at
the edge only. Templates are Chinese first, with an English catalogue beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple


def plain(value: object) -> object:
    """A parameter as a person reads it: decimals without trailing zeros."""
    if isinstance(value, Decimal):
        text = format(value.normalize(), "f")
        return "0" if text == "-0" else text
    return value


class HengcangError(Exception):
    """拒绝 Refusal: carries `code`, `params`, an optional `path` into the document, and two messages."""

    code: ClassVar[str] = "refused"
    zh: ClassVar[str] = "操作被拒绝。"
    en: ClassVar[str] = "The operation was refused."

    def __init__(self, *, path: str = "", **params: object) -> None:
        self.path = path
        self.params: dict[str, object] = {name: plain(value) for name, value in params.items()}
        super().__init__(self.message())

    def message(self, language: str = "zh") -> str:
        """The sentence for the user, in Chinese (`zh`) or English (`en`)."""
        return self.said(self.en if language == "en" else self.zh, language)

    def said(self, template: str, language: str) -> str:
        """A template of that language with the parameters, behind the table where the document has several."""
        english = language == "en"
        text = template.format_map(_Known(self.params))
        table = self.params.get("table_name" if english else "table")
        return f"{table}: {text}" if english and table else f"{table or ''}{text}"


class _Known(dict[str, object]):
    """Parameters of a template; one that is missing shows as nothing rather than hiding the refusal."""

    def __init__(self, params: Mapping[str, object]) -> None:
        super().__init__(params)

    def __missing__(self, key: str) -> str:
        return ""


class LineAt(NamedTuple):
    """行位置 Where a line stands: its table, its number from 1, and the table's label where the document has several of goods."""

    table: str
    number: int
    label: str = ""

    def named(self, name: str = "") -> dict[str, Any]:
        """指明 What a refusal says of the line: path (of its field `name`), number, and the table where that is not plain."""
        at = f"{self.table}.{self.number - 1}" if self.table else ""
        words: dict[str, Any] = {"path": f"{at}.{name}" if at and name else at, "line": self.number}
        if self.label:
            words |= {"table": self.label, "table_name": self.table.replace("_", " ").capitalize()}
        return words


NOWHERE = LineAt("", 0)


class InvalidDocument(HengcangError):
    """内容有误 Invalid content: several field errors at once, each with its path."""

    code = "invalid_document"
    zh = "有 {count} 处填写有误，请按提示修改。"
    en = "{count} fields need correction."

    def __init__(self, errors: Sequence[HengcangError]) -> None:
        self.errors = tuple(errors)
        super().__init__(count=len(self.errors))

    def message(self, language: str = "zh") -> str:
        """With a single error its own sentence, else the count followed by the first three."""
        if len(self.errors) == 1:
            return self.errors[0].message(language)
        first = " ".join(error.message(language) for error in self.errors[:3])
        return f"{super().message(language)} {first}"


class FieldRequired(HengcangError):
    """必填 A required field is empty."""

    code = "field_required"
    zh = "{where}请填写“{label}”。"
    en = "{where}{label} is required."


class FieldInvalid(HengcangError):
    """格式不符 A value that its field cannot take."""

    code = "field_invalid"
    zh = "{where}“{label}”的值“{value}”不可用：{reason}。"
    en = "{where}{label}: {value} is not acceptable ({reason})."


class FieldUnknown(HengcangError):
    """未知字段 A field that the type does not have or this user may not see."""

    code = "field_unknown"
    zh = "{where}没有名为“{name}”的字段，或您无权填写。"
    en = "{where}There is no field {name}, or you may not fill it."


class FieldNotNow(HengcangError):
    """此时没有此项 A value for a field that is there only while a field of the header says otherwise."""

    code = "field_not_now"
    zh = "{where}“{field}”为“{needs}”时才有“{label}”。请清空它，或先改“{field}”。"
    en = "{where}{label} is there only where {field} is “{needs}”. Leave it empty, or change that first."


class ComponentsInCircle(HengcangError):
    """清单成环 A product would be made of itself."""

    code = "components_in_circle"
    zh = "物料清单成环：组件（或组件的组件）用到了产品 {item} 自己，请去掉其中一处。"
    en = "The bills of materials run in a circle: a component (or a component of one) is made of {item} itself; take one of them out."


class NoBillOfMaterials(HengcangError):
    """没有物料清单 A product that is to be exploded has no bill of materials."""

    code = "no_bill_of_materials"
    zh = "第 {line} 行：{item} 没有启用的物料清单，请先建物料清单，或直接录入组件。"
    en = "Line {line}: {item} has no active bill of materials; make one, or enter the components."


class CostUnshared(HengcangError):
    """成本无从分摊 What goods are split into has no basis to share their cost by."""

    code = "cost_unshared"
    zh = "按{basis}无法分摊成本：各行的{basis}合计为零，请补填，或换一种分摊方式。"
    en = "The cost cannot be shared: the basis sums to zero over the lines; fill it in or choose another basis."


class EmptyDocument(HengcangError):
    """没有明细 A document without lines cannot be posted."""

    code = "empty_document"
    zh = "{label}没有明细行，请至少录入一行再审核。"
    en = "{label} has no lines; enter at least one before posting."


class NotFound(HengcangError):
    """不存在 What was asked for does not exist or may not be seen."""

    code = "not_found"
    zh = "{label}不存在，或您无权查看。"
    en = "{label} does not exist, or you may not see it."


class PermissionRefused(HengcangError):
    """无权限 The user lacks a permission."""

    code = "permission_refused"
    zh = "您没有“{permission}”的权限，请联系管理员开通。"
    en = "You lack the permission {permission}."


class KeptFromViewer(HengcangError):
    """不可查看 The user acts on what is kept from him."""

    code = "kept_from_viewer"
    zh = "不能办理“{label}”：{reason}"
    en = "{label} is not for you: {reason}"


class RevisionConflict(HengcangError):
    """已被他人修改 Somebody saved this document after it was opened."""

    code = "revision_conflict"
    zh = "这份单据已被他人修改（您看到的是第 {seen} 版，现为第 {current} 版）。请对照后再保存。"
    en = "Somebody changed this document (you saw version {seen}, it is now {current})."


class TransitionRefused(HengcangError):
    """状态不允许 The document's state does not allow this transition."""

    code = "transition_refused"
    zh = "{label}当前为“{state}”，不能{transition}。"
    en = "{label} is {state}; it cannot be: {transition}."


class ReasonRequired(HengcangError):
    """须说明原因 A transition that is explained in the audit log was asked for without a reason."""

    code = "reason_required"
    zh = "{transition}须说明原因。请填写原因后再{transition}。"
    en = "State the reason and try again: {transition}."


class NamedByDocuments(HengcangError):
    """有后续单据 Live documents name this one, so that it cannot be undone or changed."""

    code = "named_by_documents"
    zh = "{number} 已有后续单据 {followers}，不能{transition}。请先处理后续单据。"
    en = "{number} is named by {followers}; it cannot be: {transition}."


class SourceChanged(HengcangError):
    """源单已变 A source line belongs to a revision that was opened again, or its document is no longer posted."""

    code = "source_changed"
    zh = "第 {line} 行：源单 {source} 已反审核、关闭或作废，请重新选取源单。"
    en = "Line {line}: the source {source} was unposted, closed or voided; pick it again."


class SourceMismatch(HengcangError):
    """源单不符 A line names a source line that it cannot come from: another type, another item, another party."""

    code = "source_mismatch"
    zh = "第 {line} 行：源单 {source} 的{what}与本单不符，请重新选取源单。"
    en = "Line {line}: the source {source} does not fit this document ({what}); pick it again."


class ClearingMismatch(HengcangError):
    """核销不符 A payment line names a document whose open items it cannot clear."""

    code = "clearing_mismatch"
    zh = "第 {line} 行：{number} {reason}，不能在这里核销。请另选单据。"
    en = "Line {line}: {number} cannot be cleared here ({reason}); pick another document."


class MoneyLineUnclear(HengcangError):
    """款项不明 A money line is either cash on an account or a document being cleared."""

    code = "money_line_unclear"
    zh = "第 {line} 行：“结算账户”与“核销单据”须填一个，且只填一个。"
    en = "Line {line}: fill either the cash account or the document, not both."


class DiscountTooLarge(HengcangError):
    """优惠过大 A header discount above what the lines amount to."""

    code = "discount_too_large"
    zh = "整单优惠大于明细的价税合计，请改小优惠。"
    en = "The discount is larger than the lines; make it smaller."


class SamePlace(HengcangError):
    """同一仓库 A transfer from a warehouse to itself."""

    code = "same_place"
    zh = "第 {line} 行：调出与调入是同一个仓库，请改其中一个。"
    en = "Line {line}: goods cannot be transferred to the warehouse they are in."


class CountedTwice(HengcangError):
    """重复盘点 Two lines of a count state the quantity of the same goods."""

    code = "counted_twice"
    zh = "第 {line} 行：{item} 已在第 {first} 行盘点，请合并成一行。"
    en = "Line {line}: {item} is already counted in line {first}; make them one line."


class OutsideScope(HengcangError):
    """超出数据权限 A document that its maker could not see afterwards."""

    code = "outside_scope"
    zh = "这张{label}的仓库、部门或业务员超出您的数据权限，请改选。"
    en = "The warehouse, department or salesperson of this {label} lies outside your rights; pick another."


class SideKept(HengcangError):
    """方向不可见 A document of a side whose prices its maker may not see."""

    code = "side_kept"
    zh = "您无权查看这一方向的价格，不能办理这一方向的{label}。"
    en = "You may not see the prices of this side, so a {label} of it is not yours to make."


class StatementIncomplete(HengcangError):
    """对账单不完整 A statement of entries that its maker may not all see."""

    code = "statement_incomplete"
    zh = "{party}在 {last} 以前有您无权查看的单据，您做的对账单不会完整。请由可查看该单位全部往来的人来做。"
    en = "Until {last} there are documents of {party} that you may not see: have somebody make the statement who may see them all."


class StatementSent(HengcangError):
    """对账单已发出 What was sent stays of the party, side, days and currency it was sent for."""

    code = "statement_sent"
    zh = "这张对账单已经发出过，往来单位、方向、日期和币别不能再改。请照原样记下对方的答复；要另外对账请作废后新开一张。"
    en = "This statement was sent: its party, side, days and currency stay. Note the answer, or void it and make another."


class DatedBeforeSource(HengcangError):
    """早于源单 A document may not be dated before one it names."""

    code = "dated_before_source"
    zh = "单据日期 {date} 早于源单 {source} 的日期 {source_date}，请改为 {source_date} 或以后。"
    en = "The date {date} is before that of its source {source} ({source_date})."


class StockShort(HengcangError):
    """缺货 Goods are short. How many, where and when is told to who may see stock; `covered` leaves it out for others."""

    code = "stock_short"
    zh = covered_zh = "库存不足。"
    en = covered_en = "Not enough stock."
    told: ClassVar[str] = "short"
    kept: ClassVar[tuple[str, ...]] = ("line", "item", "table", "table_name")

    def covered(self) -> StockShort:
        """The same refusal without numbers, place and day."""
        kept = {name: self.params[name] for name in self.kept if name in self.params}
        return type(self)(path=self.path, **kept)

    def message(self, language: str = "zh") -> str:
        """With its numbers, or the sentence for who may not know them."""
        if self.told in self.params:
            return super().message(language)
        return self.said(self.covered_en if language == "en" else self.covered_zh, language)


class InsufficientStock(StockShort):
    """库存不足 Not enough stock; `line` counts from 1, `short` is in base units."""

    code = "insufficient_stock"
    zh = "第 {line} 行：{place} {item} 在 {date} 缺 {short} {unit}。可改数量、换仓库，或先办入库。"
    en = "Line {line}: {item} at {place} is short of {short} {unit} on {date}."
    covered_zh = "第 {line} 行：{item} 库存不足。可改数量、换仓库，或先办入库。"
    covered_en = "Line {line}: there is not enough of {item}."


class StockUndone(StockShort):
    """撤销后缺货 Undoing this would leave later issues without stock."""

    code = "stock_undone"
    zh = "撤销后 {place} {item} 在 {date} 将缺 {short} {unit}，不能反审核。请先处理之后的出库。"
    en = "Undoing this leaves {item} at {place} short of {short} {unit} on {date}."
    covered_zh = "撤销后 {item} 将库存不足，不能反审核。请先处理之后的出库。"
    covered_en = "Undoing this would leave too little of {item}."


class LineIncomplete(HengcangError):
    """行不完整 A line lacks what posting needs."""

    code = "line_incomplete"
    zh = "第 {line} 行：请填写“{label}”。"
    en = "Line {line}: {label} is required."


class AdjustmentUnborne(HengcangError):
    """成本调整无处可记 An adjustment of value that the goods in stock cannot bear: none are there, or they are not worth that much."""

    code = "adjustment_unborne"
    zh = "第 {line} 行：{item} 在这一天的库存只能承担 {borne}，不能调整 {amount}。请改金额或日期；货已售出的，改用采购发票或费用分摊。"
    en = "Line {line}: the stock of {item} on that day bears {borne}, not {amount}."


class OverFulfilment(HengcangError):
    """超出源单 More than the source line has open (plus its tolerance)."""

    code = "over_fulfilment"
    zh = "第 {line} 行：{source} 只剩 {open} {unit} 可{purpose}，本行多出 {excess} {unit}。请改数量。"
    en = "Line {line}: {source} has {open} {unit} open; this line exceeds it by {excess}."


class OverClearing(HengcangError):
    """超额核销 More is cleared than is open."""

    code = "over_clearing"
    zh = "第 {line} 行：{number} 未结金额为 {open}，本次核销 {amount}，多出 {excess}。请改金额。"
    en = "Line {line}: {number} has {open} open; clearing {amount} exceeds it by {excess}."


class PaymentUnbalanced(HengcangError):
    """收付款不平 Cash plus discount does not cover what is cleared."""

    code = "payment_unbalanced"
    zh = "实收付 {cash} 加优惠 {discount} 小于核销合计 {cleared}，差 {difference}。请改金额；退款须核销原来的预收、预付或退货单。"
    en = "Cash {cash} plus discount {discount} is less than what is cleared ({cleared}); a refund must name what it pays back."


class SameAccount(HengcangError):
    """同一账户 A transfer from a cash account to itself."""

    code = "same_account"
    zh = "第 {line} 行：转出与转入是同一个账户，请改其中一个。"
    en = "Line {line}: money cannot be transferred to the account it comes from."


class OwedToNobody(HengcangError):
    """欠款无主 What is not paid at once is owed to (or by) a party, and none is named."""

    code = "owed_to_nobody"
    zh = "第 {line} 行：没有选结算账户，就是挂账；请在单头选择往来单位，或在这一行选择结算账户。"
    en = "Line {line}: without a cash account it is a debt; name the party above, or the cash account here."


class ClearingUnbalanced(HengcangError):
    """核销不平 What is cleared on the debit side is not what is cleared on the credit side."""

    code = "clearing_unbalanced"
    zh = "应收、预付一方核销 {debit}，应付、预收一方核销 {credit}，差 {difference}。请改金额使两方相等；收付不到的差额可作尾差或坏账核销。"
    en = "What they owe ({debit}) and what we owe ({credit}) differ by {difference}; make them equal, or write the rest off."


class ControlUnfit(HengcangError):
    """科目不符 A kind of clearing that is not for this control account."""

    code = "control_unfit"
    zh = "第 {line} 行：{kind}不核销{control}。请另选单据，或改核销类型。"
    en = "Line {line}: {kind} does not clear {control}; pick another document or another kind."


class WriteOffTooLarge(HengcangError):
    """冲销超限 More is written off than the book allows at once."""

    code = "write_off_too_large"
    zh = "冲销 {amount} 超过账套规定的上限 {limit}，多出 {excess}。请改金额，或请管理员在账套设置里调高上限。"
    en = "Writing off {amount} exceeds the limit {limit} by {excess}; change the amount, or have the limit of the book raised."


class SameParty(HengcangError):
    """同一单位 A debt moved from a party to itself."""

    code = "same_party"
    zh = "转入单位与往来单位是同一家，请另选转入单位。"
    en = "The debt is moved to the party that has it; pick another."


class ChargeUnshared(HengcangError):
    """费用无从分摊 No line has any of what a charge is to be shared by."""

    code = "charge_unshared"
    zh = "各行商品都没有{basis}，费用 {amount} 无从分摊。请补录{basis}，或换一种分摊方式。"
    en = "No line has any {basis}, so {amount} cannot be shared; fill it in or share by something else."


class ChargeBelowZero(HengcangError):
    """冲减过多 A rebate or a lower price takes more off a receipt line than it cost."""

    code = "charge_below_zero"
    zh = "第 {line} 行冲减 {amount} 后，入库成本为负（现为 {cost}）。请把冲减金额改小，或改按费用、收入单入账。"
    en = "Line {line}: taking off {amount} leaves a negative cost (it is {cost})."


class ReplayTooLarge(HengcangError):
    """重算过大 A back-dated posting would replay more moves than one transaction should."""

    code = "replay_too_large"
    zh = "这笔业务之后已有 {moves} 条库存移动，超过联机重算上限 {limit}。请改用较近的日期，或由管理员执行维护命令 hengcang replay。"
    en = "This would replay {moves} moves (limit {limit}); use a later date or the maintenance command."


class BalanceTooLarge(HengcangError):
    """余额超限 A balance would grow beyond what is kept: `balance` says which, `item` of what, `most` is the limit."""

    code = "balance_too_large"
    zh = "{item} {what}将超过可记录的上限 {most}，操作没有生效。请核对数量、单位与单价。"
    en = "{item} {what} would pass what can be recorded ({most}); nothing was done. Check quantity, unit and price."
    words: ClassVar[Mapping[str, tuple[str, str]]] = {
        "quantity": ("库存数量", "stock"),
        "value": ("库存金额", "stock value"),
        "flow": ("当月收发数量或金额", "what moved in the month"),
        "party": ("往来余额", "balance of the party"),
        "turnover": ("当月科目发生额", "turnover of an account in the month"),
    }

    def message(self, language: str = "zh") -> str:
        """The balance in the words of the language."""
        words = self.words[str(self.params["balance"])]
        known = _Known({**self.params, "what": words[1 if language == "en" else 0]})
        return (self.en if language == "en" else self.zh).format_map(known).strip()


class DuplicateValue(HengcangError):
    """重复 A value that must be unique is taken."""

    code = "duplicate_value"
    zh = "{where}“{label}”的值“{value}”已被使用，请换一个。"
    en = "{where}{label}: {value} is already in use."


class InUse(HengcangError):
    """已被引用 A master record that documents use cannot be deleted."""

    code = "in_use"
    zh = "{label}“{name}”已被引用，不能删除。可改为停用。"
    en = "{label} {name} is in use; deactivate it instead."


class IdempotencyMismatch(HengcangError):
    """重复键内容不同 One idempotency key was sent with two different requests."""

    code = "idempotency_mismatch"
    zh = "同一个请求编号先后用于不同内容，请刷新页面后重试。"
    en = "The idempotency key was used for a different request."


class AmbiguousLot(HengcangError):
    """缺批次 A lot-tracked item needs its lot named."""

    code = "lot_required"
    zh = "第 {line} 行：{item} 按批次管理，请选择或填写批次。"
    en = "Line {line}: {item} is tracked by lot; name the lot."


class QueryRefused(HengcangError):
    """查询有误 A query names a field or operator that does not exist for this user."""

    code = "query_refused"
    zh = "查询条件有误：{reason}。"
    en = "The query is not acceptable: {reason}."


class PasswordRefused(HengcangError):
    """密码不可用 The old password is wrong or the new one too weak."""

    code = "password_refused"
    zh = "密码不可用：{reason}。"
    en = "The password is not acceptable: {reason}."


class LoginRefused(HengcangError):
    """登录失败 No active user has this name and password."""

    code = "login_refused"
    zh = "用户名或密码不正确。"
    en = "The user name or the password is wrong."


class TooManyAttempts(HengcangError):
    """尝试过多 Too many refused logins in a short time."""

    code = "too_many_attempts"
    zh = "登录失败次数过多，请 {minutes} 分钟后再试。"
    en = "Too many failed logins; try again in {minutes} minutes."


class ConfirmedPeriod(HengcangError):
    """已对账 What is posted is dated in a period that the party has confirmed; told, never refused."""

    code = "confirmed_period"
    zh = "{party} 已确认对账单 {number}（{first} 至 {last}），这张单据的日期在其中：对账后变动。请告知对方。"
    en = "{party} has confirmed statement {number} ({first} to {last}); this document is dated inside it. Tell them of the change."


class NotLoggedIn(HengcangError):
    """未登录 The request needs a session."""

    code = "not_logged_in"
    zh = "请先登录。"
    en = "Please log in."


class PasswordChangeRequired(HengcangError):
    """须改密码 The password was made for the user and must be changed first."""

    code = "password_change_required"
    zh = "请先修改初始密码。"
    en = "Change the initial password first."


class ImportRefused(HengcangError):
    """文件不可导入 A file that cannot be imported as a whole."""

    code = "import_refused"
    zh = "文件不能导入：{reason}。"
    en = "The file cannot be imported: {reason}."


class LastAdministrator(HengcangError):
    """最后的管理员 The only active administrator can be neither deactivated nor deleted."""

    code = "last_administrator"
    zh = "这是唯一启用的超级管理员，不能停用或删除。"
    en = "This is the only active administrator; it cannot be deactivated or deleted."


class NothingToDo(HengcangError):
    """无需处理 None of the chosen rows needs anything any more."""

    code = "nothing_to_do"
    zh = "{label}：选中的行已不需要处理（可能已在途或已恢复正常），请刷新列表后再选。"
    en = "None of the chosen rows needs anything any more; reload the list and choose again."
