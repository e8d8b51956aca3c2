from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user


class LotControlCommon(TransactionCase):
    """A small 3PL: one controlled warehouse, two brands, dated lots, four bins, two customers.

    ``self.env`` is the superuser's, for setting up; act as ``self.operator``, ``self.supervisor``,
    ``self.qa``, ``self.stock_user`` or ``self.employee`` with ``with_user`` to test rights.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_partners()
        cls._create_warehouse()
        cls._create_products()
        cls._create_users()

    @classmethod
    def _create_partners(cls):
        partners = cls.env["res.partner"].create(
            [
                {"name": "Brand A", "is_company": True, "email": "qa@brand-a.example"},
                {"name": "Brand B", "is_company": True, "email": "qa@brand-b.example"},
                {"name": "Consumer Carla", "email": "carla@example.com"},
                {"name": "Retailer Rita", "is_company": True, "email": "rita@retail.example"},
            ]
        )
        cls.brand_a, cls.brand_b, cls.consumer, cls.retailer = partners

    @classmethod
    def _create_warehouse(cls):
        cls.warehouse = cls.env["stock.warehouse"].create(
            {"name": "Third Party", "code": "TPL", "lot_control": True}
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.bins = cls.env["stock.location"].create(
            [
                {
                    "name": f"A-0{number}",
                    "location_id": cls.stock.id,
                    "usage": "internal",
                    "barcode": f"TPL-A-0{number}",
                }
                for number in range(1, 5)
            ]
        )
        cls.bin_1, cls.bin_2, cls.bin_3, cls.bin_4 = cls.bins
        cls.supplier_location = cls.env.ref("stock.stock_location_suppliers")
        cls.customer_location = cls.env.ref("stock.stock_location_customers")

    @classmethod
    def _create_products(cls):
        cls.category = cls.env["product.category"].create({"name": "Client Goods"})

        def dated(name, barcode, owner):
            return {
                "name": name,
                "categ_id": cls.category.id,
                "barcode": barcode,
                "is_storable": True,
                "tracking": "lot",
                "use_expiration_date": True,
                "expiration_time": 360,
                "owner_id": owner.id,
            }

        products = cls.env["product.product"].create(
            [
                dated("Vitamin C", "09520123456788", cls.brand_a),
                dated("Magnesium", "09520123456795", cls.brand_a),
                dated("Face Cream", "09520123456801", cls.brand_b),
                {
                    "name": "Comb",
                    "is_storable": True,
                    "tracking": "lot",
                    "owner_id": cls.brand_b.id,
                },
                {"name": "Flyer", "is_storable": True, "tracking": "none"},
            ]
        )
        cls.vitamin, cls.magnesium, cls.cream, cls.comb, cls.flyer = products

    @classmethod
    def _create_users(cls):
        def user(login, group):
            return new_test_user(cls.env, login=login, groups=group)

        cls.operator = user("lot_operator", "lot_fefo_3pl.lot_fefo_3pl_group_operator")
        cls.supervisor = user("lot_supervisor", "lot_fefo_3pl.lot_fefo_3pl_group_supervisor")
        cls.qa = user("lot_qa", "lot_fefo_3pl.lot_fefo_3pl_group_qa")
        cls.stock_user = user("lot_stock_user", "stock.group_stock_user")
        cls.employee = user("lot_employee", "base.group_user")

    # Steps ---------------------------------------------------------------------------------

    @classmethod
    def _lot(cls, product, name, days=None):
        """The lot ``name`` of ``product``, made if needed, expiring ``days`` from now."""
        lot = cls.env["stock.lot"].search(
            [("product_id", "=", product.id), ("name", "=", name)], limit=1
        )
        if not lot:
            vals = {"product_id": product.id, "name": name}
            if days is not None:
                vals["expiration_date"] = fields.Datetime.now() + timedelta(days=days)
            lot = cls.env["stock.lot"].create(vals)
        return lot

    @classmethod
    def _receive(cls, lot, quantity, location, owner=None):
        """Receive ``quantity`` of ``lot`` into ``location`` through a validated receipt.

        Goods of another owner than the product's brand came before the product had its brand.
        """
        brand = lot.product_id.owner_id
        if owner and owner != brand:
            lot.product_id.owner_id = False
        picking = cls._picking(
            cls.warehouse.in_type_id, cls.supplier_location, location, owner=owner
        )
        cls._move(picking, lot.product_id, quantity, lot=lot)
        cls._validate(picking)
        lot.product_id.owner_id = brand
        return picking

    @classmethod
    def _delivery(cls, demand, partner=None, owner=None, date=None):
        """A confirmed delivery from the stock zone; ``demand`` is a list of (product, quantity).

        Odoo reserves it at once.
        """
        picking = cls._picking(
            cls.warehouse.out_type_id,
            cls.warehouse.lot_stock_id,
            cls.customer_location,
            partner=partner or cls.consumer,
            owner=owner,
        )
        for product, quantity in demand:
            cls._move(picking, product, quantity)
        if date:
            picking.scheduled_date = date
        picking.action_confirm()
        return picking

    @classmethod
    def _procure(cls, product, quantity, warehouse=None, **values):
        """What a sales order does: goods of ``product`` for one customer, by the delivery route.

        :return: the moves that it makes, of several steps the first one.
        """
        warehouse = warehouse or cls.warehouse
        moves = cls.env["stock.move"]
        before = moves.search([("product_id", "=", product.id)])
        procurement = cls.env["stock.rule"].Procurement(
            product,
            quantity,
            product.uom_id,
            cls.customer_location,
            "Order",
            "SO1",
            warehouse.company_id,
            {"warehouse_id": warehouse, "partner_id": cls.consumer.id, **values},
        )
        cls.env["stock.rule"].run([procurement])
        return moves.search([("product_id", "=", product.id)]) - before

    @classmethod
    def _picking(cls, picking_type, source, destination, partner=None, owner=None):
        return cls.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "partner_id": partner.id if partner else False,
                "owner_id": owner.id if owner else False,
            }
        )

    @classmethod
    def _move(cls, picking, product, quantity, lot=None, **move_vals):
        vals = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "product_uom": product.uom_id.id,
            "picking_id": picking.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            **move_vals,
        }
        if lot is not None:
            owner = picking.owner_id or lot.owner_id
            vals["move_line_ids"] = [
                Command.create(
                    {
                        "product_id": product.id,
                        "lot_id": lot.id,
                        "quantity": quantity,
                        "location_id": picking.location_id.id,
                        "location_dest_id": picking.location_dest_id.id,
                        "owner_id": owner.id,
                        "picking_id": picking.id,
                    }
                )
            ]
        return cls.env["stock.move"].create(vals)

    @classmethod
    def _validate(cls, picking):
        """Verify by scan, mark everything picked and validate; a wizard that asks is a failure."""
        cls._verify(picking)
        picking.move_ids.picked = True
        result = picking.button_validate()
        assert result is True, f"validation asked: {result}"

    @classmethod
    def _quantity(cls, lot, location):
        """On hand quantity of ``lot`` in ``location`` and below."""
        quants = cls.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id", "child_of", location.id)]
        )
        return sum(quants.mapped("quantity"))

    @classmethod
    def _verify(cls, picking):
        """Scan every line of ``picking`` as it stands; part of what a picker does."""
        for line in picking.move_line_ids:
            if line.lot_verification_state in ("missing", "partial"):
                picking.lot_scan(
                    line.lot_id.name,
                    quantity=line.quantity_product_uom - line.lot_verified_qty,
                    location_barcode=line.location_id.barcode,
                    product_id=line.product_id.id,
                )

    @classmethod
    def _validate_verified(cls, picking):
        cls._validate(picking)

    @classmethod
    def _ship(cls, demand, partner=None):
        """Deliver given goods: ``demand`` is a list of (lot, location, quantity)."""
        picking = cls._delivery(
            [(lot.product_id, quantity) for lot, _location, quantity in demand], partner=partner
        )
        picking.do_unreserve()
        for move, (lot, location, quantity) in zip(picking.move_ids, demand, strict=True):
            move.move_line_ids = [
                Command.create(
                    {
                        **move._prepare_move_line_vals(),
                        "lot_id": lot.id,
                        "location_id": location.id,
                        "owner_id": lot.owner_id.id,
                        "quantity": quantity,
                    }
                )
            ]
        cls._give_reason(picking)
        cls._validate_verified(picking)
        return picking

    @classmethod
    def _give_reason(cls, picking, reason="Asked for by name"):
        """What a picker does who takes other goods than those whose turn it is."""
        for line, obstacles in picking.move_line_ids._get_lot_obstacles().items():
            if {obstacle.code for obstacle in obstacles} == {"deviation"}:
                cls.env["stock.lot.override"]._grant(line, reason)
