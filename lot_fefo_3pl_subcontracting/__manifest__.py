{
    "name": "Lot Control: Subcontracting",
    "summary": "A subcontractor in the portal reads the lots it works with, not another brand's",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "lot_fefo_3pl contributors",
    "license": "LGPL-3",
    "depends": ["lot_fefo_3pl_mrp", "mrp_subcontracting"],
    "data": ["security/stock_lot_rules.xml"],
    "auto_install": True,
}
