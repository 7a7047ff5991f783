acts(patient, day, is_over, has_times, amount) as (
 select s.patient, s.ended_day, s.status = 'finished', s.ended_day >= s.began_day,
        (s.ended_day - s.began_day)::bigint
   from figures.stay s
  where coalesce(s.ended_day, s.began_day) between %(start)s::date and %(last)s::date
)
