"""物流的拒绝 Refusals of shipping and of what freight becomes."""

from __future__ import annotations

from hengcang.core.errors import HengcangError


class NotToShip(HengcangError):
    """不能登记物流 Only what was posted and not taken back is under way."""

    code = "not_to_ship"
    zh = "{number} 是{state}，不能登记物流。请先审核（草稿里的物流信息直接修改保存）。"
    en = "{number} is {state}: only a posted document is shipped; edit the draft instead."


class DeliveryNoteRequired(HengcangError):
    """须写说明 A refusal, an exception and a step back are explained."""

    code = "delivery_note_required"
    zh = "{number} 改为“{state}”须写说明（为什么拒收、异常或退回上一步）。请填写说明后再登记。"
    en = "{number}: say why it becomes “{state}”."


class FreightBilled(HengcangError):
    """运费已入账 What was billed already is neither changed nor billed once more."""

    code = "freight_billed"
    zh = "{where}{number} 的运费已在{bills}中，不能{verb}。请先删除、作废、反审核或红冲它。"
    en = "{where}The freight of {number} is already in {bills}; undo that first."


class NoFreight(HengcangError):
    """没有运费 Nothing was written down that somebody is paid, or it is not ours to pay."""

    code = "no_freight"
    zh = "{number} 的“{label}”没有填，或不是由我方支付，没有可带出的{transition}。请先在“登记物流”中填写。"
    en = "{number} has no freight of ours to bill: write down carrier, freight and who pays it first."


class FreightMismatch(HengcangError):
    """运费不符 A line names a document whose freight is not what this one can be."""

    code = "freight_mismatch"
    zh = "第 {line} 行：不能计入 {number} 的运费，{reason}。请去掉这一行的运费单据，或核对那张单据的物流信息。"
    en = "Line {line}: the freight of {number} does not belong here: {reason}."
