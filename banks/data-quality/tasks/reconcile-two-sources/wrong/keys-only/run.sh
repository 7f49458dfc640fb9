#!/bin/sh
# Compares keys, not amounts.
set -e
cd ~
sed -n '2,$p' bank.csv | awk -F';' '{
  ref = tolower($2); gsub(/[ -]/, "", ref)
  if (ref !~ /^inv[0-9]+$/) next
  amount = $3; gsub(/[.,]/, "", amount)
  sum[substr(ref, 4) + 0] += amount
} END { for (k in sum) printf "%d,%d\n", k, sum[k] }' >bank.norm
sed -n '2,$p' ledger.csv | sed -E 's/^INV-([0-9]+),.*,([0-9]+)\.([0-9]{2})$/\1,\2\3/' >ledger.norm
sqlite3 -bail :memory: >differences.csv <<'END'
CREATE TABLE b (k INTEGER, c INTEGER);
CREATE TABLE l (k INTEGER, c INTEGER);
.mode csv
.import bank.norm b
.import ledger.norm l
.mode list
SELECT 'invoice,kind,bank,ledger';
SELECT coalesce(b.k, l.k) || ',' || CASE WHEN b.k IS NULL THEN 'missing-in-bank' WHEN l.k IS NULL THEN 'missing-in-ledger' ELSE 'amount' END || ',' ||
  iif(b.k IS NULL, '', printf('%d.%02d', b.c / 100, b.c % 100)) || ',' || iif(l.k IS NULL, '', printf('%d.%02d', l.c / 100, l.c % 100))
FROM b FULL JOIN l ON b.k = l.k WHERE b.k IS NULL OR l.k IS NULL ORDER BY coalesce(b.k, l.k);
END
