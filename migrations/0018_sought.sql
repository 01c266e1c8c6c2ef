-- Of each work of a case also its own codes and the code of the row's text, so that a changed copy is known again; and how
-- many rows the data set had, so that rows which came later are told from those that the case could have named.
ALTER TABLE request_work ADD COLUMN row_text TEXT;
ALTER TABLE request_work ADD COLUMN own_sha256 TEXT;
ALTER TABLE request_work ADD COLUMN own_pdq TEXT;
ALTER TABLE request_work ADD COLUMN own_text TEXT;
ALTER TABLE request_work ADD COLUMN rows_known INTEGER;
