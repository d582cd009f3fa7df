"""内存账 A ledger in memory that works as a real store must: windows, current state minus later legs, appended rows.

It never looks at the whole history when it posts. It keeps what the tables keep (moves with their rows, pool totals,
layers and their uses, monthly averages) and gives `value_moves` a window; what the engine asks for it loads, and
asks again from scratch.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hengcang.core.costing import (
    Books,
    Layer,
    LayerIn,
    Method,
    Move,
    Named,
    Needs,
    Piece,
    PoolState,
    Position,
    Tangle,
    Use,
    Valuation,
    unnamed,
    value_moves,
)

BEGINNING: Position = (0, 0, 0)


def position_of(move: Move) -> Position:
    return (move.day, move.sequence, move.id)


@dataclass
class MemoryStore:
    """`moves` are the live ones; `rows` are appended only: (move, pool side, amount, variance, day)."""

    methods: dict[int, str]
    moves: dict[int, Move] = field(default_factory=dict)
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)  # move, day, amount, variance
    quantity_rows: list[tuple[int, int, int]] = field(default_factory=list)  # move, day, quantity
    pools: dict[int, PoolState] = field(default_factory=dict)
    layers: dict[tuple[int, int, int], LayerIn] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    averages: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    run_through: int | None = None
    tangles: list[Tangle] = field(default_factory=list)
    rounds: int = 0

    def __post_init__(self) -> None:
        for pool, method in self.methods.items():
            self.pools[pool] = PoolState(method)
            self.averages[pool] = []

    def change(
        self,
        added: list[Move] = (),  # type: ignore[assignment]
        removed: list[int] = (),  # type: ignore[assignment]
        changed: list[Move] = (),  # type: ignore[assignment]
        from_day: int | None = None,
    ) -> None:
        """Posts new moves, takes reversed ones out, changes `given` or a count's quantity; then revalues."""
        old = dict(self.moves)
        touched: dict[int, Position] = {}
        for move in [*added, *changed, *(old[one] for one in removed)]:
            for pool in (move.source_pool, move.target_pool):
                if pool is not None:
                    touched[pool] = min(touched.get(pool, position_of(move)), position_of(move))
        if from_day is not None:
            for pool, method in self.methods.items():
                if method == Method.MONTHLY:
                    touched[pool] = min(touched.get(pool, (from_day, 0, 0)), (from_day, 0, 0))
        self.touch_tangles(touched, [move.named for move in [*added, *(old[one] for one in removed)]])
        for one in removed:
            del self.moves[one]
        for move in [*added, *changed]:
            self.moves[move.id] = move
        released: dict[int, Position] = {one: position_of(old[one]) for one in removed}
        taken_back = [old[move.named] for move in added if move.named is not None]
        for taker in [*(old[one] for one in removed), *taken_back]:
            if taker.named is not None:
                released[taker.named] = min(released.get(taker.named, position_of(taker)), position_of(taker))
        answer: Valuation | Needs = Needs(touched)
        starts: dict[int, Position] = {}
        while isinstance(answer, Needs):
            assert answer.pools
            for pool, position in answer.pools.items():
                assert starts.get(pool) is None or position < starts[pool], "asked for what is loaded"
                starts[pool] = self.start(old, pool, position)
            answer = value_moves(self.books(old, starts, released))
            self.rounds += 1
        self.write(old, starts, answer)

    def touch_tangles(self, touched: dict[int, Position], names: list[int | None]) -> None:
        """Loads the pools whose decisions on descent this posting could turn."""
        first = min(touched.values(), default=BEGINNING)
        for tangle in self.tangles:
            if tangle.end >= first and (tangle.leaf is None or tangle.leaf in names):
                touched[tangle.pool] = min(touched.get(tangle.pool, tangle.start), tangle.start)

    # reading

    def legs(self, moves: dict[int, Move], pool: int) -> list[tuple[Position, int, int, Move]]:
        """(position, quantity, value, move) of every leg of a pool, variances included."""
        found = []
        for move in moves.values():
            if move.source_pool == move.target_pool:
                continue
            net, variance = move.net or 0, move.variance
            if move.source_pool == pool:
                gain = -variance if move.quantity < 0 else 0
                found.append((position_of(move), -move.quantity, -net + gain, move))
            elif move.target_pool == pool:
                found.append((position_of(move), move.quantity, net - variance, move))
        return sorted(found, key=lambda leg: leg[0])

    def start(self, old: dict[int, Move], pool: int, position: Position) -> Position:
        """The position, or the last leg before it from which on the pool holds stock; else the beginning."""
        quantity = self.pools[pool].quantity
        for at, moved, _, _ in reversed(self.legs(old, pool)):
            if at < position and quantity > 0:
                return position
            quantity -= moved
            position = min(position, at)
        return position if quantity > 0 else BEGINNING

    def state(self, old: dict[int, Move], pool: int, start: Position) -> PoolState:
        """The state of a pool at a position: what it is now minus the legs from there on."""
        now = self.pools[pool]
        quantity, value = now.quantity, now.value
        later = {move.id for at, _, _, move in self.legs(old, pool) if at >= start}
        for at, moved, worth, _ in self.legs(old, pool):
            if at >= start:
                quantity -= moved
                value -= worth
        layers: tuple[Layer, ...] = ()
        if now.method == Method.FIFO:
            layers = self.layers_at(old, pool, later)
            assert sum(layer.quantity for layer in layers) == quantity
            assert sum(layer.value for layer in layers) == value
        months = [(q, v) for last_day, q, v in self.averages[pool] if last_day < start[0]]
        average = months[-1] if months else None
        assert quantity > 0 or (quantity == value == 0)
        return PoolState(now.method, quantity, value, layers=layers, average=average)

    def layers_at(self, old: dict[int, Move], pool: int, later: set[int]) -> tuple[Layer, ...]:
        given_back: dict[tuple[int, int], list[int]] = {}
        for use in self.uses:
            if use.pool == pool and use.move in later:
                back = given_back.setdefault((use.layer_move, use.layer_index), [0, 0])
                back[0] += use.quantity
                back[1] += use.value
        found = []
        for (key, move, index), layer in self.layers.items():
            if key != pool or move in later:
                continue
            back = given_back.get((move, index), [0, 0])
            quantity, value = layer.quantity_left + back[0], layer.value_left + back[1]
            if quantity:
                found.append((position_of(old[move]), Layer(move, index, quantity, value, layer.age)))
        return tuple(layer for _, layer in sorted(found, key=lambda pair: (pair[0], pair[1].index)))

    def books(self, old: dict[int, Move], starts: dict[int, Position], released: dict[int, Position]) -> Books:
        """The window from `starts` on."""

        def inside(pool: int | None, at: Position) -> bool:
            return pool is not None and pool in starts and starts[pool] <= at

        live = sorted(self.moves.values(), key=position_of)
        loaded = [m for m in live if inside(m.source_pool, position_of(m)) or inside(m.target_pool, position_of(m))]
        gone = [move for one, move in old.items() if one not in self.moves]
        groups = {move.group for move in (*loaded, *gone) if move.group is not None}
        ids = inner = {move.id for move in loaded}
        loaded = [move for move in live if move.id in ids or (move.group is not None and move.group in groups)]
        ids = {move.id for move in loaded}
        names = {move.named for move in loaded if move.named is not None}
        followers: dict[int, tuple[tuple[int, Position], ...]] = {}
        named: dict[int, Named] = {}
        back = {move.named for move in live}
        for one in ids | names | released.keys():
            takers = [move for move in live if move.named == one and move.id not in inner]
            places = [(move.source_pool or move.target_pool or 0, position_of(move)) for move in takers]
            if places:
                followers[one] = tuple(places)
            takers = [taker for taker in takers if taker.id not in back]
            if one in names and one in self.moves and (one not in ids or takers):
                move = self.moves[one]
                taken = sum(taker.net or 0 for taker in takers)
                named[one] = Named(move.net or 0, move.quantity, sum(taker.quantity for taker in takers), taken)
        pieces: dict[int, tuple[Piece, ...]] = {}
        for move in loaded:
            target = move.target_pool
            if target is None or move.net is None or self.methods[target] != Method.FIFO:
                continue
            born = sorted(layer for (pool, one, _), layer in self.layers.items() if pool == target and one == move.id)
            pieces[move.id] = tuple(Piece(layer.quantity_in, layer.value_in, layer.age) for layer in born)
        return Books(
            pools={pool: self.state(old, pool, start) for pool, start in starts.items()},
            starts=dict(starts),
            moves=unnamed(loaded, {move.id: move.quantity for move in live}),
            named=named,
            followers=followers,
            run_through=self.run_through,
            pieces=pieces,
            released=released,
        )

    # writing

    def write(self, old: dict[int, Move], starts: dict[int, Position], answer: Valuation) -> None:
        """Appends the differences and replaces the derived tables of the window."""
        for one, move in old.items():
            if one not in self.moves:
                self.rows.append((one, move.day, -(move.net or 0), -move.variance))
                self.quantity_rows.append((one, move.day, -move.quantity))
        for one, value in answer.values.items():
            move = self.moves[one]
            variance = answer.variances.get(one, 0)
            if move.net is None or value != move.net or variance != move.variance:
                self.rows.append((one, move.day, value - (move.net or 0), variance - move.variance))
            before = old[one].quantity if one in old else 0
            if before != move.quantity:
                self.quantity_rows.append((one, move.day, move.quantity - before))
            self.moves[one] = move._replace(net=value, variance=variance)
        self.pools.update(answer.pools)
        later = {
            (pool, move.id)
            for pool, start in starts.items()
            for move in [*old.values(), *self.moves.values()]
            if position_of(move) >= start
        }
        back = [use for use in self.uses if (use.pool, use.move) in later]
        self.uses = [use for use in self.uses if (use.pool, use.move) not in later] + answer.uses
        self.layers = {key: layer for key, layer in self.layers.items() if key[:2] not in later}
        for use in back:
            self.use(use, -1)
        for pool, layers in answer.layers.items():
            for layer in layers:
                self.layers[pool, layer.move, layer.index] = layer
        born = {(pool, layer.move, layer.index) for pool, layers in answer.layers.items() for layer in layers}
        for use in answer.uses:
            if (use.pool, use.layer_move, use.layer_index) not in born:
                self.use(use, 1)
        kept_tangles = [t for t in self.tangles if t.pool not in starts or t.start < starts[t.pool]]
        self.tangles = kept_tangles + answer.tangles
        for pool, months in answer.averages.items():
            kept = [month for month in self.averages[pool] if month[0] < starts[pool][0]]
            self.averages[pool] = kept + months

    def use(self, use: Use, sign: int) -> None:
        """Takes a use from the layer that was there before the window (or gives it back)."""
        key = (use.pool, use.layer_move, use.layer_index)
        layer = self.layers.get(key)
        if layer is not None:
            self.layers[key] = layer._replace(
                quantity_left=layer.quantity_left - sign * use.quantity, value_left=layer.value_left - sign * use.value
            )
