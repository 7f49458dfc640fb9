#!/bin/sh
cd ~/pipeline
cat >Makefile <<'END'
.DELETE_ON_ERROR:
.PHONY: all
all: loaded/$(DAY)

raw/%.csv:
	@mkdir -p raw
	@for try in 1 2 3 4 5; do \
	  code=0; source-extract $* >$@.new || code=$$?; \
	  [ $$code = 0 ] && mv $@.new $@ && exit 0; \
	  [ $$code = 75 ] || break; \
	  sleep 0.1; \
	done; rm -f $@.new; exit 1

clean/%.csv: raw/%.csv
	@mkdir -p clean
	@rows-clean $< >$@.new && mv $@.new $@

loaded/%: clean/%.csv
	@mkdir -p loaded
	@[ ! -e warehouse.db ] || sqlite3 warehouse.db "DELETE FROM visits WHERE day = '$*'"
	@rows-load $* $<
	@touch $@

.PRECIOUS: raw/%.csv clean/%.csv
END
for day in 2026-03-01 2026-03-02 2026-03-03; do make DAY=$day || true; done
