-- What the run-time role may do, stated anew after each migration: it follows up, and changes nothing.
grant usage on schema leadership to fellesjournal_app;
grant select, insert on leadership.document to fellesjournal_app;
