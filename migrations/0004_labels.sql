-- Communities as authorities: who must approve, the labels they apply, notices of institutions, and reports back to them.
ALTER TABLE party ADD COLUMN approvers TEXT;
CREATE TABLE label (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  code TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target TEXT NOT NULL,
  details TEXT NOT NULL,
  approvals_needed INTEGER NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX label_target ON label (target_kind, target);
CREATE INDEX label_party ON label (party);
CREATE TABLE label_approval (
  id TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  party TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX label_approval_label ON label_approval (label);
CREATE TABLE use_report (
  id TEXT PRIMARY KEY,
  rights_grant TEXT NOT NULL,
  party TEXT NOT NULL,
  report TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX use_report_grant ON use_report (rights_grant);
