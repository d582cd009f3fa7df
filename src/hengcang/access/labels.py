"""权限名称 How permissions are called: the words a refusal and the role's form use."""

from __future__ import annotations

ACTIONS: dict[str, str] = {
    "*": "全部操作",
    "view": "查看",
    "create": "新建",
    "change": "修改",
    "delete": "删除",
    "export": "导出",
    "import": "导入",
    "print": "打印",
    "submit": "提交",
    "approve": "审批",
    "reject": "驳回",
    "post": "审核",
    "unpost": "反审核",
    "reverse": "红冲",
    "close": "关闭",
    "reopen": "重新打开",
    "hold": "占用库存",
    "release": "释放占用",
    "reassign": "转让占用",
    "void": "作废",
    "ship": "登记物流",
    "count": "录入盘点",
    "override_credit": "超信用放行",
}
SHOWING = frozenset(
    (
        "create",
        "change",
        "submit",
        "approve",
        "reject",
        "post",
        "unpost",
        "reverse",
        "close",
        "reopen",
        "hold",
        "release",
        "reassign",
        "void",
        "ship",
        "convert",
        "copy",
    )
)
"""What answers with the record that it made or changed: who may do it may see the record (含查看)."""
_records: set[str] = set()
_subjects: dict[str, str] = {"*": "全部", "book": "账套设置", "audit": "操作日志"}


def name_subject(subject: str, label: str, *, kept: bool) -> None:
    """登记 Tell how a subject is called, and whether it is records that are kept (a report is not); the registry does so."""
    _subjects[subject] = label
    if kept:
        _records.add(subject)


def is_kept(subject: str) -> bool:
    """Whether a subject is a type of records."""
    return subject in _records


def permission_label(subject: str, action: str) -> str:
    """权限名 For example 采购入库单·审核."""
    return f"{_subjects.get(subject, subject)}·{ACTIONS.get(action, action)}"
