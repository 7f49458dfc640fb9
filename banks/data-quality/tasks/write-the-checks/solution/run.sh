#!/bin/sh
set -e
cd ~/checks
cat >email.sql <<'END'
SELECT id FROM customers WHERE lower(trim(email)) IN (SELECT lower(trim(email)) FROM customers GROUP BY 1 HAVING count(*) > 1);
END
cat >customer.sql <<'END'
SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.id IS NULL;
END
cat >amount.sql <<'END'
SELECT id FROM order_lines WHERE NOT (coalesce(quantity, 0) > 0 AND coalesce(price, 0) > 0);
END
cat >total.sql <<'END'
SELECT o.id FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id GROUP BY o.id, o.total
HAVING o.total IS NOT coalesce(sum(l.quantity * l.price), 0);
END
cat >date.sql <<'END'
SELECT id FROM orders WHERE date(ordered_on, '+0 days') IS NOT ordered_on OR ordered_on IS NULL;
END
