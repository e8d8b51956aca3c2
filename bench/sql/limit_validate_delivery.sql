WITH lines AS (
    UPDATE stock_move_line SET state = 'done', date = now() AT TIME ZONE 'UTC', write_date = now() AT TIME ZONE 'UTC'
     WHERE picking_id = %(picking_id)s
    RETURNING product_id, lot_id, owner_id, location_id, location_dest_id, quantity_product_uom AS quantity
), left_bin AS (
    UPDATE stock_quant q SET quantity = q.quantity - l.quantity, reserved_quantity = q.reserved_quantity - l.quantity,
           write_date = now() AT TIME ZONE 'UTC'
      FROM (SELECT product_id, lot_id, owner_id, location_id, sum(quantity) AS quantity FROM lines
             GROUP BY product_id, lot_id, owner_id, location_id) l
     WHERE q.product_id = l.product_id AND q.lot_id = l.lot_id AND q.owner_id = l.owner_id
       AND q.location_id = l.location_id
), arriving AS (
    SELECT product_id, lot_id, owner_id, location_dest_id AS location_id, sum(quantity) AS quantity FROM lines
     GROUP BY product_id, lot_id, owner_id, location_dest_id
), known AS (
    UPDATE stock_quant q SET quantity = q.quantity + a.quantity, write_date = now() AT TIME ZONE 'UTC'
      FROM arriving a
     WHERE q.product_id = a.product_id AND q.lot_id = a.lot_id AND q.owner_id = a.owner_id
       AND q.location_id = a.location_id
    RETURNING q.product_id, q.lot_id, q.owner_id, q.location_id
)
INSERT INTO stock_quant (product_id, company_id, location_id, lot_id, owner_id, quantity, reserved_quantity,
       inventory_diff_quantity, inventory_quantity_set, in_date, expiration_date, removal_date, create_uid, write_uid,
       create_date, write_date)
SELECT a.product_id, NULL, a.location_id, a.lot_id, a.owner_id, a.quantity, 0, 0, false, now() AT TIME ZONE 'UTC',
       lot.expiration_date, lot.removal_date, 2, 2, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
  FROM arriving a JOIN stock_lot lot ON lot.id = a.lot_id
 WHERE NOT EXISTS (SELECT FROM known k WHERE k.product_id = a.product_id AND k.lot_id = a.lot_id
                      AND k.owner_id = a.owner_id AND k.location_id = a.location_id);
UPDATE stock_move m SET state = 'done', date = now() AT TIME ZONE 'UTC', write_date = now() AT TIME ZONE 'UTC',
       restrict_partner_id = p.owner_id
  FROM stock_picking p WHERE p.id = m.picking_id AND p.id = %(picking_id)s;
UPDATE stock_picking SET state = 'done', date_done = now() AT TIME ZONE 'UTC', priority = '0', is_locked = true
 WHERE id = %(picking_id)s
