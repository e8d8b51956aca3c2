SELECT lot.id, lot.name, lot.expiration_date, product.default_code, template.name, q.on_hand, q.reserved, q.bins,
       count(*) OVER ()
  FROM (SELECT q.lot_id, sum(q.quantity) AS on_hand, sum(q.reserved_quantity) AS reserved,
               count(DISTINCT q.location_id) AS bins
          FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
         WHERE q.owner_id = %(owner_id)s AND l.usage IN ('internal', 'transit')
         GROUP BY q.lot_id) q
  JOIN stock_lot lot ON lot.id = q.lot_id
  JOIN product_product product ON product.id = lot.product_id
  JOIN product_template template ON template.id = product.product_tmpl_id
 ORDER BY lot.expiration_date, lot.product_id, lot.name, lot.id LIMIT %(page)s
