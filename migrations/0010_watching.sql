-- What was found of declared works in data sets without anybody asking, and up to where was looked. Private tables: a
-- replay of the log does not touch them.
CREATE TABLE watch_state (
  dataset TEXT NOT NULL,
  part TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  checked_at TEXT NOT NULL,
  PRIMARY KEY (dataset, part)
);
CREATE TABLE watch_finding (
  work TEXT NOT NULL,
  dataset TEXT NOT NULL,
  row_number INTEGER NOT NULL,
  dataset_name TEXT NOT NULL,
  dataset_version TEXT NOT NULL,
  party TEXT NOT NULL,
  kind TEXT NOT NULL,
  measure INTEGER NOT NULL,
  status TEXT NOT NULL,
  url TEXT,
  found_at TEXT NOT NULL,
  run INTEGER NOT NULL,
  PRIMARY KEY (work, dataset, row_number)
);
CREATE INDEX watch_finding_party ON watch_finding (party, run);
CREATE TABLE watch_subscription (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  told_run INTEGER NOT NULL,
  failures INTEGER NOT NULL
);
-- What sites said of works when they were looked at.
CREATE TABLE visible_place (
  work TEXT NOT NULL,
  url TEXT NOT NULL,
  checked_at TEXT NOT NULL,
  says TEXT NOT NULL,
  PRIMARY KEY (work, url)
);
CREATE INDEX visible_place_checked ON visible_place (checked_at);
