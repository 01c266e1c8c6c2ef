-- What is said of the making of works; `pointer` is what marks in copies carry.
CREATE TABLE disclosure (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target TEXT NOT NULL,
  degree TEXT NOT NULL,
  code TEXT NOT NULL,
  pointer TEXT NOT NULL,
  details TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX disclosure_target ON disclosure (target_kind, target);
CREATE INDEX disclosure_pointer ON disclosure (pointer);
