acts(patient, day, is_over, has_times, amount) as (
 select c.patient, c.began_day, c.status = 'finished', true, 1::bigint
   from figures.contact c
  where c.began_day between %(start)s::date and %(last)s::date
    and exists (select from figures.unit_kind k where k.unit = c.unit and k.kind = any(%(kinds)s))
)
