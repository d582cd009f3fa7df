"""单据状态 Lifecycle: which state follows which, as a table of pairs.

草稿 → 待审批 → 已审批 → 已审核 → 已关闭, with 已驳回, 作废, 已红冲. 审核 (`post`) is the act that moves stock. Types that need
no approval go from draft straight to posted. Progress (未执行, 部分, 完成) is derived from links and is no state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hengcang.core.errors import ReasonRequired, TransitionRefused


class State(StrEnum):
    """状态 States of a document."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    POSTED = "posted"
    CLOSED = "closed"
    REVERSED = "reversed"
    VOID = "void"


STATE_LABELS: dict[State, str] = {
    State.DRAFT: "草稿",
    State.SUBMITTED: "待审批",
    State.APPROVED: "已审批",
    State.REJECTED: "已驳回",
    State.POSTED: "已审核",
    State.CLOSED: "已关闭",
    State.REVERSED: "已红冲",
    State.VOID: "作废",
}
STATE_TONES: dict[State, str] = {
    State.DRAFT: "default",
    State.SUBMITTED: "processing",
    State.APPROVED: "processing",
    State.REJECTED: "error",
    State.POSTED: "success",
    State.CLOSED: "default",
    State.REVERSED: "warning",
    State.VOID: "default",
}
EDITABLE = frozenset({State.DRAFT, State.REJECTED})
LIVE = frozenset({State.POSTED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Transition:
    """动作 One transition: from which states to which; whether it asks for a reason; `by_line`: it may be asked of chosen
    lines; `to_line`: each of these goes to a line of another document, so that it must be."""

    name: str
    label: str
    sources: tuple[State, ...]
    target: State
    reason: bool = False
    danger: bool = False
    by_line: bool = False
    to_line: bool = False


TRANSITIONS: dict[str, Transition] = {
    one.name: one
    for one in (
        Transition("submit", "提交审批", (State.DRAFT, State.REJECTED), State.SUBMITTED),
        Transition("approve", "审批通过", (State.SUBMITTED,), State.APPROVED),
        Transition("reject", "驳回", (State.SUBMITTED, State.APPROVED), State.REJECTED, reason=True, danger=True),
        Transition("post", "审核", (State.DRAFT, State.APPROVED), State.POSTED),
        Transition("unpost", "反审核", (State.POSTED,), State.DRAFT, danger=True),
        Transition("reverse", "红冲", (State.POSTED,), State.REVERSED, reason=True, danger=True),
        Transition("close", "关闭", (State.POSTED,), State.CLOSED, reason=True),
        Transition("reopen", "反关闭", (State.CLOSED,), State.POSTED),
        Transition("hold", "占用库存", (State.POSTED,), State.POSTED, by_line=True),
        Transition("release", "释放占用", (State.POSTED,), State.POSTED, reason=True, by_line=True),
        Transition("reassign", "转让占用", (State.POSTED,), State.POSTED, reason=True, by_line=True, to_line=True),
        Transition("void", "作废", (State.DRAFT, State.SUBMITTED, State.APPROVED, State.REJECTED), State.VOID, reason=True, danger=True),
    )
}
APPROVAL = frozenset({"submit", "approve", "reject"})
CLOSING = frozenset({"close", "reopen"})
HOLDING = frozenset({"hold", "release", "reassign"})


def transitions_of(*, approval: bool, closable: bool, reversible: bool = True, reserves: bool = False) -> tuple[Transition, ...]:
    """The transitions a type has: approval's where it is asked for, closing for orders, reversal for what a period holds, holding
    back, letting go and handing over for what reserves stock."""
    left_out = (frozenset() if approval else APPROVAL) | (frozenset() if closable else CLOSING) | (frozenset() if reserves else HOLDING)
    return tuple(one for one in TRANSITIONS.values() if one.name not in left_out and (reversible or one.name != "reverse"))


def next_state(label: str, state: State, name: str, has: Sequence[Transition], *, approval: bool) -> State:
    """The state after transition `name` of those that the type `has`. With approval a draft cannot be posted before it is approved.

    Raises:
        TransitionRefused: the state does not allow it, or the type does not have it.
    """
    transition = TRANSITIONS.get(name)
    allowed = transition is not None and transition in has
    unapproved = approval and name == "post" and state is State.DRAFT
    if allowed and transition is not None and state in transition.sources and not unapproved:
        return transition.target
    verb = transition.label if transition else name
    raise TransitionRefused(label=label, state=STATE_LABELS[state], transition=verb)


def check_reason(name: str, reason: str) -> None:
    """原因 A transition that asks for a reason is given one. Raises ReasonRequired."""
    transition = TRANSITIONS[name]
    if transition.reason and not reason.strip():
        raise ReasonRequired(path="reason", transition=transition.label)
