-- Stock is what the done lines add up to; reserved is what the open lines hold. Emptied quants are gone, as in Odoo.
INSERT INTO stock_quant (product_id, company_id, location_id, lot_id, owner_id, inventory_date, quantity,
        reserved_quantity, inventory_diff_quantity, inventory_quantity_set, in_date, expiration_date, removal_date,
        create_uid, write_uid, create_date, write_date)
SELECT q.product_id, loc.company_id, q.location_id, q.lot_id, q.owner_id,
       CASE WHEN loc.usage = 'internal' THEN make_date(extract(year FROM %(today)s::date)::int, 12, 31) END,
       q.quantity, q.reserved, 0, false, q.at, lot.expiration_date, lot.removal_date,
       %(uid)s, %(uid)s, q.at, q.last
  FROM (SELECT product_id, lot_id, owner_id, location_id, sum(quantity) AS quantity, sum(reserved) AS reserved,
               min(date) AS at, max(date) AS last
          FROM (SELECT product_id, lot_id, owner_id, location_dest_id AS location_id, quantity, 0 AS reserved, date
                  FROM stock_move_line WHERE id > %(last_line)s AND state = 'done'
                UNION ALL
                SELECT product_id, lot_id, owner_id, location_id, -quantity, 0, date
                  FROM stock_move_line WHERE id > %(last_line)s AND state = 'done'
                UNION ALL
                SELECT product_id, lot_id, owner_id, location_id, 0, quantity, create_date
                  FROM stock_move_line WHERE id > %(last_line)s AND state = 'assigned') l
         GROUP BY product_id, lot_id, owner_id, location_id
        HAVING sum(quantity) <> 0) q
  JOIN stock_location loc ON loc.id = q.location_id
  JOIN stock_lot lot ON lot.id = q.lot_id
 ORDER BY q.at, q.location_id, q.product_id, q.lot_id;

-- The lot names its place only while it is in one place (stock.lot.location_id, stored).
UPDATE stock_lot l SET location_id = q.location_id
  FROM (SELECT quant.lot_id, min(quant.location_id) AS location_id
          FROM stock_quant quant JOIN stock_location loc ON loc.id = quant.location_id
         WHERE quant.quantity > 0 AND loc.usage IN ('internal', 'transit', 'customer')
         GROUP BY quant.lot_id HAVING count(DISTINCT quant.location_id) = 1) q
 WHERE q.lot_id = l.id AND l.id IN (SELECT id FROM bench.lot);
