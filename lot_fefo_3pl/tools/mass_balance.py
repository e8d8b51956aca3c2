"""Mass balance of a lot as its custodian sees it; plain Python, no Odoo.

    In  = received + produced + returned by customers + found
    Out = shipped + sent back to the supplier + consumed + scrapped + lost
    Unexplained = In - Out - On hand

A unit that passes outside our locations (a direct delivery from the supplier) counts on both
sides, so that what was shipped is the same figure as in the trace.
"""

from collections.abc import Iterable
from typing import NamedTuple

from .lot_returns import DIGITS

OURS = ("internal", "transit")
# Which kind of location (Odoo's ``usage``) the units came from, or went to.
IN_TERMS = {
    "received": "supplier",
    "produced": "production",
    "returned": "customer",
    "found": "inventory",
}
OUT_TERMS = {
    "shipped": "customer",
    "sent_back": "supplier",
    "consumed": "production",
    "scrapped": "inventory",
    "lost": "inventory",
}
# Both go to the same kind of location; only the document tells them apart.
SCRAP_TERMS = {"scrapped": True, "lost": False}


class Flow(NamedTuple):
    """Units that moved between two kinds of location (Odoo's ``usage``)."""

    source: str
    destination: str
    is_scrap: bool
    quantity: float


def flow_terms(source: str, destination: str, is_scrap: bool) -> tuple[str | None, str | None]:
    """The in-term and the out-term a flow belongs to; None on a side that stays ours."""
    if source == destination:
        return None, None
    incoming = next((term for term, usage in IN_TERMS.items() if usage == source), None)
    outgoing = next(
        (
            term
            for term, usage in OUT_TERMS.items()
            if usage == destination and SCRAP_TERMS.get(term, is_scrap) == is_scrap
        ),
        None,
    )
    return incoming, outgoing


def mass_balance(flows: Iterable[Flow], on_hand: float) -> dict:
    """Every term, both sums, what nobody can explain, and the balance in percent.

    A lot that never came in balances at 100 percent when there is nothing of it either.
    """
    terms = dict.fromkeys((*IN_TERMS, *OUT_TERMS), 0.0)
    for flow in flows:
        for term in flow_terms(flow.source, flow.destination, flow.is_scrap):
            if term:
                terms[term] = round(terms[term] + flow.quantity, DIGITS)
    total_in = round(sum(terms[term] for term in IN_TERMS), DIGITS)
    total_out = round(sum(terms[term] for term in OUT_TERMS), DIGITS)
    return {
        **terms,
        "total_in": total_in,
        "total_out": total_out,
        "on_hand": round(on_hand, DIGITS),
        "unexplained": round(total_in - total_out - on_hand, DIGITS),
        "percent": _percent(total_in, total_out + on_hand),
    }


def _percent(total_in, accounted):
    if total_in:
        return round(100 * accounted / total_in, 2)
    return 0.0 if round(accounted, DIGITS) else 100.0
