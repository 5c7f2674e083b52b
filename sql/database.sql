-- Once, by the administrator, before the first `mvti migrate`. Create the three accounts first, with a password
-- or with socket authentication (MariaDB: IDENTIFIED VIA unix_socket; MySQL: IDENTIFIED WITH auth_socket), for
-- instance, with accounts named like the system's users:
--   CREATE USER mvti_worker@localhost IDENTIFIED VIA unix_socket;
--   CREATE USER mvti_jobs@localhost IDENTIFIED VIA unix_socket;
--   CREATE USER mvti_analyst@localhost IDENTIFIED BY '…';

CREATE DATABASE IF NOT EXISTS mvti DEFAULT CHARACTER SET utf8mb4;

-- Jobs own the schema and the catalog, and may not hand on rights.
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW
    ON mvti.* TO mvti_jobs@localhost;
