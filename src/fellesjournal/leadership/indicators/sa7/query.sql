-- A referral counts on the day its office had it. It is returned when the office has asked who referred.
blocked as (
    select distinct patient from figures.privacy where status = 'active' and patient is not null
),
offices as (
    select referral, min(owner) as owner from figures.referral_work where kind = 'referral' group by referral
),
returned as (
    select distinct referral from figures.referral_work
     where kind = 'referral-question' and asked <= %(cut)s and referral is not null
),
told as (
    select referral, min(told_day) as told_day,
           max(case when topic = 'referral-rejected' then 1 else 0 end) as rejected
      from figures.referral_notice
     where topic in ('referral-accepted', 'referral-rejected') and receiver is not null and told <= %(cut)s
     group by referral
),
received as (
    select a.grp as grp,
           case when q.referral is null then 0 else 1 end as returned,
           case when b.patient is null then 0 else 1 end as is_blocked,
           case when t.told_day - r.received_day <= 14 then 1 else 0 end as told_in_time,
           case when t.referral is not null or r.received_day + 14 < %(today)s then 1 else 0 end as told_due,
           coalesce(t.rejected, 0) as rejected,
           case when f.outside or y.outside then 0 else 1 end as inside
      from figures.referral r
      left join offices o on o.referral = r.referral
      join asked a on a.unit = case when %(side)s = 'to' then o.owner else r.sender end
      left join returned q on q.referral = r.referral
      left join told t on t.referral = r.referral
      left join blocked b on b.patient = r.patient
      left join figures.unit_system f on f.unit = r.sender
      left join figures.unit_system y on y.unit = o.owner
      left join home h on h.unit = r.sender
     where (%(side)s = 'from' or h.top is null or h.top <> a.top)
       and r.status in ('active', 'completed', 'revoked', 'on-hold')
       and r.received_day >= %(start)s and r.received_day < %(end)s and r.received <= %(cut)s
)
select grp,
       count(*) filter (where is_blocked = 0 and returned = 0) as numerator,
       count(*) filter (where is_blocked = 0) as denominator,
       count(*) filter (where is_blocked = 0 and told_due = 1 and told_in_time = 1) as told_n,
       count(*) filter (where is_blocked = 0 and told_due = 1) as told_d,
       count(*) filter (where is_blocked = 0 and rejected = 1) as rejected_n,
       count(*) filter (where is_blocked = 0) as rejected_d,
       count(*) filter (where is_blocked = 0 and inside = 1) as coverage_n,
       count(*) filter (where is_blocked = 0) as coverage_d,
       count(*) filter (where is_blocked = 1) as x_blocked
  from received group by grp
