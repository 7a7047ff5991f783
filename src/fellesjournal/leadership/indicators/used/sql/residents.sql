-- Those who lived a day of the period or more: how many, and their days.
select place, sex, ages, count(*), sum(last_day - first_day + 1)
  from people
 where place is not null and first_day <= last_day
 group by place, sex, ages
