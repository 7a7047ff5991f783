-- A ground that somebody gave while nothing but broken glass opened the record to her, which for
-- her holds no longer than the opening (functions.sql): who, and until when. Not derived from the
-- resource, but from how it was written.
alter table access.ground add column given_by bigint, add column given_until bigint;
alter table access.member add column given_by bigint, add column given_until bigint;

drop index access.ground_of_patient;
create index ground_of_patient on access.ground (patient, holder)
    include (kind, starts, ends, given_by, given_until);
drop index access.member_is_in;
create index member_is_in on access.member (member, ends) include (source, starts, given_by, given_until);
create index ground_of_broken_glass on access.ground (source) where given_by is not null;
create index member_of_broken_glass on access.member (source) where given_by is not null;
