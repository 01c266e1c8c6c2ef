-- Single items of collections that were taken back. A projection of the log.
CREATE TABLE item_withdrawal (
  work TEXT PRIMARY KEY,
  id TEXT NOT NULL,
  collection TEXT NOT NULL,
  party TEXT NOT NULL,
  effective_from TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX item_withdrawal_log_index ON item_withdrawal (log_index);
