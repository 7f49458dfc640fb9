#!/bin/sh
cd ~/pipeline
cat >Makefile <<'END'
all: ; @sh ./run $(DAY)
END
cat >run <<'END'
#!/bin/sh
# One script; loading replaces the day.
set -u
day=$1
mkdir -p raw clean
if [ ! -s "raw/$day.csv" ]; then
  tries=0
  until source-extract "$day" >"raw/.$day"; do
    code=$?
    tries=$((tries + 1))
    if [ $code != 75 ] || [ $tries = 5 ]; then rm -f "raw/.$day"; exit 1; fi
  done
  mv "raw/.$day" "raw/$day.csv"
fi
rows-clean "raw/$day.csv" >"clean/.$day" && mv "clean/.$day" "clean/$day.csv" || exit 1
sqlite3 warehouse.db "CREATE TABLE IF NOT EXISTS visits (day TEXT NOT NULL, place TEXT NOT NULL, count INTEGER NOT NULL); DELETE FROM visits WHERE day = '$day'"
rows-load "$day" "clean/$day.csv"
END
for day in 2026-03-01 2026-03-02 2026-03-03; do make DAY=$day || true; done
