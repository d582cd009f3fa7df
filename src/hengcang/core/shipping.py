"""物流状态 Delivery: in which state the goods of a document are on their way, and which changes of it want a word of explanation."""

from __future__ import annotations

from enum import StrEnum


class DeliveryState(StrEnum):
    """物流状态 From the warehouse to the signature; refused and exception are where it does not go as it should."""

    TO_SHIP = "to_ship"
    SHIPPED = "shipped"
    ON_THE_WAY = "on_the_way"
    SIGNED = "signed"
    REFUSED = "refused"
    EXCEPTION = "exception"


DELIVERY_LABELS: dict[DeliveryState, str] = {
    DeliveryState.TO_SHIP: "待发货",
    DeliveryState.SHIPPED: "已发货",
    DeliveryState.ON_THE_WAY: "运输中",
    DeliveryState.SIGNED: "已签收",
    DeliveryState.REFUSED: "拒收",
    DeliveryState.EXCEPTION: "异常",
}
DELIVERY_TONES: dict[DeliveryState, str] = {
    DeliveryState.TO_SHIP: "warning",
    DeliveryState.SHIPPED: "processing",
    DeliveryState.ON_THE_WAY: "processing",
    DeliveryState.SIGNED: "success",
    DeliveryState.REFUSED: "error",
    DeliveryState.EXCEPTION: "error",
}
ASTRAY = frozenset({DeliveryState.REFUSED, DeliveryState.EXCEPTION})
ORDER = tuple(DeliveryState)


def wants_note(before: DeliveryState | None, after: DeliveryState) -> bool:
    """须说明 Whether a change is explained: what goes astray, and what goes back, but not what goes on after having gone astray."""
    if after in ASTRAY:
        return True
    return before is not None and before not in ASTRAY and ORDER.index(after) < ORDER.index(before)
