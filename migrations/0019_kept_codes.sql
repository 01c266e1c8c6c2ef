-- Codes of parts of works, kept because whoever declared them wants crops, quotations and cuts looked for, too. Private: they
-- stand on no log and in no answer. `seen` names the parts of data sets that a work was looked for in.
CREATE TABLE watch_kept (
  work TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  codes BYTES NOT NULL,
  seen TEXT NOT NULL,
  recorded_at TEXT NOT NULL
);
CREATE INDEX watch_kept_party ON watch_kept (party);
