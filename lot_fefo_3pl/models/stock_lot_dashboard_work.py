from odoo import api, models
from odoo.fields import Domain

from .stock_lot_dashboard import GOAL, SHOWN
from .stock_lot_scan import STATUSES

REFUSED = [code for code, status in STATUSES.items() if status == "refused"]
# The exercises that the chart of mock recalls shows.
EXERCISES = 12


class StockLotDashboard(models.AbstractModel):
    """The figures about what people did in the chosen period."""

    _inherit = "stock.lot.dashboard"

    @api.model
    def _get_figures(self):
        return {
            **super()._get_figures(),
            "fefo": "stock.lot.compliance",
            "verified": "stock.lot.verified",
            "scans": "stock.lot.scan",
            "refusals": "stock.lot.refusal",
            "accuracy": "stock.lot.accuracy",
            "recalls": "stock.lot.recall",
        }

    @api.model
    def _figure_fefo(self, choice):
        compliance = self.env["stock.lot.compliance"]
        domain = self._get_domain(choice)
        title = self.env._("FEFO compliance")
        action = self._prepare_action(title, compliance._name, domain)
        rows = compliance._read_group(
            domain, ["owner_id"], ["lines_shipped:sum", "lines_in_order:sum", "deviations:sum"]
        )
        shipped, in_order = sum(row[1] for row in rows), sum(row[2] for row in rows)
        rows = sorted((row for row in rows if row[1]), key=lambda row: row[2] / row[1])[:SHOWN]
        return {
            "title": title,
            "value": self._percent(in_order, shipped),
            "hint": self.env._(
                "%(in_order)s of %(shipped)s lines left in order",
                in_order=self._number(in_order),
                shipped=self._number(shipped),
            )
            if shipped
            else self._say_nothing(),
            "level": self._judge(in_order, shipped),
            "action": action,
            "charts": [
                self._prepare_chart(
                    "fefo",
                    self.env._("FEFO compliance by brand"),
                    self._name_groups("owner_id", [row[0] for row in rows]),
                    [
                        (
                            self.env._("In order"),
                            "good",
                            [round(100 * row[2] / row[1], 2) for row in rows],
                            Domain("kind", "=", "shipped"),
                        )
                    ],
                    action,
                    unit="%",
                )
            ],
        }

    @api.model
    def _figure_verified(self, choice):
        verified = self.env["stock.lot.verified"]
        domain = self._get_domain(choice)
        title = self.env._("Verified at pick")
        action = self._prepare_action(title, verified._name, domain)
        rows = verified._read_group(domain, ["date:week"], ["lines:sum", "lines_verified:sum"])
        lines, done = sum(row[1] for row in rows), sum(row[2] for row in rows)
        return {
            "title": title,
            "value": self._percent(done, lines),
            "hint": self.env._(
                "%(done)s of %(lines)s lines were scanned in full",
                done=self._number(done),
                lines=self._number(lines),
            )
            if lines
            else self._say_nothing(),
            "level": self._judge(done, lines),
            "action": action,
            "charts": [
                self._prepare_chart(
                    "verified",
                    self.env._("Lines that left, by week"),
                    self._name_periods("date", [row[0] for row in rows]),
                    [
                        (
                            self.env._("Verified"),
                            "good",
                            [row[2] for row in rows],
                            Domain("lines_verified", "=", 1),
                        ),
                        (
                            self.env._("Not verified"),
                            "bad",
                            [row[1] - row[2] for row in rows],
                            Domain("lines_verified", "=", 0),
                        ),
                    ],
                    action,
                )
            ],
        }

    @api.model
    def _say_nothing(self):
        return self.env._("nothing left in this period")

    @api.model
    def _figure_scans(self, choice):
        scans = self.env["stock.lot.scan"]
        domain = self._get_domain(choice, owner="owner_ref", warehouse=None) & Domain(
            "main_scan_id", "=", False
        )
        if choice["warehouse"]:
            domain &= Domain(
                "picking_id", "any", [("picking_type_id.warehouse_id", "=", choice["warehouse"].id)]
            )
        refused = domain & Domain("result", "in", REFUSED)
        title = self.env._("Wrong lots stopped")
        rows = scans._read_group(refused, ["result"], ["__count"], order="__count desc")
        counts = dict(rows)
        labels = dict(scans._selection_result())
        all_refused = sum(counts.values())
        return {
            "title": title,
            "value": self._number(counts.get("wrong_lot", 0)),
            "hint": self.env._(
                "%(refused)s of %(scans)s scans were refused",
                refused=self._number(all_refused),
                scans=self._number(scans.search_count(domain)),
            ),
            "level": "plain",
            "action": self._prepare_action(
                title, scans._name, domain & Domain("result", "=", "wrong_lot")
            ),
            "charts": [
                self._prepare_chart(
                    "scans",
                    self.env._("Scans refused, by reason"),
                    [
                        (labels[result], Domain("result", "=", result))
                        for result, __ in rows[:SHOWN]
                    ],
                    [
                        (
                            self.env._("Scans"),
                            "bad",
                            [count for __, count in rows[:SHOWN]],
                            Domain.TRUE,
                        )
                    ],
                    self._prepare_action(self.env._("Scans refused"), scans._name, refused),
                )
            ],
        }

    @api.model
    def _figure_refusals(self, choice):
        refusals = self.env["stock.lot.refusal"]
        domain = self._get_domain(choice)
        title = self.env._("Mixes refused")
        action = self._prepare_action(title, refusals._name, domain)
        rows = refusals._read_group(
            domain, ["date:week"], ["__count", "location_id:count_distinct"]
        )
        return {
            "title": title,
            "value": self._number(sum(row[1] for row in rows)),
            "hint": self.env._("goods that were not let into a bin with other lots"),
            "level": "plain",
            "action": action,
            "charts": [
                self._prepare_chart(
                    "refusals",
                    self.env._("Mixes refused, by week"),
                    self._name_periods("date", [row[0] for row in rows]),
                    [(self.env._("Refused"), "warn", [row[1] for row in rows], Domain.TRUE)],
                    action,
                )
            ],
        }

    # Accuracy ----------------------------------------------------------------------------------

    @api.model
    def _figure_accuracy(self, choice):
        """Records: lots in bins without a difference. Units: what differs, of the book."""
        accuracy = self.env["stock.lot.accuracy"]
        domain = self._get_domain(choice, owner="brand_id")
        title = self.env._("Inventory accuracy")
        action = self._prepare_action(title, accuracy._name, domain)
        sums = ["lines:sum", "exact_lines:sum", "expected_qty:sum", "correct_qty:sum"]
        [(records, exact, expected, correct)] = accuracy._read_group(domain, [], sums)
        correct = max(correct or 0, 0)
        return {
            "title": title,
            "value": self._percent(correct, expected),
            "hint": self.env._(
                "of the units; of the lots in bins %(records)s (%(count)s counted)",
                records=self._percent(exact, records),
                count=self._number(records),
            )
            if records
            else self.env._("nothing was counted in this period"),
            "level": min(
                self._judge(exact, records),
                self._judge(correct, expected),
                key=["bad", "warn", "plain", "good"].index,
            ),
            "action": action,
            "charts": [
                self._chart_accuracy(name, label, domain, group, action)
                for name, label, group in (
                    (
                        "accuracy_brand",
                        self.env._("Accuracy by brand (goal: %(goal)s %%)", goal=GOAL),
                        "brand_id",
                    ),
                    (
                        "accuracy_zone",
                        self.env._("Accuracy by zone (goal: %(goal)s %%)", goal=GOAL),
                        "zone_id",
                    ),
                    (
                        "accuracy_month",
                        self.env._("Accuracy by month (goal: %(goal)s %%)", goal=GOAL),
                        "date:month",
                    ),
                )
            ],
        }

    @api.model
    def _chart_accuracy(self, key, title, domain, group, action):
        rows = self.env["stock.lot.accuracy"]._read_group(
            domain, [group], ["record_accuracy:avg", "unit_accuracy:avg"]
        )[-SHOWN:]
        groups = [row[0] for row in rows]
        bars = (
            self._name_periods("date", groups, "month")
            if group == "date:month"
            else self._name_groups(group, groups)
        )
        return self._prepare_chart(
            key,
            title,
            bars,
            [
                (label, colour, [100 * (row[place] or 0) for row in rows], Domain.TRUE)
                for label, colour, place in (
                    (self.env._("Lots in bins"), "plain", 1),
                    (self.env._("Units"), "bucket_61", 2),
                )
            ],
            action,
            unit="%",
            stacked=False,
            goal=GOAL,
        )

    # Recalls -----------------------------------------------------------------------------------

    @api.model
    def _figure_recalls(self, choice):
        """The last exercises, whenever they were: an exercise is rare."""
        recalls = self.env["stock.lot.recall"]
        domain = (
            self._get_domain(choice, date=None, warehouse=None)
            & Domain("is_mock", "=", True)
            & Domain("state", "not in", ("draft", "cancelled"))
        )
        title = self.env._("Last mock recall")
        action = self._prepare_action(title, recalls._name, domain)
        action["views"] = [[False, "list"], [False, "form"]]
        found = recalls.search(domain, order="date_requested desc, id desc", limit=EXERCISES)
        last, found = found[:1], found[::-1]
        return {
            "title": title,
            "value": self.env._("%(seconds)s s", seconds=self._number(last.seconds))
            if last
            else "–",
            "hint": self.env._("to freeze and list all customers (%(name)s)", name=last.name)
            if last
            else self.env._("no exercise yet"),
            "level": "good" if last else "warn",
            "action": action,
            "charts": [
                self._prepare_chart(
                    "recalls",
                    self.env._("Mock recalls: seconds"),
                    [(recall.name, Domain("id", "=", recall.id)) for recall in found],
                    [
                        (
                            self.env._("Freeze"),
                            "plain",
                            found.mapped("freeze_seconds"),
                            Domain.TRUE,
                        ),
                        (
                            self.env._("Trace"),
                            "bucket_61",
                            found.mapped("trace_seconds"),
                            Domain.TRUE,
                        ),
                    ],
                    action,
                )
            ],
        }
