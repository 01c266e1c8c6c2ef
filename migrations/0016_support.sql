-- The fund's creator support scheme. Private tables: none of it is on the log, and a replay does not touch it.
-- A call for applications, with what the plan in force at its making asks. Days are those of UTC.
CREATE TABLE support_call (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  countries TEXT NOT NULL,
  roles TEXT NOT NULL,
  opens TEXT NOT NULL,
  closes TEXT NOT NULL,
  currency TEXT NOT NULL,
  budget_cents INTEGER NOT NULL,
  award_cap_cents INTEGER NOT NULL,
  urgent_ppm INTEGER NOT NULL,
  points_min INTEGER NOT NULL,
  criteria TEXT NOT NULL,
  urgent_decision_days INTEGER NOT NULL,
  appeal_days INTEGER NOT NULL,
  assessors_min INTEGER NOT NULL,
  plan TEXT NOT NULL,
  made_at TEXT NOT NULL,
  closing_note TEXT,
  decided_at TEXT,
  -- Counted up by whoever changes anything in the call, so that changes follow one another.
  turn INTEGER NOT NULL
);
-- Who gives points in a call.
CREATE TABLE support_assessor (
  in_call TEXT NOT NULL REFERENCES support_call (id),
  party TEXT NOT NULL,
  name TEXT NOT NULL,
  organisation TEXT,
  PRIMARY KEY (in_call, party)
);
CREATE INDEX support_assessor_party ON support_assessor (party);
-- One for each party in a call; fields are the form as it is while it is a draft, and what was sent after that.
CREATE TABLE support_application (
  id TEXT PRIMARY KEY,
  in_call TEXT NOT NULL REFERENCES support_call (id),
  party TEXT NOT NULL,
  state TEXT NOT NULL,
  fields TEXT NOT NULL,
  is_urgent INTEGER NOT NULL,
  asked_cents INTEGER NOT NULL,
  country TEXT,
  sector TEXT,
  saved_at TEXT NOT NULL,
  sent_at TEXT,
  urgent_due TEXT,
  -- Why the officer has put it among the others though it was sent as urgent.
  not_urgent TEXT,
  -- The officer's own sentence for the decision.
  officer_words TEXT,
  UNIQUE (in_call, party)
);
CREATE INDEX support_application_party ON support_application (party);
CREATE INDEX support_application_state ON support_application (in_call, state);
-- What each assessor has declared about each application, before anything of it is shown.
CREATE TABLE support_conflict (
  application TEXT NOT NULL REFERENCES support_application (id),
  assessor TEXT NOT NULL,
  is_conflict INTEGER NOT NULL,
  words TEXT NOT NULL,
  declared_at TEXT NOT NULL,
  PRIMARY KEY (application, assessor)
);
CREATE TABLE support_score (
  application TEXT NOT NULL REFERENCES support_application (id),
  assessor TEXT NOT NULL,
  criterion INTEGER NOT NULL,
  points INTEGER NOT NULL,
  words TEXT NOT NULL,
  scored_at TEXT NOT NULL,
  PRIMARY KEY (application, assessor, criterion)
);
CREATE TABLE support_decision (
  application TEXT PRIMARY KEY REFERENCES support_application (id),
  outcome TEXT NOT NULL,
  cents INTEGER NOT NULL,
  -- Points and words by criterion, as JSON.
  grounds TEXT NOT NULL,
  words TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  appeal_until TEXT NOT NULL,
  waived_at TEXT
);
CREATE TABLE support_appeal (
  application TEXT PRIMARY KEY REFERENCES support_application (id),
  grounds TEXT NOT NULL,
  filed_at TEXT NOT NULL,
  decided_at TEXT
);
CREATE TABLE support_opinion (
  application TEXT NOT NULL REFERENCES support_application (id),
  party TEXT NOT NULL,
  upholds INTEGER NOT NULL,
  words TEXT NOT NULL,
  said_at TEXT NOT NULL,
  PRIMARY KEY (application, party)
);
-- Money that was awarded. One that is owed has no call until the next one that can pay it.
CREATE TABLE support_award (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES support_application (id),
  in_call TEXT REFERENCES support_call (id),
  party TEXT NOT NULL,
  name TEXT NOT NULL,
  cents INTEGER NOT NULL,
  currency TEXT NOT NULL,
  track TEXT NOT NULL,
  publishes INTEGER NOT NULL,
  decided_at TEXT NOT NULL
);
CREATE INDEX support_award_call ON support_award (in_call);
CREATE INDEX support_award_application ON support_award (application);
