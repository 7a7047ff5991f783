-- What the run-time role may do, stated anew after each migration. It owns nothing: versions
-- are written by store.commit, facts of the policy by access.derive and access.open_up, the log
-- by access.log_line, all of which run as the owner.
do $$
begin
    if not exists (select from pg_roles where rolname = 'fellesjournal_app') then
        create role fellesjournal_app login;
    end if;
exception when duplicate_object or unique_violation then
    null;  -- another database of the same server was made ready at the same moment
end $$;

grant usage on schema public, store, access to fellesjournal_app;
grant select, insert, update, delete on all tables in schema public to fellesjournal_app;
grant usage on all sequences in schema public to fellesjournal_app;

grant select on all tables in schema store to fellesjournal_app;
grant insert, update, delete on store.entry, store.entry_string, store.entry_date, store.entry_number,
    store.term, store.unique_identifier, store.feed_position, store.fact to fellesjournal_app;

grant select, insert, update, delete on all tables in schema access to fellesjournal_app;
grant usage on all sequences in schema access to fellesjournal_app;
revoke insert, update, delete, truncate on access.employment, access.inactive, access.part_of, access.member,
    access.ground, access.block, access.release, access.also_about, access.opening from fellesjournal_app;
revoke update, delete, truncate on access.course_waiver from fellesjournal_app;

grant usage on schema outbox to fellesjournal_app;
grant select, insert, update, delete on all tables in schema outbox to fellesjournal_app;
grant usage on all sequences in schema outbox to fellesjournal_app;

-- The owner acts as the run-time role where one address is all that is given, and sees the
-- times of its transactions (store.watermark).
do $$
begin
    if not pg_has_role(current_user, 'fellesjournal_app', 'member') then
        execute format('grant fellesjournal_app to %I', current_user);
    end if;
end $$;

select access.log_guard();
