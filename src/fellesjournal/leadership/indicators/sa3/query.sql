-- Nights (midnights) from ready to discharge, by the municipality where she lives, of each thousand who live
-- there; as if ages and sexes were there as they are among all people known here.
living as (
    select patient, place, coalesce(gender, '') as gender,
           case when (extract(year from %(start)s) * 10000 + extract(month from %(start)s) * 100
                      + extract(day from %(start)s))
                     - (extract(year from born) * 10000 + extract(month from born) * 100 + extract(day from born))
                     >= 800000 then 3
                when (extract(year from %(start)s) * 10000 + extract(month from %(start)s) * 100
                      + extract(day from %(start)s))
                     - (extract(year from born) * 10000 + extract(month from born) * 100 + extract(day from born))
                     >= 670000 then 2
                else 1 end as band,
           case when dead or (died is not null and died <= %(cut)s) then 0 else 1 end as lives
      from figures.person
     where place is not null and born is not null
),
standard as (
    select band, gender, count(*) as n from living where lives = 1 group by band, gender
),
weights as (
    select band, gender, n * 1.0 / sum(n) over () as weight from standard
),
places as (
    select distinct a.grp as grp, u.place as place
      from asked a join figures.unit_system u on u.unit = a.unit
     where u.place is not null
),
people as (
    select p.grp as grp, l.band as band, l.gender as gender, count(*) as n
      from places p join living l on l.place = p.place and l.lives = 1
     group by p.grp, l.band, l.gender
),
said as (
    select stay, event, since_day, row_number() over (partition by stay order by said desc, event desc) as turn
      from figures.stay_said where said <= %(cut)s
),
waits as (
    select p.grp as grp, l.band as band, l.gender as gender, s.why as why,
           case when r.stay is null then 0 else 1 end as is_known,
           case when s.ended_day > r.since_day then s.ended_day - r.since_day else 0 end as nights
      from stays s
      join living l on l.patient = s.patient
      join places p on p.place = l.place
      left join said r on r.stay = s.stay and r.turn = 1 and r.event = '3'
),
strata as (
    select grp, band, gender, sum(nights) as nights, count(*) as stays
      from waits where why = 'in' and is_known = 1 group by grp, band, gender
),
rates as (
    select p.grp as grp, sum(coalesce(c.stays, 0)) as stays, sum(coalesce(c.nights, 0)) as nights, sum(p.n) as n,
           sum(w.weight * coalesce(c.nights, 0) / p.n) / sum(w.weight) as rate
      from people p
      join weights w on w.band = p.band and w.gender = p.gender
      left join strata c on c.grp = p.grp and c.band = p.band and c.gender = p.gender
     group by p.grp
),
beside as (
    select grp, count(*) filter (where why = 'in' and is_known = 1) as known,
           count(*) filter (where why = 'in') as all_of,
           count(*) filter (where why = 'died') as died,
           count(*) filter (where why = 'moved') as moved,
           count(*) filter (where why = 'newborn') as newborn,
           count(*) filter (where why = 'blocked') as blocked
      from waits group by grp
)
select r.grp as grp, r.stays as denominator, 1000 * r.rate as value,
       1000.0 * r.nights / r.n as crude,
       coalesce(b.known, 0) as complete_n, coalesce(b.all_of, 0) as complete_d,
       coalesce(b.died, 0) as x_died, coalesce(b.moved, 0) as x_moved,
       coalesce(b.newborn, 0) as x_newborn, coalesce(b.blocked, 0) as x_blocked
  from rates r left join beside b on b.grp = r.grp
