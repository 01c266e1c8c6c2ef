-- What a case needs to be written in two languages, sent, and counted in the recipient's calendar (JSON).
ALTER TABLE request_case ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
CREATE INDEX request_case_state ON request_case (state, dataset);
-- The works that a case is about, by what would show that they turned up again.
CREATE TABLE request_work (
  request_case TEXT NOT NULL,
  position INTEGER NOT NULL,
  dataset_name TEXT NOT NULL,
  row_sha256 TEXT,
  row_pdq TEXT,
  row_url TEXT,
  PRIMARY KEY (request_case, position),
  FOREIGN KEY (request_case) REFERENCES request_case (id)
);
CREATE INDEX request_work_dataset ON request_work (dataset_name);
-- What is written into a history by itself is written once for each time that a case was sent.
CREATE TABLE request_fact (
  request_case TEXT NOT NULL,
  name TEXT NOT NULL,
  counted_from TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  PRIMARY KEY (request_case, name, counted_from),
  FOREIGN KEY (request_case) REFERENCES request_case (id)
);
-- How a letter went out: by mail, by post, into an inbox.
CREATE TABLE request_delivery (
  id TEXT PRIMARY KEY,
  request_case TEXT NOT NULL,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  FOREIGN KEY (request_case) REFERENCES request_case (id)
);
CREATE INDEX request_delivery_case ON request_delivery (request_case);
CREATE INDEX request_delivery_recipient ON request_delivery (recipient, recorded_at);
-- Where a provider takes cases: asked for by its key, opened by the operator.
CREATE TABLE provider_inbox (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  about TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  statement TEXT NOT NULL,
  recorded_at TEXT NOT NULL
);
CREATE INDEX provider_inbox_party ON provider_inbox (party);
-- What was asked in an inbox, as a hash: the same is asked once at a time.
CREATE TABLE inbox_place (
  inbox TEXT NOT NULL,
  place TEXT NOT NULL,
  request_case TEXT NOT NULL,
  PRIMARY KEY (inbox, place)
);
-- What a provider has answered, as it was signed.
CREATE TABLE inbox_answer (
  id TEXT PRIMARY KEY,
  request_case TEXT NOT NULL,
  inbox TEXT NOT NULL,
  status TEXT NOT NULL,
  digest TEXT NOT NULL,
  statement TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  FOREIGN KEY (request_case) REFERENCES request_case (id)
);
CREATE UNIQUE INDEX inbox_answer_same ON inbox_answer (request_case, digest);
CREATE INDEX inbox_answer_inbox ON inbox_answer (inbox, recorded_at);
