-- What rows of a table in the making are found by: the first of some columns that has a value; with columns that
-- are read beside it. Which ones, tables.py says.
create function figures.find_by(wanted integer, keys text[], beside text[]) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    name text;
    key text;
    included text;
begin
    select f.view || '~' || f.generation into strict name
      from figures.flattened f where f.generation = wanted and not f.stands;
    select string_agg(format('%I', k), ', ') into strict key from unnest(keys) k;
    if cardinality(keys) > 1 then
        key := format('coalesce(%s)', key);
    end if;
    select ' include (' || string_agg(format('%I', b), ', ') || ')' into included from unnest(beside) b;
    execute format('create index on figures.%I ((%s))%s', name, key, coalesce(included, ''));
end $$;
