WITH lots AS (
    INSERT INTO stock_lot (product_id, name, location_id, expiration_date, use_date, removal_date, alert_date,
           create_uid, write_uid, create_date, write_date)
    SELECT l.product_id, l.lot_name, l.location_dest_id, l.date + t.expiration_time * interval '1 day',
           l.date + (t.expiration_time - t.use_time) * interval '1 day',
           l.date + (t.expiration_time - t.removal_time) * interval '1 day',
           l.date + (t.expiration_time - t.alert_time) * interval '1 day', 2, 2, now() AT TIME ZONE 'UTC',
           now() AT TIME ZONE 'UTC'
      FROM stock_move_line l
      JOIN product_product p ON p.id = l.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
     WHERE l.picking_id = %(picking_id)s
    RETURNING id, product_id, name, expiration_date, removal_date
), lines AS (
    UPDATE stock_move_line l SET state = 'done', lot_id = lots.id, date = now() AT TIME ZONE 'UTC',
           expiration_date = lots.expiration_date, removal_date = lots.removal_date, owner_id = p.owner_id
      FROM lots, stock_picking p WHERE p.id = %(picking_id)s AND l.picking_id = p.id AND l.product_id = lots.product_id AND l.lot_name = lots.name
    RETURNING l.product_id, l.lot_id, l.owner_id, l.company_id, l.location_id, l.location_dest_id, l.expiration_date,
              l.removal_date, l.quantity_product_uom AS quantity
)
INSERT INTO stock_quant (product_id, company_id, location_id, lot_id, owner_id, quantity, reserved_quantity,
       inventory_diff_quantity, inventory_quantity_set, in_date, expiration_date, removal_date, create_uid, write_uid,
       create_date, write_date)
SELECT product_id, company_id, location_dest_id, lot_id, owner_id, quantity, 0, 0, false, now() AT TIME ZONE 'UTC',
       expiration_date, removal_date, 2, 2, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' FROM lines
UNION ALL
SELECT product_id, NULL, location_id, lot_id, owner_id, -quantity, 0, 0, false, now() AT TIME ZONE 'UTC',
       expiration_date, removal_date, 2, 2, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' FROM lines;
UPDATE stock_move m SET state = 'done', date = now() AT TIME ZONE 'UTC', restrict_partner_id = p.owner_id
  FROM stock_picking p WHERE p.id = m.picking_id AND p.id = %(picking_id)s;
UPDATE stock_picking SET state = 'done', date_done = now() AT TIME ZONE 'UTC', priority = '0', is_locked = true
 WHERE id = %(picking_id)s
