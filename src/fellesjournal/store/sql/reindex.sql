-- What a rebuild of the search index does to heads and versions; they belong to the owner, whom
-- store/reindex.py is not. Bodies stay what they are.

-- Locks the resources of some entries as store.commit does: in order, so that the two can't
-- wait for each other.
create function store.reindex_lock(seqs bigint[]) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform 1 from store.resource r
      where r.rid in (select e.rid from store.entry e where e.seq = any(seqs))
      order by r.rid for no key update;
end $$;

-- Whose the resources and the versions that stand are, as their entries say.
create function store.reindex_patients(rids bigint[]) returns void
language sql security definer set search_path = pg_catalog as $$
    update store.resource r set patient = e.patient
      from store.entry e
     where e.rid = any(rids) and e.died is null and r.rid = e.rid and r.patient <> e.patient;
    update store.version v set patient = e.patient
      from store.entry e
     where e.rid = any(rids) and e.died is null and v.rid = e.rid and v.version = e.version
       and v.patient <> e.patient;
$$;
