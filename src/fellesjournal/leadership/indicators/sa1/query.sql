told as (
    select stay, receiver, min(sent) as sent
      from figures.stay_notice
     where event = '1' and not again and sent <= %(cut)s
     group by stay, receiver
),
said as (
    select stay, max(case when event = '3' then 1 else 0 end) as ready,
           max(case when event = '4' then 1 else 0 end) as withdrawn
      from figures.stay_said where said <= %(cut)s group by stay
),
-- a stay is told of early when each of its units was told within 24 hours (86 400 000 000 microseconds)
each_stay as (
    select e.grp as grp, e.stay as stay, e.why as why,
           min(case when e.ended - e.began >= 86400000000 then 1 else 0 end) as is_long,
           min(case when t.sent <= e.began + 86400000000 then 1 else 0 end) as early,
           min(e.inside) as inside,
           max(coalesce(s.ready, 0)) as ready, max(coalesce(s.withdrawn, 0)) as withdrawn
      from ends e
      left join told t on t.stay = e.stay and t.receiver = e.receiver
      left join said s on s.stay = e.stay
     group by e.grp, e.stay, e.at_end, e.why
)
select grp,
       count(*) filter (where why = 'in' and is_long = 1 and early = 1) as numerator,
       count(*) filter (where why = 'in' and is_long = 1) as denominator,
       count(*) filter (where why = 'in' and is_long = 1 and ready = 1 and withdrawn = 1) as withdrawn_n,
       count(*) filter (where why = 'in' and is_long = 1 and ready = 1) as withdrawn_d,
       count(*) filter (where why = 'in' and is_long = 1 and ready = 1) as complete_n,
       count(*) filter (where why = 'in' and is_long = 1) as complete_d,
       count(*) filter (where why = 'in' and is_long = 1 and inside = 1) as coverage_n,
       count(*) filter (where why = 'in' and is_long = 1) as coverage_d,
       count(*) filter (where why = 'died') as x_died,
       count(*) filter (where why = 'moved') as x_moved,
       count(*) filter (where why = 'newborn') as x_newborn,
       count(*) filter (where why = 'blocked') as x_blocked,
       count(*) filter (where why = 'in' and is_long = 0) as x_short
  from each_stay group by grp
