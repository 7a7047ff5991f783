-- Documents from one unit to another that were sent in the period, with their evidence. Microseconds: 24
-- hours are 86 400 000 000, 72 hours 259 200 000 000, 15 minutes 900 000 000.
blocked as (
    select distinct patient from figures.privacy where status = 'active' and patient is not null
),
proofs as (
    select delivery,
           min(case when state in ('transport-acked', 'delivered', 'opened', 'accepted', 'accepted-with-errors')
                    then came end) as receipt,
           min(case when state in ('opened', 'accepted') then came end) as handled,
           max(case when state in ('rejected', 'returned') then 1 else 0 end) as refused
      from figures.delivery_proof where came <= %(cut)s group by delivery
),
found as (
    select delivery, min(found) as found from figures.delivery_taken_up where found <= %(cut)s group by delivery
),
sent as (
    select d.delivery as delivery, d.sender as sender, d.receiver as receiver, d.sent as sent,
           case when d.priority = 'urgent' then 86400000000 else 259200000000 end as patience,
           p.receipt as receipt, p.handled as handled, coalesce(p.refused, 0) as refused, f.found as found,
           case when b.patient is null then 0 else 1 end as is_blocked,
           case when x.outside or y.outside then 0 else 1 end as inside,
           row_number() over (partition by d.document, d.receiver order by d.sent, d.delivery) as turn
      from figures.delivery d
      left join proofs p on p.delivery = d.delivery
      left join found f on f.delivery = d.delivery
      left join blocked b on b.patient = d.patient
      left join figures.unit_system x on x.unit = d.sender
      left join figures.unit_system y on y.unit = d.receiver
     where d.receiver is not null and d.sender is not null
       and d.sent_day >= %(start)s and d.sent_day < %(end)s and d.sent <= %(cut)s
),
judged as (
    select delivery, sender, receiver, sent, inside, is_blocked, turn, found,
           case when refused = 0 and receipt is not null and handled - sent <= patience then 1 else 0 end as closed,
           case when sent + patience <= %(cut)s or handled is not null or refused = 1 then 1 else 0 end as due,
           case when receipt is null or receipt - sent > 900000000 then 1 else 0 end as silent,
           case when receipt is not null or sent + 900000000 <= %(cut)s then 1 else 0 end as told_by_now
      from sent
),
