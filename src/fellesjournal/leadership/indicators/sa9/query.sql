-- The first visit face to face after she came home, by anybody; 72 hours are 259 200 000 000 microseconds,
-- 24 hours 86 400 000 000: so long for who is frail by the newest score from before she came home.
came as (
    select e.stay as stay, min(v.began) as began
      from ends e
      join figures.home_visit v on v.patient = e.patient and v.status = 'finished' and v.began >= e.ended
       and v.began <= %(cut)s
     group by e.stay
),
scored as (
    select e.stay as stay, coalesce(f.whole, f.score) as score,
           row_number() over (partition by e.stay order by f.measured desc, f.observation desc) as turn
      from (select distinct stay, patient, ended from ends) e
      join figures.frailty f on f.patient = e.patient and f.measured <= e.ended
       and f.status in ('final', 'amended', 'corrected') and coalesce(f.whole, f.score) is not null
),
timed as (
    select e.grp as grp, e.stay as stay, e.at_end as at_end, e.why as why, e.destination as destination,
           e.ended as ended, e.patient as patient, e.inside as inside,
           case when s.score >= %(frail_from)s then 1 else 0 end as frail,
           e.ended + case when s.score >= %(frail_from)s then 86400000000 else 259200000000 end as latest
      from ends e
      left join scored s on s.stay = e.stay and s.turn = 1
),
each_stay as (
    select e.grp as grp, e.stay as stay, e.frail as frail,
           case when e.why <> 'in' then e.why
                when e.destination <> 'home' or e.destination is null then 'elsewhere'
                when p.died <= e.latest then 'died'
                else 'in' end as why,
           case when c.began <= e.latest then 1 else 0 end as in_time,
           case when c.began is not null or e.latest <= %(cut)s then 1 else 0 end as due,
           min(e.inside) as inside
      from timed e
      left join came c on c.stay = e.stay
      left join figures.person p on p.patient = e.patient
     group by e.grp, e.stay, e.at_end, e.why, e.destination, e.latest, e.frail, p.died, c.began
)
select grp,
       count(*) filter (where why = 'in' and due = 1 and in_time = 1) as numerator,
       count(*) filter (where why = 'in' and due = 1) as denominator,
       count(*) filter (where why = 'in' and due = 1 and frail = 1 and in_time = 1) as frail_n,
       count(*) filter (where why = 'in' and due = 1 and frail = 1) as frail_d,
       count(*) filter (where why = 'in' and due = 1 and inside = 1) as coverage_n,
       count(*) filter (where why = 'in' and due = 1) as coverage_d,
       count(*) filter (where why = 'in' and due = 0) as x_open,
       count(*) filter (where why = 'died') as x_died,
       count(*) filter (where why = 'moved') as x_moved,
       count(*) filter (where why = 'newborn') as x_newborn,
       count(*) filter (where why = 'elsewhere') as x_elsewhere,
       count(*) filter (where why = 'blocked') as x_blocked
  from each_stay group by grp
