-- What the run-time role may do, stated anew after each migration. Tables are made and put in place by
-- functions of the owner; their rows are the run-time role's.
grant usage on schema figures to fellesjournal_app;
grant select on figures.flattened to fellesjournal_app;
grant update (position) on figures.flattened to fellesjournal_app;
grant select, insert, delete on figures.refused to fellesjournal_app;
revoke execute on all functions in schema figures from public;
grant execute on all functions in schema figures to fellesjournal_app;
grant select, insert, update on figures.published to fellesjournal_app;
grant select, insert, update on figures.touched to fellesjournal_app;
