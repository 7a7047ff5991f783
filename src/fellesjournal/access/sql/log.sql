-- An earlier form, of which no release was made.
drop table if exists access.log;
drop function if exists access.log_is_append_only();

-- Who read or wrote what, for which organisation and purpose (pasientjournalforskriften
-- § 14). Append-only, chained, written in the statement or the transaction of the act itself,
-- before any byte leaves. docs/decisions/0010-read-log.md tells why it looks like this.

-- Who acts, once for each combination. The number is what these texts hash to, so that
-- a line can't come to mean somebody else. Two writers that meet here don't wait for each
-- other: a combination may stand twice.
create table access.log_who (
    number        uuid not null,
    person        text not null,             -- Practitioner/1, Patient/2, system:load
    role          text not null,             -- policy/roles.py
    unit          text not null,             -- where she works today; '': nowhere
    organisation  text not null,             -- the legal entity the unit belongs to
    purpose       text not null,             -- v3-ActReason
    app           text not null,             -- the client_id of the app she used; '': none
    constraint texts_stay_apart check (
        position(E'\x1f' in person || role || unit || organisation || purpose || app) = 0)
);
create index log_who_number on access.log_who (number);
create index log_who_person on access.log_who (person);
create index log_who_unit on access.log_who (unit);

create table access.log (
    id         bigint     not null,          -- time, order and paging key, as store.seq_of
    n          bigint     not null,          -- number within the chain, from 1, no gaps
    who        uuid       not null,
    decision   bigint     not null,          -- access.opening.id, or another reference; 0: none
    chain      integer    not null,          -- the database process that wrote it
    areas      integer    not null,          -- what kind of information: policy/areas.py; 0: see resources
    act        smallint   not null,          -- readlog/acts.py
    type       smallint   not null,          -- the type asked for; 0: several
    outcome    smallint   not null,          -- 0 done, 1 refused
    patients   bigint[]   not null,
    kinds      smallint[] not null,          -- grounds, one for each patient: policy/kinds.py
    sources    bigint[]   not null,          -- the resource each ground was derived from
    resources  bigint[]   not null,
    hash       bytea      not null           -- sha256 of the hash before it in the chain and this row
) partition by range (id);
create index log_chain_number on access.log (chain, n);
create index log_of_patient on access.log using gin (patients);
create index log_of_who on access.log (who, id);
create index log_by_time on access.log using brin (id) with (autosummarize = on);
-- The net below the months: a read is never refused for want of a table.
create table access.log_rest partition of access.log default;

-- The chains that grow, and how far a seal holds each. Not a part of the proof: a chain
-- that is struck off here is found by `audit verify` as one that no seal follows.
create table access.log_chain (
    chain   integer primary key,
    opened  bigint  not null,
    sealed  bigint  not null default 0
);

-- All heads of chains that moved since the seal before, chained in turn. With one
-- seal outside the database, no line older than it can go or come unnoticed.
create table access.log_seal (
    n       bigint   primary key,
    id      bigint   not null,               -- when, as store.seq_of
    chains  integer[] not null,
    ns      bigint[] not null,               -- the last number of each
    ids     bigint[] not null,               -- and its time
    heads   bytea    not null,               -- and its hash, 32 bytes each
    hash    bytea    not null                -- sha256 of the hash of the seal before and this row
);

create function access.who_number(
    person text, role text, unit text, organisation text, purpose text, app text
) returns uuid
language sql stable parallel safe as $$
    select pg_catalog.encode(pg_catalog.substr(pg_catalog.sha256(pg_catalog.convert_to(
        pg_catalog.concat_ws(E'\x1f', person, role, unit, organisation, purpose, app), 'UTF8')), 1, 16), 'hex')::uuid
$$;

-- Takes up the chain of this database process where an earlier process of its number left it.
create function access.log_take_up(own integer) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    head text;
begin
    insert into access.log_chain (chain, opened)
    values (own, store.seq_of(clock_timestamp()))
    on conflict (chain) do update set opened = excluded.opened;
    select l.n || ':' || l.id || ':' || encode(l.hash, 'hex') into head
      from access.log l where l.chain = own order by l.n desc limit 1;
    return coalesce(head, '0:0:');
end $$;

-- Writes one line; answers its id. Why each patient is seen: access.grounds_for (functions.sql).
-- The head of the chain is kept in a setting of the connection, which a rollback takes back
-- together with the row: no row is updated, so no two writers wait for each other and nothing
-- bloats while a long snapshot is open. Its statements touch few rows whatever the values:
-- planning them again each time would gain nothing.
create function access.log_line(
    person text, role text, unit text, organisation text, purpose text, app text,
    act smallint, type smallint, areas integer, patients bigint[], resources bigint[],
    decision bigint default 0, outcome smallint default 0
) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_variable
declare
    own      constant integer := pg_backend_pid();
    head     text := current_setting('fj.log_head', true);
    -- a member of staff acts for what her unit belongs to, as it stood when she entered
    entity   constant text := case when organisation <> '' or current_setting('fj.kind', true) is distinct from 'staff'
        then organisation else coalesce(current_setting('fj.organisation', true), '') end;
    number   constant uuid := access.who_number(person, role, unit, entity, purpose, app);
    shown    constant bigint[] := coalesce(
        case when outcome = 0 then array_remove(patients, 0) else patients end, '{}');
    touched  constant bigint[] := coalesce(resources, '{}');
    kinds    smallint[] := '{}';
    sources  bigint[] := '{}';
    n        bigint;
    id       bigint;
    hash     bytea;
begin
    if head is null or head = '' then
        head := access.log_take_up(own);
    end if;
    if not exists (select from access.log_who w where w.number = number) then
        insert into access.log_who values (number, person, role, unit, entity, purpose, app);
    end if;
    if cardinality(shown) > 0 and outcome = 0 then
        select g.kinds, g.sources into kinds, sources from access.grounds_for(shown) g;
    end if;
    n := split_part(head, ':', 1)::bigint + 1;
    id := greatest(store.seq_of(clock_timestamp()) | (own & 4095), split_part(head, ':', 2)::bigint + 4096);
    hash := sha256(decode(split_part(head, ':', 3), 'hex') || record_send(row(
        id, n, number, decision, own, areas, act, type, outcome, shown, kinds, sources, touched)));
    insert into access.log values (
        id, n, number, decision, own, areas, act, type, outcome, shown, kinds, sources, touched, hash);
    head := set_config('fj.log_head', n || ':' || id || ':' || encode(hash, 'hex'), false);
    return id;
end $$;

-- --- months --------------------------------------------------------------------------------------

create function access.log_is_append_only() returns trigger
language plpgsql as $$
begin
    raise exception 'the read log is append-only';
end $$;

-- A trigger of a partitioned table does not see what is done to a partition by its own name.
create function access.log_protect(name text) returns void
language plpgsql as $$
begin
    execute format('create trigger append_only before update or delete or truncate on access.%I'
        ' for each statement execute function access.log_is_append_only()', name);
    if exists (select from pg_roles where rolname = 'fellesjournal_app') then
        execute format('grant select on access.%I to fellesjournal_app', name);
    end if;
end $$;
select access.log_protect(name)
  from unnest(array['log', 'log_rest', 'log_who', 'log_seal']) name;

-- Makes the tables of this month and of some months ahead; answers how many. A month that has
-- begun in log_rest stays there. Inserts go on meanwhile: the new table is filled by nobody
-- until it is attached, and attaching locks only log_rest, which is empty in a healthy record.
create function access.log_make_months(ahead integer default 3) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
    here   constant timestamptz := date_trunc('month', clock_timestamp());
    starts timestamptz;
    name   text;
    lo     bigint;
    hi     bigint;
    made   integer := 0;
begin
    perform pg_advisory_xact_lock(7307, 2);
    for i in 0..ahead loop
        starts := here + make_interval(months => i);
        name := to_char(starts, '"log_"YYYY_MM');
        lo := store.seq_of(starts);
        hi := store.seq_of(starts + interval '1 month');
        continue when to_regclass('access.' || name) is not null
            or exists (select from access.log_rest r where r.id >= lo and r.id < hi);
        perform set_config('lock_timeout', '2s', true);
        execute format('create table access.%I (like access.log including all)', name);
        execute format('alter table access.log attach partition access.%I for values from (%s) to (%s)',
            name, lo, hi);
        perform access.log_protect(name);
        made := made + 1;
    end loop;
    return made;
end $$;

-- --- seals ---------------------------------------------------------------------------------------

-- Writes a seal over the chains that moved, and answers it; no row when none did. A chain whose
-- process has ended is struck off once it is sealed to its end.
create function access.log_make_seal() returns setof access.log_seal
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    -- who is alive is read before the heads are: a process that has ended by now has committed
    alive  integer[];
    before access.log_seal;
    made   access.log_seal;
    began  constant bigint := store.seq_of(clock_timestamp());
    since  constant bigint := store.seq_of(clock_timestamp() - interval '62 days');
begin
    perform pg_advisory_xact_lock(7307, 1);
    alive := array(select pid from pg_stat_activity where pid is not null);
    select * into before from access.log_seal order by n desc limit 1;
    select array_agg(c.chain order by c.chain), array_agg(h.n order by c.chain),
           array_agg(h.id order by c.chain), string_agg(h.hash, ''::bytea order by c.chain)
      into made.chains, made.ns, made.ids, made.heads
      from access.log_chain c
      cross join lateral (
            select l.n, l.id, l.hash from access.log l
             where l.chain = c.chain and l.id >= since order by l.n desc limit 1) h
     where h.n > c.sealed;
    if made.chains is not null then
        made.n := coalesce(before.n, 0) + 1;
        made.id := greatest(store.seq_of(clock_timestamp()), coalesce(before.id, 0) + 1);
        made.hash := sha256(coalesce(before.hash, '') || record_send(row(
            made.n, made.id, made.chains, made.ns, made.ids, made.heads)));
        insert into access.log_seal values (made.*);
        update access.log_chain c set sealed = u.n
          from unnest(made.chains, made.ns) u(chain, n) where c.chain = u.chain;
        return next made;
    end if;
    -- a process of the same number may begin meanwhile: its chain opened after `began`
    delete from access.log_chain c where c.chain <> all (alive) and c.opened < began
       and not exists (select from access.log l
                        where l.chain = c.chain and l.n > c.sealed and l.id >= since);
end $$;

-- --- who may -------------------------------------------------------------------------------------

-- The run-time role reads the log and calls the functions above, and does nothing else to it.
-- Call this after any grant on all tables of the schema.
create function access.log_guard() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    name text;
begin
    if not pg_has_role(current_user, (select relowner from pg_class where oid = 'access.log'::regclass), 'usage') then
        return;  -- only the owner has anything to give
    end if;
    for name in select c.relname from pg_class c
                 where c.relnamespace = 'access'::regnamespace and c.relkind in ('r', 'p')
                   and (c.relname in ('log', 'log_rest', 'log_who', 'log_chain', 'log_seal')
                        or c.relname ~ '^log_[0-9]{4}_[0-9]{2}$') loop
        execute format('revoke all on access.%I from public', name);
        if exists (select from pg_roles where rolname = 'fellesjournal_app') then
            execute format('revoke all on access.%I from fellesjournal_app', name);
            execute format('grant select on access.%I to fellesjournal_app', name);
        end if;
    end loop;
    revoke all on function access.log_take_up, access.log_protect,
        access.log_make_months, access.log_make_seal, access.log_line from public;
    if exists (select from pg_roles where rolname = 'fellesjournal_app') then
        grant usage on schema access to fellesjournal_app;
        grant execute on function access.log_line, access.log_make_months, access.log_make_seal
            to fellesjournal_app;
    end if;
end $$;

select access.log_make_months();
select access.log_guard();
