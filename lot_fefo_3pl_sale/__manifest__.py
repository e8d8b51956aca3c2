{
    "name": "Lot Control: Sales",
    "summary": "Sales orders say whose goods they are for; delivery slips never show two brands",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "lot_fefo_3pl contributors",
    "license": "LGPL-3",
    "depends": ["lot_fefo_3pl", "sale_stock_product_expiry"],
    "data": [
        "views/sale_order_views.xml",
        "views/stock_picking_views.xml",
    ],
    "auto_install": True,
}
