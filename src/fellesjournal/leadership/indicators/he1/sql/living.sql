-- Users who live now, by where they live now, their age today, and the week they began in.
select coalesce(r.municipality, '') as municipality,
       case when r.born <= %(from_80)s then 80 when r.born <= %(from_67)s then 67
            when r.born <= %(from_45)s then 45 when r.born <= %(from_25)s then 25
            when r.born <= %(from_16)s then 16 when r.born is null then -1 else 0 end as age,
       u.began_week as week, count(*) as users
  from figures.portal_user u
  join figures.resident r on r.person = u.patient
 where r.died is null and not coalesce(r.is_dead, false) and coalesce(r.is_active, true)
   and u.began_week <= %(last)s
 group by 1, 2, 3
