-- Times are milliseconds: *_ms of the wall clock (UTC since 1970), *service_ms of the service clock (time during which the server ran).
-- Points and shares in thousandths end in _m.

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('account_epoch', 0);

-- The heartbeat: how far the service clock had come when the server was last seen alive.
CREATE TABLE service_clock (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	service_ms INTEGER NOT NULL,
	wall_ms INTEGER NOT NULL,
	boot_ms INTEGER NOT NULL, -- CLOCK_BOOTTIME, of the boot named by boot_id
	boot_id TEXT NOT NULL
) STRICT;

-- Time that the service clock left out: the server was down, or the machine asleep.
CREATE TABLE outage (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('stop', 'suspend')),
	service_ms INTEGER NOT NULL, -- where the service clock stood still
	from_ms INTEGER NOT NULL,
	to_ms INTEGER NOT NULL,
	duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0)
) STRICT;
CREATE INDEX outage_service ON outage (service_ms);

CREATE TABLE account (
	id INTEGER PRIMARY KEY, -- 1 is the one local person
	name TEXT NOT NULL UNIQUE,
	role INTEGER NOT NULL,
	password TEXT, -- argon2id; NULL: no password signs in
	extra_time_m INTEGER NOT NULL DEFAULT 1000,
	disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
	created_ms INTEGER NOT NULL
) STRICT;
INSERT INTO account (id, name, role, created_ms) VALUES (1, 'local', 4, 0);

CREATE TABLE session (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	hash BLOB NOT NULL UNIQUE, -- SHA-256 of the cookie
	csrf TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	seen_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account);

CREATE TABLE token (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	hash BLOB NOT NULL UNIQUE,
	created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX token_account ON token (account);

-- Compiled, immutable versions of banks. Attempts refer to them, so none is ever deleted or changed.
CREATE TABLE bank_version (
	id INTEGER PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE, -- SHA-256 of compiled
	bank_id TEXT NOT NULL,
	compiled BLOB NOT NULL,
	created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE media (
	id INTEGER PRIMARY KEY,
	hash TEXT NOT NULL UNIQUE,
	mime TEXT NOT NULL,
	bytes BLOB NOT NULL
) STRICT;

CREATE TABLE attempt (
	key INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	account INTEGER NOT NULL REFERENCES account (id),
	version INTEGER NOT NULL REFERENCES bank_version (id),
	bank_id TEXT NOT NULL,
	exam TEXT NOT NULL,
	title TEXT NOT NULL, -- of the exam, then
	study INTEGER NOT NULL CHECK (study IN (0, 1)),
	items INTEGER NOT NULL,
	extra_m INTEGER NOT NULL,
	relaxed INTEGER NOT NULL CHECK (relaxed IN (0, 1)), -- retake rules were not enforced
	lease INTEGER NOT NULL,
	-- Where the attempt stands; service time. See struct progress in exam/exam.h.
	state INTEGER NOT NULL,
	section INTEGER NOT NULL,
	deadline_ms INTEGER NOT NULL,
	section_deadline_ms INTEGER NOT NULL,
	cursor INTEGER NOT NULL,
	closed_section INTEGER NOT NULL,
	closed_cursor INTEGER NOT NULL,
	closed_ms INTEGER NOT NULL,
	next_ms INTEGER, -- service time at which something happens by itself; NULL: never
	begun_service_ms INTEGER NOT NULL,
	started_ms INTEGER NOT NULL,
	-- The end. phase: 0 running, 1 ended and waiting for people's marks, 2 has its result
	phase INTEGER NOT NULL DEFAULT 0,
	ended_by INTEGER NOT NULL DEFAULT 0, -- 1 the candidate, 2 the time
	ended_ms INTEGER,
	ended_service_ms INTEGER,
	answered INTEGER NOT NULL DEFAULT 0,
	-- What lists show of the result: already filtered by what the exam reports.
	passed INTEGER,
	share_m INTEGER,
	release_ms INTEGER,
	brief TEXT,
	expectation TEXT
) STRICT;
CREATE INDEX attempt_account ON attempt (account, bank_id, exam, study, phase);
CREATE INDEX attempt_next ON attempt (next_ms) WHERE next_ms IS NOT NULL;
CREATE INDEX attempt_phase ON attempt (phase) WHERE phase < 2;

CREATE TABLE form (
	attempt INTEGER PRIMARY KEY REFERENCES attempt (key),
	bytes BLOB NOT NULL,
	hash TEXT NOT NULL -- SHA-256 of bytes
) STRICT;

-- Everything that a candidate did, in order; only ever appended to.
CREATE TABLE event (
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	n INTEGER NOT NULL,
	kind INTEGER NOT NULL, -- enum event_kind in store/event.h
	at_ms INTEGER NOT NULL,
	service_ms INTEGER NOT NULL,
	item INTEGER, -- index in the form
	seq INTEGER,
	late_ms INTEGER,
	flagged INTEGER,
	confidence INTEGER,
	spent_ms INTEGER,
	body BLOB, -- answers: the response as canonical JSON, NULL when cleared
	PRIMARY KEY (attempt, n)
) STRICT, WITHOUT ROWID;

-- A candidate's own notes: the last one of each item.
CREATE TABLE note (
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	item INTEGER NOT NULL,
	body BLOB NOT NULL,
	at_ms INTEGER NOT NULL,
	PRIMARY KEY (attempt, item)
) STRICT, WITHOUT ROWID;

-- Marks that people gave; the newest of an item counts.
CREATE TABLE human_mark (
	id INTEGER PRIMARY KEY,
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	item INTEGER NOT NULL,
	points_m INTEGER NOT NULL,
	marker TEXT NOT NULL,
	comment TEXT,
	at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX human_mark_attempt ON human_mark (attempt, item);

-- Signed results, verbatim. n counts the results of an attempt: a re-marked one names the one before it.
CREATE TABLE result (
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	n INTEGER NOT NULL,
	body BLOB NOT NULL,       -- the whole result, canonical JSON
	signature BLOB NOT NULL,
	hash TEXT NOT NULL,       -- SHA-256 of body
	previous TEXT NOT NULL,   -- hash of the result before; for the first one that of the form
	public_body BLOB NOT NULL, -- what the candidate may hand on
	public_signature BLOB NOT NULL,
	public_key BLOB NOT NULL,
	created_ms INTEGER NOT NULL,
	PRIMARY KEY (attempt, n)
) STRICT;

-- How each item went, for practice by what was missed and for progress over time. Unscored items are not here.
CREATE TABLE item_outcome (
	account INTEGER NOT NULL REFERENCES account (id),
	bank_id TEXT NOT NULL,
	item_id TEXT NOT NULL,
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	domain TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	release_ms INTEGER NOT NULL, -- not to be shown before
	told INTEGER NOT NULL CHECK (told IN (0, 1)), -- the candidate is told how single items went
	outcome INTEGER NOT NULL,    -- enum mark_outcome in exam/exam.h
	share_m INTEGER NOT NULL,
	confidence INTEGER,
	spent_ms INTEGER NOT NULL,
	flagged INTEGER NOT NULL CHECK (flagged IN (0, 1)),
	PRIMARY KEY (account, bank_id, item_id, attempt)
) STRICT, WITHOUT ROWID;
