-- Whose age, sex and life are known, with the days of the period that she lived; her age is that of the
-- last day, which she would have had if she has died.
people(patient, place, sex, ages, first_day, last_day) as (
 select p.patient, case when r.municipality = any(%(places)s) then r.municipality end, p.gender,
        width_bucket(extract(year from age(%(last)s::date, p.born))::int, %(ages_from)s::int[]),
        greatest(p.born, %(start)s::date), least(coalesce(p.died_day, %(last)s::date), %(last)s::date)
   from figures.person p
   join figures.resident r on r.person = p.patient
  where p.born <= %(last)s::date and p.gender in ('female', 'male') and coalesce(r.is_active, true)
    and (p.died_day is not null or not coalesce(p.dead, false))
)
