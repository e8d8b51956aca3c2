import math

from odoo import api, fields, models, tools

from ..tools.policy import Policy, resolve

# What holds where no policy says anything.
DEFAULT_SETTINGS = {
    "rotation": "fefo",
    "rotation_date": "expiration_date",
    "undated": "block",
    "min_life": "none",
    "min_life_number": 0,
    "reference_day": "ship",
    "stop_ship": "none",
    "stop_ship_days": 0,
    "alert": "odoo",
    "alert_days": 0,
    "horizon": "none",
    "horizon_days": 0,
    "lots_per_line": "none",
    "lots_per_line_number": 0,
    "lots_per_order": "none",
    "lots_per_order_number": 0,
    "date_spread": "none",
    "date_spread_days": 0,
    "lot_shortage": "partial",
    "ascending": "no",
    "exclude_returned": "no",
    "deviation": "warn",
    "verification": "line",
    "inbound_action": "hold",
    "inbound_min_days": 0,
    "inbound_min_percent": 0,
    "over_receipt": "limit",
    "over_receipt_percent": 0,
    "box_lots": "any",
}
# Numbers go with the setting that gives them a meaning.
NUMBERS_OF = {
    "lots_per_line": ("lots_per_line_number",),
    "lots_per_order": ("lots_per_order_number",),
    "date_spread": ("date_spread_days",),
    "min_life": ("min_life_number",),
    "stop_ship": ("stop_ship_days",),
    "alert": ("alert_days",),
    "horizon": ("horizon_days",),
    "inbound_action": ("inbound_min_days", "inbound_min_percent"),
    "over_receipt": ("over_receipt_percent",),
}
NUMBERS = frozenset(number for numbers in NUMBERS_OF.values() for number in numbers)
MATCH_FIELDS = {
    "order": "order_policy_id",
    "customer": "customer_id",
    "customer_tag": "customer_tag_id",
    "owner": "owner_id",
    "product": "product_id",
    "category": "categ_id",
    "warehouse": "warehouse_id",
}


class StockLotPolicy(models.Model):
    """The rules that a client sets. A setting that is left empty is taken from the next policy.

    Each setting is resolved on its own, the most specific policy first: the one that the order
    line names, then customer before customer tag, brand, product, category and warehouse; a policy
    about several of them beats one about fewer (see ``tools.policy``).
    """

    _name = "stock.lot.policy"
    _description = "Lot Policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)

    for_orders = fields.Boolean(
        "Only Where It Is Named",
        help="Holds for the order lines that name this policy, before every other one; for no"
        " others.",
    )
    order_policy_id = fields.Many2one("stock.lot.policy", compute="_compute_order_policy_id")
    warehouse_id = fields.Many2one("stock.warehouse", check_company=True, ondelete="cascade")
    owner_id = fields.Many2one("res.partner", "Brand", domain="[('parent_id', '=', False)]")
    customer_id = fields.Many2one("res.partner", domain="[('parent_id', '=', False)]")
    customer_tag_id = fields.Many2one("res.partner.category")
    product_id = fields.Many2one("product.product", check_company=True)
    categ_id = fields.Many2one("product.category", "Product Category")

    rotation = fields.Selection(
        [
            ("fefo", "First expired, first out (FEFO)"),
            ("fifo", "First in, first out (FIFO)"),
            ("lifo", "Last in, first out (LIFO)"),
            ("lefo", "Last expired, first out (LEFO)"),
            ("odoo", "Removal strategy of the category or location"),
        ],
        help="Which lot is taken first. Equal dates: the lot received first, then the smaller"
        " quantity, then the bins in order.",
    )
    rotation_date = fields.Selection(
        [
            ("expiration_date", "Expiration date"),
            ("use_date", "Best before date"),
            ("removal_date", "Removal date"),
        ],
        help="The date that FEFO and LEFO look at.",
    )
    undated = fields.Selection(
        [("block", "Never"), ("last", "After the dated ones")],
        "Goods Without Date",
        help="When goods are taken that should have an expiry date and have none.",
    )
    min_life = fields.Selection(
        [
            ("none", "None"),
            ("days", "Days"),
            ("percent", "% of the product's total life"),
        ],
        "Minimum Remaining Life",
        help="What the goods must still have when they leave, besides the days of use that the"
        " product says. Exactly that many days are enough.",
    )
    min_life_number = fields.Integer("Days or %")
    reference_day = fields.Selection(
        [
            ("today", "Today"),
            ("ship", "Planned shipping day"),
            ("delivery", "Promised delivery day"),
        ],
        help="The day on which the remaining life is measured.",
    )
    stop_ship = fields.Selection(
        [("none", "Up to the expiry day"), ("days", "Days before the expiry")],
        "Shipping Stops",
        help="From that day on nothing leaves, whoever orders it.",
    )
    stop_ship_days = fields.Integer("Days Before Expiry")
    alert = fields.Selection(
        [
            ("odoo", "On the alert date of the lot"),
            ("days", "Days before the last day on which goods can leave"),
        ],
        help="When goods are shown as nearly too old. The last day on which they can leave follows"
        " from the minimum remaining life, from the day on which shipping stops, and from the"
        " expiry and removal dates.",
    )
    alert_days = fields.Integer("Days Before the Last Day")
    horizon = fields.Selection(
        [("none", "When the order is confirmed"), ("days", "Days before shipping")],
        "Lots Are Assigned",
    )
    horizon_days = fields.Integer("Days Before Shipping")
    lots_per_line = fields.Selection(
        [("none", "Any number"), ("limit", "At most")],
        help="How many lots one order line may mix.",
    )
    lots_per_line_number = fields.Integer("Lots in a Line")
    lots_per_order = fields.Selection(
        [("none", "Any number"), ("limit", "At most")],
        help="How many lots of one product an order may mix.",
    )
    lots_per_order_number = fields.Integer("Lots in an Order")
    date_spread = fields.Selection(
        [("none", "Any"), ("limit", "At most, in days")],
        "Dates Apart",
        help="How far apart the expiry dates of one product may lie in an order.",
    )
    date_spread_days = fields.Integer("Days Apart")
    lot_shortage = fields.Selection(
        [
            ("partial", "Take what fits, back-order the rest"),
            ("cancel", "Take what fits, drop the rest"),
            ("hold", "Take nothing until the line can be filled"),
        ],
        "If the Lots Do Not Suffice",
    )
    ascending = fields.Selection(
        [("no", "Allowed"), ("yes", "Never")],
        "Older Than Last Shipped",
        help="Whether a customer may get goods that expire before those it got last.",
    )
    exclude_returned = fields.Selection(
        [("no", "Allowed"), ("yes", "Never")],
        "Lots That the Customer Returned",
    )
    deviation = fields.Selection(
        [
            ("none", "Free"),
            ("warn", "With a reason"),
            ("force", "Supervisor only"),
        ],
        "Deviation From the Rotation",
        help="When other goods leave than the rotation puts first.",
    )
    verification = fields.Selection(
        [
            ("none", "Not required"),
            ("line", "One scan per line"),
            ("unit", "Every unit is scanned"),
        ],
        "Verification at Pick",
    )
    inbound_action = fields.Selection(
        [
            ("accept", "Accept"),
            ("warn", "Ask the operator"),
            ("hold", "Accept and hold"),
            ("refuse", "Refuse"),
        ],
        "Short-Dated on Arrival",
        help="What becomes of goods that come from the brand with less life than the days and the"
        " share below ask for. With neither, the alert time of the product counts.",
    )
    inbound_min_days = fields.Integer("Days on Arrival")
    inbound_min_percent = fields.Integer("% on Arrival")
    over_receipt = fields.Selection(
        [("any", "Accept"), ("limit", "Refuse beyond, in %")],
        "More Than Expected",
        help="How much more may come than a receipt expects.",
    )
    over_receipt_percent = fields.Integer("% Over Expected")
    box_lots = fields.Selection(
        [("any", "Any lots"), ("one", "One lot of a product")],
        "Lots in a Box",
        help="Whether lots of one product may share a box that is packed for an order.",
    )

    _numbers_not_negative = models.Constraint(
        "CHECK (COALESCE(min_life_number, 0) >= 0 AND COALESCE(stop_ship_days, 0) >= 0"
        " AND COALESCE(alert_days, 0) >= 0 AND COALESCE(horizon_days, 0) >= 0"
        " AND COALESCE(date_spread_days, 0) >= 0"
        " AND COALESCE(inbound_min_days, 0) >= 0 AND COALESCE(inbound_min_percent, 0) >= 0"
        " AND COALESCE(over_receipt_percent, 0) >= 0)",
        "Days and percentages of a lot policy cannot be negative.",
    )

    _lots_limited_to_one_or_more = models.Constraint(
        "CHECK ((lots_per_line IS DISTINCT FROM 'limit' OR lots_per_line_number > 0)"
        " AND (lots_per_order IS DISTINCT FROM 'limit' OR lots_per_order_number > 0))",
        "A line and an order need at least one lot: set the number of lots.",
    )

    @api.depends("for_orders")
    def _compute_order_policy_id(self):
        """What order lines must name for the policy to hold: itself."""
        for policy in self:
            policy.order_policy_id = policy.for_orders and policy._origin

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _get_settings(self, warehouse, owner, customer, product, named=()):
        """Resolve every setting for goods of ``product`` and ``owner`` wanted by ``customer``.

        :param named: the policy that the order line names, if any.
        :return: setting name -> ``tools.policy.Setting`` (value, id of the policy it comes from).
        """
        return self._resolve(*self._get_facts(warehouse, owner, customer, product, named))

    @api.model
    def _get_demand_settings(self, warehouse, owner, customer, product, named=()):
        """The values of ``_get_settings`` as sorted pairs, the minimum life in days.

        The days stand for the two settings that they are worked out from, and alerts decide
        nothing: goods that need the same share one evaluation.
        """
        facts = self._get_facts(warehouse, owner, customer, product, named)
        return self._resolve_for_demand(*facts, product.expiration_time, product.consumption_days)

    @api.model
    def _get_facts(self, warehouse, owner, customer, product, order_policy):
        """The warehouse, and for each name of ``MATCH_FIELDS`` what policies are about of it.

        What no policy names makes no difference, so that most customers and products share what
        has been resolved for one of them.
        """
        named = self._get_named(warehouse.id)
        customer = customer.commercial_partner_id
        categories = (named["category"] and product.categ_id.parent_path) or ""
        facts = {
            "order": order_policy.ids if order_policy else (),
            "customer": customer.ids,
            "customer_tag": customer.category_id.ids if named["customer_tag"] else (),
            "owner": owner.commercial_partner_id.ids,
            "product": product.ids,
            "category": [int(category) for category in categories.split("/") if category],
            "warehouse": warehouse.ids,
        }
        return warehouse.id, tuple(named[name].intersection(facts[name]) for name in MATCH_FIELDS)

    @api.model
    @tools.ormcache("warehouse_id")
    def _get_named(self, warehouse_id):
        """For each name of ``MATCH_FIELDS`` the ids that a policy is about."""
        matches = [policy.match for policy in self._get_policies(warehouse_id)]
        return {
            name: frozenset(match[name] for match in matches if name in match)
            for name in MATCH_FIELDS
        }

    @api.model
    @tools.ormcache("warehouse_id", "facts")
    def _resolve(self, warehouse_id, facts):
        policies = self._get_policies(warehouse_id)
        return resolve(policies, dict(zip(MATCH_FIELDS, facts, strict=True)), DEFAULT_SETTINGS)

    @api.model
    @tools.ormcache("warehouse_id", "facts", "total_life", "days_of_use")
    def _resolve_for_demand(self, warehouse_id, facts, total_life, days_of_use):
        resolved = self._resolve(warehouse_id, facts)
        settings = {name: setting.value for name, setting in resolved.items()}
        settings["min_life_days"] = self._get_min_life_days(settings, total_life, days_of_use)
        for name in ("min_life", "min_life_number", "alert", "alert_days"):
            del settings[name]
        return tuple(sorted(settings.items()))

    @api.model
    @tools.ormcache("warehouse_id")
    def _get_policies(self, warehouse_id):
        company = self.env["stock.warehouse"].sudo().browse(warehouse_id).company_id
        policies = self.sudo().search([("company_id", "in", [company.id, False])])
        return [
            Policy(
                policy.id,
                {name: policy[field].id for name, field in MATCH_FIELDS.items() if policy[field]},
                policy._get_own_settings(),
            )
            for policy in policies
        ]

    def _get_own_settings(self):
        """The settings that this policy makes, numbers only with what gives them a meaning."""
        self.ensure_one()
        settings = {
            name: self[name] for name in DEFAULT_SETTINGS if self[name] and name not in NUMBERS
        }
        return settings | {
            number: self[number]
            for name, numbers in NUMBERS_OF.items()
            if name in settings
            for number in numbers
        }

    @api.model
    def _get_min_life_days(self, settings, total_life, days_of_use):
        """The days of life that goods need when they leave.

        :param settings: setting name -> value.
        :param int total_life: of the product, in days.
        :param int days_of_use: what the product needs at the customer's.
        :return: the policy's days or share of the total life, plus the days of use when the policy
            asks for a remaining life at all; 0 when it does not.
        """
        if settings["min_life"] == "none":
            return 0
        days = settings["min_life_number"]
        if settings["min_life"] == "percent":
            days = math.ceil(total_life * days / 100)
        return days + days_of_use

    @api.model
    @tools.ormcache("name", "value")
    def _is_anywhere(self, name, value):
        """Whether any policy gives the setting ``name`` this value, to skip what nobody uses."""
        return bool(self.sudo().search_count([(name, "=", value)], limit=1))

    @api.model
    def _create_default(self, warehouse):
        """The policy that a warehouse starts with when lot control is switched on."""
        return self.sudo().create(
            {
                "name": self.env._("Default of %(warehouse)s", warehouse=warehouse.name),
                "warehouse_id": warehouse.id,
                "company_id": warehouse.company_id.id,
                "sequence": 100,
                **DEFAULT_SETTINGS,
            }
        )

    @api.model
    def _describe_value(self, name, value):
        """The words that the form shows for ``value`` of the setting ``name``."""
        field = self._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        return str(value)
