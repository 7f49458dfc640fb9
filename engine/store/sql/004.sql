-- Certificates. The signed bytes are kept verbatim; what was logged about them is in the log's own tables.
CREATE TABLE certificate (
	key INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,         -- a random UUID
	account INTEGER NOT NULL REFERENCES account (id),
	attempt INTEGER NOT NULL REFERENCES attempt (key), -- that it was earned with; of a renewal the renewing one
	bank_id TEXT NOT NULL,
	exam TEXT NOT NULL,              -- that it is of; of a renewal the exam of the first certificate
	title TEXT NOT NULL,
	result_n INTEGER NOT NULL,       -- which result of the attempt it states
	claims TEXT NOT NULL,            -- digest of the numbers in it: a corrected result with others makes a new certificate
	state INTEGER NOT NULL,          -- enum certificate_state in store/certificate.h
	reason TEXT,                     -- why it is not valid
	body BLOB,                       -- the signed credential, canonical JSON; NULL once it is withdrawn
	sha256 TEXT NOT NULL,            -- of body
	name TEXT,                       -- that the holder chose
	status_list INTEGER NOT NULL,
	status_index INTEGER NOT NULL,
	result_log INTEGER NOT NULL,     -- index of the result in the log
	log_index INTEGER NOT NULL,      -- of the certificate itself
	issued_ms INTEGER NOT NULL,
	awarded_ms INTEGER NOT NULL,     -- when the exam was passed; valid from then on
	valid_until_ms INTEGER,          -- NULL: for good
	-- Renewal, as the rules said when it was issued.
	renew_exam TEXT,
	renew_opens_ms INTEGER,
	renew_expiry INTEGER NOT NULL DEFAULT 0 CHECK (renew_expiry IN (0, 1)), -- a renewal counts from the expiry, else from its pass
	valid_span_ms INTEGER NOT NULL DEFAULT 0, -- for how long a renewal is valid
	valid_span_months INTEGER NOT NULL DEFAULT 0,
	renews INTEGER REFERENCES certificate (key),
	supersedes INTEGER REFERENCES certificate (key),
	shared INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)),
	replay_shared INTEGER NOT NULL DEFAULT 0 CHECK (replay_shared IN (0, 1)),
	hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1))
) STRICT;
CREATE INDEX certificate_account ON certificate (account, bank_id);
CREATE INDEX certificate_attempt ON certificate (attempt);
CREATE INDEX certificate_supersedes ON certificate (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX certificate_renews ON certificate (renews) WHERE renews IS NOT NULL;

-- Results that wait to be looked at: for their certificates, or for what a correction does to them.
CREATE TABLE certificate_due (
	attempt INTEGER PRIMARY KEY REFERENCES attempt (key),
	not_before_ms INTEGER NOT NULL,
	tries INTEGER NOT NULL DEFAULT 0,
	why TEXT                         -- what kept it back the last time
) STRICT;
CREATE INDEX certificate_due_when ON certificate_due (not_before_ms);
