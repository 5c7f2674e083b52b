#!/bin/bash
# Inside a box with MVTI's files and MariaDB: what docs/operating.md tells an operator to do once, up to a published snapshot of the bundled
# sample. Quick models: nobody here asks how good they are.
set -euo pipefail
export OPENBLAS_NUM_THREADS=1
share=/usr/share/mvti sample=/usr/share/mvti/sql/sample

jobs() {
    echo "-- mvti $*"
    runuser -u mvti_jobs -- mvti --quiet --set db_user=mvti_jobs "$@"
}

systemd-sysusers
systemd-tmpfiles --create
systemctl daemon-reload
mvti key /etc/mvti/session.key
sed -i 's/^secure_cookies = .*/secure_cookies = 0/' /etc/mvti/mvti.conf
systemctl start mariadb
for account in worker jobs analyst admin; do
    echo "CREATE USER mvti_$account@localhost IDENTIFIED VIA unix_socket;"
done | mariadb
mariadb <$share/sql/database.sql
jobs migrate
mariadb mvti <$share/sql/grants.sql
mariadb mvti <$share/sql/grants_admin.sql
jobs import movies $sample/movies.csv
jobs import characters $sample/characters.csv
jobs import plots $sample/plots.csv
jobs simulate audience --movies $sample/movies.csv --tastes $sample/tastes.csv --out /var/lib/mvti/simulated.csv
jobs import ratings --simulated /var/lib/mvti/simulated.csv
rm /var/lib/mvti/simulated.csv
jobs dataset build
jobs train bts
jobs train blend --set lightgcn++.epochs=1
jobs train popularity
jobs publish
