-- What lists and figures ask of reports of problems, in columns: one row for each, as its newest version
-- says. Derived: the documents are the truth, and only they write here.
create table leadership.ticket (
    number         bigint      generated always as identity primary key,
    key            text        not null unique,
    version        integer     not null,
    reporter       text        not null,        -- who began it
    is_citizen     boolean     not null,
    organisation   text        not null,
    owner          text        not null check (owner <> ''),   -- nobody's work is no work
    category       text        not null,
    severity       smallint    not null,
    safety         boolean     not null,
    opened         timestamptz not null,
    due            timestamptz not null,
    first_response timestamptz,
    closed         timestamptz,
    escalated      timestamptz,
    duplicate_of   bigint,
    reopened       integer     not null
);
create index ticket_open on leadership.ticket (due) where closed is null;
create index ticket_opened on leadership.ticket (organisation, opened);
create index ticket_reporter on leadership.ticket (reporter, opened);

-- In the transaction of the version, as the owner of the table: the run-time role reads only.
create function leadership.follow_ticket() returns trigger language plpgsql
    security definer set search_path = leadership, pg_temp as $$
begin
    if new.version = 1 then
        insert into leadership.ticket (key, version, reporter, is_citizen, organisation, owner, category,
                severity, safety, opened, due, first_response, closed, escalated, duplicate_of, reopened)
            values (new.key, 1, new.author, (new.body->>'is_citizen')::boolean, new.body->>'organisation',
                new.body->>'owner', new.body->>'category', (new.body->>'severity')::smallint,
                (new.body->>'safety')::boolean, (new.body->>'opened')::timestamptz,
                (new.body->>'due')::timestamptz, (new.body->>'first_response')::timestamptz,
                (new.body->>'closed')::timestamptz, (new.body->>'escalated')::timestamptz,
                (new.body->>'duplicate_of')::bigint, jsonb_array_length(new.body->'reopened'));
    else
        update leadership.ticket set version = new.version, owner = new.body->>'owner',
                category = new.body->>'category', severity = (new.body->>'severity')::smallint,
                safety = (new.body->>'safety')::boolean, due = (new.body->>'due')::timestamptz,
                first_response = (new.body->>'first_response')::timestamptz,
                closed = (new.body->>'closed')::timestamptz,
                escalated = (new.body->>'escalated')::timestamptz,
                duplicate_of = (new.body->>'duplicate_of')::bigint,
                reopened = jsonb_array_length(new.body->'reopened')
            where key = new.key;
    end if;
    return null;
end $$;
create trigger ticket_follows after insert on leadership.document
    for each row when (new.kind = 'support-ticket') execute function leadership.follow_ticket();
