"""How big each generated warehouse is.

The first products of every warehouse play a part in the benchmarks (they are called *cast*
below); the rest is ordinary stock that gives the tables their weight.
"""

import dataclasses

# Bins kept free in the zones where a bin takes one product only: enough for a receipt of 100 lines.
FREE_BINS = 120


@dataclasses.dataclass(frozen=True)
class Size:
    """Row counts of one warehouse. `candidates` maps quants per product to number of products."""

    name: str
    owners: int
    products: int
    bins: int
    customers: int
    deliveries: int  # delivered lines
    open_lines: int  # reserved lines of pickings still to do
    candidates: dict
    lots_per_product: int
    bins_per_lot: int
    trace: tuple  # deliveries of the three traced lots: few, middling, hot

    @property
    def zones(self):
        """Bins per storage zone: half is shelf (mixed), a quarter each is pallet and single."""
        quarter = self.bins // 4
        return {"shelf": self.bins - 2 * quarter, "pallet": quarter, "single": quarter}

    def cast(self):
        """Return rows (role, products, lots per product, bins per lot, brand number)."""
        rows = []
        for brand, (quants, products) in enumerate(sorted(self.candidates.items()), start=1):
            lots = min(50, max(5, quants // 10))
            rows.append((f"c{quants}", products, lots, quants // lots, brand))
        rows.append(("busy", 10, 10, 10, 5))
        rows += [(f"trace{number}", 1, 2, 20, 6) for number in (1, 2, 3)]
        filled = self.zones["pallet"] - max(FREE_BINS, self.zones["pallet"] * 3 // 100)
        per_product = -(-filled // 100)
        rows.append(("pallet", 100, per_product, 1, 7))
        rows.append(("single", 100, per_product, 1, 8))
        return rows


SIZES = {
    size.name: size
    for size in (
        Size("XS", 12, 380, 600, 100, 1_000, 60, {10: 100}, 2, 2, (2, 5, 20)),
        Size("S", 20, 600, 1_000, 1_500, 10_000, 300, {10: 100, 100: 20}, 4, 3, (10, 60, 240)),
        Size(
            "M", 60, 1_200, 4_000, 8_000, 100_000, 2_000,
            {10: 100, 100: 100, 1_000: 20}, 8, 6, (10, 300, 2_400),
        ),
        Size(
            "L", 200, 5_000, 30_000, 60_000, 1_000_000, 15_000,
            {10: 100, 100: 100, 1_000: 100, 10_000: 10}, 8, 9, (10, 1_000, 24_000),
        ),
    )
}  # fmt: skip
