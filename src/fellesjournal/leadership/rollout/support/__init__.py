"""Reports of problems: from a button on every page to whoever helps, and back with an answer.

Each is a document (``leadership/documents``) that anybody who is signed in may begin; what is asked of
them all, who answers and how fast, is asked of typed columns that follow the newest version
(sql/tickets.sql). Nothing about a patient belongs in them: the page is known by the name of its route.
"""
