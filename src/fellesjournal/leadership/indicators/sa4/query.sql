-- A summary is sent when its first delivery to a unit is queued. Asked for the other side: to that unit.
handed as (
    select d.stay as stay, v.delivery as delivery, v.receiver as receiver, v.sent as sent, v.sent_day as sent_day
      from figures.summary_document d
      join figures.delivery v on v.document = d.document
     where v.receiver is not null and v.sent <= %(cut)s
),
opened as (
    select delivery, min(came) as came, min(came_day) as came_day
      from figures.delivery_proof
     where state in ('opened', 'accepted') and came <= %(cut)s
     group by delivery
),
written as (
    select stay, max(case when status = 'amended' then 1 else 0 end) as amended
      from figures.summary where status in ('final', 'amended') group by stay
),
-- one row for a stay, or for each unit it was sent to
sides as (
    select a.grp as grp, s.stay as stay, s.why as why, s.ended as ended, s.unit as sender, h.receiver as receiver,
           h.delivery as delivery, h.sent as sent, h.sent_day as sent_day,
           case when %(side)s = 'to' then h.receiver else 0 end as at_end
      from stays s
      left join handed h on h.stay = s.stay
      join asked a on a.unit = case when %(side)s = 'to' then h.receiver else s.unit end
      left join home o on o.unit = s.unit
     where (%(side)s = 'from' or o.top is null or o.top <> a.top)
),
opening as (
    select x.grp as grp,
           count(*) as sent,
           count(*) filter (where o.came is not null and coalesce(read_on.turn - sent_on.turn, 99) <= 3) as opened,
           count(*) filter (where o.came is null and coalesce(today.turn - sent_on.turn, 99) <= 3) as waits,
           count(*) filter (where f.outside or t.outside) as outside
      from sides x
      left join opened o on o.delivery = x.delivery
      left join calendar sent_on on sent_on.day = x.sent_day
      left join calendar read_on on read_on.day = o.came_day
      left join calendar today on today.day = %(today)s
      left join figures.unit_system f on f.unit = x.sender
      left join figures.unit_system t on t.unit = x.receiver
     where x.why = 'in' and x.delivery is not null
     group by x.grp
),
each_stay as (
    select x.grp as grp, x.stay as stay, x.why as why, x.ended as ended, min(x.sent) as sent,
           max(coalesce(w.amended, 0)) as amended, max(case when w.stay is null then 0 else 1 end) as written
      from sides x left join written w on w.stay = x.stay
     group by x.grp, x.stay, x.at_end, x.why, x.ended
),
-- 24 hours are 86 400 000 000 microseconds
judged as (
    select grp, why, amended, written,
           case when sent <= ended + 86400000000 then 1 else 0 end as in_time,
           case when sent is null and ended + 86400000000 > %(cut)s then 1 else 0 end as waits
      from each_stay
),
discharges as (
    select grp,
           count(*) filter (where why = 'in' and in_time = 1) as in_time,
           count(*) filter (where why = 'in' and waits = 0) as due,
           count(*) filter (where why = 'in' and written = 1 and amended = 1) as amended,
           count(*) filter (where why = 'in' and written = 1) as written,
           count(*) filter (where why = 'in' and waits = 1) as waits,
           count(*) filter (where why = 'died') as died,
           count(*) filter (where why = 'moved') as moved,
           count(*) filter (where why = 'newborn') as newborn,
           count(*) filter (where why = 'blocked') as blocked
      from judged group by grp
)
select d.grp as grp, d.in_time as numerator, d.due as denominator,
       coalesce(o.opened, 0) as opened_n, coalesce(o.sent - o.waits, 0) as opened_d,
       d.amended as amended_n, d.written as amended_d,
       coalesce(o.sent - o.outside, 0) as coverage_n, coalesce(o.sent, 0) as coverage_d,
       d.waits as x_open, d.died as x_died, d.moved as x_moved, d.newborn as x_newborn, d.blocked as x_blocked
  from discharges d left join opening o on o.grp = d.grp
