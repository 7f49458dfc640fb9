-- Signing keys, and the status lists of certificates.

-- How the seeds are sealed: the salt and cost of the Argon2id key under which each of them lies in a crypto_secretbox.
CREATE TABLE keyring (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	salt BLOB NOT NULL,
	ops INTEGER NOT NULL,
	mem INTEGER NOT NULL -- bytes
) STRICT;

CREATE TABLE signing_key (
	id INTEGER PRIMARY KEY,
	purpose INTEGER NOT NULL,  -- enum key_purpose in proctor/keys.h
	state INTEGER NOT NULL,    -- enum key_state there
	public_key BLOB NOT NULL UNIQUE,
	sealed BLOB,               -- the seed; NULL once the key may sign no more
	created_ms INTEGER NOT NULL,
	retired_ms INTEGER,        -- when it signed for the last time
	compromised_ms INTEGER,    -- from when on others may have signed with it
	signed INTEGER NOT NULL DEFAULT 0, -- how many results or certificates
	needed_ms INTEGER NOT NULL DEFAULT 0 -- until when the last of them is valid
) STRICT;
CREATE UNIQUE INDEX signing_key_active ON signing_key (purpose) WHERE state = 0;
INSERT INTO meta (key, value) VALUES ('key_epoch', 0);

-- A list of 131,072 places, each for one certificate, drawn at random.
CREATE TABLE status_list (
	id INTEGER PRIMARY KEY,
	drawn INTEGER NOT NULL DEFAULT 0,
	changes INTEGER NOT NULL DEFAULT 0, -- counts changes of values: tells a signed list that is old
	created_ms INTEGER NOT NULL
) STRICT;
INSERT INTO status_list (id, created_ms) VALUES (1, 0); -- the first one is there from the start

CREATE TABLE status_entry (
	list INTEGER NOT NULL REFERENCES status_list (id),
	place INTEGER NOT NULL,
	value INTEGER NOT NULL DEFAULT 0, -- enum status_value in proctor/keys.h
	PRIMARY KEY (list, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX status_entry_set ON status_entry (list, place, value) WHERE value > 0;
