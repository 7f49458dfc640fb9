-- The transparency log: entries, the tiles of its tree, what was signed of it, and the logs that this server is a witness of.

-- One row an entry, only ever appended to. The text of an entry is made from kind and commitment.
CREATE TABLE log_entry (
	n INTEGER PRIMARY KEY,     -- from 0, without gaps
	kind INTEGER NOT NULL,     -- enum log_kind in proctor/log.h
	reference TEXT NOT NULL,   -- names what is committed to
	salt BLOB NOT NULL,        -- 32 bytes
	commitment BLOB NOT NULL,  -- SHA-256(salt ‖ what is committed to)
	bytes BLOB                 -- what is committed to, when it stands nowhere else
) STRICT;
-- Certificates (kind 1) name their entries themselves: their ids are random, and would touch another page of the index with each append.
CREATE INDEX log_entry_reference ON log_entry (kind, reference) WHERE kind <> 1;

-- Hashes of whole subtrees, 256 in a full tile; tile n of level l holds those of 256^l entries each. Tiles of level 0 are written when they
-- are full (until then the entries themselves are at hand), those above grow by a hash whenever a tile below is full.
CREATE TABLE log_tile (
	level INTEGER NOT NULL,
	n INTEGER NOT NULL,
	hashes BLOB NOT NULL,
	PRIMARY KEY (level, n)
) STRICT;

-- Signed checkpoints: the newest, one of each day, and those that witnesses have cosigned.
CREATE TABLE log_checkpoint (
	size INTEGER PRIMARY KEY,
	body TEXT NOT NULL,       -- origin, size and root, as they are signed
	signatures TEXT NOT NULL, -- our own signature line
	created_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE log_cosignature (
	size INTEGER NOT NULL REFERENCES log_checkpoint (size),
	name TEXT NOT NULL, -- of the witness
	line TEXT NOT NULL,
	PRIMARY KEY (size, name)
) STRICT, WITHOUT ROWID;

-- As a witness of other logs: the newest checkpoint that was cosigned, by origin.
CREATE TABLE witnessed (
	origin TEXT PRIMARY KEY,
	size INTEGER NOT NULL,
	root BLOB NOT NULL,
	at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Results from before the log: their rows up to log_backlog are entered in order when the database is next opened; log_entered counts up.
INSERT INTO meta (key, value) SELECT 'log_backlog', coalesce(max(rowid), 0) FROM result;
INSERT INTO meta (key, value) VALUES ('log_entered', 0);
