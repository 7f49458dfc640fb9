#!/bin/sh
set -eu
cat >/home/candidate/bank.csv <<'END'
date;reference;amount
2026-03-02;INV-0042;1.234,50
2026-03-02;inv 7;80,00
2026-03-03; Inv-101;600,00
2026-03-03;account fee;-4,90
2026-03-04;INV-101;399,99
2026-03-05;inv-0019;12.000,00
2026-03-05;INV 300;15,10
2026-03-06;Inv-0088;70,07
2026-03-06;INV-55;0,30
2026-03-07;INV-0055;0,30
2026-03-07;INV-1200;1.000.000,00
2026-03-08;refund;20,00
2026-03-09;inv-9;99,90
2026-03-09;INV-09;-99,90
END
cat >/home/candidate/ledger.csv <<'END'
invoice,customer,amount
INV-7,Ana,80.00
INV-9,Ben,99.90
INV-19,"Cleo, Dov & Co",12000.00
INV-42,Eva,1234.50
INV-55,Finn,0.60
INV-88,Gus,70.70
INV-101,Hal,1000.00
INV-210,Ida,45.00
INV-1200,Jo,1000000.00
INV-1201,Kit,5.05
END
chown candidate: /home/candidate/*.csv
