-- What the run-time role may do, stated anew after each migration. It owns nothing: versions
-- are written by store.commit, facts of the policy by access.derive and access.open_up, the log
-- by access.log_line, all of which run as the owner.
do $$
begin
    if not exists (select from pg_roles where rolname = 'fellesjournal_app') then
        create role fellesjournal_app login;
    end if;
end $$;

grant usage on schema public, store, access to fellesjournal_app;
grant select, insert, update, delete on all tables in schema public to fellesjournal_app;
grant usage on all sequences in schema public to fellesjournal_app;

grant select, insert, update, delete on all tables in schema store, access to fellesjournal_app;
grant usage on all sequences in schema store, access to fellesjournal_app;
select access.log_guard();
