from odoo import api, models
from odoo.tools import SQL


class StockLotRecallCopy(models.AbstractModel):
    """Records that copy what a trace found, as many as a lot had customers.

    A lot may have gone to tens of thousands, and their list is copied while the stock waits: all
    copies are written in one statement.
    """

    _name = "stock.lot.recall.copy"
    _description = "Copies of a Recall"

    @api.model
    def _insert_copies(self, columns):
        """One record for each place in the lists ``columns``, by field name.

        What the columns leave out has its default; stored computed fields are computed later, as
        for any record.

        :param dict columns: field name -> values of the database, False for none, all equally many.
        :return: the new records, in the order of the lists.
        """
        stored = {name: field for name, field in self._fields.items() if field.column_type}
        given = {
            name: [None if value is False else value for value in values]
            for name, values in columns.items()
        }
        defaults = {
            name: field.convert_to_column_insert(value, self)
            for name, value in self._get_default_values().items()
            if (field := stored.get(name)) and name not in given
        }
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO %(table)s (%(names)s, %(fixed)s) SELECT *, %(values)s"
                " FROM UNNEST(%(given)s) RETURNING id",
                table=SQL.identifier(self._table),
                names=SQL(", ").join(map(SQL.identifier, given)),
                fixed=SQL(", ").join(map(SQL.identifier, defaults)),
                values=SQL(", ").join(SQL("%s", value) for value in defaults.values()),
                given=SQL(", ").join(
                    SQL("CAST(%s AS %s[])", values, SQL(stored[name].column_type[1]))
                    for name, values in given.items()
                ),
            )
        )
        copies = self.browse(row_id for (row_id,) in rows)
        for name, field in stored.items():
            if field.compute and field.store and name not in given:
                self.env.add_to_compute(field, copies)
        return copies

    @api.model
    def _get_default_values(self):
        """The defaults of a new record, with who makes it and when."""
        now = self.env.cr.now()
        made = {"create_uid": self.env.uid, "write_uid": self.env.uid}
        names = [name for name, field in self._fields.items() if field.default]
        return {**self.default_get(names), **made, "create_date": now, "write_date": now}
