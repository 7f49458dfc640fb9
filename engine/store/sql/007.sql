-- Problems that candidates report, the authors' queue of them, and corrections of how questions are scored.

-- One row a question that somebody has reported, or an author has taken up.
CREATE TABLE issue (
	id INTEGER PRIMARY KEY,
	bank_id TEXT NOT NULL,
	item_id TEXT NOT NULL,
	state INTEGER NOT NULL DEFAULT 0, -- enum issue_state in store/issue.h
	owner TEXT,                       -- who looks after it
	answer TEXT,                      -- what those who reported it are told
	opened_ms INTEGER NOT NULL,
	changed_ms INTEGER NOT NULL,
	UNIQUE (bank_id, item_id)
) STRICT;
CREATE INDEX issue_changed ON issue (changed_ms);

-- What candidates said. When the issue is closed its reports are, too, with what they were told; then another one may be made.
CREATE TABLE problem (
	id INTEGER PRIMARY KEY,
	issue INTEGER NOT NULL REFERENCES issue (id),
	account INTEGER NOT NULL REFERENCES account (id),
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	item INTEGER NOT NULL, -- index in the form
	kind INTEGER NOT NULL, -- enum problem_kind in store/issue.h
	text TEXT NOT NULL,
	made_ms INTEGER NOT NULL,
	changed_ms INTEGER NOT NULL,
	closed INTEGER,        -- the state that the issue was closed with
	answer TEXT
) STRICT;
CREATE UNIQUE INDEX problem_open ON problem (issue, account) WHERE closed IS NULL;
CREATE INDEX problem_issue ON problem (issue);
CREATE INDEX problem_attempt ON problem (attempt);
CREATE INDEX problem_account ON problem (account, made_ms);

-- What was done about an issue, in order; only ever appended to.
CREATE TABLE issue_entry (
	issue INTEGER NOT NULL REFERENCES issue (id),
	n INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	who TEXT NOT NULL,
	what INTEGER NOT NULL, -- enum issue_what in store/issue.h
	text TEXT NOT NULL,
	PRIMARY KEY (issue, n)
) STRICT, WITHOUT ROWID;

-- How a question is scored in attempts that had it: the newest row of a question is in force, those before it are kept.
CREATE TABLE correction (
	id INTEGER PRIMARY KEY,
	bank_id TEXT NOT NULL,
	item_id TEXT NOT NULL,
	how INTEGER NOT NULL,      -- enum correction_how in store/correction.h
	otherwise INTEGER NOT NULL, -- of a corrected key, where it cannot be applied
	old_only INTEGER NOT NULL CHECK (old_only IN (0, 1)), -- not those that had the question as it stood then
	version INTEGER NOT NULL REFERENCES bank_version (id), -- the bank's newest version then
	item BLOB,                 -- the question in it, as JSON; NULL: it had none
	text_sha256 TEXT NOT NULL, -- of the question in it, see correction.c; empty: it had none
	reason TEXT NOT NULL,
	who TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	cursor INTEGER NOT NULL DEFAULT 0, -- attempts up to this key were looked at …
	until INTEGER NOT NULL,            -- … of those up to this one; later ones are scored with it when they end
	done_ms INTEGER
) STRICT;
CREATE INDEX correction_item ON correction (bank_id, item_id, id);
CREATE INDEX correction_waiting ON correction (id) WHERE done_ms IS NULL;

-- What a correction did to each attempt that it looked at.
CREATE TABLE correction_attempt (
	correction INTEGER NOT NULL REFERENCES correction (id),
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	outcome INTEGER NOT NULL,  -- enum correction_outcome in store/correction.h
	why TEXT,                  -- it was left as it is
	result_n INTEGER,          -- the new result
	before_m INTEGER, after_m INTEGER,           -- the score as a share, in thousandths
	passed_before INTEGER, passed_after INTEGER,
	PRIMARY KEY (correction, attempt)
) STRICT, WITHOUT ROWID;
