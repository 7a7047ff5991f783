-- What the run-time role may do with the counts of HelsaMi.
grant select, insert, delete on figures.portal_user, figures.portal_active, figures.portal_represented,
   figures.portal_function to fellesjournal_app;
grant select, insert, update on figures.portal_counted, figures.portal_function_counted to fellesjournal_app;
