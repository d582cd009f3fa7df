"""成本池 Cost pools: what leaves a pool, what comes in, and what it still owes.

A pool is (quantity, value). While it is negative, `shorts` holds the issues that went out without stock, in
order, and the pool's value is minus their provisional values. Pools only do arithmetic; which goods cover which
shortage, and whether the difference flows, is decided in `costing_replay`.
"""

from __future__ import annotations

from collections import deque

from hengcang.core.amounts import SCALE, cents, share
from hengcang.core.costing_types import Layer, LayerIn, Move, Piece, PoolState, Position, Use


class Short:
    """未满足出库 Shortage: the uncovered part of an issue, still open, at its provisional value."""

    __slots__ = ("index", "move", "quantity", "value")

    def __init__(self, index: int, move: int, quantity: int, value: int) -> None:
        self.index = index
        self.move = move
        self.quantity = quantity
        self.value = value


class OpenLayer:
    """在用成本层 Open layer: a FIFO layer during a replay."""

    __slots__ = ("age", "index", "move", "quantity", "quantity_in", "value", "value_in")

    def __init__(self, move: int, index: int, quantity: int, value: int, age: int) -> None:
        self.move = move
        self.index = index
        self.quantity = self.quantity_in = quantity
        self.value = self.value_in = value
        self.age = age


class Pool:
    """平均成本池 Average pool: moving average, and the inside of a lot or serial under 个别计价."""

    __slots__ = ("key", "last_quantity", "last_value", "quantity", "shorts", "start", "state", "value")

    def __init__(self, key: int, start: Position, state: PoolState) -> None:
        self.key = key
        self.start = start
        self.state = state
        self.quantity = state.quantity
        self.value = state.value
        self.last_quantity = state.last_quantity
        self.last_value = state.last_value
        self.shorts: deque[Short] = deque()

    def covered(self, quantity: int) -> int:
        """The part of `quantity` that the pool can give from stock."""
        return max(min(quantity, self.quantity), 0)

    def take(self, move: Move, quantity: int, wanted: int | None) -> list[Piece]:
        """Covered goods leave, at `wanted` if the pool can bear it, else at the pool's cost."""
        if quantity == self.quantity:
            value = self.value
            self.last_quantity, self.last_value = quantity, value
        elif wanted is not None and wanted <= self.value:
            value = wanted
        else:
            value = self.cost(quantity)
        self.quantity -= quantity
        self.value -= value
        return [Piece(quantity, value, move.day)]

    def cost(self, quantity: int) -> int:
        """The pool's cost of a part of its goods."""
        return share(self.value, quantity, self.quantity)

    def adjust(self, move: Move, wanted: int) -> int:
        """Takes value alone out of the pool (below zero: puts it in): none where it holds no goods, never more than is there."""
        taken = min(wanted, max(self.value, 0)) if self.quantity > 0 else 0
        self.value -= taken
        return taken

    def unknown(self, move: Move, quantity: int) -> int:
        """The value of goods that the pool does not hold: line's price, last known unit cost, reference, or nothing."""
        if move.fallback is not None:
            return share(move.fallback, quantity, abs(move.quantity))
        if self.last_quantity > 0:
            return cents(self.last_value * quantity, self.last_quantity)
        if move.reference is not None:
            return cents(move.reference * quantity, SCALE)
        return 0

    def price_in(self, move: Move, quantity: int) -> int:
        """The value of goods that come in without a price of their own."""
        return cents(self.value * quantity, self.quantity) if self.quantity > 0 else self.unknown(move, quantity)

    def averages_return(self, move: Move) -> bool:
        """Whether a customer return comes in at an average instead of its delivery's cost (全月一次)."""
        return False

    def arrivals(self, move: Move, pieces: list[Piece]) -> list[Piece]:
        """The pieces of an arrival as this pool keeps them apart."""
        if len(pieces) == 1:
            return pieces
        return [Piece(sum(piece.quantity for piece in pieces), sum(piece.value for piece in pieces), move.day)]

    def open_layer(self, move: Move, piece: Piece) -> OpenLayer | None:
        """The layer that an arrival opens, for pools that have layers."""
        return None

    def use(self, layer: OpenLayer | None, move: int, quantity: int, value: int) -> None:
        """A shortage takes from an arriving layer, for pools that have layers."""

    def put(self, layer: OpenLayer | None, quantity: int, value: int) -> None:
        """Goods come to lie in the pool."""
        self.quantity += quantity
        self.value += value

    def after(self) -> PoolState:
        """The state of the pool as a value."""
        holds = self.quantity > 0
        return PoolState(
            method=self.state.method,
            quantity=self.quantity,
            value=self.value,
            last_quantity=self.quantity if holds else self.last_quantity,
            last_value=self.value if holds else self.last_value,
            average=self.state.average,
        )


class FifoPool(Pool):
    """先进先出池 FIFO pool: layers in order of arrival, each with its own cost and age."""

    __slots__ = ("born", "indexes", "layers", "uses")

    def __init__(self, key: int, start: Position, state: PoolState) -> None:
        super().__init__(key, start, state)
        self.layers = deque(OpenLayer(*layer) for layer in state.layers)
        self.born: list[OpenLayer] = []
        self.uses: list[Use] = []
        self.indexes: dict[int, int] = {}

    def take(self, move: Move, quantity: int, wanted: int | None) -> list[Piece]:
        """Covered goods leave the named receipt's layers first, then the oldest; one piece a layer."""
        if quantity == self.quantity:
            self.last_quantity, self.last_value = quantity, self.value
        pieces: list[Piece] = []
        if move.named is not None:
            for layer in [layer for layer in self.layers if layer.move == move.named]:
                if quantity:
                    quantity -= self.draw(layer, move, quantity, pieces)
        while quantity:
            quantity -= self.draw(self.layers[0], move, quantity, pieces)
        return pieces

    def draw(self, layer: OpenLayer, move: Move, quantity: int, pieces: list[Piece]) -> int:
        """Takes up to `quantity` from one layer, adds the piece, and gives the quantity taken."""
        taken = min(quantity, layer.quantity)
        value = share(layer.value, taken, layer.quantity)
        layer.quantity -= taken
        layer.value -= value
        self.quantity -= taken
        self.value -= value
        if layer.quantity == 0:
            self.layers.remove(layer)
        self.uses.append(Use(self.key, layer.move, layer.index, move.id, taken, value))
        pieces.append(Piece(taken, value, layer.age))
        return taken

    def adjust(self, move: Move, wanted: int) -> int:
        """What is taken out is borne by the layers' values, what is put in by their quantities; a use without quantity keeps each part."""
        taken = left = super().adjust(move, wanted)
        weights = [layer.value if taken > 0 else layer.quantity for layer in self.layers]
        whole = sum(weights)
        for layer, weight in zip(self.layers, weights, strict=True):
            part = share(left, weight, whole) if weight else 0
            whole, left = whole - weight, left - part
            layer.value -= part
            if part:
                self.uses.append(Use(self.key, layer.move, layer.index, move.id, 0, part))
        return taken

    def arrivals(self, move: Move, pieces: list[Piece]) -> list[Piece]:
        """Every piece stays apart."""
        return pieces

    def open_layer(self, move: Move, piece: Piece) -> OpenLayer:
        """A new layer at the end, numbered inside its move."""
        index = self.indexes.get(move.id, 0)
        self.indexes[move.id] = index + 1
        layer = OpenLayer(move.id, index, piece.quantity, piece.value, piece.age)
        self.born.append(layer)
        return layer

    def use(self, layer: OpenLayer | None, move: int, quantity: int, value: int) -> None:
        """A shortage takes from an arriving layer."""
        assert layer is not None
        self.uses.append(Use(self.key, layer.move, layer.index, move, quantity, value))

    def put(self, layer: OpenLayer | None, quantity: int, value: int) -> None:
        """What is left of an arriving layer lies at the end of the queue."""
        assert layer is not None
        layer.quantity, layer.value = quantity, value
        if quantity:
            self.layers.append(layer)
        self.quantity += quantity
        self.value += value

    def after(self) -> PoolState:
        """The state of the pool as a value, layers included."""
        plain = super().after()
        layers = tuple(Layer(one.move, one.index, one.quantity, one.value, one.age) for one in self.layers)
        return PoolState(plain.method, plain.quantity, plain.value, plain.last_quantity, plain.last_value, layers)

    def layers_in(self) -> list[LayerIn]:
        """The layers born in the window, as rows."""
        return [LayerIn(one.move, one.index, one.quantity_in, one.value_in, one.quantity, one.value, one.age) for one in self.born]
