-- Hands-on tasks: the boxes in which candidates work, and the gradings of what became of them.

-- The box of each task that was opened, one for an item of an attempt. It goes on from a snapshot when it is lost, and from nothing after a
-- reset; its row stays after the end.
CREATE TABLE box (
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	item INTEGER NOT NULL,       -- index in the form
	name TEXT NOT NULL UNIQUE,   -- the launcher's name for it
	state INTEGER NOT NULL,      -- enum box_state in store/box.h
	resets INTEGER NOT NULL DEFAULT 0,
	restored INTEGER NOT NULL DEFAULT 0, -- how often it was lost and opened again
	restored_ms INTEGER NOT NULL DEFAULT 0,
	opened_ms INTEGER NOT NULL,
	hints INTEGER NOT NULL DEFAULT 0,    -- study: how many were shown
	gave_up INTEGER NOT NULL DEFAULT 0 CHECK (gave_up IN (0, 1)), -- study: the solution was shown
	last_check TEXT,                     -- study: what the last check said, as JSON
	PRIMARY KEY (attempt, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX box_live ON box (state) WHERE state < 2;

-- The shells of a task: numbers that the candidate's page gives, and the commands that the launcher runs for them.
CREATE TABLE shell (
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	item INTEGER NOT NULL,
	shell INTEGER NOT NULL,
	box TEXT NOT NULL,
	exec INTEGER NOT NULL,
	started_ms INTEGER NOT NULL,
	PRIMARY KEY (attempt, item, shell)
) STRICT, WITHOUT ROWID;

-- One row a grading of a task: the queue, and what came of it. The newest of an item counts; those before it are kept.
CREATE TABLE grading (
	id INTEGER PRIMARY KEY,
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	item INTEGER NOT NULL,
	n INTEGER NOT NULL,           -- which grading of this item it is, from 1
	account INTEGER NOT NULL REFERENCES account (id),
	state INTEGER NOT NULL,       -- enum grading_state in store/grading.h
	tries INTEGER NOT NULL DEFAULT 0, -- runs that gave no grade
	fence INTEGER NOT NULL DEFAULT 0, -- counts claims: only the last one may change the row
	turn INTEGER NOT NULL DEFAULT 0,  -- when the account had its last turn, in claims of all
	lease_ms INTEGER NOT NULL DEFAULT 0,      -- service time at which a claim runs out
	heartbeat_ms INTEGER NOT NULL DEFAULT 0,  -- service time at which its worker was last heard of
	not_before_ms INTEGER NOT NULL DEFAULT 0, -- service time before which it is not tried again
	queued_ms INTEGER NOT NULL,
	finished_ms INTEGER,
	reason TEXT,                  -- why an ended attempt was graded again
	snapshot TEXT,                -- SHA-256 of the candidate's layer, in the folder snapshots/
	task TEXT, grader TEXT, image TEXT, engine TEXT, -- what it was graded with: two hashes, a name, the program
	points_m INTEGER, max_m INTEGER, -- by the grader's own points
	result TEXT,                  -- what the grader said, as JSON
	observations BLOB,            -- what live checks saw, for grading the same snapshot again
	UNIQUE (attempt, item, n)
) STRICT;
CREATE INDEX grading_waiting ON grading (state, not_before_ms) WHERE state < 2;
CREATE INDEX grading_review ON grading (attempt) WHERE state = 3;
CREATE INDEX grading_turn ON grading (account, turn);

-- Recordings of terminals: files in the folder recordings/, hashed when their attempt is over.
CREATE TABLE recording (
	attempt INTEGER NOT NULL REFERENCES attempt (key),
	item INTEGER NOT NULL,
	name TEXT NOT NULL,  -- of the file
	sha256 TEXT NOT NULL,
	size INTEGER NOT NULL,
	PRIMARY KEY (attempt, item, name)
) STRICT, WITHOUT ROWID;
