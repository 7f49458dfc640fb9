-- Signed banks: the highest release that was seen of each, so that an older one is refused, and which stored versions are official.

CREATE TABLE bank_trust (
	bank_id TEXT PRIMARY KEY,
	number INTEGER NOT NULL, -- of the release
	sha256 TEXT NOT NULL,    -- of its release.json
	seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE bank_release (
	version_id INTEGER PRIMARY KEY REFERENCES bank_version (id),
	number INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	signers TEXT NOT NULL -- their names: "Ana, Ben"
) STRICT;
