at_ends as (
    select f.grp as sender, t.grp as receiver, j.closed as closed, j.due as due, j.silent as silent,
           j.told_by_now as told_by_now, j.inside as inside
      from judged j
      join asked f on f.unit = j.sender
      join asked t on t.unit = j.receiver
     where j.is_blocked = 0
)
select sender, receiver,
       count(*) filter (where due = 1 and closed = 1) as closed_n, count(*) filter (where due = 1) as closed_d,
       count(*) filter (where told_by_now = 1 and silent = 1) as silent_n,
       count(*) filter (where told_by_now = 1) as silent_d,
       count(*) filter (where inside = 1) as coverage_n, count(*) as coverage_d
  from at_ends group by sender, receiver
