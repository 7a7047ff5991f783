-- Opening a closed door leaves no choice about what goes with it: the function below is the only
-- way to an opening, and it refuses one without a reason in words, an end within the day, and,
-- when the glass is broken, a review task made for it; the line that the citizen sees is
-- written by it (INV-37). The rules of policy/opening.py are stricter; these can't be passed.

alter table access.opening
    add constraint opening_is_of_a_kind check (kind in (1, 2)),
    add constraint opening_has_a_reason check (reason_code <> '' and btrim(reason) <> ''),
    add constraint opening_ends_within_a_day check (ends > starts and ends <= starts + 86400000000),
    add constraint broken_glass_is_reviewed check ((kind = 1) = (task is not null)),
    add constraint only_broken_glass_passes_a_block check (kind = 1 or (labels & (1 << 21)) = 0);
-- One task is the review of one opening.
create unique index opening_of_task on access.opening (task);
create index opening_of_unit on access.opening (unit, starts) where kind = 1;
create index opening_of_practitioner on access.opening (practitioner, starts);

-- A step past a closed door by the member of staff who has entered: the opening, the line in the
-- log and, when the glass is broken, the ground it gives to her in this role. The last
-- parameters are those of access.log_line. Answers the opening's number.
create function access.open_up(
    asked_patient bigint, asked_kind smallint, asked_labels integer, code text, words text,
    until bigint, review bigint,
    person text, role text, unit text, organisation text, purpose text, app text,
    act smallint, type smallint, areas integer
) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    made bigint;
    at   constant bigint := current_setting('fj.now')::bigint;
begin
    if current_setting('fj.kind') <> 'staff' then
        raise exception 'only staff open a record' using errcode = 'FJ403';
    end if;
    if not exists (select from store.resource p
                    where p.rid = asked_patient and p.patient = p.rid and not p.deleted) then
        raise exception 'there is no such patient' using errcode = 'FJ403';
    end if;
    if asked_kind = 1 and not exists (
        select from store.resource t
         where t.rid = review and t.patient = asked_patient and t.version = 1 and not t.deleted
           and (t.labels & (1 << 23)) <> 0) then
        raise exception 'the glass is broken with a review task only' using errcode = 'FJ403';
    end if;
    insert into access.opening
        (patient, practitioner, role, unit, kind, labels, reason_code, reason, starts, ends, task)
    values (asked_patient, current_setting('fj.person')::bigint, current_setting('fj.role')::bigint,
            current_setting('fj.unit')::bigint, asked_kind, asked_labels, code, words, at, until, review)
    returning id into made;
    if asked_kind = 1 then
        insert into access.ground (patient, holder, kind, starts, ends, source)
        values (asked_patient, current_setting('fj.role')::bigint, 10, at, until, -made);
    end if;
    -- what the session remembers of the patient was before this
    perform set_config('fj.patient', '0', false);
    perform access.log_line(person, role, unit, organisation, purpose, app, act, type, areas,
        array[asked_patient], array[asked_patient], made);
    return made;
end $$;
