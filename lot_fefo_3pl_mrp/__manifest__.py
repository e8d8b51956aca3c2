{
    "name": "Lot Control: Manufacturing",
    "summary": "Recalls and traces follow lots through production, kits and unbuilding",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "lot_fefo_3pl contributors",
    "license": "LGPL-3",
    "depends": ["lot_fefo_3pl", "mrp_product_expiry"],
    "data": ["views/mrp_production_views.xml"],
    "auto_install": True,
}
