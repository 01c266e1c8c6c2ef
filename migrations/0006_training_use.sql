-- What data sets were filtered by, as developers state it.
CREATE TABLE training_use (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  details TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX training_use_party ON training_use (party);
