-- The second wall: no body leaves without a reason for its patient (functions.sql).
alter table store.version enable row level security;
create policy body_needs_a_reason on store.version for select using (
    patient = 0
    or current_setting('fj.kind', true) = 'system'
    or access.body_has_a_reason(patient)
);
