from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class StockLotAppendOnly(models.AbstractModel):
    """Evidence: rows can be added and read, and nobody can change or remove one.

    The database enforces it with a trigger, so that it also holds for SQL, for superusers and for
    cascades. That is why such a model refers to records that Odoo deletes (moves, lines) by plain
    integers: the UPDATE of an ``ON DELETE SET NULL`` would be refused.
    """

    _name = "stock.lot.append.only"
    _description = "Append-only evidence"

    def _auto_init(self):
        res = super()._auto_init()
        if not self._abstract:
            self._create_append_only_trigger()
        return res

    def _create_append_only_trigger(self):
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION lot_fefo_3pl_refuse_change() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'The rows of %% are evidence and cannot be changed or removed',
                        TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
                END $$ LANGUAGE plpgsql
                """
            )
        )
        table = SQL.identifier(self._table)
        cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS lot_fefo_3pl_append_only ON %(table)s;
                CREATE TRIGGER lot_fefo_3pl_append_only
                    BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s
                    FOR EACH STATEMENT EXECUTE FUNCTION lot_fefo_3pl_refuse_change()
                """,
                table=table,
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise self._append_only_error()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise self._append_only_error(self.lot_id if "lot_id" in self._fields else None)

    def _append_only_error(self, lots=None):
        lots = self.env["stock.lot"] if lots is None else lots
        return UserError(
            lots._say_retention(
                self.env._(
                    "%(model)s is evidence and cannot be changed or removed.",
                    model=self._description,
                ),
                self.env._("Add a new entry that corrects it instead."),
            )
        )
