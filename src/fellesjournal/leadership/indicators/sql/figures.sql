-- Tables flattened from the record by views (SQL-on-FHIR): derived data, kept up by the position in the feed.
-- Their rows carry numbers of resources, codes, times and amounts; no name, no text, no national number.
create schema figures;

-- The table of a view, "<view>~<generation>". One stands and is read as figures.<view>; another may be in
-- the making, and takes its place when it has seen all that the feed holds.
create table figures.flattened (
    generation integer generated always as identity primary key,
    view       text    not null,
    digest     text    not null,              -- of the definition it is made with
    position   bigint  not null default 0,    -- the commit number up to which it has seen the record
    stands     boolean not null default false
);
create unique index flattened_one_stands on figures.flattened (view) where stands;
create unique index flattened_one_is_made on figures.flattened (view) where not stands;

-- Resources that do not fit the view they are of: counted, so that nothing is missing in silence.
create table figures.refused (
    generation integer not null references figures.flattened on delete cascade,
    resource   bigint  not null,
    primary key (generation, resource)
);

-- Makes the empty table of a view; answers its generation. The columns come from tables.py.
create function figures.make(view text, digest text, names text[], types text[]) returns integer
language plpgsql security definer set search_path = pg_catalog as $$
declare
    made integer;
    columns text;
begin
    if view !~ '^[a-z][a-z0-9_]{0,39}$' then
        raise exception 'no name of a view' using errcode = 'invalid_parameter_value';
    end if;
    if not types <@ array['bigint', 'boolean', 'date', 'numeric(18,6)', 'text'] then
        raise exception 'no type of a figure' using errcode = 'invalid_parameter_value';
    end if;
    insert into figures.flattened (view, digest) values (view, digest) returning generation into made;
    select string_agg(format(', %I %s', c.name, c.type || case c.type when 'text' then ' collate "C"' else '' end), ''
                      order by c.n)
      into columns
      from unnest(names, types) with ordinality c(name, type, n);
    execute format('create table figures.%I (fj_resource bigint not null, fj_patient bigint not null%s)',
                   view || '~' || made, columns);
    execute format('create index on figures.%I (fj_resource)', view || '~' || made);
    execute format('grant select, insert, delete on figures.%I to fellesjournal_app', view || '~' || made);
    return made;
end $$;

-- Puts a table in the place of the one that stands, which goes.
create function figures.put_in_place(wanted integer) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    name text;
    old integer;
begin
    select f.view into strict name from figures.flattened f where f.generation = wanted and not f.stands;
    select f.generation into old from figures.flattened f where f.view = name and f.stands;
    execute format('drop view if exists figures.%I', name);
    if old is not null then
        execute format('drop table figures.%I', name || '~' || old);
        delete from figures.flattened f where f.generation = old;
    end if;
    execute format('create view figures.%I as select * from figures.%I', name, name || '~' || wanted);
    execute format('grant select on figures.%I to fellesjournal_app', name);
    update figures.flattened f set stands = true where f.generation = wanted;
end $$;

-- Gives up a table in the making.
create function figures.give_up(unwanted integer) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    name text;
begin
    delete from figures.flattened f where f.generation = unwanted and not f.stands returning f.view into strict name;
    execute format('drop table figures.%I', name || '~' || unwanted);
end $$;
