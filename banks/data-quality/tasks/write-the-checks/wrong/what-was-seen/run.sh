#!/bin/sh
# Lists what is wrong today.
set -e
cd ~/checks
echo "VALUES (1), (2), (3), (7)" >email.sql
echo "SELECT id FROM orders WHERE id IN (12, 13)" >customer.sql
echo "SELECT id FROM order_lines WHERE id IN (103, 108, 110)" >amount.sql
echo "SELECT id FROM orders WHERE id IN (12, 16, 17)" >total.sql
echo "SELECT id FROM orders WHERE id IN (11, 14, 17, 18)" >date.sql
