-- How the facts of the policy are read and written. Stated anew after each migration, so that a
-- function changes here and nowhere else.

-- --- who asks -----------------------------------------------------------------------------------
-- The context of a session lies in settings of the connection. They are set here and nowhere
-- else; every condition reads them, and none holds while they are missing.

-- The platform itself, or a client with a purpose of its own.
create or replace function access.enter_system() returns boolean
language plpgsql volatile as $$
begin
    perform set_config('fj.kind', 'system', false);
    return true;
end $$;

-- What an entrance answered, where a statement follows it in the same round trip
-- (Session.ask): whoever is not let in ends the statement, and what it had set is undone.
create or replace function access.let_in(entered boolean) returns boolean
language plpgsql volatile as $$
begin
    if entered is not true then
        raise exception 'nobody has entered' using errcode = 'FJ403';
    end if;
    return true;
end $$;

-- A member of staff in one role, as it stands now. False: that role has ended, or never was.
-- Called once per request: few statements, and settings by assignment, which needs none.
create or replace function access.enter_staff(
    role_id text, role_type smallint, service_type smallint, role_code text, at bigint,
    masks text, write_masks text, open_areas integer, write_areas integer, hidden integer
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog
set plan_cache_mode = force_generic_plan as $$
declare
    work   access.employment;
    places bigint[];
    mine   bigint[];
    done   text;
begin
    done := set_config('fj.kind', 'nobody', false);
    select e.* into work
      from store.resource r join access.employment e on e.source = r.rid
     where r.type = role_type and r.fhir_id = role_id and not r.deleted
       and e.code = role_code and e.starts <= at and e.ends > at
       and not exists (select from access.inactive i where i.source = e.practitioner);
    if not found then
        return false;
    end if;
    -- the unit and what it belongs to, and the services and teams that hold grounds for her
    mine := array[work.practitioner, work.source, work.unit] || work.stands_in_for;
    select array[work.unit, p1.parent, p2.parent, p3.parent, p4.parent, p5.parent],
           mine || array(select p.source from access.part_of p join store.resource s on s.rid = p.source
                          where p.parent = work.unit and s.type = service_type)
      into places, mine
      from (values (work.unit)) u(place)
      left join access.part_of p1 on p1.source = u.place
      left join access.part_of p2 on p2.source = p1.parent
      left join access.part_of p3 on p3.source = p2.parent
      left join access.part_of p4 on p4.source = p3.parent
      left join access.part_of p5 on p5.source = p4.parent;
    places := array_remove(places, null);
    mine := mine || array(select m.source from access.member m
                           where m.member = any (mine) and m.starts <= at and m.ends > at
                             and (m.given_by is null or m.given_by <> work.practitioner or m.given_until > at));
    done := set_config('fj.now', at::text, false);
    done := set_config('fj.person', work.practitioner::text, false);
    done := set_config('fj.role', work.source::text, false);
    done := set_config('fj.unit', work.unit::text, false);
    done := set_config('fj.organisation', 'Organization/' || (
        select r.fhir_id from store.resource r where r.rid = places[cardinality(places)]), false);
    done := set_config('fj.holders', mine::text, false);
    done := set_config('fj.actor', (array[work.practitioner, work.source] || places)::text, false);
    done := set_config('fj.masks', masks, false);
    done := set_config('fj.write_masks', write_masks, false);
    done := set_config('fj.open', open_areas::text, false);
    done := set_config('fj.write_open', write_areas::text, false);
    done := set_config('fj.hidden', hidden::text, false);
    done := set_config('fj.subject', '0', false);
    done := set_config('fj.patient', '0', false);
    done := set_config('fj.reason', '0', false);
    done := set_config('fj.kind', 'staff', false);
    return true;
end $$;

-- A citizen, for herself or for whom she represents. False: no such patient.
create or replace function access.enter_citizen(
    person_id text, subject_id text, patient_type smallint, at bigint, ground smallint,
    areas integer, write_areas integer, open_areas integer, hidden integer, required integer
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog as $$
declare
    person  bigint;
    subject bigint;
begin
    perform set_config('fj.kind', 'nobody', false);
    select r.rid into person from store.resource r
     where r.type = patient_type and r.fhir_id = person_id and r.version > 0 and not r.deleted;
    select r.rid into subject from store.resource r
     where r.type = patient_type and r.fhir_id = subject_id and r.version > 0 and not r.deleted;
    if person is null or subject is null then
        return false;
    end if;
    perform set_config('fj.now', at::text, false);
    perform set_config('fj.person', person::text, false);
    perform set_config('fj.subject', subject::text, false);
    perform set_config('fj.ground', ground::text, false);
    perform set_config('fj.areas', areas::text, false);
    perform set_config('fj.write_areas', write_areas::text, false);
    perform set_config('fj.open', open_areas::text, false);
    perform set_config('fj.hidden', hidden::text, false);
    perform set_config('fj.required', required::text, false);
    perform set_config('fj.holders', '{}', false);
    perform set_config('fj.kind', 'citizen', false);
    return true;
end $$;

-- --- the condition of staff --------------------------------------------------------------------
-- A function, and not a condition written out, because planning it anew in every search would
-- cost more than all the rest of the policy. What grounds open in a patient's record is
-- remembered in the settings until the next entrance: rows come patient by patient.

-- The areas that the grounds of whoever has entered open in a patient's record now, as bits.
create or replace function access.recall(asked bigint) returns integer
language plpgsql stable
set plan_cache_mode = force_generic_plan as $$
declare
    masks  integer[] := current_setting('fj.masks')::integer[];
    mine   bigint[] := current_setting('fj.holders')::bigint[];
    me     bigint := current_setting('fj.person')::bigint;
    at     bigint := current_setting('fj.now')::bigint;
    opened integer;
    seen_on bigint[];
    closed boolean;
    done   text;
begin
    -- and what the log says of it, in the same look-up; access.grounds_for tells the order
    select coalesce(bit_or(masks[g.kind + 1]), 0),
           min(array[case g.kind when 10 then -1 else g.kind end, g.source])
      into opened, seen_on
      from access.ground g
     where g.patient = asked and g.holder = any (mine) and g.starts <= at and g.ends > at
       and (g.given_by is null or g.given_by <> me or g.given_until > at);
    closed := exists (select from access.block b where b.patient = asked and b.starts <= at and b.ends > at);
    done := set_config('fj.opened', opened::text, false);
    done := set_config('fj.seen_on', coalesce(seen_on::text, '{}'), false);
    done := set_config('fj.blocks', closed::text, false);
    done := set_config('fj.patient', asked::text, false);
    return opened;
end $$;

-- Whether steps past a closed door hold: kind 1, the glass broken; up to 2, steps that together
-- are for all of these labels.
create or replace function access.has_opened(asked bigint, up_to integer, wanted integer) returns boolean
language plpgsql stable as $$
begin
    return coalesce((
        select bit_or(o.labels) & wanted from access.opening o
         where o.patient = asked and o.practitioner = current_setting('fj.person')::bigint
           and o.role = current_setting('fj.role')::bigint and o.kind <= up_to
           and o.starts <= current_setting('fj.now')::bigint and o.ends > current_setting('fj.now')::bigint
        ) = wanted, false);
end $$;

-- Whether the citizen has closed this to whoever has entered.
create or replace function access.is_blocked(asked bigint, area integer, number bigint) returns boolean
language plpgsql stable as $$
declare
    at    bigint := current_setting('fj.now')::bigint;
    actor bigint[] := current_setting('fj.actor')::bigint[];
begin
    return exists (
        select from access.block b
         where b.patient = asked and b.starts <= at and b.ends > at
           and (b.holders && actor) <> b.all_but
           and (b.areas & area) <> 0 and (b.resource = 0 or b.resource = number)
           and (b.care_lo is null or not exists (
                select from store.entry x
                 where x.rid = number and x.died is null
                   and (x.date_hi <= b.care_lo or x.date_lo >= b.care_hi))));
end $$;

-- The version that says which patients a version of a resource is about.
create or replace function access.told_in(number bigint, of_version integer) returns integer
language sql stable as $$
    select max(a.version) from access.also_about a where a.source = number and a.version <= of_version
$$;

-- `several`: the bit of a resource that is about several patients (labels.py).
create or replace function access.staff_sees(
    asked bigint, area integer, labels integer, number bigint, of_version integer
) returns boolean
language plpgsql stable cost 50 as $$
declare
    opened  integer;
    special integer;
    blocks  boolean;
begin
    if asked = 0 then
        return (current_setting('fj.open')::integer & area) <> 0;
    end if;
    if current_setting('fj.patient')::bigint = asked then
        opened := current_setting('fj.opened')::integer;
    else
        opened := access.recall(asked);
    end if;
    if (opened & area) = 0 then
        return false;
    end if;
    -- now, for asking about others forgets the patient at hand
    blocks := current_setting('fj.blocks') <> 'false';
    if labels <> 0 then
        special := labels & current_setting('fj.hidden')::integer;
        if special <> 0 and not access.has_opened(asked, 2, special) then
            return false;
        end if;
        -- alone: a condition with a query in it is run as one, even where its first half is false
        if (labels & 1) <> 0 then
            if exists (
                select from access.also_about a
                 where a.source = number and a.patient <> asked
                   and a.version = access.told_in(number, of_version)
                   and not access.staff_sees(a.patient, area, 0, number, of_version)) then
                return false;
            end if;
        end if;
    end if;
    return not blocks
        or not access.is_blocked(asked, area, number)
        or access.has_opened(asked, 1, 0);
end $$;

-- The ground each patient is seen on by whoever asks, in their order, for the log: the most
-- ordinary one, and what it follows from; a broken glass before all others, for what it shows may
-- be what the citizen has closed. Nulls for what is about no patient.
create or replace function access.grounds_for(patients bigint[], out kinds smallint[], out sources bigint[])
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
    asks  text := current_setting('fj.kind', true);
    mine  bigint[];
    me    bigint;
    at    bigint;
    one   bigint;
    known bigint[];
    found_kind   smallint;
    found_source bigint;
begin
    kinds := '{}';
    sources := '{}';
    if asks = 'staff' and cardinality(patients) = 1 and patients[1] <> 0
        and current_setting('fj.patient', true) = patients[1]::text then
        known := current_setting('fj.seen_on')::bigint[];
        kinds := array[case known[1] when -1 then 10 else known[1] end];
        sources := array[known[2]];
    elsif asks = 'staff' then
        mine := current_setting('fj.holders')::bigint[];
        me := current_setting('fj.person')::bigint;
        at := current_setting('fj.now')::bigint;
        foreach one in array patients loop
            select g.kind, g.source into found_kind, found_source
              from access.ground g
             where g.patient = one and one <> 0 and g.holder = any (mine) and g.starts <= at and g.ends > at
               and (g.given_by is null or g.given_by <> me or g.given_until > at)
             order by g.kind = 10 desc, g.kind, g.source limit 1;
            kinds := kinds || found_kind;
            sources := sources || found_source;
        end loop;
    elsif asks = 'citizen' then
        select array_agg(case when p <> 0 then current_setting('fj.ground')::smallint end), array_agg(null::bigint)
          into kinds, sources from unnest(patients) p;
    end if;
end $$;

-- --- deriving -----------------------------------------------------------------------------------

-- Who gives a ground while nothing but broken glass opens the record to her, and until when: for
-- her it ends with the opening, or a moment's access would become a lasting one by a task she
-- gives herself. For others (the ward she admits to) it holds; and it holds for her too once
-- somebody with a ground has written the resource again. What the platform and the citizen write
-- changes nothing of this. Asked before the new grounds are there.
create or replace function access.given_on_broken_glass(sources bigint[])
returns table (source bigint, given_by bigint, given_until bigint)
language plpgsql stable as $$
declare
    me constant bigint := nullif(current_setting('fj.person', true), '')::bigint;
    at constant bigint := nullif(current_setting('fj.now', true), '')::bigint;
begin
    if current_setting('fj.kind', true) = 'staff' then
        return query
        select r.rid, me, max(g.ends) filter (where g.kind = 10)
          from store.resource r join access.ground g on g.patient = r.patient
         where r.rid = any (sources) and r.patient <> 0
           and g.holder = any (current_setting('fj.holders')::bigint[]) and g.starts <= at and g.ends > at
         group by r.rid
        having bool_or(g.kind = 10) and not bool_or(g.kind <> 10 and g.given_by is distinct from me);
    else
        return query
        select distinct on (k.source) k.source, k.given_by, k.given_until
          from (select g.source, g.given_by, g.given_until from access.ground g
                 union all select m.source, m.given_by, m.given_until from access.member m) k
         where k.source = any (sources) and k.given_by is not null
        -- and what the platform gives her of what she began on it (a row, a follow-up)
        union all
        select distinct on (r.rid) r.rid, g.given_by, g.given_until
          from store.resource r join access.ground g on g.patient = r.patient and g.given_by is not null
         where r.rid = any (sources) and r.patient <> 0
           and not exists (select from access.ground o where o.source = r.rid)
           -- who has an ordinary ground by now, by herself or at her unit, is given things like others
           and not exists (
               select from access.ground o
                where o.patient = r.patient and o.given_by is null and o.kind <> 10
                  and o.ends > coalesce(at, (extract(epoch from clock_timestamp()) * 1000000)::bigint)
                  and (o.holder = g.given_by or o.holder in (
                       select unnest(array[e.source, e.unit]) from access.employment e
                        where e.practitioner = g.given_by)));
    end if;
end $$;

-- Replaces what was derived from these resources. Each list holds rows as JSON; persons and
-- units are numbers of store.resource already.
create or replace function access.derive(
    sources bigint[], employments jsonb, parts jsonb, members jsonb, grounds jsonb, blocks jsonb,
    releases jsonb, others jsonb, inactives jsonb
) returns void
language plpgsql volatile security definer set search_path = pg_catalog as $$
declare
    given jsonb;
begin
    select jsonb_agg(to_jsonb(b)) into given from access.given_on_broken_glass(sources) b;
    perform set_config('fj.patient', '0', false);
    perform set_config('fj.reason', '0', false);
    delete from access.employment where source = any (sources);
    delete from access.part_of where source = any (sources);
    delete from access.member where source = any (sources);
    delete from access.ground where source = any (sources);
    delete from access.block where source = any (sources);
    delete from access.release where source = any (sources);
    delete from access.inactive where source = any (sources);
    insert into access.employment
    select * from jsonb_populate_recordset(null::access.employment, employments);
    insert into access.part_of select * from jsonb_populate_recordset(null::access.part_of, parts);
    insert into access.member select * from jsonb_populate_recordset(null::access.member, members);
    insert into access.ground select * from jsonb_populate_recordset(null::access.ground, grounds);
    insert into access.block select * from jsonb_populate_recordset(null::access.block, blocks);
    insert into access.release select * from jsonb_populate_recordset(null::access.release, releases);
    insert into access.also_about
    select * from jsonb_populate_recordset(null::access.also_about, others) on conflict do nothing;
    insert into access.inactive
    select * from jsonb_populate_recordset(null::access.inactive, inactives);
    if given is not null then
        update access.ground g set given_by = b.given_by, given_until = b.given_until
          from jsonb_to_recordset(given) b(source bigint, given_by bigint, given_until bigint)
         where g.source = b.source;
        update access.member m set given_by = b.given_by, given_until = b.given_until
          from jsonb_to_recordset(given) b(source bigint, given_by bigint, given_until bigint)
         where m.source = b.source;
    end if;
end $$;

-- --- the second wall ----------------------------------------------------------------------------
-- The first wall is the condition that access/policy/predicate.py puts into every statement.
-- Should one ever be forgotten, no body leaves all the same: the run-time role reads versions
-- through this policy. It is coarser (any ground, any area) and written apart on purpose.

-- It remembers the last patient with a reason until the next entrance: bodies come patient by
-- patient.
create or replace function access.body_has_a_reason(asked bigint) returns boolean
language plpgsql stable as $$
declare
    asks text := current_setting('fj.kind', true);
    done text;
begin
    if asks = 'citizen' then
        return asked = current_setting('fj.subject')::bigint;
    elsif asks is distinct from 'staff' then
        return false;
    elsif current_setting('fj.reason') = asked::text then
        return true;
    elsif exists (
            select from access.ground g
             where g.patient = asked and g.holder = any (current_setting('fj.holders')::bigint[])
               and g.starts <= current_setting('fj.now')::bigint
               and g.ends > current_setting('fj.now')::bigint
               and (g.given_by is null or g.given_by <> current_setting('fj.person')::bigint
                    or g.given_until > current_setting('fj.now')::bigint)) then
        done := set_config('fj.reason', asked::text, false);
        return true;
    end if;
    return false;
end $$;
