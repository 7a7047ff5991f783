-- Completed visits face to face in the window; one across midnight belongs to its start. A visit by
-- somebody who was there within ten minutes before is the same visit (600 000 000 microseconds).
completed as (
    select v.visit as visit, v.patient as patient, v.unit as unit, v.began as began, v.ended as ended,
           v.began_day as day
      from figures.home_visit v
     where v.status = 'finished' and v.began_day >= %(start)s and v.began_day < %(end)s and v.began <= %(cut)s
       and v.unit in (select unit from asked)
),
again as (
    select distinct later.visit as visit
      from completed later
      join completed before on before.patient = later.patient and before.unit = later.unit
       and before.visit <> later.visit
       and later.began >= before.began and later.began - before.ended <= 600000000
       and (later.began > before.began or later.visit > before.visit)
      join figures.visit_carer c on c.visit = later.visit
      join figures.visit_carer p on p.visit = before.visit and p.carer = c.carer
),
counted as (
    select a.grp as grp, v.visit as visit, v.patient as patient, v.day as day,
           row_number() over (partition by a.grp, v.patient order by v.began, v.visit) as n
      from completed v join asked a on a.unit = v.unit
     where v.visit not in (select visit from again)
),
carers as (
    select c.grp as grp, c.patient as patient, c.visit as visit, c.n as n, w.carer as carer
      from counted c join figures.visit_carer w on w.visit = c.visit and w.carer is not null
),
-- how many came home to each in the last fourteen days; who is not known is somebody else each time
lately as (
    select c.grp as grp, c.patient as patient,
           count(distinct w.carer) + count(distinct case when w.carer is null then c.visit end) as people
      from counted c
      left join figures.visit_carer w on w.visit = c.visit and w.carer is not null
     where c.day >= %(end)s - 14
     group by c.grp, c.patient
),
faces as (
    select grp, avg(people) as people, count(*) as n from lately group by grp
),
-- known: some carer of this visit was at an earlier one; same: at the one just before
met as (
    select c.grp as grp, c.patient as patient, c.visit as visit,
           max(case when e.n < c.n then 1 else 0 end) as known,
           max(case when e.n = c.n - 1 then 1 else 0 end) as same
      from carers c
      join carers e on e.grp = c.grp and e.patient = c.patient and e.carer = c.carer
     group by c.grp, c.patient, c.visit
),
visits as (
    select c.grp as grp, c.patient as patient, count(*) as n,
           count(*) - sum(coalesce(m.known, 0)) as k,
           sum(coalesce(m.same, 0)) as same,
           sum(case when m.visit is null then 1 else 0 end) as unknown
      from counted c
      left join met m on m.grp = c.grp and m.patient = c.patient and m.visit = c.visit
     group by c.grp, c.patient
),
each_carer as (
    select grp, patient, carer, count(distinct visit) as n from carers group by grp, patient, carer
),
shares as (
    select grp, patient, max(n) as most, sum(n * n) as squares, count(*) as people
      from each_carer group by grp, patient
),
patients as (
    select v.grp as grp, v.n as n, v.unknown as unknown,
           (v.n - v.k) * 1.0 / nullif(v.n - 1, 0) as h4,
           (v.n - coalesce(s.people, 0) - v.unknown) * 1.0 / nullif(v.n - 1, 0) as h4_each,
           coalesce(s.most, 1) * 1.0 / v.n as upc,
           (coalesce(s.squares, 0) + v.unknown - v.n) * 1.0 / nullif(v.n * (v.n - 1), 0) as coc,
           v.same * 1.0 / nullif(v.n - 1, 0) as secon,
           1 - (v.k / (v.n + 0.1)) as mci,
           (1 - (v.k / (v.n + 0.1))) / (1 - 1 / (v.n + 0.1)) as mmci,
           f.people as people_lately, f.n as recipients_lately
      from visits v
      left join shares s on s.grp = v.grp and s.patient = v.patient
      left join faces f on f.grp = v.grp
)
select grp,
       count(*) filter (where n >= 2) as denominator,
       percentile_cont(0.5) within group (order by case when n >= 2 then h4 end) as value,
       sum(case when n >= 2 then n * h4 end) / sum(case when n >= 2 then n end) as weighted,
       percentile_cont(0.5) within group (order by case when n >= 2 then h4_each end) as each,
       percentile_cont(0.5) within group (order by case when n >= 2 then upc end) as upc,
       percentile_cont(0.5) within group (order by case when n >= 2 then coc end) as coc,
       percentile_cont(0.5) within group (order by case when n >= 2 then secon end) as secon,
       percentile_cont(0.5) within group (order by case when n >= 2 then mci end) as mci,
       percentile_cont(0.5) within group (order by case when n >= 2 then mmci end) as mmci,
       max(people_lately) as people, max(recipients_lately) as people_d,
       count(*) filter (where n < 2) as x_one_visit,
       sum(unknown) as x_unknown_carer
  from patients group by grp
