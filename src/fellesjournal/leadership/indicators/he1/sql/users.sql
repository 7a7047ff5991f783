-- New users by the municipality they lived in when they began, and the week.
select u.municipality as municipality, u.began_week as week, count(*) as users
  from figures.portal_user u
 where u.began_week <= %(last)s
 group by u.municipality, u.began_week
