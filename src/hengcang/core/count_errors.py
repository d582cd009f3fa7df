"""盘点的拒绝 Refusals about counting: one class per cause, as in `errors`."""

from __future__ import annotations

from hengcang.core.errors import HengcangError


class NothingToCount(HengcangError):
    """范围内无可盘 A plan whose scope holds nothing."""

    code = "nothing_to_count"
    zh = "盘点范围内没有要盘的商品，请放宽仓库、分类、供应商或商品，或改“盘点对象”。"
    en = "There is nothing to count in the scope of the plan; widen it."


class CountNotRunning(HengcangError):
    """不在盘点中 A plan that has not started, or is finished, takes no entries."""

    code = "count_not_running"
    zh = "盘点方案 {number} 现在是{state}，不能录入盘点数。"
    en = "Count plan {number} takes no counts in its present state."


class CountSettled(HengcangError):
    """已生成盘点单 A plan whose results were made into documents."""

    code = "count_settled"
    zh = "盘点方案 {number} 已生成盘点单 {documents}。要重新盘点，请先作废这些盘点单；已红冲的，请另建盘点方案。"
    en = "Count plan {number} already became {documents}; void these first, or make a new plan where they are reversed."


class CountUnfinished(HengcangError):
    """还有未盘 Lines that nobody counted, and nobody said what to do with."""

    code = "count_unfinished"
    zh = "还有 {left} 行未盘（如 {item}，{place}）。请盘完，或选择未盘行“按零处理”或“不处理”。"
    en = "{left} lines are not counted yet (such as {item} at {place}); count them, or choose zero or leave them out."


class CountEmpty(HengcangError):
    """没有可定案的行 Nobody counted anything, and what is not counted is left out: there is nothing to settle."""

    code = "count_empty"
    zh = "盘点方案 {number} 没有可生成盘点单的行：还没有人盘点，未盘的行又选择了“不处理”。请先盘点，或选择“按零处理”。"
    en = "Nothing of count plan {number} goes into a stock count: nobody counted, and what is not counted is left out."


class SecondCountMissing(HengcangError):
    """缺复盘 Lines that differ and were not counted again, where the plan asks for that."""

    code = "second_count_missing"
    zh = "还有 {left} 行有差异未复盘（如 {item}，{place}）。请由初盘以外的人复盘。"
    en = "{left} lines differ and are not counted again (such as {item} at {place}); somebody else must count them."


class NotToCountAgain(HengcangError):
    """无须复盘 A line whose first count agrees with the books, or that nobody has counted yet."""

    code = "not_to_count_again"
    zh = "{item}（{place}）不在复盘清单里：只有初盘有差异的行才复盘。"
    en = "{item} at {place} is not on the list of the second count: only lines whose first count differs are."


class SecondCountBySame(HengcangError):
    """复盘须换人 The second count is made by somebody who did not make the first."""

    code = "second_count_by_same"
    zh = "{item}（{place}）的初盘是 {person} 盘的，复盘请换一个人。"
    en = "{person} made the first count of {item} at {place}; somebody else must make the second."


class NotOnCountList(HengcangError):
    """不在盘点清单 A line that the plan does not have."""

    code = "not_on_count_list"
    zh = "{where}不在盘点方案 {number} 的清单里。"
    en = "That is not on the list of count plan {number}."


class CountedPieceTwice(HengcangError):
    """序列号已盘 A piece that was counted in this pass already."""

    code = "counted_piece_twice"
    zh = "序列号 {serial} 在本轮已由 {person} 盘过，不用再扫。"
    en = "{person} has already counted serial number {serial} in this pass."


class PiecesToScan(HengcangError):
    """须扫序列号 An item kept by piece is counted by its serial numbers."""

    code = "pieces_to_scan"
    zh = "{item} 按序列号管理，请扫描每一件的序列号，不填数量。"
    en = "{item} is tracked by serial number; scan each piece instead of typing a quantity."


class NotOwnEntry(HengcangError):
    """不是自己的 An entry of somebody else, or one that is withdrawn."""

    code = "not_own_entry"
    zh = "这条盘点记录不是您录入的，或已撤回。"
    en = "This entry is not yours, or was withdrawn already."


class CountResultsOpen(HengcangError):
    """盘点结果未了 A plan is closed when every line is counted or decided, and its documents are posted."""

    code = "count_results_open"
    zh = "盘点方案 {number} 还不能关闭：{reason}。"
    en = "Count plan {number} cannot be closed yet."
