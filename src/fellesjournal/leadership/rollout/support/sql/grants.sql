-- The run-time role reads; what stands here follows from documents alone.
grant usage on schema leadership to fellesjournal_app;
grant select on leadership.ticket to fellesjournal_app;
