-- Stays that ended in the period. Why says who is in the population: residents who went home or to a
-- municipal service. Somebody who was born during the stay is taken to be a healthy newborn.
blocked as (
    select distinct patient from figures.privacy where status = 'active' and patient is not null
),
stays as (
    select s.stay as stay, s.patient as patient, s.unit as unit, s.began as began,
           s.began_day as began_day, s.ended as ended, s.ended_day as ended_day, s.destination as destination, p.born as born, p.gender as gender,
           case when s.destination = 'exp' or (p.died is not null and p.died <= s.ended) then 'died'
                when s.destination = 'other-hcf' or s.moved then 'moved'
                when p.born >= s.began_day then 'newborn'
                when b.patient is not null then 'blocked'
                else 'in' end as why
      from figures.stay s
      left join figures.person p on p.patient = s.patient
      left join blocked b on b.patient = s.patient
     where s.status = 'finished' and s.ended_day >= %(start)s and s.ended_day < %(end)s and s.ended <= %(cut)s
),
-- The municipal units a stay is handed over to: those that give her a service, and those that were told
-- that she is ready. An outside system that was told of the admission alone is not known to have a need.
receivers as (
    select s.stay as stay, m.unit as receiver
      from stays s
      join figures.municipal_service m on m.patient = s.patient
     where m.unit is not null and m.status in ('planned', 'active', 'onhold', 'finished')
       and m.starts_day <= s.ended_day and (m.ends is null or m.ends_day >= s.began_day)
    union
    select s.stay as stay, n.receiver as receiver
      from stays s
      join figures.stay_notice n on n.stay = s.stay
     where n.event = '3' and n.receiver is not null and n.sent <= %(cut)s
),
-- Each handover at the side that is asked for, and whether one of its ends uses another system. A stay
-- counts once for who sends, and once for each unit (at_end) that receives: units add up at either side.
-- What goes within an organisation does not come to it: the two sides have nothing in common.
ends as (
    select a.grp as grp, s.stay as stay, s.patient as patient, r.receiver as receiver, s.unit as sender,
           s.began as began, s.ended as ended, s.destination as destination, s.why as why,
           case when %(side)s = 'to' then r.receiver else 0 end as at_end,
           case when f.outside or t.outside then 0 else 1 end as inside
      from receivers r
      join stays s on s.stay = r.stay
      join asked a on a.unit = case when %(side)s = 'to' then r.receiver else s.unit end
      left join figures.unit_system f on f.unit = s.unit
      left join figures.unit_system t on t.unit = r.receiver
      left join home h on h.unit = s.unit
     where (%(side)s = 'from' or h.top is null or h.top <> a.top)
),
