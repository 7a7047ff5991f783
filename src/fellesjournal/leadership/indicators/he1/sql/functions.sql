-- By where they live now: who signed in as herself in a week (function ''), and who of them used each function.
with active as (
    select coalesce(r.municipality, '') as municipality, a.patient as patient
      from figures.portal_active a
      join figures.portal_user u on u.patient = a.patient
      join figures.resident r on r.person = a.patient
     where r.died is null and not coalesce(r.is_dead, false) and coalesce(r.is_active, true)
       and a.week = %(last)s
)
select a.municipality as municipality, '' as function, count(*) as users
  from active a
 group by a.municipality
 union all
select a.municipality as municipality, f.function as function, count(*) as users
  from active a
  join figures.portal_function f on f.patient = a.patient
 where f.week = %(last)s
 group by a.municipality, f.function
