"""What may share a bin, in SQL: the constraints, the messages and the lists all start from here.

Under a lot rule, two quants of one bin that have the same *scope* must have the same *key*.
Nothing else of Odoo is needed to read this file.
"""

# What counts as one lot. The serial numbers of a product do when they expire on the same day: their
# key is made of the product and the day, below zero, so that it never meets the id of a lot. 2^22
# is more than a date has days. Goods without lot are one lot of their product.
_DAY_NUMBER = "COALESCE(expiration_day - DATE '0001-01-01', 0)"
LOT_KEY = (
    f"(CASE WHEN is_serial THEN -(product_id::bigint * 4194304 + {_DAY_NUMBER})"
    " ELSE COALESCE(lot_id, -(product_id::bigint * 4194304 + 4194303)) END)"
)
# The key of an undated lot is the lot itself: what has no expiry day shares it with nothing. Days
# count down from zero, so that they never meet an id.
_EXPIRY_KEY = (
    f"(CASE WHEN expiration_day IS NULL THEN {LOT_KEY} ELSE DATE '0001-01-01' - expiration_day END)"
)

# rule: (scope, key). Cartons on one pallet are one package. Loose goods in a place of packages keep
# one lot per product.
LOT_RULES = {
    "expiry": ("product_id", _EXPIRY_KEY),
    "package": ("COALESCE(NULLIF(outer_package_key, 0), -product_id)", LOT_KEY),
    "product": ("product_id", LOT_KEY),
    "lot": ("0", LOT_KEY),
}
OWNER_KEY = "COALESCE(owner_id, 0)"

_DEFERRED = "DEFERRABLE INITIALLY DEFERRED"


def lot_constraint(rule):
    """The exclusion constraint of stock_quant that holds the lot rule ``rule``."""
    scope, key = LOT_RULES[rule]
    elements = ["location_id WITH =", f"{key} WITH <>"]
    if scope != "0":
        elements.insert(1, f"{scope} WITH =")
    return (
        f"EXCLUDE USING gist ({', '.join(elements)})"
        f" WHERE (quantity > 0 AND lot_segregation = '{rule}') {_DEFERRED}"
    )


def owner_constraint():
    """The exclusion constraint of stock_quant that holds the rule of one owner in a bin."""
    return (
        f"EXCLUDE USING gist (location_id WITH =, {OWNER_KEY} WITH <>)"
        f" WHERE (quantity > 0 AND owner_segregation = 'owner') {_DEFERRED}"
    )


def single_row_constraint():
    """One row for the same goods in a segregated bin: the other constraints compare rows."""
    keys = ["location_id", "product_id"]
    keys += [f"COALESCE({column}, 0)" for column in ("lot_id", "package_id", "owner_id")]
    return (
        f"EXCLUDE USING gist ({', '.join(f'{key} WITH =' for key in keys)})"
        " WHERE (quantity <> 0 AND (lot_segregation <> 'mixed' OR owner_segregation <> 'mixed'))"
        f" {_DEFERRED}"
    )


def _by_rule(position):
    cases = (f"WHEN '{rule}' THEN {parts[position]}" for rule, parts in LOT_RULES.items())
    return f"(CASE lot_segregation {' '.join(cases)} END)"


# The scope and the key of any row, by its own rule; NULL where everything may mix.
SCOPE = _by_rule(0)
KEY = _by_rule(1)


# The same in Python, for goods that are only planned: see the scope and the key above.


def _expiry_key(goods):
    return goods.day or goods.lot


def _package_scope(goods):
    return ("package", goods.package) if goods.package else ("product", goods.product)


_LOT_RULES_IN_PYTHON = {
    "expiry": (lambda goods: goods.product, _expiry_key),
    "package": (_package_scope, lambda goods: goods.lot),
    "product": (lambda goods: goods.product, lambda goods: goods.lot),
    "lot": (lambda goods: 0, lambda goods: goods.lot),
}


def may_share(lot_rule, owner_rule, goods, others):
    """Whether ``goods`` may lie beside ``others`` under a bin's two rules.

    Goods have a ``product``, a ``lot`` (any value that tells lots of all products apart; the same
    for serial numbers that count as one), a ``day`` of expiry or None, a ``package`` or None, and
    an ``owner``.
    """
    if owner_rule == "owner" and goods.owner != others.owner:
        return False
    if lot_rule == "mixed":
        return True
    scope, key = _LOT_RULES_IN_PYTHON[lot_rule]
    return scope(goods) != scope(others) or key(goods) == key(others)
