"""What is pictured for the guides: `Shot` by `Shot`, in the order in which they are taken."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shot:
    """A picture: its file name, the page, who looks at it.

    ``record`` is a model and a domain; the first record found stands for ``{id}`` in the page.
    ``steps`` are done before the picture is taken: ``("click", selector or words)``,
    ``("fill", selector, text)``, ``("scan", barcode)``, ``("scroll", selector)``, each a method
    of ``Browser``.
    """

    name: str
    page: str
    login: str = "admin"
    mobile: bool = False
    record: tuple = ()
    steps: tuple = ()


STATION = "/odoo/lot-station"
LOT = ("stock.lot", (("name", "=", "D327A001"),))
RECALL = ("stock.lot.recall", (("is_mock", "=", False),))
OFFICE = (
    Shot("overview", "/odoo/lot-overview"),
    Shot("lots", "/odoo/controlled-lots"),
    Shot("map", "/odoo/lot-map"),
    Shot(
        "turn-on",
        "/odoo/action-stock.action_warehouse_form/{id}",
        record=("stock.warehouse", (("lot_control", "=", False),)),
        steps=(("click", "Turn On Lot Control"),),
    ),
    Shot("policies", "/odoo/lot-policies"),
    Shot(
        "policy",
        "/odoo/lot-policies/{id}",
        record=("stock.lot.policy", (("customer_id", "!=", False),)),
    ),
    Shot(
        "simulator",
        "/odoo/lot-overview",
        steps=(
            ("click", "[data-menu-xmlid='lot_fefo_3pl.lot_control_menu']"),
            ("click", "[data-menu-xmlid='lot_fefo_3pl.stock_lot_simulation_menu']"),
            ("fill", "[name=product_id] input", "NB-KID-60"),
        ),
    ),
    Shot(
        "why-not",
        "/odoo/action-stock.action_picking_tree_all/{id}",
        record=("stock.picking", (("origin", "=", "NB-10080"),)),
        steps=(("click", "[name=action_explain_lots]"),),
    ),
    Shot("holds", "/odoo/lot-holds", "qa"),
    Shot(
        "hold",
        "/odoo/controlled-lots/{id}",
        "qa",
        record=("stock.lot", (("name", "=", "CRM27C083"),)),
        steps=(
            ("click", ".o_form_statusbar [name=action_hold]"),
            ("fill", ".modal [name=reason_id] input", "Quality investigation"),
        ),
    ),
    Shot("recalls", "/odoo/lot-recalls", "qa"),
    Shot("recall", "/odoo/lot-recalls/{id}", "qa", record=RECALL),
    *(
        Shot(
            name,
            "/odoo/lot-recalls/{id}",
            "qa",
            record=RECALL,
            steps=(("click", f".o_notebook [name={page}]"), ("scroll", ".o_notebook")),
        )
        for name, page in (
            ("recall-customers", "consignees"),
            ("recall-letter", "letter"),
            ("recall-clock", "clock"),
        )
    ),
    Shot("mock-recalls", "/odoo/mock-recalls", "qa"),
    Shot("trace", "/odoo/controlled-lots/{id}", record=LOT, steps=(("click", "Trace"),)),
    Shot(
        "records",
        "/odoo/lot-overview",
        steps=(
            ("click", "[data-menu-xmlid='lot_fefo_3pl.lot_control_menu']"),
            ("click", "[data-menu-xmlid='lot_fefo_3pl.stock_lot_traceability_export_menu']"),
            ("fill", ".modal [name=lot_ids] input", "D327A001"),
        ),
    ),
    Shot("compliance", "/odoo/lot-compliance"),
    Shot("check-list", "/odoo/lot-checklist"),
    Shot("settings", "/odoo/lot-settings"),
    Shot("counts", "/odoo/action-lot_fefo_3pl.stock_lot_count_action", "supervisor"),
    Shot("audit", "/odoo/lot-audit"),
)
HANDHELD = (
    Shot("station-home", STATION, "operator", mobile=True),
    Shot(
        "station-receive",
        STATION,
        "operator",
        mobile=True,
        steps=(("click", "[data-flow=receive]"), ("scan", "106141412345678908")),
    ),
    Shot(
        "station-pick",
        STATION,
        "operator",
        mobile=True,
        steps=(("scan", "RVF/OUT/00079"),),
    ),
    Shot(
        "station-pick-wrong",
        STATION,
        "operator",
        mobile=True,
        steps=(("scan", "RVF/OUT/00075"), ("scan", "RVF-B02-2"), ("scan", "CLN27E095")),
    ),
    Shot(
        "station-pick-right",
        STATION,
        "operator",
        mobile=True,
        steps=(("scan", "RVF/OUT/00080"), ("scan", "RVF-A01-2"), ("scan", "D328B002")),
    ),
    Shot(
        "station-count",
        STATION,
        "operator",
        mobile=True,
        steps=(("click", "[data-flow=count]"), ("scan", "RVF-A02-3"), ("scan", "OM327C023")),
    ),
    Shot(
        "station-look-up",
        STATION,
        "operator",
        mobile=True,
        steps=(("click", "[data-flow=lookup]"), ("scan", "RVF-A02-5")),
    ),
)
PORTAL_PAGES = (
    ("portal-overview", "/my/lots/overview", ()),
    ("portal-lots", "/my/lots", ()),
    ("portal-lot", "/my/lots/{id}", LOT),
    ("portal-recalls", "/my/lots/recalls", ()),
)
PORTAL = tuple(
    Shot(f"{name}{suffix}", page, "northbloom", mobile, record)
    for name, page, record in PORTAL_PAGES
    for suffix, mobile in (("", False), ("-mobile", True))
)
SHOTS = (*OFFICE, *HANDHELD, *PORTAL)
