-- A question counts on the day it was asked, at the unit that owes the answer: once it is answered, or
-- once the day it was promised for is over.
owed as (
    select a.grp as grp, o.ended as ended, o.due as due, o.ended - o.asked as took,
           case when o.status = 'completed' and o.ended is not null and o.ended <= %(cut)s
                then 1 else 0 end as is_ended,
           case when o.status = 'completed' and o.ended is null then 1 else 0 end as is_undated
      from figures.answer_owed o
      join asked a on a.unit = o.unit
     where o.asked_day >= %(start)s and o.asked_day < %(end)s and o.asked <= %(cut)s
),
judged as (
    select grp, took, is_ended,
           case when is_ended = 1 and ended <= due then 1 else 0 end as in_time
      from owed where is_undated = 0 and (is_ended = 1 or due <= %(cut)s)
),
answered as (
    select grp, count(*) as n, sum(in_time) as in_time, count(*) - sum(is_ended) as unanswered,
           percentile_cont(0.5) within group (order by case when is_ended = 1 then took end)
               / 3600000000 as hours
      from judged group by grp
),
beside as (
    select grp, sum(is_undated) as undated,
           sum(case when is_undated = 0 and is_ended = 0 and due > %(cut)s then 1 else 0 end) as waiting
      from owed group by grp
)
select b.grp as grp,
       coalesce(a.in_time, 0) as numerator, coalesce(a.n, 0) as denominator,
       coalesce(a.unanswered, 0) as unanswered_n, coalesce(a.n, 0) as unanswered_d,
       a.hours as hours,
       b.waiting as x_waiting, b.undated as x_undated
  from beside b left join answered a on a.grp = b.grp
