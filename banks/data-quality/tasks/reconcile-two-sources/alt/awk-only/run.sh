#!/bin/sh
# awk and join-free: both files in one pass.
cd ~
{
  echo invoice,kind,bank,ledger
  awk '
    FNR == 1 { file++; next }
    file == 1 { split($0, f, ";"); r = toupper(f[2]); gsub(/[^A-Z0-9]/, "", r); if (r !~ /^INV[0-9]+$/) next
      k = substr(r, 4) + 0; gsub(/[^0-9-]/, "", f[3]); bank[k] += f[3]; keys[k] = 1 }
    file == 2 { n = split($0, f, ","); k = substr(f[1], 5) + 0; a = f[n]; sub(/\./, "", a); ledger[k] = a + 0; keys[k] = 1 }
    function money(c) { return sprintf("%d.%02d", c / 100, c % 100) }
    END { for (k in keys)
        if (!(k in bank)) print k ",missing-in-bank,," money(ledger[k])
        else if (!(k in ledger)) print k ",missing-in-ledger," money(bank[k]) ","
        else if (bank[k] != ledger[k]) print k ",amount," money(bank[k]) "," money(ledger[k]) }' bank.csv ledger.csv | sort -t, -k1,1n
} >differences.csv
