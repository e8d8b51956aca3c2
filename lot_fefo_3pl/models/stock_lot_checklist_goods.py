from odoo import api, models
from odoo.fields import Domain

from .stock_lot_checklist import LotCheck


class StockLotChecklist(models.AbstractModel):
    """The points about products, lots, bins, brands and customers."""

    _inherit = "stock.lot.checklist"

    @api.model
    def _get_checks(self):
        return [
            *super()._get_checks(),
            "products_tracked",
            "products_owned",
            "products_dated",
            "lots_dated",
            "stock_with_lot",
            "stock_not_below_zero",
            "bins_repaired",
            "bins_with_rule",
            "bins_with_category",
            "brands_portal",
            "brands_mail",
            "brands_policy",
            "customers_life",
        ]

    # Products and lots -------------------------------------------------------------------------

    @api.model
    def _get_stock_domain(self):
        """The goods in the warehouses that count, as a domain on quants."""
        return (
            Domain("location_id.warehouse_id", "in", self._get_warehouses().ids)
            & Domain("location_id.usage", "=", "internal")
            & Domain("quantity", ">", 0)
        )

    @api.model
    def _get_handled_domain(self):
        """The products that are stored here or belong to a brand, as a domain on templates."""
        stored = Domain(
            "product_variant_ids.stock_quant_ids", "any", list(self._get_stock_domain())
        )
        own = Domain("company_id", "in", [*self.env.companies.ids, False])
        return own & Domain("is_storable", "=", True) & (stored | Domain("owner_id", "!=", False))

    @api.model
    def _check_products(self, title, why, domain, level):
        domain &= self._get_handled_domain()
        count = self.env["product.template"].search_count(domain)
        return LotCheck(title, why, count, level, self._open(title, "product.template", domain))

    @api.model
    def _check_products_tracked(self):
        return self._check_products(
            self.env._("Products are tracked by lot"),
            self.env._("What has no lot is not kept apart, not picked by expiry, not recalled."),
            Domain("tracking", "=", "none"),
            "look",
        )

    @api.model
    def _check_products_owned(self):
        return self._check_products(
            self.env._("Products have a brand"),
            self.env._("Receipts, lots and orders then belong to the brand without typing."),
            Domain("tracking", "!=", "none") & Domain("owner_id", "=", False),
            "todo",
        )

    @api.model
    def _check_products_dated(self):
        return self._check_products(
            self.env._("Products have expiry dates"),
            self.env._("Without them goods leave in the order in which they came (FIFO)."),
            Domain("tracking", "!=", "none") & Domain("use_expiration_date", "=", False),
            "look",
        )

    @api.model
    def _check_lots_dated(self):
        title = self.env._("Lots in stock have their expiry date")
        domain = (
            Domain("quant_ids", "any", list(self._get_stock_domain()))
            & Domain("product_id.use_expiration_date", "=", True)
            & Domain("expiration_date", "=", False)
        )
        return LotCheck(
            title,
            self.env._("A lot that should have a date and has none is not picked by default."),
            self.env["stock.lot"].search_count(domain),
            "todo",
            self._open(title, "stock.lot", domain),
        )

    @api.model
    def _check_stock_with_lot(self):
        title = self.env._("Stock of tracked products has its lot")
        domain = (
            self._get_stock_domain()
            & Domain("product_id.tracking", "!=", "none")
            & Domain("lot_id", "=", False)
        )
        return LotCheck(
            title,
            self.env._(
                "Units without lot can neither be picked by expiry nor recalled: count them."
            ),
            self.env["stock.quant"].search_count(domain),
            "todo",
            self._open(title, "stock.quant", domain),
        )

    @api.model
    def _check_stock_not_below_zero(self):
        title = self.env._("No lot is below zero")
        domain = (
            Domain("location_id.warehouse_id", "in", self._get_warehouses().ids)
            & Domain("location_id.usage", "=", "internal")
            & Domain("product_id.tracking", "!=", "none")
            & Domain("quantity", "<", 0)
        )
        return LotCheck(
            title,
            self.env._(
                "More was taken than recorded; such a bin gets nothing until it is counted."
            ),
            self.env["stock.quant"].search_count(domain),
            "todo",
            self._open(title, "stock.quant", domain),
        )

    # Bins --------------------------------------------------------------------------------------

    @api.model
    def _check_bins(self, title, why, domain, level):
        """A point about the bins of the stock zones: locations that hold no other locations."""
        zones = self._get_warehouses().lot_stock_id
        domain &= (
            Domain("id", "child_of", zones.ids)
            & Domain("usage", "=", "internal")
            & Domain("child_ids", "=", False)
        )
        count = self.env["stock.location"].search_count(domain)
        return LotCheck(title, why, count, level, self._open(title, "stock.location", domain))

    @api.model
    def _check_bins_repaired(self):
        title = self.env._("No bin waits for repair")
        domain = Domain("segregation_pending", "=", True) & Domain(
            "warehouse_id", "in", self._get_warehouses().ids
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_fefo_3pl.stock_location_action_pending"
        )
        return LotCheck(
            title,
            self.env._("Lots lie together there against the rule; nothing new may be put in."),
            self.env["stock.location"].search_count(domain),
            "todo",
            action,
        )

    @api.model
    def _check_bins_with_rule(self):
        return self._check_bins(
            self.env._("Bins keep lots apart"),
            self.env._("In a bin without a rule different lots of a product may lie together."),
            Domain("lot_segregation_effective", "=", "mixed"),
            "look",
        )

    @api.model
    def _check_bins_with_category(self):
        return self._check_bins(
            self.env._("Bins have a storage category"),
            self.env._("It says how much fits; without one, put-away takes a bin as endless."),
            Domain("storage_category_id", "=", False),
            "info",
        )

    # Brands and customers ----------------------------------------------------------------------

    @api.model
    def _get_brands(self):
        return self.env["res.partner"]._get_lot_brands(self._get_warehouses())

    @api.model
    def _check_brands(self, title, why, brands, level):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_fefo_3pl.res_partner_action_brand"
        )
        action |= {"name": title, "domain": [("id", "in", brands.ids)]}
        return LotCheck(title, why, len(brands), level, action)

    @api.model
    def _check_brands_portal(self):
        brands = self._get_brands()
        users = (
            self.env["res.users"]
            .sudo()
            ._read_group(
                [("share", "=", True), ("commercial_partner_id", "in", brands.ids)],
                aggregates=["commercial_partner_id:recordset"],
            )
        )
        return self._check_brands(
            self.env._("Every brand has a portal user"),
            self.env._("So the brand sees its lots, expiry dates and recalls without phoning."),
            brands - users[0][0].sudo(False),
            "look",
        )

    @api.model
    def _check_brands_mail(self):
        return self._check_brands(
            self.env._("Every brand has an e-mail address"),
            self.env._("Digests and recall lists go to it."),
            self._get_brands().filtered(lambda brand: not brand.email),
            "look",
        )

    @api.model
    def _check_brands_policy(self):
        brands = self._get_brands()
        policies = self.env["stock.lot.policy"]._read_group(
            [("owner_id", "in", brands.ids)], aggregates=["owner_id:recordset"]
        )
        return self._check_brands(
            self.env._("Every brand has its policy"),
            self.env._("Without one the default policy of the warehouse holds for its goods."),
            brands - policies[0][0],
            "info",
        )

    @api.model
    def _check_customers_life(self):
        """Companies that get deliveries and for whom no policy asks for a remaining life."""
        title = self.env._("Business customers have their minimum remaining life")
        receivers = self.env["stock.picking"]._read_group(
            [
                ("picking_type_id.code", "=", "outgoing"),
                ("picking_type_id.warehouse_id", "in", self._get_warehouses().ids),
                ("state", "!=", "cancel"),
                ("partner_id.commercial_partner_id.is_company", "=", True),
            ],
            aggregates=["partner_id:recordset"],
        )
        customers = receivers[0][0].commercial_partner_id
        policies = self.env["stock.lot.policy"].search([("min_life", "not in", [False, "none"])])
        if not all(policy.customer_id or policy.customer_tag_id for policy in policies):
            customers = customers.browse()
        customers -= policies.customer_id
        customers = customers.filtered(
            lambda customer: not customer.category_id & policies.customer_tag_id
        )
        return LotCheck(
            title,
            self.env._("Retailers often refuse goods with less; a policy per customer says it."),
            len(customers),
            "info",
            self._open(title, "res.partner", Domain("id", "in", customers.ids)),
        )
