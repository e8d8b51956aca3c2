SELECT partner.commercial_partner_id, brand.name, count(*), min(l.date), max(l.date), sum(l.quantity_product_uom)
  FROM stock_move_line l
  JOIN stock_picking p ON p.id = l.picking_id
  JOIN res_partner partner ON partner.id = p.partner_id
  JOIN res_partner brand ON brand.id = partner.commercial_partner_id
 WHERE l.lot_id = %(lot_id)s AND l.state = 'done'
   AND l.location_dest_id = ANY(ARRAY(SELECT id FROM stock_location WHERE usage = 'customer'))
 GROUP BY partner.commercial_partner_id, brand.name
