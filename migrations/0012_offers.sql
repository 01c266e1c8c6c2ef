-- Sets of works that their holders offer under terms.
CREATE TABLE offer (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  target_kind TEXT NOT NULL,
  target TEXT NOT NULL,
  rules TEXT NOT NULL,
  audience TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX offer_log_index ON offer (log_index);
CREATE INDEX offer_party ON offer (party);
