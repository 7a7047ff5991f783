-- 67 years or more on the day of discharge; the parts of a day written as one number compare as dates do.
index_stays as (
    select s.stay as stay, s.patient as patient, s.unit as unit, s.ended as ended, s.why as why, s.gender as gender,
           (extract(year from s.ended_day) * 10000 + extract(month from s.ended_day) * 100 + extract(day from s.ended_day))
           - (extract(year from s.born) * 10000 + extract(month from s.born) * 100 + extract(day from s.born)) as age,
           -- 30 days are 2 592 000 000 000 microseconds
           case when s.ended + 2592000000000 <= %(cut)s then 1 else 0 end as due
      from stays s
     where s.born is not null
),
-- back as an emergency later than 8 hours (28 800 000 000) and within 30 days after
back as (
    select distinct i.stay as stay
      from index_stays i
      join figures.stay r on r.patient = i.patient and r.stay <> i.stay and r.acute
       and r.status in ('arrived', 'triaged', 'in-progress', 'onleave', 'finished')
       and r.began - i.ended > 28800000000 and r.began - i.ended <= 2592000000000
       and r.began <= %(cut)s
),
judged as (
    select i.stay as stay, i.unit as unit, i.why as why, i.due as due, i.gender as gender,
           case when i.age >= 850000 then 3 when i.age >= 750000 then 2 else 1 end as band,
           case when b.stay is null then 0 else 1 end as back
      from index_stays i left join back b on b.stay = i.stay
     where i.age >= 670000
),
-- what all units together have, by age and sex: what would be expected here
rates as (
    select band, gender, sum(back) * 1.0 / count(*) as rate
      from judged where why = 'in' and due = 1 group by band, gender
),
-- where she is readmitted says nothing of who sent her home: both sides share each stay
at_side as (
    select distinct a.grp as grp, j.stay as stay, j.why as why, j.due as due, j.back as back, e.rate as rate,
           case when %(side)s = 'to' then r.receiver else 0 end as at_end
      from judged j
      left join receivers r on r.stay = j.stay and %(side)s = 'to'
      join asked a on a.unit = case when %(side)s = 'to' then r.receiver else j.unit end
      left join rates e on e.band = j.band and coalesce(e.gender, '') = coalesce(j.gender, '')
      left join home h on h.unit = j.unit
     where (%(side)s = 'from' or h.top is null or h.top <> a.top)
),
reached as (
    select x.grp as grp, x.stay as stay, max(case when f.outside or t.outside then 1 else 0 end) as outside
      from at_side x
      join receivers r on r.stay = x.stay
      join stays s on s.stay = x.stay
      left join figures.unit_system f on f.unit = s.unit
      left join figures.unit_system t on t.unit = r.receiver
     group by x.grp, x.stay
)
select x.grp as grp,
       count(*) filter (where x.why = 'in' and x.due = 1 and x.back = 1) as numerator,
       count(*) filter (where x.why = 'in' and x.due = 1) as denominator,
       sum(case when x.why = 'in' and x.due = 1 then x.back * 1.0 end)
       / nullif(sum(case when x.why = 'in' and x.due = 1 then x.rate end), 0) as oe,
       count(*) filter (where x.why = 'in' and x.due = 1 and y.outside = 0) as coverage_n,
       count(*) filter (where x.why = 'in' and x.due = 1 and y.stay is not null) as coverage_d,
       count(*) filter (where x.why = 'in' and x.due = 0) as x_open,
       count(*) filter (where x.why = 'died') as x_died,
       count(*) filter (where x.why = 'moved') as x_moved,
       count(*) filter (where x.why = 'blocked') as x_blocked
  from at_side x left join reached y on y.grp = x.grp and y.stay = x.stay
 group by x.grp
