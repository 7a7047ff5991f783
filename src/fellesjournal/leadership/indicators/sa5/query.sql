-- What a dose comes to in 5040 weeks: whole numbers, for a quotient may differ in its last digits. One that no
-- number can be given for is not clear: such a prescription is the same as itself alone.
dose as (
    select prescription, min(unit) as unit, sum(case when clear = 1 then amount else 0 end) as amount,
           case when min(clear) = 1 and min(unit) = max(unit) then 1 else 0 end as clear
      from (select prescription, unit,
                   dose * (times * case when period = 'h' then 168 when period = 'd' then 7 else 1 end
                           * case when every = 1 then 5040 when every = 2 then 2520 when every = 3 then 1680
                                  when every = 4 then 1260 when every = 6 then 840 when every = 7 then 720
                                  when every = 8 then 630 when every = 12 then 420 else 210 end) as amount,
                   case when needed = false and dose is not null and times is not null and unit is not null
                             and period in ('h', 'd', 'wk') and every in (1, 2, 3, 4, 6, 7, 8, 12, 24)
                        then 1 else 0 end as clear
              from figures.prescribed_dose) parts
     group by prescription
),
line as (
    select m.patient as patient, m.written as written, m.changed as changed,
           case when m.status in ('active', 'on-hold') then null else coalesce(m.gone, m.changed) end as goes,
           case when m.status in ('active', 'on-hold') or m.gone is not null then 1 else 0 end as dated,
           case when m.signed then 1 else 0 end as signed, case when m.left_signed then 1 else 0 end as left_signed,
           case when d.clear = 1 then coalesce(m.atc, '') else '' end as atc,
           case when d.clear = 1 then coalesce(m.item, '') else '' end as item,
           case when d.clear = 1 then d.unit else '' end as unit,
           case when d.clear = 1 then d.amount else 0 end as amount,
           case when d.clear = 1 and m.atc is not null and m.item is not null then 0 else m.prescription end as own
      from figures.prescribed m left join dose d on d.prescription = m.prescription
     where m.written is not null and m.written <= %(cut)s
),
-- 72 hours are 259 200 000 000 microseconds
at_both as (
    select s.stay as stay, l.atc as atc, l.item as item, l.unit as unit, l.amount as amount, l.own as own,
           l.signed as signed, l.left_signed as left_signed,
           case when l.dated = 0 and l.changed > s.ended then 1 else 0 end as undated,
           case when l.written <= s.ended and (l.goes is null or l.goes > s.ended) then 1 else 0 end as in_a,
           case when l.goes is null or l.goes > s.ended + 259200000000 then 1 else 0 end as in_b
      from stays s
      join line l on l.patient = s.patient and l.written <= s.ended + 259200000000
),
compared as (
    select stay, own, max(in_a) as in_a, max(in_b) as in_b, max(undated) as undated,
           coalesce(min(signed) filter (where in_b = 1), 1) as came_signed,
           coalesce(min(left_signed) filter (where in_a = 1), 1) as left_signed
      from at_both group by stay, atc, item, unit, amount, own
),
lists as (
    select stay, max(undated) as undated,
           count(*) filter (where in_a = 1 and in_b = 1) as both_of,
           count(*) filter (where in_a = 1 or in_b = 1) as either_of,
           count(*) filter (where (in_a = 1 or in_b = 1) and own <> 0) as unclear,
           count(*) filter (where (in_a = 1 and in_b = 0 and left_signed = 0)
                                  or (in_a = 0 and in_b = 1 and came_signed = 0)) as unsigned
      from compared group by stay
),
kept as (select distinct patient from figures.medication_list where patient is not null),
told_of as (select distinct patient from figures.reported_medicine where patient is not null),
each_stay as (
    select e.grp as grp, e.stay as stay, min(e.inside) as inside,
           case when e.why <> 'in' then e.why
                when p.died <= e.ended + 259200000000 then 'died'
                when e.ended + 259200000000 > %(cut)s then 'open'
                when min(e.inside) = 0 then 'outside'
                when k.patient is null then 'unlisted'
                when l.undated = 1 then 'undated'
                else 'in' end as why,
           case when coalesce(l.unsigned, 0) = 0 then 1 else 0 end as agreed,
           case when coalesce(l.unclear, 0) = 0 and t.patient is null then 1 else 0 end as complete,
           case when coalesce(l.either_of, 0) = 0 then 1.0 else l.both_of * 1.0 / l.either_of end as likeness
      from ends e
      left join figures.person p on p.patient = e.patient
      left join lists l on l.stay = e.stay
      left join kept k on k.patient = e.patient
      left join told_of t on t.patient = e.patient
     group by e.grp, e.stay, e.at_end, e.why, e.ended, p.died, k.patient, t.patient, l.undated, l.unsigned,
              l.unclear, l.both_of, l.either_of
)
select grp,
       count(*) filter (where why = 'in' and agreed = 1) as numerator,
       count(*) filter (where why = 'in') as denominator,
       -- not the mean: with the number of discharges that would tell how many small ones there are
       percentile_cont(0.5) within group (order by likeness) filter (where why = 'in') as likeness,
       count(*) filter (where why = 'in' and complete = 1) as complete_n,
       count(*) filter (where why = 'in') as complete_d,
       count(*) filter (where why in ('in', 'unlisted', 'undated')) as coverage_n,
       count(*) filter (where why in ('in', 'unlisted', 'undated', 'outside')) as coverage_d,
       count(*) filter (where why = 'open') as x_open,
       count(*) filter (where why = 'died') as x_died,
       count(*) filter (where why = 'moved') as x_moved,
       count(*) filter (where why = 'newborn') as x_newborn,
       count(*) filter (where why = 'blocked') as x_blocked,
       count(*) filter (where why = 'outside') as x_outside,
       count(*) filter (where why = 'unlisted') as x_unlisted,
       count(*) filter (where why = 'undated') as x_undated
  from each_stay group by grp
