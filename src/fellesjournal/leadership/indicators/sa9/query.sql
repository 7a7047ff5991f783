-- The first visit face to face after she came home, by anybody; 72 hours are 259 200 000 000 microseconds.
came as (
    select e.stay as stay, min(v.began) as began
      from ends e
      join figures.home_visit v on v.patient = e.patient and v.status = 'finished' and v.began >= e.ended
       and v.began <= %(cut)s
     group by e.stay
),
each_stay as (
    select e.grp as grp, e.stay as stay,
           case when e.why <> 'in' then e.why
                when e.destination <> 'home' or e.destination is null then 'elsewhere'
                when p.died <= e.ended + 259200000000 then 'died'
                else 'in' end as why,
           case when c.began - e.ended <= 259200000000 then 1 else 0 end as in_time,
           case when c.began is not null or e.ended + 259200000000 <= %(cut)s then 1 else 0 end as due,
           min(e.inside) as inside
      from ends e
      left join came c on c.stay = e.stay
      left join figures.person p on p.patient = e.patient
     group by e.grp, e.stay, e.at_end, e.why, e.destination, e.ended, p.died, c.began
)
select grp,
       count(*) filter (where why = 'in' and due = 1 and in_time = 1) as numerator,
       count(*) filter (where why = 'in' and due = 1) as denominator,
       count(*) filter (where why = 'in' and due = 1 and inside = 1) as coverage_n,
       count(*) filter (where why = 'in' and due = 1) as coverage_d,
       count(*) filter (where why = 'in' and due = 0) as x_open,
       count(*) filter (where why = 'died') as x_died,
       count(*) filter (where why = 'moved') as x_moved,
       count(*) filter (where why = 'newborn') as x_newborn,
       count(*) filter (where why = 'elsewhere') as x_elsewhere,
       count(*) filter (where why = 'blocked') as x_blocked
  from each_stay group by grp
