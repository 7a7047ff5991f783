at_side as (
    select a.grp as grp, j.closed as closed, j.due as due, j.silent as silent, j.told_by_now as told_by_now,
           j.turn as turn, j.inside as inside, j.is_blocked as is_blocked, j.sent as sent, j.found as found
      from judged j join asked a on a.unit = case when %(side)s = 'to' then j.receiver else j.sender end
      left join home h on h.unit = j.sender
     where (%(side)s = 'from' or h.top is null or h.top <> a.top)
)
select grp,
       count(*) filter (where is_blocked = 0 and due = 1 and closed = 1) as numerator,
       count(*) filter (where is_blocked = 0 and due = 1) as denominator,
       count(*) filter (where is_blocked = 0 and told_by_now = 1 and silent = 1) as silent_n,
       count(*) filter (where is_blocked = 0 and told_by_now = 1) as silent_d,
       percentile_cont(0.5) within group (
           order by case when is_blocked = 0 and silent = 1 then found - sent end) / 60000000 as detected,
       count(*) filter (where is_blocked = 0 and turn > 1) as again_n,
       count(*) filter (where is_blocked = 0) as again_d,
       count(*) filter (where is_blocked = 0 and inside = 1) as coverage_n,
       count(*) filter (where is_blocked = 0) as coverage_d,
       count(*) filter (where is_blocked = 0 and due = 0) as x_open,
       count(*) filter (where is_blocked = 1) as x_blocked
  from at_side group by grp
