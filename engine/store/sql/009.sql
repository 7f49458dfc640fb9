-- What a bank falls back to when its folder is refused at a start: its last release, until when it holds, and who was trusted when it was taken.
CREATE TABLE bank_good (
	bank_id TEXT PRIMARY KEY,
	dir TEXT NOT NULL,
	version_id INTEGER NOT NULL REFERENCES bank_version (id),
	expires_ms INTEGER NOT NULL,
	roots TEXT NOT NULL -- SHA-256 of bank-roots.json
) STRICT, WITHOUT ROWID;
