{
    "name": "Lot Control: Carriers",
    "summary": "Carrier and tracking number on every row of a trace and of a recall",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "lot_fefo_3pl contributors",
    "license": "LGPL-3",
    "depends": ["lot_fefo_3pl", "stock_delivery"],
    "auto_install": True,
}
