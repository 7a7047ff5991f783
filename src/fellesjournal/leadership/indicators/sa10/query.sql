-- Who has a complex need at the end of the period, once for each unit that gives her something; and whether she
-- has one plan that two organisations wrote. An organisation is what a unit is part of, up to five levels.
tops as (
    select u.unit as unit, u.outside as outside,
           coalesce(d.unit, c.unit, b.unit, a.unit, u.unit) as top
      from figures.unit_system u
      left join figures.unit_system a on a.unit = u.above
      left join figures.unit_system b on b.unit = a.above
      left join figures.unit_system c on c.unit = b.above
      left join figures.unit_system d on d.unit = c.above
),
blocked as (
    select distinct patient from figures.privacy where status = 'active' and patient is not null
),
used as (
    select s.patient as patient, s.unit as unit, t.top as actor, coalesce(s.kind, '') as kind, 0 as place,
           case when t.outside then 1 else 0 end as outside
      from figures.service_kind s join tops t on t.unit = s.unit
     where s.patient is not null and s.starts_day < %(end)s and s.starts <= %(cut)s
       and (s.ends is null or s.ends_day + 90 >= %(end)s)
    union
    select e.patient as patient, e.unit as unit, t.top as actor, '' as kind, e.unit as place,
           case when t.outside then 1 else 0 end as outside
      from figures.treated e join tops t on t.unit = e.unit
     where e.patient is not null and e.began_day < %(end)s and e.began <= %(cut)s
       and (e.ended is null or e.ended_day + 90 >= %(end)s)
),
services as (
    select patient, count(*) as n, count(distinct actor) as actors
      from (select distinct patient, actor, kind, place from used) each_once group by patient
),
needs as (
    select n.patient as patient, max(u.outside) as outside,
           case when p.died <= %(cut)s and p.died_day < %(end)s then 'died'
                when b.patient is not null then 'blocked'
                else 'in' end as why
      from services n
      join used u on u.patient = n.patient
      left join figures.person p on p.patient = n.patient
      left join blocked b on b.patient = n.patient
     where n.n >= 3 and n.actors >= 2
     group by n.patient, p.died, p.died_day, b.patient
),
written as (
    select plan, by_unit, by_role, by_person from figures.shared_plan
    union all
    select plan, by_unit, by_role, by_person from figures.plan_contributor
),
-- somebody who works for several organisations writes for one of them
works as (
    select w.person as person, min(t.top) as top
      from figures.works_at w join tops t on t.unit = w.unit where w.person is not null group by w.person
),
wrote as (
    select w.plan as plan, coalesce(o.top, rt.top, p.top) as actor
      from written w
      left join tops o on o.unit = w.by_unit
      left join figures.works_at r on r.role = w.by_role
      left join tops rt on rt.unit = r.unit
      left join works p on p.person = w.by_person
),
authors as (
    select plan, count(distinct actor) as actors, count(*) filter (where actor is null) as unknown
      from wrote group by plan
),
plans as (
    select s.patient as patient, s.written_day as written_day,
           case when s.written_day + 180 >= %(end)s and a.actors >= 2 and c.coordinated and not s.hidden
                then 1 else 0 end as shared,
           case when s.written is not null and a.actors > 0 and a.unknown = 0 and s.team is not null
                then 1 else 0 end as complete
      from figures.shared_plan s
      left join authors a on a.plan = s.plan
      left join figures.plan_team c on c.team = s.team
     where (s.written is null or (s.written_day < %(end)s and s.written <= %(cut)s))
       and (s.ends is null or s.ends_day >= %(start)s)
),
planned as (
    select patient, max(shared) as shared, max(complete) as complete, max(written_day) as newest
      from plans where patient is not null group by patient
),
each_one as (
    select distinct a.grp as grp, u.unit as unit, n.patient as patient, n.why as why, n.outside as outside,
           coalesce(p.shared, 0) as shared, coalesce(p.complete, 0) as complete,
           case when p.patient is null then 0 else 1 end as has_plan, %(end)s - p.newest as age
      from needs n
      join used u on u.patient = n.patient
      join asked a on a.unit = u.unit
      left join planned p on p.patient = n.patient
)
select grp,
       count(*) filter (where why = 'in' and shared = 1) as numerator,
       count(*) filter (where why = 'in') as denominator,
       percentile_cont(0.5) within group (order by age) filter (where why = 'in') as age,
       count(*) filter (where why = 'in' and has_plan = 1 and complete = 1) as complete_n,
       count(*) filter (where why = 'in' and has_plan = 1) as complete_d,
       count(*) filter (where why = 'in' and outside = 0) as coverage_n,
       count(*) filter (where why = 'in') as coverage_d,
       count(*) filter (where why = 'died') as x_died,
       count(*) filter (where why = 'blocked') as x_blocked
  from each_one group by grp
