-- The contacts of the period: by whom they count for, or why they do not.
, told as (
 select a.patient, a.amount, p.place, p.sex, p.ages,
        case when not a.is_over then 'not-over'
             when not coalesce(a.has_times, false) then 'no-time'
             when p.patient is null then 'unknown-person'
             when p.place is null then 'elsewhere'
             when a.day not between p.first_day and p.last_day then 'not-alive'
             when a.amount = 0 then 'no-night'
             else '' end as why
   from acts a
   left join people p on p.patient = a.patient
)
select why, case when why = '' then place end, case when why = '' then sex end,
       case when why = '' then ages end, count(distinct patient), count(*), coalesce(sum(amount), 0)
  from told
 group by 1, 2, 3, 4
