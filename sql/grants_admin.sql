-- By the administrator, only where the owner's console is used, after grants.sql. Create its account first, as those of database.sql:
--   CREATE USER mvti_admin@localhost IDENTIFIED VIA unix_socket;
-- It reads what there is, and writes what was done in the console. Runs again without harm.
GRANT SELECT ON mvti.* TO mvti_admin@localhost;
GRANT INSERT ON mvti.admin_action TO mvti_admin@localhost;
GRANT UPDATE (console_seen_at) ON mvti.session TO mvti_admin@localhost;
