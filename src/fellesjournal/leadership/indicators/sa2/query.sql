-- The first notice to each unit that she is ready; the answer is the first document from there to
-- the ward within 30 days (2 592 000 000 000 microseconds): what comes later is of something else.
blocked as (
    select distinct patient from figures.privacy where status = 'active' and patient is not null
),
notices as (
    select stay, patient, sender, receiver, min(sent) as sent, min(sent_day) as sent_day
      from figures.stay_notice
     where event = '3' and sent <= %(cut)s and receiver is not null
     group by stay, patient, sender, receiver
),
at_side as (
    select a.grp as grp, n.stay as stay, n.patient as patient, n.sender as sender,
           n.receiver as receiver, n.sent as sent, n.sent_day as sent_day,
           case when f.outside or t.outside then 0 else 1 end as inside,
           case when b.patient is null then 0 else 1 end as is_blocked
      from notices n
      join asked a on a.unit = case when %(side)s = 'to' then n.receiver else n.sender end
      left join figures.unit_system f on f.unit = n.sender
      left join figures.unit_system t on t.unit = n.receiver
      left join blocked b on b.patient = n.patient
      left join home h on h.unit = n.sender
     where n.sent_day >= %(start)s and n.sent_day < %(end)s
       and (%(side)s = 'from' or h.top is null or h.top <> a.top)
),
answers as (
    select n.grp as grp, n.stay as stay, n.receiver as receiver, n.sent as sent, n.sent_day as sent_day,
           n.inside as inside, n.is_blocked as is_blocked, min(d.sent) as answered
      from at_side n
      left join figures.delivery d on d.sender = n.receiver and d.receiver = n.sender
       and d.patient = n.patient and d.sent >= n.sent and d.sent <= %(cut)s
       and d.sent - n.sent <= 2592000000000
       and d.kind in ('letter', 'services-offered', 'health-information', 'admission-report')
     group by n.grp, n.stay, n.receiver, n.sent, n.sent_day, n.inside, n.is_blocked
),
-- the clock runs in the agreed hours alone: what of them lies between notice and answer
clocked as (
    select n.grp as grp, n.stay as stay, n.receiver as receiver, n.inside as inside,
           n.is_blocked as is_blocked, n.answered as answered,
           coalesce(sum((case when c.closes < n.answered then c.closes else n.answered end)
                        - (case when c.opens > n.sent then c.opens else n.sent end))
                        filter (where c.opens is not null), 0) as waited
      from answers n
      left join calendar c on c.opens < n.answered and c.closes > n.sent
     group by n.grp, n.stay, n.receiver, n.inside, n.is_blocked, n.answered
),
counted as (
    select grp, waited,
           row_number() over (partition by grp order by waited, stay, receiver) as turn,
           count(*) over (partition by grp) as many
      from clocked where answered is not null and inside = 1 and is_blocked = 0
),
ranked as (
    select grp, count(*) as answered,
           percentile_cont(0.5) within group (order by waited) / 60000000 as median,
           min(case when turn * 10 >= many * 9 then waited end) / 60000000.0 as p90,
           count(*) filter (where waited <= %(answer_within)s * 60000000) as in_limit
      from counted group by grp
),
asked_for as (
    select grp, count(*) filter (where is_blocked = 0) as notices,
           count(*) filter (where is_blocked = 0 and inside = 1) as inside,
           count(*) filter (where is_blocked = 1) as blocked,
           count(*) filter (where is_blocked = 0 and inside = 0) as outside
      from clocked group by grp
)
select f.grp as grp, r.median as value, coalesce(r.answered, 0) as denominator,
       r.p90 as p90,
       coalesce(r.in_limit, 0) as within_n, coalesce(r.answered, 0) as within_d,
       coalesce(r.answered, 0) as answered_n, f.inside as answered_d,
       f.inside as coverage_n, f.notices as coverage_d,
       f.blocked as x_blocked, f.outside as x_outside,
       f.inside - coalesce(r.answered, 0) as x_unanswered
  from asked_for f left join ranked r on r.grp = f.grp
