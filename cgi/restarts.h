/* The pause of a worker after others have ended soon, so that one that cannot live does not keep the machine busy, and is never given up.
 *
 * systemd restarts a worker whatever ended it (Restart=always, StartLimitIntervalSec=0), after the same time each time; growing times
 * (RestartSteps=) came with its version 254, and Debian 12 has 252. So a worker counts: in a file in memory that systemd keeps for the next
 * one (FileDescriptorStoreMax=; sd_pid_notify_with_fds(3), FDSTORE=1). Without systemd, or where nothing can be kept, nobody pauses. */
#ifndef MVTI_CGI_RESTARTS_H
#define MVTI_CGI_RESTARTS_H

/* How the kept file is called among the descriptors that systemd hands over (sd_listen_fds_with_names(3)). */
#define RESTARTS_NAME "restarts"

/* Counts this start, in the file `kept` or, where that is −1, in a new one, which systemd is asked to keep; then waits, and says how
 * many seconds. Closes kept. Never fails. */
double restarts_begin(int kept);

#endif
