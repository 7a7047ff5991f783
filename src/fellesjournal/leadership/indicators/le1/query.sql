-- A dose counts on the day it was planned for, at the unit whose visit it was given in or is owed by.
-- Microseconds: 60 minutes are 3 600 000 000, and both ends are inside.
-- What is scanned again for the same prescription and planned time is no other dose: the first counts.
-- A group of medicines are the ATC codes that begin with it: from it to before the next in bytes.
-- The visits of a month lie close together: their first and last keep the rest of the years from being looked through.
span as (
    select min(visit) as first, max(visit) as last
      from figures.dose_given
     where coalesce(planned_day, given_day) >= %(start)s and coalesce(planned_day, given_day) < %(end)s
),
given as (
    select a.grp as grp, p.period as period, g.status as status, g.planned as planned, g.given as given,
           g.recorded as recorded, g.given - g.planned as off,
           (%(time_critical_insulin)s = 1 and g.atc >= 'A10A' and g.atc < 'A10B')
           or (%(time_critical_parkinson)s = 1 and g.atc >= 'N04' and g.atc < 'N05')
           or (%(time_critical_epilepsy)s = 1 and g.atc >= 'N03' and g.atc < 'N04')
           or (%(time_critical_opioids)s = 1 and g.atc >= 'N02A' and g.atc < 'N02B')
           or (%(time_critical_antibiotics)s = 1 and g.atc >= 'J01' and g.atc < 'J02') as is_critical,
           case when g.request is null or g.planned is null then 1
                else row_number() over (
                    partition by g.request, g.planned, a.grp, p.period, g.status
                        order by g.given, g.administration
                ) end as turn
      from figures.dose_given g
      join figures.home_visit v on v.visit = g.visit
      join span s on v.visit between s.first and s.last
      join asked a on a.unit = v.unit
      join periods p on p.day = coalesce(g.planned_day, g.given_day)
     where g.given <= %(cut)s
),
counted as (
    select grp, period, planned, given, recorded, off, is_critical,
           case when status = 'completed' and turn > 1 then 'repeated' else status end as status
      from given
),
administrations as (
    select grp, period,
           count(*) filter (where status = 'completed' and planned is not null) as completed,
           count(*) filter (where status = 'completed' and off between -3600000000 and 3600000000) as on_time,
           count(*) filter (where status = 'completed' and off < -3600000000) as early,
           count(*) filter (where status = 'completed' and off > 3600000000) as late,
           count(*) filter (where status = 'completed' and off = 0) as exact,
           count(*) filter (where status = 'completed' and planned is not null and is_critical) as critical,
           count(*) filter (where status = 'completed' and is_critical
                              and off between -%(time_critical_minutes)s * 60000000
                                          and %(time_critical_minutes)s * 60000000) as critical_on_time,
           count(*) filter (where status = 'completed' and planned is null) as unplanned,
           count(*) filter (where status = 'repeated') as repeated,
           count(*) filter (where status = 'entered-in-error') as in_error,
           -- what was recorded long afterwards was loaded, and tells nothing of how long it takes
           count(*) filter (where status = 'completed' and planned is not null
                              and recorded - given > %(recorded_within_hours)s * 3600000000) as afterwards,
           count(*) filter (where status = 'completed' and recorded >= given
                              and recorded - given <= %(recorded_within_hours)s * 3600000000) as recorded_then,
           percentile_cont(0.5) within group (
               order by case when status = 'completed' and recorded >= given
                              and recorded - given <= %(recorded_within_hours)s * 3600000000
                             then recorded - given end
           ) / 60000000 as lag
      from counted group by grp, period
),
doses as (
    select a.grp as grp, p.period as period,
           -- one that nobody has answered is due when its window is over
           count(*) filter (where state in ('done', 'not-done')
                               or (state = 'open' and window_end <= %(cut)s)) as due,
           count(*) filter (where state = 'not-done') as omitted,
           count(*) filter (where state = 'paused') as away
      from figures.planned_dose d
      join asked a on a.unit = d.unit
      join periods p on p.day = d.planned_day
     where d.planned <= %(cut)s
     group by a.grp, p.period
)
select coalesce(a.grp, d.grp) as grp, coalesce(a.period, d.period) as period,
       coalesce(a.on_time, 0) as numerator, coalesce(a.completed, 0) as denominator,
       coalesce(a.on_time, 0) as le1b_n, coalesce(d.due, 0) as le1b_d,
       coalesce(d.omitted, 0) as omitted_n, coalesce(d.due, 0) as omitted_d,
       coalesce(a.early, 0) as early_n, coalesce(a.completed, 0) as early_d,
       coalesce(a.late, 0) as late_n, coalesce(a.completed, 0) as late_d,
       coalesce(a.exact, 0) as exact_n, coalesce(a.completed, 0) as exact_d,
       coalesce(a.critical_on_time, 0) as critical_n, coalesce(a.critical, 0) as critical_d,
       a.lag as lag, coalesce(a.recorded_then, 0) as lag_d,
       coalesce(a.afterwards, 0) as afterwards_n, coalesce(a.completed, 0) as afterwards_d,
       coalesce(a.unplanned, 0) as x_unplanned, coalesce(a.in_error, 0) as x_in_error,
       coalesce(a.repeated, 0) as x_repeated,
       coalesce(d.away, 0) as x_away
  from administrations a full join doses d on d.grp = a.grp and d.period = a.period
