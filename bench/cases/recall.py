"""A recall to its workbook: hold, take from the orders, copy who has it, write the list."""

from bench.cast import Cast
from bench.measure import Case

OPEN_LINES = 20


class RecallOfHotLot(Case):
    """Plain Odoo has no recall to compare with."""

    work = "recall"
    columns = ("addon",)

    def __init__(self, number, deliveries):
        self.number, self.deliveries = number, deliveries
        self.title = f"{deliveries:,} customers, to the workbook"
        self.goals = (("ms", 10_000),) if number == 3 else ()

    def prepare(self, env, column):
        """The lot, promised to an order of several lines."""
        cast = Cast(env)
        order = cast.delivery(f"trace{self.number}", OPEN_LINES, 1)
        order.action_assign()
        lots = order.move_line_ids.lot_id
        if len(lots) != 1 or len(order.move_line_ids) != OPEN_LINES:
            raise AssertionError(f"{len(order.move_line_ids)} lines of {len(lots)} lots promised")
        return cast.traced_lot(self.number)[0], order

    def addon(self, env, made):
        lot, _order = made
        started = env["stock.lot.recall"].start(lot.ids, "Benchmark", "class_2")
        recall = env["stock.lot.recall"].browse(started["recall_id"])
        return recall, recall._get_document("list.xlsx")

    def outcome(self, env, made, result):
        lot, order = made
        recall, workbook = result
        if len(recall.consignee_ids) != self.deliveries or not workbook:
            raise AssertionError(f"{len(recall.consignee_ids)} customers in the recall")
        if lot in order.move_line_ids.lot_id:
            raise AssertionError("the recalled lot is still promised")
        return recall.quantity_net


def cases(size):
    return [RecallOfHotLot(*row) for row in enumerate(size.trace, start=1)]
