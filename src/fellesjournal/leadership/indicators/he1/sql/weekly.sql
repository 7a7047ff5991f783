-- By week and where they live now: who signed in as herself, and whose record another opened for her.
with active as (
    select coalesce(r.municipality, '') as municipality, a.week as week, count(*) as active
      from figures.portal_active a
      join figures.portal_user u on u.patient = a.patient
      join figures.resident r on r.person = a.patient
     where r.died is null and not coalesce(r.is_dead, false) and coalesce(r.is_active, true)
       and a.week >= %(first)s and a.week <= %(last)s
     group by 1, 2
),
represented as (
    select coalesce(r.municipality, '') as municipality, p.week as week, count(*) as represented
      from figures.portal_represented p
      join figures.resident r on r.person = p.patient
     where r.died is null and not coalesce(r.is_dead, false) and coalesce(r.is_active, true)
       and p.week >= %(first)s and p.week <= %(last)s
     group by 1, 2
)
select coalesce(a.municipality, p.municipality) as municipality, coalesce(a.week, p.week) as week,
       coalesce(a.active, 0) as active, coalesce(p.represented, 0) as represented
  from active a full join represented p on p.municipality = a.municipality and p.week = a.week
