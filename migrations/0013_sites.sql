-- Sites that say that a party is theirs, and when they were last looked at. A private table: a replay of the log does not
-- touch it.
CREATE TABLE site_proof (
  party TEXT NOT NULL,
  host TEXT NOT NULL,
  way TEXT NOT NULL,
  checked_at TEXT NOT NULL,
  PRIMARY KEY (party, host)
);
CREATE INDEX site_proof_checked ON site_proof (checked_at);
