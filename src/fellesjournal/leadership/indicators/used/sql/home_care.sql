acts(patient, day, is_over, has_times, amount) as (
 select v.patient, v.began_day, v.status = 'finished',
        v.ended > v.began and v.ended - v.began <= 86400000000, v.ended - v.began
   from figures.home_visit v
  where v.began_day between %(start)s::date and %(last)s::date
)
