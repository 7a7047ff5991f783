-- The one write. Everything that changes the record is one call of store.commit.

-- Microseconds since 2020-01-01 UTC shifted by 12 bits, and a slot of 12 bits that keeps
-- simultaneous transactions apart: a number that is the order, the time and the key at once.
-- (Functions of time are declared stable because what they call is: only so are they inlined.)
create sequence store.seq_slot;

create function store.seq_of(at timestamptz) returns bigint
language sql stable parallel safe as $$
    select ((extract(epoch from at) * 1000000)::bigint - 1577836800000000) << 12
$$;

create function store.seq_time(seq bigint) returns timestamptz
language sql stable parallel safe as $$
    select timestamptz '2020-01-01 00:00:00+00' + (seq >> 12) * interval '1 microsecond'
$$;

-- The server's part of meta, the only bytes of a body the server writes itself.
create function store.stamp(version integer, seq bigint) returns bytea
language sql stable parallel safe as $$
    select convert_to(
        '"versionId":"' || version || '","lastUpdated":"'
        || to_char(store.seq_time(seq) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"',
        'UTF8')
$$;

-- A reference token: exact, not hashed. The sign bit keeps it apart from hashed tokens.
create function store.reference_token(slot smallint, rid bigint) returns bigint
language sql immutable parallel safe as $$
    select (slot::bigint << 47) | rid | (1::bigint << 63)
$$;

-- "This patient and this code" as one key of the token index. The patient's last 24 bits
-- lead, so that all keys of one patient lie on one page or two; 39 bits tell them apart.
create function store.pair_token(patient bigint, token bigint) returns bigint
language sql immutable parallel safe as $$
    select ((patient & 16777215) << 39) | (hashint8extended(token, patient) & 549755813887)
$$;

-- Writers hold this lock, shared, from before they read the clock until they end. Whoever
-- needs an order that nothing can enter late asks store.watermark().
create function store.enter_feed() returns bigint
language plpgsql as $$
declare
    -- an assignment, unlike perform, starts no statement
    held text := pg_advisory_xact_lock_shared(7306, 1)::text;
begin
    return store.seq_of(clock_timestamp()) | (nextval('store.seq_slot') & 4095);
end $$;

-- Every version with a seq below it is visible to the next statement, or never will be.
-- Sound because a writer takes the lock after its transaction began (xact_start is in
-- pg_stat_activity by then) and reads the clock after that.
-- The owner's, for the times of other roles' transactions are hidden from the run-time role.
create function store.watermark() returns bigint
language plpgsql security definer set search_path = pg_catalog as $$
declare
    here timestamptz := clock_timestamp();
    oldest timestamptz;
begin
    select min(a.xact_start) into oldest
      from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.classid = 7306 and l.objid = 1 and l.objsubid = 2
       and l.granted
       and l.database = (select oid from pg_database where datname = current_database());
    return store.seq_of(least(here, coalesce(oldest, here)));
end $$;

-- The numbers of the heads of (type, id) pairs in the order asked, null for those not there.
create function store.known_heads(types smallint[], ids text[]) returns bigint[]
language sql stable as $$
    select array(
        select (select r.rid from store.resource r where r.type = u.type and r.fhir_id = u.id)
          from unnest(types, ids) with ordinality u(type, id, n)
         order by u.n)
$$;

-- Finds the heads of (type, id) pairs and makes the missing ones, in a fixed order so that
-- two transactions can't wait for each other. Answers their numbers in the order asked.
create function store.heads(types smallint[], ids text[]) returns bigint[]
language plpgsql security definer set search_path = pg_catalog
set plan_cache_mode = force_generic_plan
as $$
declare
    found bigint[] := store.known_heads(types, ids);
begin
    if array_position(found, null) is null then
        return found;
    end if;
    insert into store.resource (type, fhir_id)
    select u.type, u.id from unnest(types, ids, found) u(type, id, rid)
     where u.rid is null
     order by u.type, u.id
    on conflict on constraint resource_id_is_unique do nothing;
    return store.known_heads(types, ids);
end $$;

-- Writes a set of versions, all or none. Change i is about head i of (head_types, head_ids);
-- the heads after those are what the changes refer to. Index rows name their change by its
-- number. expected[i]: null writes whatever stands, 0 only if nothing ever stood there,
-- n only if version n stands. Answers, per change in order, what stands now and what stood.
--
-- Raises FJ409 (detail: change number, version that stands) when an expectation fails, and
-- unique_violation on identifier_is_unique for a person number already in use.
create function store.commit(
    head_types smallint[], head_ids text[],
    methods smallint[], expected integer[], patient_heads integer[], label_bits integer[],
    before_stamp bytea[], after_stamp bytea[],
    date_los bigint[], date_his bigint[],
    token_of integer[], tokens bigint[],
    pair_of integer[], pairs bigint[],
    reference_of integer[], reference_slots smallint[], reference_heads integer[],
    string_of integer[], string_slots smallint[], norms text[], raws text[],
    date_of integer[], date_slots smallint[], los bigint[], his bigint[],
    number_of integer[], number_slots smallint[], units bigint[], lows float8[], highs float8[],
    term_tokens bigint[], term_slots smallint[], term_norms text[],
    unique_of integer[], unique_systems text[], unique_values text[]
) returns table (n integer, rid bigint, patient bigint, version integer, seq bigint, stood integer, was_deleted boolean)
language plpgsql
-- The run-time role writes versions through this function alone.
security definer set search_path = pg_catalog
-- Plans that fit one change and thousands: each statement starts from the arrays and probes
-- an index. Planning anew for each call would cost half of a small commit.
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    base    bigint := store.enter_feed();
    changes integer := cardinality(methods);
    all_rids bigint[];
    rids     bigint[];
    patients bigint[];
    bits     integer[];
    stood_versions integer[];
    stood_deleted  boolean[];
    stood_seqs     bigint[];
    failed  record;
    is_new  boolean := false;
    own     bigint;
begin
    -- One new resource that refers only to what is known, which is what most writes are:
    -- its head is written once, and nothing stood that had to be looked at or locked.
    -- With all others known it waits for nobody while somebody waits for it.
    if changes = 1 and expected[1] = 0 and methods[1] <> 4 and patient_heads[1] is distinct from 1 then
        all_rids := store.known_heads(head_types[2:], head_ids[2:]);
        if array_position(all_rids, null) is null then
            patients := array[coalesce(all_rids[nullif(patient_heads[1], 0) - 1], 0)];
            insert into store.resource (type, fhir_id, seq, patient, version, labels)
            values (head_types[1], head_ids[1], base, patients[1], 1, label_bits[1])
            on conflict on constraint resource_id_is_unique do nothing
            returning store.resource.rid into own;
            is_new := own is not null;
        end if;
    end if;

    if is_new then
        all_rids := own || all_rids;
        rids := array[own];
        stood_versions := array[0];
        stood_deleted := array[false];
        insert into store.version (seq, rid, patient, version, labels, type, method, body)
        values (base, own, patients[1], 1, label_bits[1], head_types[1], methods[1],
                before_stamp[1] || store.stamp(1, base) || after_stamp[1]);
        insert into store.entry (seq, rid, patient, date_lo, date_hi, version, labels, type, tokens)
        values (base, own, patients[1], date_los[1], date_his[1], 1, label_bits[1], head_types[1],
                tokens
                || array(select store.pair_token(patients[1], p.token)
                           from unnest(pairs) p(token) where patients[1] <> 0)
                || array(select store.reference_token(f.slot, all_rids[f.head])
                           from unnest(reference_slots, reference_heads) f(slot, head)));
    else
        all_rids := store.heads(head_types, head_ids);
        rids := all_rids[1:changes];
        perform 1 from store.resource r where r.rid = any(rids) order by r.rid for no key update;

        select array_agg(r.version order by i), array_agg(r.deleted order by i), array_agg(r.seq order by i),
               -- a delete stays the patient's: it has no body to say whose it is
               array_agg(case when methods[i] = 4 then r.patient
                              else coalesce(all_rids[nullif(patient_heads[i], 0)], 0) end order by i),
               array_agg(case when methods[i] = 4 then r.labels else label_bits[i] end order by i)
          into stood_versions, stood_deleted, stood_seqs, patients, bits
          from generate_subscripts(rids, 1) i join store.resource r on r.rid = rids[i];

        select i, stood_versions[i] as version into failed
          from generate_subscripts(rids, 1) i
         where expected[i] is not null
           and (stood_versions[i] <> expected[i] or (expected[i] > 0 and stood_deleted[i]))
         limit 1;
        if found then
            raise exception 'version % stands', failed.version
                using errcode = 'FJ409', detail = failed.i || ' ' || failed.version;
        end if;

        -- a clock that was set back must not put a version before the one it follows
        base := greatest(base, (select max(s) from unnest(stood_seqs) s) + 4096);

        update store.entry e set died = pg_current_xact_id()
          from unnest(stood_seqs, stood_versions) w(seq, version)
         where w.version > 0 and e.seq = w.seq and e.died is null;

        insert into store.version (seq, rid, patient, version, labels, type, method, body)
        select base + ((i - 1)::bigint << 12), rids[i], patients[i], stood_versions[i] + 1, bits[i], head_types[i], methods[i],
               case when methods[i] <> 4
                    then before_stamp[i]
                         || store.stamp(stood_versions[i] + 1, base + ((i - 1)::bigint << 12))
                         || after_stamp[i] end
          from generate_subscripts(rids, 1) i;

        update store.resource r
           set version = stood_versions[i] + 1, seq = base + ((i - 1)::bigint << 12),
               deleted = methods[i] = 4, patient = patients[i], labels = bits[i]
          from generate_subscripts(rids, 1) i
         where r.rid = rids[i];

        insert into store.entry (seq, rid, patient, date_lo, date_hi, version, labels, type, tokens)
        select base + ((i - 1)::bigint << 12), rids[i], patients[i], date_los[i], date_his[i],
               stood_versions[i] + 1, bits[i], head_types[i], coalesce(t.list, '{}')
          from generate_subscripts(rids, 1) i
          left join (
                select k.of, array_agg(k.token) as list
                  from (select u.of, u.token from unnest(token_of, tokens) u(of, token)
                        union all
                        select p.of, store.pair_token(patients[p.of], p.token)
                          from unnest(pair_of, pairs) p(of, token) where patients[p.of] <> 0
                        union all
                        select f.of, store.reference_token(f.slot, all_rids[f.head])
                          from unnest(reference_of, reference_slots, reference_heads) f(of, slot, head)
                       ) k
                 group by k.of
               ) t on t.of = i
         where methods[i] <> 4;
    end if;

    if cardinality(string_of) > 0 then
        insert into store.entry_string (seq, slot, norm, raw)
        select base + ((s.of - 1)::bigint << 12), s.slot, s.norm, nullif(s.raw, s.norm)
          from unnest(string_of, string_slots, norms, raws) s(of, slot, norm, raw);
    end if;
    if cardinality(date_of) > 0 then
        insert into store.entry_date (seq, slot, lo, hi)
        select base + ((d.of - 1)::bigint << 12), d.slot, d.lo, d.hi
          from unnest(date_of, date_slots, los, his) d(of, slot, lo, hi);
    end if;
    if cardinality(number_of) > 0 then
        insert into store.entry_number (seq, slot, unit, lo, hi)
        select base + ((v.of - 1)::bigint << 12), v.slot, v.unit, v.lo, v.hi
          from unnest(number_of, number_slots, units, lows, highs) v(of, slot, unit, lo, hi);
    end if;

    if cardinality(term_tokens) > 0 then
        insert into store.term (token, slot, norm)
        select distinct on (t.token) t.token, t.slot, t.norm
          from unnest(term_tokens, term_slots, term_norms) t(token, slot, norm)
         where not exists (select from store.term known where known.token = t.token)
         order by t.token
        on conflict do nothing;
    end if;

    if not is_new then
        delete from store.unique_identifier u where u.rid = any(rids);
    end if;
    if cardinality(unique_of) > 0 then
        insert into store.unique_identifier (rid, type, system, value)
        select rids[u.of], head_types[u.of], u.system, u.value
          from unnest(unique_of, unique_systems, unique_values) u(of, system, value);
    end if;

    return query
        select i, rids[i], patients[i], stood_versions[i] + 1, base + ((i - 1)::bigint << 12),
               stood_versions[i], stood_deleted[i]
          from generate_subscripts(rids, 1) i;
end $$;
